"""Rows of a list as pages show them: what was typed, what the register has, what became of it, by whom."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community

from .judging.grading import Candidate, RowKeys, grade
from .models import HouseNumberRecord, HouseRegistration, RowDecision, RowMatch, TagEvent
from .models.dated import NEWEST_FIRST
from .models.registrations import HouseRegistrationQuerySet
from .row_reasons import Grade, Outcome, Reason

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

PART_LABELS = {
    "trok": _("trok"),
    "soi": _("soi"),
    "road": _("road"),
    "moo": _("village number"),
    "subdistrict": _("sub-district"),
}


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of a registered address beside what was typed: `state` is "" (the same), "differs" or "unstated"."""

    name: str
    text: str
    state: str
    typed: str = ""

    @property
    def label(self) -> StrOrPromise:
        return PART_LABELS[self.name]


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A house that a row may mean, its address compared part by part; `is_elsewhere`: another community has it.

    `tag` is the event by which it came to the community it has now; `in_neighbours_lane`: most houses of the rows
    around the row stand in its lane.
    """

    house: HouseRegistration
    number_differs: bool
    parts: tuple[Part, ...]
    is_elsewhere: bool
    tag: TagEvent | None = None
    in_neighbours_lane: bool = False

    @property
    def unstated(self) -> list[Part]:
        """The parts that the row leaves open."""
        return [part for part in self.parts if part.state == "unstated"]

    @property
    def differing(self) -> list[Part]:
        """The parts in which the row says something else."""
        return [part for part in self.parts if part.state == "differs"]


@dataclasses.dataclass(frozen=True)
class RowLine:
    """A row: why it has its grade or outcome, the house meant (None where that is open), who decided it and when."""

    record: HouseNumberRecord
    reason: Reason
    house: HouseRegistration | None
    note: str
    decided_by: str
    decided_at: datetime.datetime | None


class Decided(TypedDict):
    """What `row_lines` reads beside each row."""

    decided_reason: str | None
    decided_house: int | None
    decided_note: str | None
    decided_by: str | None
    decided_at: datetime.datetime | None
    best_house: int | None


def houses_with_communities() -> HouseRegistrationQuerySet:
    """Houses with sub-district and the community of today by name and code, for pages of many."""
    named = Community.objects.as_at(timezone.localdate())
    return HouseRegistration.objects.select_related("subdistrict").prefetch_related(Prefetch("community", named))


def row_lines(records: QuerySet[HouseNumberRecord]) -> list[RowLine]:
    """The lines of these rows, in their order, by a fixed number of queries."""
    newest = RowDecision.objects.filter(record=OuterRef("pk")).order_by(*NEWEST_FIRST)
    best = RowMatch.objects.filter(record=OuterRef("pk"), rank=1)
    annotated = list(
        records.annotate(
            decided_reason=Subquery(newest.exclude(outcome=Outcome.OPEN).values("reason")[:1]),
            decided_house=Subquery(newest.values("house")[:1]),
            decided_note=Subquery(newest.values("note")[:1]),
            decided_by=Subquery(newest.values("recorded_by__full_name")[:1]),
            decided_at=Subquery(newest.values("recorded_at")[:1]),
            best_house=Subquery(best.values("house")[:1]),
        )
    )
    houses = houses_with_communities().in_bulk({_house_meant(record) for record in annotated} - {None})
    return [
        RowLine(
            record=record,
            reason=Reason(_reason_of(record)),
            house=houses.get(_house_meant(record)),
            note=record.decided_note or "",
            decided_by=record.decided_by or "",
            decided_at=record.decided_at,
        )
        for record in annotated
    ]


def all_row_lines(records: QuerySet[HouseNumberRecord], at_once: int = 500) -> Iterator[RowLine]:
    """The lines of any number of rows, some at once, in the order of their list."""
    ids = list(records.order_by("row", "part").values_list("pk", flat=True))
    for first in range(0, len(ids), at_once):
        yield from row_lines(records.filter(pk__in=ids[first : first + at_once]).order_by("row", "part"))


def _reason_of(record: WithAnnotations[HouseNumberRecord, Decided]) -> str:
    waits_again = record.outcome == Outcome.OPEN
    return record.reason if waits_again else record.decided_reason or record.reason


def _house_meant(record: WithAnnotations[HouseNumberRecord, Decided]) -> int | None:
    if record.outcome in (Outcome.TAGGED, Outcome.UNCHANGED):
        return record.decided_house
    if record.outcome == Outcome.CLOSED or record.grade not in (Grade.EXACT, Grade.LIKELY):
        return None
    return record.best_house


def suggestions_for(record: HouseNumberRecord) -> list[Suggestion]:
    """The row's candidates, best first, each with the list row or batch behind the tag it carries now."""
    matches = record.matches.order_by("rank").prefetch_related(Prefetch("house", houses_with_communities()))
    return _with_tags(
        [compared(record, match.house, differs=match.differs) for match in matches],
        _tags_of(m.house_id for m in matches),
    )


def suggestions_among(record: HouseNumberRecord, houses: Iterable[HouseRegistration]) -> list[Suggestion]:
    """Houses that a person searched for, compared with the row as the machine compares its candidates."""
    houses = list(houses)
    found = [compared(record, house, differs=_differences(record, house)) for house in houses]
    return _with_tags(found, _tags_of(house.pk for house in houses))


def compared(record: HouseNumberRecord, house: HouseRegistration, *, differs: Sequence[str]) -> Suggestion:
    """The house's address beside the row's; `differs` names the parts that contradict each other."""
    stated = {
        "trok": record.trok_key,
        "soi": record.soi_key,
        "road": record.road_key,
        "moo": record.moo,
        "subdistrict": record.subdistrict_text,
    }
    registered = {
        "trok": house.trok,
        "soi": house.soi,
        "road": house.road,
        "moo": house.moo,
        "subdistrict": house.subdistrict.name_th,
    }
    typed = {name: getattr(record, name) for name in ("trok", "soi", "road", "moo")}
    typed["subdistrict"] = record.subdistrict_text
    parts = tuple(
        Part(name, text, "differs" if name in differs else "" if stated[name] else "unstated", typed[name])
        for name, text in registered.items()
        if text or name in differs
    )
    return Suggestion(
        house,
        number_differs=house.number_key not in record.number_keys,
        parts=parts,
        is_elsewhere=house.community_id not in (None, record.house_list.community_id),
    )


def _differences(record: HouseNumberRecord, house: HouseRegistration) -> Sequence[str]:
    named_elsewhere = record.subdistrict_text and record.subdistrict_id is None
    row = RowKeys(
        trok=record.trok_key,
        soi=record.soi_key,
        road=record.road_key,
        moo=record.moo,
        subdistrict=0 if named_elsewhere else record.subdistrict_id,
    )
    candidate = Candidate(
        house.pk, house.trok_key, house.soi_key, house.road_key, house.moo, house.subdistrict_id, house.state
    )
    return grade(row, [candidate]).candidates[0][1]


def _tags_of(houses: Iterable[int]) -> dict[int, TagEvent]:
    """The newest tag of each house with its batch, doer and list row."""
    newest = TagEvent.objects.newest_of(list(houses))
    return {tag.house_id: tag for tag in newest.select_related("batch__done_by", "record__house_list")}


def _with_tags(suggestions: list[Suggestion], tags: dict[int, TagEvent]) -> list[Suggestion]:
    return [
        dataclasses.replace(one, tag=tags.get(one.house.pk) if one.house.community_id else None) for one in suggestions
    ]
