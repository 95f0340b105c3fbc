"""How long pure reading may take, measured so that a busy machine is no fault of the code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

# What reads a cell takes some thousandths of a second; what goes over it again for every letter takes many seconds.
MOST_SECONDS = 2


@contextmanager
def soon() -> Iterator[None]:
    """Fail where the work takes long: seconds of the processor, not of the clock, which others make run."""
    started = time.thread_time()
    yield
    assert time.thread_time() - started < MOST_SECONDS
