"""A house that two communities claim: both claims side by side, one decision with a reason, and its undoing."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import CommunityCode, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint, command_line
from households.claim_decisions import decide_claim
from households.claims import claimed_houses, claims_on, is_claimed
from households.models import HouseRegistration, RowDecision, TagEvent, TaggingBatch
from households.row_decisions import reopen_row
from households.row_reasons import Reason
from households.tagging import tag_matching
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, outcomes, received
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
WHY = "ประธานทั้งสองตกลงกัน"


@pytest.fixture
def by():
    return command_line()


@pytest.fixture
def house():
    return HouseFactory(house_no="12/3")


@pytest.fixture
def theirs(house, by):
    """The list of the community that has the house."""
    house_list = received(CommunityFactory.create(name="ชุมชนเดิม"), line("12/3"))
    tag_matching(house_list, by=by, happened_on=DAY)
    return house_list


@pytest.fixture
def ours(theirs, by):
    """The list of the community that claims the house."""
    house_list = received(CommunityFactory.create(name="ชุมชนใหม่"), line("12/3"))
    tag_matching(house_list, by=by, happened_on=DAY)
    return house_list


def as_seen(house):
    return HouseRegistration.objects.get(pk=house.pk)


def decide(house, winner, by, **more):
    return decide_claim(as_seen(house), **{"in_favour_of": winner, "reason": WHY, "by": by, "happened_on": DAY} | more)


def community_of(house):
    return as_seen(house).community


def refused_with(code, action, *args, **more):
    events, decisions = TagEvent.objects.count(), RowDecision.objects.count()
    with pytest.raises(ValidationError) as refused:
        action(*args, **more)
    assert refused.value.code == code
    assert (TagEvent.objects.count(), RowDecision.objects.count()) == (events, decisions)


class TestTheDecision:
    def test_for_the_community_that_has_it_the_claiming_row_is_closed(self, house, theirs, ours, by):
        done = decide(house, theirs.community, by)
        assert (done.houses, community_of(house), outcomes(ours)) == (0, theirs.community, ["closed"])
        decision = ours.records.get().decisions.last()
        assert (decision.reason, decision.note, decision.house) == (Reason.OTHER_COMMUNITY, WHY, house)

    def test_for_the_claimant_the_house_moves(self, house, theirs, ours, by):
        done = decide(house, ours.community, by)
        assert (done.houses, community_of(house), outcomes(ours)) == (1, ours.community, ["tagged"])
        event = TagEvent.objects.latest("id")
        assert (event.previous_community, event.record) == (theirs.community, ours.records.get())
        assert (done.batch.kind, done.batch.reason) == (TaggingBatch.Kind.CLAIM_DECIDED, WHY)

    def test_of_three_communities_one_gets_it_and_the_other_rows_are_closed(self, house, theirs, ours, by):
        third = received(CommunityFactory(), line("12/3"), line("12/3"))
        tag_matching(third, by=by, happened_on=DAY)
        assert len(claims_on([house.pk])[0].claimants) == 3
        decide(house, third.community, by)
        assert community_of(house) == third.community
        assert outcomes(ours) == ["closed"]
        assert outcomes(third) == ["tagged", "unchanged"]

    def test_two_lists_of_which_neither_is_applied_are_a_claim_too(self, house, by):
        first, second = [received(CommunityFactory(), line("12/3")) for _ in range(2)]
        assert claimed_houses(house.district) == [house.pk]
        decide(house, second.community, by)
        assert (outcomes(first), outcomes(second)) == (["closed"], ["tagged"])
        assert community_of(house) == second.community
        assert claimed_houses(house.district) == []

    def test_a_list_not_yet_applied_claims_a_house_that_another_has(self, house, theirs, by):
        fresh = received(CommunityFactory(), line("12/3"))
        assert is_claimed(as_seen(house))
        decide(house, theirs.community, by)
        assert outcomes(fresh) == ["closed"]
        assert tag_matching(fresh, by=by, happened_on=DAY).houses == 0

    def test_one_list_alone_claims_nothing(self, house, by):
        received(CommunityFactory(), line("12/3"), line("12/3"))
        assert claimed_houses(house.district) == []
        assert not is_claimed(house)

    def test_a_claim_whose_rival_let_go_is_still_decided(self, house, theirs, ours, by):
        undo_batch(theirs.batches.get(), by=by, happened_on=DAY)
        assert claimed_houses(house.district) == [house.pk]
        decide(house, ours.community, by)
        assert community_of(house) == ours.community
        assert outcomes(theirs) == ["closed"]


class TestWhatIsRefused:
    def test_no_reason(self, house, theirs, ours, by):
        refused_with("reason_needed", decide, house, ours.community, by, reason="  ")

    def test_a_community_that_claims_nothing(self, house, theirs, ours, by):
        refused_with("not_a_claimant", decide, house, CommunityFactory(), by)

    def test_a_house_nobody_claims(self, house, theirs, by):
        refused_with("claim_settled", decide, HouseFactory(), theirs.community, by)

    def test_a_claim_settled_meanwhile(self, house, theirs, ours, by):
        decide(house, theirs.community, by)
        refused_with("claim_settled", decide, house, ours.community, by)

    def test_a_page_that_shows_another_community(self, house, theirs, ours, by):
        seen = as_seen(house)
        tag_event(house, CommunityFactory(), on=DAY)
        refused_with("stale_page", decide_claim, seen, in_favour_of=ours.community, reason=WHY, by=by, happened_on=DAY)

    def test_a_house_that_is_gone_does_not_move(self, house, theirs, ours, by):
        HouseRegistration.objects.filter(pk=house.pk).update(state="struck")
        refused_with("not_live", decide, house, ours.community, by)
        decide(house, theirs.community, by)
        assert outcomes(ours) == ["closed"]

    def test_a_claimant_without_a_code_in_force(self, house, theirs, ours, by):
        CommunityCode.objects.filter(community=ours.community).update(in_force_until=DAY)
        refused_with("code_not_in_force", decide, house, ours.community, by)

    def test_a_day_to_come(self, house, theirs, ours, by):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        refused_with("future_date", decide, house, ours.community, by, happened_on=tomorrow)


class TestUndoing:
    def test_a_move_goes_back_and_every_row_waits_again(self, house, theirs, ours, by):
        third = received(CommunityFactory(), line("12/3"))
        done = decide(house, ours.community, by)
        undo_batch(done.batch, by=by, happened_on=DAY)
        assert community_of(house) == theirs.community
        assert (outcomes(ours), outcomes(third), outcomes(theirs)) == (["open"], ["open"], ["tagged"])
        assert claimed_houses(house.district) == [house.pk]

    def test_a_claim_refused_waits_again(self, house, theirs, ours, by):
        done = decide(house, theirs.community, by)
        undo_batch(done.batch, by=by, happened_on=DAY)
        assert (community_of(house), outcomes(ours)) == (theirs.community, ["open"])
        assert is_claimed(as_seen(house))

    def test_a_row_decided_anew_since_is_left_alone(self, house, theirs, ours, by):
        done = decide(house, theirs.community, by)
        reopen_row(ours.records.get(), by=by, happened_on=DAY)
        decide(house, theirs.community, by)
        refused_with("nothing_to_undo", undo_batch, done.batch, by=by, happened_on=DAY)


@pytest.mark.usefixtures("in_english")
class TestThePages:
    @pytest.fixture
    def desk(self, client, theirs):
        client.force_login(appoint(Role.OFFICER, theirs.district))
        client.cookies["django_language"] = "en"
        return client

    def post(self, desk, house, winner, shown, reason=WHY, **more):
        form = {"in_favour_of": winner.pk, "shown_community": shown.pk if shown else "", "reason": reason}
        return desk.post(reverse("households:claim", args=[house.pk]), form, **more)

    def test_all_claims_of_the_district_stand_with_what_each_goes_by(self, desk, house, theirs, ours):
        page = desk.get(reverse("households:claims")).content.decode()
        assert "ชุมชนเดิม" in page
        assert "ชุมชนใหม่" in page
        assert reverse("households:claim", args=[house.pk]) in page

    def test_both_claims_stand_side_by_side(self, desk, house, theirs, ours):
        page = desk.get(reverse("households:claim", args=[house.pk])).content.decode()
        for row in (theirs.records.get(), ours.records.get()):
            assert reverse("households:row", args=[row.pk]) in page
        assert "has the house now" in page
        assert "exact rows of a list" in page

    def test_one_decision_settles_it_and_can_be_undone(self, desk, house, theirs, ours):
        answer = self.post(desk, house, ours.community, theirs.community, follow=True)
        batch = TaggingBatch.objects.get(kind=TaggingBatch.Kind.CLAIM_DECIDED)
        assert reverse("households:batch_undo", args=[batch.pk]) in answer.content.decode()
        assert "No house is claimed twice" in answer.content.decode()
        assert community_of(house) == ours.community

    def test_undoing_a_decision_that_moved_no_house_says_what_came_back(self, desk, house, theirs, ours):
        self.post(desk, house, theirs.community, theirs.community)
        batch = TaggingBatch.objects.get(kind=TaggingBatch.Kind.CLAIM_DECIDED)
        undone = desk.post(reverse("households:batch_undo", args=[batch.pk]), follow=True).content.decode()
        assert "its rows wait again" in undone
        assert ours.records.undecided().exists()

    def test_the_next_claim_follows(self, desk, house, theirs, ours, by):
        other = HouseFactory(house_no="12/4")
        for _ in range(2):
            received(CommunityFactory(), line("12/4"))
        answer = self.post(desk, house, theirs.community, theirs.community)
        assert answer.url == reverse("households:claim", args=[other.pk])

    @pytest.mark.parametrize(
        ("field", "said"), [("reason", "Give the reason"), ("in_favour_of", "Choose the community")]
    )
    def test_what_is_missing_is_asked_for_and_nothing_is_lost(self, desk, house, theirs, ours, field, said):
        form = {"in_favour_of": ours.community_id, "shown_community": theirs.community_id, "reason": WHY} | {field: ""}
        answer = desk.post(reverse("households:claim", args=[house.pk]), form)
        assert answer.status_code in (409, 422)
        assert said in answer.content.decode()
        assert field == "reason" or WHY in answer.content.decode()
        assert community_of(house) == theirs.community

    def test_a_page_that_is_stale_says_what_it_showed_and_what_is_true_now(self, desk, house, theirs, ours):
        tag_event(house, CommunityFactory.create(name="ชุมชนที่สาม"), on=DAY)
        answer = self.post(desk, house, ours.community, theirs.community)
        assert answer.status_code == 409
        assert "was shown with ชุมชนเดิม and now has ชุมชนที่สาม" in answer.content.decode()

    def test_a_claim_settled_meanwhile_is_said_with_a_door(self, desk, house, theirs, ours, by):
        decide(house, theirs.community, by)
        answer = self.post(desk, house, ours.community, theirs.community)
        assert answer.status_code == 409
        assert "have been decided meanwhile" in answer.content.decode()
        assert desk.get(reverse("households:claim", args=[house.pk])).url == reverse(
            "households:house", args=[house.pk]
        )

    def test_house_row_list_and_home_have_a_door_to_it(self, desk, house, theirs, ours):
        claim = reverse("households:claim", args=[house.pk])
        assert claim in desk.get(reverse("households:house", args=[house.pk])).content.decode()
        assert claim in desk.get(reverse("households:row", args=[ours.records.get().pk])).content.decode()
        claims = f"{reverse('households:claims')}?district=1015"
        assert claims in desk.get(reverse("households:list", args=[ours.pk])).content.decode()
        assert claims in desk.get(reverse("households:home")).content.decode()

    def test_a_director_looks_and_does_not_decide(self, client, house, theirs, ours):
        client.force_login(appoint(Role.DIRECTOR, theirs.district))
        assert client.get(reverse("households:claim", args=[house.pk])).status_code == 200
        assert self.post(client, house, ours.community, theirs.community).status_code == 404

    @pytest.mark.parametrize("role", [Role.COMMUNITY_DEVELOPMENT, Role.PRESIDENT])
    def test_whoever_sees_no_houses_sees_no_claims(self, client, house, theirs, ours, role):
        place = theirs.community if role == Role.PRESIDENT else theirs.district
        client.force_login(appoint(role, place))
        assert client.get(reverse("households:claims")).status_code == 404
        assert client.get(reverse("households:claim", args=[house.pk])).status_code == 404

    def test_an_officer_of_another_district_sees_none_of_this_one(self, client, house, theirs, ours):
        client.force_login(appoint(Role.OFFICER, DistrictFactory(code="1016")))
        assert client.get(reverse("households:claim", args=[house.pk])).status_code == 404
        assert client.get(reverse("households:claims"), {"district": "1015"}).status_code == 404

    def test_queries_do_not_grow_with_claims(self, desk, house, theirs, ours):
        def queries():
            desk.get(reverse("households:claims"))
            with CaptureQueriesContext(connection) as asked:
                desk.get(reverse("households:claims"))
            return len(asked)

        few = queries()
        numbers = [f"14/{n}" for n in range(1, 30)]
        for number in numbers:
            HouseFactory(house_no=number)
        for _ in range(2):
            received(CommunityFactory(), *map(line, numbers))
        assert queries() == few <= 20
