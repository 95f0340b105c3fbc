"""What lets the review go on without a signal: its worker, whose phone it is, and the door for what waited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.roles import Action

from ..phone_owner import person_sign
from ..review_access import own_review
from ..sending import MOST_BYTES, MOST_PHOTO_BYTES, MOST_WORDS, receive_photo, receive_words

# The worker needs the store of the page as well; one address for both, as a worker may not guess the other's.
WORKER = ("js/review_store.js", "js/review_worker.js")


@login_not_required
@require_safe
@gzip_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, for it must also see that somebody signs out; it holds no data."""
    files = [Path(str(finders.find(name))) for name in WORKER]
    script = "\n".join(file.read_text(encoding="utf-8") for file in files)
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@needs(Action.REVIEW_OWN_HOUSES)
@require_safe
@never_cache
def whose(request: OfficeRequest) -> JsonResponse:
    """Whose phone it is by now: the worker forgets everything of anybody else."""
    return JsonResponse({"person": person_sign(request.user)})


@needs(Action.REVIEW_OWN_HOUSES)
@require_POST
@never_cache
def send(request: OfficeRequest, pk: int) -> JsonResponse:
    """Takes words (JSON) or one photo (multipart) of a review and says of each what became of it.

    409 where the page belongs to another person than the one who is signed in: then nothing is read.
    """
    review = own_review(request, pk)
    if request.headers.get("Review-Person") != person_sign(request.user):
        return _refusal(409, "somebody_else", _("Another person has signed in on this phone."))
    if request.content_type == "multipart/form-data":
        if _size(request) > MOST_PHOTO_BYTES:
            return _refusal(413, "too_large", _("The photo is larger than 20 MB. Take it again with a smaller size."))
        return _answers([receive_photo(review, request.POST, request.FILES.get("photo"), by=request.user)])
    if _size(request) > MOST_BYTES:
        return _refusal(413, "too_many", _("Too much at once."))
    words = _words(request.body)
    if words is None:
        return _refusal(400, "unreadable", _("The page was too old to be understood. Open it again with a signal."))
    return _answers(receive_words(review, words, by=request.user))


def _size(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def _words(body: bytes) -> list[Any] | None:
    """The words of a message; None where it is none, or one of too many."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    words = message.get("words") if isinstance(message, dict) else None
    return words if isinstance(words, list) and len(words) <= MOST_WORDS else None


def _answers(receipts: list[dict[str, object]]) -> JsonResponse:
    """The receipts and the server's time, by which the phone knows which pages are older than they."""
    return JsonResponse({"at": _milliseconds(), "answers": receipts})


def _milliseconds() -> int:
    return int(timezone.now().timestamp() * 1000)


def _refusal(status: int, code: str, sentence: str) -> JsonResponse:
    return JsonResponse({"code": code, "sentence": sentence}, status=status)
