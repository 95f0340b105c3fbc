"""Looking into a file that was sent: which lists it holds, and whose. Nothing is stored."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community, Subdistrict

from .dates import refuse_future
from .findings_in_sheets import sheets_as_sent
from .reading.columns import Header
from .reading.community_names import CommunityNames
from .reading.header_words import HEADINGS
from .reading.list_sheets import Basis, FoundLists, Known, Layout, find_lists, recognised_header
from .reading.row_places import subdistrict_name
from .remembered_columns import layouts_of
from .workbook import Sheet, Workbook, open_workbook


@dataclass(frozen=True)
class Sent:
    """A file as it came, and by which way. `received_on` None means today."""

    data: bytes
    file_name: str
    sender: str = ""
    letter: str = ""
    received_on: datetime.date | None = None

    @property
    def day(self) -> datetime.date:
        """The day it came."""
        return self.received_on or timezone.localdate()


@dataclass(frozen=True)
class Contents:
    """What was found in a file that was sent; `names` are the communities of the district by id.

    `known` is what it was read by: names, the sender's layouts, and what a person said of its sheets.
    """

    sent: Sent
    book: Workbook
    sheets: Sequence[Sheet]
    found: FoundLists
    names: Mapping[int, str]
    known: Known

    @property
    def sheets_to_ask(self) -> list[tuple[int, Sheet]]:
        """The sheets, by their place in the file, of which a person had better say which column is which."""
        guessed = [(part.place, part.sheet) for part in self.found.parts if part.basis is Basis.GUESSED]
        return guessed if self.found.parts else self.found.without_columns

    @property
    def sheets_with_content(self) -> list[tuple[int, Sheet]]:
        """The sheets that hold anything, by their place in the file."""
        return [
            (place, sheet)
            for place, sheet in enumerate(self.sheets)
            if any(cell is not None for row in sheet.rows for cell in row)
        ]

    def recognised(self, place: int) -> Header | None:
        """What is recognised of the columns of the sheet at that place; None where that is nothing."""
        return recognised_header(place, self.sheets[place], self.known)

    @property
    def communities_named(self) -> set[int]:
        """The ids of the communities that the lists of the file name."""
        return {pk for part in self.found.parts for pk in part.named}


def look_into(sent: Sent, *, district: int, sheet_name: str = "", said: Mapping[int, Layout] | None = None) -> Contents:
    """What a file holds: lists, each with the communities it names, and sheets that are none. Nothing is stored.

    `said` is what a person said of the columns of sheets, by their place in the file. Raises ValidationError for what
    is no workbook, a sheet that is not there and a day in the future.
    """
    refuse_future(sent.day)
    book = open_workbook(sent.data, file_name=sent.file_name)
    sheets = sheets_as_sent(book.sheets)
    if sheet_name and sheet_name not in (sheet.name for sheet in sheets):
        raise ValidationError(
            _("%(file)s has no sheet named “%(sheet)s”."),
            code="no_such_sheet",
            params={"file": sent.file_name, "sheet": sheet_name},
        )
    communities = [
        (community.pk, community.label_code or "", community.name_th or "")
        for community in Community.objects.as_at(timezone.localdate()).filter(district=district)
    ]
    known = Known(
        CommunityNames(communities),
        subdistricts=subdistricts_by_name(district).keys(),
        layouts=layouts_of(district, sent.sender),
        said=said or {},
    )
    found = find_lists(sheets, known, only=sheet_name)
    names = {pk: " ".join(filter(None, [code, name])) for pk, code, name in communities}
    return Contents(sent, book, sheets, found, names, known)


def subdistricts_by_name(district: int) -> dict[str, int]:
    """The ids of the district's sub-districts by their names."""
    known = Subdistrict.objects.filter(district=district).values_list("pk", "name_th")
    return {subdistrict_name(name): pk for pk, name in known}


def refuse_nothing_found(contents: Contents) -> None:
    """Raises ValidationError `two_tables`, `no_rows`, `no_header` where the file holds no list that can be read."""
    found, file = contents.found, contents.sent.file_name
    if found.parts:
        return
    if found.doubled:
        sheet, header = found.doubled[0]
        raise ValidationError(
            _("%(file)s, sheet “%(sheet)s”, row %(row)s, names the column of house numbers twice. Keep one table."),
            code="two_tables",
            params={"file": file, "sheet": sheet.name, "row": header.row},
        )
    if found.headers_without_houses:
        sheet, header = found.headers_without_houses[0]
        raise ValidationError(
            _("%(file)s, sheet “%(sheet)s”, has no rows below its header in row %(row)s."),
            code="no_rows",
            params={"file": file, "sheet": sheet.name, "row": header.row},
        )
    raise ValidationError(
        _(
            "%(file)s has no row that names its columns. "
            "Each sheet was searched for a column “%(column)s” (or %(others)s)."
        ),
        code="no_header",
        params={
            "file": file,
            "column": HEADINGS["house_no"][0],
            "others": ", ".join([*HEADINGS["house_no"][1:4], HEADINGS["address"][0]]),
        },
    )
