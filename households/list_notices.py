"""What there is to tell about a list's file: kept with the list as codes and facts, said on its page in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .models import HouseList
from .reading.list_sheets import PassedSheet, WhyPassed
from .workbook import column_letters

_MOST_NAMED = 12
_LONGEST_HEADING = 60
WHY_PASSED = {
    WhyPassed.NO_COLUMNS.value: gettext_lazy("names no column of house numbers"),
    WhyPassed.NO_HOUSES.value: gettext_lazy("has hardly any rows with a house"),
    WhyPassed.HIDDEN.value: gettext_lazy("is hidden"),
    WhyPassed.SET_ASIDE.value: gettext_lazy("is an example, a form or an old copy by its name"),
    WhyPassed.COPY.value: gettext_lazy("says the same as another sheet"),
    WhyPassed.OTHER_COMMUNITY.value: gettext_lazy("names another community"),
    WhyPassed.NOT_NAMED.value: gettext_lazy("does not name the community as other sheets do"),
    WhyPassed.NOT_CHOSEN.value: gettext_lazy("was not chosen"),
}
# What needs a look before anything is tagged.
WARNINGS = {"names_other_community", "hidden_rows", "unvalued_formulas", "columns_guessed", "rows_above_header"}


class Notices:
    """Notices in the making, each a code with its facts."""

    def __init__(self) -> None:
        self._notices: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._notices)

    def add(self, code: str, **facts: object) -> None:
        """Adds a notice."""
        self._notices.append({"code": code, **facts})

    def add_rows(self, code: str, rows: Sequence[int]) -> None:
        """Adds a notice about rows, as the spreadsheet numbers them; none where there are none."""
        if rows:
            self.add(code, count=len(rows), rows=list(rows[:_MOST_NAMED]))

    def add_cells(self, code: str, cells: Sequence[str]) -> None:
        """Adds a notice about cells by their addresses; none where there are none."""
        if cells:
            self.add(code, count=len(cells), cells=list(cells[:_MOST_NAMED]))

    def add_columns(self, code: str, headings: Mapping[int, str]) -> None:
        """Adds a notice about columns by index, each with what stands over it; none where there are none."""
        if headings:
            columns = [
                {"letter": column_letters(index), "heading": heading[:_LONGEST_HEADING]}
                for index, heading in sorted(headings.items())
            ]
            self.add(code, columns=columns)

    def add_sheets(self, code: str, sheets: Sequence[PassedSheet]) -> None:
        """Adds a notice about sheets that were not read; none where there are none."""
        if sheets:
            self.add(code, sheets=[{"sheet": sheet.name, "why": sheet.why.value} for sheet in sheets])


@dataclass(frozen=True)
class Sentence:
    """A notice as a person reads it."""

    code: str
    text: str
    is_warning: bool


def sentences(house_list: HouseList) -> list[Sentence]:
    """What the reader has to tell about the list, what needs a look first."""
    said = [
        Sentence(notice["code"], _SAYS[notice["code"]](notice), notice["code"] in WARNINGS)
        for notice in house_list.notices
        if notice["code"] in _SAYS
    ]
    return sorted(said, key=lambda sentence: not sentence.is_warning)


def _more(named: Sequence[object], count: int) -> str:
    return ", ".join(map(str, named)) + (" …" if count > len(named) else "")


def _hidden_rows(notice: dict[str, Any]) -> str:
    return ngettext(
        "%(count)s row is hidden in the sheet and was read like the others: row %(rows)s.",
        "%(count)s rows are hidden in the sheet and were read like the others: rows %(rows)s.",
        notice["count"],
    ) % {"count": notice["count"], "rows": _more(notice["rows"], notice["count"])}


def _rows_above_header(notice: dict[str, Any]) -> str:
    return _(
        "%(count)s rows with houses stand above the row that names the columns and were read as if it stood "
        "above them, so none of them is certain: rows %(rows)s."
    ) % {"count": notice["count"], "rows": _more(notice["rows"], notice["count"])}


def _unvalued_formulas(notice: dict[str, Any]) -> str:
    return _(
        "%(count)s cells hold a formula whose value is not stored, so nothing was read there: %(cells)s. "
        "Open the file in a spreadsheet program, save it and send it again."
    ) % {"count": notice["count"], "cells": _more(notice["cells"], notice["count"])}


def _outside_links(_notice: dict[str, Any]) -> str:
    return _("The file takes values from other files. They were not opened; the values stored in this file were read.")


def _sheets_passed_over(notice: dict[str, Any]) -> str:
    named = "; ".join(f"“{one['sheet']}” {WHY_PASSED.get(one['why'], one['why'])}" for one in notice["sheets"])
    return _("Sheets that were not read: %(sheets)s.") % {"sheets": named}


def _columns_not_stored(notice: dict[str, Any]) -> str:
    named = ", ".join(f"{one['letter']} {one['heading']}".strip() for one in notice["columns"])
    return _("Columns that the register does not need were not stored: %(columns)s.") % {"columns": named}


def _names_other_community(notice: dict[str, Any]) -> str:
    return _("The sheet names another community: %(names)s. Make sure that the list is this community's.") % {
        "names": ", ".join(notice["names"])
    }


_SAYS = {
    "hidden_rows": _hidden_rows,
    "rows_above_header": _rows_above_header,
    "unvalued_formulas": _unvalued_formulas,
    "outside_links": _outside_links,
    "sheets_passed_over": _sheets_passed_over,
    "columns_not_stored": _columns_not_stored,
    "names_other_community": _names_other_community,
    "sheet_hidden": lambda _notice: _("The sheet is hidden in the file; it is the only one with a list."),
    "columns_remembered": lambda _notice: _("The columns were read as a person named them for this sender before."),
    "columns_said": lambda _notice: _("The columns were named by a person."),
    "columns_guessed": lambda _notice: _(
        "The sheet does not clearly name its columns. They were guessed from what stands in them, so no row is certain."
    ),
}
