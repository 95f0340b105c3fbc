"""Finding houses on their page: one box, filters, pages, saved searches; cheap, and never beyond the own district."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import CommunityName, Role
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    PersonFactory,
    SubdistrictFactory,
    appoint,
)
from households import row_decisions, saved_searches
from households.models import HouseRegistration, Lane, SavedSearch, TagEvent
from households.tests.factories import AssignmentFactory, BatchFactory, HouseFactory, tag_event
from households.tests.intake import line, received

pytestmark = pytest.mark.django_db

HOUSES = "/houses/"
A_DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def found(desk, **conditions):
    page = desk.get(HOUSES, conditions)
    return [house.house_no for house in page.context["page"].houses]


def text_of(page):
    return re.sub(r"<[^>]+>", " ", page.content.decode())


def chips(page):
    return [(chip["value"], chip["without"]) for chip in page.context["chips"]]


def say_outside(house):
    batch = BatchFactory(district=house.district, happened_on=A_DAY)
    TagEvent.objects.create(batch=batch, house=house, outside="other", happened_on=A_DAY, counted_on=A_DAY)


# --- the box ---


@pytest.fixture
def lanes():
    """Numbers along three lanes of two roads."""
    for number in ("12", "12/1", "12/3", "12/10", "120", "13"):
        HouseFactory(house_no=number, soi="เทอดไท 5")
    HouseFactory(house_no="12/3", soi="เทอดไท 50")
    HouseFactory(house_no="12", soi="ตากสิน 5", road="ตากสิน")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("12", ["12", "12", "12/1", "12/3", "12/3", "12/10"]),
        ("12/3 เทอดไท 5", ["12/3"]),
        ("12/3 ดไท", ["12/3", "12/3"]),
        ("12 ถนนตากสิน", ["12"]),
        ("1-13 คี่ เทอดไท 5", ["13"]),
        ("12/1-12/9 เทอดไท 5", ["12/1", "12/3"]),
        ("12/1-12/10 คู่ เทอดไท 5", ["12/10"]),
        ("เทอดไท 50", ["12/3"]),
    ],
)
def test_number_and_lane_are_typed_together(desk, lanes, typed, numbers) -> None:
    assert found(desk, q=typed) == numbers


def test_a_number_in_no_lane_stands_in_the_order_of_numbers_and_in_a_lane_along_it(desk, lanes) -> None:
    page = desk.get(HOUSES, {"q": "12"})
    assert [(house.house_no, house.soi) for house in page.context["page"].houses][:3] == [
        ("12", "ตากสิน 5"),
        ("12", "เทอดไท 5"),
        ("12/1", "เทอดไท 5"),
    ]
    assert found(desk, q="12/3 เทอดไท") == ["12/3", "12/3"]


def test_a_community_is_found_by_its_name_and_a_number_in_it(desk) -> None:
    mine, other = CommunityFactory(name="โรงเจ 1", code="10150007"), CommunityFactory(name="โรงเจ 2", code="10150008")
    for number, community in (("41/5", mine), ("41/6", other), ("42", mine)):
        tag_event(HouseFactory(house_no=number), community, on=A_DAY)
    assert found(desk, q="โรงเจ 1") == ["41/5", "42"]
    assert found(desk, q="โรงเจ 41/") == ["41/5", "41/6"]
    assert found(desk, q="10150008") == ["41/6"]


def test_the_page_says_how_the_box_was_understood_and_each_part_can_be_taken_away(desk, lanes) -> None:
    page = desk.get(HOUSES, {"q": "12/3 เทอดไท 5", "state": "untagged"})
    (number, without_number), (lane, without_lane), _state = chips(page)
    assert number.startswith("12/3")
    assert lane == "เทอดไท 5"
    assert desk.get(HOUSES + without_number).context["filter"].data["q"] == "เทอดไท 5"
    assert desk.get(HOUSES + without_lane).context["filter"].data["q"] == "12/3"


def test_a_name_that_nothing_bears_is_named_and_likely_ones_proposed(desk, lanes) -> None:
    page = desk.get(HOUSES, {"q": "12 เทิดไท 50"})
    assert "เทิดไท" in text_of(page)
    proposed = page.context["spelt_alike"]
    assert "เทอดไท 50" in [each["name"] for each in proposed]
    [address] = [each["url"] for each in proposed if each["name"] == "เทอดไท 50"]
    assert desk.get(HOUSES + address).context["page"].number == 1


def test_a_name_that_may_mean_something_else_offers_it(desk) -> None:
    tag_event(HouseFactory(house_no="1", soi="", road="ตากสิน"), CommunityFactory(name="สวนพลู"), on=A_DAY)
    HouseFactory(house_no="2", soi="สวนพลู 3", road="สวนพลู")
    page = desk.get(HOUSES, {"q": "สวนพลู"})
    assert [house.house_no for house in page.context["page"].houses] == ["1"]
    [other] = page.context["others"]
    assert [house.house_no for house in desk.get(HOUSES + other["url"]).context["page"].houses] == ["2"]


def test_while_typing_only_what_was_found_is_sent_and_the_address_is_kept_clean(desk, lanes) -> None:
    part = desk.get(HOUSES, {"q": "12", "soi": "", "state": ""}, headers={"HX-Request": "true", "HX-Target": "found"})
    assert b"<html" not in part.content
    assert part.headers["HX-Replace-Url"] == "/houses/?q=12"


# --- the filters ---


def test_houses_are_filtered_by_what_became_of_their_community(desk) -> None:
    community = CommunityFactory(code="10150007")
    tagged, untagged, outside = HouseFactory(house_no="1"), HouseFactory(house_no="2"), HouseFactory(house_no="3")
    tag_event(tagged, community, on=A_DAY)
    say_outside(outside)
    assert untagged.community is None
    for name in ("state", "community"):
        assert found(desk, **{name: "outside"}) == ["3"]
    assert found(desk, state="untagged") == found(desk, community="none") == ["2"]
    assert found(desk, state="tagged") == ["1"]


def test_houses_are_filtered_by_the_officer_who_works_on_their_community(desk, officer) -> None:
    attended, alone = CommunityFactory(), CommunityFactory()
    AssignmentFactory(community=attended, officer=officer)
    tag_event(HouseFactory(house_no="1"), attended, on=A_DAY)
    tag_event(HouseFactory(house_no="2"), alone, on=A_DAY)
    HouseFactory(house_no="3")
    assert found(desk, officer=str(officer.pk)) == ["1"]
    assert found(desk, officer="nobody") == ["2"]


def test_houses_are_filtered_by_what_became_of_the_row_that_names_them(desk, officer) -> None:
    subdistrict = SubdistrictFactory(name_th="ตลาดพลู")
    community = CommunityFactory(subdistrict=subdistrict)
    _meant, other = (HouseFactory(house_no="5/9", soi=soi, subdistrict=subdistrict) for soi in ("เทอดไท 5", "เทอดไท 6"))
    [row] = received(community, line("5/9", soi=None, subdistrict="ตลาดพลู")).records.all()
    assert len(found(desk, outcome="open")) == 1
    row_decisions.decide_row(row, house=other, by=officer)
    assert found(desk, outcome="open") == []
    page = desk.get(HOUSES, {"outcome": "tagged"})
    assert [house.pk for house in page.context["page"].houses] == [other.pk]


# --- pages ---


@pytest.mark.parametrize("conditions", [{}, {"q": "1-99"}, {"soi": "เทอดไท"}])
def test_pages_meet_in_both_directions_without_a_gap(desk, monkeypatch, conditions) -> None:
    monkeypatch.setattr("households.views.finding.ROWS_A_PAGE", 3)
    for number in range(1, 9):
        HouseFactory(house_no=str(number), soi=f"เทอดไท {number % 3}")
    pages, after = [], {}
    while after is not None:
        page = desk.get(HOUSES, conditions | after).context["page"]
        pages.append([house.pk for house in page.houses])
        after = {"after": page.next.pk} if page.next else None
    assert [len(page) for page in pages] == [3, 3, 2]
    back = [[house.pk for house in page.houses]]
    while page.previous:
        page = desk.get(HOUSES, conditions | {"before": page.previous.pk}).context["page"]
        back.insert(0, [house.pk for house in page.houses])
    assert back == pages


def test_a_place_that_is_gone_or_another_districts_leads_to_the_first_page(desk) -> None:
    HouseFactory(house_no="1")
    foreign = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099")))
    for place in ({"after": foreign.pk}, {"before": foreign.pk}, {"after": 10**9}):
        assert found(desk, **{name: str(pk) for name, pk in place.items()}) == ["1"]


def test_the_number_is_told_up_to_a_thousand(desk, monkeypatch) -> None:
    monkeypatch.setattr("households.views.finding.MOST_COUNTED", 2)
    HouseFactory(), HouseFactory()
    assert desk.get(HOUSES).context["page"].number == 2
    HouseFactory()
    assert desk.get(HOUSES).context["page"].number is None


def test_the_digits_of_the_rows_are_those_that_the_person_reads(desk, officer) -> None:
    HouseFactory(house_no="41/5", house_code="10159000017")
    officer.thai_digits = True
    officer.save()
    text = text_of(desk.get(HOUSES))
    assert "๔๑/๕" in text
    assert "๑๐๑๕-๙๐๐๐๐๑-๗" in text


def test_what_a_register_holds_is_never_markup(desk) -> None:
    HouseFactory(house_no="1", soi="<b>{house.pk}</b>", road="ก & ข")
    page = desk.get(HOUSES).content.decode()
    assert "&lt;b&gt;{house.pk}&lt;/b&gt;" in page
    assert "ก &amp; ข" in page


# --- scope ---


def test_nothing_of_another_district_is_found_or_named(desk) -> None:
    elsewhere = SubdistrictFactory(district=DistrictFactory(code="1099"))
    foreign = HouseFactory(house_no="77", soi="ลับ 9", road="ลับเฉพาะ", subdistrict=elsewhere, house_code="10990000011")
    community = CommunityFactory(name="ชุมชนลับ", code="10990001", subdistrict=elsewhere)
    tag_event(foreign, community, on=A_DAY)
    for typed in ("77", "ลับ 9", "10990000011", "ชุมชนลับ", "10990001"):
        page = desk.get(HOUSES, {"q": typed})
        assert page.context["page"].houses == []
        assert page.context["spelt_alike"] == []
    assert found(desk, community="10990001") == []
    assert "ชุมชนลับ" not in desk.get(HOUSES).content.decode()
    assert desk.get(HOUSES, {"district": "1099"}).status_code == 404


def test_of_several_districts_one_is_searched_at_a_time(desk, officer) -> None:
    second = DistrictFactory(code="1099")
    AppointmentFactory(person=officer, role=Role.OFFICER, district=second)
    HouseFactory(house_no="1")
    HouseFactory(house_no="2", subdistrict=SubdistrictFactory(district=second))
    assert found(desk) == ["1"]
    assert found(desk, district="1099") == ["2"]


# --- what is kept of the places ---


def test_a_change_of_the_places_is_seen_at_once(desk, officer) -> None:
    community = CommunityFactory(name="เดิม", code="10150007")
    house = HouseFactory()
    tag_event(house, community, on=A_DAY)
    assert "เดิม" in text_of(desk.get(HOUSES))
    CommunityName.objects.filter(community=community).update(name_th="ใหม่เอี่ยม")
    assert "ใหม่เอี่ยม" in text_of(desk.get(HOUSES))
    CommunityFactory(name="มาทีหลัง")
    assert "มาทีหลัง" in text_of(desk.get(HOUSES))
    AssignmentFactory(community=community, officer=officer)
    assert found(desk, officer=str(officer.pk)) == [house.house_no]
    officer.full_name = "นางสาวชื่อใหม่"
    officer.save()
    assert "นางสาวชื่อใหม่" in text_of(desk.get(HOUSES))
    SubdistrictFactory(code="101509", name_th="แขวงใหม่")
    assert "แขวงใหม่" in text_of(desk.get(HOUSES))


def test_a_lane_that_comes_or_changes_is_known_at_once(desk) -> None:
    HouseFactory(house_no="1", soi="เทอดไท 5")
    assert found(desk, q="ดอกรัก") == []
    HouseFactory(house_no="9", soi="ดอกรัก 3")
    assert found(desk, q="ดอกรัก") == ["9"]
    HouseRegistration.objects.filter(house_no="1").update(soi="พุดซ้อน 4", soi_key="พุดซ้อน 4", lane_order="พุดซ้อน 4")
    assert found(desk, q="พุดซ้อน") == ["1"]
    Lane.objects.filter(soi_key="ดอกรัก 3").update(soi_key="ดอกโศก 3")
    assert found(desk, q="ดอกโศก") == ["9"]
    Lane.objects.filter(soi_key="ดอกโศก 3").delete()
    assert found(desk, q="ดอกโศก") == []


def test_a_lane_that_was_taken_back_before_it_was_there_is_not_kept(desk) -> None:
    with transaction.atomic():
        HouseFactory(house_no="9", soi="ดอกรัก 3")
        assert found(desk, q="ดอกรัก") == ["9"]
        transaction.set_rollback(True)
    assert found(desk, q="ดอกรัก") == []


def test_the_lanes_that_are_kept_are_those_of_the_own_district(client, officer) -> None:
    other = DistrictFactory(code="1099")
    HouseFactory(house_no="1", soi="เทอดไท 5")
    HouseFactory(house_no="2", soi="เทอดไท 6", subdistrict=SubdistrictFactory(district=other))
    for person, number in ((officer, "1"), (appoint(Role.OFFICER, other), "2"), (officer, "1")):
        client.force_login(person)
        assert found(client, q="ดไท") == [number]
        assert "(2 " not in " ".join(value for value, _without in chips(client.get(HOUSES, {"q": "ดไท"})))


# --- cost ---


def fill(number: int, *, soi: str) -> None:
    one = HouseFactory(soi=soi)
    columns = {
        field.attname: getattr(one, field.attname)
        for field in HouseRegistration._meta.concrete_fields
        if field.attname not in ("id", "house_code")
    }
    HouseRegistration.objects.bulk_create(
        HouseRegistration(**columns, house_code=f"{10151000000 + one.pk * 10_000 + place}") for place in range(number)
    )


def queries_of(desk, conditions) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(HOUSES, conditions).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"q": "1"},
        {"q": "เทอดไท"},
        {"q": "1 เทอดไท 5", "soi": "ถนนเทอดไท"},
        {"state": "untagged", "subdistrict": "101503", "register": "live"},
        {"outcome": "open", "officer": "nobody"},
        {"q": "1 ไม่มีซอยนี้"},
    ],
)
def test_a_page_asks_as_few_questions_at_ten_houses_as_at_many(desk, conditions) -> None:
    fill(10, soi="เทอดไท 5")
    few = queries_of(desk, conditions)
    fill(1_500, soi="เทอดไท 6")
    for number in range(5):
        CommunityFactory(name=f"ชุมชน {number}")
    changed = queries_of(desk, conditions)
    kept = queries_of(desk, conditions)
    assert few <= changed <= 6
    assert kept <= 3


def test_the_place_of_a_page_costs_no_question_more(desk, monkeypatch) -> None:
    monkeypatch.setattr("households.views.finding.ROWS_A_PAGE", 5)
    fill(20, soi="เทอดไท 5")
    desk.get(HOUSES)
    first = queries_of(desk, {})
    following = desk.get(HOUSES).context["page"].next
    assert queries_of(desk, {"after": following.pk}) == first
    assert queries_of(desk, {"before": following.pk}) == first


# --- saved searches ---


def keep(desk, name, query="q=12&state=untagged"):
    return desk.post(f"{reverse('households:search_keep')}?{query}", {"name": name}, follow=True)


def test_a_search_is_kept_listed_opened_removed_and_brought_back(desk, officer) -> None:
    HouseFactory(house_no="12")
    assert "บ้านเลขที่ 12" not in text_of(desk.get(reverse("households:searches")))
    keep(desk, "ของฉัน 12")
    kept = SavedSearch.objects.get()
    assert (kept.person, kept.query) == (officer, "q=12&state=untagged")
    listed = desk.get(reverse("households:searches"))
    [address] = re.findall(r'href="(/houses/\?[^"]*state=untagged)"', listed.content.decode())
    assert desk.get(address.replace("&amp;", "&")).context["page"].number == 1

    removed = desk.post(reverse("households:search_remove", args=[kept.pk]), follow=True)
    assert list(removed.context["searches"]) == []
    assert SavedSearch.objects.get().removed_at
    [undo] = re.findall(r'action="([^"]*bring-back/)"', removed.content.decode())
    back = desk.post(undo, follow=True)
    assert list(back.context["searches"]) == [kept]


def test_a_name_is_given_once_and_free_again_after_its_search_is_removed(desk) -> None:
    keep(desk, "ซ้ำ")
    again = keep(desk, "ซ้ำ", query="q=13")
    assert SavedSearch.objects.count() == 1
    assert "ซ้ำ" in " ".join(str(message) for message in again.context["messages"])
    first = SavedSearch.objects.get()
    desk.post(reverse("households:search_remove", args=[first.pk]))
    keep(desk, "ซ้ำ", query="q=13")
    desk.post(reverse("households:search_bring_back", args=[first.pk]))
    assert [each.query for each in SavedSearch.objects.filter(removed_at=None)] == ["q=13"]


@pytest.mark.parametrize(
    ("name", "query"), [("", "q=12"), (" ", "q=12"), ("ชื่อ", ""), ("ชื่อ", "district=1015&q="), ("ย" * 81, "q=12")]
)
def test_a_search_without_a_name_or_conditions_is_not_kept(desk, name, query) -> None:
    assert list(keep(desk, name, query).context["messages"])
    assert not SavedSearch.objects.exists()


def test_searches_are_their_owners_alone(client, desk, officer, district) -> None:
    keep(desk, "ของฉัน")
    mine = SavedSearch.objects.get()
    client.force_login(appoint(Role.HEAD, district))
    assert list(client.get(reverse("households:searches")).context["searches"]) == []
    for deed in ("search_remove", "search_bring_back"):
        assert client.post(reverse(f"households:{deed}", args=[mine.pk])).status_code == 404
    with pytest.raises(ValidationError) as refusal:
        saved_searches.remove(mine, by=PersonFactory())
    assert refusal.value.code == "not_own"


def test_the_menu_brings_the_saved_searches_alone(desk) -> None:
    keep(desk, "ของฉัน")
    part = desk.get(reverse("households:searches"), headers={"HX-Request": "true", "HX-Target": "saved-searches"})
    assert b"<html" not in part.content
    assert "ของฉัน" in text_of(part)


@pytest.mark.parametrize("name", ["community", "subdistrict", "state", "officer", "outcome", "register"])
def test_a_choice_that_there_is_not_is_refused_calmly(desk, name):
    page = desk.get(HOUSES, {name: "x<y"}).content.decode()
    assert ": ไม่มี “x&lt;y” ให้เลือก โปรดเลือกใหม่หรือเว้นว่างไว้" in page
