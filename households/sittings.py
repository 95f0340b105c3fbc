"""A sitting: what a person does one after the other without a longer pause, and how fast."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.db.models.functions import Now

Deed = TypeVar("Deed")

PAUSE_ENDS_A_SITTING = datetime.timedelta(minutes=10)
LONGEST_SITTING = datetime.timedelta(hours=8)
MOST_COUNTED = 500
# Nobody decides two a second for long: what came faster was recorded many at once.
MOST_A_MINUTE_BY_HAND = 120


@dataclasses.dataclass(frozen=True)
class Sitting(Generic[Deed]):
    """What a person did without a longer pause: how many, how many a minute, and the last of it.

    `a_minute` is None before there is a second deed to measure by; `last` None where nothing was done.
    """

    done: int = 0
    a_minute: float | None = None
    last: Deed | None = None

    @property
    def pace(self) -> float | None:
        """How many a minute, as one would say it: 34, or 3.5."""
        if self.a_minute is None:
            return None
        return round(self.a_minute) if self.a_minute >= 10 else round(self.a_minute, 1)


def moments_of_sitting(newest_first: Iterable[datetime.datetime], *, now: datetime.datetime) -> list[datetime.datetime]:
    """The moments since the last longer pause, newest first; none when the pause has lasted until now.

    `now` is told by the clock that told the moments: the database's and this machine's may differ.
    """
    moments: list[datetime.datetime] = []
    before = now
    for moment in newest_first:
        if before - moment > PAUSE_ENDS_A_SITTING:
            break
        moments.append(moment)
        before = moment
    return moments


def moments_recorded(facts: QuerySet[Any]) -> list[datetime.datetime]:
    """The moments of the present sitting that these dated facts record; one query, by the database's clock alone."""
    present = facts.filter(recorded_at__gt=Now() - LONGEST_SITTING).order_by("-recorded_at", "-pk")
    recorded = list(present.values_list("recorded_at", Now())[:MOST_COUNTED])
    return moments_of_sitting((moment for moment, _now in recorded), now=recorded[0][1]) if recorded else []


def a_minute(moments: Sequence[datetime.datetime]) -> float | None:
    """How many a minute were done one by one at these moments (newest first).

    None before there is a second moment to measure by, and where many were recorded at once.
    """
    if len(moments) < 2:
        return None
    minutes = (moments[0] - moments[-1]).total_seconds() / 60
    rate = (len(moments) - 1) / minutes if minutes else None
    return rate if rate and rate <= MOST_A_MINUTE_BY_HAND else None
