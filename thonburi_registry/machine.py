"""What a bare machine needs before the registry can run on it: Python's packages and a few of the system's.

Called by the Makefile with whatever Python there is, before anything is installed; so only the standard library is
used. What cannot be done is said in one line.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"


class MachineNotReady(Exception):
    """Something is missing that this program cannot provide; the message is one sentence."""


@dataclass(frozen=True)
class SystemPackage:
    """A Debian package, and the programs or libraries of which any one shows that it (or its like) is there."""

    name: str
    programs: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether one of them is found."""
        return any(map(shutil.which, self.programs)) or any(map(find_library, self.libraries))


# What sets PDFs. Without them papers are printed from the browser, so a machine may lack them.
FOR_PAPERS = (
    SystemPackage("libpango-1.0-0", libraries=("pango-1.0",)),
    SystemPackage("libpangoft2-1.0-0", libraries=("pangoft2-1.0",)),
    SystemPackage("libharfbuzz-subset0", libraries=("harfbuzz-subset",)),
)
FOR_TESTS = (
    *FOR_PAPERS,
    SystemPackage("chromium", ("chromium", "chromium-browser", "google-chrome")),
    SystemPackage("libreoffice-calc", ("localc",)),
)


def prepare_to_run() -> None:
    """Provide what the office needs."""
    _provide_if_possible(FOR_PAPERS)
    make_environment()
    install_packages(PROJECT / "requirements.txt")


def prepare_to_test() -> None:
    """Provide what the office and the workshop need."""
    install_system_packages(FOR_TESTS)
    prepare_to_run()
    install_packages(PROJECT / "requirements-dev.txt")


def make_environment() -> None:
    """Make the virtual environment in ``.venv`` unless it is there and its Python still works."""
    python = ENVIRONMENT / "bin" / "python"
    if python.exists() and _succeeds([python, "-m", "pip", "--version"]):
        return
    print("Making the environment in .venv")
    make: list[str | Path] = [sys.executable, "-m", "venv", "--clear", ENVIRONMENT]
    if not _succeeds(make) and not (_apt_install(["python3-venv"]) and _succeeds(make)):
        raise MachineNotReady("Python's venv module is missing: install it (apt-get install python3-venv).")


def install_packages(lock: Path) -> None:
    """Install what a hash-pinned lock names; the stamp of the last time makes a second call cost nothing."""
    stamp = ENVIRONMENT / f"{lock.name}.installed"
    present = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == present:
        return
    print(f"Installing the packages of {lock.name}")
    python = ENVIRONMENT / "bin" / "python"
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([python, "-m", "pip", "install", *quiet, "--require-hashes", "-r", lock]).returncode:
        raise MachineNotReady(f"The packages of {lock.name} could not be installed; pip's reason stands above.")
    stamp.write_text(present)


def install_system_packages(packages: Iterable[SystemPackage]) -> None:
    """Install the system packages that are missing, or say which."""
    missing = [package.name for package in packages if not package.is_there]
    if missing and not _apt_install(missing):
        raise MachineNotReady(f"Missing on this machine, for its administrator: apt-get install {' '.join(missing)}")


def _provide_if_possible(packages: Iterable[SystemPackage]) -> None:
    """Install the system packages that are missing; where that cannot be done, say what they are for and go on."""
    missing = [package.name for package in packages if not package.is_there]
    if missing and not _apt_install(missing):
        print(f"Papers will be printed from the browser; for PDFs: apt-get install {' '.join(missing)}")


def refuse_taken_port(port: int) -> None:
    """Stop before any work if the site could not be served in the end."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError as problem:
            raise MachineNotReady(
                f"Port {port} cannot be used ({problem.strerror}): choose another with make run PORT={port + 1}"
            ) from problem


def _apt_install(packages: list[str]) -> bool:
    """Install Debian packages if we may; returns whether they are installed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {' '.join(packages)} with apt-get")
    apt = ["apt-get", "--quiet", "--quiet", "-o", "DPkg::Lock::Timeout=120"]
    _succeeds([*apt, "update"])
    return _succeeds([*apt, "install", "--yes", "--no-install-recommends", *packages])


def _succeeds(command: list[str | Path]) -> bool:
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    return result.returncode == 0


def main(arguments: list[str]) -> int:
    """Obey ``run``, ``test`` or ``port NUMBER`` from the Makefile; returns the exit status."""
    try:
        match arguments:
            case ["run"]:
                prepare_to_run()
            case ["test"]:
                prepare_to_test()
            case ["port", number]:
                refuse_taken_port(int(number))
            case _:
                raise MachineNotReady(f"Unknown order: {' '.join(arguments)}")
    except MachineNotReady as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
