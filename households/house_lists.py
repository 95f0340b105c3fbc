"""Receiving a community's house list: fingerprint, read, keep every row as it was typed, grade."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community, CommunityCode, Person, Subdistrict
from communities.thai_text import clean

from .columns import HEADINGS, Header, find_header, why_no_house
from .dates import refuse_future
from .list_rows import as_text, read_row, subdistrict_name
from .matching import grade_list
from .models import HouseList, HouseNumberRecord
from .workbook import Sheet, open_workbook

MOST_ROWS = 20_000


def community_of_code(text: str) -> Community:
    """The community that has or had the code; raises ValidationError `unknown_code` where none has."""
    code = clean(text)
    found = CommunityCode.objects.filter(code=code).order_by("-in_force_from").select_related("community").first()
    if found is None:
        raise ValidationError(
            _("No community has the code %(code)s. Load the communities first or check the code."),
            code="unknown_code",
            params={"code": code or "—"},
        )
    return found.community


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
) -> tuple[HouseList, bool]:
    """Keeps a list of a community's house numbers and grades its rows; tags nothing.

    Returns the list and whether it is new: the same file for the same community is kept once.
    Raises ValidationError with one sentence when the file is no list (not a workbook, no recognisable
    header, no rows, too large) or the date lies in the future; nothing is stored then.
    """
    received_on = received_on or timezone.localdate()
    refuse_future(received_on)
    sheet = _list_sheet(open_workbook(data, file_name=file_name).sheets, sheet_name, file_name)
    fingerprint = hashlib.sha256(data).hexdigest()
    header = find_header(sheet.rows)
    house_list = HouseList(
        district_id=community.district_id,
        community=community,
        file_name=file_name[-255:],
        fingerprint=fingerprint,
        sheet=sheet.name[:120],
        header_row=header.row,
        columns=dict(header.columns),
        sender=sender,
        letter=letter,
        received_on=received_on,
        received_by=by,
    )
    records = _records(house_list, sheet, header, file_name)
    return _keep(house_list, records)


def _list_sheet(sheets: Sequence[Sheet], sheet_name: str, file_name: str) -> Sheet:
    """The named sheet, or the first that has a header with a house-number column."""
    if sheet_name:
        sheets = [sheet for sheet in sheets if sheet.name == sheet_name]
        if not sheets:
            raise ValidationError(
                _("%(file)s has no sheet named “%(sheet)s”."),
                code="no_such_sheet",
                params={"file": file_name, "sheet": sheet_name},
            )
    found = next((sheet for sheet in sheets if find_header(sheet.rows)), None)
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
    subdistricts = {
        subdistrict_name(name): pk
        for pk, name in Subdistrict.objects.filter(district=house_list.district_id).values_list("pk", "name_th")
    }
    header_words = sheet.rows[header.row - 1]
    records, passed_over = [], []
    for number, cells in enumerate(sheet.rows[header.row :], start=header.row + 1):
        record = read_row(number, cells, header, house_list, subdistricts)
        why = None if record.number_keys else why_no_house(cells, header, header_words)
        if why is None:
            records.append(record)
        elif why != "blank":
            passed_over.append({"row": number, "why": why, "text": _line(cells)})
    house_list.passed_over = passed_over
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
    return records


def _line(cells: Sequence[object]) -> str:
    return " ".join(filter(None, map(as_text, cells)))[:200]


@transaction.atomic
def _keep(house_list: HouseList, records: list[HouseNumberRecord]) -> tuple[HouseList, bool]:
    # The community's row is the lock: two clerks sending one file at once make one list.
    Community.objects.select_for_update().get(pk=house_list.community_id)
    known = HouseList.objects.filter(
        community=house_list.community_id, fingerprint=house_list.fingerprint, sheet=house_list.sheet
    ).first()
    if known:
        return known, False
    house_list.save()
    HouseNumberRecord.objects.bulk_create(records, batch_size=2000)
    grade_list(house_list)
    return house_list, True
