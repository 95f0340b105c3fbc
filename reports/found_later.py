"""What was found of a month after its report: it happened then and counts in a later, open month; the report stays.

Seen from the issued month it is what was found later, from the open one what its figures hold of months before.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from communities.models import District
from communities.thai_calendar import month_end, month_start
from households.models import LifeEvent, TagEvent

Kind = LifeEvent.Kind
_TAGGED, _UNTAGGED, _MOVED = "tagged", "untagged", "moved"
# What became of the house's community with the event; nothing where it only got a word beside it.
_DEED = Case(
    When(community=None, previous_community=None, then=Value("")),
    When(previous_community=None, then=Value(_TAGGED)),
    When(community=None, then=Value(_UNTAGGED)),
    default=Value(_MOVED),
    output_field=CharField(),
)


@dataclasses.dataclass(frozen=True)
class FoundLater:
    """Houses by what happened to them in a month by the true day, and the months in which that counts."""

    struck: int
    restored: int
    tagged: int
    untagged: int
    moved: int
    counts_in: tuple[datetime.date, ...]


@dataclasses.dataclass(frozen=True)
class FromBefore:
    """What a month's figures hold of an earlier month: `found`, as that month's page tells it."""

    month: datetime.date
    found: FoundLater


def found_later(district: District, month: datetime.date) -> FoundLater | None:
    """What was found of the month after it was issued; None where nothing was. Two queries."""
    first, last = month_start(month), month_end(month)
    facts = list(_facts(district, Q(happened_on__range=(first, last), counted_on__gt=last)))
    return _together(facts) if facts else None


def counted_from_before(district: District, month: datetime.date) -> list[FromBefore]:
    """What counts in the month though it happened before it, by the month of the true day; two queries."""
    first, last = month_start(month), month_end(month)
    facts = list(_facts(district, Q(happened_on__lt=first, counted_on__range=(first, last))))
    months = sorted({month_start(happened_on) for _deed, happened_on, _counted_on in facts})
    return [FromBefore(one, _together(fact for fact in facts if month_start(fact[1]) == one)) for one in months]


def _facts(district: District, which: Q) -> Iterator[tuple[str, datetime.date, datetime.date]]:
    """What happened, its true day and its counting day, of the office's acts and of the tags."""
    acts: QuerySet = LifeEvent.objects.exclude(ground=LifeEvent.Ground.CENTRAL_REGISTER)
    acts = acts.filter(which, house__district=district, kind__in=[Kind.STRUCK, Kind.RESTORED])
    yield from acts.values_list("kind", "happened_on", "counted_on")
    tags: QuerySet = TagEvent.objects.filter(which, batch__district=district).annotate(deed=_DEED).exclude(deed="")
    yield from tags.values_list("deed", "happened_on", "counted_on")


def _together(facts: Iterable[tuple[str, datetime.date, datetime.date]]) -> FoundLater:
    facts = list(facts)
    deeds = Counter(deed for deed, _happened_on, _counted_on in facts)
    return FoundLater(
        struck=deeds[Kind.STRUCK],
        restored=deeds[Kind.RESTORED],
        tagged=deeds[_TAGGED],
        untagged=deeds[_UNTAGGED],
        moved=deeds[_MOVED],
        counts_in=tuple(sorted({month_start(counted_on) for _deed, _happened_on, counted_on in facts})),
    )
