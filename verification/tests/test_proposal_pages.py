"""The gate, the proposal and its decision on the page of a case, and many at once on the page of an event."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.models import HouseRegistration, LifeEvent
from households.tests.factories import HouseFactory
from verification.models import Occurrence, Proposal, ResidentsStatement
from verification.strike_off import propose
from verification.workflow import Kind, State

from .case_factories import case_of, proved, seen
from .test_strike_off import registrar_of

pytestmark = pytest.mark.django_db

GONE = datetime.date(2026, 10, 5)


@pytest.fixture
def house():
    return HouseFactory(subdistrict=CommunityFactory.create().subdistrict, house_no="12")


@pytest.fixture
def officer(house):
    return appoint(Role.OFFICER, house.district)


@pytest.fixture
def case(house, officer):
    return proved(case_of(house, state=State.TR31_FILED, by=officer))


def page_of(client, case):
    """The page of the case as whoever is signed in sees it."""
    return client.get(reverse("verification:case", args=[case.pk])).content.decode()


def said(answer):
    """What the next page says."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def post(client, name, pk, **typed):
    """Posts what is typed to the address of the thing."""
    return client.post(reverse(f"verification:{name}", args=[pk]), typed)


def test_the_page_leads_to_where_the_missing_evidence_is_added(client, house, officer):
    case = case_of(house, state=State.TR31_FILED, by=officer)
    seen(case)
    client.force_login(officer)
    page = page_of(client, case)
    assert 'href="#photos"' in page
    assert 'href="#form31"' in page
    assert 'href="#residents"' in page
    assert 'name="act" value="strike_off"' not in page
    assert "เสนอได้เมื่อหลักฐานข้างต้นครบแล้ว" in page


def test_who_is_registered_there_is_written_down_with_its_day(client, house, officer):
    case = case_of(house, state=State.TR31_FILED, by=officer)
    client.force_login(officer)
    answer = post(client, "residents_state", case.pk, outcome="central_register")
    assert said(answer)
    assert not ResidentsStatement.objects.exists()
    post(client, "residents_state", case.pk, outcome="central_register", moved_on="๕/๑๐/๒๕๖๙", note="ตรวจแล้ว")
    statement = ResidentsStatement.objects.get()
    assert (statement.moved_on, statement.stated_by) == (GONE, officer)
    assert "ย้ายเข้าทะเบียนบ้านกลางแล้ว" in page_of(client, case)


def test_one_proposes_and_another_approves_on_the_page(client, case, officer):
    client.force_login(officer)
    post(client, "proposal_make", case.pk, act="strike_off", happened_on="5/10/2569", reason="รื้อแล้ว")
    proposal = Proposal.objects.get()
    assert (proposal.happened_on, proposal.proposed_by, proposal.reason) == (GONE, officer, "รื้อแล้ว")
    assert reverse("verification:proposal_approve", args=[proposal.pk]) not in page_of(client, case)

    registrar = registrar_of(case.district)
    client.force_login(registrar)
    page = page_of(client, case)
    assert str(officer) in page
    assert reverse("verification:proposal_approve", args=[proposal.pk]) in page
    last = case.changes.order_by("-pk").first().pk
    assert said(post(client, "proposal_approve", proposal.pk, seen=last))
    case.refresh_from_db()
    assert case.state == State.STRUCK_OFF
    post(client, "proposal_approve", proposal.pk, seen=last)
    assert LifeEvent.objects.filter(kind="struck").count() == 1


def test_what_is_sent_back_says_why(client, case, officer):
    proposal = propose(case, act="strike_off", happened_on=GONE, by=officer)
    client.force_login(registrar_of(case.district))
    assert said(post(client, "proposal_send_back", proposal.pk, reason=""))
    assert not Proposal.objects.get().decision
    post(client, "proposal_send_back", proposal.pk, reason="รูปไม่ชัด")
    assert "รูปไม่ชัด" in page_of(client, case)


TYPED = [
    (Kind.WRONG_NUMBER, {"act": "correct_number", "house_no": "12/5"}, {"house_no": "12/5"}),
    (Kind.SPLIT, {"act": "split", "parts": "1015-912345-6\n"}, "parts"),
    (Kind.WRONG_COMMUNITY, {"act": "move_community"}, "community"),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), TYPED)
def test_each_correction_takes_its_own_fields(client, house, officer, kind, typed, kept):
    part = HouseFactory(subdistrict=house.subdistrict, house_code="10159123456")
    other = CommunityFactory.create(subdistrict=house.subdistrict)
    case = case_of(house, kind, state=State.CONFIRMED, by=officer)
    client.force_login(officer)
    assert f'name="act" value="{typed["act"]}"' in page_of(client, case)
    post(client, "proposal_make", case.pk, happened_on="5/10/2569", community=other.pk, **typed)
    expected = {"parts": {"parts": [part.pk]}, "community": {"community": other.pk}}
    assert Proposal.objects.get().details == (expected[kept] if isinstance(kept, str) else kept)
    assert page_of(client, case)


def test_the_missing_house_is_named_by_its_code(client, house, officer):
    where = {"district": house.district, "house_no": "77"}
    case = case_of(None, Kind.MISSING, state=State.CONFIRMED, by=officer, **where)
    found = HouseFactory(subdistrict=house.subdistrict, house_code="10159123456")
    community = CommunityFactory.create(subdistrict=house.subdistrict)
    client.force_login(officer)
    typed = {"act": "move_community", "happened_on": "5/10/2569", "community": community.pk}
    assert "10159999999" in said(post(client, "proposal_make", case.pk, house="10159999999", **typed))[0]
    post(client, "proposal_make", case.pk, house="1015 912345 6", **typed)
    assert Proposal.objects.get().details == {"community": community.pk, "house": found.pk}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"act": "burn", "happened_on": "5/10/2569"},
        {"act": "strike_off", "happened_on": "58"},
        {"act": "strike_off"},
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(client, case, officer, typed):
    client.force_login(officer)
    assert said(post(client, "proposal_make", case.pk, **typed))
    assert not Proposal.objects.exists()


def test_community_development_sees_the_gate_and_no_forms(client, case):
    client.force_login(appoint(Role.COMMUNITY_DEVELOPMENT, case.district))
    page = page_of(client, case)
    assert 'class="gate"' in page
    assert reverse("verification:proposal_make", args=[case.pk]) not in page
    assert reverse("verification:residents_state", args=[case.pk]) not in page


def test_another_district_finds_nothing(client, case, officer):
    proposal = propose(case, act="strike_off", happened_on=GONE, by=officer)
    client.force_login(registrar_of(DistrictFactory(code="1099")))
    for name, pk in [
        ("proposal_approve", proposal.pk),
        ("proposal_send_back", proposal.pk),
        ("proposal_make", case.pk),
        ("residents_state", case.pk),
    ]:
        assert post(client, name, pk).status_code == 404, name


# --- many at once ---


@pytest.fixture
def fire(house, officer):
    """A fire with three houses, two of them with all that the gate asks for."""
    event = Occurrence.objects.create(
        district=house.district, name="ไฟไหม้ 24 พ.ค.", happened_on=GONE, recorded_by=officer
    )
    for number in range(3):
        burnt = HouseFactory(subdistrict=house.subdistrict)
        case = case_of(burnt, Kind.DESTROYED, state=State.TR31_FILED, by=officer, occurrence=event)
        if number < 2:
            proved(case)
    return event


def test_the_ticked_houses_of_a_fire_are_proposed_and_approved_together(client, fire, officer):
    client.force_login(officer)
    every = [case.pk for case in fire.cases.order_by("pk")]
    page = client.get(reverse("verification:cases_alike", args=[fire.pk]))
    assert [line["may_propose"] for line in page.context["lines"]].count(True) == 2
    answer = post(client, "alike_propose", fire.pk, case=every, happened_on="5/10/2569")
    assert len(said(answer)) == 2, "how many were proposed, and the one that was not, by its number"
    assert Proposal.objects.count() == 2
    client.force_login(registrar_of(fire.district))
    post(client, "alike_approve", fire.pk, case=every[:1])
    assert HouseRegistration.objects.filter(state="struck").count() == 1
    post(client, "alike_approve", fire.pk, case=every)
    assert HouseRegistration.objects.filter(state="struck").count() == 2
    assert set(LifeEvent.objects.filter(kind="struck").values_list("happened_on", flat=True)) == {GONE}


def test_the_proposer_ticks_nothing_to_approve(client, fire):
    head = registrar_of(fire.district)
    client.force_login(head)
    every = [case.pk for case in fire.cases.all()]
    post(client, "alike_propose", fire.pk, case=every, happened_on="5/10/2569")
    page = client.get(reverse("verification:cases_alike", args=[fire.pk]))
    assert not any(line["may_approve"] for line in page.context["lines"])
    post(client, "alike_approve", fire.pk, case=every)
    assert not LifeEvent.objects.filter(kind="struck").exists()


def test_nothing_ticked_says_so(client, fire, officer):
    client.force_login(officer)
    assert said(post(client, "alike_propose", fire.pk, happened_on="5/10/2569"))
    assert said(post(client, "alike_propose", fire.pk, happened_on=""))
    client.force_login(registrar_of(DistrictFactory(code="1099")))
    assert client.get(reverse("verification:cases_alike", args=[fire.pk])).status_code == 404
    assert post(client, "alike_approve", fire.pk).status_code == 404


def test_the_page_of_an_event_asks_as_many_questions_for_many_houses(client, house, officer, fire):
    client.force_login(officer)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("verification:cases_alike", args=[fire.pk]))
        return len(asked)

    questions()
    few = questions()
    for _each in range(4):
        burnt = HouseFactory(subdistrict=house.subdistrict)
        proved(case_of(burnt, Kind.DESTROYED, state=State.TR31_FILED, by=officer, occurrence=fire))
    assert questions() == few


def test_the_true_day_that_a_visit_told_is_filled_in(client, house, officer):
    case = case_of(house, state=State.TR31_FILED, by=officer)
    proved(case)
    seen(case, gone_since=GONE)
    client.force_login(officer)
    assert 'value="5 ต.ค. 2569"' in page_of(client, case)
