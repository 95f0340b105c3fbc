"""Letters, house lists and certificates in the browser: one community at a time, joined at the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.access_log import record_access
from communities.exports import stamp
from communities.first_sign_in import open_keys
from communities.models import Community, ListAccess
from communities.roles import Action
from communities.views_exports import as_file

from ..certificates import certificate_of, counts_of, signed_with
from ..house_list_print import list_as_table, list_on_paper, name_of
from ..letters import TEMPLATE, join_parts, keep_part, make_letter, parts_kept, president_post, square_is_due
from ..models import CommunityReview, ReviewRound
from ..paper_pdf import as_page, as_pdf, can_print

REFUSED = 409
PDF = "application/pdf"
MOST_CHECKS = 30  # of certificates, from one address in a minute


@needs(Action.ANSWER_REVIEW)
@require_safe
@never_cache
def letters(request: OfficeRequest, pk: int) -> HttpResponse:
    """The communities of a round with what is known of their letters."""
    found = _round(request, pk)
    return render(request, "verification/letters.html", _scene(found))


@needs(Action.ANSWER_REVIEW)
@require_POST
@never_cache
def letter_make(request: OfficeRequest, pk: int, review: int) -> HttpResponse:
    """Makes the letter of one community; where no PDF can be made the answer is the page to print."""
    found = _round(request, pk)
    of = get_object_or_404(found.reviews.select_related("round__district", "community"), pk=review)
    try:
        context = make_letter(
            of,
            by=request.user,
            purpose=request.POST.get("purpose", ""),
            address_of=lambda secret: request.build_absolute_uri(reverse("communities:first_sign_in", args=[secret])),
            anew=request.POST.get("anew") == "on",
        )
    except ValidationError as refusal:
        return HttpResponse(" ".join(refusal.messages), status=REFUSED, content_type="text/plain; charset=utf-8")
    if not can_print():
        return HttpResponse(as_page(TEMPLATE, context, for_browser=True))
    keep_part(of, context)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect("verification:letters", pk=pk)


@needs(Action.ANSWER_REVIEW)
@require_POST
@never_cache
def letters_join(request: OfficeRequest, pk: int) -> HttpResponse:
    """All letters that were made, as one file."""
    found = _round(request, pk)
    try:
        joined = join_parts(found)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("verification:letters", pk=pk)
    return _file(joined, PDF, _("Letters of round %(round)s.pdf") % {"round": str(found).replace("/", "-")})


@needs(Action.ANSWER_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def house_list(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """The list of one community alone: asks what for, and hands it out as PDF, as a workbook or to print."""
    reviews = CommunityReview.objects.visible_to(request.user).select_related("round__district", "community")
    review = get_object_or_404(reviews, pk=pk)
    require(request.user, Action.ANSWER_REVIEW, review.round.district)
    if request.method != "POST":
        return render(request, "verification/house_list.html", {"review": review, "name": name_of(review)})
    try:
        return _handed_out(request, review, request.POST.get("purpose", ""))
    except ValidationError as refusal:
        scene = {"review": review, "name": name_of(review), "refusal": " ".join(refusal.messages)}
        return render(request, "verification/house_list.html", scene, status=REFUSED)


def _handed_out(request: OfficeRequest, review: CommunityReview, purpose: str) -> HttpResponseBase:
    """The list in the form that was asked for, once it is recorded. Raises as `record_access`."""
    as_workbook = request.POST.get("form") == "xlsx"
    record_access(
        request.user,
        deed=ListAccess.Deed.EXPORTED if as_workbook else ListAccess.Deed.PRINTED,
        what=_("house list, round %(round)s") % {"round": review.round},
        district=review.round.district,
        community=review.community,
        houses=review.houses.count(),
        purpose=purpose,
    )
    name = _("House list of %(name)s") % {"name": name_of(review)}
    if as_workbook:
        return as_file(list_as_table(review), stamp(request.user, purpose), "xlsx")
    context = {"list": list_on_paper(review, by=request.user, purpose=purpose)}
    return _paper("paper/house_list.html", context, f"{name}.pdf")


# --- certificates ---


@needs(Action.REVIEW_OWN_HOUSES, Action.ANSWER_REVIEW)
@require_safe
@never_cache
def certificate_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """The certificate of a signed review, for its president and for the office."""
    reviews = CommunityReview.objects.visible_to(request.user).select_related("round__district", "community")
    review = get_object_or_404(reviews, pk=pk, state=CommunityReview.State.SIGNED)
    address = request.build_absolute_uri(reverse("verification:certificate", args=[review.certificate]))
    context = {"paper": certificate_of(review, address=address)}
    return _paper("paper/certificate.html", context, _("Certificate.pdf"))


@login_not_required
@require_safe
@never_cache
def certificate(request: OfficeRequest, code: str) -> HttpResponse:
    """What a certificate says, for whoever holds it: community, round, day and counts, and no more."""
    _refuse_too_many(request)
    review = signed_with(code)
    scene: dict[str, Any] = {"review": review}
    if review is not None:
        scene |= {"name": name_of(review), "counts": counts_of(review)}
    return render(request, "verification/certificate.html", scene, status=200 if review else 404)


def _refuse_too_many(request: OfficeRequest) -> None:
    """Raises Http404 for whoever tries codes one after the other."""
    key = f"certificates-checked-from-{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, 60)
    if cache.incr(key) > MOST_CHECKS:
        raise Http404


# --- what it looks like ---


def _round(request: OfficeRequest, pk: int) -> ReviewRound:
    rounds = ReviewRound.objects.visible_to(request.user).select_related("district")
    found = get_object_or_404(rounds, pk=pk)
    require(request.user, Action.ANSWER_REVIEW, found.district)
    return found


def _scene(found: ReviewRound) -> dict[str, Any]:
    reviews = list(found.reviews.select_related("round", "community").order_by("place"))
    names = Community.objects.as_at(found.letter_date).in_bulk([review.community_id for review in reviews])
    made = {review.pk for review in parts_kept(reviews)}
    lines = [_line(review, names[review.community_id].name_th, review.pk in made) for review in reviews]
    return {"round": found, "lines": lines, "made": len(made), "can_print": can_print()}


def _line(review: CommunityReview, name: str | None, made: bool) -> dict[str, Any]:
    post = president_post(review)
    return {
        "review": review,
        "name": name,
        "post": post,
        "due": square_is_due(post),
        "open": open_keys(post).first() if post else None,
        "made": made,
    }


def _paper(template: str, context: dict[str, Any], name: str) -> HttpResponse:
    """The paper as PDF, or where none can be made as a page that the browser prints."""
    if can_print():
        return _file(as_pdf(template, context), PDF, name)
    return HttpResponse(as_page(template, context, for_browser=True))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
