"""What verification adds to a house's history: words of presidents, cases with their moves, visits, papers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from communities.models import Person
from communities.roles import Action, may
from households.models import HouseRegistration
from households.timeline import Entry, add_source

from .models import SignedForm31, StatusChange, StopResult, Verdict
from .workflow import ENDED

_PART = "verification/timeline"


def offer_history() -> None:
    """Lets the history of every house show what verification knows; called when the app starts."""
    for source in (verdicts_of, cases_of, visits_of, papers_of):
        add_source(source)


def verdicts_of(house: HouseRegistration, person: Person) -> Iterator[Entry]:
    """What presidents said of the house in rounds of review."""
    if not may(person, Action.ANSWER_REVIEW, house.district):
        return
    said = Verdict.objects.filter(listed__house=house).select_related("given_by", "review__round")
    for verdict in said:
        day = timezone.localdate(verdict.recorded_at)
        tone = "dim-event" if verdict.kind in (Verdict.Kind.RIGHT, Verdict.Kind.TAKEN_BACK) else "look"
        yield Entry(day, verdict.recorded_at, f"{_PART}/_verdict.html", {"verdict": verdict}, tone)


def cases_of(house: HouseRegistration, person: Person) -> Iterator[Entry]:
    """Each move of each case about the house."""
    if not may(person, Action.SEE_CASES, house.district):
        return
    moves = StatusChange.objects.filter(case__house=house).select_related("case", "done_by")
    for change in moves:
        tone = "" if change.state_after in ENDED else "dim-event"
        facts = {"change": change, "case": change.case}
        yield Entry(timezone.localdate(change.done_at), change.done_at, f"{_PART}/_case_move.html", facts, tone)


def visits_of(house: HouseRegistration, person: Person) -> Iterator[Entry]:
    """What was found at the house on the spot, with the photos of it."""
    if not may(person, Action.SEE_CASES, house.district):
        return
    results = StopResult.objects.filter(stop__case__house=house).select_related("stop__case", "recorded_by")
    for result in results.prefetch_related("attendances", "photos"):
        facts = {"result": result, "case": result.stop.case}
        yield Entry(result.seen_on, result.recorded_at, f"{_PART}/_visit.html", facts)


def papers_of(house: HouseRegistration, person: Person) -> Iterator[Entry]:
    """The signed forms TR.31 that were filed for the house: number and date, nothing of the applicant."""
    if not may(person, Action.SEE_CASES, house.district):
        return
    signed = SignedForm31.objects.filter(form__case__house=house).select_related("form__case", "filed_by")
    for paper in signed:
        facts = {"paper": paper, "case": paper.form.case}
        yield Entry(paper.dated, paper.filed_at, f"{_PART}/_paper.html", facts, "dim-event")
