"""What the bar offers to whom."""

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import escape

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, PersonFactory, appoint
from thonburi_registry.navigation import PARTS, entries_for, navigation, pages_beside, posts_of

pytestmark = pytest.mark.django_db


def labels(person) -> list[str]:
    return [str(entry["label"]) for entry in entries_for(person, "/")]


def test_a_president_is_led_to_the_own_review_alone() -> None:
    assert labels(appoint(Role.PRESIDENT, CommunityFactory())) == ["ตรวจบัญชีบ้าน"]


def test_an_officer_is_led_to_the_work_and_not_to_accounts() -> None:
    offered = labels(appoint(Role.OFFICER, DistrictFactory()))
    assert offered == [
        "งานของฉัน",
        "บ้าน",
        "ต้องตรวจแก้",
        "บัญชีจากชุมชน",
        "ทะเบียนกลาง",
        "ประธานตรวจบัญชี",
        "เรื่องตรวจสอบ",
        "รายงาน",
    ]


def test_a_person_without_a_post_is_led_nowhere() -> None:
    assert labels(PersonFactory()) == []


def test_the_entry_under_which_the_page_lies_is_marked() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory())
    houses = next(entry["url"] for entry in entries_for(officer, "/") if str(entry["label"]) == "บ้าน")
    marked = [str(entry["label"]) for entry in entries_for(officer, f"{houses}17/") if entry["here"]]
    assert marked == ["บ้าน"]


def test_the_pages_of_an_entry_stand_side_by_side() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory())
    beside = pages_beside(officer, reverse("households:reconciliation"))
    assert [str(page["label"]) for page in beside] == [
        "รายการคีย์",
        "ต้องดำเนินการ",
        "การสอบทาน",
        "โหลดทะเบียนบ้าน",
    ]
    assert [page["exactly"] for page in beside] == [False, False, True, False]


def test_the_entry_of_the_bar_is_marked_on_each_of_its_pages() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory())
    for part in PARTS:
        for page in part.pages:
            marked = [entry["label"] for entry in entries_for(officer, reverse(page.view)) if entry["here"]]
            assert marked in ([part.label], [])


def test_a_person_sees_only_the_own_pages_of_an_entry() -> None:
    sender = appoint(Role.COMMUNITY_DEVELOPMENT, DistrictFactory())
    urls = [page["url"] for page in pages_beside(sender, reverse("households:lists"))]
    assert reverse("households:aliases") not in urls
    assert reverse("households:quality") in urls


def test_a_page_below_another_keeps_its_space_for_the_work() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory())
    assert pages_beside(officer, reverse("households:house", args=[17])) == []


def test_a_page_that_stands_for_another_in_the_bar_is_marked_as_it() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory())
    marked = [page["url"] for page in pages_beside(officer, reverse("households:trust")) if page["here"]]
    assert marked == [reverse("households:quality")]


def test_posts_are_named_with_their_place() -> None:
    president = appoint(Role.PRESIDENT, CommunityFactory(name="โรงเจ 1"))
    assert posts_of(president) == [{"role": "ประธานชุมชน", "place": "โรงเจ 1", "district": ""}]


def test_the_print_head_names_the_district_office_once() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory(name_th="ธนบุรี"))
    assert posts_of(officer)[0]["district"] == "ธนบุรี"


def test_a_fragment_that_shows_no_bar_asks_the_database_nothing(django_assert_num_queries) -> None:
    request = RequestFactory().get("/")
    request.user = appoint(Role.OFFICER, DistrictFactory())
    with django_assert_num_queries(0):
        navigation(request)


def test_what_pages_keep_of_their_parts_belongs_to_nobody(client) -> None:
    persons = {
        name: appoint(Role.OFFICER, DistrictFactory(code=code), full_name=name, thai_digits=thai_digits)
        for name, code, thai_digits in (("นางหนึ่ง", "1015", False), ("นายสอง", "1099", True))
    }
    seen: set[str] = set()
    for name in ("นางหนึ่ง", "นายสอง", "นางหนึ่ง"):
        client.logout()
        client.force_login(persons[name])
        page = client.get(reverse("households:houses"), {"q": name})
        text = page.content.decode()
        assert [other for other in persons if other in text] == [name]
        assert [code for code in ("1015", "1099") if f"district={code}" in text] == [
            {"นางหนึ่ง": "1015", "นายสอง": "1099"}[name]
        ]
        pressed = re.findall(r'value="(arabic|thai)" aria-pressed="true"', text)
        assert pressed == ["thai" if persons[name].thai_digits else "arabic"]
        assert set(re.findall(r'name="next" value="([^"]*)"', text)) == {escape(page.wsgi_request.get_full_path())}
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', text)
        assert len(tokens) >= 3
        assert len(set(tokens)) == 1
        assert tokens[0] not in seen
        seen.add(tokens[0])
