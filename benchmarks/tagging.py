"""Tagging thousands of houses in one batch beside a bare UPDATE, and officers over the same houses for a minute.

- **ours** is the action itself, `tagging.tag`: the houses locked in the order of their ids, judged, looked up among the
  claims, an event each, the rules that the database proves of every event, and the houses written by the trigger.
- **the plain UPDATE** writes the same columns of the same houses of a copy of the table with the same columns and
  indexes, but without triggers, foreign keys and events: what tagging cannot cost less than.
- **row by row** is what the same costs through the ORM, an event saved for each house (a tenth of them, counted up).

A run of ours follows each run of the UPDATE; the ratio is the median of theirs.

Then eight officers tag, move, untag and undo overlapping stretches of 400 houses as fast as they can. Afterwards the
table must equal the replay of the events, and every house that an act said it changed must have its event.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.utils import timezone

from benchmarks.measuring import Table, seconds
from benchmarks.officed_city import appointed, founded
from benchmarks.scratch import migrated, scratch
from communities.models import Community, District, Person
from communities.reference_data import COMMAND_LINE
from households import tagging
from households.made_city import fill_districts
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.tag_ledger import as_array
from households.tests.overlapping import Worked, faults_of, work_at_once

_HOUSES = 95_000
_BATCH = 5_000
_RUNS = 15
_LIMIT = 1.5
_OFFICERS = 8
_OVERLAPPING = 400
_MINUTE = 60.0

COPY = """
CREATE TABLE plain_houses (LIKE households_houseregistration INCLUDING ALL);
INSERT INTO plain_houses OVERRIDING SYSTEM VALUE SELECT * FROM households_houseregistration ORDER BY id;
"""
PLAIN_UPDATE = "UPDATE plain_houses SET community_id = %s, outside = '' WHERE id = ANY(%s::bigint[])"


@dataclass(frozen=True)
class Scene:
    """A district with its houses in lane order (ids), its communities, and who works there."""

    houses: Sequence[int]
    communities: Sequence[Community]
    by: Person
    officers: Sequence[Person]


def main(share: float) -> bool:
    """Measure on that share of the district's houses; returns whether every limit held."""
    with migrated(), scratch():
        scene = _prepare(max(_BATCH * (_RUNS + 1), round(_HOUSES * share)))
        batch = Table(f"Tagging {_BATCH:,} houses in one batch, in a district of {len(scene.houses):,}")
        _one_batch(batch, scene)
    with migrated(), scratch():
        scene = _prepare(_OVERLAPPING)
        lasts = max(5.0, _MINUTE * share)
        together = Table(f"{_OFFICERS} officers over the same {_OVERLAPPING} houses for {lasts:.0f} s")
        _at_once(together, scene, lasts)
    return not (batch.broken or together.broken)


def _prepare(houses: int) -> Scene:
    by = Person.objects.get(username=COMMAND_LINE)
    district = District.objects.order_by("code")[0]
    fill_districts([district], houses=houses, by=by)
    communities = [founded(district, nth, by) for nth in range(1, 4)]
    live = HouseRegistration.objects.filter(district=district, state=HouseRegistration.State.LIVE)
    ids = list(live.in_lane_order().values_list("pk", flat=True))
    return Scene(ids, communities, by, [appointed(district, nth) for nth in range(1, _OFFICERS + 1)])


# --- one batch ---


def _one_batch(table: Table, scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COPY)
        cursor.execute("VACUUM ANALYZE")
    ours, plain = [], []
    for run in range(_RUNS):
        houses = scene.houses[run * _BATCH : (run + 1) * _BATCH]
        plain.append(seconds(partial(_update_plainly, houses, scene)))
        ours.append(seconds(partial(_tag, houses, scene)))
    table.measured("ours: houses locked, judged, tagged, each with its event", ours, _BATCH)
    median = table.measured("plain UPDATE of a copy: no events, no rules", plain, _BATCH)
    few = scene.houses[_RUNS * _BATCH : _RUNS * _BATCH + _BATCH // 10]
    slowly = seconds(lambda: _save_row_by_row(few, scene))
    table.measured("an event saved for each house", [slowly], len(few))
    # Two runs that follow each other share the machine's mood; two medians may come from different ones.
    table.at_most("ours / plain UPDATE", statistics.median(o / p for o, p in zip(ours, plain, strict=True)), _LIMIT)
    table.told("row by row / plain UPDATE, for as many houses", slowly * _BATCH / len(few) / median)


def _update_plainly(houses: Sequence[int], scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_UPDATE, [scene.communities[0].pk, as_array(houses)])


def _tag(houses: Sequence[int], scene: Scene) -> None:
    tagged = tagging.tag(houses, community=scene.communities[0], by=scene.by, expected=len(houses))
    assert tagged.houses == len(houses)


def _save_row_by_row(houses: Sequence[int], scene: Scene) -> None:
    community, today = scene.communities[0], timezone.localdate()
    batch = TaggingBatch.objects.create(
        district=community.district,
        kind=TaggingBatch.Kind.BY_HAND,
        community=community,
        happened_on=today,
        done_by=scene.by,
    )
    for house in houses:
        event = TagEvent(batch=batch, house_id=house, community=community, happened_on=today, counted_on=today)
        event.save()


# --- many officers ---


def _at_once(table: Table, scene: Scene, lasts: float) -> None:
    worked: list[Worked] = []
    took = seconds(lambda: worked.append(work_at_once(scene.houses, scene.communities, scene.officers, seconds=lasts)))
    [done] = worked
    table.measured(
        f"{sum(done.acts.values()):,} acts, {sum(done.refusals.values()):,} of them refused", [took], done.houses
    )
    for code, number in sorted(done.refusals.items()):
        table.told(f"refused: {code}", number)
    for fault, number in faults_of(done).items():
        table.at_most(fault, number, 0)
