"""Strays: found as a walk along each side finds them, found right with a note, and back when their tag changes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.desk_checks import change_is_right, stray_is_right, take_back
from households.house_numbers import HouseNumber, parse
from households.lane_sides import Side, parting_of, side_of
from households.models import HouseRegistration, LifeEvent
from households.strays import strays_found_right, strays_of, to_look_at
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
LATER = datetime.date(2015, 1, 21)


@pytest.fixture
def neighbour(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="โรงเจ 2")


@pytest.fixture
def row(subdistrict, community, neighbour):
    """Soi เทอดไท 5, odd side: 1, 3, 5, 7, 9 of โรงเจ 1, but 5 of โรงเจ 2."""
    made = {}
    for number in ("1", "3", "5", "7", "9"):
        made[number] = HouseFactory(subdistrict=subdistrict, house_no=number)
        tag_event(made[number], neighbour if number == "5" else community, on=DAY)
    return made


def stray_numbers(district):
    found = to_look_at(strays_of(district))
    return [HouseRegistration.objects.get(pk=stray.house).house_no for stray in found]


def refusal_of(deed, *args, **more):
    with pytest.raises(ValidationError) as refused:
        deed(*args, **more)
    return refused.value.code


def test_a_house_between_houses_of_one_other_community_is_a_stray(district, row, community, neighbour):
    [stray] = strays_of(district)
    assert (stray.house, stray.before, stray.after) == (row["5"].pk, row["3"].pk, row["7"].pk)
    assert (stray.community, stray.neighbours_community) == (neighbour.pk, community.pk)


def test_the_other_side_of_the_lane_does_not_count(district, subdistrict, row, neighbour):
    for number in ("4", "6"):
        tag_event(HouseFactory(subdistrict=subdistrict, house_no=number), neighbour, on=DAY)
    assert stray_numbers(district) == ["5"]


def test_a_house_between_two_communities_is_none(district, row, neighbour):
    tag_event(row["7"], neighbour, on=LATER)
    assert stray_numbers(district) == []


def test_untagged_and_struck_houses_are_passed_over(district, subdistrict, row):
    HouseFactory(subdistrict=subdistrict, house_no="5/1")
    HouseRegistration.objects.filter(pk=row["7"].pk).update(state="struck")
    [stray] = strays_of(district)
    assert (stray.house, stray.after) == (row["5"].pk, row["9"].pk)


def test_a_lane_of_the_same_name_in_another_subdistrict_is_another_lane(district, row, community):
    elsewhere = SubdistrictFactory(district=district, code="101506")
    for number in ("5/1", "5/2"):
        tag_event(HouseFactory(subdistrict=elsewhere, house_no=number), community, on=DAY)
    assert stray_numbers(district) == ["5"]


def test_only_the_lanes_asked_for_are_looked_at(district, row):
    assert strays_of(district, lanes=[row["5"].lane_order]) == strays_of(district)
    assert strays_of(district, lanes=["elsewhere"]) == []
    assert strays_of(DistrictFactory(code="1016")) == []


def test_a_district_is_looked_at_by_one_statement(district, row):
    with CaptureQueriesContext(connection) as queries:
        strays_of(district)
    assert len(queries) == 1


# --- found right ---


def test_a_stray_found_right_is_no_longer_to_be_looked_at(district, row, neighbour, officer):
    check = stray_is_right(row["5"], by=officer, note=" ร้านของชุมชน ", shown_community=neighbour.pk)
    assert stray_numbers(district) == []
    assert [found.pk for found in strays_found_right(district)] == [check.pk]
    assert (check.note, check.community_id, check.recorded_by) == ("ร้านของชุมชน", neighbour.pk, officer)


def test_it_comes_back_when_the_check_is_taken_back(district, row, neighbour, officer):
    check = stray_is_right(row["5"], by=officer, note="ดูแล้ว", shown_community=neighbour.pk)
    take_back(check, by=officer)
    assert stray_numbers(district) == ["5"]
    assert not strays_found_right(district)
    assert refusal_of(take_back, check, by=officer) == "taken_back_already"


def test_a_taking_back_is_not_taken_back(row, neighbour, officer):
    back = take_back(stray_is_right(row["5"], by=officer, note="ดูแล้ว", shown_community=neighbour.pk), by=officer)
    assert refusal_of(take_back, back, by=officer) == "not_a_check"


def test_it_comes_back_with_another_community(district, subdistrict, row, neighbour, officer):
    stray_is_right(row["5"], by=officer, note="ดูแล้ว", shown_community=neighbour.pk)
    third = CommunityFactory.create(subdistrict=subdistrict, code="10150009", name="ตากสินสัมพันธ์")
    tag_event(row["5"], third, on=LATER)
    assert stray_numbers(district) == ["5"]
    assert not strays_found_right(district)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"note": "  "}, "note_needed"), ({"shown_community": None}, "stale_page")],
)
def test_a_stray_is_not_found_right(row, neighbour, officer, changes, code):
    said = {"by": officer, "note": "ดูแล้ว", "shown_community": neighbour.pk} | changes
    assert refusal_of(stray_is_right, row["5"], **said) == code


def test_what_is_no_stray_or_was_settled_is_refused(row, community, neighbour, officer):
    assert refusal_of(stray_is_right, row["3"], by=officer, note="x", shown_community=community.pk) == "not_a_stray"
    stray_is_right(row["5"], by=officer, note="ดูแล้ว", shown_community=neighbour.pk)
    assert refusal_of(stray_is_right, row["5"], by=officer, note="x", shown_community=neighbour.pk) == "not_a_stray"


# --- a change of the register found right ---


def test_a_change_of_the_register_is_settled_once_until_that_is_taken_back(row, neighbour, officer):
    event = LifeEvent.objects.create(
        house=row["5"], kind="changed", ground="central_register", happened_on=DAY, counted_on=DAY, recorded_by=officer
    )
    said = {"by": officer, "shown_community": neighbour.pk}
    check = change_is_right(event, note="ซอยเปลี่ยนชื่อ", **said)
    assert (check.life_event, check.community_id) == (event, neighbour.pk)
    assert refusal_of(change_is_right, event, **said) == "settled_already"
    take_back(check, by=officer)
    assert change_is_right(event, **said).note == ""
    assert refusal_of(change_is_right, event, by=officer, shown_community=None) == "stale_page"


# --- the statement against a walk in plain Python ---

NUMBERS = st.builds(HouseNumber, st.integers(1, 9), st.none() | st.integers(1, 4))
COMMUNITIES = st.sampled_from([None, 0, 0, 1, 2])
STATES = st.sampled_from(["live", "live", "live", "struck"])


class StatementAndWalk(TestCase):
    """Hypothesis runs each example in a transaction of its own."""

    def setUp(self):
        self.district = DistrictFactory(code="1015")
        self.subdistrict = SubdistrictFactory(district=self.district)
        self.communities = [CommunityFactory.create(subdistrict=self.subdistrict) for _ in range(3)]
        self.officer = appoint(Role.OFFICER, self.district)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(NUMBERS, COMMUNITIES, STATES), max_size=14))
    def test_the_statement_finds_what_a_walk_along_each_side_finds(self, houses):
        with transaction.atomic():
            made = [self._house(number, community) for number, community, _state in houses]
            for house, (_number, _community, state) in zip(made, houses, strict=True):
                HouseRegistration.objects.filter(pk=house.pk).update(state=state)
            found = {stray.house for stray in strays_of(self.district)}
            assert found == set(_walked(HouseRegistration.objects.filter(district=self.district).in_lane_order()))
            transaction.set_rollback(True)

    def _house(self, number, community):
        house = HouseFactory(subdistrict=self.subdistrict, house_no=number.key)
        if community is not None:
            tag_event(house, self.communities[community], on=DAY)
        return house


def _walked(houses):
    """The strays of one lane, side by side."""
    numbers = [parse(house.house_no) for house in houses]
    parting = parting_of(numbers)
    for side in Side:
        tagged = [
            house
            for house, number in zip(houses, numbers, strict=True)
            if side_of(number, parting) == side and house.community_id and house.state == "live"
        ]
        for before, house, after in zip(tagged, tagged[1:], tagged[2:], strict=False):
            if before.community_id == after.community_id != house.community_id:
                yield house.pk
