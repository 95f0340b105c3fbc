"""Houses of which a later extract told something that nobody has settled since, read from the life events.

What settles an event (a tag, a check at the desk) is said in docs/register-changes.md; here it is one question to the
database.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from communities.models import District

from .models import HouseRegistration

# A lane is the houses of one name in one sub-district: id and lane order.
LaneKey = tuple[int, str]

# Only events that can still matter: of a free house that it came, of a decided one that it changed or went.
UNSETTLED_EVENTS = """
FROM households_lifeevent e
JOIN households_houseregistration h ON h.id = e.house_id
WHERE e.renewed_in_id = %(district)s AND (%(houses)s::bigint[] IS NULL OR e.house_id = ANY(%(houses)s))
  AND CASE WHEN h.state <> 'live' THEN h.community_id IS NOT NULL AND e.kind IN ('struck', 'vanished')
      WHEN h.community_id IS NULL AND h.outside = '' THEN e.kind IN ('registered', 'restored')
      ELSE e.kind = 'changed' END
  AND NOT EXISTS (
      SELECT 1 FROM households_deskcheck c
      WHERE c.house_id = h.id AND c.kind = 'register_change' AND c.life_event_id >= e.id AND c.takes_back_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM households_deskcheck slip WHERE slip.takes_back_id = c.id))
  AND NOT EXISTS (
      SELECT 1 FROM households_tagevent t JOIN households_taggingbatch b ON b.id = t.batch_id
      WHERE t.house_id = h.id AND t.recorded_at > e.recorded_at AND b.kind <> 'undone'
        AND NOT EXISTS (
            SELECT 1 FROM households_taggingbatch undoing
            JOIN households_tagevent back ON back.batch_id = undoing.id AND back.house_id = h.id
            WHERE undoing.undoes_id = b.id))
"""
_UNSETTLED = f"""
SELECT h.id, h.community_id, h.outside, h.state, h.subdistrict_id, h.lane_order, h.number_order, h.house_no,
       h.trok, h.soi, h.road, e.id, e.kind, e.before, e.after
{UNSETTLED_EVENTS} ORDER BY e.id
"""


class Told(NamedTuple):
    """A life event of the house: its id, what it told, and the columns before and after."""

    event: int
    kind: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class UnsettledHouse:
    """A house as it stands now, with what was told of it since it was last decided about, the oldest first."""

    pk: int
    community: int | None
    outside: str
    state: str
    subdistrict: int
    lane_order: str
    number_order: str
    house_no: str
    trok: str
    soi: str
    road: str
    told: list[Told] = dataclasses.field(default_factory=list)

    @property
    def is_free(self) -> bool:
        """Whether it is in the register and nobody has said where it belongs."""
        return self.state == HouseRegistration.State.LIVE and self.community is None and not self.outside

    @property
    def lane(self) -> LaneKey:
        """The lane where it stands, in its sub-district."""
        return self.subdistrict, self.lane_order

    @property
    def newest(self) -> int:
        """The newest event (id) of it."""
        return self.told[-1].event


def unsettled(district: District, *, houses: Sequence[int] | None = None) -> list[UnsettledHouse]:
    """The district's houses, or only those (ids), with what nobody has settled."""
    found: dict[int, UnsettledHouse] = {}
    for *columns, event, kind, before, after in asked(_UNSETTLED, {"district": district.pk, "houses": houses}):
        told = found.setdefault(columns[0], UnsettledHouse(*columns)).told
        told.append(Told(event, kind, _json(before), _json(after)))
    return list(found.values())


def asked(sql: str, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that the database answers to a question about the register."""
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return cursor.fetchall()


def _json(value: str | None) -> dict[str, str]:
    return json.loads(value) if value else {}
