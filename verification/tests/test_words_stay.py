"""What the database itself holds of the review: words stay, the last one stands, others decide."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory
from verification.models import Answer, AnswerWitness, CommunityReview, ListedHouse, Pledge, Verdict
from verification.tests.factories import pledged, president_of, review_of, verdict_on

pytestmark = pytest.mark.django_db
Kind = Verdict.Kind


@pytest.fixture
def review():
    community = CommunityFactory.create()
    return review_of(community, [HouseFactory(subdistrict=community.subdistrict) for _each in range(3)])


@pytest.fixture
def president(review):
    return pledged(review, president_of(review.community))


def answer(verdict, by, **fields):
    return Answer.objects.create(
        **{"verdict": verdict, "outcome": "accepted", "answered_by": by, "appeal_until": timezone.localdate(), **fields}
    )


def refused(deed):
    def done():
        deed()
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        done()


def test_the_last_verdict_stands_until_it_is_taken_back(review, president):
    listed = review.houses.first()
    verdict_on(listed, Kind.RIGHT, by=president)
    gone = verdict_on(listed, Kind.DEMOLISHED, by=president)
    listed.refresh_from_db()
    assert listed.verdict == gone
    verdict_on(listed, Kind.TAKEN_BACK, by=president, takes_back=gone)
    listed.refresh_from_db()
    assert listed.verdict is None


def test_a_late_verdict_is_kept_and_does_not_stand(review, president):
    listed = review.houses.first()
    verdict_on(listed, Kind.RIGHT, by=president, late=True)
    listed.refresh_from_db()
    assert listed.verdict is None
    assert not Verdict.objects.standing().exists()


def test_no_verdict_on_another_reviews_house(review, president):
    other = review_of(CommunityFactory.create(), [HouseFactory()])
    refused(lambda: verdict_on(other.houses.get(), Kind.RIGHT, by=president, review=review))


def test_after_the_end_a_verdict_is_late(review, president):
    CommunityReview.objects.filter(pk=review.pk).update(
        state="lapsed", ended_by=review.round.opened_by, ended_at="2026-01-01T00:00:00Z"
    )
    refused(lambda: verdict_on(review.houses.first(), Kind.RIGHT, by=president))
    verdict_on(review.houses.first(), Kind.RIGHT, by=president, late=True)


def test_words_and_lists_stay(review, president):
    verdict = verdict_on(review.houses.first(), Kind.NOT_OURS, by=president)
    refused(lambda: Verdict.objects.filter(pk=verdict.pk).update(kind=Kind.RIGHT))
    refused(lambda: Verdict.objects.all()._raw_delete("default"))
    refused(lambda: ListedHouse.objects.update(verdict=None))
    refused(lambda: ListedHouse.objects.update(place=9))
    refused(lambda: Pledge.objects.update(review=review))


def test_nobody_with_an_interest_answers_or_witnesses(review, president):
    verdict = verdict_on(review.houses.first(), Kind.NOT_OURS, by=president)
    former = appoint(Role.DELEGATE, review.community)
    keyer, officer = (appoint(Role.OFFICER, review.community.district) for _each in range(2))
    verdict_on(review.houses.last(), Kind.RIGHT, by=president, source=Verdict.Source.PAPER, keyed_by=keyer)
    for person in (president, former, keyer):
        refused(lambda person=person: answer(verdict, person))
    given = answer(verdict, officer)
    for person in (president, former, keyer):
        refused(lambda person=person: AnswerWitness.objects.create(answer=given, person=person))


def test_a_visit_for_another_community_has_a_witness(review, president):
    verdict = verdict_on(review.houses.first(), Kind.NOT_OURS, by=president)
    officer = appoint(Role.OFFICER, review.community.district)
    refused(lambda: answer(verdict, officer, visited_on=timezone.localdate()))
    given = answer(verdict, officer, visited_on=timezone.localdate())
    AnswerWitness.objects.create(answer=given, person=officer)
    connection.check_constraints()
