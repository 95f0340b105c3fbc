"""Visits: planned lane by lane with a team, recorded once, planned again where nobody was home."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communities.models import Person, Role
from communities.tests.factories import DistrictFactory, SubdistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification.models import Occurrence, Section, Stop, StopResult, VisitList
from verification.visit_results import next_stop, nobody_home_in_a_row, record_alike, record_result
from verification.visits import (
    Member,
    add_stops,
    carry_over,
    cases_to_visit,
    is_working_day,
    make_list,
    next_working_day,
    set_team,
    take_off,
    team_lacks,
)
from verification.workflow import Kind, State

from .case_factories import case_of, seen

pytestmark = pytest.mark.django_db

TEAM = [
    Member(Section.REGISTRY, "น.ส. อรพิน ตัวอย่าง"),
    Member(Section.COMMUNITY_DEVELOPMENT, "นายพัฒน์ ตัวอย่าง"),
    Member(Section.PRESIDENT, "นางทองใบ ตัวอย่าง"),
]
TODAY = datetime.date(2026, 11, 24)  # a Tuesday


@pytest.fixture(autouse=True)
def a_tuesday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 24, 9, tzinfo=timezone.get_default_timezone()), tick=True)


@pytest.fixture
def subdistrict():
    return SubdistrictFactory.create()


@pytest.fixture
def district(subdistrict):
    return subdistrict.district


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def development(district):
    return appoint(Role.COMMUNITY_DEVELOPMENT, district)


def a_case(subdistrict, number="9", *, soi="เทอดไท 5", **fields):
    fields.setdefault("state", State.UNDER_REVIEW)
    return case_of(HouseFactory.create(subdistrict=subdistrict, house_no=number, soi=soi), **fields)


def planned(district, cases, by, day=None, **fields):
    return make_list(district, **{"day": day or timezone.localdate(), "team": TEAM, "cases": cases, "by": by, **fields})


def said(stop, code, by, **fields):
    given = {"key": uuid.uuid4(), "seen_on": timezone.localdate(), "present": TEAM, **fields}
    return record_result(stop, code=code, by=by, **given)


def refused(code, deed):
    with pytest.raises(ValidationError) as refusal:
        deed()
    assert refusal.value.code == code
    return " ".join(refusal.value.messages)


# --- what waits ---


def test_what_waits_for_a_visit_stands_lane_by_lane_and_missing_houses_last(subdistrict, district):
    second = a_case(subdistrict, "10", soi="เทอดไท 5")
    first = a_case(subdistrict, "9/2", soi="เทอดไท 5", state=State.RECEIVED)
    other = a_case(subdistrict, "1", soi="อิสรภาพ 3")
    missing = case_of(
        None, Kind.MISSING, State.UNDER_REVIEW, district=district, house_no="77", lane="ตรอกวัด", by=first.opened_by
    )
    found = cases_to_visit(district)
    assert [[each.case for each in lane.cases] for lane in found.lanes] == [[first, second], [other], [missing]]
    assert found.number == 4


def test_a_case_waits_for_a_visit_only_while_a_visit_brings_it_on(subdistrict, district, officer):
    standing = a_case(subdistrict, "1", state=State.VISITED)
    seen(standing, "standing")
    gone = a_case(subdistrict, "2", state=State.VISITED)
    seen(gone, "demolished")
    refused_entry = a_case(subdistrict, "3", state=State.VISITED)
    seen(refused_entry, "access_refused")
    on_papers = a_case(subdistrict, "4", kind=Kind.DUPLICATE, state=State.CONFIRMED)
    a_case(subdistrict, "5", kind=Kind.WRONG_NUMBER, state=State.CONFIRMED)
    a_case(subdistrict, "6", state=State.STANDS)
    with_us = a_case(subdistrict, "7")
    planned(district, [a_case(subdistrict, "8")], officer)
    waiting = [each.case for lane in cases_to_visit(district).lanes for each in lane.cases]
    assert waiting == [refused_entry, on_papers, with_us]


def test_a_fire_is_one_visit_of_all_its_houses(subdistrict, district, officer):
    fire = Occurrence.objects.create(
        district=district, name="ไฟไหม้", happened_on=TODAY - datetime.timedelta(days=2), recorded_by=officer
    )
    cases = [
        a_case(subdistrict, str(number), kind=Kind.DESTROYED, state=State.RECEIVED, occurrence=fire, by=officer)
        for number in range(1, 45)
    ]
    assert cases_to_visit(district).events == [(fire, 44)]
    refused("too_many", lambda: planned(district, cases, officer))
    assert VisitList.objects.count() == 0
    visits = planned(district, cases, officer, most_stops=44)
    assert visits.stops.count() == 44
    done = record_alike(
        visits.stops.all(),
        key=uuid.uuid4(),
        code="destroyed",
        gone_since=fire.happened_on,
        seen_on=TODAY,
        present=TEAM,
        by=officer,
    )
    assert (len(done.results), done.refused) == (44, {})
    assert {case.state for case in fire.cases.all()} == {State.VISITED}


# --- planning ---


def test_a_list_is_made_in_lane_order_and_takes_up_what_was_just_received(subdistrict, district, officer):
    later = a_case(subdistrict, "12")
    earlier = a_case(subdistrict, "3", state=State.RECEIVED)
    visits = planned(district, [later, earlier], officer)
    assert [stop.case for stop in visits.stops.all()] == [earlier, later]
    assert [member.name for member in visits.team.all()] == [member.name for member in TEAM]
    for case in (later, earlier):
        case.refresh_from_db()
        assert case.state == State.VISIT_PLANNED
    assert (visits.number, planned(district, [a_case(subdistrict)], officer).number) == (1, 2)


def test_a_list_is_refused_whole(subdistrict, district, officer, development):
    case = a_case(subdistrict)
    refused("not_allowed", lambda: planned(district, [case], development))
    refused("day_passed", lambda: planned(district, [case], officer, day=TODAY - datetime.timedelta(days=1)))
    refused("nothing_ticked", lambda: planned(district, [], officer))
    refused("no_team", lambda: planned(district, [case], officer, team=[Member("registry", "  ")]))
    refused("named_twice", lambda: planned(district, [case], officer, team=[TEAM[0], TEAM[0]]))
    refused("not_a_section", lambda: planned(district, [case], officer, team=[Member("police", "ก")]))
    refused("no_room", lambda: planned(district, [case], officer, most_stops=0))
    refused("not_in_the_table", lambda: planned(district, [case, a_case(subdistrict, state=State.STANDS)], officer))
    elsewhere = DistrictFactory.create(code="1016")
    stranger = appoint(Role.OFFICER, elsewhere)
    refused("not_allowed", lambda: planned(district, [case], stranger))
    refused("other_district", lambda: planned(elsewhere, [case], stranger))
    assert (VisitList.objects.count(), Stop.objects.count()) == (0, 0)
    case.refresh_from_db()
    assert case.state == State.UNDER_REVIEW


def test_no_house_stands_on_two_lists(subdistrict, district, officer):
    case = a_case(subdistrict, "9/1")
    same_house = case_of(case.house, Kind.WRONG_NUMBER, State.UNDER_REVIEW, by=officer)
    assert "9/1" in refused("waits_already", lambda: planned(district, [case, same_house], officer))
    visits = planned(district, [case], officer)
    assert "9/1" in refused("waits_already", lambda: planned(district, [same_house], officer))
    assert "9/1" in refused("waits_already", lambda: add_stops(visits, [case], by=officer))
    with pytest.raises(IntegrityError, match="house_waits_on_one_list"), transaction.atomic():
        Stop.objects.create(visit_list=visits, case=same_house, place=9, added_by=officer)


def test_a_list_takes_more_houses_while_it_has_room(subdistrict, district, officer):
    visits = planned(district, [a_case(subdistrict, "1")], officer, most_stops=2)
    add_stops(visits, [a_case(subdistrict, "2")], by=officer)
    third = a_case(subdistrict, "3")
    refused("too_many", lambda: add_stops(visits, [third], by=officer))
    add_stops(visits, [third], by=officer, most_stops=3)
    assert [stop.place for stop in visits.stops.all()] == [1, 2, 3]


def test_a_case_taken_off_goes_back_to_the_desk_with_the_reason(subdistrict, district, officer, development):
    stop = planned(district, [a_case(subdistrict)], officer).stops.get()
    refused("reason_needed", lambda: take_off(stop, reason=" ", by=officer))
    refused("not_your_move", lambda: take_off(stop, reason="ฝนตก", by=development))
    stop = take_off(stop, reason="ฝนตก", by=officer)
    assert (stop.taken_off_by, stop.taken_off_reason) == (officer, "ฝนตก")
    stop.case.refresh_from_db()
    assert stop.case.state == State.UNDER_REVIEW
    refused("over_already", lambda: take_off(stop, reason="อีก", by=officer))
    refused("over_already", lambda: said(stop, "standing", officer))
    assert planned(district, [stop.case], officer).stops.count() == 1


def test_a_team_without_one_of_the_three_is_told_and_can_be_written_anew(subdistrict, district, officer):
    visits = planned(district, [a_case(subdistrict)], officer, team=TEAM[:1])
    assert len(team_lacks([member.section for member in visits.team.all()])) == 2
    set_team(visits, [*TEAM[:2], Member(Section.DELEGATE, "นายแทน ตัวอย่าง")], by=officer)
    assert team_lacks([member.section for member in visits.team.all()]) == []


def test_houses_left_over_go_onto_one_later_list_with_room_for_all_of_them(subdistrict, district, officer):
    cases = [a_case(subdistrict, str(number)) for number in (1, 2, 3)]
    visits = planned(district, cases, officer)
    tight = planned(district, [a_case(subdistrict, "8")], officer, day=TODAY + datetime.timedelta(days=1), most_stops=2)
    said(visits.stops.first(), "standing", officer)
    refused("reason_needed", lambda: carry_over(visits, reason=" ", by=officer))
    onto = carry_over(visits, reason="หมดเวลา", by=officer)
    assert (tight.stops.count(), onto.day) == (1, TODAY + datetime.timedelta(days=1))
    assert [stop.case for stop in onto.stops.all()] == cases[1:]
    assert [member.name for member in onto.team.all()] == [member.name for member in TEAM]
    assert {stop.case.state for stop in onto.stops.all()} == {State.VISIT_PLANNED}
    refused("nothing_left", lambda: carry_over(visits, reason="หมดเวลา", by=officer))


def test_holidays_are_no_working_days():
    assert is_working_day(TODAY)
    assert not is_working_day(datetime.date(2026, 11, 28))
    assert next_working_day(datetime.date(2026, 12, 4)) == datetime.date(2026, 12, 8)  # the 7th is a substitute


# --- recording ---


def test_what_was_found_is_recorded_with_who_was_there(subdistrict, district, officer, development):
    stop = planned(district, [a_case(subdistrict)], officer).stops.get()
    gone = TODAY - datetime.timedelta(days=40)
    result = said(stop, "demolished", development, note=" รื้อหมดแล้ว ", gone_since=gone, shown_number="9")
    assert (result.note, result.gone_since, result.shown_number) == ("รื้อหมดแล้ว", gone, "")
    assert [each.name for each in result.attendances.all()] == [member.name for member in TEAM]
    stop.refresh_from_db()
    stop.case.refresh_from_db()
    assert stop.over_at is not None
    assert stop.case.state == State.VISITED


def test_the_same_press_is_one_result(subdistrict, district, officer):
    stop = planned(district, [a_case(subdistrict)], officer).stops.get()
    key = uuid.uuid4()
    assert said(stop, "standing", officer, key=key) == said(stop, "standing", officer, key=key)
    assert str(officer) in refused("recorded_already", lambda: said(stop, "demolished", officer))
    other = planned(district, [a_case(subdistrict, "2")], officer).stops.get()
    refused("another_deed", lambda: said(other, "standing", officer, key=key))
    assert StopResult.objects.count() == 1


def test_what_lacks_is_asked_for_and_nothing_is_written(subdistrict, district, officer):
    stop = planned(district, [a_case(subdistrict)], officer).stops.get()
    tomorrow = TODAY + datetime.timedelta(days=1)
    refused("not_a_result", lambda: said(stop, "eaten", officer))
    refused("in_the_future", lambda: said(stop, "standing", officer, seen_on=tomorrow))
    refused("number_needed", lambda: said(stop, "other_number", officer, shown_number=" "))
    refused("gone_later", lambda: said(stop, "demolished", officer, gone_since=tomorrow))
    refused("nobody_there", lambda: said(stop, "standing", officer, present=[]))
    refused("not_allowed", lambda: said(stop, "standing", appoint(Role.DIRECTOR, district)))
    assert not StopResult.objects.exists()
    stop.case.refresh_from_db()
    assert stop.case.state == State.VISIT_PLANNED


def test_nobody_home_goes_onto_a_new_list_of_the_next_working_day_with_the_same_team(
    subdistrict, district, officer, development
):
    friday = datetime.date(2026, 12, 4)
    stop = planned(district, [a_case(subdistrict)], officer, day=friday, most_stops=7).stops.get()
    said(stop, "nobody_home", development)
    again = next_stop(stop.case)
    assert (again.visit_list.day, again.visit_list.most_stops) == (datetime.date(2026, 12, 8), 7)
    assert [member.name for member in again.visit_list.team.all()] == [member.name for member in TEAM]
    stop.case.refresh_from_db()
    assert stop.case.state == State.VISIT_PLANNED
    assert stop.case.changes.latest("pk").move == "nobody_met"


def test_nobody_home_takes_the_next_list_with_room_and_passes_a_full_one_by(subdistrict, district, officer):
    first = planned(district, [a_case(subdistrict, "1"), a_case(subdistrict, "2")], officer)
    full = planned(district, [a_case(subdistrict, "3")], officer, day=TODAY + datetime.timedelta(days=1), most_stops=1)
    roomy = planned(district, [a_case(subdistrict, "4")], officer, day=TODAY + datetime.timedelta(days=2))
    for stop in first.stops.all():
        said(stop, "nobody_home", officer)
    assert (full.stops.count(), roomy.stops.count(), VisitList.objects.count()) == (1, 3, 3)


def test_nobody_home_is_counted_in_a_row():
    assert nobody_home_in_a_row([]) == 0
    assert nobody_home_in_a_row(["nobody_home", "access_refused", "nobody_home", "nobody_home"]) == 2
    assert nobody_home_in_a_row(["nobody_home"] * 3) == 3


def test_houses_recorded_together_are_of_one_event_and_the_refused_are_named(subdistrict, district, officer):
    fire = Occurrence.objects.create(district=district, name="ไฟไหม้", happened_on=TODAY, recorded_by=officer)
    burnt = [a_case(subdistrict, str(n), kind=Kind.DESTROYED, occurrence=fire, by=officer) for n in (1, 2, 3)]
    visits = planned(district, [*burnt, a_case(subdistrict, "8")], officer)
    stops = {stop.case.house.house_no: stop for stop in visits.stops.all()}
    alike = {"code": "destroyed", "seen_on": TODAY, "present": TEAM, "by": officer}
    refused("not_one_event", lambda: record_alike(visits.stops.all(), key=uuid.uuid4(), **alike))
    refused("nothing_ticked", lambda: record_alike([], key=uuid.uuid4(), **alike))
    said(stops["2"], "standing", officer)
    key = uuid.uuid4()
    of_fire = [stops[number] for number in "123"]
    done = record_alike(of_fire, key=key, **alike)
    assert [result.stop for result in done.results] == [stops["1"], stops["3"]]
    assert list(done.refused.values()) == [["2"]]
    assert record_alike(of_fire, key=key, **alike) == done
    assert StopResult.objects.count() == 3


# --- two at once ---


def at_once(people, deed):
    """Every person does the deed in a connection of their own, all at the same time; the codes of the refusals."""
    ready, codes = threading.Barrier(len(people)), []

    def one(person):
        ready.wait()
        try:
            deed(Person.objects.get(pk=person.pk))
        except ValidationError as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


@pytest.mark.django_db(transaction=True)
def test_two_who_record_one_stop_at_once_leave_one_result(subdistrict, district, officer, development):
    stop = planned(district, [a_case(subdistrict)], officer).stops.get()
    codes = at_once([officer, development], lambda person: said(stop, "demolished", person))
    assert (StopResult.objects.count(), codes) == (1, ["recorded_already"])
    stop.case.refresh_from_db()
    assert stop.case.state == State.VISITED


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_the_same_houses_at_once_make_one_list(subdistrict, district, officer):
    cases = [a_case(subdistrict, str(number)) for number in (1, 2, 3)]
    codes = at_once([officer, appoint(Role.HEAD, district)], lambda person: planned(district, cases, person))
    assert (VisitList.objects.count(), Stop.objects.count(), codes) == (1, 3, ["waits_already"])


@pytest.mark.django_db(transaction=True)
def test_two_who_meet_nobody_at_once_begin_one_list(subdistrict, district, officer, development):
    stops = list(planned(district, [a_case(subdistrict, "1"), a_case(subdistrict, "2")], officer).stops.all())
    turns = dict(zip([officer.pk, development.pk], stops, strict=True))
    assert at_once([officer, development], lambda person: said(turns[person.pk], "nobody_home", person)) == []
    assert VisitList.objects.count() == 2
    assert VisitList.objects.latest("pk").stops.count() == 2
