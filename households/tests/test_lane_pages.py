"""Lane strips in the browser: whole lanes, both sides, letters, marks and counts; conditions, pages, scope."""

import datetime
import re

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.lane_strips import HOUSES_A_PAGE
from households.models import HouseRegistration
from households.tagging import say_in_no_community
from households.tests.desk import queries_of, signed_in
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
LANES = reverse("households:lanes")


@pytest.fixture
def neighbour(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="โรงเจ 2")


@pytest.fixture
def lane(subdistrict, community, neighbour, officer):
    """Soi เทอดไท 5: 1, 3, 5 of โรงเจ 1 but 3 of โรงเจ 2; 2 untagged, 4 in no community, 6 struck off, 30 far off."""
    made = {
        number: HouseFactory(subdistrict=subdistrict, house_no=number)
        for number in ("1", "3", "5", "2", "4", "6", "30")
    }
    for number, theirs in (("1", community), ("3", neighbour), ("5", community)):
        tag_event(made[number], theirs, on=DAY)
    said = {"expected": 1, "reason": HouseRegistration.Outside.NOT_A_DWELLING}
    say_in_no_community([made["4"].pk], by=officer, **said)
    HouseRegistration.objects.filter(pk=made["6"].pk).update(state="struck")
    return made


def page_of(client, **conditions):
    answer = client.get(LANES, conditions)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page):
    return re.findall(r'<h2 id="lane-\d+">\s*(\S[^<]*?)\s*<', page)


def cell_of(page, house):
    return next(cell for cell in re.findall(r'<li class="cell.*?</li>', page, re.S) if f"/houses/{house.pk}/" in cell)


def test_each_house_stands_on_its_side_with_its_letters(desk, lane):
    page = page_of(desk)
    odd, even = re.findall(r'<ol class="cells">(.*?)</ol>', page, re.S)
    assert re.findall(r"<b>(.*?)</b><span>(.*?)</span>", odd) == [("ร1", "1"), ("ร2", "3"), ("ร1", "5")]
    assert re.findall(r"<b>(.*?)</b><span>(.*?)</span>", even) == [("", "2"), ("–", "4"), ("✕", "6"), ("", "30")]
    assert "tagged 3/6" in page


def test_how_a_house_stands_is_said_in_words_too(desk, lane, community):
    page = page_of(desk)
    assert 'aria-label="2 untagged"' in page
    assert 'aria-label="4 in no community"' in page
    assert 'aria-label="6 struck off"' in page
    assert 'aria-label="3 โรงเจ 2 stray"' in cell_of(page, lane["3"])
    assert f'value="{lane["1"].pk}:{community.pk}"' in cell_of(page, lane["1"])
    assert f'value="{lane["2"].pk}:"' in cell_of(page, lane["2"])


def test_a_leap_in_the_numbers_says_what_is_missing(desk, lane):
    assert "8 to 28 are missing (11)" in page_of(desk)


def test_a_lane_of_two_subdistricts_is_shown_stretch_by_stretch(desk, lane, district):
    elsewhere = SubdistrictFactory(district=district, code="101506", name_th="ดาวคะนอง")
    HouseFactory(subdistrict=elsewhere, house_no="3")
    page = page_of(desk)
    assert len(names(page)) == 1
    assert re.findall(r"<h3>(.*?)</h3>", page) == ["ตลาดพลู", "ดาวคะนอง"]


def test_a_number_that_nobody_can_read_is_shown_apart(desk, subdistrict):
    HouseFactory(subdistrict=subdistrict, house_no="หลังวัด", number_key="~หลังวัด", number_order="~หลังวัด")
    assert "other numbers" in page_of(desk)


def test_thai_digits_are_written_where_the_person_reads_them(client, lane, officer):
    officer.thai_digits = True
    officer.save(update_fields=["thai_digits"])
    page = page_of(signed_in(client, officer))
    assert "<b>ร๑</b><span>๑</span>" in page


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["ซอยเทอดไท 5", "ซอยเทอดไท 7", "ตรอกวัด"]),
        ({"soi": "เทอดไท"}, ["ซอยเทอดไท 5", "ซอยเทอดไท 7", "ตรอกวัด"]),
        ({"soi": "ซ.เทอดไท ๗"}, ["ซอยเทอดไท 7"]),
        ({"soi": "7"}, ["ซอยเทอดไท 7"]),
        ({"soi": "ตรอกวัด"}, ["ตรอกวัด"]),
        ({"soi": "ไม่มีที่ไหน"}, []),
        ({"community": "10150008"}, ["ซอยเทอดไท 5"]),
        ({"subdistrict": "101506"}, ["ตรอกวัด"]),
        ({"holding": "strays"}, ["ซอยเทอดไท 5"]),
        ({"holding": "tagged"}, ["ซอยเทอดไท 5", "ซอยเทอดไท 7"]),
        ({"holding": "untagged"}, ["ซอยเทอดไท 5", "ตรอกวัด"]),
        ({"community": "nobody's"}, []),
    ],
)
def test_conditions_choose_lanes_which_are_shown_whole(
    desk, lane, district, subdistrict, community, conditions, expected
):
    tag_event(HouseFactory(subdistrict=subdistrict, house_no="9", soi="เทอดไท 7"), community, on=DAY)
    elsewhere = SubdistrictFactory(district=district, code="101506", name_th="ดาวคะนอง")
    HouseFactory(subdistrict=elsewhere, house_no="8", soi="", trok="วัด")
    page = page_of(desk, **conditions)
    assert sorted(names(page)) == sorted(expected)
    if conditions == {"community": "10150008"}:
        assert "unlit" in cell_of(page, lane["1"])
        assert "unlit" not in cell_of(page, lane["3"])


def test_a_lane_without_houses_is_not_shown(desk, lane, subdistrict):
    house = HouseFactory(subdistrict=subdistrict, house_no="1", soi="เก่า")
    HouseRegistration.objects.filter(pk=house.pk).update(lane_order=lane["1"].lane_order, soi="เทอดไท 5")
    assert names(page_of(desk)) == ["ซอยเทอดไท 5"]


def test_pages_hold_whole_lanes_and_lead_on_and_back(desk, subdistrict):
    for soi in range(1, 6):
        _fill(subdistrict, f"เทอดไท {soi}", HOUSES_A_PAGE // 2)
    first = page_of(desk)
    assert names(first) == ["ซอยเทอดไท 1", "ซอยเทอดไท 2"]
    second = desk.get(LANES + _link(first, "next")).content.decode()
    assert names(second) == ["ซอยเทอดไท 3", "ซอยเทอดไท 4"]
    third = desk.get(LANES + _link(second, "next")).content.decode()
    assert names(third) == ["ซอยเทอดไท 5"]
    assert 'rel="next"' not in third
    assert names(desk.get(LANES + _link(third, "prev")).content.decode()) == names(second)
    back = desk.get(LANES + _link(second, "prev")).content.decode()
    assert names(back) == names(first)
    assert 'rel="prev"' not in back


def test_a_lane_longer_than_a_page_is_not_divided(desk, subdistrict):
    _fill(subdistrict, "เทอดไท 1", HOUSES_A_PAGE + 50)
    assert page_of(desk).count('<li class="cell') == HOUSES_A_PAGE + 50


def _link(page, rel):
    return re.search(rf'rel="{rel}" href="([^"]*)"', page)[1].replace("&amp;", "&")


def _fill(subdistrict, soi, houses):
    """Houses of a soi, all at once."""
    where = {"subdistrict": subdistrict, "district": subdistrict.district, "soi": soi}
    made = [HouseFactory.build(house_no=f"{number}", **where) for number in range(1, houses + 1)]
    return HouseRegistration.objects.bulk_create(made)


def test_as_many_queries_for_few_lanes_as_for_many(desk, subdistrict, community, neighbour, lane):
    few = queries_of(desk, LANES)
    few_with_strays = queries_of(desk, f"{LANES}?holding=strays")
    for soi in range(10, 40):
        for nth, house in enumerate(_fill(subdistrict, f"เทอดไท {soi}", 40)):
            if nth % 3:
                tag_event(house, (community, neighbour)[nth % 2], on=DAY)
    assert queries_of(desk, LANES) == few
    assert queries_of(desk, f"{LANES}?holding=strays") == few_with_strays
    assert few <= 11
    assert few_with_strays <= 12


def test_whoever_may_not_tag_sees_the_lanes_without_boxes(client, lane, district):
    page = page_of(signed_in(client, appoint(Role.DIRECTOR, district)))
    assert 'type="checkbox"' not in page
    assert names(page) == ["ซอยเทอดไท 5"]


def test_another_district_is_not_there(client, lane):
    stranger = appoint(Role.OFFICER, DistrictFactory(code="1016"))
    assert signed_in(client, stranger).get(LANES, {"district": "1015"}).status_code == 404
    assert names(page_of(client)) == []
    assert client.post(LANES).status_code == 405


def test_a_page_that_follows_a_lane_of_another_district_begins_at_the_beginning(desk, lane):
    assert names(page_of(desk, after="999999")) == ["ซอยเทอดไท 5"]
    assert names(page_of(desk, before="x")) == ["ซอยเทอดไท 5"]


def test_a_page_on_which_nothing_is_tagged_leads_to_lanes_where_something_is(desk, subdistrict, community):
    HouseFactory(subdistrict=subdistrict, house_no="9", soi="เทอดไท 9")
    assert "holding=tagged" in page_of(desk)
    assert "holding=tagged" not in page_of(desk, holding="untagged")
    tag_event(HouseFactory(subdistrict=subdistrict, house_no="11", soi="เทอดไท 9"), community, on=DAY)
    assert "holding=tagged" not in page_of(desk)
