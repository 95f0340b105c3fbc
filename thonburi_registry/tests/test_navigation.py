"""What the bar offers to whom."""

import pytest
from django.test import RequestFactory

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, PersonFactory, appoint
from thonburi_registry.navigation import entries_for, navigation, posts_of

pytestmark = pytest.mark.django_db


def labels(person) -> list[str]:
    return [str(entry["label"]) for entry in entries_for(person, "/")]


def test_a_president_is_led_to_the_own_community_alone() -> None:
    assert labels(appoint(Role.PRESIDENT, CommunityFactory())) == ["บ้านในชุมชน"]


def test_an_officer_is_led_to_the_work_and_not_to_accounts() -> None:
    offered = labels(appoint(Role.OFFICER, DistrictFactory()))
    assert offered == ["งานของฉัน", "บ้าน", "บัญชีจากชุมชน", "รายงาน KPI", "โหลดทะเบียนบ้าน"]


def test_a_person_without_a_post_is_led_nowhere() -> None:
    assert labels(PersonFactory()) == []


def test_the_entry_under_which_the_page_lies_is_marked() -> None:
    officer = appoint(Role.OFFICER, DistrictFactory())
    houses = next(entry["url"] for entry in entries_for(officer, "/") if str(entry["label"]) == "บ้าน")
    marked = [str(entry["label"]) for entry in entries_for(officer, f"{houses}17/") if entry["here"]]
    assert marked == ["บ้าน"]


def test_posts_are_named_with_their_place() -> None:
    president = appoint(Role.PRESIDENT, CommunityFactory(name="โรงเจ 1"))
    assert posts_of(president) == [{"role": "ประธานชุมชน", "place": "โรงเจ 1", "district": ""}]


def test_a_fragment_that_shows_no_bar_asks_the_database_nothing(django_assert_num_queries) -> None:
    request = RequestFactory().get("/")
    request.user = appoint(Role.OFFICER, DistrictFactory())
    with django_assert_num_queries(0):
        navigation(request)
