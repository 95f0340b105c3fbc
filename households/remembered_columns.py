"""What people said the columns of a sender's sheets hold: asked once, then known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from communities.models import Person
from communities.thai_text import clean

from .models import RememberedColumns, Sender
from .reading.list_sheets import Layout, headings_of
from .workbook import Sheet

_MOST_LAYOUTS = 20


def layouts_of(district: int, sender: str) -> list[Layout]:
    """The layouts that people named for a sender's sheets, the newest first; none for a sender without a name."""
    if not clean(sender):
        return []
    known = RememberedColumns.objects.filter(sender__district=district, sender__name=clean(sender))
    return [Layout(one.columns, tuple(one.headings)) for one in known.order_by("-id")[:_MOST_LAYOUTS]]


def remember(said: Mapping[int, Layout], sheets: Sequence[Sheet], *, sender: Sender | None, by: Person) -> None:
    """Keeps what a person said of sheets, by their place in the file, for the sender's next files of that layout."""
    if sender is None:
        return
    for place, layout in said.items():
        headings = list(headings_of(sheets[place], layout.row if _is_header(sheets[place], layout.row) else 0))
        latest = sender.remembered.filter(headings=headings).order_by("-id").first()
        if latest is None or latest.columns != layout.columns:
            RememberedColumns.objects.create(sender=sender, headings=headings, columns=dict(layout.columns), said_by=by)


def _is_header(sheet: Sheet, row: int) -> bool:
    """Whether the row above the first house is one that can be known again: it has a word over two columns or more."""
    return sum(map(bool, headings_of(sheet, row))) > 1
