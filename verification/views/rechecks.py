"""What is noticed in a round's reviews, and the houses drawn to be checked again, in the browser."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.roles import Action

from ..forms.rechecks import RecheckForm, SampleForm
from ..models import DrawnHouse, Recheck, RecheckSample, ReviewRound
from ..rechecks import (
    USUAL_NUMBER,
    draw_sample,
    drawn_houses,
    may_check,
    record_recheck,
    samples_of,
    samples_of_round,
)
from ..suspicions import noticed_in


def _round(request: OfficeRequest, pk: int) -> ReviewRound:
    """The round, if the person may draw in its district; Http404 otherwise."""
    found = get_object_or_404(ReviewRound.objects.visible_to(request.user).select_related("district"), pk=pk)
    require(request.user, Action.OPEN_ROUND, found.district)
    return found


@needs(Action.OPEN_ROUND)
@require_GET
@never_cache
def findings(request: OfficeRequest, pk: int) -> HttpResponse:
    """What is noticed in the reviews of the round, with the evidence, and what was drawn to be checked again."""
    found = _round(request, pk)
    named = communities_of(found.district)
    scene = {
        "round": found,
        "noticed": noticed_in(found),
        "samples": samples_of_round(found),
        "communities": [(review, named[review.community_id]) for review in found.reviews.order_by("place")],
        "usual_number": USUAL_NUMBER,
    }
    return render(request, "verification/findings.html", scene)


@needs(Action.OPEN_ROUND)
@require_POST
@never_cache
def sample_draw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Draws houses of the posted review to be checked again."""
    reviews, chosen = _round(request, pk).reviews, id_in(request.POST.get("review", ""))
    form = SampleForm(request.POST)
    try:
        if chosen is None:
            raise ValidationError(_("Choose a community."))
        review = get_object_or_404(reviews, pk=chosen)
        if not form.is_valid():
            raise ValidationError([fault for faults in form.errors.values() for fault in faults])
        sample = draw_sample(review, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("verification:findings", pk)
    drawn = sample.houses.count()
    said = ngettext("%(number)s house was drawn.", "%(number)s houses were drawn.", drawn) % {"number": drawn}
    messages.success(request, said)
    return redirect("verification:recheck", sample.pk)


@needs(Action.ANSWER_REVIEW)
@require_GET
@never_cache
def rechecks(request: OfficeRequest) -> HttpResponse:
    """The district's samples, the newest first."""
    choice = district_choice(request, Action.ANSWER_REVIEW)
    scene = {"choice": choice, "lines": samples_of(choice.district)}
    return render(request, "verification/rechecks.html", scene)


@needs(Action.ANSWER_REVIEW)
@require_GET
@never_cache
def recheck(request: OfficeRequest, pk: int) -> HttpResponse:
    """One sample: its houses with what the president said, to be printed for the way and keyed in afterwards."""
    samples = RecheckSample.objects.visible_to(request.user).select_related("review__round__district", "drawn_by")
    sample = get_object_or_404(samples, pk=pk)
    require(request.user, Action.ANSWER_REVIEW, sample.review.round.district)
    houses = drawn_houses(sample)
    scene = {
        "sample": sample,
        "community": communities_of(sample.review.round.district)[sample.review.community_id],
        "houses": houses,
        "next": next((house for house in houses if not house.rechecks.all()), None),
        "may_check": may_check(sample, request.user),
        "results": [(str(key), one.value, one.label) for key, one in enumerate(Recheck.Result, 1)],
    }
    return render(request, "verification/recheck.html", scene)


@needs(Action.ANSWER_REVIEW)
@require_POST
@never_cache
def recheck_record(request: OfficeRequest, pk: int) -> HttpResponse:
    """Records what was found at one drawn house."""
    drawn = get_object_or_404(
        DrawnHouse.objects.select_related("sample__review__round__district"),
        pk=pk,
        sample__in=RecheckSample.objects.visible_to(request.user),
    )
    require(request.user, Action.ANSWER_REVIEW, drawn.sample.review.round.district)
    form = RecheckForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([fault for faults in form.errors.values() for fault in faults])
        record_recheck(drawn, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(f"{reverse('verification:recheck', args=[drawn.sample_id])}#house-{drawn.pk}")
