"""Eight officers over the same houses for five seconds; `make bench` lets them work a minute."""

import pytest

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory
from households.tests.overlapping import faults_of, work_at_once

pytestmark = pytest.mark.django_db(transaction=True)

OFFICERS, SECONDS = 8, 5


def test_officers_who_tag_move_and_undo_the_same_houses_lose_nothing_and_double_nothing():
    communities = [CommunityFactory() for _number in range(3)]
    houses = [HouseFactory().pk for _number in range(120)]
    people = [appoint(Role.OFFICER, communities[0].district) for _number in range(OFFICERS)]
    worked = work_at_once(houses, communities, people, seconds=SECONDS)
    assert worked.problems == []
    assert set(faults_of(worked).values()) == {0}, (faults_of(worked), worked)
    assert worked.houses > 0
    assert set(worked.refusals) <= {
        "stale_page",
        "claimed",
        "reason_needed",
        "undone_already",
        "undoes_an_undoing",
        "nothing_to_undo",
        "no_run",
    }
