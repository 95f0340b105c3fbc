"""What stands out is shown to the head, houses are drawn at random, and somebody else checks them."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from verification.models import DrawnHouse, Recheck, RecheckSample, Verdict
from verification.plausibility import Kind as Noticed
from verification.presidents_review import confirm_rest
from verification.rechecks import draw_sample, drawn_houses, may_check, record_recheck, samples_of
from verification.suspicions import noticed_in
from verification.tests.factories import pledged, president_of, review_of, verdict_on

pytestmark = pytest.mark.django_db
Kind, Result = Verdict.Kind, Recheck.Result
HOUSES = 36


def reviewed(community, houses=HOUSES, round=None, soi="เทอดไท 5"):
    """A community's review with houses of one soi on its list, tagged to the community."""
    made = [
        HouseFactory(subdistrict=community.subdistrict, house_no=str(number), soi=soi, community=None)
        for number in range(1, houses + 1)
    ]
    for house in made:
        tag_event(house, community, on=datetime.date(2015, 1, 20))
    return review_of(community, made, round=round)


@pytest.fixture
def review():
    return reviewed(CommunityFactory.create())


@pytest.fixture
def district(review):
    return review.round.district


@pytest.fixture
def president(review):
    return pledged(review, president_of(review.community))


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def sample(review, president, head):
    for listed in review.houses.all():
        verdict_on(listed, Kind.RIGHT, by=president)
    return draw_sample(review, number=10, reason="ทุกหลังถูกต้อง", by=head)


def refused(code, deed):
    with pytest.raises(ValidationError) as refusal:
        deed()
    assert refusal.value.code == code


def confirmed_at_once(review, president):
    lane_order = review.houses.first().house.lane_order
    confirm_rest(review, lane_order=lane_order, number=review.houses.count(), key=uuid.uuid4(), by=president)


# --- what stands out ---


def test_a_list_confirmed_in_a_moment_stands_out_with_its_lane(review, president):
    confirmed_at_once(review, president)
    [one] = noticed_in(review.round).reviews
    [evidence] = one.evidence
    assert (one.review, evidence.finding.kind) == (review, Noticed.QUICK)
    assert [(lane.house.soi, lane.pace.houses) for lane in evidence.lanes] == [("เทอดไท 5", HOUSES)]
    assert (evidence.dots, one.speakers.president) == ((), president)


def test_a_house_taken_out_between_two_that_stay_is_named_and_one_at_the_border_is_not(review, president):
    border = HouseFactory(subdistrict=review.community.subdistrict, house_no="37", soi="เทอดไท 5")
    other = CommunityFactory.create(subdistrict=review.community.subdistrict)
    tag_event(border, other, on=datetime.date(2015, 1, 20))
    between, last = review.houses.get(house__house_no="11"), review.houses.get(house__house_no="35")
    for listed in (between, last):
        verdict_on(listed, Kind.NOT_OURS, by=president)
    [one] = noticed_in(review.round).reviews
    assert [(found.finding.kind, list(found.houses)) for found in one.evidence] == [(Noticed.BETWEEN, [between])]


def test_among_others_each_finding_shows_where_the_list_stands(review, president):
    for listed in review.houses.all()[:9]:
        verdict_on(listed, Kind.NOT_OURS, by=president)
    for nth in range(3):
        community = CommunityFactory.create(subdistrict=review.community.subdistrict)
        another = reviewed(community, round=review.round, soi=f"เทอดไท {nth + 6}")
        for listed in another.houses.all():
            verdict_on(listed, Kind.RIGHT, by=president, source="paper", keyed_by=review.round.opened_by)
    [one] = noticed_in(review.round).reviews
    shown = {evidence.finding.kind: (sorted(evidence.dots), evidence.dot) for evidence in one.evidence}
    assert shown == {Noticed.NOT_OURS: ([2, 2, 2], 98)}


def test_nothing_stands_out_before_anybody_answered(review):
    assert noticed_in(review.round).reviews == []
    assert noticed_in(review.round).looked_at == 0


def test_looking_takes_the_same_queries_for_one_list_and_for_many(review, president):
    confirmed_at_once(review, president)
    verdict_on(review.houses.get(house__house_no="11"), Kind.NOT_OURS, by=president)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert noticed_in(review.round).reviews
        return len(asked)

    few = queries()
    for nth in range(3):
        community = CommunityFactory.create(subdistrict=review.community.subdistrict)
        another = reviewed(community, round=review.round, soi=f"เทอดไท {nth + 6}")
        confirmed_at_once(another, pledged(another, president_of(community)))
        verdict_on(another.houses.get(house__house_no="5"), Kind.NOT_OURS, by=another.verdicts.first().given_by)
    assert len(noticed_in(review.round).reviews) > 1
    assert queries() == few


# --- drawing ---


def test_houses_are_drawn_from_what_was_said_and_none_twice(review, sample, head):
    first = set(sample.houses.values_list("verdict__listed", flat=True))
    rest = draw_sample(review, number=100, reason="ที่เหลือ", by=head)
    second = set(rest.houses.values_list("verdict__listed", flat=True))
    assert (len(first), len(second)) == (10, HOUSES - 10)
    assert not first & second
    refused("nothing_to_draw", lambda: draw_sample(review, number=1, reason="อีก", by=head))


def test_only_the_head_draws_with_a_reason_and_a_number_within_bounds(review, sample, head, officer):
    refused("not_allowed", lambda: draw_sample(review, number=5, reason="x", by=officer))
    refused("reason_needed", lambda: draw_sample(review, number=5, reason="  ", by=head))
    for number in (0, 101):
        refused("not_a_number", lambda number=number: draw_sample(review, number=number, reason="x", by=head))
    refused(
        "not_allowed",
        lambda: draw_sample(review, number=5, reason="x", by=appoint(Role.HEAD, DistrictFactory(code="1099"))),
    )


def test_a_drawn_house_keeps_the_verdict_that_stood_when_it_was_drawn(review, sample, president):
    drawn = sample.houses.first()
    verdict_on(drawn.verdict.listed, Kind.DEMOLISHED, by=president)
    drawn.refresh_from_db()
    assert drawn.verdict.kind == Kind.RIGHT


# --- checking ---


def test_another_officer_checks_and_the_newest_result_stands(sample, officer, district):
    drawn = sample.houses.first()
    slip = record_recheck(drawn, result=Result.AGREES, shown=None, by=officer)
    record_recheck(drawn, result=Result.DIFFERS, note="เลขอื่น", shown=slip.pk, by=officer)
    [line] = samples_of(district)
    assert (line.drawn, line.checked, line.agrees, line.differs) == (10, 1, 0, 1)
    shown = next(one for one in drawn_houses(sample) if one == drawn)
    assert [one.result for one in shown.rechecks.all()] == [Result.DIFFERS, Result.AGREES]


def test_what_another_recorded_meanwhile_is_not_passed_over(sample, officer):
    drawn = sample.houses.first()
    record_recheck(drawn, result=Result.AGREES, shown=None, by=officer)
    refused("changed_meanwhile", lambda: record_recheck(drawn, result=Result.UNCLEAR, shown=None, by=officer))


def test_a_wrong_verdict_needs_a_note_and_a_result_is_one_of_three(sample, officer):
    drawn = sample.houses.first()
    refused("note_needed", lambda: record_recheck(drawn, result=Result.DIFFERS, note=" ", shown=None, by=officer))
    refused("not_a_result", lambda: record_recheck(drawn, result="maybe", shown=None, by=officer))


def test_who_drew_or_keyed_the_list_in_does_not_check_and_the_database_holds_it(review, sample, head, president):
    drawn = sample.houses.first()
    keyer = appoint(Role.OFFICER, review.round.district)
    verdict_on(review.houses.last(), Kind.RIGHT, by=president, keyed_by=keyer, source="paper")
    for person in (head, keyer):
        assert not may_check(sample, person)
        refused("checks_own", lambda who=person: record_recheck(drawn, result=Result.AGREES, shown=None, by=who))
    for person in (head, keyer, president):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recheck.objects.create(drawn=drawn, result=Result.AGREES, checked_by=person)
    refused("not_allowed", lambda: record_recheck(drawn, result=Result.AGREES, shown=None, by=president))


def test_a_sample_holds_verdicts_of_its_own_review_and_all_of_it_is_only_added_to(review, sample, officer):
    elsewhere = reviewed(CommunityFactory.create(subdistrict=review.community.subdistrict), 1, round=review.round)
    verdict = verdict_on(elsewhere.houses.get(), Kind.RIGHT, by=president_of(elsewhere.community))
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawnHouse.objects.create(sample=sample, verdict=verdict)
    recheck = record_recheck(sample.houses.first(), result=Result.AGREES, shown=None, by=officer)
    for row in (sample, sample.houses.first(), recheck):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


# --- the pages ---


def test_the_head_sees_what_stands_out_and_draws_from_there(client, review, president, head):
    confirmed_at_once(review, president)
    client.force_login(head)
    page = client.get(reverse("verification:findings", args=[review.round_id])).content.decode()
    assert "เทอดไท 5" in page
    assert "<svg" not in page.split("evidence", 1)[1].split("</section>", 1)[0]  # nobody to compare with
    drawing = {"review": review.pk, "number": "5", "reason": "ตอบเร็วมาก"}
    answer = client.post(reverse("verification:sample_draw", args=[review.round_id]), drawing, follow=True)
    assert RecheckSample.objects.get().houses.count() == 5
    assert "ตอบเร็วมาก" in answer.content.decode()


@pytest.mark.parametrize(
    "posted", [{"number": "ก"}, {"number": "999"}, {"reason": " "}, {"number": ""}, {"review": "ก"}, {"review": ""}]
)
def test_what_cannot_be_drawn_is_said_and_nothing_drawn(client, review, president, head, posted):
    confirmed_at_once(review, president)
    client.force_login(head)
    drawing = {"review": review.pk, "number": "5", "reason": "ก", **posted}
    page = client.post(reverse("verification:sample_draw", args=[review.round_id]), drawing, follow=True)
    assert "notice error" in page.content.decode()
    assert not RecheckSample.objects.exists()


def test_a_review_of_another_round_is_not_there(client, review, head):
    elsewhere = review_of(CommunityFactory.create())
    client.force_login(head)
    for pk in (elsewhere.pk, 10**17):
        drawing = {"review": pk, "number": "5", "reason": "ก"}
        answer = client.post(reverse("verification:sample_draw", args=[review.round_id]), drawing)
        assert answer.status_code == 404


def test_an_officer_records_from_the_page_and_whoever_drew_is_told_why_not(client, sample, officer, head):
    drawn = drawn_houses(sample)[0]
    page = reverse("verification:recheck", args=[sample.pk])
    client.force_login(officer)
    assert 'name="result"' in client.get(page).content.decode()
    told = client.post(
        reverse("verification:recheck_record", args=[drawn.pk]),
        {"result": "differs", "note": "<script>เลขอื่น", "shown": ""},
        follow=True,
    ).content.decode()
    assert "&lt;script&gt;เลขอื่น" in told
    client.force_login(head)
    assert 'name="result"' not in client.get(page).content.decode()
    answer = client.post(reverse("verification:recheck_record", args=[drawn.pk]), {"result": "agrees"}, follow=True)
    assert "notice error" in answer.content.decode()
    assert Recheck.objects.count() == 1


def test_the_list_of_samples_and_a_sample_take_the_same_queries_at_any_size(client, review, sample, officer, head):
    client.force_login(officer)
    addresses = [reverse("verification:rechecks"), reverse("verification:recheck", args=[sample.pk])]

    def counts():
        asked = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked.append(len(queries))
        return asked

    counts()
    few = counts()
    larger = draw_sample(review, number=20, reason="อีก", by=head)
    for drawn in larger.houses.all():
        record_recheck(drawn, result=Result.AGREES, shown=None, by=officer)
    addresses[1] = reverse("verification:recheck", args=[larger.pk])
    assert counts() == few
