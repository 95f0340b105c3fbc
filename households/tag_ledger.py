"""Writing what tagging did: batches, tag events and decisions on rows, each by one statement for all houses.

The only writer of a house's community, and of its being in none (`outside`). Nothing here judges: the actions in
`tagging`, `row_decisions`, `claim_decisions` and `undoing` lock, judge and then write through it.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat
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


# Houses (ids) by how they stand: of many houses most stand alike.
Standings = Mapping[Standing, Sequence[int]]

STANDING = ("community", "outside", "state")

LOCK_STANDINGS = """
SELECT community_id, outside, state, array_agg(id) FROM (
    SELECT id, community_id, outside, state FROM households_houseregistration
    WHERE id = ANY(%(houses)s::bigint[]) AND district_id = COALESCE(%(district)s, district_id)
    ORDER BY id FOR NO KEY UPDATE
) locked GROUP BY 1, 2, 3
"""


def locked_standings(ids: Iterable[int], district: int | None = None) -> Standings:
    """The houses (of the district) by how they stand, locked as `locked_houses` does.

    For many houses, of which nobody asks the address.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_STANDINGS, {"houses": as_array(ids), "district": district})
        return {Standing(*stands): houses for *stands, houses in cursor.fetchall()}


def standings_of(houses: Iterable[HouseRegistration]) -> Standings:
    """Houses that were read already, by how they stand."""
    found: dict[Standing, list[int]] = defaultdict(list)
    for house in houses:
        found[Standing(house.community_id, house.outside, house.state)].append(house.pk)
    return found


def as_array(ids: Iterable[int]) -> str:
    """Ids as the text of an array: the database reads that much faster than as many single parameters."""
    # The text of a list is made in one go, that of each of its numbers is not.
    return f"{{{str(list(ids))[1:-1]}}}"


# Houses come with what they had under the lock, which the trigger compares: asked again here, a planner without
# statistics of the houses chosen would read the whole register for it. The events of a house count in the order in
# which they were recorded: never before the one before.
APPEND_EVENTS = """
INSERT INTO households_tagevent
    (batch_id, house_id, community_id, previous_community_id, outside, previous_outside, record_id,
     happened_on, counted_on)
SELECT %(batch)s, chosen.house, %(community)s, chosen.community, %(outside)s, chosen.outside, chosen.record,
       %(happened_on)s, GREATEST(%(counted_on)s, later.counted_on)
FROM unnest(%(houses)s::bigint[], %(communities)s::bigint[], %(outsides)s::text[], %(records)s::bigint[])
    AS chosen(house, community, outside, record)
LEFT JOIN (
    SELECT e.house_id, max(e.counted_on) AS counted_on FROM households_tagevent e
    WHERE e.house_id = ANY(%(houses)s::bigint[]) AND e.counted_on > %(counted_on)s GROUP BY 1
) later ON later.house_id = chosen.house
"""
_NOTHING = "NULL"


def append_events(
    batch: TaggingBatch,
    community: int | None,
    houses: Standings,
    *,
    outside: str = "",
    rows: Mapping[int, int | None] | None = None,
) -> None:
    """One statement for all houses, given as they stand under the lock; the trigger moves them.

    `rows` are the list rows (house id → row id) that name them. With neither a community nor `outside`, a reason why
    the houses are in none, nothing is known of them afterwards.
    """
    chosen = [house for ids in houses.values() for house in ids]
    records = [str(rows.get(house) or _NOTHING) for house in chosen] if rows else ()
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND_EVENTS,
            {
                "batch": batch.pk,
                "community": community,
                "outside": outside,
                "happened_on": batch.happened_on,
                "counted_on": counting_day(batch.district_id, batch.happened_on),
                "houses": as_array(chosen),
                "communities": _as_text_array(_for_each(houses, lambda stands: str(stands.community or _NOTHING))),
                "outsides": _as_text_array(_for_each(houses, lambda stands: f'"{stands.outside}"')),
                "records": _as_text_array(records),
            },
        )


def _as_text_array(values: Iterable[str]) -> str:
    return f"{{{','.join(values)}}}"


def _for_each(houses: Standings, said: Callable[[Standing], str]) -> Iterable[str]:
    """What is said of a standing, for each of the houses that stand so."""
    return chain.from_iterable(repeat(said(stands), len(ids)) for stands, ids in houses.items())


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
