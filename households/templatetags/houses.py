"""How the pages write a house: its code as printed, its lane in one line."""

from django import template
from django.utils.translation import gettext as _

from communities.models import Community
from communities.templatetags.registry import digits
from households.house_codes import show_house_code
from households.models import HouseNumberRecord, HouseRegistration, TagEvent
from households.provenance import Provenance

register = template.Library()

# The words that announce each part, and how a clerk may have typed them in the cell already.
WORDS = {"trok": ("ตรอก", "ต."), "soi": ("ซอย", "ซ."), "road": ("ถนน", "ถ.")}
WORDS_OF_ROW = {"moo": ("หมู่ ", "หมู่", "ม."), **WORDS, "subdistrict_text": ("แขวง", "ตำบล", "ต.")}


@register.filter
def house_code(house: HouseRegistration) -> str:
    """The house code as it is printed: 1015-900001-7."""
    return show_house_code(house.house_code)


@register.filter
def code_parts(house: HouseRegistration) -> list[str]:
    """The house code in the groups in which it is printed and typed: 1015, 900001, 7."""
    return show_house_code(house.house_code).split("-")


@register.filter
def lane(house: HouseRegistration) -> str:
    """The lane of the house in one line: ซอยเทอดไท 5 ถนนเทอดไท."""
    parts = [announced(getattr(house, part), words) for part, words in WORDS.items()]
    return " ".join(filter(None, parts))


@register.filter
def typed_place(record: HouseNumberRecord) -> str:
    """Where a row says that its house stands, in one line: ซอยเทอดไท 5 · ถ.เทอดไท · แขวงบางยี่เรือ."""
    parts = [announced(getattr(record, part), words) for part, words in WORDS_OF_ROW.items()]
    return " · ".join(filter(None, parts))


def announced(name: str, words: tuple[str, ...]) -> str:
    """The name behind its word (ซอย, ตรอก, ถนน), unless it begins with it already; "" for none."""
    return name if not name or name.startswith(words) else f"{words[0]}{name}"


@register.filter
def of_community(communities: dict[int, Community], community: int | None) -> Community | None:
    """The community of that id, with its code and name, among those the page has loaded."""
    return communities.get(community) if community else None


@register.filter
def of_code(communities: dict[str, Community], code: str) -> Community | None:
    """The community of that code among those the page has loaded."""
    return communities.get(code)


@register.filter
def box(house: HouseRegistration) -> tuple[int, int | None]:
    """What the tick box of a house says: which house, and the community that its row shows."""
    return house.pk, house.community_id


@register.filter
def newest_of(events: dict[int, TagEvent], house: HouseRegistration) -> TagEvent | None:
    """The house's newest tag among those the page has loaded."""
    return events.get(house.pk)


@register.filter
def outside_in_words(reason: str) -> str:
    """Why houses are in no community, as the page says it."""
    return str(HouseRegistration.Outside(reason).label)


@register.filter
def of_event(comes_from: dict[int, Provenance], event: TagEvent) -> Provenance | None:
    """Where the tag comes from, among those the page has loaded; None for a tag given by hand."""
    return comes_from.get(event.pk)


@register.simple_tag(takes_context=True)
def row_place(context: template.Context, record: HouseNumberRecord) -> str:
    """Where the record stands in its sheet: row 12, or row 12 part 2 where the row names several houses."""
    place = _("row %(row)s") % {"row": record.row}
    if record.part > 1:
        place = _("row %(row)s, part %(part)s") % {"row": record.row, "part": record.part}
    return digits(context, place)
