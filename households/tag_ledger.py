"""Writing what tagging did: batches, tag events and decisions on rows, each by one statement for all houses.

The only writer of a house's community, and of its being in none (`outside`). Nothing here judges: the actions in
`tagging`, `row_decisions`, `claim_decisions` and `undoing` lock, judge and then write through it.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from communities.models import Person

from .dates import counting_day
from .models import HouseList, HouseRegistration, TaggingBatch
from .row_reasons import Outcome, Reason


@dataclasses.dataclass(frozen=True)
class Tagged:
    """What tagging did: its batch (None when nothing changed), how many houses, and the houses it left alone.

    `moved` of the `houses` came from another community. `claimed` are left alone because lists claim them.
    """

    batch: TaggingBatch | None
    houses: int
    unchanged: int = 0
    refused: Sequence[HouseRegistration] = ()
    moved: int = 0
    claimed: Sequence[HouseRegistration] = ()


def open_batch(
    house_list: HouseList, kind: TaggingBatch.Kind, by: Person, happened_on: datetime.date, reason: str = ""
) -> TaggingBatch:
    """A new batch for the list's community, to which the events and decisions of one act are then appended."""
    return TaggingBatch.objects.create(
        district_id=house_list.district_id,
        kind=kind,
        community_id=house_list.community_id,
        house_list=house_list,
        reason=reason,
        happened_on=happened_on,
        done_by=by,
    )


def locked_list(pk: int) -> HouseList:
    """The list, locked. Whoever decides about its rows takes this lock first, then houses, then rows.

    A weaker lock than Django's default, here and below: rows that merely refer to a locked one need not wait.
    """
    return HouseList.objects.select_for_update(of=["self"], no_key=True).select_related("community").get(pk=pk)


def locked_houses(ids: Iterable[int], district: int | None = None) -> dict[int, HouseRegistration]:
    """The houses, locked in the order of their ids so that overlapping batches wait instead of deadlocking."""
    # Ids, not a query within the query: a statement that locks would ask that again for every house.
    wanted = HouseRegistration.objects.filter(pk__in=list(ids))
    if district is not None:
        wanted = wanted.filter(district=district)
    return {house.pk: house for house in wanted.select_for_update(no_key=True).order_by("pk")}


class Standing(NamedTuple):
    """How a house stands: its community (id), else why a person said that it is in none, and its state."""

    community: int | None
    outside: str
    state: str


STANDING = ("community", "outside", "state")


def locked_standings(ids: Iterable[int], district: int | None = None) -> dict[int, Standing]:
    """How the houses stand, locked as `locked_houses` does; for many of them, whose addresses nobody asks for."""
    wanted = HouseRegistration.objects.filter(pk__in=list(ids))
    if district is not None:
        wanted = wanted.filter(district=district)
    locked = wanted.select_for_update(no_key=True).order_by("pk")
    return {house: Standing(*stands) for house, *stands in locked.values_list("pk", *STANDING)}


# The events of a house count in the order in which they were recorded: never before the one before.
APPEND_EVENTS = """
INSERT INTO households_tagevent
    (batch_id, house_id, community_id, previous_community_id, outside, previous_outside, record_id,
     happened_on, counted_on)
SELECT %(batch)s, h.id, %(community)s, h.community_id, %(outside)s, h.outside, chosen.record, %(happened_on)s,
       GREATEST(%(counted_on)s, (SELECT max(e.counted_on) FROM households_tagevent e WHERE e.house_id = h.id))
FROM unnest(%(houses)s::bigint[], %(records)s::bigint[]) AS chosen(house, record)
JOIN households_houseregistration h ON h.id = chosen.house
"""


def append_events(
    batch: TaggingBatch, community: int | None, chosen: Mapping[int, int | None], outside: str = ""
) -> None:
    """One statement for all houses (house id → the list row that names it, or None); the trigger moves the houses.

    With neither a community nor `outside`, a reason why the houses are in none, nothing is known of them afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND_EVENTS,
            {
                "batch": batch.pk,
                "community": community,
                "outside": outside,
                "happened_on": batch.happened_on,
                "counted_on": counting_day(batch.district_id, batch.happened_on),
                "houses": list(chosen),
                "records": list(chosen.values()),
            },
        )


APPEND_DECISIONS = """
INSERT INTO households_rowdecision
    (record_id, outcome, reason, house_id, note, batch_id, happened_on, counted_on, recorded_by_id)
SELECT d.record, d.outcome, d.reason, d.house, %(note)s, %(batch)s, %(happened_on)s,
       GREATEST(%(counted_on)s, (SELECT max(e.counted_on) FROM households_rowdecision e WHERE e.record_id = d.record)),
       %(by)s
FROM unnest(%(records)s::bigint[], %(outcomes)s::text[], %(reasons)s::text[], %(houses)s::bigint[])
    AS d(record, outcome, reason, house)
"""


@dataclasses.dataclass(frozen=True)
class Decided:
    """What becomes of one row: its id, the outcome, why, and the house's id where one is meant."""

    record: int
    outcome: Outcome
    reason: Reason
    house: int | None = None


def append_decisions(
    decisions: Sequence[Decided],
    *,
    district: int,
    by: Person,
    happened_on: datetime.date,
    batch: TaggingBatch | None = None,
    note: str = "",
) -> None:
    """One statement for all rows; the trigger writes their outcomes."""
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND_DECISIONS,
            {
                "note": note,
                "batch": batch.pk if batch else None,
                "happened_on": happened_on,
                "counted_on": counting_day(district, happened_on),
                "by": by.pk,
                "records": [decided.record for decided in decisions],
                "outcomes": [decided.outcome.value for decided in decisions],
                "reasons": [decided.reason.value for decided in decisions],
                "houses": [decided.house for decided in decisions],
            },
        )
