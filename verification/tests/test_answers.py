"""Every doubt is answered, once, by somebody without an interest; the president may appeal once and in time."""

import datetime
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from communities.models import Person, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from verification.answers import answer, appeal, unanswered
from verification.casework import move
from verification.models import Answer, AnswerWitness, Case, Verdict
from verification.presidents_review import report_missing
from verification.tests.case_factories import case_of
from verification.tests.factories import photo_to, pledged, president_of, review_of, verdict_on
from verification.waiting_lines import lines_of

pytestmark = pytest.mark.django_db
Kind, Outcome = Verdict.Kind, Answer.Outcome


@pytest.fixture
def review():
    community = CommunityFactory.create()
    return review_of(community, [HouseFactory(subdistrict=community.subdistrict) for _each in range(4)])


@pytest.fixture
def president(review):
    return pledged(review, president_of(review.community, username="president"))


@pytest.fixture
def officer(review):
    return appoint(Role.OFFICER, review.community.district, username="officer")


@pytest.fixture
def doubt(review, president):
    return verdict_on(review.houses.first(), Kind.DEMOLISHED, by=president)


def refused(code, deed):
    with pytest.raises(ValidationError) as refusal:
        deed()
    assert refusal.value.code == code


def test_a_doubt_waits_until_it_is_answered_and_a_right_house_never(review, president, officer, doubt):
    verdict_on(review.houses.last(), Kind.RIGHT, by=president)
    district = review.round.district
    assert list(unanswered(district)) == [doubt]
    given = answer(doubt, outcome=Outcome.ACCEPTED, by=officer)
    assert not unanswered(district).exists()
    assert given.appeal_until == timezone.localdate() + datetime.timedelta(days=review.round.appeal_days)
    refused("answered_already", lambda: answer(doubt, outcome=Outcome.REFUSED, reason="x", by=officer))


def test_what_was_replaced_or_taken_back_asks_for_nothing_and_what_is_late_does(review, president, officer, doubt):
    later = verdict_on(doubt.listed, Kind.WRONG_NUMBER, by=president)
    assert list(unanswered(review.round.district)) == [later]
    verdict_on(doubt.listed, Kind.TAKEN_BACK, by=president, takes_back=later)
    late = verdict_on(doubt.listed, Kind.UNKNOWN, by=president, late=True)
    assert list(unanswered(review.round.district)) == [late]
    refused("answered_already", lambda: answer(doubt, outcome=Outcome.ACCEPTED, by=officer))


def test_a_refusal_says_why(doubt, officer):
    refused("reason_needed", lambda: answer(doubt, outcome=Outcome.REFUSED, reason=" ", by=officer))


def test_whoever_has_an_interest_neither_answers_nor_witnesses(review, president, officer):
    doubt = verdict_on(review.houses.first(), Kind.NOT_OURS, by=president)
    keyer = appoint(Role.OFFICER, review.community.district)
    verdict_on(review.houses.last(), Kind.RIGHT, by=president, source=Verdict.Source.PAPER, keyed_by=keyer)
    refused("has_interest", lambda: answer(doubt, outcome=Outcome.ACCEPTED, by=keyer))
    today = timezone.localdate()
    refused("witness_needed", lambda: answer(doubt, outcome=Outcome.ACCEPTED, visited_on=today, by=officer))
    for person in (keyer, president):
        refused(
            "has_interest",
            lambda person=person: answer(
                doubt, outcome=Outcome.ACCEPTED, visited_on=today, witnesses=[person], by=officer
            ),
        )
    answer(doubt, outcome=Outcome.ACCEPTED, visited_on=today, witnesses=[officer], by=officer)
    assert AnswerWitness.objects.get().person == officer
    connection.check_constraints()


def test_the_president_answers_nothing(doubt, president):
    refused("not_allowed", lambda: answer(doubt, outcome=Outcome.ACCEPTED, by=president))


def test_an_appeal_is_made_once_and_in_time_and_is_answered_once_more(review, president, officer, doubt):
    given = answer(doubt, outcome=Outcome.REFUSED, reason="บ้านยังอยู่", by=officer)
    refused("reason_needed", lambda: appeal(given, reason=" ", by=president))
    refused("not_the_president", lambda: appeal(given, reason="ไม่จริง", by=officer))
    appeal(given, reason="รื้อแล้วจริง", by=president)
    refused("appealed_already", lambda: appeal(given, reason="อีกครั้ง", by=president))
    assert list(unanswered(review.round.district)) == [doubt]
    second = answer(doubt, outcome=Outcome.CASE, by=officer)
    assert second.turn == 2
    refused("appealed_already", lambda: appeal(second, reason="อีก", by=president))
    assert not unanswered(review.round.district).exists()


def test_after_its_last_day_there_is_no_appeal(president, officer, doubt, time_machine):
    given = answer(doubt, outcome=Outcome.REFUSED, reason="บ้านยังอยู่", by=officer)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=16), tick=False)
    refused("too_late", lambda: appeal(given, reason="รื้อแล้ว", by=president))


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_give_one_answer(review, president, officer, doubt):
    others = [officer, appoint(Role.OFFICER, review.community.district)]
    ready, said = threading.Barrier(2), []

    def give(person):
        ready.wait()
        try:
            answer(doubt, outcome=Outcome.ACCEPTED, by=Person.objects.get(pk=person.pk))
        except ValidationError as refusal:
            said.append(refusal.code)
        connection.close()

    both = [threading.Thread(target=give, args=[person]) for person in others]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert (Answer.objects.count(), said) == (1, ["answered_already"])


# --- pages ---


def test_the_page_lists_what_waits_and_takes_the_answer(client, review, president, officer, doubt):
    noted = verdict_on(review.houses.last(), Kind.UNKNOWN, by=president, note="<script>alert(1)</script>")
    photo = photo_to(noted)
    client.force_login(officer)
    page = client.get(reverse("verification:answers"))
    assert [line.verdict for line, _following in page.context["lines"]] == [doubt, noted]
    assert "<script>alert" not in page.content.decode()
    assert client.get(reverse("verification:answer_photo_small", args=[photo.pk])).status_code == 200
    client.post(reverse("verification:answer_give", args=[doubt.pk]), {f"{doubt.pk}-outcome": "accepted"})
    client.post(reverse("verification:answer_give", args=[noted.pk]), {f"{noted.pk}-outcome": "refused"})
    assert list(unanswered(review.round.district)) == [noted]
    assert not client.get(reverse("verification:answers"), {"kind": "demolished"}).context["lines"]


def test_the_president_reads_the_answer_and_appeals_on_the_phone(client, review, president, officer, doubt):
    given = answer(doubt, outcome=Outcome.REFUSED, reason="บ้านยังอยู่", by=officer)
    review.state, review.ended_by, review.ended_at = "lapsed", officer, timezone.now()
    review.save()
    client.force_login(president)
    page = client.get(reverse("verification:review", args=[review.pk])).content.decode()
    address = reverse("verification:review_appeal", args=[review.pk, given.pk])
    assert "บ้านยังอยู่" in page
    assert address in page
    client.post(address, {"reason": "รื้อแล้ว"})
    assert "รื้อแล้ว" in client.get(reverse("verification:review", args=[review.pk])).content.decode()


def test_the_answers_of_others_are_not_there(client, review, president, officer, doubt):
    given = answer(doubt, outcome=Outcome.REFUSED, reason="x", by=officer)
    stranger = appoint(Role.OFFICER, DistrictFactory(code="1099"))
    other = president_of(CommunityFactory.create(subdistrict=review.community.subdistrict))
    for person in (stranger, other):
        client.force_login(person)
        assert client.post(reverse("verification:answer_give", args=[doubt.pk]), {}).status_code == 404
        address = reverse("verification:review_appeal", args=[review.pk, given.pk])
        assert client.post(address, {"reason": "x"}).status_code == 404


def test_the_page_asks_as_often_for_many_as_for_few(
    client, review, president, officer, doubt, django_assert_num_queries
):
    client.force_login(officer)
    client.get(reverse("verification:answers"))
    with django_assert_num_queries(10):
        client.get(reverse("verification:answers"))
    for listed in review.houses.all()[1:]:
        verdict_on(listed, Kind.UNKNOWN, by=president)
    with django_assert_num_queries(10):
        client.get(reverse("verification:answers"))


def test_a_line_shows_the_register_and_the_houses_beside_it_on_its_side(client, president, officer, review):
    community = review.community
    lane = {"subdistrict": community.subdistrict, "soi": "เทอดไท 77"}
    other = CommunityFactory.create(subdistrict=community.subdistrict, name="ชุมชนข้างเคียง")
    numbers = {"41": community, "42": other, "43": community, "44": other, "45": other}
    houses = {number: HouseFactory(house_no=number, community=None, **lane) for number in numbers}
    for number, whose in numbers.items():
        tag_event(houses[number], whose, on=datetime.date(2015, 1, 20))
    sheet = review_of(
        CommunityFactory.create(subdistrict=community.subdistrict), [houses["41"], houses["43"]], round=review.round
    )
    by = president_of(sheet.community)
    verdict_on(sheet.houses.first(), Kind.RIGHT, by=by)
    doubt = verdict_on(sheet.houses.last(), Kind.NOT_OURS, by=by)
    [line] = [one for one in lines_of(unanswered(review.round.district), size=25) if one.verdict == doubt]
    assert (line.before.house, line.after.house) == (houses["41"], houses["45"])
    assert (line.before.said, line.before.stays) == (str(Kind.RIGHT.label), False)
    assert (line.tagged, line.after.community) == (community, other)
    client.force_login(officer)
    assert "ชุมชนข้างเคียง" in client.get(reverse("verification:answers")).content.decode()


def test_several_are_answered_alike_and_what_is_refused_is_named(client, review, president, officer, doubt):
    more = [verdict_on(listed, Kind.UNKNOWN, by=president) for listed in review.houses.all()[1:3]]
    answer(more[1], outcome=Outcome.ACCEPTED, by=officer)
    client.force_login(officer)
    posted = {"verdict": [doubt.pk, *(one.pk for one in more)], "outcome": "case", "reason": "ไปดูที่ตั้ง"}
    page = client.post(reverse("verification:answer_many"), posted, follow=True).content.decode()
    assert "notice warning" in page
    assert more[1].listed.house.house_no in page
    assert {given.verdict for given in Answer.objects.filter(outcome="case")} == {doubt, more[0]}


@pytest.mark.parametrize("posted", [{}, {"outcome": "case"}, {"verdict": ["ก"], "outcome": "case"}])
def test_without_a_tick_or_an_outcome_nothing_is_answered_alike(client, doubt, officer, posted):
    client.force_login(officer)
    page = client.post(reverse("verification:answer_many"), posted, follow=True).content.decode()
    assert "notice error" in page
    assert not Answer.objects.exists()


def test_another_districts_verdicts_are_not_answered_alike(client, doubt):
    client.force_login(appoint(Role.OFFICER, DistrictFactory(code="1099")))
    client.post(reverse("verification:answer_many"), {"verdict": [doubt.pk], "outcome": "case"})
    assert not Answer.objects.exists()


def test_after_an_answer_the_page_goes_on_at_the_next_line(client, review, president, officer, doubt):
    later = verdict_on(review.houses.last(), Kind.UNKNOWN, by=president)
    client.force_login(officer)
    posted = {f"{doubt.pk}-outcome": "accepted", f"{doubt.pk}-next": later.pk}
    done = client.post(reverse("verification:answer_give", args=[doubt.pk]) + "?kind=unknown", posted)
    assert done.url == f"{reverse('verification:answers')}?kind=unknown#verdict-{later.pk}"


def test_what_must_be_seen_on_the_spot_becomes_a_case_of_the_presidents_words(review, president, officer):
    listed = review.houses.first()
    doubt = verdict_on(listed, Kind.NOT_OURS, by=president, note="อยู่อีกฝั่งคลอง")
    answer(doubt, outcome=Outcome.CASE, by=officer)
    case = doubt.case
    assert (case.kind, case.source, case.house, case.told) == (
        "wrong_community",
        "president",
        listed.house,
        "อยู่อีกฝั่งคลอง",
    )
    assert (case.state, case.community, case.opened_by) == ("received", review.community, officer)


def test_a_case_that_is_open_about_the_house_is_not_opened_twice(review, president, officer, doubt):
    known = case_of(doubt.listed.house)
    answer(doubt, outcome=Outcome.CASE, by=officer)
    assert list(Case.objects.all()) == [known]


def test_after_an_appeal_an_ended_case_is_followed_by_another(review, president, officer, doubt):
    answer(doubt, outcome=Outcome.CASE, by=officer)
    move(doubt.case, "withdraw", by=officer, reason="แจ้งผิดหลัง")
    appeal(doubt.answers.get(), reason="รื้อแล้วจริง", by=president)
    answer(doubt, outcome=Outcome.CASE, by=officer)
    assert [case.state for case in Case.objects.order_by("pk")] == ["withdrawn", "received"]


def test_a_missing_house_becomes_a_case_without_a_registration(review, president, officer):
    said = {"key": uuid.uuid4(), "house_no": "99/1", "lane": "ซอย 3", "note": ""}
    doubt = report_missing(review, by=president, **said)
    answer(doubt, outcome=Outcome.CASE, by=officer)
    assert (doubt.case.kind, doubt.case.house_no, doubt.case.lane) == ("missing", "99/1", "ซอย 3")
