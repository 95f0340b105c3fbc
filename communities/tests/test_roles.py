import datetime

import pytest
import time_machine

from communities.models import Community, District, Person, Role
from communities.roles import ALLOWED, Action, may
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    PersonFactory,
    SubdistrictFactory,
    appoint,
)

pytestmark = pytest.mark.django_db

# Written out by hand, so that a slip in the table under test shows.
EXPECTED = {
    "officer": {
        "see_figures",
        "see_lists",
        "see_houses",
        "receive_list",
        "tag",
        "key_in",
        "load_register",
        "answer_review",
        "see_cases",
        "open_case",
        "work_case",
        "visit",
        "check_report",
        "write_daily_plan",
        "see_ledger",
        "keep_ledger",
        "ask_for_codes",
    },
    "head": {
        "see_figures",
        "see_lists",
        "see_houses",
        "receive_list",
        "tag",
        "assign_work",
        "see_everyones_work",
        "key_in",
        "load_register",
        "issue_report",
        "reset_password",
        "open_round",
        "answer_review",
        "see_cases",
        "open_case",
        "work_case",
        "visit",
        "approve_strike_off",
        "keep_wording",
        "check_report",
        "write_daily_plan",
        "approve_daily_plan",
        "set_targets",
        "see_ledger",
        "keep_ledger",
        "ask_for_codes",
        "change_communities",
        "issue_roll",
    },
    "community_development": {
        "see_figures",
        "see_lists",
        "receive_list",
        "see_cases",
        "open_case",
        "visit",
        "see_ledger",
        "keep_ledger",
    },
    "president": {"see_own_addresses", "review_own_houses", "name_delegate"},
    "delegate": {"see_own_addresses", "review_own_houses"},
    "director": {
        "see_figures",
        "see_lists",
        "see_houses",
        "see_everyones_work",
        "see_cases",
        "approve_strike_off",
        "see_ledger",
    },
    "city_viewer": {"see_figures"},
    "administrator": {"reset_password", "keep_reference_data"},
}
OF_A_DISTRICT = ["officer", "head", "community_development", "director", "administrator"]


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def elsewhere():
    """A community of another district."""
    return CommunityFactory(
        subdistrict=SubdistrictFactory(district=District.objects.get(code="1016"), code="101601", name_th="วัดอรุณ")
    )


def allowed(person: Person, place) -> set[str]:
    return {action.value for action in Action if may(Person.objects.get(pk=person.pk), action, place)}


def test_the_table_names_every_role_and_only_known_ones():
    assert set(ALLOWED) == set(Role.values)


@pytest.mark.parametrize("role", OF_A_DISTRICT)
def test_a_role_of_the_district_may_do_its_part_there_and_nothing_elsewhere(community, elsewhere, role):
    person = appoint(role, community.district)
    assert allowed(person, community.district) == EXPECTED[role]
    assert allowed(person, community) == EXPECTED[role]
    assert allowed(person, elsewhere.district) == set()
    assert allowed(person, elsewhere) == set()


def test_a_president_or_delegate_reviews_the_own_community_and_nothing_else(community):
    neighbour = CommunityFactory()
    for role in ("president", "delegate"):
        person = appoint(role, community)
        assert allowed(person, community) == EXPECTED[role]
        assert allowed(person, neighbour) == set()
        assert allowed(person, community.district) == set()


def test_a_city_viewer_sees_figures_of_every_district_and_no_house(community, elsewhere):
    viewer = appoint("city_viewer", None)
    for place in (community, community.district, elsewhere, elsewhere.district):
        assert allowed(viewer, place) == EXPECTED["city_viewer"]


def test_without_an_appointment_nothing_is_allowed(community):
    assert allowed(PersonFactory(), community.district) == set()


def test_a_superuser_without_an_appointment_is_nobody(community):
    person = PersonFactory()
    person.is_superuser = True
    assert not any(may(person, action, community.district) for action in Action)


def test_an_account_switched_off_may_do_nothing(community):
    person = appoint("head", community.district, is_active=False)
    assert allowed(person, community.district) == set()


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (datetime.date(2015, 1, 9), False),
        (datetime.date(2015, 1, 10), True),
        (datetime.date(2015, 2, 9), True),
        (datetime.date(2015, 2, 10), False),
    ],
)
def test_a_post_holds_from_its_first_day_up_to_the_day_before_its_end(community, day, holds):
    since, until = datetime.date(2015, 1, 10), datetime.date(2015, 2, 10)
    post = AppointmentFactory(role="officer", district=community.district, since=since, until=until)
    with time_machine.travel(datetime.datetime(day.year, day.month, day.day, 5, tzinfo=datetime.UTC), tick=False):
        assert (allowed(post.person, community.district) != set()) is holds


def test_a_post_begins_at_midnight_in_bangkok(community):
    post = AppointmentFactory(role="officer", district=community.district, since=datetime.date(2015, 1, 10))
    with time_machine.travel(datetime.datetime(2015, 1, 9, 16, 59, tzinfo=datetime.UTC), tick=False):
        assert allowed(post.person, community.district) == set()
    with time_machine.travel(datetime.datetime(2015, 1, 9, 17, 1, tzinfo=datetime.UTC), tick=False):
        assert allowed(post.person, community.district) == EXPECTED["officer"]


def test_posts_add_up(community, elsewhere):
    person = appoint("president", community)
    AppointmentFactory(person=person, role="community_development", district=elsewhere.district)
    assert allowed(person, community) == EXPECTED["president"]
    assert allowed(person, elsewhere) == EXPECTED["community_development"]
    assert allowed(person, community.district) == set()


def test_what_a_person_may_do_is_worked_out_once_a_request(community, django_assert_num_queries):
    person = Person.objects.get(pk=appoint("officer", community.district).pk)
    place = Community.objects.select_related("district").get(pk=community.pk)
    with django_assert_num_queries(1):
        for action in Action:
            may(person, action, place)
            may(person, action, place.district)


def test_what_was_worked_out_yesterday_is_not_used_today(community):
    since = datetime.date(2015, 1, 10)
    post = AppointmentFactory(
        role="officer", district=community.district, since=since, until=datetime.date(2015, 1, 11)
    )
    person = post.person
    with time_machine.travel(datetime.datetime(2015, 1, 10, 5, tzinfo=datetime.UTC), tick=False):
        assert may(person, Action.TAG, community.district)
    with time_machine.travel(datetime.datetime(2015, 1, 11, 5, tzinfo=datetime.UTC), tick=False):
        assert not may(person, Action.TAG, community.district)
