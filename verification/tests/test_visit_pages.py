"""Visits in the browser: planned by ticking, recorded on the phone one house after the other, printed for the way."""

from __future__ import annotations

import datetime
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from verification.models import CasePhoto, Occurrence, Section, StopResult, VisitList
from verification.visit_results import record_result
from verification.visits import Member, make_list
from verification.workflow import Kind, State

from .case_factories import case_of, photo_of

pytestmark = pytest.mark.django_db

TEAM = [Member(Section.REGISTRY, "น.ส. อรพิน ตัวอย่าง"), Member(Section.PRESIDENT, "นางทองใบ ตัวอย่าง")]


@pytest.fixture
def community():
    return CommunityFactory.create()


@pytest.fixture
def district(community):
    return community.district


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def development(district):
    return appoint(Role.COMMUNITY_DEVELOPMENT, district)


def a_case(community, number, *, soi="เทอดไท 5", **fields):
    house = HouseFactory.create(subdistrict=community.subdistrict, house_no=number, soi=soi)
    tag_event(house, community, on=datetime.date(2015, 1, 20))
    house.refresh_from_db()
    fields.setdefault("state", State.UNDER_REVIEW)
    return case_of(house, **fields)


def planned(community, numbers, by, **fields):
    cases = [a_case(community, number, by=by) for number in numbers]
    return make_list(
        community.district, **{"day": timezone.localdate(), "team": TEAM, "cases": cases, "by": by, **fields}
    )


def at(name, *arguments):
    return reverse(f"verification:{name}", args=arguments)


def result_of(page, code="demolished", **fields):
    """The form of a stop's page as the phone sends it."""
    form = page.context["form"]
    return {
        "key": str(form["key"].value()),
        "code": code,
        "seen_on": str(form["seen_on"].value()),
        "present": form["present"].value(),
        "more_section": "other",
        **fields,
    }


def a_photo(name="photo.jpg", color="green"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


# --- planning ---


def test_whole_lanes_and_events_are_planned_by_one_tick(client, community, district, officer):
    fire = Occurrence.objects.create(
        district=district, name="ไฟไหม้", happened_on=timezone.localdate(), recorded_by=officer
    )
    burnt = [
        a_case(community, str(n), kind=Kind.DESTROYED, occurrence=fire, soi="อิสรภาพ 3", by=officer) for n in (1, 2)
    ]
    lane = [a_case(community, str(n), by=officer) for n in (8, 9)]
    alone = a_case(community, "5", soi="เจริญรัถ 1", by=officer)
    a_case(community, "6", soi="เจริญรัถ 1", by=officer)
    client.force_login(officer)
    page = client.get(at("visits"))
    assert page.context["waiting"].number == 6
    page = client.get(at("visit_plan"), {"lane": lane[0].pk, "event": fire.pk, "case": alone.pk})
    assert set(page.context["cases"]) == {*burnt, *lane, alone}
    assert next(field.value() for field in page.context["form"].team_fields()) == str(officer)


def test_the_plan_becomes_a_list_with_its_team_and_a_second_planner_is_told(client, community, district, officer):
    cases = [a_case(community, str(n), by=officer) for n in (1, 2)]
    president = appoint(Role.PRESIDENT, community)
    client.force_login(officer)
    page = client.get(at("visit_plan"), {"case": [case.pk for case in cases]})
    form = page.context["form"]
    assert [each.name for each in form.known.values()] == [str(officer), str(president)]
    asked = {
        "case": [case.pk for case in cases],
        "day": "24/11/2599",
        "most_stops": "20",
        "team_registry": str(officer),
        "team_president": f"{president}, นายใหม่ ตัวอย่าง",
    }
    page = client.post(at("visit_plan"), asked, follow=True)
    made = VisitList.objects.get()
    assert (made.stops.count(), made.day.year) == (2, 2056)
    assert [(each.name, each.person) for each in made.team.all()] == [
        (str(officer), officer),
        (str(president), president),
        ("นายใหม่ ตัวอย่าง", None),
    ]
    # They are on a list now, so nothing of what was ticked waits any more.
    assert client.post(at("visit_plan"), asked).context["cases"] == []
    assert VisitList.objects.count() == 1


def test_more_than_the_list_takes_is_refused_until_it_may_be_longer(client, community, district, officer):
    cases = [a_case(community, str(n), by=officer) for n in range(1, 4)]
    client.force_login(officer)
    asked = {"case": [case.pk for case in cases], "day": "24/11/2599", "most_stops": "2", "team_registry": "ก"}
    page = client.post(at("visit_plan"), asked)
    assert page.status_code == 409
    assert VisitList.objects.count() == 0
    client.post(at("visit_plan"), {**asked, "longer": "on"})
    made = VisitList.objects.get()
    assert made.most_stops == 3
    more = a_case(community, "9", by=officer)
    onto = {"case": more.pk, "onto": made.pk, "most_stops": "20"}
    assert client.post(at("visit_plan"), onto).status_code == 409
    assert client.post(at("visit_plan"), {**onto, "longer": "on"}).status_code == 302
    assert made.stops.count() == 4


def test_a_plan_without_a_day_or_with_an_odd_one_is_asked_again(client, community, officer):
    case = a_case(community, "1", by=officer)
    client.force_login(officer)
    for day in ("", "วันพรุ่งนี้", "1/1/2500"):
        page = client.post(at("visit_plan"), {"case": case.pk, "day": day, "most_stops": "20", "team_registry": "ก"})
        assert page.status_code == 409, day
    assert VisitList.objects.count() == 0


def test_the_team_is_named_anew_and_a_house_taken_off(client, community, officer):
    visits = planned(community, ["1"], officer)
    client.force_login(officer)
    client.post(at("visit_team", visits.pk), {"team_delegate": "นายแทน ตัวอย่าง"})
    assert [member.section for member in visits.team.all()] == ["delegate"]
    stop = visits.stops.get()
    client.post(at("visit_take_off", stop.pk), {"reason": ""})
    stop.refresh_from_db()
    assert stop.over_at is None
    client.post(at("visit_take_off", stop.pk), {"reason": "ฝนตก"})
    page = client.get(at("case", stop.case_id))
    assert "ฝนตก" in page.content.decode()


def test_houses_left_over_are_carried_over_from_the_page_of_the_list(client, community, officer, development):
    visits = planned(community, ["1", "2"], officer)
    client.force_login(development)
    assert not client.get(at("visit_list", visits.pk)).context["may_plan"]
    assert client.post(at("visit_carry_over", visits.pk), {"reason": "หมดเวลา"}).status_code == 404
    client.force_login(officer)
    assert client.get(at("visit_list", visits.pk)).context["may_carry_over"]
    page = client.post(at("visit_carry_over", visits.pk), {"reason": "หมดเวลา"}, follow=True)
    assert (page.context["houses"], page.context["visits"].day > timezone.localdate()) == (2, True)
    assert not page.context["may_carry_over"]
    client.post(at("visit_carry_over", visits.pk), {"reason": "หมดเวลา"})
    assert VisitList.objects.count() == 2


# --- the list and the house ---


def test_the_list_of_the_day_shows_lane_by_lane_what_is_known(client, community, officer, development):
    visits = planned(community, ["12", "3"], officer)
    first, second = (line.stop for lane in _lanes(client, development, visits) for line in lane.lines)
    assert [first.case.house.house_no, second.case.house.house_no] == ["3", "12"]
    photo_of(first.case)
    [lane] = _lanes(client, development, visits)
    assert [line.photos for line in lane.lines] == [1, 0]
    text = client.get(at("visit_list", visits.pk)).content.decode()
    assert first.case.house.house_code not in text


def _lanes(client, person, visits):
    client.force_login(person)
    return client.get(at("visit_list", visits.pk)).context["lanes"]


def test_on_the_phone_one_house_follows_the_other(client, community, development, officer):
    visits = planned(community, ["1", "2"], officer)
    first, second = visits.stops.all()
    client.force_login(development)
    page = client.get(at("visit_stop", first.pk))
    sent = result_of(page, gone_since="1 ต.ค. 2558", photos=[a_photo(), a_photo("b.jpg", "red")], more_name="นายแทน")
    answer = client.post(at("visit_stop", first.pk), sent)
    assert answer.url == at("visit_stop", second.pk)
    result = StopResult.objects.get()
    assert (result.code, result.gone_since, result.photos.count()) == ("demolished", datetime.date(2015, 10, 1), 2)
    assert [each.name for each in result.attendances.all()] == [*(member.name for member in TEAM), "นายแทน"]
    # Whoever was at the first house is ticked at the next.
    page = client.get(at("visit_stop", second.pk))
    assert page.context["form"]["present"].value() == [*(member.name for member in TEAM), "นายแทน"]
    answer = client.post(at("visit_stop", second.pk), result_of(page, "standing"))
    assert answer.url == at("visit_list", visits.pk)


def test_a_second_press_is_the_same_visit_with_the_same_photos(client, community, officer):
    stop = planned(community, ["1"], officer).stops.get()
    client.force_login(officer)
    sent = result_of(client.get(at("visit_stop", stop.pk)))
    for _press in range(2):
        assert client.post(at("visit_stop", stop.pk), {**sent, "photos": [a_photo()]}).status_code == 302
    assert (StopResult.objects.count(), CasePhoto.objects.count()) == (1, 1)


def test_a_refused_photo_says_why_and_the_result_stands(client, community, officer):
    stop = planned(community, ["1"], officer).stops.get()
    client.force_login(officer)
    sent = result_of(client.get(at("visit_stop", stop.pk)))
    letter = SimpleUploadedFile("letter.jpg", b"not a photo", "image/jpeg")
    page = client.post(at("visit_stop", stop.pk), {**sent, "photos": [letter, a_photo()]}, follow=True)
    assert "letter.jpg" in page.content.decode()
    assert StopResult.objects.get().photos.count() == 1


def test_photos_of_a_refused_result_are_asked_for_again(client, community, officer):
    stop = planned(community, ["1"], officer).stops.get()
    client.force_login(officer)
    sent = result_of(client.get(at("visit_stop", stop.pk)), "")
    without = client.post(at("visit_stop", stop.pk), sent).context["refusal"]
    with_photos = client.post(at("visit_stop", stop.pk), {**sent, "photos": [a_photo()]}).context["refusal"]
    assert with_photos.startswith(without)
    assert len(with_photos) > len(without)
    assert not CasePhoto.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"code": ""},
        {"code": "eaten"},
        {"present": []},
        {"seen_on": "เมื่อวาน"},
        {"seen_on": "1/1/2599"},
        {"code": "other_number", "shown_number": ""},
        {"gone_since": "1/1/2599"},
        {"key": "x"},
        {"present": ["somebody else"]},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, community, officer, fault):
    stop = planned(community, ["1"], officer).stops.get()
    client.force_login(officer)
    sent = {**result_of(client.get(at("visit_stop", stop.pk))), "note": "รื้อแล้วทั้งหลัง", **fault}
    page = client.post(at("visit_stop", stop.pk), sent)
    assert page.status_code == 409
    assert page.context["refusal"]
    assert "รื้อแล้วทั้งหลัง" in page.content.decode()
    assert not StopResult.objects.exists()


def test_whoever_comes_second_is_told_who_was_first(client, community, officer, development):
    stop = planned(community, ["1"], officer).stops.get()
    client.force_login(development)
    sent = result_of(client.get(at("visit_stop", stop.pk)), "standing")
    record_result(stop, key=uuid.uuid4(), code="demolished", seen_on=timezone.localdate(), present=TEAM, by=officer)
    page = client.post(at("visit_stop", stop.pk), sent)
    assert page.status_code == 409
    assert str(officer) in page.context["refusal"]
    assert page.context["line"].result.code == "demolished"


def test_nobody_home_says_when_the_next_visit_is_and_the_third_time_asks_an_officer(client, community, officer):
    stop = planned(community, ["1"], officer).stops.get()
    client.force_login(officer)
    for _time in range(3):
        page = client.get(at("visit_stop", stop.pk))
        client.post(at("visit_stop", stop.pk), result_of(page, "nobody_home"))
        stop = stop.case.stops.get(over_at=None)
    page = client.get(at("case", stop.case_id))
    assert page.context["visit_nobody"] == 3
    assert page.context["visit_waits"] == stop
    assert page.context["visit_stops"][0] == stop
    assert client.get(at("visit_stop", stop.pk)).context["line"].often_nobody


def test_many_houses_of_one_event_get_one_result(client, community, district, officer):
    fire = Occurrence.objects.create(
        district=district, name="ไฟไหม้", happened_on=timezone.localdate(), recorded_by=officer
    )
    cases = [a_case(community, str(n), kind=Kind.DESTROYED, occurrence=fire, by=officer) for n in range(1, 5)]
    visits = make_list(district, day=timezone.localdate(), team=TEAM, cases=cases, by=officer)
    client.force_login(officer)
    assert client.get(at("visit_list", visits.pk)).context["alike"] == [(fire, 4)]
    page = client.get(at("visit_alike", visits.pk, fire.pk))
    stops = [line.stop for line in page.context["lines"]]
    sent = result_of(page, "destroyed", stop=[stop.pk for stop in stops[:3]])
    client.post(at("visit_alike", visits.pk, fire.pk), sent)
    assert StopResult.objects.count() == 3
    assert client.post(at("visit_alike", visits.pk, fire.pk), {**sent, "stop": []}).status_code == 409
    assert client.get(at("visit_alike", visits.pk, 999_999)).status_code == 404


def test_a_list_is_printed_for_a_purpose_which_is_recorded(client, community, development, officer):
    visits = planned(community, ["12", "3"], officer)
    client.force_login(development)
    assert client.post(at("visit_print", visits.pk), {"purpose": " "}).status_code == 409
    page = client.post(at("visit_print", visits.pk), {"purpose": "ออกพื้นที่"})
    text = page.content.decode()
    assert "ออกพื้นที่" in text
    assert "☐" in text
    assert visits.stops.first().case.house.house_code not in text
    seen = ListAccess.objects.get()
    assert (seen.deed, seen.houses, seen.purpose, seen.person) == ("printed", 2, "ออกพื้นที่", development)


def test_words_of_people_are_shown_and_never_run(client, community, officer):
    hostile = "<script>alert(1)</script>"
    case = a_case(community, "1", by=officer, told=hostile, reporter_name=hostile)
    visits = make_list(
        community.district,
        day=timezone.localdate(),
        team=[Member("other", hostile)],
        cases=[case],
        note=hostile,
        by=officer,
    )
    client.force_login(officer)
    stop = visits.stops.get()
    pages = [at("visits"), at("visit_list", visits.pk), at("visit_stop", stop.pk), at("case", case.pk)]
    for page in pages:
        assert "<script>alert" not in client.get(page).content.decode(), page
    assert "<script>alert" not in client.post(at("visit_print", visits.pk), {"purpose": hostile}).content.decode()


def test_a_page_asks_as_often_for_twenty_houses_as_for_two(client, community, officer):
    def queries(address):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = planned(community, ["1", "2"], officer)
    many = planned(community, [str(number) for number in range(10, 30)], officer)
    a_case(community, "100", by=officer)
    client.force_login(officer)
    for visits in (few, many):
        stop = visits.stops.first()
        photo_of(stop.case)
        record_result(stop, key=uuid.uuid4(), code="standing", seen_on=timezone.localdate(), present=TEAM, by=officer)
    client.get(at("visits"))
    assert queries(at("visit_list", few.pk)) == queries(at("visit_list", many.pk))
    assert queries(at("visit_stop", few.stops.last().pk)) == queries(at("visit_stop", many.stops.last().pk))
    before = queries(at("visits"))
    for number in range(200, 218):
        a_case(community, str(number), by=officer)
    planned(community, [str(number) for number in range(300, 320)], officer)
    assert queries(at("visits")) == before
