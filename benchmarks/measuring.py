"""Stopwatch, limits and the printed table of a benchmark."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connection


def seconds(work: Callable[[], object]) -> float:
    """How long one piece of work takes by the clock, begun without garbage of the one before."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def count_queries(work: Callable[[], object]) -> int:
    """How many statements one piece of work sends through Django."""
    counted = 0

    def count(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal counted
        counted += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        work()
    return counted


@dataclass
class Table:
    """What one benchmark measured, printed as it comes, and whether every limit held."""

    title: str
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        print(f"\n{self.title}\n{'-' * len(self.title)}", flush=True)

    def measured(self, what: str, times: Sequence[float], rows: int) -> float:
        """Print the median of some runs; returns it."""
        median = statistics.median(times)
        spread = f"  ({min(times):.2f} to {max(times):.2f})" if len(times) > 1 else ""
        print(f"{what:<66}{median:>9.2f} s {rows:>8,} rows{spread}", flush=True)
        return median

    def at_most(self, what: str, value: float, limit: float) -> None:
        """Judge a value that must not be larger than its limit."""
        self._judge(what, f"{value:.2f}", f"at most {limit:g}", holds=value <= limit)

    def at_least(self, what: str, value: float, limit: float) -> None:
        """Judge a value that must not be smaller than its limit."""
        self._judge(what, f"{value:.2f}", f"at least {limit:g}", holds=value >= limit)

    def told(self, what: str, value: float) -> None:
        """Print a value that has no limit."""
        print(f"  {what:<64}{value:>9.2f}", flush=True)

    def _judge(self, what: str, value: str, limit: str, *, holds: bool) -> None:
        print(f"  {what:<64}{value:>9}   {limit:<14} {'holds' if holds else 'BROKEN'}", flush=True)
        if not holds:
            self.broken.append(what)
