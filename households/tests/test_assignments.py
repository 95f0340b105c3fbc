"""Work shared out: who works on a community on a day, and what changes that."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.models import District, Role
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    SubdistrictFactory,
    appoint,
)
from households import assignments
from households.assignments import assign, communities_of_officer, end, hand_over, officers_of, restore, take_back
from households.models import Assignment
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


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


@pytest.fixture
def three(subdistrict):
    return [CommunityFactory.create(subdistrict=subdistrict, name=f"ชุมชน {number}") for number in (1, 2, 3)]


def give(communities, officer, by, *, since, number="๔๙/๒๕๕๘", **more):
    return assign(communities, officer=officer, order_number=number, order_date=day(16), since=since, by=by, **more)


def lend(officer, to, by, *, since, until, **more):
    return hand_over(
        officer,
        to=to,
        district=more.pop("district", None) or District.objects.get(code="1015"),
        since=since,
        until=until,
        order_number="๕๒/๒๕๕๘",
        order_date=day(16),
        by=by,
        **more,
    )


def refused(code):
    return pytest.raises(ValidationError, check=lambda refusal: refusal.code == code)


def holders(district, *numbers):
    """The communities' officers on each of these days, by the communities' ids."""
    return [officers_of(district, day(number)) for number in numbers]


class TestAssigning:
    def test_one_order_gives_many_communities(self, district, three, officer, head):
        given = give(three, officer, head, since=day(19))
        assert {(one.order_number, one.order_date, one.recorded_by) for one in given} == {("๔๙/๒๕๕๘", day(16), head)}
        assert officers_of(district, day(19)) == dict.fromkeys((one.pk for one in three), officer)

    def test_whoever_had_it_has_it_no_more_from_that_day_and_without_a_gap(
        self, district, three, officer, colleague, head
    ):
        give(three, officer, head, since=day(19))
        give(three[:1], colleague, head, since=day(21), number="๕๐/๒๕๕๘")
        assert [whose[three[0].pk] for whose in holders(district, 19, 20, 21)] == [officer, officer, colleague]
        assert [whose[three[1].pk] for whose in holders(district, 19, 20, 21)] == [officer] * 3
        ended = Assignment.objects.get(community=three[0], officer=officer)
        assert (ended.until, ended.ended_by, ended.ended_at is not None) == (day(21), head, True)
        assert "๕๐/๒๕๕๘" in ended.ended_reason

    def test_a_stand_in_of_the_officer_before_goes_too(self, district, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        lend(officer, colleague, head, since=day(20), until=day(25))
        give(three[:1], head, head, since=day(22))
        assert [whose[three[0].pk] for whose in holders(district, 21, 22, 26)] == [colleague, head, head]
        assert [whose[three[1].pk] for whose in holders(district, 21, 22, 26)] == [colleague, colleague, officer]

    def test_given_to_another_on_the_same_day_it_was_never_the_first_ones(
        self, district, three, officer, colleague, head
    ):
        give(three, officer, head, since=day(19))
        give(three, colleague, head, since=day(19))
        assert set(officers_of(district, day(19)).values()) == {colleague}
        assert communities_of_officer(officer, day(19)) == set()

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.COMMUNITY_DEVELOPMENT, Role.ADMINISTRATOR])
    def test_only_a_holder_of_an_officers_or_heads_post_is_given_work(self, district, three, head, role):
        with refused("not_in_post"):
            give(three, appoint(role, district), head, since=day(19))
        assert not Assignment.objects.exists()

    def test_an_officer_of_another_district_is_given_none_here(self, three, head):
        with refused("not_in_post"):
            give(three, appoint(Role.OFFICER, DistrictFactory(code="1016")), head, since=day(19))

    def test_the_post_must_hold_on_the_first_day(self, district, three, head):
        newcomer = AppointmentFactory(role=Role.OFFICER, district=district, since=day(20)).person
        with refused("not_in_post"):
            give(three, newcomer, head, since=day(19))
        assert give(three, newcomer, head, since=day(20))

    def test_an_order_has_a_number_and_no_day_to_come(self, three, officer, head):
        with refused("no_order"):
            give(three, officer, head, since=day(19), number="  ")
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        with refused("future_date"):
            assign(three, officer=officer, order_number="1", order_date=tomorrow, since=tomorrow, by=head)

    def test_communities_of_one_district_at_a_time(self, three, officer, head):
        elsewhere = CommunityFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
        with refused("several_districts"):
            give([*three, elsewhere], officer, head, since=day(19))
        with refused("no_community"):
            give([], officer, head, since=day(19))

    def test_an_order_does_not_reach_back_over_a_later_one(self, three, officer, colleague, head):
        give(three[:1], colleague, head, since=day(21))
        with refused("begins_earlier") as refusal:
            give(three, officer, head, since=day(19))
        assert "ชุมชน 1" in refusal.value.messages[0]
        assert Assignment.objects.count() == 1

    def test_what_the_page_showed_must_still_be_so(self, three, officer, colleague, head):
        shown = {one.pk: None for one in three}
        give(three[:1], colleague, head, since=day(19))
        with refused("stale_page") as refusal:
            give(three, officer, head, since=day(20), shown=shown)
        assert "ชุมชน 1" in refusal.value.messages[0]
        assert "ชุมชน 2" not in refusal.value.messages[0]
        assert give(three, officer, head, since=day(20), shown=shown | {three[0].pk: colleague.pk})


class TestHandingOver:
    def test_the_work_goes_to_the_stand_in_and_comes_back_by_itself(self, district, three, officer, colleague, head):
        give(three[:2], officer, head, since=day(19))
        give(three[2:], colleague, head, since=day(19))
        lent = lend(officer, colleague, head, since=day(21), until=day(23))
        assert {one.community_id for one in lent} == {three[0].pk, three[1].pk}
        assert [whose[three[0].pk] for whose in holders(district, 20, 21, 22, 23)] == [
            officer,
            colleague,
            colleague,
            officer,
        ]
        assert communities_of_officer(colleague, day(22)) == {one.pk for one in three}
        assert communities_of_officer(officer, day(22)) == set()
        assert communities_of_officer(officer, day(23)) == {three[0].pk, three[1].pk}

    def test_some_of_them_only(self, district, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        lend(officer, colleague, head, since=day(21), until=day(23), communities=three[:1])
        assert communities_of_officer(colleague, day(21)) == {three[0].pk}
        assert communities_of_officer(officer, day(21)) == {three[1].pk, three[2].pk}

    def test_a_community_that_is_not_theirs_is_named_and_nothing_is_handed_over(self, three, officer, colleague, head):
        give(three[:2], officer, head, since=day(19))
        with refused("stale_page") as refusal:
            lend(officer, colleague, head, since=day(21), until=day(23), communities=three)
        assert "ชุมชน 3" in refusal.value.messages[0]
        assert not Assignment.objects.filter(stands_in_for__isnull=False).exists()

    def test_whoever_has_nothing_hands_nothing_over(self, officer, colleague, head, district):
        with refused("nothing_to_hand_over"):
            lend(officer, colleague, head, since=day(21), until=day(23))

    def test_somebody_else_stands_in_and_the_days_run_forward(self, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        with refused("same_person"):
            lend(officer, officer, head, since=day(21), until=day(23))
        with refused("ends_before_it_begins"):
            lend(officer, colleague, head, since=day(21), until=day(21))

    def test_the_stand_in_holds_a_post_until_the_last_day(self, district, three, officer, head):
        give(three, officer, head, since=day(19))
        leaving = AppointmentFactory(role=Role.OFFICER, district=district, until=day(23)).person
        with refused("not_in_post"):
            lend(officer, leaving, head, since=day(21), until=day(24))
        assert lend(officer, leaving, head, since=day(21), until=day(23))

    def test_one_stand_in_at_a_time(self, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        lend(officer, colleague, head, since=day(21), until=day(23))
        with refused("stands_in_already") as refusal:
            lend(officer, head, head, since=day(22), until=day(25))
        assert colleague.full_name in refusal.value.messages[0]
        assert lend(officer, head, head, since=day(23), until=day(25))

    def test_it_ends_no_later_than_the_officers_own_assignment(self, district, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        give(three, head, head, since=day(23))
        lend(officer, colleague, head, since=day(21), until=day(28))
        assert [whose[three[0].pk] for whose in holders(district, 22, 23)] == [colleague, head]


class TestEnding:
    def test_it_ends_today_with_its_reason_and_the_community_is_nobodys(self, district, three, officer, head):
        given = give(three, officer, head, since=day(19))
        [ended] = end(given[0], reason="ย้ายงาน", by=head)
        today = timezone.localdate()
        assert (ended.until, ended.ended_by, ended.ended_reason) == (today, head, "ย้ายงาน")
        assert set(officers_of(district, today)) == {three[1].pk, three[2].pk}

    def test_the_stand_in_ends_with_it(self, district, three, officer, colleague, head):
        given = give(three, officer, head, since=day(19))
        far = timezone.localdate() + datetime.timedelta(days=9)
        lend(officer, colleague, head, since=day(20), until=far)
        assert [one.officer for one in end(given[0], reason="ย้าย", by=head)] == [officer, colleague]
        assert set(officers_of(district, timezone.localdate())) == {three[1].pk, three[2].pk}

    def test_a_stand_in_ended_early_gives_the_work_back(self, district, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        lent = lend(officer, colleague, head, since=day(20), until=timezone.localdate() + datetime.timedelta(days=9))
        assert len(end(lent[0], reason="กลับมาแล้ว", by=head)) == 1
        now = officers_of(district, timezone.localdate())
        assert [now[one.pk] for one in three] == [officer, colleague, colleague]

    def test_it_needs_a_reason_and_ends_once(self, three, officer, head):
        [given] = give(three[:1], officer, head, since=day(19))
        with refused("no_reason"):
            end(given, reason=" ", by=head)
        end(given, reason="ย้าย", by=head)
        with refused("ended_already"):
            end(given, reason="ย้าย", by=head)


class TestTakingBack:
    def test_an_order_taken_back_leaves_everything_as_it_was(self, district, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        lend(officer, colleague, head, since=day(20), until=day(25))
        before = holders(district, 19, 22, 26)
        wrong = give(three[:2], head, head, since=day(21))
        assert holders(district, 19, 22, 26) != before
        taken_back = take_back(wrong[0], by=head)
        assert [one.until == one.since and one.ended_by == head for one in taken_back] == [True, True]
        assert holders(district, 19, 22, 26) == before

    def test_a_hand_over_taken_back_never_was(self, district, three, officer, colleague, head):
        give(three, officer, head, since=day(19))
        lent = lend(officer, colleague, head, since=day(21), until=day(23))
        take_back(lent[0], by=head)
        assert set(officers_of(district, day(21)).values()) == {officer}

    def test_once_and_not_after_something_was_built_on_it(self, three, officer, colleague, head):
        given = give(three, officer, head, since=day(19))
        lent = lend(officer, colleague, head, since=day(21), until=day(23))
        with refused("changed_since"):
            take_back(given[0], by=head)
        take_back(lent[0], by=head)
        take_back(given[0], by=head)
        with refused("changed_since"):
            take_back(given[0], by=head)

    def test_an_ending_taken_back_begins_anew_by_the_same_order(self, district, three, officer, colleague, head):
        given = give(three, officer, head, since=day(19))
        far = timezone.localdate() + datetime.timedelta(days=9)
        lend(officer, colleague, head, since=day(20), until=far)
        before = officers_of(district, timezone.localdate())
        ended = end(given[0], reason="ผิด", by=head)
        restored = restore(ended[0], by=head)
        assert officers_of(district, timezone.localdate()) == before
        assert [(one.pk, one.since) for one in restored] == sorted((one.pk, one.since) for one in ended)
        assert officers_of(district, far)[three[0].pk] == officer
        with refused("not_ended"):
            restore(ended[0], by=head)

    def test_that_it_was_ended_and_by_whom_taken_back_is_kept_in_a_row_that_never_holds(self, three, officer, head):
        given = give(three[:1], officer, head, since=day(19))
        ended = end(given[0], reason="ผิด", by=head)
        [restored] = restore(ended[0], by=head)
        [kept] = Assignment.objects.exclude(pk=restored.pk)
        assert (kept.since, kept.ended_reason, kept.ended_at) == (kept.until, "ผิด", ended[0].ended_at)
        assert kept.recorded_by == head
        with refused("not_ended"):
            restore(kept, by=head)
        assert take_back(restored, by=head)

    def test_nobody_else_loses_the_community_by_it(self, three, officer, colleague, head):
        given = give(three[:1], officer, head, since=day(19))
        ended = end(given[0], reason="ผิด", by=head)
        give(three[:1], colleague, head, since=timezone.localdate())
        with refused("stale_page"):
            restore(ended[0], by=head)
        assert officers_of(three[0].district, timezone.localdate())[three[0].pk] == colleague

    def test_what_has_not_ended_is_not_restored(self, three, officer, head):
        [given] = give(three[:1], officer, head, since=day(19))
        with refused("not_ended"):
            restore(given, by=head)


class TestTheDatabase:
    def test_a_community_has_one_officer_and_one_stand_in_at_a_time(self, community, officer, colleague):
        AssignmentFactory(community=community, officer=officer)
        AssignmentFactory(community=community, officer=colleague, stands_in_for=officer, until=day(20))
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentFactory(community=community, officer=colleague)
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentFactory(community=community, officer=colleague, stands_in_for=officer, since=day(19))

    def test_its_refusal_is_a_sentence(self, community, officer, colleague, head, monkeypatch):
        AssignmentFactory(community=community, officer=officer, since=day(19))
        nobody = Assignment.objects.none()
        monkeypatch.setattr(assignments, "_end", lambda lasting, **_kwargs: list(nobody))
        with refused("stale_page"):
            give([community], colleague, head, since=day(20))
