"""What is wrong with a row of a list and what its sender should do, as one sentence to the sender.

A sender may see addresses of the register, never house codes and nothing of another community.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import HouseList, HouseNumberRecord, HouseRegistration, RowDecision, RowMatch
from .row_reasons import UNDECIDED, Grade, Outcome, Reason

MOST_ADDRESSES = 5


@dataclasses.dataclass(frozen=True)
class Finding:
    """The finding on a row (as the spreadsheet shows it): the sentence, and the column at fault ("house_no" …)."""

    row: int
    column: str
    sentence: str


# What is wrong where the row reads well and one house fits, and the column to look at.
DOUBTS: Mapping[str, tuple[str, object]] = {
    Reason.SOI_MISSING: ("soi", gettext_lazy("The row states no soi.")),
    Reason.ROAD_MISSING: ("soi", gettext_lazy("The row states neither soi nor road.")),
    Reason.TROK_MISSING: ("trok", gettext_lazy("The house stands in a trok that the row does not state.")),
    Reason.SUBDISTRICT_MISSING: ("subdistrict", gettext_lazy("The row states no sub-district.")),
    Reason.SUBDISTRICT_DIFFERS: (
        "subdistrict",
        gettext_lazy("In the register the house stands in another sub-district."),
    ),
    Reason.SOI_DIFFERS: ("soi", gettext_lazy("In the register the number is in another soi of the same road.")),
    Reason.ROAD_DIFFERS: ("road", gettext_lazy("In the register the house stands on another road.")),
    Reason.MOO_DIFFERS: ("moo", gettext_lazy("In the register the village number is another.")),
    Reason.TROK_DIFFERS: ("trok", gettext_lazy("In the register the trok is another.")),
    Reason.NEIGHBOURS: (
        "soi",
        gettext_lazy("Several houses have this number, and the row does not say which is meant."),
    ),
    Reason.LANE_MISSPELT: ("soi", gettext_lazy("The soi or road is written otherwise than in the register.")),
    Reason.OLD_SUBDISTRICT: (
        "subdistrict",
        gettext_lazy("The sub-district is named as it was before it was divided."),
    ),
    Reason.PART_NOT_COMPARED: (
        "house_no",
        gettext_lazy("The row states a part of the address that the register does not have."),
    ),
}
# What is wrong and what to do, where the row has to be typed in another way, whatever the register has.
TO_RETYPE: Mapping[str, tuple[str, object]] = {
    Reason.NO_NUMBER: ("house_no", gettext_lazy("The row has no house number: please fill it in, or delete the row.")),
    Reason.EXCEL_DATE: (
        "house_no",
        gettext_lazy(
            "The spreadsheet program has turned the house number into a date: please format the cell as text and "
            "type the number again, like 12/3."
        ),
    ),
    Reason.DITTO: (
        "soi",
        gettext_lazy("The row points to the row above: please type soi, road and sub-district out in this row."),
    ),
    Reason.RANGE: (
        "house_no",
        gettext_lazy("The cell holds a range of numbers: please give each house a row of its own."),
    ),
    Reason.SEVERAL_NUMBERS: (
        "house_no",
        gettext_lazy("The cell names several houses in a short form: please give each house a row of its own."),
    ),
    Reason.NUMBER_REPAIRED: (
        "house_no",
        gettext_lazy(
            "The house number was not stored as it was typed: please format the cell as text and type it again."
        ),
    ),
    Reason.RUNNING_NUMBER: (
        "house_no",
        gettext_lazy("The numbers run 1, 2, 3 and may only count the rows: please check that these are house numbers."),
    ),
    Reason.NOTE_SPEAKS_AGAINST: (
        "note",
        gettext_lazy(
            "A note in the row speaks against the house: please say whether it still stands and belongs to your "
            "community, or delete the row."
        ),
    ),
    Reason.OTHER_COMMUNITY: (
        "house_no",
        gettext_lazy(
            "The registration section found that the house does not belong to your community: please delete the row."
        ),
    ),
    Reason.MISTYPED: (
        "house_no",
        gettext_lazy("The row was mistyped and its house stands in another row: please delete the row."),
    ),
    Reason.TAGGED_ELSEWHERE: (
        "house_no",
        gettext_lazy(
            "This house is on another community's list as well: please check whether it lies within your community, "
            "and tell us what you find."
        ),
    ),
}
# What is wrong with the number's cell itself is said first, whatever the register has for its readings.
OF_THE_CELL = (Reason.EXCEL_DATE, Reason.RANGE, Reason.SEVERAL_NUMBERS)
NOT_THERE = (Reason.NOT_FOUND, Reason.NO_SUCH_HOUSE)
STRUCK = (Reason.STRUCK_OFF, Reason.STRUCK_CONFIRMED, Reason.VANISHED)


def findings_of(house_list: HouseList) -> list[Finding]:
    """The finding on each faulty row, in row order; parts of one row are one finding. A fixed number of queries."""
    reasons = _deciding_reasons(house_list)
    records = list(house_list.records.defer("cells").order_by("row", "part"))
    addresses = _addresses(house_list)
    first_rows = _first_rows(house_list)
    found: dict[int, Finding] = {}
    for record in records:
        reason = _fault(record, reasons.get(record.pk, ""))
        if reason:
            near = addresses.get(record.pk, [])
            column, sentence = _said(record, reason, near, first_rows.get(record.pk))
            found[record.row] = _joined(found.get(record.row), Finding(record.row, column, sentence))
    return list(found.values())


def _joined(before: Finding | None, finding: Finding) -> Finding:
    if before is None or finding.sentence in before.sentence:
        return before or finding
    return dataclasses.replace(before, sentence=f"{before.sentence} {finding.sentence}")


def _fault(record: HouseNumberRecord, decided: str) -> str:
    """The reason why the row is the sender's to look at; "" for a row that is fine or whose list was replaced."""
    match record.outcome:
        case Outcome.CLAIMED:
            return Reason.TAGGED_ELSEWHERE
        case Outcome.CLOSED:
            return "" if decided == Reason.REPLACED else decided
        case Outcome.UNCHANGED:
            return Reason.REPEATED if decided == Reason.REPEATED else ""
        case Outcome.OPEN if record.grade != Grade.EXACT or record.reason == Reason.REPEATED:
            return record.doubt if record.doubt in OF_THE_CELL else record.reason
    return ""


def _said(record: HouseNumberRecord, reason: str, near: Sequence[str], first_row: int | None) -> tuple[str, str]:
    if reason == Reason.NEIGHBOURS and len(near) > 1:
        return "soi", _several(record, near)
    if reason in TO_RETYPE:
        column, sentence = TO_RETYPE[reason]
        return column, str(sentence)
    if reason in DOUBTS:
        column, sentence = DOUBTS[reason]
        return column, f"{sentence} {_if_meant(near)}"
    if reason in NOT_THERE:
        return "house_no", _not_there(record, near)
    if reason in STRUCK:
        return "house_no", _(
            "The house %(number)s is no longer in the house register: please delete the row, or correct the number."
        ) % {"number": record.house_no}
    if reason == Reason.UNREADABLE_NUMBER:
        return "house_no", _(
            "“%(number)s” cannot be read as a house number: please type the number alone, like 12/3."
        ) % {"number": record.house_no}
    if reason == Reason.REPEATED:
        return "house_no", _repeated(first_row)
    return "soi", _several(record, near)


def _if_meant(near: Sequence[str]) -> str:
    if not near:
        return _("Please state the address in full.")
    return _(
        "The register has %(address)s: if this is the house, please write it so; if not, state the address in full."
    ) % {"address": near[0]}


def _not_there(record: HouseNumberRecord, near: Sequence[str]) -> str:
    sentence = _(
        "The house %(number)s is not in the house register here: please check number, soi, road and sub-district."
    ) % {"number": record.house_no}
    if near:
        sentence += " " + _("Near to it the register has: %(addresses)s.") % {"addresses": _listed(near)}
    return sentence


def _several(record: HouseNumberRecord, near: Sequence[str]) -> str:
    if len(near) > 1:
        return _("Several houses have the number %(number)s: %(addresses)s. Please state soi and road in full.") % {
            "number": record.house_no,
            "addresses": _listed(near),
        }
    return _(
        "The register has more than one house %(number)s at this very address: the registration section looks into "
        "it, nothing needs to be changed."
    ) % {"number": record.house_no}


def _repeated(first_row: int | None) -> str:
    if first_row is None:
        return _("This house stands in an earlier row of the list already: please delete the row.")
    return _("This house stands in row %(row)s of the list already: please delete the row.") % {"row": first_row}


def _listed(addresses: Sequence[str]) -> str:
    return "; ".join(addresses[:MOST_ADDRESSES])


def address_of(house: HouseRegistration) -> str:
    """A registered address in one line, as Thai letters write it."""
    named = [("หมู่ที่ ", house.moo), ("ตรอก", house.trok), ("ซอย", house.soi), ("ถนน", house.road)]
    parts = [text if text.startswith(word.strip()) else f"{word}{text}" for word, text in named if text]
    return " ".join([house.house_no, *parts, f"แขวง{house.subdistrict.name_th}"])


def _addresses(house_list: HouseList) -> dict[int, list[str]]:
    """The addresses of each undecided or closed row's live candidates (by the record's id), best first, each once."""
    matches = (
        RowMatch.objects.filter(
            record__house_list=house_list,
            record__outcome__in=[*UNDECIDED, Outcome.CLOSED],
            house__state=HouseRegistration.State.LIVE,
        )
        .select_related("house__subdistrict")
        .order_by("record_id", "rank")
    )
    addresses: dict[int, list[str]] = {}
    for match in matches:
        known = addresses.setdefault(match.record_id, [])
        if (address := address_of(match.house)) not in known:
            known.append(address)
    return addresses


def _first_rows(house_list: HouseList) -> dict[int, int]:
    """For each exact row (by its id) whose house an earlier row means too: that row."""
    exact = house_list.records.filter(grade=Grade.EXACT, matches__rank=1).order_by("row", "part")
    first: dict[int, int] = {}
    repeated: dict[int, int] = {}
    for record, row, house in exact.values_list("pk", "row", "matches__house"):
        if first.setdefault(house, row) != row:
            repeated[record] = first[house]
    return repeated


def _deciding_reasons(house_list: HouseList) -> dict[int, str]:
    newest = RowDecision.objects.filter(record__house_list=house_list).order_by("record_id", "-id")
    return dict(newest.distinct("record_id").values_list("record", "reason"))
