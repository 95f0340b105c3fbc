"""The section's answers in the browser: what waits, oldest first, each answered on its line; the president's appeal."""

from __future__ import annotations

import dataclasses

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.ids import id_in
from communities.models import Appointment, Community, District, Person
from communities.roles import Action
from communities.thai_calendar import weekdays_since

from ..answers import answer, appeal, unanswered
from ..forms.answers import AnswerForm, AppealForm
from ..models import Answer, Verdict, VerdictPhoto
from ..models.verdicts import DOUBTFUL
from ..review_access import own_review

ROWS_A_PAGE = 25
REFUSED = 409


@dataclasses.dataclass(frozen=True)
class Line:
    """A verdict that waits, the community's name, and for how many days from Monday to Friday it has waited."""

    verdict: Verdict
    community: str
    age: int
    photos: list[VerdictPhoto]


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
    shown = found.select_related("listed__house", "review__round", "given_by", "keyed_by").prefetch_related(
        "answers__appeal"
    )[:ROWS_A_PAGE]
    scene = {
        "choice": choice,
        "lines": _lines(list(shown), names),
        "number": found.count(),
        "kinds": [
            (one.value, one.label) for one in Verdict.Kind if one not in (Verdict.Kind.RIGHT, Verdict.Kind.TAKEN_BACK)
        ],
        "kind": chosen,
        "communities": sorted(names.items(), key=lambda one: one[1]),
        "community": community,
        "outcomes": Answer.Outcome.choices,
        "people": _people(choice.district),
    }
    return render(request, "verification/answers.html", scene)


def _lines(verdicts: list[Verdict], names: dict[int, str]) -> list[Line]:
    today = timezone.localdate()
    houses = [verdict.listed_id for verdict in verdicts if verdict.listed_id]
    # A note that was saved after the first tap is a verdict of its own; the photo may hang on the one before.
    of_houses: dict[int, list[VerdictPhoto]] = {}
    of_missing: dict[int, list[VerdictPhoto]] = {}
    for photo in VerdictPhoto.objects.filter(verdict__listed__in=houses).select_related("verdict"):
        of_houses.setdefault(photo.verdict.listed_id or 0, []).append(photo)
    for photo in VerdictPhoto.objects.filter(verdict__in=[one.pk for one in verdicts if not one.listed_id]):
        of_missing.setdefault(photo.verdict_id, []).append(photo)
    return [
        Line(
            verdict,
            names[verdict.review.community_id],
            weekdays_since(timezone.localtime(verdict.recorded_at).date(), today),
            of_houses.get(verdict.listed_id, []) if verdict.listed_id else of_missing.get(verdict.pk, []),
        )
        for verdict in verdicts
    ]


def _people(district: District) -> QuerySet[Person]:
    """Who has a post in the district today, and so may have been there."""
    posts = Appointment.objects.on(timezone.localdate()).filter(district=district)
    return Person.objects.filter(is_active=True, pk__in=posts.values("person")).order_by("full_name")


@needs(Action.ANSWER_REVIEW)
@require_POST
@never_cache
def answer_give(request: OfficeRequest, pk: int) -> HttpResponse:
    """Answers one verdict and goes back to what waits."""
    verdicts = Verdict.objects.visible_to(request.user).select_related("review__round__district", "review__community")
    verdict = get_object_or_404(verdicts, pk=pk)
    district = verdict.review.round.district
    require(request.user, Action.ANSWER_REVIEW, district)
    form = AnswerForm(request.POST, people=_people(district))
    try:
        if not form.is_valid():
            raise ValidationError([fault for faults in form.errors.values() for fault in faults])
        answer(verdict, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Answered. The president sees it on the review."))
    return redirect(f"{reverse('verification:answers')}?{request.GET.urlencode()}")


@needs(Action.ANSWER_REVIEW)
@require_safe
@never_cache
def answer_photo(request: OfficeRequest, pk: int, picture: str) -> HttpResponse:
    """A photo to a verdict; `picture` is the column: file or thumbnail."""
    found = get_object_or_404(VerdictPhoto.objects.visible_to(request.user), pk=pk)
    return HttpResponse(getattr(found, picture).read(), content_type="image/jpeg")


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@never_cache
def review_appeal(request: OfficeRequest, pk: int, given: int) -> HttpResponse:
    """The president does not agree with an answer."""
    review = own_review(request, pk)
    found = get_object_or_404(Answer.objects.select_related("verdict"), pk=given, verdict__review=review)
    form = AppealForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([fault for faults in form.errors.values() for fault in faults])
        appeal(found, reason=form.cleaned_data["reason"], by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The district office has been told and will answer here."))
    return redirect(f"{reverse('verification:review', args=[pk])}#verdict-{found.verdict_id}")
