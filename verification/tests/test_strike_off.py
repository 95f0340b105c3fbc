"""Two people strike a house off, or nobody does: proposing, deciding, at once, through every door."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from communities.models import Person, Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, DistrictFactory, PersonFactory, appoint
from households.models import HouseRegistration, LifeEvent, TagEvent
from households.tests.factories import HouseFactory, tag_event
from verification import strike_off
from verification.evidence import Evidence
from verification.models import Case, Occurrence, Proposal, StatusChange
from verification.strike_off import approve, approve_alike, gate, house_of_code, propose, propose_alike, send_back
from verification.workflow import Kind, Move, State

from .case_factories import case_of, form31_of, nobody_registered, photo_of, proved, seen, signed31

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
GONE = datetime.date(2026, 10, 5)


def registrar_of(district, **held) -> Person:
    """A head who is registrar of the district since long ago."""
    facts = {"role": Role.HEAD, "is_registrar": True, **held}
    return AppointmentFactory(person=PersonFactory(), district=district, **facts).person


@pytest.fixture
def house():
    community = CommunityFactory.create()
    house = HouseFactory(subdistrict=community.subdistrict, house_no="12")
    tag_event(house, community, on=datetime.date(2015, 1, 20))
    house.refresh_from_db()
    return house


@pytest.fixture
def officer(house):
    return appoint(Role.OFFICER, house.district)


@pytest.fixture
def registrar(house):
    return registrar_of(house.district)


@pytest.fixture
def case(house, officer):
    """A demolished house whose case has all that the gate asks for."""
    return proved(case_of(house, state=State.TR31_FILED, by=officer))


@pytest.fixture
def proposal(case, officer):
    return propose(case, act="strike_off", happened_on=GONE, by=officer)


def counts():
    """How many events, moves, proposals and decisions there are."""
    decided = Proposal.objects.exclude(decision="").count()
    return LifeEvent.objects.count(), StatusChange.objects.count(), Proposal.objects.count(), decided


def refused(code, act):
    """The refusal of the act, which must have this code and leave nothing behind."""
    before = counts()
    with pytest.raises(ValidationError) as refusal:
        act()
    assert refusal.value.code == code
    assert counts() == before
    return refusal.value


def states(case):
    """State of the case, state of its house."""
    return Case.objects.get(pk=case.pk).state, HouseRegistration.objects.get(pk=case.house_id).state


# --- the gate ---


def test_the_gate_lists_what_is_there_and_what_is_missing(house, officer):
    case = case_of(house, state=State.TR31_FILED, by=officer, told="")
    assert gate(case) == [
        (Evidence.REQUEST, False),
        (Evidence.RESULT_AGREES, False),
        (Evidence.PHOTOS, False),
        (Evidence.FORM_SIGNED, False),
        (Evidence.NOBODY_REGISTERED, False),
    ]
    seen(case)
    form31_of(case)
    assert dict(gate(case))[Evidence.RESULT_AGREES]
    assert not dict(gate(case))[Evidence.FORM_SIGNED], "a form that nobody signed is no evidence"


ADD = {
    Evidence.RESULT_AGREES: seen,
    Evidence.PHOTOS: photo_of,
    Evidence.FORM_SIGNED: lambda case: signed31(form31_of(case)),
    Evidence.NOBODY_REGISTERED: nobody_registered,
}


@pytest.mark.parametrize("lacking", [Evidence.REQUEST, *ADD])
def test_nothing_is_proposed_while_one_piece_of_evidence_is_missing(house, officer, lacking):
    told = "" if lacking == Evidence.REQUEST else "รื้อแล้ว"
    case = case_of(house, state=State.TR31_FILED, by=officer, told=told)
    for piece, add in ADD.items():
        if piece != lacking:
            add(case)
    refusal = refused("evidence_missing", lambda: propose(case, act="strike_off", happened_on=GONE, by=officer))
    assert refusal.params["codes"] == [lacking]


def test_somebody_registered_there_again_stops_the_approval(case, proposal, registrar):
    case.residents.create(outcome="somebody", stated_by=case.opened_by)
    refused("evidence_missing", lambda: approve(proposal, by=registrar))
    assert states(case) == (State.PROPOSED, "live")


def test_a_later_visit_that_finds_it_standing_stops_the_approval(case, proposal, registrar):
    seen(case, "standing")
    refused("evidence_missing", lambda: approve(proposal, by=registrar))


# --- strike-off ---


def test_an_approved_strike_off_leaves_one_event_with_its_true_day_and_both_names(case, proposal, officer, registrar):
    decided = approve(proposal, by=registrar)
    event = LifeEvent.objects.get(kind=LifeEvent.Kind.STRUCK)
    case.refresh_from_db()
    assert states(case) == (State.STRUCK_OFF, "struck")
    assert (event.ground, event.happened_on, event.reference) == ("demolished", GONE, str(case))
    assert (event.proposed_by, event.recorded_by) == (officer, registrar)
    assert case.life_event == decided.life_event == event
    assert (decided.decision, decided.decided_by) == ("approved", registrar)
    assert case.changes.last().move == Move.STRIKE_OFF


def test_the_second_click_of_the_same_person_finds_the_decision(proposal, registrar, house):
    first = approve(proposal, by=registrar)
    assert approve(proposal, by=registrar).decided_at == first.decided_at
    assert LifeEvent.objects.filter(kind="struck").count() == 1
    refused("decided_already", lambda: approve(proposal, by=registrar_of(house.district)))
    refused("decided_already", lambda: send_back(proposal, reason="ไม่ใช่", by=registrar))


def test_the_house_keeps_its_community_and_its_tags(proposal, registrar, house):
    approve(proposal, by=registrar)
    struck = HouseRegistration.objects.get(pk=house.pk)
    assert struck.community_id == house.community_id
    assert TagEvent.objects.filter(house=house).count() == 1


def test_who_proposes_does_not_approve(case, house):
    head = registrar_of(house.district)
    own = propose(case, act="strike_off", happened_on=GONE, by=head)
    refused("same_person", lambda: approve(own, by=head))
    assert states(case) == (State.PROPOSED, "live")


def test_a_page_that_shows_an_older_state_approves_nothing(proposal, registrar):
    refused("stale_page", lambda: approve(proposal, by=registrar, seen=0))


@pytest.mark.parametrize(
    "held",
    [
        lambda: {"role": Role.OFFICER, "is_registrar": False},
        lambda: {"role": Role.HEAD, "is_registrar": False},
        lambda: {"until": TODAY()},  # the first day without it
        lambda: {"since": TODAY() + datetime.timedelta(days=1)},
    ],
    ids=["officer", "head without the word", "ended yesterday", "begins tomorrow"],
)
def test_only_who_is_registrar_today_approves(case, proposal, house, held):
    person = registrar_of(house.district, **held())
    refused("not_your_move", lambda: approve(proposal, by=person))
    assert states(case) == (State.PROPOSED, "live")


def test_a_registrar_of_another_district_does_not_approve(proposal):
    refused("not_your_move", lambda: approve(proposal, by=registrar_of(DistrictFactory(code="1016"))))


def test_an_acting_head_approves(case, proposal, house):
    soon = TODAY() + datetime.timedelta(days=3)
    acting = registrar_of(house.district, acting_for=registrar_of(house.district), until=soon)
    approve(proposal, by=acting)
    assert states(case) == (State.STRUCK_OFF, "struck")


def test_a_director_who_is_registrar_approves(case, proposal, house):
    approve(proposal, by=registrar_of(house.district, role=Role.DIRECTOR))
    assert states(case) == (State.STRUCK_OFF, "struck")


def test_a_crash_after_the_life_event_leaves_nothing(case, proposal, registrar, monkeypatch):
    def crash(*_args, **_more):
        assert LifeEvent.objects.filter(kind="struck").exists()
        raise RuntimeError

    monkeypatch.setattr(strike_off, "advance", crash)
    with pytest.raises(RuntimeError):
        approve(proposal, by=registrar)
    proposal.refresh_from_db()
    assert (states(case), proposal.decision) == ((State.PROPOSED, "live"), "")
    assert not LifeEvent.objects.filter(kind="struck").exists()


def test_a_proposal_is_sent_back_with_a_reason_and_may_be_made_again(case, proposal, registrar, officer):
    refused("evidence_missing", lambda: send_back(proposal, reason=" ", by=registrar))
    back = send_back(proposal, reason="รูปไม่ชัด", by=registrar)
    assert (back.decision, back.decision_reason, states(case)[0]) == ("sent_back", "รูปไม่ชัด", State.CONFIRMED)
    refused("decided_already", lambda: approve(proposal, by=registrar))


def test_one_proposal_waits_at_a_time(case, proposal, officer):
    refused("waits_already", lambda: propose(case, act="strike_off", happened_on=GONE, by=officer))


def test_no_strike_off_lies_in_the_future(case, officer):
    tomorrow = TODAY() + datetime.timedelta(days=1)
    refused("future_date", lambda: propose(case, act="strike_off", happened_on=tomorrow, by=officer))


@pytest.mark.parametrize("kind", [Kind.DUPLICATE, Kind.MERGED])
def test_a_house_registered_twice_or_merged_names_the_one_that_goes_on(house, officer, registrar, kind):
    case = case_of(house, kind, state=State.TR31_FILED, by=officer)
    seen(case, "standing")
    photo_of(case)
    signed31(form31_of(case))
    nobody_registered(case)
    other = HouseFactory(subdistrict=house.subdistrict)
    gone = HouseFactory(subdistrict=house.subdistrict, state="vanished")

    def of(into):
        return propose(case, act="strike_off", happened_on=GONE, details={"into": into}, by=officer)

    refused("no_other_house", lambda: of(None))
    refused("no_other_house", lambda: of(house.pk))
    refused("not_in_register", lambda: of(gone.pk))
    approve(of(other.pk), by=registrar)
    event = LifeEvent.objects.get(kind="struck")
    assert (event.ground, event.after) == (kind, {"into": other.house_code})


# --- corrections ---


def test_a_wrong_number_is_corrected_by_two(house, officer, registrar):
    case = case_of(house, Kind.WRONG_NUMBER, state=State.CONFIRMED, by=officer)

    def to(number):
        return propose(case, act="correct_number", happened_on=GONE, details={"house_no": number}, by=officer)

    refused("number_unreadable", lambda: to("สิบสอง"))
    refused("same_number", lambda: to("๑๒"))
    approve(to("12/3"), by=registrar)
    house.refresh_from_db()
    event = LifeEvent.objects.get(ground="number_corrected")
    assert (house.house_no, house.number_key, states(case)) == ("12/3", "12/3", (State.CORRECTED, "live"))
    assert (event.before, event.after) == ({"house_no": "12"}, {"house_no": "12/3"})


def test_a_wrong_community_is_changed_by_two(house, officer, registrar):
    case = case_of(house, Kind.WRONG_COMMUNITY, state=State.CONFIRMED, by=officer)
    other = CommunityFactory.create(subdistrict=house.subdistrict)
    without_code = CommunityFactory.create(subdistrict=house.subdistrict, code=None)

    def to(community):
        return propose(case, act="move_community", happened_on=GONE, details={"community": community}, by=officer)

    refused("no_community", lambda: to(None))
    refused("same_community", lambda: to(house.community_id))
    refused("code_not_in_force", lambda: to(without_code.pk))
    decided = approve(to(other.pk), by=registrar)
    house.refresh_from_db()
    case.refresh_from_db()
    assert (house.community_id, case.state, case.batch) == (other.pk, State.CORRECTED, decided.batch)
    assert (case.batch.done_by, case.batch.happened_on) == (registrar, GONE)
    assert str(case) in case.batch.reason
    assert str(officer) in case.batch.reason, "who proposed stands with who approved"


def test_a_missing_house_gets_the_community_of_its_registration(house, officer, registrar):
    where = {"district": house.district, "house_no": "77", "lane": "เทอดไท 5"}
    case = case_of(None, Kind.MISSING, state=State.CONFIRMED, by=officer, **where)
    found = HouseFactory(subdistrict=house.subdistrict, house_no="77")

    def with_house(pk):
        details = {"community": house.community_id, "house": pk}
        return propose(case, act="move_community", happened_on=GONE, details=details, by=officer)

    refused("not_in_register", lambda: with_house(None))
    approve(with_house(found.pk), by=registrar)
    found.refresh_from_db()
    case.refresh_from_db()
    assert (found.community_id, case.state, case.life_event) == (house.community_id, State.CORRECTED, None)


def test_a_split_needs_the_new_houses_in_the_register(house, officer, registrar):
    case = case_of(house, Kind.SPLIT, state=State.CONFIRMED, by=officer)
    part = HouseFactory(subdistrict=house.subdistrict, house_no="12/1", house_code="10159123456")

    def into(*parts):
        return propose(case, act="split", happened_on=GONE, details={"parts": parts}, by=officer)

    refused("no_other_house", lambda: into())
    refused("no_other_house", lambda: into(house.pk))
    refused("not_in_register", lambda: into(part.pk, 10**9))
    assert house_of_code(house.district, "1015-912345-6") == part
    refused("not_in_register", lambda: house_of_code(house.district, "1015-900000-0"))
    refused("not_a_house_code", lambda: house_of_code(house.district, "12/1"))
    approve(into(part.pk), by=registrar)
    assert LifeEvent.objects.get(kind="split").after == {"into": part.house_code}
    assert states(case) == (State.CORRECTED, "live")


def test_a_case_ends_by_an_act_of_its_kind(house, officer):
    case = case_of(house, Kind.SPLIT, state=State.CONFIRMED, by=officer)
    details = {"house_no": "1"}
    refused("not_an_act", lambda: propose(case, act="correct_number", happened_on=GONE, details=details, by=officer))
    refused("not_an_act", lambda: propose(case, act="burn", happened_on=GONE, by=officer))


# --- restoring ---


def test_a_house_struck_off_wrongly_is_restored_by_another_event(case, proposal, officer, registrar):
    struck = approve(proposal, by=registrar).life_event
    refused("reason_needed", lambda: propose(case, act="restore", happened_on=TODAY(), by=officer))
    back = propose(case, act="restore", happened_on=TODAY(), reason="ผิดหลัง", by=officer)
    refused("same_person", lambda: approve(back, by=officer))
    approve(back, by=registrar)
    case.refresh_from_db()
    assert states(case) == (State.RESTORED, "live")
    assert case.life_event == struck, "the case keeps the event by which the house was struck off"
    assert LifeEvent.objects.get(kind="restored").reference == str(case)


def test_a_restoring_that_is_sent_back_leaves_the_house_struck_off(case, proposal, officer, registrar):
    approve(proposal, by=registrar)
    back = propose(case, act="restore", happened_on=TODAY(), reason="ผิดหลัง", by=officer)
    send_back(back, reason="รื้อจริง", by=registrar)
    assert states(case) == (State.STRUCK_OFF, "struck")
    again = propose(case, act="restore", happened_on=TODAY(), reason="ผิดหลังแน่", by=officer)
    approve(again, by=registrar)
    assert states(case) == (State.RESTORED, "live")


# --- the proposer approves the own proposal, through every door ---


@pytest.fixture
def own(case, house):
    """A proposal of somebody who is a registrar too."""
    return propose(case, act="strike_off", happened_on=GONE, by=registrar_of(house.district))


def nothing_happened(proposal):
    proposal.refresh_from_db()
    assert (proposal.decision, states(proposal.case)) == ("", (State.PROPOSED, "live"))
    assert not LifeEvent.objects.filter(kind="struck").exists()


def test_the_proposer_approves_nothing_on_the_page(client, own):
    client.force_login(own.proposed_by)
    assert client.post(reverse("verification:proposal_approve", args=[own.pk])).status_code == 302
    nothing_happened(own)
    page = client.get(reverse("verification:case", args=[own.case_id])).content.decode()
    assert reverse("verification:proposal_approve", args=[own.pk]) not in page
    assert "คุณเสนอเรื่องนี้เอง" in page


def test_the_proposer_approves_nothing_in_the_admin(client, own):
    address = reverse("admin:verification_proposal_change", args=[own.pk])
    for person in (own.proposed_by, appoint(Role.ADMINISTRATOR, own.case.district)):
        client.force_login(person)
        client.post(address, {"decision": "approved", "decided_by": own.proposed_by_id})
        nothing_happened(own)


def _event(own):
    """A strike-off as only the proposer would have it."""
    return LifeEvent(
        house=own.case.house,
        kind="struck",
        ground="demolished",
        reference=str(own.case),
        happened_on=GONE,
        counted_on=TODAY(),
        proposed_by=own.proposed_by,
        recorded_by=own.proposed_by,
    )


def test_the_proposer_approves_nothing_in_the_shell(own):
    person = own.proposed_by
    decided = {"decision": "approved", "decided_by": person, "decided_at": timezone.now(), "life_event": None}
    tries = [
        lambda: _event(own).save(),
        lambda: LifeEvent.objects.bulk_create([_event(own)]),
        lambda: Proposal.objects.filter(pk=own.pk).update(**decided),
        lambda: Proposal.objects.bulk_update([Proposal(pk=own.pk, **decided)], [*decided]),
        lambda: Case.objects.filter(pk=own.case_id).update(state="struck_off"),
    ]
    for each in tries:
        with pytest.raises(DatabaseError), transaction.atomic():
            each()
    nothing_happened(own)


INSERTED = (
    "INSERT INTO households_lifeevent (house_id, kind, ground, reference, reason, happened_on, counted_on,"
    " proposed_by_id, recorded_by_id) VALUES (%(house)s, 'struck', 'demolished', '1/2569', '', current_date,"
    " current_date, %(proposer)s, %(person)s)"
)


def test_the_proposer_approves_nothing_by_sql(own):
    tries = {
        "proposer_does_not_approve": "UPDATE verification_proposal SET decision = 'approved', decided_at = now(),"
        " decided_by_id = %(person)s, life_event_id = 1 WHERE id = %(own)s",
        "goes by its moves": "UPDATE verification_case SET state = 'struck_off' WHERE id = %(case)s",
        "case_ends_by_an_act": "INSERT INTO verification_statuschange (case_id, move, state_before, state_after,"
        " kind_before, kind_after, reason, done_by_id) VALUES (%(case)s, 'strike_off', 'proposed', 'struck_off',"
        " 'demolished', 'demolished', '', %(person)s)",
        "office_acts_by_two_people": INSERTED,
    }
    person = own.proposed_by_id
    at = {"person": person, "proposer": person, "own": own.pk, "case": own.case_id, "house": own.case.house_id}
    for rule, statement in tries.items():
        with pytest.raises(DatabaseError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, at)
    nothing_happened(own)


@pytest.mark.parametrize("held", [{"until": "today"}, {"is_registrar": False}], ids=["ended yesterday", "never was"])
def test_who_is_no_registrar_strikes_nothing_off_by_page_or_sql(client, proposal, house, held):
    person = registrar_of(house.district, **({"until": TODAY()} if "until" in held else held))
    client.force_login(person)
    assert client.post(reverse("verification:proposal_approve", args=[proposal.pk])).status_code in (302, 404)
    nothing_happened(proposal)
    at = {"proposer": proposal.proposed_by_id, "person": person.pk, "house": house.pk}
    with pytest.raises(DatabaseError, match="registrar"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERTED, at)
    nothing_happened(proposal)


# --- at once ---


def at_once(*acts):
    """Runs the acts together, each on its own connection; gives what each returned, or the code of its refusal."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(60)
        try:
            return act().decision
        except ValidationError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return sorted(people.map(run, acts))


def committed_proposal():
    """A proposal that other connections see too, and two registrars."""
    house = HouseFactory(subdistrict=CommunityFactory.create().subdistrict)
    officer = appoint(Role.OFFICER, house.district)
    case = proved(case_of(house, state=State.TR31_FILED, by=officer))
    proposal = propose(case, act="strike_off", happened_on=GONE, by=officer)
    return proposal, registrar_of(house.district), registrar_of(house.district, role=Role.DIRECTOR)


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_strike_off_once():
    proposal, *both = committed_proposal()

    def act(person):
        return lambda: approve(Proposal.objects.get(pk=proposal.pk), by=Person.objects.get(pk=person.pk))

    assert at_once(*map(act, both)) == ["approved", "decided_already"]
    assert LifeEvent.objects.filter(kind="struck").count() == 1
    assert StatusChange.objects.filter(move="strike_off").count() == 1


@pytest.mark.django_db(transaction=True)
def test_approving_and_sending_back_at_once_does_one_of_them():
    proposal, head, director = committed_proposal()
    said = at_once(
        lambda: approve(Proposal.objects.get(pk=proposal.pk), by=head),
        lambda: send_back(Proposal.objects.get(pk=proposal.pk), reason="ไม่ชัด", by=director),
    )
    struck = LifeEvent.objects.filter(kind="struck").count()
    assert said == (["approved", "decided_already"] if struck else ["decided_already", "sent_back"])


# --- many at once ---


def test_the_houses_of_a_fire_are_struck_off_together_each_under_its_own_rule(officer, registrar, house):
    fire = Occurrence.objects.create(district=house.district, name="ไฟไหม้", happened_on=GONE, recorded_by=officer)
    cases = [
        case_of(
            HouseFactory(subdistrict=house.subdistrict),
            Kind.DESTROYED,
            state=State.TR31_FILED,
            by=officer,
            occurrence=fire,
        )
        for _each in range(4)
    ]
    for case in cases[:3]:
        proved(case)
    proposals, refusals = propose_alike(cases, happened_on=GONE, reason="ไฟไหม้ทั้งซอย", by=officer)
    assert [proposal.case for proposal in proposals] == cases[:3]
    assert [*refusals] == [cases[3]]
    assert all(refusals.values())
    cases[0].residents.create(outcome="somebody", stated_by=officer)
    approved, refusals = approve_alike(proposals, by=registrar)
    assert [proposal.case for proposal in approved] == cases[1:3]
    assert [*refusals] == [cases[0]]
    assert LifeEvent.objects.filter(kind="struck", ground="destroyed").count() == 2
    refused("no_case", lambda: approve_alike([], by=registrar))
