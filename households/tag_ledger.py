"""Writing what tagging did: batches, tag events and decisions on rows, each by one statement for all houses.

Nothing here judges; the actions in `tagging` and `row_decisions` lock, judge and then write through it.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from communities.models import Community, CommunityCode, Person

from .dates import counting_day
from .models import HouseList, HouseRegistration, RowDecision, TaggingBatch


@dataclasses.dataclass(frozen=True)
class Tagged:
    """What tagging did: its batch (None when nothing changed), how many houses, and the houses it left alone."""

    batch: TaggingBatch | None
    houses: int
    unchanged: int = 0
    refused: Sequence[HouseRegistration] = ()


def require_code(community: Community, day: datetime.date) -> str:
    """The community's code in force on `day`; raises ValidationError `code_not_in_force` without one."""
    code = CommunityCode.objects.on(day).filter(community=community).values_list("code", flat=True).first()
    if code is None:
        raise ValidationError(
            _("ชุมชน%(community)s has no code in force on %(day)s, so no house can be tagged with it."),
            code="code_not_in_force",
            params={"community": community, "day": day.isoformat()},
        )
    return code


def open_batch(
    house_list: HouseList, kind: TaggingBatch.Kind, by: Person, happened_on: datetime.date, reason: str = ""
) -> TaggingBatch:
    return TaggingBatch.objects.create(
        district_id=house_list.district_id,
        kind=kind,
        community_id=house_list.community_id,
        house_list=house_list,
        reason=reason,
        happened_on=happened_on,
        done_by=by,
    )


def locked_houses(ids: Iterable[int], district: int | None = None) -> dict[int, HouseRegistration]:
    """The houses, locked in the order of their ids so that overlapping batches wait instead of deadlocking."""
    wanted = HouseRegistration.objects.filter(pk__in=ids)
    if district is not None:
        wanted = wanted.filter(district=district)
    return {house.pk: house for house in wanted.select_for_update().order_by("pk")}


# The events of a house count in the order in which they were recorded: never before the one before.
APPEND_EVENTS = """
INSERT INTO households_tagevent
    (batch_id, house_id, community_id, previous_community_id, record_id, happened_on, counted_on)
SELECT %(batch)s, h.id, %(community)s, h.community_id, chosen.record, %(happened_on)s,
       GREATEST(%(counted_on)s, (SELECT max(e.counted_on) FROM households_tagevent e WHERE e.house_id = h.id))
FROM unnest(%(houses)s::bigint[], %(records)s::bigint[]) AS chosen(house, record)
JOIN households_houseregistration h ON h.id = chosen.house
"""


def append_events(
    batch: TaggingBatch,
    community: int | None,
    chosen: dict[int, int | None],
    houses: dict[int, HouseRegistration],
) -> None:
    """One statement for all houses (house id → the list row that names it, or None); the trigger moves the houses."""
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND_EVENTS,
            {
                "batch": batch.pk,
                "community": community,
                "happened_on": batch.happened_on,
                "counted_on": counting_day(batch.district_id, batch.happened_on),
                "houses": list(chosen),
                "records": list(chosen.values()),
            },
        )


def append_decisions(decisions: list[RowDecision], district: int, by: Person, happened_on: datetime.date) -> None:
    counted_on = counting_day(district, happened_on)
    for decision in decisions:
        decision.happened_on, decision.counted_on, decision.recorded_by = happened_on, counted_on, by
    RowDecision.objects.bulk_create(decisions, batch_size=5000)
