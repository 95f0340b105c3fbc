"""Photos and scans handed to those who may see them: whole, in part, or not at all because the browser has them.

Whoever calls has asked for the permission; nothing here has an address of its own. RFC 9110, sections 13 and 14.
"""

from __future__ import annotations

import re

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from .models import CasePhoto, VerdictPhoto

JPEG = "image/jpeg"
# A browser that keeps a picture still asks each time, so that it is gone with the permission.
_KEPT_BY_ITS_PERSON_ALONE = "private, no-cache"
_ONE_RANGE = re.compile(r"bytes=\s*(\d{1,18})?\s*-\s*(\d{1,18})?\s*")


def photo_answer(request: HttpRequest, photo: CasePhoto | VerdictPhoto, picture: str) -> HttpResponse:
    """The photo of a case or a verdict; `picture` is the column: file or thumbnail."""
    return evidence_answer(request, getattr(photo, picture), etag=f"{photo.fingerprint}-{picture}", name="photo.jpg")


def evidence_answer(
    request: HttpRequest, stored: FieldFile, *, etag: str, name: str, content_type: str = JPEG
) -> HttpResponse:
    """A kept file, as a whole (200), in part (206, 416), unchanged (304). Raises Http404 where the store has lost it.

    `etag` changes whenever the bytes do; `name` is what a saved file is called. Only pictures open in the browser.
    """
    quoted = f'"{etag}"'
    answer = get_conditional_response(request, etag=quoted)
    if answer is None or answer.status_code not in (304, 412):
        answer = _content(request, stored, quoted, content_type)
    answer["ETag"] = quoted
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = _KEPT_BY_ITS_PERSON_ALONE
    answer["Vary"] = "Cookie"
    answer["Content-Disposition"] = f'{"inline" if content_type == JPEG else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _content(request: HttpRequest, stored: FieldFile, etag: str, content_type: str) -> HttpResponse:
    try:
        size = stored.size
        asked = _range_asked(request, etag, size)
        if asked is None:
            return _whole(request, stored, size, content_type)
        if not asked:
            return HttpResponse(status=416, content_type=content_type, headers={"Content-Range": f"bytes */{size}"})
        part = HttpResponse(_bytes(stored, asked), status=206, content_type=content_type)
    except FileNotFoundError as problem:
        raise Http404 from problem
    part["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    part["Content-Length"] = str(len(asked))
    return part


def _whole(request: HttpRequest, stored: FieldFile, size: int, content_type: str) -> HttpResponse:
    content = b"" if request.method == "HEAD" else _bytes(stored, range(size))
    return HttpResponse(content, content_type=content_type, headers={"Content-Length": str(size)})


def _bytes(stored: FieldFile, part: range) -> bytes:
    with stored.storage.open(str(stored.name), "rb") as file:
        file.seek(part.start)
        content: bytes = file.read(len(part))
        return content


def _range_asked(request: HttpRequest, etag: str, size: int) -> range | None:
    """The bytes that are asked for, none of them where there are none such; None for the whole.

    Several ranges at once, another unit and what cannot be read are answered with the whole, as the RFC allows.
    """
    said = request.headers.get("Range", "")
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    if not (found := _ONE_RANGE.fullmatch(said)) or found.groups() == (None, None):
        return None
    first, last = (None if number is None else int(number) for number in found.groups())
    if first is None:
        return range(max(0, size - (last or 0)), size)
    if last is not None and last < first:
        return None
    return range(first, size if last is None else min(last + 1, size))
