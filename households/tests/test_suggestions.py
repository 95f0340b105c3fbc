"""Which community a house most likely belongs to: what neighbours, lists and its own past say."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households.judging.belonging import GroundKind
from households.models import HouseRegistration
from households.row_decisions import close_row
from households.row_reasons import Reason
from households.suggestions import LOOKED_THROUGH, NEAR, suggest
from households.tagging import tag_matching, untag
from households.tests.factories import BatchFactory, HouseFactory, tag_event
from households.tests.intake import SUBDISTRICT, line, received
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

JANUARY = datetime.date(2015, 1, 20)
K = GroundKind


@pytest.fixture
def subdistrict():
    return SubdistrictFactory(code="101503", name_th=SUBDISTRICT)


@pytest.fixture
def north(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150011", name="เหนือ")


@pytest.fixture
def south(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150012", name="ใต้")


@pytest.fixture
def house(subdistrict):
    def make(number, community=None, **address):
        made = HouseFactory(**{"subdistrict": subdistrict, "house_no": number} | address)
        if community:
            tag_event(made, community, on=JANUARY)
        return made

    return make


def suggestion_for(house):
    return suggest([HouseRegistration.objects.get(pk=house.pk)])[house.pk]


def told(suggestion):
    return {(ground.kind, ground.community, ground.told_by) for ground in suggestion.grounds}


class TestNeighbours:
    def test_both_neighbours_of_its_side_suggest_their_community(self, house, north, south):
        for number in ("11", "15"):
            house(number, north)
        for number in ("12", "14", "16"):
            house(number, south)
        wanted = house("13")

        suggestion = suggestion_for(wanted)

        assert suggestion.community == north.pk
        assert told(suggestion) == {
            (K.BEFORE, north.pk, "11"),
            (K.AFTER, north.pk, "15"),
            (K.ACROSS, south.pk, "12"),
        }
        assert [ground.kind for ground in suggestion.speaking_against] == [K.ACROSS]

    def test_the_houses_of_a_lane_on_one_plot_are_parted_by_their_sub_numbers(self, house, north, south):
        for number in range(1, 12):
            if number != 5:
                house(f"111/{number}", north if number % 2 else south)

        assert suggestion_for(house("111/5")).community == north.pk

    def test_at_a_border_there_is_no_suggestion_but_both_candidates(self, house, north, south):
        house("11", north)
        house("15", south)

        suggestion = suggestion_for(house("13"))

        assert suggestion.community is None
        assert set(suggestion.candidates) == {north.pk, south.pk}

    def test_behind_the_last_tagged_house_nothing_is_suggested_for_another_list_may_be_to_come(self, house, north):
        for number in range(1, 20):
            house(str(number), north)
        untagged = [house(str(number)) for number in range(20, 40)]

        assert {suggestion_for(one).community for one in untagged[1:]} == {None}

    def test_houses_said_to_be_in_no_community_count_as_neighbours_and_speak_for_none(self, house, north):
        outside = house("11")
        house("15", north)
        batch = BatchFactory(district=outside.district, kind="in_no_community", happened_on=JANUARY)
        batch.events.create(house=outside, outside="no_community_here", happened_on=JANUARY, counted_on=JANUARY)

        suggestion = suggestion_for(house("13"))

        assert suggestion.community is None
        assert (K.BEFORE, None, "11") in told(suggestion)

    def test_a_house_too_far_away_tells_nothing(self, house, north):
        house("1", north)
        untagged = [house(str(number)) for number in range(3, 3 + 2 * (NEAR + 1), 2)]

        assert K.BEFORE in {kind for kind, *_ in told(suggestion_for(untagged[NEAR - 1]))}
        assert not told(suggestion_for(untagged[NEAR]))

    def test_houses_of_another_subdistrict_are_another_lane(self, house, north):
        elsewhere = SubdistrictFactory(district=north.district, code="101504")
        for number in ("11", "15"):
            house(number, north)

        assert not told(suggestion_for(house("13", subdistrict=elsewhere)))

    def test_houses_struck_off_tell_nothing(self, house, north):
        for number in ("11", "15"):
            house(number, north)
        HouseRegistration.objects.filter(house_no="11").update(state="struck")

        assert {kind for kind, *_ in told(suggestion_for(house("13")))} == {K.AFTER, K.LANE}

    def test_a_divided_number_belongs_where_the_whole_one_does(self, house, north):
        house("12", north)
        for number in ("14", "16", "18", "20"):
            house(number)

        suggestion = suggestion_for(house("12/1"))

        assert suggestion.community == north.pk
        assert (K.PARENT, north.pk, "12") in told(suggestion)

    def test_nothing_is_told_of_houses_without_a_lane_or_a_readable_number(self, house, north):
        for number in ("1", "3", "5"):
            house(number, north, soi="", road="")
        house("7", north)
        nowhere = house("7", soi="", road="")
        unread = house("9")
        HouseRegistration.objects.filter(pk=unread.pk).update(house_no="บ้านพัก", number_order="~บ้านพัก")

        assert not told(suggestion_for(nowhere))
        assert {kind for kind, *_ in told(suggestion_for(unread))} <= {K.LANE}


class TestLists:
    def test_the_grade_of_a_row_says_how_much_it_weighs(self, house, north):
        named, likely, perhaps = house("1"), house("2"), house("3")
        house("3", soi="เทอดไท 7")
        received(north, line("1"), line("2", subdistrict=None), line("3", soi=None))

        kinds = {one: {kind for kind, *_ in told(suggestion_for(one))} for one in (named, likely, perhaps)}

        assert kinds == {named: {K.LISTED}, likely: {K.LIKELY_LISTED}, perhaps: {K.PERHAPS_LISTED}}
        assert suggestion_for(named).community == north.pk
        assert suggestion_for(likely).community is None

    def test_a_row_names_its_list_and_can_be_opened(self, house, north):
        wanted = house("1")
        house_list = received(north, line("1"))

        [ground] = suggestion_for(wanted).grounds

        assert (ground.told_by, ground.record) == (f"{house_list.file_name} 2", house_list.records.get().pk)

    def test_two_lists_that_name_a_house_suggest_nothing(self, house, north, south):
        wanted = house("1")
        for community in (north, south):
            received(community, line("1"))

        assert suggestion_for(wanted).community is None

    def test_a_row_closed_as_of_another_community_speaks_against_its_own(self, house, north):
        house("11", north)
        house("15", north)
        wanted = house("13")
        row = received(north, line("13", subdistrict=None)).records.get()
        close_row(row, reason=Reason.OTHER_COMMUNITY, by=appoint(Role.OFFICER, north.district))

        suggestion = suggestion_for(wanted)

        assert suggestion.community is None
        assert K.REFUSED in {kind for kind, *_ in told(suggestion)}

    def test_a_row_closed_for_a_reason_of_its_own_says_nothing(self, house, north):
        wanted = house("13")
        row = received(north, line("13", subdistrict=None)).records.get()
        close_row(row, reason=Reason.MISTYPED, by=appoint(Role.OFFICER, north.district))

        assert not told(suggestion_for(wanted))


class TestItsOwnPast:
    def test_a_code_taken_off_speaks_against_the_list_that_gave_it(self, house, north):
        officer = appoint(Role.OFFICER, north.district)
        wanted = house("1")
        tag_matching(received(north, line("1")), by=officer)
        untag([wanted.pk], by=officer, expected=1, reason="พิมพ์ผิด")

        suggestion = suggestion_for(wanted)

        assert suggestion.community is None
        assert {kind for kind, *_ in told(suggestion)} == {K.LISTED, K.TAKEN_OFF}

    def test_an_undone_batch_says_nothing_against_its_community(self, house, north):
        officer = appoint(Role.OFFICER, north.district)
        wanted = house("1")
        undo_batch(tag_matching(received(north, line("1")), by=officer).batch, by=officer)

        assert suggestion_for(wanted).community == north.pk


class TestMany:
    def test_the_number_of_queries_is_the_same_for_any_number_of_houses(self, house, north):
        few = [house(str(number), north if number % 3 else None) for number in range(1, 7)]
        many = few + [house(str(number), soi=f"เทอดไท {number % 40}") for number in range(1, 200)]

        counts = []
        for houses in (few[:1], many):
            with CaptureQueriesContext(connection) as queries:
                suggest(houses)
            counts.append(len(queries))

        assert counts == [4, 4]

    def test_no_houses_no_suggestions(self):
        assert suggest([]) == {}

    def test_a_plot_of_hundreds_is_not_looked_through_to_its_end(self, subdistrict, house, north):
        wanted = house("11")
        HouseRegistration.objects.bulk_create(
            HouseFactory.build(subdistrict=subdistrict, district=subdistrict.district, house_no=f"12/{number}")
            for number in range(1, LOOKED_THROUGH + 1)
        )
        house("13", north)

        assert not told(suggestion_for(wanted))
