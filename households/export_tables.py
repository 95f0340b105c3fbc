"""Lists, their rows, how good they are and what people did, as tables to take out: which columns each has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities.exports import Cell, Column
from communities.models import Community
from communities.thai_calendar import short_date

from .house_codes import show_house_code
from .models import HouseRegistration
from .work_done import Deed

Communities = Mapping[int, Community]


# --- lists and their rows ---


def columns_of_lists() -> list[Column]:
    """All lists: each line has the `list` and the `counts` of its rows."""
    grades = [("exact", _("exact")), ("likely", _("likely")), ("several", _("several")), ("none", _("none"))]
    return [
        (_("Code"), lambda line: line["list"].community.label_code),
        (_("Community"), lambda line: line["list"].community.name_th),
        (_("File"), lambda line: line["list"].file_name),
        (_("Received"), lambda line: short_date(line["list"].received_on)),
        (_("Sender"), lambda line: str(line["list"].sender or "")),
        (_("Rows"), lambda line: line["counts"].get("rows", 0)),
        *((heading, _count_of(grade)) for grade, heading in grades),
        (_("Waiting"), lambda line: line["counts"].get("waiting", 0)),
    ]


def _count_of(grade: str) -> Any:
    return lambda line: line["counts"].get(grade, 0)


def columns_of_rows(*, sees_houses: bool) -> list[Column]:
    """The rows of a list (`row_lines.RowLine`); the houses meant only for who may see houses."""
    return [
        (_("Row"), lambda line: line.record.row),
        (_("House number"), lambda line: line.record.house_no),
        (_("Moo"), lambda line: line.record.moo),
        (_("Trok"), lambda line: line.record.trok),
        (_("Soi"), lambda line: line.record.soi),
        (_("Road"), lambda line: line.record.road),
        (_("Sub-district"), lambda line: line.record.subdistrict_text),
        (_("Note"), lambda line: line.record.note),
        (_("Match"), lambda line: line.record.get_grade_display()),
        (_("Reason"), lambda line: str(line.reason.label)),
        (_("Note of the decision"), lambda line: line.note),
        *(_house_meant() if sees_houses else []),
        (_("Outcome"), lambda line: line.record.get_outcome_display()),
    ]


def _house_meant() -> list[Column]:
    return [
        (_("House in the register"), lambda line: str(line.house or "")),
        (_("House code"), lambda line: show_house_code(line.house.house_code) if line.house else ""),
    ]


# --- how good lists are ---


def columns_of_quality(by: str) -> list[Column]:
    """Senders or communities (`by`), each line with its `name` and `quality`."""
    return [
        (_("Sender") if by == "sender" else _("Community"), lambda line: line.name),
        (_("Lists"), lambda line: line.quality.lists),
        (_("Rows"), lambda line: line.quality.rows),
        (_("exact"), lambda line: line.quality.exact),
        (
            _("exact, per cent"),
            lambda line: 100 * line.quality.exact // line.quality.rows if line.quality.rows else None,
        ),
        (_("likely"), lambda line: line.quality.likely),
        (_("several"), lambda line: line.quality.several),
        (_("none"), lambda line: line.quality.none),
        (_("Sent back"), lambda line: line.quality.sent_back),
        (_("Days to return"), lambda line: line.quality.days_to_return),
        (_("Commonest faults"), lambda line: _faults(line.quality)),
    ]


def _faults(quality: Any) -> str:
    return "; ".join(f"{fault.reason.label}: {fault.rows:,}" for fault in quality.commonest_faults)


def columns_of_rows_behind() -> list[Column]:
    """Rows (records) of several lists."""
    return [
        (_("House number"), lambda record: record.house_no),
        (_("Moo"), lambda record: record.moo),
        (_("Trok"), lambda record: record.trok),
        (_("Soi"), lambda record: record.soi),
        (_("Road"), lambda record: record.road),
        (_("Sub-district"), lambda record: record.subdistrict_text),
        (_("Note"), lambda record: record.note),
        (_("Match"), lambda record: record.get_grade_display()),
        (_("Reason"), lambda record: record.get_reason_display()),
        (_("Outcome"), lambda record: record.get_outcome_display()),
        (_("Code"), lambda record: record.house_list.community.label_code),
        (_("Community"), lambda record: record.house_list.community.name_th),
        (_("List"), lambda record: str(record.house_list)),
        (_("Row"), lambda record: record.row),
    ]


def columns_of_lists_behind() -> list[Column]:
    """Lists with the day each was sent back, and what came instead after how many days."""
    return [
        (_("List"), lambda line: str(line["list"])),
        (_("Code"), lambda line: line["list"].community.label_code),
        (_("Community"), lambda line: line["list"].community.name_th),
        (_("Sender"), lambda line: str(line["list"].sender or "")),
        (_("Received"), lambda line: short_date(line["list"].received_on)),
        (_("Sent back"), lambda line: short_date(line["sent_back_on"]) if line["sent_back_on"] else ""),
        (_("Came back corrected"), lambda line: short_date(line["corrected"].received_on) if line["corrected"] else ""),
        (_("Days to return"), lambda line: line["days"]),
    ]


# --- what people did ---


def columns_of_work() -> list[Column]:
    """Each line is a person, a day and what was done on it."""
    return [
        (_("Person"), lambda line: str(line[0])),
        (_("Day"), lambda line: short_date(line[1])),
        *((str(deed.label), _number_of(deed)) for deed in Deed),
    ]


def _number_of(deed: Deed) -> Any:
    return lambda line: getattr(line[2], deed)


def columns_of_waiting(*, sees_all: bool) -> list[Column]:
    """Communities with what waits there; the officer only for who sees everyone's work."""
    officer: list[Column] = [
        (_("Officer"), lambda line: str(line.held.officer) if line.held else _("not assigned")),
    ]
    return [
        (_("Code"), lambda line: line.progress.community.label_code),
        (_("Community"), lambda line: line.progress.community.name_th),
        *(officer if sees_all else []),
        (_("Rows waiting"), lambda line: line.progress.waiting),
        (_("Oldest waits, days"), lambda line: line.waited),
        (_("List"), lambda line: str(line.life.state.label)),
        (_("Days in this stage"), lambda line: line.in_stage),
        (_("Days since the last batch"), lambda line: line.since_batch),
    ]


def columns_of_deed(deed: Deed, communities: Communities) -> list[Column]:
    """The houses or rows behind a number of a person's work (`work_done.rows_behind`)."""
    decided = deed == Deed.DECIDED
    of_row: list[Column] = [
        (_("List row"), lambda row: row.record.house_no),
        (_("Decision"), lambda row: row.get_reason_display()),
    ]
    return [
        *(of_row if decided else []),
        (_("House number"), lambda row: _of_house(row, "house_no")),
        (_("Trok"), lambda row: _of_house(row, "trok")),
        (_("Soi"), lambda row: _of_house(row, "soi")),
        (_("Road"), lambda row: _of_house(row, "road")),
        (_("Community"), lambda row: _community(communities, row.record.house_list if decided else row)),
        (_("By"), lambda row: str(row.recorded_by if deed in (Deed.DECIDED, Deed.KEYED) else row.batch.done_by)),
        (_("Day"), lambda row: short_date(row.happened_on)),
        (_("Recorded"), lambda row: _clock(row.recorded_at)),
        *([] if deed == Deed.KEYED else [(_("Batch"), lambda row: row.batch_id)]),
    ]


def _of_house(row: Any, part: str) -> Cell:
    house: HouseRegistration | None = row.house
    return getattr(house, part) if house else ""


def _community(communities: Communities, of: Any) -> str:
    found = communities.get(of.community_id) if of.community_id else None
    return " ".join(filter(None, [found.label_code, found.name_th])) if found else ""


def _clock(moment: Any) -> str:
    local = timezone.localtime(moment)
    return f"{short_date(local.date())} {date_format(local, 'H:i')}"
