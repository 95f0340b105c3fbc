"""Delegates are named by the president and accepted by the office; a review goes on when the president changes."""

import datetime
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.models import Appointment, Person, Role
from communities.roles import Action, may
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification import presidents_review
from verification.delegates import accept_delegate, end_delegate, name_delegate, namings_in, namings_of, refuse_delegate
from verification.models import DelegateNaming, Verdict
from verification.presidents_review import give_verdict, pledge
from verification.review_access import reviews_open_to
from verification.tests.factories import pledged, president_of, review_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory.create()


@pytest.fixture
def president(community):
    return president_of(community, full_name="นายบุญมี")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


@pytest.fixture
def naming(community, president):
    return name_delegate(community, full_name="นางสาวมาลี", reason="ประธานป่วย", by=president)


@pytest.fixture
def review(community):
    return review_of(community, [HouseFactory(subdistrict=community.subdistrict) for _each in range(3)])


def anew(person):
    """The person as the next request reads them, with the posts of then."""
    return Person.objects.get(pk=person.pk)


def code_of(deed):
    with pytest.raises(ValidationError) as refusal:
        deed()
    return refusal.value.code


def give_up_post(person, *, days_ago=0):
    until = timezone.localdate() - datetime.timedelta(days=days_ago)
    Appointment.objects.filter(person=person).update(until=until)


def say(review, listed, by):
    return give_verdict(review, key=uuid.uuid4(), listed=listed, kind=Verdict.Kind.RIGHT, by=by)


def test_an_accepted_delegate_holds_the_post_and_reviews(community, naming, officer, review):
    post = accept_delegate(naming, by=officer)
    assert (post.role, post.community, post.since) == (Role.DELEGATE, community, timezone.localdate())
    delegate = anew(post.person)
    assert not delegate.has_usable_password()
    assert may(delegate, Action.REVIEW_OWN_HOUSES, community)
    assert not may(delegate, Action.NAME_DELEGATE, community)
    pledge(review, by=delegate)
    verdict = say(review, review.houses.first(), delegate)
    assert (verdict.given_by, verdict.given_as) == (delegate, Role.DELEGATE)


def test_a_refused_delegate_gets_no_account_and_the_president_reads_why(naming, officer, community):
    people = Person.objects.count()
    refuse_delegate(naming, reason="ชื่อไม่ตรงกับบัตร", by=officer)
    assert Person.objects.count() == people
    [line] = namings_of(community)
    assert (line.naming.refused_reason, line.waits, line.in_post) == ("ชื่อไม่ตรงกับบัตร", False, False)


def test_only_the_president_names_and_one_at_a_time(community, president, naming, officer):
    other = president_of(CommunityFactory.create())
    for person in (other, officer, appoint(Role.DELEGATE, community)):
        deed = lambda person=person: name_delegate(community, full_name="x", by=person)  # noqa: E731
        assert code_of(deed) == "not_the_president"
    assert code_of(lambda: name_delegate(community, full_name="x", by=president)) == "named_already"
    refuse_delegate(naming, reason="ไม่ใช่", by=officer)
    assert name_delegate(community, full_name="นายสมชาย", by=president)


@pytest.mark.parametrize(("name", "code"), [(" \u200b", "name_needed"), ("ก" * 151, "too_long")])
def test_a_delegate_has_a_name_that_fits(community, president, name, code):
    assert code_of(lambda: name_delegate(community, full_name=name, by=president)) == code


def test_only_the_office_of_the_district_decides_and_once(naming, officer, president):
    stranger = appoint(Role.OFFICER, DistrictFactory(code="1016"))
    for person in (stranger, president):
        assert code_of(lambda person=person: accept_delegate(naming, by=person)) == "not_the_office"
    assert code_of(lambda: refuse_delegate(naming, reason=" ", by=officer)) == "reason_needed"
    accept_delegate(naming, by=officer)
    assert code_of(lambda: accept_delegate(naming, by=officer)) == "decided_already"
    assert code_of(lambda: refuse_delegate(naming, reason="x", by=officer)) == "decided_already"


def test_nobody_accepts_a_delegate_of_their_own(naming, president, community):
    Appointment.objects.create(
        person=president, role=Role.OFFICER, district=community.district, since=datetime.date(2015, 1, 1)
    )
    assert code_of(lambda: accept_delegate(naming, by=anew(president))) == "not_the_office"


def test_who_is_president_no_longer_names_nobody(naming, officer, president):
    give_up_post(president)
    assert code_of(lambda: accept_delegate(naming, by=officer)) == "president_changed"
    [line] = namings_in(naming.community.district)
    assert not line.by_the_president


def test_a_delegates_post_ends_no_later_than_the_presidents(naming, officer, president):
    last = timezone.localdate() + datetime.timedelta(days=20)
    Appointment.objects.filter(person=president).update(until=last)
    assert accept_delegate(naming, by=officer).until == last


def test_an_ended_delegate_sees_nothing_and_the_words_stay(naming, officer, review, president):
    post = accept_delegate(naming, by=officer)
    Appointment.objects.filter(pk=post.pk).update(since=timezone.localdate() - datetime.timedelta(days=3))
    delegate = pledged(review, anew(post.person))
    verdict = say(review, review.houses.first(), delegate)
    end_delegate(naming, by=president)
    assert not reviews_open_to(anew(delegate)).exists()
    assert code_of(lambda: say(review, review.houses.last(), anew(delegate))) == "not_the_president"
    assert Verdict.objects.get(pk=verdict.pk).given_by == delegate
    assert LogEntry.objects.get().user == president
    assert code_of(lambda: end_delegate(naming, by=officer)) == "not_in_post"


def test_another_president_ends_no_delegate(naming, officer):
    accept_delegate(naming, by=officer)
    other = president_of(CommunityFactory.create())
    assert code_of(lambda: end_delegate(naming, by=other)) == "not_allowed"


def test_a_review_goes_on_with_the_new_president_and_words_keep_their_givers_name(review, community, president):
    first, second, third = review.houses.order_by("place")
    said = say(review, first, pledged(review, president))
    give_up_post(president)
    successor = president_of(community, full_name="นางทองใบ")

    assert not reviews_open_to(anew(president)).exists()
    assert code_of(lambda: say(review, second, anew(president))) == "not_the_president"
    assert reviews_open_to(successor).get() == review
    assert code_of(lambda: say(review, second, successor)) == "pledge_first"
    pledge(review, by=successor)
    now_said = say(review, second, successor)

    assert [Verdict.objects.get(pk=one.pk).given_by for one in (said, now_said)] == [president, successor]
    counts = presidents_review.summary(review)
    assert (counts.right, counts.undecided) == (2, 1)
    signed = presidents_review.sign_off(review, name="ทองใบ", undecided=1, by=successor)
    assert (signed.ended_by, third.verdict) == (successor, None)


def test_those_that_wait_stand_first(community, naming, officer, president):
    refuse_delegate(naming, reason="ไม่ใช่", by=officer)
    other = CommunityFactory.create(subdistrict=community.subdistrict)
    waiting = name_delegate(other, full_name="นายรอ", by=president_of(other))
    name_delegate(community, full_name="นายใหม่", by=president)
    lines = namings_in(community.district)
    assert [line.waits for line in lines] == [True, True, False]
    assert waiting in [line.naming for line in lines[:2]]
    assert DelegateNaming.objects.count() == 3
