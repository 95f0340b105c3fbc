"""What the register changed since a district's first extract, and nobody has looked at yet (product.md H6).

Nothing is noted for the queue: it follows from the life events that renewed a known register (`renewed_in`), from how
each house stands now, and from what people did since. A change is settled by the house's next tag (to a community,
to another, to none, off; an undone one does not count) or by a check at the desk. The rules with an example each are
in docs/register-changes.md. Three to six queries, however many houses a district has.
"""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from communities.models import District
from communities.thai_text import clean, to_arabic_digits

from .addresses import lane_order, read_address
from .house_numbers import HouseNumber
from .lane_sides import number_read
from .models import HouseRegistration, LifeEvent, TagEvent

State = HouseRegistration.State
# A lane is the houses of one name in one sub-district: id and lane order.
LaneKey = tuple[int, str]
_LAST_CHARACTER = "\U0010ffff"
# What pages show and count of a queue, and how many events are looked at in one go.
MOST_SHOWN = 300
_EVENTS_AT_ONCE = 600


class Kind(models.TextChoices):
    """What happened to a house, as far as an officer has something to decide."""

    NEW = "new", _("new house in a tagged lane")
    SPLIT = "split", _("house divided")
    MOVED = "moved", _("address changed since it was tagged")
    STRUCK = "struck", _("struck off, with a code")
    VANISHED = "vanished", _("gone from the extract, with a code")
    RETURNED = "returned", _("back in the register, without a code")


@dataclasses.dataclass(frozen=True)
class Change:
    """A house that waits for a look. All ids.

    `event`: the newest life event of the change, which a check settles with all before it. `communities`: those that
    it concerns: the house's own, its parent's, or the lane's. `differences`: column → before, after, since the house
    was last decided about; `elsewhere`: it came to another lane or sub-district. `parent`: the house whose number a
    new one divides, `family` the newest event among all that divide it, so that they stand together.
    """

    kind: Kind
    house: int
    event: int
    communities: frozenset[int] = frozenset()
    differences: Mapping[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    elsewhere: bool = False
    parent: int | None = None
    family: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the queue, the newest first when turned round."""
        return self.family or self.event, self.event


def waiting(district: District) -> list[Change]:
    """All changes of the district's register that wait for a look, the newest first, divided houses together."""
    return _changes(district, _unsettled(district))


def waiting_of(district: District, houses: Collection[int]) -> list[Change]:
    """Those of the waiting changes that are about these houses (ids)."""
    return _changes(district, _unsettled(district, houses=list(houses)))


def change_of(house: HouseRegistration) -> Change | None:
    """The change of this house that waits for a look, if any; mostly one query."""
    return next(iter(waiting_of(house.district, [house.pk])), None)


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
    return Newest(_in_order(found.values()), all_of_own or is_all, is_all)


def newest_of_own(
    district: District, *, own: Collection[int], kind: Kind | None = None, most: int = MOST_SHOWN
) -> Newest:
    """The newest `most` of the waiting changes that concern the own communities (ids), and no others."""
    mine, is_all = _newest(district, kind, own, most) if own else ([], True)
    return Newest(_in_order(mine), is_all, is_all)


def _newest(district: District, kind: Kind | None, own: Collection[int], most: int) -> tuple[list[Change], bool]:
    """The newest `most` changes of the kind, those near the own communities if there are any; whether it is all."""
    found: dict[int, Change] = {}
    seen: set[int] = set()
    facts = {"district": district.pk, "houses": None, "own": list(own) or None, "limit": _EVENTS_AT_ONCE}
    before = None
    while len(found) <= most:
        events = _asked(_NEWEST[kind], facts | {"before": before})
        fresh = {house for _event, house in events} - seen
        for change in waiting_of(district, fresh) if fresh else ():
            if kind in (None, change.kind) and not (own and change.communities.isdisjoint(own)):
                found[change.house] = change
        if len(events) < _EVENTS_AT_ONCE:
            return list(found.values())[:most], len(found) <= most
        seen |= fresh
        before = events[-1][0]
    return list(found.values())[:most], False


def _changes(district: District, houses: Sequence[_House]) -> list[Change]:
    arrived = [house for house in houses if house.is_free]
    return _in_order([*_arrivals(district, arrived), *filter(None, map(_change_of_decided, houses))])


def _in_order(changes: Collection[Change]) -> list[Change]:
    """The newest first, all that divide one house where the newest of them stands."""
    newest: dict[int, int] = defaultdict(int)
    for change in changes:
        if change.parent is not None:
            newest[change.parent] = max(newest[change.parent], change.event)
    together = [
        change if change.parent is None else dataclasses.replace(change, family=newest[change.parent])
        for change in changes
    ]
    return sorted(together, key=lambda change: change.place, reverse=True)


def waiting_since(district: District, event: int) -> list[Change]:
    """Those of the waiting changes that came after the life event (id): what one load brought to look at."""
    return [change for change in waiting(district) if change.event > event]


def newest_renewal(district: District) -> int:
    """The id of the newest event that a later extract told of the district, 0 for none."""
    newest = LifeEvent.objects.filter(renewed_in=district).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


# --- what a later extract told and nobody has settled ---

# Only events that can still matter: of a free house that it came, of a decided one that it changed or went.
_UNSETTLED_EVENTS = """
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
{_UNSETTLED_EVENTS} ORDER BY e.id
"""

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
{_UNSETTLED_EVENTS} AND (%(before)s::bigint IS NULL OR e.id < %(before)s) AND {events} AND {_NEAR_OWN}
ORDER BY e.id DESC LIMIT %(limit)s
"""
    for kind, events in _EVENTS_OF.items()
}


class _Told(NamedTuple):
    """A life event of the house: its id, what it told, and the columns before and after."""

    event: int
    kind: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class _House:
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
    told: list[_Told] = dataclasses.field(default_factory=list)

    @property
    def is_free(self) -> bool:
        """Whether it is in the register and nobody has said where it belongs."""
        return self.state == State.LIVE and self.community is None and not self.outside

    @property
    def lane(self) -> LaneKey:
        return self.subdistrict, self.lane_order

    @property
    def newest(self) -> int:
        return self.told[-1].event


def _unsettled(district: District, *, houses: Sequence[int] | None = None) -> list[_House]:
    """The district's houses, or only those (ids), with what nobody has settled."""
    found: dict[int, _House] = {}
    for *columns, event, kind, before, after in _asked(_UNSETTLED, {"district": district.pk, "houses": houses}):
        told = found.setdefault(columns[0], _House(*columns)).told
        told.append(_Told(event, kind, _json(before), _json(after)))
    return list(found.values())


def _asked(sql: str, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return cursor.fetchall()


def _json(value: str | None) -> dict[str, str]:
    return json.loads(value) if value else {}


# --- houses that carry a code, or were said to be in no community ---


def _change_of_decided(house: _House) -> Change | None:
    if house.is_free:
        return None
    if house.state != State.LIVE:
        kind = Kind.STRUCK if house.state == State.STRUCK else Kind.VANISHED
        return Change(kind, house.pk, house.newest, _only(house.community))
    differences = _differences(house.told)
    elsewhere = _came_elsewhere(house, differences)
    if not elsewhere and not _is_renumbered(differences):
        return None
    return Change(
        Kind.MOVED, house.pk, house.newest, _only(house.community), differences=differences, elsewhere=elsewhere
    )


def _only(community: int | None) -> frozenset[int]:
    return frozenset() if community is None else frozenset({community})


def _differences(told: Iterable[_Told]) -> dict[str, tuple[str, str]]:
    """Each column as it was before the first change and is after the last; one that changed back is no difference."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for _event, _kind, was, becomes in told:
        before = {**was, **before}
        after |= becomes
    return {name: (was, after.get(name, "")) for name, was in before.items() if was != after.get(name, "")}


def _came_elsewhere(house: _House, differences: Mapping[str, tuple[str, str]]) -> bool:
    """Whether the sub-district, or the lane however it is written, is another one than before."""
    now = {"trok": house.trok, "soi": house.soi, "road": house.road}
    was = {part: differences[part][0] if part in differences else value for part, value in now.items()}
    return "subdistrict" in differences or lane_order(read_address(**was)) != lane_order(read_address(**now))


def _is_renumbered(differences: Mapping[str, tuple[str, str]]) -> bool:
    number = differences.get("house_no", ("", ""))
    moo = differences.get("moo", ("", ""))
    return _number_key(number[0]) != _number_key(number[1]) or _plain(moo[0]) != _plain(moo[1])


def _number_key(text: str) -> str:
    number = number_read(text)
    return number.key if number else _plain(text)


def _plain(text: str) -> str:
    return to_arabic_digits(clean(text))


# --- houses that came, or came back, and that nobody has decided about ---


def _arrivals(district: District, houses: Sequence[_House]) -> list[Change]:
    if not houses:
        return []
    parents = _parents(district, houses)
    tagged = _communities_near(district, {house.lane for house in houses})
    left = _communities_left({*(house.pk for house in houses), *parents.values()})
    found = []
    for house in houses:
        is_new = any(told.kind == LifeEvent.Kind.REGISTERED for told in house.told)
        communities = tagged.get(house.lane, frozenset())
        if is_new and house.pk in parents:
            parent = parents[house.pk]
            communities = left.get(parent) or communities
            found.append(Change(Kind.SPLIT, house.pk, house.newest, communities, parent=parent))
        elif is_new and communities:
            found.append(Change(Kind.NEW, house.pk, house.newest, communities))
        elif not is_new and (communities or house.pk in left):
            found.append(Change(Kind.RETURNED, house.pk, house.newest, left.get(house.pk, communities)))
    return found


# What is asked of a few lanes is fetched lane by lane (OFFSET 0): statistics that lag behind a load must not lead the
# planner to go through the whole register instead.

# A parent carries a code, or carried one before it was struck off or went.
_WAS_TAGGED = """
(parent.community_id IS NOT NULL
 OR parent.state <> 'live' AND EXISTS (SELECT 1 FROM households_tagevent t WHERE t.house_id = parent.id))
"""

_ANCESTORS = f"""
SELECT told.house, parent.id
FROM unnest(%(houses)s::bigint[], %(subdistricts)s::bigint[], %(lanes)s::text[], %(numbers)s::text[], %(steps)s::int[])
     AS told(house, subdistrict, lane, number, step)
CROSS JOIN LATERAL (
    SELECT * FROM households_houseregistration h
    WHERE h.district_id = %(district)s AND h.lane_order = told.lane AND h.number_order = told.number OFFSET 0
) AS parent
WHERE parent.subdistrict_id = told.subdistrict AND parent.id <> told.house AND {_WAS_TAGGED}
ORDER BY told.step DESC, parent.id DESC
"""

# The 16th to 20th digit of the order are the end of a range; what cannot be read begins with "~".
_RANGES = f"""
SELECT parent.subdistrict_id, parent.lane_order, parent.number_order, parent.id
FROM unnest(%(subdistricts)s::bigint[], %(lanes)s::text[]) AS told(subdistrict, lane)
CROSS JOIN LATERAL (
    SELECT * FROM households_houseregistration h
    WHERE h.district_id = %(district)s AND h.lane_order = told.lane AND h.number_order < '~'
      AND substr(h.number_order, 16, 5) <> '00000' OFFSET 0
) AS parent
WHERE parent.subdistrict_id = told.subdistrict AND {_WAS_TAGGED}
"""


def _parents(district: District, houses: Iterable[_House]) -> dict[int, int]:
    """For each house (by id) the tagged or gone house of its lane whose number it divides; the nearest of several."""
    numbers = {house.pk: HouseNumber.of_order(house.number_order) for house in houses if house.number_order < "~"}
    known = [house for house in houses if house.pk in numbers]
    found = dict(_asked(_ANCESTORS, {"district": district.pk} | _ancestors(known, numbers)))
    ranges = _ranges(district, {house.lane for house in known})
    for house in known:
        for number, parent in ranges.get(house.lane, ()):
            if parent != house.pk and _lies_within(numbers[house.pk], number):
                found[house.pk] = parent
    return found


def _ancestors(houses: Iterable[_House], numbers: Mapping[int, HouseNumber]) -> dict[str, list[Any]]:
    """The numbers that each house's number divides, as columns of a query: 12/3, then 12, for 12/3 ก."""
    lines = []
    for house in houses:
        ancestor, step = numbers[house.pk].parent, 1
        while ancestor is not None:
            lines.append((house.pk, *house.lane, ancestor.order, step))
            ancestor, step = ancestor.parent, step + 1
    columns = list(map(list, zip(*lines, strict=True))) or [[], [], [], [], []]
    return dict(zip(("houses", "subdistricts", "lanes", "numbers", "steps"), columns, strict=True))


def _ranges(district: District, lanes: Collection[LaneKey]) -> dict[LaneKey, list[tuple[HouseNumber, int]]]:
    """The ranges of numbers in these lanes that are tagged, or were: number and house."""
    subdistricts, orders = [lane[0] for lane in lanes], [lane[1] for lane in lanes]
    facts = {"district": district.pk, "subdistricts": subdistricts, "lanes": orders}
    found: dict[LaneKey, list[tuple[HouseNumber, int]]] = defaultdict(list)
    for subdistrict, lane, number, pk in _asked(_RANGES, facts):
        found[subdistrict, lane].append((HouseNumber.of_order(number), pk))
    return found


def _lies_within(number: HouseNumber, numbers: HouseNumber) -> bool:
    """Whether a single number is one of a range: 12/4 of 12/3-5."""
    parts, first = (number.main, number.sub, number.sub2), (numbers.main, numbers.sub, numbers.sub2)
    depth = sum(part is not None for part in first)
    if number.is_range or number.suffix or sum(part is not None for part in parts) != depth:
        return False
    last = parts[depth - 1] or 0
    return parts[: depth - 1] == first[: depth - 1] and (first[depth - 1] or 0) <= last <= (numbers.range_end or 0)


_COMMUNITIES_NEAR = """
SELECT told.subdistrict, told.lane, array_agg(DISTINCT near.community_id)
FROM unnest(%(subdistricts)s::bigint[], %(lanes)s::text[], %(firsts)s::text[], %(lasts)s::text[])
     AS told(subdistrict, lane, first, last)
CROSS JOIN LATERAL (
    SELECT DISTINCT h.subdistrict_id, h.community_id FROM households_houseregistration h
    WHERE h.district_id = %(district)s AND h.lane_order BETWEEN told.first AND told.last
      AND h.community_id IS NOT NULL OFFSET 0
) AS near
WHERE near.subdistrict_id = told.subdistrict
GROUP BY told.subdistrict, told.lane
"""


def _communities_near(district: District, lanes: Collection[LaneKey]) -> dict[LaneKey, frozenset[int]]:
    """The communities that have houses in each lane; with a soi, in all of the soi and its troks."""
    lines = [(subdistrict, lane, *_reach(lane)) for subdistrict, lane in lanes]
    columns = map(list, zip(*lines, strict=True))
    facts = dict(zip(("subdistricts", "lanes", "firsts", "lasts"), columns, strict=True))
    found = _asked(_COMMUNITIES_NEAR, facts | {"district": district.pk})
    return {(subdistrict, lane): frozenset(communities) for subdistrict, lane, communities in found}


def _reach(lane: str) -> tuple[str, str]:
    """The first and the last lane order that count as near: the lane's own, or all of its soi."""
    parts = lane.split("\t")
    if len(parts) != 3 or not parts[1]:
        return lane, lane
    soi = f"{parts[0]}\t{parts[1]}\t"
    return soi, soi + _LAST_CHARACTER


def _communities_left(houses: Collection[int]) -> dict[int, frozenset[int]]:
    """The community that each of the houses has, or had before its code was taken off; none for one never tagged."""
    newest = TagEvent.objects.newest_of(houses).values_list("house", "community", "previous_community")
    return {house: _only(community or previous) for house, community, previous in newest if community or previous}
