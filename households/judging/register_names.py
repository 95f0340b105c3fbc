"""The names of a district's lanes, as its register has them and as people confirmed them: what matching goes by."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product

from django.db import connection
from django.db.models import Q

from communities.models import Subdistrict

from ..models import Alias
from .grading import OtherLane
from .lane_names import LaneBook, Names
from .old_subdistricts import DIVIDED_INTO

# What a grading rests on: it is made anew when one of these has changed.
STATE = """
SELECT coalesce((SELECT max(id) FROM households_lifeevent), 0),
       coalesce((SELECT max(id) FROM households_houseregistration), 0),
       coalesce(max(id), 0), count(withdrawn_at),
       coalesce((SELECT max(id) FROM households_tagevent WHERE outside <> previous_outside), 0)
FROM households_alias WHERE district_id = %(district)s
"""

# Walks from lane to lane along the index of the lane order: as many steps as there are lanes, not houses.
LANES = """
WITH RECURSIVE lane AS (
  (SELECT lane_order, trok_key, soi_key, road_key FROM households_houseregistration
   WHERE district_id = %(district)s ORDER BY lane_order LIMIT 1)
  UNION ALL
  SELECT following.* FROM lane, LATERAL (
    SELECT lane_order, trok_key, soi_key, road_key FROM households_houseregistration
    WHERE district_id = %(district)s AND lane_order > lane.lane_order ORDER BY lane_order LIMIT 1) following
)
SELECT trok_key, soi_key, road_key FROM lane
"""


@dataclasses.dataclass(frozen=True)
class RegisterState:
    """The newest life event, house and alias, how many of the district's aliases were withdrawn, and the newest tag
    event that said of a house that it is in no community, or took that back."""

    life_event: int
    house: int
    alias: int
    withdrawn: int
    outside: int

    @property
    def alias_changes(self) -> int:
        """A number that grows with each alias that is confirmed or withdrawn; 0 before the first."""
        return self.alias + self.withdrawn


def state_of_register(district: int) -> RegisterState:
    """How far register and aliases have come."""
    with connection.cursor() as cursor:
        cursor.execute(STATE, {"district": district})
        return RegisterState(*cursor.fetchone())


class RegisterNames:
    """What else the lane of a row may be called, by the confirmed aliases or by likeness to the register's names."""

    def __init__(self, district: int, sender: int | None, state: RegisterState) -> None:
        self._book = _lane_book(district, state.life_event, state.house)
        self._aliases = _aliases(district, sender, state.alias, state.withdrawn)
        self._found: dict[Names, tuple[OtherLane, ...]] = {}

    def other_lanes(self, names: Names) -> tuple[OtherLane, ...]:
        """The other lanes that a row which states these names (trok, soi, road) may mean; mostly none."""
        if names not in self._found:
            confirmed = list(self._confirmed(names)) if self._aliases else []
            alike = [] if confirmed or self._book.knows(names) else self._book.spelt_alike(names)
            self._found[names] = (*confirmed, *alike)
        return self._found[names]

    def _confirmed(self, names: Names) -> Iterator[OtherLane]:
        trok, soi, road = names
        of_trok = [trok, *self._aliases.get(("trok", trok), ())]
        of_soi = [soi, *self._aliases.get(("soi", soi), ()), *self._soi_of_renamed_road(soi)]
        of_road = [road, *self._aliases.get(("road", road), ())]
        for other in product(of_trok, of_soi, of_road):
            if other != names and self._book.knows(other):
                yield OtherLane(*other, is_confirmed=True)

    def _soi_of_renamed_road(self, soi: str) -> Iterator[str]:
        """A soi is called by its road: where the road has another name, so has the soi."""
        for (part, written), meanings in self._aliases.items():
            if part == "road" and soi.startswith(f"{written} "):
                yield from (meant + soi.removeprefix(written) for meant in meanings)


def divided_subdistricts(district: int) -> Mapping[int, frozenset[int]]:
    """The sub-districts of today that were once part of each; those that were never divided are left out."""
    ids = dict(Subdistrict.objects.filter(district=district).values_list("code", "pk"))
    return {
        ids[old]: frozenset(ids[new] for new in parts if new in ids)
        for old, parts in DIVIDED_INTO.items()
        if old in ids
    }


# Both are kept until something changes: the numbers beside the district are there to tell when.
@lru_cache(maxsize=64)
def _lane_book(district: int, _life_event: int, _house: int) -> LaneBook:
    with connection.cursor() as cursor:
        cursor.execute(LANES, {"district": district})
        return LaneBook(cursor.fetchall())


@lru_cache(maxsize=256)
def _aliases(district: int, sender: int | None, _alias: int, _withdrawn: int) -> dict[tuple[str, str], list[str]]:
    """What each written name may mean, for lists of this sender; an official and a short name mean each other."""
    known = Alias.objects.in_use().filter(Q(sender=None) | Q(sender=sender), district=district)
    found: dict[tuple[str, str], list[str]] = {}
    for part, written, meant, ground in known.values_list("part", "written", "meant", "ground"):
        for one, other in _directions(written, meant, ground):
            found.setdefault((part, one), []).append(other)
    return found


def _directions(written: str, meant: str, ground: str) -> Iterable[tuple[str, str]]:
    return [(written, meant), (meant, written)] if ground == Alias.Ground.OFFICIAL else [(written, meant)]
