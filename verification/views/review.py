"""The president's review: pledge, list, answers house by house, signature. Every page works as a plain form."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.access_log import record_access
from communities.ids import id_in
from communities.models import Community, ListAccess
from communities.roles import Action, may
from verification import presidents_review
from verification.models import CommunityReview, PledgeText, Verdict, VerdictPhoto
from verification.photos_served import photo_answer
from verification.presidents_review import OF_A_LISTED_HOUSE, State
from verification.review_access import own_review, reviews_open_to
from verification.review_sheet import Sheet, doubtful_verdicts, of_number, sheet_of

ReviewView = Callable[[OfficeRequest, CommunityReview], HttpResponse]


def _of_pledged(view: ReviewView) -> Callable[[OfficeRequest, int], HttpResponse]:
    """Hands the person's own review to a page that only those who have pledged may see."""

    @functools.wraps(view)
    def opened(request: OfficeRequest, pk: int) -> HttpResponse:
        review = own_review(request, pk)
        if not presidents_review.has_pledged(review, request.user):
            return redirect("verification:review_pledge", pk)
        return view(request, review)

    return opened


@needs(Action.REVIEW_OWN_HOUSES)
@require_GET
def my_review(request: OfficeRequest) -> HttpResponse:
    """Lead to the one review that is open to the person, else to the page that lists them or says when one comes."""
    found = list(reviews_open_to(request.user)[:2])
    if len(found) == 1:
        return redirect("verification:review", found[0].pk)
    return redirect("verification:my_community")


@needs(Action.REVIEW_OWN_HOUSES)
@require_http_methods(["GET", "POST"])
def review_pledge(request: OfficeRequest, pk: int) -> HttpResponse:
    """The promise of confidentiality, before the first list is shown."""
    review = own_review(request, pk)
    if request.method == "POST":
        presidents_review.pledge(review, by=request.user)
        return redirect("verification:review", pk)
    scene = _scene(review) | {"wording": PledgeText.objects.latest("version")}
    return render(request, "verification/review_pledge.html", scene)


@needs(Action.REVIEW_OWN_HOUSES)
@require_GET
@never_cache
@gzip_page
@_of_pledged
def review_page(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    """The list soi by soi while the review is open; what was said and answered once it has ended."""
    request.opened_list_of = review.community
    if review.state != State.OPEN:
        return _ended(request, review)
    sheet = sheet_of(review)
    _record_seen(request, review, sheet)
    number = request.GET.get("number", "").replace("\0", "").strip()
    scene = _scene(review) | {
        "sheet": sheet,
        "summary": sheet.summary,
        "lanes": of_number(sheet, number).lanes if number else sheet.lanes,
        "number": number,
        "kinds": [(kind.value, kind.label) for kind in OF_A_LISTED_HOUSE],
        "may_name": may(request.user, Action.NAME_DELEGATE, review.community),
        "key": uuid.uuid4(),
    }
    return render(request, "verification/review.html", scene)


def _ended(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    scene = _scene(review) | {"verdicts": doubtful_verdicts(review)}
    return render(request, "verification/review_ended.html", scene | {"today": timezone.localdate()})


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@_of_pledged
def review_say(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    """Keep what is said of one house and come back to it."""
    shown = id_in(request.POST.get("listed", ""))
    if shown is None:
        return _refused(request, review, _old_page())
    key = _key(request, f"house {shown}")
    listed = get_object_or_404(review.houses, pk=shown)
    said: dict[str, Any] = {name: request.POST.get(name, "") for name in ("kind", "house_no", "note")}
    try:
        verdict = presidents_review.give_verdict(review, key=key, listed=listed, by=request.user, **said)
        _keep_photos(request, verdict, key)
    except ValidationError as refusal:
        return _refused(request, review, refusal)
    return _back(request, review, verdict)


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@_of_pledged
def review_missing(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    """Keep that a house is missing from the list."""
    key = _key(request, "missing house")
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in ("house_no", "note")}
    lane = request.POST.get("lane_other", "").strip() or request.POST.get("lane", "")
    try:
        verdict = presidents_review.report_missing(review, key=key, lane=lane, by=request.user, **typed)
        _keep_photos(request, verdict, key)
    except ValidationError as refusal:
        return _refused(request, review, refusal)
    return _back(request, review, verdict)


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@_of_pledged
def review_take_back(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    """Take a verdict back: its house is undecided again."""
    shown = uuid_in(request.POST.get("take_back", ""))
    if shown is None:
        return _refused(request, review, _old_page())
    verdict = get_object_or_404(review.verdicts, key=shown)
    try:
        presidents_review.take_back(verdict, key=_key(request, f"taken back {shown}"), by=request.user)
    except ValidationError as refusal:
        return _refused(request, review, refusal)
    return _to(review, f"#house-{verdict.listed_id}" if verdict.listed_id else "#added")


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@_of_pledged
def review_rest(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    """Confirm what is left of a lane and go on to the next one with something left."""
    lane_order = request.POST.get("lane_order", "").replace("\0", "")
    number = id_in(request.POST.get("number", "")) or 0
    key = _key(request, f"rest of {lane_order}")
    try:
        presidents_review.confirm_rest(review, lane_order=lane_order, number=number, key=key, by=request.user)
    except ValidationError as refusal:
        return _refused(request, review, refusal)
    return _to(review, _next_left(review, lane_order))


@needs(Action.REVIEW_OWN_HOUSES)
@require_http_methods(["GET", "POST"])
@never_cache
@_of_pledged
def review_sign(request: OfficeRequest, review: CommunityReview) -> HttpResponse:
    """What is right, doubtful, added and undecided; signed with a typed name the review ends."""
    name, problem = request.POST.get("name", ""), ""
    if request.method == "POST":
        shown = id_in(request.POST.get("undecided", ""))
        try:
            presidents_review.sign_off(review, name=name, undecided=-1 if shown is None else shown, by=request.user)
            return redirect("verification:review", review.pk)
        except ValidationError as refusal:
            problem = refusal.messages[0]
    if review.state != State.OPEN:
        return redirect("verification:review", review.pk)
    sheet = sheet_of(review)
    scene = _scene(review) | {"sheet": sheet, "summary": sheet.summary, "name": name, "problem": problem}
    return render(request, "verification/review_sign.html", scene)


@needs(Action.REVIEW_OWN_HOUSES)
@require_safe
def review_photo(request: OfficeRequest, pk: int, photo: int, picture: str) -> HttpResponse:
    """A photo to a verdict of the own review; `picture` is the column: file or thumbnail."""
    found = get_object_or_404(VerdictPhoto, pk=photo, verdict__review=own_review(request, pk))
    return photo_answer(request, found, picture)


def uuid_in(text: str) -> uuid.UUID | None:
    """The key that the text states, None where it states none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _scene(review: CommunityReview) -> dict[str, Any]:
    """What every page of the review shows: the review and its community with its name of today."""
    community = Community.objects.as_at(timezone.localdate()).get(pk=review.community_id)
    return {"review": review, "community": community}


def _record_seen(request: OfficeRequest, review: CommunityReview, sheet: Sheet) -> None:
    """Once a day and session; a list without JavaScript comes anew with every answer."""
    mark, today = f"review-seen-{review.pk}", timezone.localdate().isoformat()
    if request.session.get(mark) == today:
        return
    record_access(
        request.user,
        deed=ListAccess.Deed.SEEN,
        what=_("President's review, round %(round)s") % {"round": review.round},
        district=review.round.district,
        community=review.community,
        houses=sheet.summary.listed,
    )
    request.session[mark] = today


def _key(request: OfficeRequest, deed: str) -> uuid.UUID:
    """The key of a deed on the page as it was drawn; on a page without a key each deed is one of its own.

    All forms of a page carry the same key: hundreds of different ones would double what a phone must load.
    """
    page = uuid_in(request.POST.get("key", ""))
    return uuid.uuid5(page, deed) if page else uuid.uuid4()


def _keep_photos(request: OfficeRequest, verdict: Verdict, key: uuid.UUID) -> None:
    """Keep each photo of the form; one that is refused says why and keeps neither the others nor the verdict back."""
    for nth, sent in enumerate(request.FILES.getlist("photo")):
        try:
            presidents_review.attach_photo(verdict, key=uuid.uuid5(key, f"photo {nth}"), sent=sent, by=request.user)
        except ValidationError as refusal:
            messages.error(request, f"{sent.name}: {refusal.messages[0]}")


def _old_page() -> ValidationError:
    return ValidationError(_("This page was old. Look at it again and press once more."), code="old_page")


def _refused(request: OfficeRequest, review: CommunityReview, refusal: ValidationError) -> HttpResponse:
    for sentence in refusal.messages:
        messages.error(request, sentence)
    return _to(review)


def _back(request: OfficeRequest, review: CommunityReview, verdict: Verdict) -> HttpResponse:
    """To the house of the verdict; to the top of the page where there is something to read first."""
    if verdict.late:
        messages.warning(
            request, _("The review has ended. What you said is kept as late; the district office decides about it.")
        )
    if len(messages.get_messages(request)):
        return _to(review)
    return _to(review, f"#house-{verdict.listed_id}" if verdict.listed_id else "#added")


def _next_left(review: CommunityReview, lane_order: str) -> str:
    """The place on the page of the first undecided house behind the lane, else of any, else of the end."""
    left = review.houses.filter(verdict=None).values_list("place", "pk")
    behind = review.houses.filter(house__lane_order=lane_order).order_by("place").values_list("place", flat=True).last()
    ordered = sorted(left, key=lambda house: (house[0] < (behind or 0), house[0]))
    return f"#house-{ordered[0][1]}" if ordered else "#finish"


def _to(review: CommunityReview, place: str = "") -> HttpResponse:
    return redirect(reverse("verification:review", args=[review.pk]) + place)
