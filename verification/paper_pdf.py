"""Papers as PDF: the templates that a browser prints, set by WeasyPrint, which breaks Thai words rightly.

It needs pango from the system (docs/decisions/papers-by-weasyprint.md). Where that is missing the same pages are
printed from the browser.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from PIL import ImageFile

SHEET = "css/paper.css"
_HERE = "http://paper.invalid/"  # nothing is asked of any network: what lies below it is the office's own files
_TYPES = {".css": "text/css", ".ttf": "font/ttf"}


class NoPrinter(Exception):
    """Pango is missing on this machine, so no PDF can be made."""


@functools.cache
def can_print() -> bool:
    """Whether PDFs can be made on this machine."""
    try:
        import weasyprint  # noqa: F401  # loading it looks for pango
    except OSError:
        return False
    # It makes Pillow read broken pictures for everybody in the process; photos must be whole (verification/photos.py).
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return True


def as_page(template: str, context: dict[str, Any], **more: Any) -> str:
    """The paper as a page in Thai, whatever the language of the person who prints it."""
    with translation.override("th"):
        return render_to_string(template, {**context, **more})


def as_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The paper as PDF. Raises NoPrinter where pango is missing."""
    return page_as_pdf(as_page(template, context))


def page_as_pdf(page: str) -> bytes:
    """A paper that is a page already, as PDF. Raises NoPrinter where pango is missing."""
    if not can_print():
        raise NoPrinter
    from weasyprint import HTML

    sheet, fonts = _sheet()
    return HTML(string=page, base_url=_HERE, url_fetcher=_fetcher()).write_pdf(stylesheets=[sheet], font_config=fonts)


@functools.cache
def _sheet() -> tuple[Any, Any]:
    """The style sheet and its fonts, read once: they cost more than a paper."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return CSS(url=_HERE + SHEET, font_config=fonts, url_fetcher=_fetcher()), fonts


@functools.cache
def _fetcher() -> Any:
    """What fetches for a paper: the office's own files, and nothing from anywhere else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = own_file(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFiles(fail_on_errors=True)


def own_file(url: str) -> tuple[bytes, str]:
    """A style sheet or font of the office, and its type; raises ValueError for any other address."""
    path = urlsplit(url).path.lstrip("/")
    found = finders.find(path) if url.startswith(_HERE) and ".." not in path else None
    kind = next((mime for ending, mime in _TYPES.items() if path.endswith(ending)), None)
    if not isinstance(found, str) or kind is None:
        raise ValueError(f"A paper fetches nothing from {url}.")
    return Path(found).read_bytes(), kind
