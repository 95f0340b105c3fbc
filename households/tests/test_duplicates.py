"""Registrations that look like one house: which are found, why, in which order."""

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households import duplicates
from households.duplicates import Why, look_alikes
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def subdistrict():
    return SubdistrictFactory()


@pytest.fixture
def district(subdistrict):
    return subdistrict.district


def found(district, **which):
    """Each group: why, and its house numbers in order."""
    return [(group.why, [house.house_no for house in group.houses]) for group in look_alikes(district, **which).groups]


def test_one_address_under_two_house_codes(district):
    HouseFactory(house_no="12/3")
    HouseFactory(house_no="๑๒ / ๓")
    HouseFactory(house_no="12/4")
    assert found(district) == [(Why.SAME_ADDRESS, ["12/3", "๑๒ / ๓"])]


def test_a_letter_after_the_number_beside_the_number_alone(district):
    for number in ("12/3", "12/3 ก", "12/3 ข", "15 ก", "15 ข"):
        HouseFactory(house_no=number)
    assert found(district) == [(Why.LETTER_OR_RANGE, ["12/3", "12/3 ก", "12/3 ข"])]


@pytest.mark.parametrize(
    ("of_range", "within", "outside"),
    [
        ("12/3-5", ["12/3", "12/4", "12/5"], ["12/2", "12/6", "12", "12/4/1", "13/4"]),
        ("12-14", ["12", "13", "14"], ["11", "15", "13/1"]),
        ("7/2/1-3", ["7/2/1", "7/2/3"], ["7/2", "7/1/2", "7/2/4"]),
    ],
)
def test_a_range_beside_the_numbers_it_covers(district, of_range, within, outside):
    for number in [of_range, *within, *outside]:
        HouseFactory(house_no=number)
    [(why, numbers)] = found(district)
    assert why is Why.LETTER_OR_RANGE
    assert sorted(numbers) == sorted([of_range, *within])


def test_two_ranges_that_overlap_are_one_group(district):
    for number in ("12/3-5", "12/4-8", "12/9-10"):
        HouseFactory(house_no=number)
    assert found(district) == [(Why.LETTER_OR_RANGE, ["12/3-5", "12/4-8"])]


def test_the_same_soi_with_and_without_its_road_or_a_trok(district):
    HouseFactory(house_no="5", soi="เทอดไท 5", road="เทอดไท")
    HouseFactory(house_no="5", soi="เทอดไท 5", road="")
    HouseFactory(house_no="6", soi="เทอดไท 5", trok="ศาลเจ้า")
    HouseFactory(house_no="6", soi="เทอดไท 5", trok="")
    HouseFactory(house_no="7", soi="เทอดไท 5", trok="ศาลเจ้า")
    HouseFactory(house_no="7", soi="เทอดไท 5", trok="โรงเจ")
    assert found(district) == [(Why.ROAD_OR_TROK, ["5", "5"]), (Why.ROAD_OR_TROK, ["6", "6"])]


def test_the_same_soi_in_two_sub_districts(district):
    for code in ("101503", "101505"):
        HouseFactory(house_no="5", subdistrict=SubdistrictFactory(district=district, code=code))
    assert found(district) == [(Why.TWO_SUBDISTRICTS, ["5", "5"])]


def test_lanes_spelt_almost_alike(district):
    HouseFactory(house_no="5", soi="เทอดไท 5")
    HouseFactory(house_no="5", soi="เทิดไท 5")
    HouseFactory(house_no="6", soi="เทอดไท 6")
    HouseFactory(house_no="6", soi="เทอดไท 16")
    HouseFactory(house_no="7", soi="วัดกลาง")
    HouseFactory(house_no="7", soi="ศาลเจ้า")
    assert found(district) == [(Why.LANE_MISSPELT, ["5", "5"])]


def test_houses_struck_off_and_other_districts_are_no_duplicates(district):
    HouseFactory(house_no="5")
    HouseFactory(house_no="5", state="struck")
    HouseFactory(house_no="5", subdistrict=SubdistrictFactory(code="101601", district__code="1016"))
    assert found(district) == []


def test_a_house_gone_from_the_extract_counts_beside_one_in_the_register(district):
    HouseFactory(house_no="5")
    HouseFactory(house_no="5", state="vanished")
    HouseFactory.create_batch(2, house_no="6", state="vanished")
    assert found(district) == [(Why.SAME_ADDRESS, ["5", "5"])]


def test_houses_in_two_communities_come_first(district):
    for number in ("1", "2"):
        pair = HouseFactory.create_batch(2, house_no=number)
    for house in pair:
        tag_event(house, CommunityFactory(), on=datetime.date(2015, 1, 20))
    assert [(group.houses[0].house_no, group.in_two_communities) for group in look_alikes(district).groups] == [
        ("2", True),
        ("1", False),
    ]


def test_pages_follow_each_other_without_gap_or_repetition(district, monkeypatch):
    monkeypatch.setattr(duplicates, "GROUPS_A_PAGE", 3)
    for number in range(1, 6):
        HouseFactory.create_batch(2, house_no=f"{number}")
        HouseFactory(house_no=f"{number} ก")
    seen, after = [], ""
    while True:
        page = look_alikes(district, after=after)
        seen += [(group.why, group.houses[0].house_no) for group in page.groups]
        after = page.next
        if not after:
            break
    assert page.counts == {Why.SAME_ADDRESS: 5, Why.LETTER_OR_RANGE: 5}
    assert seen == [(why, f"{n}") for why in (Why.SAME_ADDRESS, Why.LETTER_OR_RANGE) for n in range(1, 6)]


def test_an_address_with_hundreds_of_registrations_shows_some_and_says_how_many(district):
    HouseFactory.create_batch(30, house_no="1")
    [group] = look_alikes(district).groups
    assert (len(group.houses), group.number, group.more) == (12, 30, 18)


@pytest.mark.parametrize(
    "after", ["nonsense", "same_address-999999", "same_address-" + "9" * 40, "-", "same_address-๑"]
)
def test_an_address_that_names_no_place_begins_at_the_beginning(district, after):
    HouseFactory.create_batch(2, house_no="1")
    assert len(found(district, after=after)) == 1


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


def test_the_page_leads_to_each_house(client, officer, subdistrict):
    pair = HouseFactory.create_batch(2, house_no="12/3", subdistrict=subdistrict)
    HouseFactory(house_no="12/3 ก")
    client.force_login(officer)
    page = client.get(reverse("households:duplicates"), {"why": "same_address"}).content.decode()
    for house in pair:
        assert reverse("households:house", args=[house.pk]) in page
    assert "12/3 ก" not in page


def test_the_page_asks_as_often_for_many_as_for_few(client, officer, django_assert_max_num_queries):
    client.force_login(officer)
    HouseFactory.create_batch(2, house_no="1")
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("households:duplicates"))
    for number in range(2, 30):
        for house in HouseFactory.create_batch(2, house_no=f"{number}"):
            tag_event(house, CommunityFactory(), on=datetime.date(2015, 1, 20))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("households:duplicates"))
