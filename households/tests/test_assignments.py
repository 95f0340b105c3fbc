"""Work shared out: who works on a community on a day, and what changes that."""

import datetime

import pytest

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.assignments import communities_of_officer, officers_of
from households.tests.factories import AssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MONDAY = datetime.date(2015, 1, 19)


def day(number) -> datetime.date:
    return datetime.date(2015, 1, number)


@pytest.fixture
def colleague(district):
    return appoint(Role.OFFICER, district)


class TestWhoWorksOnIt:
    def test_the_officer_who_has_the_community_on_the_day(self, district, community, officer):
        AssignmentFactory(community=community, officer=officer, since=day(19), until=day(21))
        assert [officers_of(district, day(number)) for number in (18, 19, 20, 21)] == [
            {},
            {community.pk: officer},
            {community.pk: officer},
            {},
        ]
        assert [communities_of_officer(officer, day(number)) for number in (18, 20, 21)] == [
            set(),
            {community.pk},
            set(),
        ]

    def test_a_stand_in_goes_before_the_officer_while_it_lasts(self, district, community, officer, colleague):
        AssignmentFactory(community=community, officer=officer)
        AssignmentFactory(community=community, officer=colleague, stands_in_for=officer, since=day(19), until=day(21))
        assert officers_of(district, day(20)) == {community.pk: colleague}
        assert communities_of_officer(colleague, day(20)) == {community.pk}
        assert communities_of_officer(officer, day(20)) == set()
        assert officers_of(district, day(21)) == {community.pk: officer}
        assert communities_of_officer(officer, day(21)) == {community.pk}
        assert communities_of_officer(colleague, day(21)) == set()

    def test_another_district_is_another_matter(self, district, community, officer):
        elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"))
        AssignmentFactory(community=CommunityFactory.create(subdistrict=elsewhere), officer=officer)
        assert officers_of(district, MONDAY) == {}

    def test_one_query_each_whatever_their_number(
        self, district, subdistrict, officer, colleague, django_assert_num_queries
    ):
        for _number in range(12):
            community = CommunityFactory.create(subdistrict=subdistrict)
            AssignmentFactory(community=community, officer=officer)
            AssignmentFactory(community=community, officer=colleague, stands_in_for=officer, until=day(21))
        with django_assert_num_queries(1):
            assert {person.full_name for person in officers_of(district, MONDAY).values()} == {colleague.full_name}
        with django_assert_num_queries(1):
            assert len(communities_of_officer(colleague, MONDAY)) == 12
