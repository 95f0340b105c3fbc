"""What a person says of a file that was sent: which column is which, and whose list is which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Community, Subdistrict

from ..reading.cell_texts import as_text
from ..reading.column_guess import guess_columns
from ..reading.columns import Header, header_of_columns, names_house
from ..reading.list_sheets import Layout, ListPart
from ..reading.row_places import subdistrict_name
from ..workbook import Sheet, column_letters
from .rows import CommunityChoice

SAMPLES = 5
CONTENTS = [
    ("", gettext_lazy("not needed")),
    ("house_no", gettext_lazy("house number")),
    ("address", gettext_lazy("the whole address in one cell")),
    ("moo", gettext_lazy("village number")),
    ("trok", gettext_lazy("trok")),
    ("soi", gettext_lazy("soi")),
    ("road", gettext_lazy("road")),
    ("subdistrict", gettext_lazy("sub-district")),
    ("note", gettext_lazy("note")),
]


class ColumnsForm(forms.Form):
    """What each column of a sheet holds, and in which row the first house stands.

    Filled with what was `recognised`, or with a guess.
    """

    fields: dict[str, Any]

    first_row = forms.IntegerField(label=gettext_lazy("row of the first house"), min_value=1)

    def __init__(
        self, *args: Any, sheet: Sheet, district: int, recognised: Header | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._sheet = sheet
        self._first, columns = _seen_in(recognised) if recognised else _guessed(sheet, district)
        held = {index: meaning for meaning, index in columns.items()}
        self.fields["first_row"].initial = self._first + 1
        self.fields["first_row"].max_value = len(sheet.rows)
        self._filled = sorted({index for row in sheet.rows for index, cell in enumerate(row) if cell is not None})
        for index in self._filled:
            self.fields[_column(index)] = forms.ChoiceField(
                label=_("column %(letter)s") % {"letter": column_letters(index)},
                choices=CONTENTS,
                required=False,
                initial=held.get(index, ""),
            )

    def columns(self) -> Iterator[dict[str, object]]:
        """Each column's field, with what stands in the row above the first house and in the first five rows below."""
        rows = self._sheet.rows
        samples = rows[self._first : self._first + SAMPLES]
        above = rows[self._first - 1] if self._first else []
        for index in self._filled:
            yield {
                "field": self[_column(index)],
                "letter": column_letters(index),
                "heading": _text(above, index),
                "samples": [_text(row, index) for row in samples],
            }

    @property
    def rows_shown(self) -> list[int]:
        """The numbers of the rows beside the choices, as the spreadsheet shows them."""
        return [row + 1 for row in range(self._first, min(self._first + SAMPLES, len(self._sheet.rows)))]

    def clean(self) -> dict[str, Any]:
        """Refuses an answer by which no house could be found, or with one thing in two columns."""
        cleaned = super().clean() or {}
        held = [meaning for name, meaning in cleaned.items() if name != "first_row" and meaning]
        if not {"house_no", "address"} & set(held):
            raise ValidationError(_("Say which column holds the house number, or the whole address."), "no_number")
        twice = [str(label) for meaning, label in CONTENTS if held.count(meaning) > 1]
        if twice:
            raise ValidationError(
                _("Two columns were given for: %(what)s. Choose one."), "twice", {"what": ", ".join(twice)}
            )
        if "first_row" in cleaned and not self._has_house(self._held(cleaned), cleaned["first_row"]):
            raise ValidationError(_("In that column no row from there on holds a house number."), "no_house")
        return cleaned

    def _held(self, cleaned: dict[str, Any]) -> dict[str, int]:
        return {meaning: index for index in self._filled if (meaning := cleaned.get(_column(index)))}

    def _has_house(self, columns: dict[str, int], first_row: int) -> bool:
        header = header_of_columns(columns, row=first_row - 1, texts={})
        return any(names_house(row, header) for row in self._sheet.rows[first_row - 1 :])

    def layout_of(self, sheet: Sheet) -> Layout:
        """What was said, for the sheet that it was said of or another one of the same layout."""
        row = min(self.cleaned_data["first_row"], len(sheet.rows)) - 1
        return Layout(self._held(self.cleaned_data), row=row)

    def alike(self, asked: Sequence[tuple[int, Sheet]], place: int) -> list[int]:
        """The places of the sheets that the answer fits: the one that was shown, and others that begin like it."""
        columns, first = self._held(self.cleaned_data), self.cleaned_data["first_row"]
        header = header_of_columns(columns, row=first - 1, texts={})
        return [
            at
            for at, sheet in asked
            if at == place or any(names_house(row, header) for row in sheet.rows[first - 1 : first])
        ]


def _column(index: int) -> str:
    return f"column_{index}"


def _text(row: Sequence[object], index: int) -> str:
    return as_text(row[index])[:60] if index < len(row) else ""


def _seen_in(header: Header) -> tuple[int, Mapping[str, int]]:
    return header.row, header.columns


def _guessed(sheet: Sheet, district: int) -> tuple[int, Mapping[str, int]]:
    """The index of the first row with a house and the columns, as they seem from what stands in the sheet."""
    names = Subdistrict.objects.filter(district=district).values_list("name_th", flat=True)
    guess = guess_columns(sheet.rows, {subdistrict_name(name) for name in names})
    return (guess.first_row, guess.columns) if guess else (_first_full_row(sheet), {})


def _first_full_row(sheet: Sheet) -> int:
    return next((at for at, row in enumerate(sheet.rows) if sum(cell is not None for cell in row) > 1), 0)


class PartsForm(forms.Form):
    """The community of each list in a file, filled with the one that the list names."""

    fields: dict[str, Any]

    def __init__(
        self,
        *args: Any,
        parts: Sequence[ListPart],
        communities: QuerySet[Community],
        chosen: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parts = parts
        for part in parts:
            named = next(iter(part.named)) if len(part.named) == 1 else None
            self.fields[part.key] = CommunityChoice(
                queryset=communities,
                label=_("community"),
                empty_label=_("do not receive"),
                required=False,
                initial=named or (chosen if not part.named else None),
            )

    def parts(self) -> Iterator[dict[str, object]]:
        """Each list with its field, how many houses it has, and its first rows as typed."""
        for part in self._parts:
            rows = [part.sheet.rows[line.at] for line in part.houses[:SAMPLES]]
            kept = sorted(part.headers[0].kept)
            yield {
                "part": part,
                "field": self[part.key],
                "houses": len(part.houses),
                "headings": [part.headers[0].texts.get(index, column_letters(index)) for index in kept],
                "rows": [
                    {"number": line.at + 1, "cells": [_text(row, index) for index in kept]}
                    for line, row in zip(part.houses, rows, strict=False)
                ],
            }

    def clean(self) -> dict[str, Any]:
        """Refuses to receive nothing at all."""
        cleaned = super().clean() or {}
        if not any(cleaned.values()) and not self.errors:
            raise ValidationError(_("Choose a community for at least one list."), "nothing_chosen")
        return cleaned

    def communities(self) -> dict[str, Community]:
        """The chosen communities by the keys of the lists."""
        return {key: community for key, community in self.cleaned_data.items() if community}
