"""The places of one district as the houses page knows them: communities and their officers, sub-districts, lanes."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from communities.models import Community, District, Subdistrict

from .models import Assignment, Lane
from .place_names import LaneNames, Named, Places
from .search_box import Reading, words_of_names


@dataclasses.dataclass(frozen=True)
class DistrictPlaces:
    """The communities of a district by id, in the order of their codes, and its sub-districts by id.

    A community has its code and names of today; `officers` are id and name of whoever works on each today.
    """

    district: District
    communities: Mapping[int, Community]
    officers: Mapping[int, tuple[int, str]]
    subdistricts: Mapping[int, Subdistrict]

    @functools.cached_property
    def communities_to_choose(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each community that has or had a code."""
        return tuple((code, f"{code} {one.name_th}") for one in self.communities.values() if (code := one.label_code))

    @functools.cached_property
    def communities_to_tag(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each community with a code in force."""
        return tuple((code, f"{code} {one.name_th}") for one in self.communities.values() if (code := one.code))

    @functools.cached_property
    def subdistricts_to_choose(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each sub-district."""
        return tuple((one.code, one.name_th) for one in self.subdistricts.values())

    @functools.cached_property
    def officers_to_choose(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each officer who works on a community, by name."""
        return tuple((str(pk), name) for name, pk in sorted({(name, pk) for pk, name in self.officers.values()}))

    def named_in(self, readings: Sequence[Reading]) -> Places:
        """The places that names in the readings may mean."""
        words = words_of_names(readings)
        bearing = {lane.order: lane for word in words for names, lane in self._lanes if word in names}
        return self._places(list(bearing.values()))

    def all(self) -> Places:
        """All places of the district: what a name may have been meant for that none bears."""
        return self._places([lane for _names, lane in self._lanes])

    @functools.cached_property
    def _lanes(self) -> list[tuple[str, LaneNames]]:
        """Each lane of the district behind all its names; read when a name is typed first, by one query."""
        return [("\n".join((lane.trok, lane.soi, lane.road)), lane) for lane in _lanes_of(self.district)]

    def _places(self, lanes: Sequence[LaneNames]) -> Places:
        return Places(lanes, self._named_communities, self._named_subdistricts)

    @functools.cached_property
    def _named_communities(self) -> list[Named]:
        return [Named(pk, one.label_code or "", one.name_th or "") for pk, one in self.communities.items()]

    @functools.cached_property
    def _named_subdistricts(self) -> list[Named]:
        return [Named(pk, one.code, one.name_th) for pk, one in self.subdistricts.items()]


def _lanes_of(district: District) -> Iterable[LaneNames]:
    lanes = Lane.objects.filter(district=district).order_by("lane_order")
    return itertools.starmap(LaneNames, lanes.values_list("lane_order", "trok_key", "soi_key", "road_key"))


def places_of(district: District) -> DistrictPlaces:
    """What the houses page says of the district's places today; two queries, and one for its lanes."""
    found = sorted(_communities_today(district), key=_by_code)
    return DistrictPlaces(
        district,
        communities={one.pk: one for one in found},
        officers={one.pk: (one.officer, one.officer_name) for one in found if one.officer},
        subdistricts={one.pk: one for one in Subdistrict.objects.filter(district=district).order_by("code")},
    )


_at_hand: dict[int, tuple[datetime.datetime, datetime.date, DistrictPlaces]] = {}


def places_at_hand(district: District) -> DistrictPlaces:
    """The same, kept by the process until the district tells of a change; for pages that only show them.

    `district` must have been read in this request: when its places changed last decides. Nobody changes what is kept.
    """
    today, changed_at = timezone.localdate(), district.places_changed_at
    kept = _at_hand.get(district.pk)
    if kept and kept[:2] == (changed_at, today):
        return kept[2]
    places = places_of(district)
    if isinstance(changed_at, datetime.datetime):
        _at_hand[district.pk] = (changed_at, today, places)
    return places


def _communities_today(district: District) -> Iterable[Any]:
    """The communities, each with its `officer` (id) and `officer_name`."""
    statement, values = _statement()
    stated = {_SOME_DAY: timezone.localdate(), _SOME_DISTRICT: district.pk}
    return Community.objects.raw(statement, [stated.get(value, value) for value in values])


_SOME_DAY = datetime.date(1, 1, 1)
_SOME_DISTRICT = -1


@functools.cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The question for a district's communities on a day; to write it takes ten times as long as to answer it."""
    # Whoever stands in goes before the officer who is away.
    working = Assignment.objects.on(_SOME_DAY).filter(community=OuterRef("pk"))
    working = working.order_by(F("stands_in_for").asc(nulls_last=True))
    attended = Community.objects.as_at(_SOME_DAY).annotate(
        officer=Subquery(working.values("officer")[:1]),
        officer_name=Subquery(working.values("officer__full_name")[:1]),
    )
    return attended.filter(district=_SOME_DISTRICT).query.sql_with_params()


def _by_code(community: Community) -> tuple[bool, str, int]:
    """Those that never had a code come last."""
    return community.label_code is None, community.label_code or "", community.pk
