"""Cases in the browser, by request: the list, one case, its moves, pressed twice and by the wrong people."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory
from verification.models import Case, StatusChange

from .case_factories import case_of, photo_of, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return HouseFactory.create(house_no="12/3")


@pytest.fixture
def officer(client, house):
    person = appoint(Role.OFFICER, house.district)
    client.force_login(person)
    return person


def pressed(client, case, move, seen=0, **fields):
    address = reverse("verification:case_move", args=[case.pk])
    return client.post(address, {"move": move, "seen": seen, **fields}, follow=True)


def test_the_list_shows_what_waits_and_finds_by_number_of_case_and_house(client, officer, house):
    waiting = case_of(house)
    case_of(HouseFactory.create(house_no="99"), state="withdrawn")
    page = client.get(reverse("verification:cases"))
    assert [line["case"] for line in page.context["lines"]] == [waiting]
    for number in ("1", "1/2569", "๑/๒๕๖๙", "12/3", "๑๒/๓"):
        found = client.get(reverse("verification:cases"), {"number": number}).context["lines"]
        assert waiting in [line["case"] for line in found], number
    over = client.get(reverse("verification:cases"), {"state": "over"}).context["lines"]
    assert [line["case"].state for line in over] == ["withdrawn"]


def test_a_case_of_another_district_is_not_there(client, officer):
    other = HouseFactory.create(subdistrict__district__code="1099", subdistrict__code="109901")
    case = case_of(other)
    assert client.get(reverse("verification:case", args=[case.pk])).status_code == 404
    assert pressed(client, case, "take_up").status_code == 404
    assert not StatusChange.objects.filter(case=case).exists()


def test_the_next_move_is_one_press_and_a_double_click_acts_once(client, officer, house):
    case = case_of(house)
    for _click in range(2):
        assert "take_up" not in pressed(client, case, "take_up").context["next"].step.move
    case.refresh_from_db()
    assert (case.state, case.changes.count()) == ("under_review", 1)


def test_somebody_who_looked_at_an_old_page_is_told_and_changes_nothing(client, officer, house):
    case = case_of(house)
    pressed(client, case, "take_up")
    page = pressed(client, case, "withdraw", seen=0, reason="แจ้งผิดหลัง")
    case.refresh_from_db()
    assert case.state == "under_review"
    assert str(officer) in "".join(str(message) for message in page.context["messages"])


def test_what_is_missing_is_named_and_nothing_happens(client, officer, house):
    case = case_of(house, state="visited")
    seen(case)
    last = case.changes.latest("pk").pk
    page = pressed(client, case, "confirm", seen=last)
    assert "ภาพถ่าย" in "".join(str(message) for message in page.context["messages"])
    photo_of(case)
    pressed(client, case, "confirm", seen=last)
    case.refresh_from_db()
    assert case.state == "confirmed"


def test_a_move_that_belongs_to_an_act_is_not_pressed_by_hand(client, house):
    head = appoint(Role.HEAD, house.district)
    client.force_login(head)
    case = case_of(house, state="proposed")
    pressed(client, case, "strike_off", seen=case.changes.latest("pk").pk)
    case.refresh_from_db()
    assert case.state == "proposed"


def test_what_is_the_matter_can_be_said_otherwise_with_a_reason(client, officer, house):
    case = case_of(house, kind="unclear", state="under_review")
    last = case.changes.latest("pk").pk
    pressed(client, case, "reclassify", seen=last, kind="wrong_number", reason="ป้ายหน้าบ้านเป็นเลขอื่น")
    case.refresh_from_db()
    change = case.changes.latest("pk")
    assert (case.kind, case.state) == ("wrong_number", "under_review")
    assert (change.kind_before, change.kind_after) == ("unclear", "wrong_number")


def test_the_request_is_written_down_once(client, officer, house):
    case = case_of(house, told="")
    address = reverse("verification:case_request", args=[case.pk])
    client.post(address, {"told": "รื้อแล้วเมื่อปีก่อน"})
    client.post(address, {"told": "อีกอย่าง"})
    assert Case.objects.get(pk=case.pk).told == "รื้อแล้วเมื่อปีก่อน"


def test_community_development_sees_the_case_without_house_code_and_telephone(client, house):
    case = case_of(house, reporter_phone="081-234-5678")
    client.force_login(appoint(Role.COMMUNITY_DEVELOPMENT, house.district))
    page = client.get(reverse("verification:case", args=[case.pk])).content.decode()
    assert "12/3" in page
    assert house.house_code[4:10] not in page
    assert "081-234-5678" not in page


def test_the_page_of_the_table_shows_every_move_and_holds_no_house(client, house):
    client.force_login(appoint(Role.ADMINISTRATOR, house.district))
    page = client.get(reverse("verification:case_moves"))
    assert page.status_code == 200
    assert len(page.context["lines"]) == 22


def test_as_many_queries_for_one_case_as_for_twenty(client, officer, house, django_assert_num_queries):
    community = CommunityFactory.create(subdistrict=house.subdistrict)
    case_of(house, community=community)
    address = reverse("verification:cases")
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
    for _nth in range(19):
        case_of(HouseFactory.create(subdistrict=house.subdistrict), community=community)
    with django_assert_num_queries(6):
        client.get(address)


def test_no_case_borrows_the_act_of_another(house):
    own, other = case_of(house), case_of(HouseFactory.create(subdistrict=house.subdistrict), state="struck_off")
    with pytest.raises(IntegrityError, match="names an act of the office on its own house"), transaction.atomic():
        Case.objects.filter(pk=own.pk).update(life_event=other.life_event)
