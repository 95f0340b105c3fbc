"""The newest of the register's changes that wait, as pages show and count them: no more of the queue is worked out."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from communities.models import District

from .register_changes import Change, Kind, in_order, waiting_of
from .unsettled_houses import UNSETTLED_EVENTS, asked

# What pages show and count of a queue, and how many events are looked at in one go.
MOST_SHOWN = 300
_EVENTS_AT_ONCE = 600

# What an event must be to lead to a change of the kind; houses without a code are told apart afterwards.
_EVENTS_OF: Mapping[Kind | None, str] = {
    None: "true",
    Kind.NEW: "e.kind = 'registered'",
    Kind.SPLIT: "e.kind = 'registered'",
    Kind.RETURNED: "e.kind = 'restored'",
    Kind.MOVED: "e.kind = 'changed'",
    Kind.STRUCK: "h.state = 'struck'",
    Kind.VANISHED: "h.state = 'vanished'",
}
# Houses of the own communities, and those without a code in a soi or lane that has such houses.
_NEAR_OWN = r"""
(%(own)s::bigint[] IS NULL OR h.community_id = ANY(%(own)s) OR h.community_id IS NULL AND (
    h.subdistrict_id, split_part(h.lane_order, E'\t', 1), split_part(h.lane_order, E'\t', 2)
) IN (
    SELECT own.subdistrict_id, split_part(own.lane_order, E'\t', 1), split_part(own.lane_order, E'\t', 2)
    FROM households_houseregistration own WHERE own.community_id = ANY(%(own)s)
))
"""
# The newest events come from their index one after the other, until there are enough.
_NEWEST = {
    kind: f"""
SELECT e.id, h.id
{UNSETTLED_EVENTS} AND (%(before)s::bigint IS NULL OR e.id < %(before)s) AND {events} AND {_NEAR_OWN}
ORDER BY e.id DESC LIMIT %(limit)s
"""
    for kind, events in _EVENTS_OF.items()
}


@dataclasses.dataclass(frozen=True)
class Newest:
    """The newest of the waiting changes, divided houses together.

    `all_of_own`, `is_all`: whether no other waits that concerns the communities asked for, and none of those sought.
    """

    changes: Sequence[Change]
    all_of_own: bool
    is_all: bool


def newest_waiting(
    district: District, *, kind: Kind | None = None, own: Collection[int] = (), most: int = MOST_SHOWN
) -> Newest:
    """The newest changes that wait, of that kind or of all: `most` that concern the own communities (ids), `most` of
    whichever.
    """
    mine, all_of_own = _newest(district, kind, own, most) if own else ([], True)
    others, is_all = _newest(district, kind, (), most)
    found = {change.house: change for change in [*others, *mine]}
    return Newest(in_order(found.values()), all_of_own or is_all, is_all)


def newest_of_own(
    district: District, *, own: Collection[int], kind: Kind | None = None, most: int = MOST_SHOWN
) -> Newest:
    """The newest `most` of the waiting changes that concern the own communities (ids), and no others."""
    mine, is_all = _newest(district, kind, own, most) if own else ([], True)
    return Newest(in_order(mine), is_all, is_all)


def _newest(district: District, kind: Kind | None, own: Collection[int], most: int) -> tuple[list[Change], bool]:
    """The newest `most` changes of the kind, those near the own communities if there are any; whether it is all."""
    found: dict[int, Change] = {}
    seen: set[int] = set()
    facts = {"district": district.pk, "houses": None, "own": list(own) or None, "limit": _EVENTS_AT_ONCE}
    before = None
    while len(found) <= most:
        events = asked(_NEWEST[kind], facts | {"before": before})
        fresh = {house for _event, house in events} - seen
        for change in waiting_of(district, fresh) if fresh else ():
            if kind in (None, change.kind) and not (own and change.communities.isdisjoint(own)):
                found[change.house] = change
        if len(events) < _EVENTS_AT_ONCE:
            return list(found.values())[:most], len(found) <= most
        seen |= fresh
        before = events[-1][0]
    return list(found.values())[:most], False
