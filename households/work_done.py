"""What each person did on each day: houses tagged, rows decided, houses keyed, houses taken back by undoing.

A day is the day on which it happened, as the papers say it. Every number has the query of the rows behind it, and both
are the same query. A fixed number of queries, whatever the number of people, days and houses.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Appointment, District, Person

from .assignments import WORKING_POSTS
from .models import HouseNumberRecord, KeyingEvent, RowDecision, TagEvent, TaggingBatch
from .open_work import WAITING
from .row_decisions import CLOSING_REASONS
from .row_reasons import Reason

DECIDED_BY_PEOPLE = [Reason.CONFIRMED, Reason.CHOSEN, *CLOSING_REASONS]


class Deed(models.TextChoices):
    """What is counted."""

    TAGGED = "tagged", _("houses tagged")
    DECIDED = "decided", _("rows decided")
    KEYED = "keyed", _("houses keyed")
    UNDONE = "undone", _("houses taken back")


SLOW_CLOCK = datetime.timedelta(hours=1)


@dataclasses.dataclass(frozen=True)
class Span:
    """The days that are counted, both ends included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> Sequence[datetime.date]:
        """Every day of it, the oldest first."""
        return [self.first + datetime.timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def _recorded_from(self) -> datetime.datetime:
        """Nothing that happened in the span was recorded before: facts are never recorded ahead of their day.

        Days are told by this machine's clock and moments by the database's, which may be a little slow.
        """
        return timezone.make_aware(datetime.datetime.combine(self.first, datetime.time.min)) - SLOW_CLOCK

    def of_person(self, **more: Any) -> dict[str, Any]:
        """The conditions on facts that an index by person and clock finds."""
        return {"happened_on__range": (self.first, self.last), "recorded_at__gte": self._recorded_from} | more


def _tags(district: District, span: Span) -> QuerySet[TagEvent]:
    batches = TaggingBatch.objects.filter(district=district, happened_on__range=(span.first, span.last))
    return TagEvent.objects.filter(batch__in=batches)


def _tagged(district: District, span: Span) -> QuerySet:
    return _tags(district, span).filter(community__isnull=False).exclude(batch__kind=TaggingBatch.Kind.UNDONE)


def _undone(district: District, span: Span) -> QuerySet:
    return _tags(district, span).filter(batch__kind=TaggingBatch.Kind.UNDONE)


def _decided(district: District, span: Span) -> QuerySet:
    conditions = span.of_person(recorded_by__in=_workers(district), reason__in=DECIDED_BY_PEOPLE)
    return RowDecision.objects.filter(record__house_list__district=district, **conditions)


def _keyed(district: District, span: Span) -> QuerySet:
    conditions = span.of_person(recorded_by__in=_workers(district), kind=KeyingEvent.Kind.KEYED)
    return KeyingEvent.objects.filter(house__district=district, **conditions)


def _workers(district: District) -> QuerySet:
    """Whoever held a post here in which one tags, at any time."""
    return Appointment.objects.filter(district=district, role__in=WORKING_POSTS).values("person")


# The rows of each deed, and where they name the person and the day.
_ROWS: Mapping[Deed, tuple[Callable[[District, Span], QuerySet], str, str]] = {
    Deed.TAGGED: (_tagged, "batch__done_by", "batch__happened_on"),
    Deed.DECIDED: (_decided, "recorded_by", "happened_on"),
    Deed.KEYED: (_keyed, "recorded_by", "happened_on"),
    Deed.UNDONE: (_undone, "batch__done_by", "batch__happened_on"),
}


_OF_TAGS = ("house__subdistrict", "batch__done_by")
_SHOWN: Mapping[Deed, Sequence[str]] = {
    Deed.TAGGED: _OF_TAGS,
    Deed.DECIDED: ("record__house_list", "house__subdistrict", "recorded_by", "batch"),
    Deed.KEYED: ("house__subdistrict", "recorded_by"),
    Deed.UNDONE: _OF_TAGS,
}


@dataclasses.dataclass(frozen=True)
class DayOfWork:
    """What a person did on a day, or in all."""

    tagged: int = 0
    decided: int = 0
    keyed: int = 0
    undone: int = 0

    def __bool__(self) -> bool:
        return bool(self.tagged or self.decided or self.keyed or self.undone)

    def plus(self, other: DayOfWork) -> DayOfWork:
        """Both together."""
        return DayOfWork(
            self.tagged + other.tagged,
            self.decided + other.decided,
            self.keyed + other.keyed,
            self.undone + other.undone,
        )


@dataclasses.dataclass(frozen=True)
class PersonsWork:
    """A person's days, those without any work left out."""

    person: Person
    days: Mapping[datetime.date, DayOfWork]

    @property
    def total(self) -> DayOfWork:
        total = DayOfWork()
        for day in self.days.values():
            total = total.plus(day)
        return total


def work_of(district: District, span: Span, people: Sequence[Person]) -> list[PersonsWork]:
    """What these people did in the district in the span, those who did nothing included, in their order."""
    counted: dict[int, dict[datetime.date, dict[str, int]]] = {person.pk: {} for person in people}
    for deed in Deed:
        for person, day, number in _counts(deed, district, span, counted):
            counted[person].setdefault(day, {})[deed.value] = number
    return [
        PersonsWork(person, {day: DayOfWork(**numbers) for day, numbers in sorted(counted[person.pk].items())})
        for person in people
    ]


def _counts(deed: Deed, district: District, span: Span, people: Mapping[int, object]) -> QuerySet:
    rows, person, day = _ROWS[deed]
    found = rows(district, span).filter(**{f"{person}__in": list(people)})
    return found.order_by().values_list(person, day).annotate(number=Count("pk")).values_list(person, day, "number")


def rows_behind(deed: Deed, district: District, span: Span, people: Sequence[Person]) -> QuerySet:
    """The tag events, decisions or keyings that the numbers of these people count, with what their page shows."""
    rows, whose, _day = _ROWS[deed]
    found = rows(district, span).filter(**{f"{whose}__in": [person.pk for person in people]})
    return found.select_related(*_SHOWN[deed])


def people_at_work(district: District) -> list[Person]:
    """Whose work is shown: whoever holds or held a post here in which one tags, by name; one query."""
    return list(Person.objects.filter(pk__in=_workers(district)).order_by("full_name", "pk"))


def oldest_waiting(district: District) -> dict[int, datetime.date]:
    """For each community (id) with rows that wait, the day on which the oldest of their lists came; one query."""
    waiting = HouseNumberRecord.objects.filter(WAITING, house_list__district=district)
    oldest = waiting.order_by().values("house_list__community").annotate(since=Min("house_list__received_on"))
    return dict(oldest.values_list("house_list__community", "since"))
