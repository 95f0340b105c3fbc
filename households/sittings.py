"""A sitting: what a person does one after the other without a longer pause, and how fast."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.utils import timezone

PAUSE_ENDS_A_SITTING = datetime.timedelta(minutes=10)
LONGEST_SITTING = datetime.timedelta(hours=8)
MOST_COUNTED = 500


def moments_of_sitting(newest_first: Iterable[datetime.datetime]) -> list[datetime.datetime]:
    """The moments since the last longer pause, newest first; none when the pause has lasted until now."""
    moments: list[datetime.datetime] = []
    before = timezone.now()
    for moment in newest_first:
        if before - moment > PAUSE_ENDS_A_SITTING:
            break
        moments.append(moment)
        before = moment
    return moments


def a_minute(moments: Sequence[datetime.datetime]) -> float | None:
    """How many a minute were done at these moments (newest first); None before there is a second to measure by."""
    if len(moments) < 2:
        return None
    minutes = (moments[0] - moments[-1]).total_seconds() / 60
    return (len(moments) - 1) / minutes if minutes else None


def in_words(rate: float | None) -> float | None:
    """How many a minute, as one would say it: 34, or 3.5."""
    if rate is None:
        return None
    return round(rate) if rate >= 10 else round(rate, 1)
