"""Two heads share the same communities out at the same moment: real transactions on connections of their own."""

import datetime

import pytest

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.assignments import assign, end, hand_over, officers_of
from households.models import Assignment
from households.tests.factories import AssignmentFactory
from households.tests.test_tagging_races import at_once, held_open, waits_for

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def communities():
    return [CommunityFactory.create() for _number in range(4)]


@pytest.fixture
def district(communities):
    return communities[0].district


@pytest.fixture
def officers(district):
    return [appoint(Role.OFFICER, district) for _number in range(2)]


@pytest.fixture
def by(district):
    return appoint(Role.HEAD, district)


def giving(communities, officer, by):
    shown = {community.pk: None for community in communities}
    return lambda: len(
        assign(communities, officer=officer, order_number="1", order_date=DAY, since=DAY, by=by, shown=shown)
    )


def standing_in(officer, to, district, by):
    until = DAY + datetime.timedelta(days=7)
    return lambda: len(
        hand_over(officer, to=to, district=district, since=DAY, until=until, order_number="2", order_date=DAY, by=by)
    )


def test_of_two_heads_one_gives_the_communities_and_the_other_is_told(communities, district, officers, by):
    done = at_once(giving(communities, officers[0], by), giving(communities[::-1], officers[1], by))
    assert sorted(map(str, done)) == ["4", "stale_page"]
    winner = officers[0] if done[0] == 4 else officers[1]
    assert officers_of(district, DAY) == dict.fromkeys((one.pk for one in communities), winner)
    assert Assignment.objects.count() == 4


def test_the_second_head_waits_and_is_told_which_communities_moved(communities, officers, by):
    with held_open(giving(communities[:2], officers[0], by)) as let_go:
        assert waits_for(let_go, giving(communities[1:], officers[1], by)) == "stale_page"
    assert Assignment.objects.count() == 2


def test_what_is_written_past_the_locks_meets_the_rule_of_the_database(communities, officers, by):
    past_the_locks = lambda: AssignmentFactory(community=communities[0], officer=officers[0])  # noqa: E731
    with held_open(past_the_locks) as let_go:
        assert waits_for(let_go, giving(communities, officers[1], by)) == "stale_page"
    assert Assignment.objects.count() == 1


def test_of_two_stand_ins_at_once_there_is_one(communities, district, officers, by):
    giving(communities, officers[0], by)()
    done = at_once(*(standing_in(officers[0], to, district, by) for to in (officers[1], by)))
    assert sorted(map(str, done)) == ["4", "stands_in_already"]


def test_a_community_ended_twice_at_once_ends_once(communities, officers, by):
    giving(communities, officers[0], by)()
    given = Assignment.objects.first()
    done = at_once(*[lambda: len(end(Assignment.objects.get(pk=given.pk), reason="ย้าย", by=by))] * 3)
    assert sorted(map(str, done)) == ["1", "ended_already", "ended_already"]
