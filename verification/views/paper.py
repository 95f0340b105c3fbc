"""A list on paper, keyed in by an officer: the next house of the list, one key says what stands beside it.

Every deed is a plain form that posts to the list's own address. With JavaScript the answer is the next house alone
(htmx), without it the whole page; what makes one key one deed: static/js/bench.js.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from communities.access import OfficeRequest, needs, require
from communities.ids import id_in
from communities.roles import Action

from .. import presidents_review
from ..forms.paper import KeyForm, MissingForm, SaidForm
from ..models import CommunityReview, ListedHouse, Verdict
from ..paper_lists import Place, giver_of, last_keyed, place_after, place_at, receipt_of

REFUSED = 409
Kind = Verdict.Kind
# What can stand beside a house, each with its key.
_KEYS = [
    {"key": "1", "kind": Kind.RIGHT, "enter": True},
    {"key": "2", "kind": Kind.DEMOLISHED},
    {"key": "3", "kind": Kind.WRONG_NUMBER},
    {"key": "4", "kind": Kind.NOT_OURS},
    {"key": "5", "kind": Kind.UNKNOWN},
]


class PaperRequest(OfficeRequest):
    """A request that may ask for the next house alone."""

    htmx: HtmxDetails


@dataclasses.dataclass(frozen=True)
class Turn:
    """Where the officer goes on, and a sentence where something was refused."""

    place: Place
    refusal: str = ""


@needs(Action.ANSWER_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def paper_list(request: PaperRequest, pk: int) -> HttpResponse:
    """The house of ?number= or the next one that is undecided; a POST says what the paper says of it."""
    review = _review(request, pk)
    posted = request.method == "POST"
    turn = _done(request, review) if posted else _asked_for(request, review)
    if posted and not turn.refusal and not request.htmx:
        return redirect(_address(review, turn.place))
    page = "verification/_paper_list.html" if request.htmx else "verification/paper_list.html"
    return render(request, page, _scene(request, review, turn), status=REFUSED if posted and turn.refusal else 200)


@needs(Action.ANSWER_REVIEW)
@require_safe
@never_cache
def paper_slip(request: OfficeRequest, pk: int) -> HttpResponse:
    """The slip that tells the president what the office received, to be printed."""
    review = _review(request, pk)
    return render(request, "verification/paper_slip.html", {"review": review, "receipt": receipt_of(review)})


def _review(request: OfficeRequest, pk: int) -> CommunityReview:
    reviews = CommunityReview.objects.visible_to(request.user).select_related("round__district", "community")
    review = get_object_or_404(reviews, pk=pk)
    require(request.user, Action.ANSWER_REVIEW, review.round.district)
    return review


def _address(review: CommunityReview, place: Place) -> str:
    url = reverse("verification:paper_list", args=[review.pk])
    return f"{url}?number={place.listed.place}" if place.listed else url


def _asked_for(request: OfficeRequest, review: CommunityReview) -> Turn:
    wanted = id_in(request.GET.get("number", ""))
    if wanted is None:
        refusal = _("Type the number of a house on the list.") if request.GET.get("number") else ""
        return Turn(place_after(review), refusal)
    try:
        return Turn(place_at(review, wanted))
    except ValidationError as problem:
        return Turn(place_after(review), " ".join(problem.messages))


# --- the deeds ---


def _done(request: OfficeRequest, review: CommunityReview) -> Turn:
    """Does what was posted; what is refused leaves the officer where they are."""
    try:
        deed = _DEEDS[request.POST.get("deed", "")]
    except KeyError as unknown:
        raise Http404 from unknown
    here = id_in(request.POST.get("number", "")) or 0
    try:
        return Turn(place_after(review, deed(request, review) or here))
    except ValidationError as problem:
        stay = review.houses.filter(place=here).exists()
        return Turn(place_at(review, here) if stay else place_after(review), " ".join(problem.messages))


def _say(request: OfficeRequest, review: CommunityReview) -> int:
    said = _read(SaidForm(request.POST))
    listed = get_object_or_404(ListedHouse, review=review, place=said.pop("number"))
    presidents_review.give_verdict(review, listed=listed, **said, **_on_paper(request, review))
    return listed.place


def _rest(request: OfficeRequest, review: CommunityReview) -> int:
    """The rest of the lane is right."""
    listed = get_object_or_404(ListedHouse, review=review, place=id_in(request.POST.get("number", "")))
    presidents_review.confirm_rest(
        review,
        lane_order=listed.house.lane_order,
        number=id_in(request.POST.get("left", "")) or 0,
        key=_key_of(request),
        by=giver_of(review),
        keyed_by=request.user,
    )
    return listed.place


def _missing(request: OfficeRequest, review: CommunityReview) -> None:
    presidents_review.report_missing(review, **_read(MissingForm(request.POST)), **_on_paper(request, review))


def _undo(request: OfficeRequest, review: CommunityReview) -> int:
    """Takes back what the officer keyed last and goes back to that house."""
    keyed = review.verdicts.filter(keyed_by=request.user, source=Verdict.Source.PAPER, taken_back_by=None)
    verdict = get_object_or_404(keyed, pk=id_in(request.POST.get("verdict", "")))
    presidents_review.take_back(verdict, key=_key_of(request), by=giver_of(review), keyed_by=request.user)
    return verdict.listed.place - 1 if verdict.listed else 0


_DEEDS: dict[str, Callable[[OfficeRequest, CommunityReview], int | None]] = {
    "say": _say,
    "rest": _rest,
    "missing": _missing,
    "undo": _undo,
}


def _key_of(request: OfficeRequest) -> uuid.UUID:
    """The key that the page gave to the deed, so that a second press is the same deed. Raises ValidationError."""
    return _read(KeyForm(request.POST))["key"]


def _read(form: Any) -> dict[str, Any]:
    """What was typed. Raises ValidationError with the first fault."""
    if not form.is_valid():
        raise ValidationError([fault for faults in form.errors.values() for fault in faults])
    return form.cleaned_data


def _on_paper(request: OfficeRequest, review: CommunityReview) -> dict[str, Any]:
    """The president's word, in the officer's hand."""
    return {"by": giver_of(review), "keyed_by": request.user, "source": Verdict.Source.PAPER}


def _scene(request: OfficeRequest, review: CommunityReview, turn: Turn) -> dict[str, Any]:
    listed = turn.place.listed
    return {
        "review": review,
        "place": turn.place,
        "listed": listed,
        "refusal": turn.refusal,
        "keys": _KEYS,
        **{name: uuid.uuid4() for name in ("key", "rest_key", "missing_key", "undo_key")},
        "left": review.houses.filter(verdict=None).count(),
        "houses": review.houses.count(),
        "last": last_keyed(review, by=request.user),
    }
