"""Receiving a community's house list: fingerprint, read, keep every row as it was typed, grade."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community, Person, Subdistrict
from communities.thai_text import clean

from . import kept_file
from .columns import Header, find_header, header_at, names_columns_anew
from .corrections import carry_over, lock_corrected
from .dates import refuse_future
from .findings import sheets_as_sent
from .header_words import HEADINGS
from .list_lines import count_the_rows, heading_in, why_no_house
from .list_rows import RowReader, as_text, subdistrict_name
from .matching import GradedRecord, grade_records, store
from .models import HouseList, HouseNumberRecord, ListFile, Sender
from .row_reasons import Reason
from .workbook import Sheet, open_workbook

MOST_ROWS = 20_000


def receive(
    *,
    data: bytes,
    file_name: str,
    community: Community,
    by: Person,
    received_on: datetime.date | None = None,
    sender: str = "",
    letter: str = "",
    sheet_name: str = "",
    corrects: HouseList | None = None,
) -> tuple[HouseList, bool]:
    """Keeps a list of a community's house numbers and grades its rows; tags nothing.

    Returns the list and whether it is new: the same file for the same community is kept once. A list that
    `corrects` another takes its place, and people's decisions on rows that say the same are carried over.
    Raises ValidationError with one sentence when the file is no list (not a workbook, no recognisable
    header, no rows, too large) or the date lies in the future; nothing is stored then.
    """
    received_on = received_on or timezone.localdate()
    refuse_future(received_on)
    sheets = sheets_as_sent(open_workbook(data, file_name=file_name).sheets)
    sheet, header = _list_sheet(sheets, sheet_name, file_name)
    fingerprint = hashlib.sha256(data).hexdigest()
    house_list = HouseList(
        district=community.district,
        community=community,
        file_name=file_name[-255:],
        fingerprint=fingerprint,
        sheet=sheet.name[:120],
        header_row=header.row,
        columns=dict(header.columns),
        sender=_sender(community.district_id, sender),
        letter=letter,
        received_on=received_on,
        received_by=by,
        corrects=corrects,
    )
    records = _records(house_list, sheet, header, file_name)
    tables = [kept_file.ReadTable(sheet, header.row, records)]
    file = kept_file.keep(data, file_name=file_name, fingerprint=fingerprint, tables=tables)
    return _keep(house_list, grade_records(house_list, records), file)


def _sender(district: int, name: str) -> Sender | None:
    if not (name := clean(name)):
        return None
    sender, _is_new = Sender.objects.get_or_create(district_id=district, name=name)
    return sender


def _list_sheet(sheets: Sequence[Sheet], sheet_name: str, file_name: str) -> tuple[Sheet, Header]:
    """The named sheet, or the first that has a header with a house-number column, and that header."""
    if sheet_name:
        sheets = [sheet for sheet in sheets if sheet.name == sheet_name]
        if not sheets:
            raise ValidationError(
                _("%(file)s has no sheet named “%(sheet)s”."),
                code="no_such_sheet",
                params={"file": file_name, "sheet": sheet_name},
            )
    found = next(((sheet, header) for sheet in sheets if (header := find_header(sheet.rows))), None)
    if found is None:
        raise ValidationError(
            _(
                "%(file)s has no row that names its columns. Looked for a column “%(column)s” "
                "(or %(others)s) in the first 30 rows of each sheet."
            ),
            code="no_header",
            params={
                "file": file_name,
                "column": HEADINGS["house_no"][0],
                "others": ", ".join(HEADINGS["house_no"][1:4]),
            },
        )
    return found


def _records(house_list: HouseList, sheet: Sheet, header: Header, file_name: str) -> list[HouseNumberRecord]:
    records = _read_rows(house_list, sheet, header, file_name)
    if not records:
        raise ValidationError(
            _("%(file)s, sheet “%(sheet)s”, has no rows below its header in row %(row)s."),
            code="no_rows",
            params={"file": file_name, "sheet": sheet.name, "row": header.row},
        )
    if len(records) > MOST_ROWS:
        raise ValidationError(
            _("%(file)s has %(rows)s rows; a community's list has at most %(most)s."),
            code="too_many_rows",
            params={"file": file_name, "rows": len(records), "most": MOST_ROWS},
        )
    if header.is_plain and count_the_rows([record.cells[header.number] for record in records]):
        for record in records:
            record.doubt = record.doubt or Reason.RUNNING_NUMBER
    return records


def _read_rows(house_list: HouseList, sheet: Sheet, header: Header, file_name: str) -> list[HouseNumberRecord]:
    """The records of a sheet from its header down; lines that are no houses go to the list's `passed_over`."""
    _refuse_two_tables(header, sheet, file_name)
    reader = RowReader(house_list, _subdistricts(house_list))
    merged = sheet.below_merged()
    records, passed_over = [], []
    for index in range(header.row, len(sheet.rows)):
        typed = sheet.rows[index]
        cells = [merged.get((index, column), cell) for column, cell in enumerate(typed)] if merged else typed
        why = "header" if index < header.row else why_no_house(cells if any(typed) else typed, header)
        if why in (None, "header") and names_columns_anew(typed, header):
            header, why = header_at(sheet.rows, index), "header"
            _refuse_two_tables(header, sheet, file_name)
        if why is None:
            records.append(reader.read(index + 1, typed, cells, header))
        elif why != "blank":
            passed_over.append({"row": index + 1, "why": why, "text": _line(typed)})
        if why != "header" and (heading := heading_in(cells, header)) is not None:
            reader.take_heading(heading)
    house_list.passed_over = passed_over
    return records


def _refuse_two_tables(header: Header, sheet: Sheet, file_name: str) -> None:
    if header.names_two:
        raise ValidationError(
            _("%(file)s, sheet “%(sheet)s”, row %(row)s, names the column of house numbers twice. Keep one table."),
            code="two_tables",
            params={"file": file_name, "sheet": sheet.name, "row": header.row},
        )


def _subdistricts(house_list: HouseList) -> dict[str, int]:
    """The ids of the district's sub-districts by their names."""
    known = Subdistrict.objects.filter(district=house_list.district_id).values_list("pk", "name_th")
    return {subdistrict_name(name): pk for pk, name in known}


def _line(cells: Sequence[object]) -> str:
    return " ".join(filter(None, map(as_text, cells)))[:200]


@transaction.atomic
def _keep(house_list: HouseList, graded: list[GradedRecord], file: ListFile) -> tuple[HouseList, bool]:
    # The community's row is the lock: two clerks sending one file at once make one list.
    Community.objects.select_for_update(no_key=True).get(pk=house_list.community_id)
    known = HouseList.objects.filter(
        community=house_list.community_id, fingerprint=house_list.fingerprint, sheet=house_list.sheet
    ).first()
    if known:
        return known, False
    if house_list.corrects:
        house_list.corrects = lock_corrected(
            house_list.corrects, community=house_list.community_id, received_on=house_list.received_on
        )
    file.save()
    house_list.file = file
    house_list.save()
    store(graded)
    carry_over(house_list, by=house_list.received_by)
    return house_list, True
