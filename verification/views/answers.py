"""The section's answers in the browser: what waits, oldest first, each answered on its line; the president's appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.ids import id_in
from communities.models import Appointment, Community, District, Person
from communities.roles import Action

from ..answers import answer, answer_alike, appeal, unanswered
from ..forms.answers import AlikeForm, AnswerForm, AppealForm
from ..models import Answer, Verdict, VerdictPhoto
from ..models.verdicts import DOUBTFUL
from ..photos_served import photo_answer
from ..review_access import own_review
from ..waiting_lines import lines_of

ROWS_A_PAGE = 25
_KEYS = {Answer.Outcome.ACCEPTED: "a", Answer.Outcome.REFUSED: "r", Answer.Outcome.CASE: "c"}
REFUSED = 409


@needs(Action.ANSWER_REVIEW)
@require_safe
@never_cache
def answers(request: OfficeRequest) -> HttpResponse:
    """What waits in the district, under ?kind= and ?community= (an id); a page of the oldest."""
    choice = district_choice(request, Action.ANSWER_REVIEW)
    waiting = unanswered(choice.district)
    chosen, community = request.GET.get("kind", ""), id_in(request.GET.get("community", ""))
    names = {
        one.pk: one.name_th or ""
        for one in Community.objects.as_at(timezone.localdate()).filter(
            pk__in=waiting.order_by().values("review__community")
        )
    }
    found = waiting.filter(**({"kind": chosen} if chosen in DOUBTFUL else {}))
    found = found.filter(review__community=community) if community in names else found
    lines = lines_of(found, size=ROWS_A_PAGE)
    scene = {
        "choice": choice,
        "lines": [*zip(lines, [*(line.verdict.pk for line in lines[1:]), None], strict=False)],
        "number": found.count(),
        "kinds": [
            (one.value, one.label) for one in Verdict.Kind if one not in (Verdict.Kind.RIGHT, Verdict.Kind.TAKEN_BACK)
        ],
        "kind": chosen,
        "communities": sorted(names.items(), key=lambda one: one[1]),
        "community": community,
        "outcomes": Answer.Outcome.choices,
        "outcome_keys": [(one.value, one.label, _KEYS[one]) for one in Answer.Outcome],
        "people": _people(choice.district),
    }
    return render(request, "verification/answers.html", scene)


def _people(district: District) -> QuerySet[Person]:
    """Who has a post in the district today, and so may have been there."""
    posts = Appointment.objects.on(timezone.localdate()).filter(district=district)
    return Person.objects.filter(is_active=True, pk__in=posts.values("person")).order_by("full_name")


@needs(Action.ANSWER_REVIEW)
@require_POST
@never_cache
def answer_give(request: OfficeRequest, pk: int) -> HttpResponse:
    """Answers one verdict by the fields of its line and goes on to the line that followed it."""
    verdicts = Verdict.objects.visible_to(request.user).select_related("review__round__district", "review__community")
    verdict = get_object_or_404(verdicts, pk=pk)
    district = verdict.review.round.district
    require(request.user, Action.ANSWER_REVIEW, district)
    form = AnswerForm(request.POST, prefix=str(pk), people=_people(district))
    try:
        answer(verdict, by=request.user, **_read(form))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_waiting(request, pk))
    messages.success(request, _("Answered. The president sees it on the review."))
    return redirect(_waiting(request, id_in(request.POST.get(f"{pk}-next", ""))))


@needs(Action.ANSWER_REVIEW)
@require_POST
@never_cache
def answer_many(request: OfficeRequest) -> HttpResponse:
    """Answers the ticked verdicts alike; those that are refused are named, the others are answered."""
    choice = district_choice(request, Action.ANSWER_REVIEW)
    ticked = [pk for text in request.POST.getlist("verdict") if (pk := id_in(text)) is not None]
    verdicts = Verdict.objects.visible_to(request.user).filter(review__round__district=choice.district, pk__in=ticked)
    try:
        said = _read(AlikeForm(request.POST))
        answered = answer_alike(verdicts, by=request.user, **said)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_waiting(request, None))
    if answered.given:
        number = len(answered.given)
        done = ngettext("%(number)s verdict is answered.", "%(number)s verdicts are answered.", number)
        messages.success(request, done % {"number": number})
    for sentence, refused in answered.refused.items():
        messages.warning(request, f"{sentence} {', '.join(refused)}")
    return redirect(_waiting(request, None))


def _read(form: forms.Form) -> dict[str, Any]:
    """What was said. Raises ValidationError with the faults."""
    if not form.is_valid():
        raise ValidationError([fault for faults in form.errors.values() for fault in faults])
    return form.cleaned_data


def _waiting(request: OfficeRequest, line: int | None) -> str:
    """The page of what waits under the same filters, at that line."""
    address = f"{reverse('verification:answers')}?{request.GET.urlencode()}"
    return f"{address}#verdict-{line}" if line else address


@needs(Action.ANSWER_REVIEW)
@require_safe
def answer_photo(request: OfficeRequest, pk: int, picture: str) -> HttpResponse:
    """A photo to a verdict; `picture` is the column: file or thumbnail."""
    found = get_object_or_404(VerdictPhoto.objects.visible_to(request.user), pk=pk)
    return photo_answer(request, found, picture)


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@never_cache
def review_appeal(request: OfficeRequest, pk: int, given: int) -> HttpResponse:
    """The president does not agree with an answer."""
    review = own_review(request, pk)
    found = get_object_or_404(Answer.objects.select_related("verdict"), pk=given, verdict__review=review)
    try:
        appeal(found, by=request.user, **_read(AppealForm(request.POST)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The district office has been told and will answer here."))
    return redirect(f"{reverse('verification:review', args=[pk])}#verdict-{found.verdict_id}")
