"""The pages of houses: found by what an officer types, tagged and untagged by many, one house's history, batches."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    SubdistrictFactory,
    appoint,
    command_line,
)
from households import house_lists, row_decisions, tagging, timeline
from households.models import HouseList, HouseNumberRecord, HouseRegistration, LifeEvent, RowMatch, TaggingBatch
from households.row_reasons import Grade, Reason
from households.tests.factories import HouseFactory, tag_event

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
def desk(client: Client, officer) -> Client:
    client.force_login(officer)
    return client


def numbers_on(page) -> list[str]:
    return [house.house_no for house in page.context["page"].houses]


def sentences(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


# --- finding ---


@pytest.mark.parametrize("typed", ["41/5", " ๔๑ / ๕ ", "บ้านเลขที่ 41/5", "1015-900001-7", "10159000017"])
def test_a_house_is_found_by_number_or_code_in_any_writing(desk, typed) -> None:
    HouseFactory(house_no="41/5", house_code="10159000017")
    HouseFactory(house_no="41/50", house_code="10159000025")
    assert numbers_on(desk.get(HOUSES, {"q": typed})) == ["41/5"]


def test_a_number_with_its_slash_finds_all_that_begin_so(desk) -> None:
    for number in ("41", "41/5", "41/12", "410/1"):
        HouseFactory(house_no=number)
    assert numbers_on(desk.get(HOUSES, {"q": "41/"})) == ["41/5", "41/12"]


@pytest.mark.parametrize("typed", ["ไม่รู้", "1234567890123", "41-"])
def test_what_is_no_number_finds_nothing_and_says_so(desk, typed) -> None:
    HouseFactory()
    page = desk.get(HOUSES, {"q": typed})
    assert numbers_on(page) == []
    assert page.context["filter"].form.errors["q"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ซ.เทอดไท๕", ["5"]),
        ("5", ["5", "95"]),
        ("เทอดไท", ["1", "5", "50"]),
        ("ถนนเทอดไท", ["1", "5", "50"]),
        ("ตากสิน 5", ["95"]),
    ],
)
def test_a_lane_is_found_however_it_is_written(desk, typed, found) -> None:
    HouseFactory(house_no="1", soi="")
    HouseFactory(house_no="5", soi="เทอดไท 5")
    HouseFactory(house_no="50", soi="เทอดไท 50")
    HouseFactory(house_no="95", soi="ตากสิน 5", road="ตากสิน")
    assert sorted(numbers_on(desk.get(HOUSES, {"soi": typed})), key=int) == found


def test_the_conditions_combine_and_each_can_be_removed(desk) -> None:
    mine = CommunityFactory(code="10150007", name="โรงเจ 1")
    tag_event(HouseFactory(house_no="1"), mine, on=A_DAY)
    HouseFactory(house_no="2")
    HouseFactory(house_no="3", state="struck")
    assert numbers_on(desk.get(HOUSES, {"community": "10150007"})) == ["1"]
    assert numbers_on(desk.get(HOUSES, {"community": "none"})) == ["2", "3"]
    assert numbers_on(desk.get(HOUSES, {"state": "tagged"})) == ["1"]
    page = desk.get(HOUSES, {"state": "untagged", "register": "live"})
    assert numbers_on(page) == ["2"]
    assert [chip["without"] for chip in page.context["chips"]] == ["?register=live", "?state=untagged"]


def test_a_community_that_does_not_exist_finds_nothing(desk) -> None:
    HouseFactory()
    assert numbers_on(desk.get(HOUSES, {"community": "99999999"})) == []


def test_houses_stand_in_lane_order_and_pages_meet_without_a_gap(desk, monkeypatch) -> None:
    monkeypatch.setattr("households.views.finding.ROWS_A_PAGE", 2)
    for number in ("10", "2", "1/2", "1", "3"):
        HouseFactory(house_no=number)
    seen, address = [], HOUSES
    while address:
        page = desk.get(address)
        seen += numbers_on(page)
        following = page.context["page"].next
        address = f"{HOUSES}?after={following.pk}" if following else ""
    assert seen == ["1", "1/2", "2", "3", "10"]
    before = page.context["page"].previous
    assert numbers_on(desk.get(HOUSES, {"before": before.pk})) == ["2", "3"]


@pytest.mark.parametrize("place", ["0", "x", "๙" * 40, "9" * 18])
def test_a_made_up_place_in_the_address_is_no_error(desk, place) -> None:
    HouseFactory()
    assert desk.get(HOUSES, {"after": place}).status_code == 200


def test_another_districts_houses_are_not_shown(desk, officer) -> None:
    HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099")))
    assert numbers_on(desk.get(HOUSES)) == []
    assert desk.get(HOUSES, {"district": "1099"}).status_code == 404
    AppointmentFactory(person=officer, role=Role.OFFICER, district=DistrictFactory(code="1099"))
    assert len(numbers_on(desk.get(HOUSES, {"district": "1099"}))) == 1


def test_a_director_looks_and_does_not_tag(client, district) -> None:
    house = HouseFactory()
    client.force_login(appoint(Role.DIRECTOR, district))
    page = client.get(HOUSES)
    assert b"data-tick" not in page.content
    assert client.post("/houses/tag/", {"house": house.pk}).status_code == 404


# --- tagging many ---


def test_tagging_is_looked_at_first_then_confirmed_then_undone(desk) -> None:
    community, other = CommunityFactory(code="10150007", name="โรงเจ 1"), CommunityFactory()
    fresh = [HouseFactory() for _number in range(3)]
    has_it, elsewhere = HouseFactory(), HouseFactory()
    tag_event(has_it, community, on=A_DAY)
    tag_event(elsewhere, other, on=A_DAY)
    struck = HouseFactory(state="struck")
    ticked = {"house": [house.pk for house in [*fresh, has_it, elsewhere, struck]], "community": "10150007"}

    look = desk.post("/houses/tag/?state=untagged", ticked)
    check = look.context["check"]
    assert (check.total, check.gets, check.same, check.elsewhere, check.not_live) == (6, 3, 1, 1, 1)
    assert [list(group.sample) for group in check.in_order][1:] == [[elsewhere], [has_it], [struck]]
    assert HouseRegistration.objects.filter(community=community).count() == 1

    done = desk.post("/houses/tag/?state=untagged", ticked | {"expected": 6}, follow=True)
    assert done.redirect_chain == [("/houses/?state=untagged", 302)]
    assert HouseRegistration.objects.filter(community=community).count() == 4
    undo = re.search(r'action="(/batches/\d+/undo/)"', done.content.decode())[1]
    desk.post(undo)
    assert HouseRegistration.objects.filter(community=community).count() == 1


def test_all_that_match_means_what_the_filter_finds_on_the_server(desk) -> None:
    community = CommunityFactory(code="10150007")
    for _number in range(5):
        HouseFactory(soi="เทอดไท 5")
    HouseFactory(soi="เทอดไท 6")
    address = "/houses/tag/?soi=%E0%B9%80%E0%B8%97%E0%B8%AD%E0%B8%94%E0%B9%84%E0%B8%97+5"
    look = desk.post(address, {"matching": "5", "community": "10150007"})
    assert look.context["check"].gets == 5
    desk.post(address, {"matching": "5", "community": "10150007", "expected": "5"})
    assert HouseRegistration.objects.filter(community=community, soi="เทอดไท 5").count() == 5
    assert HouseRegistration.objects.filter(community=community).count() == 5


def test_a_number_that_moved_is_refused_with_both_numbers(desk) -> None:
    community = CommunityFactory(code="10150007")
    HouseFactory(), HouseFactory()
    body = {"matching": "1", "community": "10150007"}
    look = desk.post("/houses/tag/?state=untagged", body)
    assert look.context["chosen"].number == 1
    assert look.context["check"].total == 2
    refused = desk.post("/houses/tag/?state=untagged", body | {"expected": "1"})
    assert refused.context["refusal"].code == "count_moved"
    assert not HouseRegistration.objects.filter(community=community).exists()


def test_an_unreadable_condition_never_means_every_house(desk) -> None:
    CommunityFactory(code="10150007")
    HouseFactory()
    done = desk.post("/houses/tag/?q=xyz", {"matching": "1", "community": "10150007", "expected": "0"}, follow=True)
    assert not HouseRegistration.objects.filter(community__isnull=False).exists()
    assert done.status_code == 200


def test_another_districts_house_among_the_ticked_stops_everything(desk) -> None:
    CommunityFactory(code="10150007")
    mine = HouseFactory()
    foreign = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099")))
    body = {"house": [mine.pk, foreign.pk], "community": "10150007", "expected": 2}
    assert desk.post("/houses/tag/", body).context["refusal"].code == "count_moved"
    assert not HouseRegistration.objects.filter(community__isnull=False).exists()


@pytest.mark.parametrize("body", [{}, {"community": "10150007"}, {"house": "9" * 30, "community": "10150007"}])
def test_nothing_chosen_is_said_in_a_sentence(desk, body) -> None:
    CommunityFactory(code="10150007")
    assert sentences(desk.post("/houses/tag/", body, follow=True))


def test_codes_are_taken_off_with_a_reason_only(desk) -> None:
    community = CommunityFactory()
    tagged, untagged = HouseFactory(), HouseFactory()
    tag_event(tagged, community, on=A_DAY)
    body = {"house": [tagged.pk, untagged.pk]}
    check = desk.post("/houses/untag/", body).context["check"]
    assert (check.tagged, check.untagged, check.by_community) == (1, 1, {community.pk: 1})
    without_reason = desk.post("/houses/untag/", body | {"expected": 2, "reason": " "})
    assert without_reason.context["form"].errors["reason"]
    desk.post("/houses/untag/", body | {"expected": 2, "reason": "ประธานแจ้งว่าไม่ใช่"})
    tagged.refresh_from_db()
    assert tagged.community is None
    assert TaggingBatch.objects.first().reason == "ประธานแจ้งว่าไม่ใช่"


def test_one_house_is_tagged_from_its_page_and_leads_back_to_it(desk) -> None:
    CommunityFactory(code="10150007")
    house = HouseFactory()
    body = {"house": house.pk, "from": "house", "community": "10150007", "expected": 1}
    assert desk.post("/houses/tag/", body).url == reverse("households:house", args=[house.pk])


# --- one house ---


def in_a_list(house, community, *, grade=Grade.EXACT, row=2):
    came, _new = HouseList.objects.get_or_create(
        district=house.district,
        community=community,
        file_name="โรงเจ.xlsx",
        defaults={"header_row": 1, "columns": {}, "received_on": A_DAY, "received_by": command_line()},
    )
    record = HouseNumberRecord.objects.create(
        house_list=came, row=row, cells=[], house_no=house.house_no, grade=grade, reason=Reason.ALL_PARTS
    )
    RowMatch.objects.create(record=record, house=house, rank=1)
    return came


def test_the_history_tells_register_lists_and_tags_newest_first(desk, officer) -> None:
    SubdistrictFactory(name_th="บางยี่เรือ")
    community = CommunityFactory(name="โรงเจ 1")
    house = HouseFactory(house_no="41/5", house_code="10159000017")
    LifeEvent.objects.create(
        house=house,
        kind=LifeEvent.Kind.CHANGED,
        ground=LifeEvent.Ground.CENTRAL_REGISTER,
        before={"road": "ตากสิน"},
        after={"road": "เทอดไท"},
        happened_on=datetime.date(2014, 12, 1),
        counted_on=datetime.date(2014, 12, 1),
        recorded_by=officer,
    )
    text = "บ้านเลขที่,ซอย,ถนน,แขวง\n41/5,เทอดไท 5,เทอดไท,บางยี่เรือ\n"
    [came] = house_lists.receive(
        data=text.encode(), file_name="โรงเจ.csv", community=community, by=officer, received_on=A_DAY
    ).lists
    tagging.tag_matching(came, by=officer, happened_on=datetime.date(2015, 1, 22))
    page = desk.get(reverse("households:house", args=[house.pk]))
    drawn = [entry.template.rsplit("/", 1)[1] for entry in page.context["entries"]]
    assert drawn == ["_tag.html", "_list_row.html", "_life_event.html"]
    text = page.content.decode()
    for words in ("1015-900001-7", "โรงเจ 1", "โรงเจ.csv", "ตากสิน", officer.full_name):
        assert words in text


def test_a_row_decided_for_another_house_does_not_name_this_one(desk, officer) -> None:
    community = CommunityFactory()
    likeliest, chosen = HouseFactory(), HouseFactory()
    came = in_a_list(likeliest, community, grade=Grade.LIKELY)
    record = came.records.get()
    RowMatch.objects.create(record=record, house=chosen, rank=2)
    row_decisions.decide_row(record, house=chosen, by=officer)
    assert [entry.facts for entry in timeline.list_rows_of(likeliest, officer)] == []
    assert [entry.facts["record"] for entry in timeline.list_rows_of(chosen, officer)] == [record]


def test_an_upper_floor_adds_its_own_entries(desk, officer, monkeypatch) -> None:
    house = HouseFactory()
    monkeypatch.setattr(timeline, "_sources", [])

    def visits(of, _person):
        now = datetime.datetime(2015, 3, 1, tzinfo=datetime.UTC)
        yield timeline.Entry(now.date(), now, "visits.html", {"house": of})

    timeline.add_source(visits)
    timeline.add_source(visits)
    assert [entry.facts["house"] for entry in timeline.entries_of(house, officer)] == [house]


def test_neighbours_are_those_of_the_lane(desk) -> None:
    first, middle, last = (HouseFactory(house_no=number) for number in ("2", "2/1", "10"))
    HouseFactory(house_no="3", soi="เทอดไท 6")
    now = desk.get(reverse("households:house", args=[middle.pk])).context["now"]
    assert (now.previous, now.next) == (first, last)


def test_the_house_page_asks_few_questions_whatever_its_history(desk, officer, django_assert_max_num_queries) -> None:
    house = HouseFactory()
    for number in range(12):
        community = CommunityFactory(name=f"ชุมชน {number}")
        tag_event(house, community, on=A_DAY)
        in_a_list(house, community, row=number + 2)
    with django_assert_max_num_queries(25):
        assert len(desk.get(reverse("households:house", args=[house.pk])).context["entries"]) == 24


# --- batches ---


def test_an_undone_batch_names_the_houses_it_had_to_skip(desk, officer) -> None:
    community, other = CommunityFactory(), CommunityFactory()
    stays, moved = HouseFactory(house_no="1"), HouseFactory(house_no="2")
    batch = tagging.tag([stays.pk, moved.pk], community=community, by=officer, expected=2, happened_on=A_DAY).batch
    tag_event(moved, other, on=A_DAY)
    done = desk.post(reverse("households:batch_undo", args=[batch.pk]), follow=True)
    assert done.context["skipped"] == [moved]
    assert str(moved) in sentences(done)
    again = desk.post(reverse("households:batch_undo", args=[batch.pk]), follow=True)
    assert not again.context["may_undo"]


@pytest.mark.parametrize(
    ("asked_at", "leads_to"),
    [("/lists/?page=2", "/lists/?page=2"), ("https://elsewhere.example/", "/batches/{}/"), ("", "/batches/{}/")],
)
def test_undoing_leads_back_to_where_it_was_asked_for(desk, officer, asked_at, leads_to) -> None:
    house = HouseFactory()
    batch = tagging.tag([house.pk], community=CommunityFactory(), by=officer, expected=1, happened_on=A_DAY).batch
    answer = desk.post(reverse("households:batch_undo", args=[batch.pk]), {"next": asked_at})
    assert answer["Location"] == leads_to.format(batch.pk)


def test_batches_are_everybodys_or_mine(desk, officer) -> None:
    community = CommunityFactory()
    tag_event(HouseFactory(), community, on=A_DAY)
    mine = tagging.tag([HouseFactory().pk], community=community, by=officer, expected=1).batch
    assert len(desk.get("/batches/").context["batches"]) == 2
    assert desk.get("/batches/", {"who": "mine"}).context["batches"] == [mine]


# --- cost ---


def queries_of(desk, address, assert_num) -> int:
    with assert_num(1000) as seen:
        assert desk.get(address).status_code == 200
    return len(seen)


def fill(number: int) -> None:
    one = HouseFactory.build(subdistrict=SubdistrictFactory(), district=DistrictFactory())
    columns = {
        field.attname: getattr(one, field.attname)
        for field in HouseRegistration._meta.concrete_fields
        if field.attname not in ("id", "house_code")
    }
    columns |= {"subdistrict_id": SubdistrictFactory().pk, "district_id": DistrictFactory().pk}
    HouseRegistration.objects.bulk_create(
        HouseRegistration(**columns, house_code=f"{10151000000 + place}") for place in range(number)
    )


@pytest.mark.parametrize("conditions", ["", "?soi=5&state=untagged", "?q=1"])
def test_the_list_asks_as_many_questions_at_ten_houses_as_at_ten_thousand(
    desk, conditions, django_assert_max_num_queries
) -> None:
    fill(10)
    desk.get(HOUSES + conditions)
    few = queries_of(desk, HOUSES + conditions, django_assert_max_num_queries)
    HouseRegistration.objects.all().delete()
    fill(10_000)
    assert queries_of(desk, HOUSES + conditions, django_assert_max_num_queries) == few
    assert few <= 12


def test_more_houses_than_are_counted_can_be_chosen_all_at_once_and_are_counted_by_the_server(
    desk, monkeypatch
) -> None:
    monkeypatch.setattr("households.views.finding.MOST_COUNTED", 3)
    CommunityFactory(code="10150007")
    for _number in range(4):
        HouseFactory()
    page = desk.get(HOUSES)
    assert page.context["page"].number is None
    [told] = re.findall(r'name="matching" value="([^"]*)"', page.content.decode())
    check = desk.post("/houses/tag/", {"matching": told, "community": "10150007"}).context["check"]
    assert check.total == 4


# --- the register ---


def test_an_extract_that_is_no_workbook_is_refused_in_a_sentence(desk) -> None:
    page = desk.post("/register/load/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.4 nothing")})
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not HouseRegistration.objects.exists()


def test_an_extract_that_is_too_large_is_refused_by_its_name(desk) -> None:
    page = desk.post("/register/load/", {"file": SimpleUploadedFile("all.csv", b"x" * (65 * 1024 * 1024))})
    assert "all.csv" in page.context["form"].errors["file"][0]


def test_an_extract_is_loaded_and_its_result_told(desk) -> None:
    SubdistrictFactory(code="101503")
    text = (
        "เลขรหัสประจำบ้าน,บ้านเลขที่,หมู่ที่,ตรอก,ซอย,ถนน,รหัสแขวง,แขวง,สถานะ\n"
        "10159000017,41/5,,,เทอดไท 5,เทอดไท,101503,บางยี่เรือ,ปกติ\n"
        "10159000025,41/6,,,เทอดไท 5,เทอดไท,101503,บางยี่เรือ,จำหน่าย\n"
    )
    file = SimpleUploadedFile("extract.csv", text.encode())
    page = desk.post("/register/load/", {"file": file})
    assert page.context["result"].new == 2
    assert HouseRegistration.objects.count() == 2


def test_a_batchs_houses_stand_in_lane_order_page_by_page(desk, officer, monkeypatch) -> None:
    monkeypatch.setattr("households.views.batches.HOUSES_A_PAGE", 2)
    houses = [HouseFactory(house_no=number) for number in ("10", "2", "1")]
    community = CommunityFactory()
    batch = tagging.tag([house.pk for house in houses], community=community, by=officer, expected=3).batch
    address = reverse("households:batch", args=[batch.pk])
    first = desk.get(address)
    assert [event.house.house_no for event in first.context["events"]] == ["1", "2"]
    second = desk.get(address, {"after": first.context["page"].next.pk})
    assert [event.house.house_no for event in second.context["events"]] == ["10"]
