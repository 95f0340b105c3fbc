"""The city at work, for measuring pages: 3.2 million houses in 50 districts, communities, officers, and tags.

Made once in a run of the benchmarks that use it: making it takes minutes.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from benchmarks.scratch import migrated, scratch
from communities.models import Appointment, Community, CommunityCode, CommunityName, District, Person, Role, Subdistrict
from communities.reference_data import COMMAND_LINE
from households import tagging
from households.made_city import fill_districts, renew_statistics
from households.models import HouseRegistration, Lane

HOUSES = 3_200_000
COMMUNITIES_A_DISTRICT = 12
OFFICERS_A_DISTRICT = 5
# In the districts where officers work: every third lane belongs to a community, the rest waits.
DISTRICTS_AT_WORK = 10
_TAGGED_ONE_IN = 3
_SINCE = datetime.timedelta(days=400)


@dataclass(frozen=True)
class DistrictAtWork:
    """A district in which officers work, with its communities and officers."""

    district: District
    communities: Sequence[Community]
    officers: Sequence[Person]


@dataclass(frozen=True)
class OfficedCity:
    """The whole city and its districts at work."""

    houses: int
    at_work: Sequence[DistrictAtWork]


_rooms = contextlib.ExitStack()


@functools.cache
def officed_city(share: float) -> OfficedCity:
    """The city of that share of its size, in a scratch database to which Django is connected until the run ends."""
    _rooms.enter_context(migrated())
    _rooms.enter_context(scratch())
    by = Person.objects.get(username=COMMAND_LINE)
    districts = list(District.objects.order_by("code"))
    made = fill_districts(districts, houses=round(HOUSES * share), by=by)
    at_work = [_put_to_work(district, by) for district in districts[:DISTRICTS_AT_WORK]]
    renew_statistics()
    return OfficedCity(made.houses, at_work)


def leave_the_city() -> None:
    """Drops the city's database, if one was made."""
    _rooms.close()
    officed_city.cache_clear()


def _put_to_work(district: District, by: Person) -> DistrictAtWork:
    communities = [founded(district, nth, by) for nth in range(1, COMMUNITIES_A_DISTRICT + 1)]
    lanes = Lane.objects.filter(district=district).order_by("lane_order").values_list("lane_order", flat=True)
    for nth, lane in enumerate(lanes[::_TAGGED_ONE_IN]):
        houses = HouseRegistration.objects.filter(district=district, lane_order=lane, state="live")
        ids = list(houses.values_list("pk", flat=True))
        tagging.tag(ids, community=communities[nth % len(communities)], by=by, expected=len(ids))
    officers = [appointed(district, nth) for nth in range(1, OFFICERS_A_DISTRICT + 1)]
    return DistrictAtWork(district, communities, officers)


def founded(district: District, nth: int, by: Person) -> Community:
    """The district's nth community, with a name and a code in force."""
    subdistricts = Subdistrict.objects.filter(district=district).order_by("code")
    community = Community.objects.create(district=district, subdistrict=subdistricts[nth % len(subdistricts)])
    row = {"community": community, "in_force_from": timezone.localdate() - _SINCE, "recorded_by": by}
    CommunityName.objects.create(**row, name_th=f"ชุมชน{district.name_th} {nth}")
    CommunityCode.objects.create(**row, code=f"{district.code}{nth:04}")
    return community


def appointed(district: District, nth: int) -> Person:
    """The district's nth officer."""
    person = Person.objects.create(username=f"officer{district.code}-{nth}", full_name=f"เจ้าหน้าที่ {nth}")
    Appointment.objects.create(person=person, role=Role.OFFICER, district=district, since=timezone.localdate() - _SINCE)
    return person
