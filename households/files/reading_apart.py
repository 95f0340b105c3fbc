"""Reading an old .xls in a process of its own, whose memory and time are bounded.

A damaged .xls can make its readers reserve all the memory there is, or never end, and take their process with them; it
is not made of parts that could be looked at before. So the project runs this file as a program: it reads a workbook
from its input and writes its sheets to its output. It imports nothing of Django, so that it starts at once.
"""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
from pathlib import Path

from households.files.raw_sheets import Bounds, RawBook, Unreadable
from households.files.sheet_reading import read_old_excel

_PROJECT = Path(__file__).parents[2]


def read_apart(data: bytes, bounds: Bounds, *, memory: int, seconds: int) -> RawBook:
    """What `sheet_reading.read_old_excel` returns, if it takes no more than those bytes of memory and seconds.

    Raises `Unreadable`; a reader that ends in any other way met a damaged file.
    """
    try:
        finished = subprocess.run(
            [sys.executable, "-s", "-m", "households.files.reading_apart"],
            input=pickle.dumps((data, bounds, memory)),
            cwd=_PROJECT,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise Unreadable("zip_bomb") from problem
    if finished.returncode:
        raise Unreadable("damaged")
    outcome = pickle.loads(finished.stdout)
    if isinstance(outcome, RawBook):
        return outcome
    raise Unreadable(*outcome)


def main() -> None:
    """Read a workbook from standard input and write its sheets, or why it is refused, to standard output."""
    data, bounds, memory = pickle.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pickle.dump(_outcome(data, bounds), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


def _outcome(data: bytes, bounds: Bounds) -> RawBook | tuple[str, str]:
    try:
        return read_old_excel(data, bounds)
    except Unreadable as refused:
        return refused.code, refused.place


if __name__ == "__main__":
    main()
