"""The registry section answers what presidents doubt, and presidents appeal (product.md R7).

An answer changes nothing in the register: what is accepted is put right by the acts of the desk, and what must be seen
on the spot becomes a case in the same transaction.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.roles import Action, may

from .casework import open_case_of_verdict
from .models import Answer, AnswerWitness, Appeal, CommunityReview, ListedHouse, Verdict
from .models.verdicts import VerdictQuerySet

Kind, Outcome = Verdict.Kind, Answer.Outcome
FIRST, AFTER_APPEAL = 1, 2


def unanswered(district: District) -> VerdictQuerySet:
    """The doubtful verdicts of the district that wait for an answer, or after an appeal for another; oldest first."""
    stands = Exists(ListedHouse.objects.filter(verdict=OuterRef("pk"))) | Q(kind=Kind.MISSING) | Q(late=True)
    asked = Verdict.objects.doubtful().filter(stands, taken_back_by=None, review__round__district=district)
    first = ~Exists(Answer.objects.filter(verdict=OuterRef("pk")))
    again = Exists(Appeal.objects.filter(answer__verdict=OuterRef("pk"))) & ~Exists(
        Answer.objects.filter(verdict=OuterRef("pk"), turn=AFTER_APPEAL)
    )
    return asked.filter(first | again).order_by("recorded_at", "pk")


@transaction.atomic
def answer(
    verdict: Verdict,
    *,
    outcome: str,
    reason: str = "",
    visited_on: datetime.date | None = None,
    witnesses: Sequence[Person] = (),
    by: Person,
) -> Answer:
    """Answers a doubtful verdict; the president may appeal until the round's days for it have passed.

    "To be verified on the spot" opens a case, or joins the one that is open about this house. Raises `not_allowed`,
    `not_an_answer`, `answered_already`, `has_interest`, `reason_needed`, `in_the_future`, `witness_needed`,
    `struck_already`.
    """
    review = CommunityReview.objects.select_for_update().get(pk=verdict.review_id)
    if not may(by, Action.ANSWER_REVIEW, review.community):
        raise ValidationError(_("Only the registry section answers."), code="not_allowed")
    if outcome not in Outcome.values:
        raise ValidationError(_("Choose an answer."), code="not_an_answer")
    if not unanswered(review.round.district).filter(pk=verdict.pk).exists():
        raise ValidationError(
            _("This is answered already, or the president has taken it back meanwhile."), code="answered_already"
        )
    for person in (by, *witnesses):
        _refuse_interest(verdict, person)
    _refuse_lack(verdict, outcome, reason, visited_on, witnesses)
    given = Answer.objects.create(
        verdict=verdict,
        turn=AFTER_APPEAL if verdict.answers.exists() else FIRST,
        outcome=outcome,
        reason=reason.strip(),
        visited_on=visited_on,
        answered_by=by,
        appeal_until=timezone.localdate() + datetime.timedelta(days=review.round.appeal_days),
    )
    AnswerWitness.objects.bulk_create(AnswerWitness(answer=given, person=person) for person in witnesses)
    if outcome == Outcome.CASE:
        open_case_of_verdict(verdict, by=by)
    return given


@dataclasses.dataclass(frozen=True)
class AnsweredAlike:
    """What was answered, and which houses (their numbers) were not, by the sentence that says why."""

    given: Sequence[Answer]
    refused: Mapping[str, Sequence[str]]


def answer_alike(verdicts: Iterable[Verdict], *, outcome: str, reason: str = "", by: Person) -> AnsweredAlike:
    """Answers each of the verdicts under the rules of `answer`; what is refused leaves the others answered.

    Raises `nothing_ticked`.
    """
    given: list[Answer] = []
    refused: dict[str, list[str]] = defaultdict(list)
    chosen = list(verdicts)
    if not chosen:
        raise ValidationError(_("Tick the verdicts first."), code="nothing_ticked")
    for verdict in chosen:
        try:
            given.append(answer(verdict, outcome=outcome, reason=reason, by=by))
        except ValidationError as refusal:
            refused[" ".join(refusal.messages)].append(
                verdict.listed.house.house_no if verdict.listed else verdict.house_no
            )
    return AnsweredAlike(given, refused)


def _refuse_lack(
    verdict: Verdict, outcome: str, reason: str, visited_on: datetime.date | None, witnesses: Sequence[Person]
) -> None:
    if outcome == Outcome.REFUSED and not reason.strip():
        raise ValidationError(_("Say why it is refused."), code="reason_needed")
    if visited_on and visited_on > timezone.localdate():
        raise ValidationError(_("The visit lies in the future."), code="in_the_future")
    if verdict.kind == Kind.NOT_OURS and visited_on and not witnesses:
        raise ValidationError(_("Name who of the office was there."), code="witness_needed")


def _refuse_interest(verdict: Verdict, person: Person) -> None:
    """By the database's own rule, which holds for whoever writes past this (migration 0002)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_interest(%s, %s)", [verdict.pk, person.pk])
        [has_interest] = cursor.fetchone() or [True]
    if has_interest:
        raise ValidationError(
            _("%(person)s gave or keyed in this list, or speaks for the community: somebody else must decide."),
            code="has_interest",
            params={"person": person},
        )


@transaction.atomic
def appeal(given: Answer, *, reason: str, by: Person) -> Appeal:
    """The president does not agree with the first answer; the section answers once more.

    Raises `not_the_president`, `reason_needed`, `too_late`, `appealed_already`.
    """
    review = CommunityReview.objects.select_for_update().get(pk=given.verdict.review_id)
    if not may(by, Action.REVIEW_OWN_HOUSES, review.community):
        raise ValidationError(
            _("Only the community's president or the accepted delegate can do this."), code="not_the_president"
        )
    if not reason.strip():
        raise ValidationError(_("Say why you do not agree."), code="reason_needed")
    if given.appeal_until < timezone.localdate():
        raise ValidationError(_("The time for an appeal has passed."), code="too_late")
    if given.turn != FIRST or Appeal.objects.filter(answer=given).exists():
        raise ValidationError(_("There is an appeal already; the second answer is the last."), code="appealed_already")
    return Appeal.objects.create(answer=given, reason=reason.strip(), made_by=by)
