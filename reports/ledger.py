"""The project's ledger: its steps in their order, the papers on each, and what hangs on a paper (product.md F4)."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from communities.document_numbers import finding_pattern
from communities.models import CodeRequest, District, Document, Person
from communities.roles import Action, may
from communities.thai_text import clean
from verification.models import Case, ReviewRound

from .models import KpiReport, PaperTie, ProjectStep

MOST_LOOSE, MOST_FOUND = 50, 100
_ENDS = ("step", "code_request", "review_round", "report", "case")


@dataclasses.dataclass(frozen=True)
class StepOfLedger:
    """A step with the papers on it, in the order of their days."""

    step: ProjectStep
    papers: Sequence[Document]


@dataclasses.dataclass(frozen=True)
class Ledger:
    """The steps by their numbers, and the newest papers that hang on no step."""

    steps: Sequence[StepOfLedger]
    loose: Sequence[Document]


def record_step(
    *,
    district: District,
    number: int,
    title: str,
    by: Person,
    what_for: str = "",
    happened_on: datetime.date | None = None,
) -> ProjectStep:
    """Adds a step to the project. Raises ValidationError `not_allowed`, and those of the fields."""
    _refuse_stranger(district, by)
    step = ProjectStep(
        district=district,
        number=number,
        title=clean(title),
        what_for=what_for.strip(),
        happened_on=happened_on,
        recorded_by=by,
    )
    step.full_clean(exclude=["recorded_at"])
    step.save()
    return step


def tie_paper(
    document: Document,
    *,
    by: Person,
    step: ProjectStep | None = None,
    code_request: CodeRequest | None = None,
    review_round: ReviewRound | None = None,
    report: KpiReport | None = None,
    case: Case | None = None,
) -> PaperTie:
    """Hangs one thing of the same district on a paper.

    Raises ValidationError `not_allowed`, `withdrawn`, `one_end`, `other_district`, `tied_already`.
    """
    _refuse_stranger(document.district, by)
    if document.withdrawn_at:
        raise ValidationError(_("The paper is withdrawn."), code="withdrawn")
    values = (step, code_request, review_round, report, case)
    ends = {name: end for name, end in zip(_ENDS, values, strict=True) if end is not None}
    if len(ends) != 1:
        raise ValidationError(_("Choose one thing to which the paper belongs."), code="one_end")
    [end] = ends.values()
    if end.district_id != document.district_id:
        raise ValidationError(_("It belongs to another district."), code="other_district")
    if PaperTie.objects.filter(document=document, **ends).exists():
        raise ValidationError(_("The paper hangs there already."), code="tied_already")
    return PaperTie.objects.create(document=document, tied_by=by, **ends)


def what_hangs_on(document: Document) -> list[PaperTie]:
    """The paper's ties in the order in which they were made, each with its end."""
    return list(
        PaperTie.objects.filter(document=document)
        .select_related("step", "code_request", "review_round", "report", "case")
        .defer("report__workbook")
    )


def ledger_of(district: District) -> Ledger:
    """The district's ledger; the same few statements however many papers there are."""
    papers_of: dict[int | None, list[Document]] = defaultdict(list)
    ties = PaperTie.objects.filter(document__district=district, step__isnull=False)
    step_and_paper = list(ties.values_list("step", "document"))
    papers = _shown(Document.objects.filter(pk__in={paper for _step, paper in step_and_paper})).in_bulk()
    for step, paper in step_and_paper:
        papers_of[step].append(papers[paper])
    steps = ProjectStep.objects.filter(district=district).order_by("number")
    loose = Document.objects.filter(
        ~Exists(PaperTie.objects.filter(document=OuterRef("pk"), step__isnull=False)), district=district
    )
    return Ledger(
        [StepOfLedger(step, sorted(papers_of[step.pk], key=lambda paper: (paper.dated, paper.pk))) for step in steps],
        list(_shown(loose.order_by("-dated", "-pk"))[:MOST_LOOSE]),
    )


def papers_found(district: District, text: str) -> Sequence[Document]:
    """Papers by their number in any writing, or by words of the subject, the party or the number; newest first."""
    words = clean(text).split()
    if not words:
        return []
    by_words = Q()
    for word in words:
        in_words = Q(subject__icontains=word) | Q(party__icontains=word)
        # By its digits a number is found whole, below.
        by_words &= in_words if any(map(str.isdigit, word)) else in_words | Q(number__icontains=word)
    pattern = finding_pattern(text)
    wanted = by_words | Q(number_key__regex=pattern) if pattern else by_words
    found = Document.objects.filter(wanted, district=district)
    return list(_shown(found.order_by("-dated", "-pk"))[:MOST_FOUND])


def _shown(papers: QuerySet[Document]) -> QuerySet[Document]:
    return papers.prefetch_related("files")


def _refuse_stranger(district: District, by: Person) -> None:
    if not may(by, Action.KEEP_LEDGER, district):
        raise ValidationError(_("Only those who keep the district's ledger may do this."), code="not_allowed")
