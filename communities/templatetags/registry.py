"""How the pages write numbers, dates and digits: as the person prefers, in the page's language.

A person who prefers them gets Thai digits (๐–๙) everywhere on the screen; years are Buddhist in both languages.
"""

import datetime
from collections.abc import Callable, Sequence

from django import template
from django.contrib.messages.storage.base import Message
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from communities import thai_calendar
from communities.notices import UNDO
from communities.thai_text import to_thai_digits
from communities.views_exports import NO_CONDITIONS

register = template.Library()

NOTHING = "–"
THINNEST = 0.6  # per cent of a bar


@register.simple_tag(takes_context=True)
def prefers_thai_digits(context: template.Context) -> bool:
    """Whether the person who looks at the page reads Thai digits."""
    # A part that is included with `only` sees no context processor's values, but still the request.
    person = context.get("user") or getattr(getattr(context, "request", None), "user", None)
    return bool(getattr(person, "thai_digits", False))


@register.inclusion_tag("_parts/export.html", takes_context=True)
def export_form(context: template.Context, purpose: str = "", table: str = "") -> dict[str, object]:
    """The form that takes the page's table out as a file, under the conditions of the page's address.

    `purpose` is what it begins with; `table` which of the page's tables, where it has several.
    """
    request = context["request"]
    conditions = [(name, value) for name, value in request.GET.items() if name not in NO_CONDITIONS]
    return {"conditions": conditions, "action": request.path, "purpose": purpose, "table": table}


@register.tag
def kept(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """What stands up to `endkept` is the same for whoever reads the page's language: it is written once a process.

    Where it depends on more, that is named behind the tag, as {% kept thai_digits %}: written once for each value.
    What belongs to a person never stands in it.
    """
    values = [parser.compile_filter(value) for value in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(nodes, values)


class _Kept(template.Node):
    def __init__(self, nodelist: template.NodeList, values: Sequence[template.base.FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self._written: dict[tuple[object, ...], str] = {}

    def render(self, context: template.Context) -> str:
        # Addresses begin with the script prefix.
        key = (get_language(), get_script_prefix(), *(value.resolve(context) for value in self.values))
        if key not in self._written:
            self._written[key] = self.nodelist.render(context)
        return self._written[key]


@register.simple_tag(takes_context=True)
def digits(context: template.Context, text: object) -> str:
    """The text with its digits in the person's preference."""
    written = "" if text is None else str(text)
    return to_thai_digits(written) if prefers_thai_digits(context) else written


@register.simple_tag(takes_context=True)
def num(context: template.Context, number: float | None) -> str:
    """The number with a comma at the thousands, a dash for None: 15,770."""
    return NOTHING if number is None or number == "" else digits(context, f"{number:,}")


@register.simple_tag(takes_context=True)
def percent(context: template.Context, part: int | None, whole: int | None) -> str:
    """The part of the whole in per cent, rounded down, so that 100% means all; a dash where there is no whole."""
    if not whole:
        return NOTHING
    return digits(context, f"{100 * (part or 0) // whole:,}%")


@register.simple_tag(takes_context=True)
def day(context: template.Context, moment: datetime.date | None) -> str:
    """A short date: 6 ก.พ. 2558."""
    return _dated(context, moment, thai_calendar.short_date, "j M")


@register.simple_tag(takes_context=True)
def day_long(context: template.Context, moment: datetime.date | None) -> str:
    """A date with the month in full: 6 กุมภาพันธ์ 2558."""
    return _dated(context, moment, thai_calendar.long_date, "j F")


@register.simple_tag(takes_context=True)
def month(context: template.Context, moment: datetime.date | None) -> str:
    """The month of a date: กุมภาพันธ์ 2558."""
    return _dated(context, moment, thai_calendar.month_name, "F")


@register.simple_tag(takes_context=True)
def clock(context: template.Context, moment: datetime.datetime | None) -> str:
    """The date and time by the office's clock: 6 ก.พ. 2558 10:42."""
    if moment is None:
        return NOTHING
    return f"{day(context, moment)} {digits(context, date_format(_local(moment), 'H:i'))}"


@register.simple_tag
def right_now() -> datetime.datetime:
    """The moment in which the page is made."""
    return timezone.now()


def _dated(
    context: template.Context, moment: datetime.date | None, in_thai: Callable[[datetime.date], str], english_form: str
) -> str:
    if moment is None:
        return NOTHING
    that_day = _local(moment)
    if get_language() == "en":
        written = f"{date_format(that_day, english_form)} {thai_calendar.buddhist_year(that_day)}"
    else:
        written = in_thai(that_day)
    return digits(context, written)


def _local(moment: datetime.date) -> datetime.date:
    """A moment by the office's clock; a plain date is one already."""
    return timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment


@register.simple_tag
def bar_pieces(whole: int | None, **parts: int | None) -> list[dict[str, object]]:
    """The pieces of a bar, left to right: name, size, and place and width in per cent of the bar.

    Parts that together exceed the whole fill the bar in proportion; a part that exists is never too thin to see.
    """
    sizes = {name: size or 0 for name, size in parts.items()}
    whole = max(whole or 0, sum(sizes.values())) or 1
    pieces: list[dict[str, object]] = []
    place = 0.0
    for name, size in sizes.items():
        width = max(100 * size / whole, THINNEST) if size else 0.0
        width = min(width, 100 - place)
        pieces.append({"name": name, "size": size, "x": f"{place:.2f}%", "width": f"{width:.2f}%"})
        place += width
    return pieces


@register.filter
def undo_address(message: Message) -> str:
    """Where a notice's undo button leads; empty for a notice without one."""
    return next((tag[len(UNDO) :] for tag in (message.extra_tags or "").split() if tag.startswith(UNDO)), "")
