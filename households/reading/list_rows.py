"""One row of a community's list, from cells as typed to keys that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..models import HouseList, HouseNumberRecord
from ..row_reasons import Reason
from .cell_texts import as_text, says, unforced, verbatim
from .columns import Header
from .number_cells import NumberCell, read_address_column, read_number_cell
from .number_parts import Doubt, NumberPart
from .row_notes import names_person, note_without_persons, remark_in, speaks_against, without_persons
from .row_places import PlaceReader, Places, district_name, subdistrict_name, village_number

_NO_FORMATS: Mapping[int, str] = {}
# Grading goes by these: they say what the keys of the number are.
_OF_THE_KEYS = frozenset({Doubt.NO_NUMBER, Doubt.UNREADABLE, Doubt.EXCEL_DATE, Doubt.RANGE, Doubt.SEVERAL})


class RowReader:
    """Reads a list's rows from top to bottom, so that a row which points to the rows above can be followed.

    What a row does not state itself (a ditto mark, a lane written once as a heading) is taken from above,
    and leaves a doubt; nothing is guessed. `subdistricts` maps the names of the district's
    sub-districts, cleaned, to their ids.
    """

    def __init__(self, house_list: HouseList, subdistricts: Mapping[str, int]) -> None:
        self._house_list = house_list
        self._ids = {name.replace(" ", ""): pk for name, pk in subdistricts.items()}
        self._names = frozenset(self._ids)
        self._district = district_name(house_list.district.name_th)
        self._places = PlaceReader(self._names, house_list.district.name_th)

    def take_heading(self, text: str) -> None:
        """Remembers a line above rows that names their lane or sub-district, or may do so in other words."""
        self._places.take_heading(text)

    def read(
        self,
        number: int,
        typed: Sequence[object],
        cells: Sequence[object],
        header: Header,
        *,
        is_hidden: bool = False,
        formats: Mapping[int, str] = _NO_FORMATS,
    ) -> list[HouseNumberRecord]:
        """The unsaved records of row `number` (as the spreadsheet shows it), one for each house that it names.

        `typed` are the row's own cells, of which those in `header.kept` are kept verbatim but for persons' names beside
        the number; `cells` the same with merged cells filled in; `formats` how the spreadsheet shows dates, by column.
        """
        cells = [unforced(cell) for cell in cells]
        values = {column: cells[index] if index < len(cells) else None for column, index in header.columns.items()}
        numbers, differs = self._numbers(values, header, formats)
        places = self._places.read(values, numbers.address)
        note, remarks = _notes(as_text(values.get("note")), numbers.note, cells, header)
        differs = differs or places.contradicts or self._states_more(cells, values, header)
        doubt = _doubt_of(places, against=any(map(_is_against, remarks)), differs=differs)
        hint = next(filter(None, map(remark_in, remarks)), None)
        of_row = {
            "house_list": self._house_list,
            "row": number,
            "is_hidden": is_hidden,
            "cells": _kept_cells(typed, header),
            "note": note_without_persons(note)[:500],
            "hint": hint or "",
            **self._address(values, places),
        }
        house_no = _house_no(values, numbers)
        return [
            HouseNumberRecord(
                **of_row,
                part=place,
                house_no=part.keys[0] if len(numbers.parts) > 1 else house_no,
                number_keys=list(part.keys),
                doubt=(first := _first_doubt(part, doubt)),
                reason=first or Reason.NOT_FOUND,
            )
            for place, part in enumerate(numbers.parts, start=1)
        ]

    def _address(self, values: Mapping[str, object], places: Places) -> dict[str, Any]:
        """The row's address but for the number, as typed and as keys, by the record's columns."""
        stated = places.stated
        return {
            "moo": village_number(stated["moo"]),
            "trok": _own(values, stated, "trok"),
            "soi": _own(values, stated, "soi"),
            "road": _own(values, stated, "road"),
            "subdistrict_text": _own(values, stated, "subdistrict"),
            "trok_key": places.address.trok[:200],
            "soi_key": places.address.soi[:200],
            "road_key": places.address.road[:200],
            "subdistrict_id": self._ids.get(subdistrict_name(stated["subdistrict"])),
        }

    def _numbers(
        self, values: Mapping[str, object], header: Header, formats: Mapping[int, str]
    ) -> tuple[NumberCell, bool]:
        """The numbers of the row with the address found beside them, and whether two cells name different ones."""
        of_address = self._address_column(values, header, formats)
        if "house_no" not in header.columns:
            return of_address, False
        own = self._column(values["house_no"], formats.get(header.columns["house_no"], ""))
        if own.parts[0].doubt == Doubt.NO_NUMBER:
            return (of_address, False) if "address" in header.columns else (own, False)
        if of_address.address is None or own.address is not None:
            return own, False
        names_another = bool(of_address.address.house_no) and own.parts != of_address.parts
        note = f"{own.note} {of_address.note}".strip()
        return replace(own, note=note, address=of_address.address), names_another

    def _address_column(self, values: Mapping[str, object], header: Header, formats: Mapping[int, str]) -> NumberCell:
        value = values.get("address")
        if not isinstance(value, str):
            return self._column(value, formats.get(header.columns.get("address", -1), ""))
        found = self._column(value, "")
        return found if found.parts[0].keys and not found.note else read_address_column(value, self._names)

    def _column(self, value: object, number_format: str) -> NumberCell:
        return read_number_cell(value, number_format, self._names)

    def _states_more(self, cells: Sequence[object], values: Mapping[str, object], header: Header) -> bool:
        """Whether a column beside those compared says something about the address, or names another district."""
        if header.district is not None and header.district < len(cells):
            district = district_name(as_text(cells[header.district]))
            if district and district != self._district:
                return True
        if not header.not_compared:
            return False
        more = {as_text(cells[index]) for index in header.not_compared if index < len(cells)}
        return any(says(part) for part in more - set(map(as_text, values.values())))


def _doubt_of(places: Places, *, against: bool, differs: bool) -> str:
    """What keeps the row from being certain although its number is read; "" for nothing."""
    if not (against or differs or places.points_above or places.is_guessed or places.address.unclear):
        return ""
    doubts = (
        (against, Reason.NOTE_SPEAKS_AGAINST),
        (places.points_above or places.address.unclear, Reason.DITTO),
        (differs, Reason.PART_NOT_COMPARED),
        (places.is_guessed, Reason.NUMBER_REPAIRED),
    )
    return next((reason for holds, reason in doubts if holds), "")


def _first_doubt(part: NumberPart, of_row: str) -> str:
    """The doubt of a record: what the keys are comes first, a remark against the house before a mere repair."""
    return part.doubt if part.doubt in _OF_THE_KEYS else of_row or part.doubt


def _own(values: Mapping[str, object], stated: Mapping[str, str], part: str) -> str:
    """A part as its own cell has it; as another cell of the row, or one above, has it where that says nothing."""
    return (as_text(values.get(part)) or stated[part])[:200]


def _house_no(values: Mapping[str, object], numbers: NumberCell) -> str:
    """The number as typed, without the rest of an address and without persons."""
    text = as_text(values.get("house_no")) or as_text(values.get("address"))
    if numbers.address is not None and numbers.address.house_no and not as_text(values.get("house_no")):
        return numbers.address.house_no[:200]
    return _without_persons(text)[:200]


def _without_persons(text: str) -> str:
    """The text as typed, or what is left of it where it names a person."""
    return without_persons(text) if len(text) > _LONGEST_WITHOUT_NAME and names_person(text) else text


# Titles have three letters and more; most numbers are shorter and need not be searched.
_LONGEST_WITHOUT_NAME = 6


def _kept_cells(typed: Sequence[object], header: Header) -> list[object]:
    without = dict.fromkeys((header.columns.get("house_no"), header.columns.get("address")), _without_persons)
    without[header.columns.get("note")] = note_without_persons
    return [
        None
        if index not in header.kept
        else verbatim(without[index](cell) if index in without and isinstance(cell, str) else cell)
        for index, cell in enumerate(typed)
    ]


def _notes(own: str, in_cell: str, cells: Sequence[object], header: Header) -> tuple[str, list[str]]:
    """The note of a row with the remarks found elsewhere, and each remark alone."""
    remarks = [text for text in (own, in_cell) if text]
    remarks += [text for text in _remarks_outside(cells, header) if text not in remarks]
    return "; ".join(remarks), remarks


def _remarks_outside(cells: Sequence[object], header: Header) -> Iterator[str]:
    """What speaks against the house in a cell outside the columns read: remarks often stand to the right of theirs."""
    read = set(header.columns.values())
    for index, cell in enumerate(cells):
        if index not in read and isinstance(cell, str) and _is_against(cell):
            kept = without_persons(cell)
            if _is_against(kept):
                yield kept


def _is_against(text: str) -> bool:
    return says(text) and (speaks_against(text) or remark_in(text) is not None)
