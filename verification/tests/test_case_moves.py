"""Who may move a case from where to where: the expected table is typed here by hand, line by line."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from communities.models import Person, Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, PersonFactory, appoint
from verification import casework
from verification.evidence import Dossier, Evidence, missing
from verification.models import StatusChange
from verification.moves_drawn import page
from verification.workflow import STEPS, Kind, Move, State, step_of

from .case_factories import case_of, caused_something

pytestmark = pytest.mark.django_db

DESK = {"officer", "head"}
TEAM = {"officer", "head", "community_development"}
REGISTRAR = {"registrar"}

# state before, move, state after, whose hands. A case of the kind "registered twice" may go every one of these ways.
EXPECTED = [
    ("received", "take_up", "under_review", DESK),
    ("received", "withdraw", "withdrawn", DESK),
    ("under_review", "ask_back", "returned", DESK),
    ("under_review", "withdraw", "withdrawn", DESK),
    ("under_review", "reclassify", "under_review", DESK),
    ("under_review", "plan_visit", "visit_planned", DESK),
    ("under_review", "settle_at_desk", "confirmed", DESK),
    ("under_review", "find_standing", "stands", DESK),
    ("returned", "take_up", "under_review", DESK),
    ("returned", "withdraw", "withdrawn", DESK),
    ("visit_planned", "take_off_list", "under_review", DESK),
    ("visit_planned", "record_visit", "visited", TEAM),
    ("visit_planned", "nobody_met", "visit_planned", TEAM),
    ("visited", "reclassify", "under_review", DESK),
    ("visited", "plan_visit", "visit_planned", DESK),
    ("visited", "confirm", "confirmed", DESK),
    ("visited", "find_standing", "stands", DESK),
    ("confirmed", "plan_visit", "visit_planned", DESK),
    ("confirmed", "file_tr31", "tr31_filed", DESK),
    ("confirmed", "propose_correction", "proposed", DESK),
    ("tr31_filed", "await_residents", "awaiting_residents", DESK),
    ("tr31_filed", "propose_strike_off", "proposed", DESK),
    ("awaiting_residents", "propose_strike_off", "proposed", DESK),
    ("proposed", "send_back", "confirmed", DESK | REGISTRAR),
    ("proposed", "strike_off", "struck_off", REGISTRAR),
    ("proposed", "correct", "corrected", REGISTRAR),
    ("struck_off", "propose_restoring", "restoring", DESK),
    ("restoring", "leave_struck", "struck_off", DESK | REGISTRAR),
    ("restoring", "restore", "restored", REGISTRAR),
]
TYPED = {(before, move): (after, hands) for before, move, after, hands in EXPECTED}

# What must be there for a move, typed by hand; the moves that are not here need nothing.
NEEDED = {
    ("received", "withdraw"): {"reason"},
    ("under_review", "ask_back"): {"reason"},
    ("under_review", "withdraw"): {"reason"},
    ("under_review", "reclassify"): {"reason"},
    ("under_review", "plan_visit"): {"on_a_list"},
    ("under_review", "settle_at_desk"): {"reason"},
    ("under_review", "find_standing"): {"reason"},
    ("returned", "withdraw"): {"reason"},
    ("visit_planned", "take_off_list"): {"reason"},
    ("visit_planned", "record_visit"): {"seen"},
    ("visit_planned", "nobody_met"): {"nobody_met", "on_a_list"},
    ("visited", "reclassify"): {"reason"},
    ("visited", "plan_visit"): {"on_a_list"},
    ("visited", "confirm"): {"result_agrees", "photos"},
    ("visited", "find_standing"): {"reason", "seen"},
    ("confirmed", "plan_visit"): {"on_a_list"},
    ("confirmed", "file_tr31"): {"form_signed"},
    ("confirmed", "propose_correction"): {"request", "correction_proposed"},
    ("tr31_filed", "propose_strike_off"): {
        "request",
        "result_agrees",
        "photos",
        "form_signed",
        "nobody_registered",
        "strike_off_proposed",
    },
    ("awaiting_residents", "propose_strike_off"): {
        "request",
        "result_agrees",
        "photos",
        "form_signed",
        "nobody_registered",
        "strike_off_proposed",
    },
    ("proposed", "send_back"): {"reason"},
    ("proposed", "strike_off"): {
        "request",
        "result_agrees",
        "photos",
        "form_signed",
        "nobody_registered",
        "strike_off_proposed",
    },
    ("proposed", "correct"): {"request", "correction_proposed"},
    ("struck_off", "propose_restoring"): {"reason", "restoring_proposed"},
    ("restoring", "leave_struck"): {"reason"},
    ("restoring", "restore"): {"restoring_proposed"},
}

# Moves that not every kind may go, typed by hand: which may.
ONLY_FOR = {
    ("under_review", "settle_at_desk"): {"wrong_number", "wrong_community", "duplicate", "renumbered"},
    ("under_review", "find_standing"): {"wrong_number", "wrong_community", "duplicate", "renumbered"},
    ("visited", "confirm"): {
        "demolished",
        "destroyed",
        "wrong_number",
        "wrong_community",
        "split",
        "merged",
        "renumbered",
        "duplicate",
        "missing",
    },
    ("confirmed", "file_tr31"): {"demolished", "destroyed", "duplicate", "merged"},
    ("confirmed", "propose_correction"): {
        "wrong_number",
        "wrong_community",
        "split",
        "renumbered",
        "duplicate",
        "missing",
    },
    ("tr31_filed", "propose_strike_off"): {"demolished", "destroyed", "duplicate", "merged"},
    ("awaiting_residents", "propose_strike_off"): {"demolished", "destroyed", "duplicate", "merged"},
    ("proposed", "strike_off"): {"demolished", "destroyed", "duplicate", "merged"},
    ("proposed", "correct"): {"wrong_number", "wrong_community", "split", "renumbered", "duplicate", "missing"},
    ("struck_off", "propose_restoring"): {"demolished", "destroyed", "duplicate", "merged"},
    ("restoring", "leave_struck"): {"demolished", "destroyed", "duplicate", "merged"},
    ("restoring", "restore"): {"demolished", "destroyed", "duplicate", "merged"},
}


def _everybody(district) -> dict[str, Person]:
    """One person in each role of the district; the registrar is a director, the director is none."""
    community = CommunityFactory.create(subdistrict__district=district)
    people = {
        role: appoint(role, district)
        for role in ("officer", "head", "community_development", "director", "administrator")
    }
    people |= {role: appoint(role, community) for role in ("president", "delegate")}
    people["city_viewer"] = appoint("city_viewer", None)
    people["nobody"] = PersonFactory.create()
    people["registrar"] = AppointmentFactory.create(
        person=PersonFactory.create(), role=Role.DIRECTOR, district=district, is_registrar=True
    ).person
    return people


def _made_and_undone(case, move, person) -> StatusChange | None:
    """The move, which is taken back at once; None where it is refused."""
    kind = Kind.MERGED if move == Move.RECLASSIFY else ""
    try:
        with transaction.atomic():
            made = casework.advance(case, move, by=person, reason="มีเหตุ", kind=kind)
            transaction.set_rollback(True)
            return made
    except ValidationError:
        return None


@pytest.mark.parametrize("state", State.values)
def test_every_role_makes_the_moves_of_its_hands_and_no_other(state, monkeypatch):
    # Proof has tests of its own below; here only state, move and hands decide.
    monkeypatch.setattr(casework, "missing", lambda *_args, **_kwargs: [])
    case = case_of(kind=Kind.DUPLICATE, state=state)
    if state == State.PROPOSED:
        caused_something(case)
    people = _everybody(case.district)
    case = casework.locked(case)
    for move in Move.values:
        for role, person in people.items():
            after, hands = TYPED.get((state, move), (None, set()))
            before = StatusChange.objects.count()
            made = _made_and_undone(case, move, person)
            assert (made is not None) == (role in hands), (state, move, role)
            assert made is None or (made.state_before, made.state_after) == (state, after)
            assert StatusChange.objects.count() == before
            case.refresh_from_db()
            assert (case.state, case.kind) == (state, Kind.DUPLICATE)


def test_the_table_holds_these_ways_and_no_more():
    assert {(before.value, step.move.value) for step in STEPS for before in step.before} == set(TYPED)


def test_every_move_needs_the_proof_that_is_typed_here():
    for step in STEPS:
        for before in step.before:
            assert {one.value for one in step.needs} - {"reason"} == NEEDED.get(
                (before.value, step.move.value), set()
            ) - {"reason"}, (before, step.move)
            assert (Evidence.REASON in step.needs) == ("reason" in NEEDED.get((before.value, step.move.value), set()))


@pytest.mark.parametrize("kind", Kind.values)
def test_a_kind_goes_only_the_ways_that_are_open_to_it(kind):
    for before, move in TYPED:
        allowed = kind in ONLY_FOR.get((before, move), set(Kind.values))
        # Two lines of the table for one move: letting it stand needs a visit for kinds not settled at the desk.
        assert (step_of(before, move, kind) is not None) == allowed, (before, move, kind)


WHOLE = Dossier(
    kind="demolished",
    has_request=True,
    on_a_list=True,
    results=("demolished",),
    photos=1,
    form_is_signed=True,
    nobody_registered=True,
    proposed="strike_off",
)


@pytest.mark.parametrize(
    ("lacking", "without"),
    [
        ({"has_request": False}, "request"),
        ({"results": ()}, "result_agrees"),
        ({"results": ("standing",)}, "result_agrees"),
        ({"results": ("demolished", "nobody_home")}, "result_agrees"),
        ({"photos": 0}, "photos"),
        ({"form_is_signed": False}, "form_signed"),
        ({"nobody_registered": False}, "nobody_registered"),
        ({"proposed": ""}, "strike_off_proposed"),
        ({"proposed": "correct_number"}, "strike_off_proposed"),
    ],
)
def test_the_gate_of_a_strike_off_names_the_one_thing_that_is_missing(lacking, without):
    step = step_of("proposed", "strike_off", "demolished")
    assert missing(step.needs, WHOLE) == []
    dossier = Dossier(**{**WHOLE.__dict__, **lacking})
    assert [one.value for one in missing(step.needs, dossier)] == [without]


def test_no_kind_but_those_four_is_settled_at_the_desk_and_no_strike_off_ever():
    assert {kind for kind in Kind.values if step_of("under_review", "settle_at_desk", kind)} == {
        "wrong_number",
        "wrong_community",
        "duplicate",
        "renumbered",
    }
    # Settled at the desk, a house registered twice still needs a visit before it can be struck off.
    assert Evidence.RESULT_AGREES in step_of("proposed", "strike_off", "duplicate").needs


def test_the_database_knows_the_same_ways():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'move_is_in_the_table'")
        [rule] = cursor.fetchone()
    said = iter(re.findall(r"\((\w+)\)::text = '(\w+)'", rule))
    lines = [dict(three) for three in zip(said, said, said, strict=True)]
    ways = {(line["move"], line["state_before"], line["state_after"]) for line in lines}
    assert ways == {(move, before, after) for before, move, after, _hands in EXPECTED}


def test_a_way_beside_the_table_is_refused_by_the_database():
    case = case_of(kind=Kind.DEMOLISHED)
    with pytest.raises(IntegrityError, match="move_is_in_the_table"), transaction.atomic():
        StatusChange.objects.create(
            case=case,
            move=Move.STRIKE_OFF,
            state_before=State.RECEIVED,
            state_after=State.STRUCK_OFF,
            kind_before=case.kind,
            kind_after=case.kind,
            done_by=case.opened_by,
        )
    case.refresh_from_db()
    assert case.state == State.RECEIVED


def test_the_page_of_the_docs_is_drawn_from_the_table():
    assert (settings.BASE_DIR / "docs" / "case-moves.md").read_text(encoding="utf-8") == page()
