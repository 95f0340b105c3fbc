"""What a sample proves: how large a share is at least, when so many of so many were right."""

from __future__ import annotations

import dataclasses
import math

CONFIDENCE = 0.95
_HALVINGS = 60  # finer than a double can tell


class ImpossibleCount(ValueError):
    """More right than there were, or fewer than none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """`right` of `of` things looked at were right. Shares are from 0 to 1; raises ImpossibleCount."""

    right: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.of:
            raise ImpossibleCount(f"{self.right} of {self.of}")

    @property
    def wrong(self) -> int:
        return self.of - self.right

    @property
    def share(self) -> float | None:
        """The share that was right; None where nothing was looked at."""
        return self.right / self.of if self.of else None

    @property
    def at_least(self) -> float:
        """The share that is right in the whole, at least, with 95 % certainty: 50 of 50 prove 0.9418, no more."""
        return lower_bound(self.right, self.of)

    def __add__(self, other: Proof) -> Proof:
        return Proof(self.right + other.right, self.of + other.of)


def lower_bound(right: int, of: int, *, confidence: float = CONFIDENCE) -> float:
    """The one-sided lower bound of a share (Clopper and Pearson 1934, Biometrika 26:404–413): exact, no rule of thumb.

    It is the share with which `right` or more of `of` would be right by luck in only 1 − `confidence` of all samples.
    Nothing looked at, or nothing right, proves nothing: 0.
    """
    if right == 0:
        return 0.0
    low, high = 0.0, right / of
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if _chance_of_at_least(right, of, middle) > 1 - confidence:
            high = middle
        else:
            low = middle
    return low


def _chance_of_at_least(right: int, of: int, share: float) -> float:
    """The chance that `right` or more of `of` are right where each is with probability `share`."""
    return math.fsum(math.exp(_log_chance(number, of, share)) for number in range(right, of + 1))


def _log_chance(number: int, of: int, share: float) -> float:
    ways = math.lgamma(of + 1) - math.lgamma(number + 1) - math.lgamma(of - number + 1)
    return ways + number * math.log(share) + (of - number) * math.log1p(-share)


def floored_per_cent(share: float) -> str:
    """A share in per cent with one decimal place, rounded down, so that it never claims more: 94.1."""
    # The double nearest to 0.983 lies below it; what was meant is the number as written.
    return f"{math.floor(round(share * 1000, 9)) / 10:.1f}"
