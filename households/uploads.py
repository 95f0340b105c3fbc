"""Uploads larger than a page takes: passed over while they arrive, so that the page can say so in a sentence."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]
# A form's other fields and the marks between them.
BESIDE_THE_FILE = 64 * 1024


class LimitedRequest(HttpRequest):
    """A request whose form was read under a limit."""

    refused_upload: str | None


class SizeLimit(FileUploadHandler):
    """Lets no file beyond `limit` bytes into memory or onto the disk; the rest of the form is read as usual."""

    request: LimitedRequest

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.received = 0
        self.announced = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        if self.announced > self.limit + BESIDE_THE_FILE:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.limit:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _refuse(self) -> None:
        self.request.refused_upload = self.file_name
        raise SkipFile


def limit_upload(limit: int) -> Callable[[View], View]:
    """Limits the files of a form to `limit` bytes; `refused_upload(request)` then names the one passed over."""

    def decorate(view: View) -> View:
        # The check of the token reads the form: it has to wait until the limit stands.
        checked = csrf_protect(view)

        @csrf_exempt
        @functools.wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.upload_handlers.insert(0, SizeLimit(request, limit))
            return checked(request, *args, **kwargs)

        return limited

    return decorate


def refused_upload(request: HttpRequest) -> str:
    """The name of the file that was too large; "" where none was."""
    if request.method == "POST":
        request.POST  # noqa: B018 - reading the form is what finds the file
    return getattr(request, "refused_upload", "")
