"""How the pages write a lane's name and a cell of its strip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import Community
from communities.templatetags.registry import digits
from households.lane_strips import Cell, Stretch
from households.models import HouseRegistration, Lane

from .houses import WORDS, announced

register = template.Library()

# What stands in a cell instead of a community's letters.
MARKS = {"untagged": "", "outside": "–", "struck": "✕", "vanished": "?"}
# Longest house number of a stretch, and how wide its cells are then.
WIDTHS = ((5, ""), (8, "wide"))
WIDEST = "widest"


@register.filter
def lane_name(lane: Lane) -> str:
    """The lane's own name: its soi, else its trok, else the road itself; "" for houses in no lane."""
    parts = _parts(lane)
    return parts[0] if parts else ""


@register.filter
def lane_lies(lane: Lane) -> str:
    """Where the lane lies, beyond its name: ถนนเทอดไท."""
    return " ".join(_parts(lane)[1:])


def _parts(lane: Lane) -> list[str]:
    return [announced(name, WORDS[part]) for part in ("soi", "trok", "road") if (name := getattr(lane, part))]


@register.filter
def cell_width(stretch: Stretch) -> str:
    """The class that makes the stretch's cells as wide as its longest number needs."""
    return next((name for longest, name in WIDTHS if stretch.longest <= longest), WIDEST)


class DrawnCell(NamedTuple):
    """A cell as the template writes it: classes, letters, number, what is said of it, the tick's value, the address."""

    look: str
    letters: str
    number: str
    says: str
    value: str
    url: str
    gap: str
    gap_says: str
    leaps: bool


@register.simple_tag(takes_context=True)
def drawn_cells(context: template.Context, cells: Sequence[Cell], chosen: Community | None) -> list[DrawnCell]:
    """The cells of one side, everything worked out: a page holds hundreds. Only the chosen community's are lit."""
    before, after = reverse("households:house", args=[0]).split("0")
    words = _words_of_standings()
    return [_drawn(context, cell, words, f"{before}{cell.house.pk}{after}", chosen) for cell in cells]


def _drawn(
    context: template.Context, cell: Cell, words: dict[str, str], url: str, chosen: Community | None
) -> DrawnCell:
    badge, house, missing = cell.badge, cell.house, cell.missing
    letters = badge.letters if cell.standing == "tagged" and badge else MARKS[cell.standing]
    said = [house.house_no, badge.community.name_th if badge else "", words.get(cell.standing, ""), *_stray_words(cell)]
    return DrawnCell(
        look=" ".join(_classes(cell, chosen)),
        letters=digits(context, letters),
        number=digits(context, house.house_no),
        says=digits(context, " ".join(filter(None, map(str, said)))),
        value=f"{house.pk}:{house.community_id or ''}",
        url=url,
        gap=digits(context, missing.count) if missing and cell.leaps else "",
        gap_says=_gap_words(context, cell) if missing else "",
        leaps=cell.leaps,
    )


def _classes(cell: Cell, chosen: Community | None) -> Iterable[str]:
    yield cell.standing
    if cell.badge:
        yield f"c{cell.badge.colour} of-{cell.badge.community.pk}"
    if cell.stray:
        yield "stray" if cell.to_look_at else "found-right"
    if chosen and cell.house.community_id != chosen.pk:
        yield "unlit"


def _words_of_standings() -> dict[str, str]:
    return {
        "untagged": _("untagged"),
        "outside": _("in no community"),
        "struck": str(HouseRegistration.State.STRUCK.label),
        "vanished": str(HouseRegistration.State.VANISHED.label),
    }


def _stray_words(cell: Cell) -> list[str]:
    if cell.stray is None:
        return []
    return [_("stray")] if cell.to_look_at else [_("stray, found right")]


def _gap_words(context: template.Context, cell: Cell) -> str:
    missing: Any = cell.missing
    if missing.count == 1:
        return digits(context, _("%(number)s is missing") % {"number": missing.first})
    return digits(
        context,
        _("%(first)s to %(last)s are missing (%(count)s)")
        % {"first": missing.first, "last": missing.last, "count": f"{missing.count:,}"},
    )
