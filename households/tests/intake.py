"""House lists for tests, from rows to a received list."""

import datetime
import io

from openpyxl import Workbook

from communities.tests.factories import command_line
from households.house_lists import receive
from households.reading.columns import find_headers
from households.tagging import tag_matching
from households.tests.factories import HouseFactory

HEADER = ("ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง", "หมายเหตุ")
SUBDISTRICT = "บางยี่เรือ"


def line(house_no, soi="เทอดไท 5", road="เทอดไท", subdistrict=SUBDISTRICT, note=None, *, count=1):
    """A row under HEADER."""
    return [count, house_no, soi, road, subdistrict, note]


def list_file(*rows, header=HEADER, above=(), merged=(), sheet="รายชื่อ") -> bytes:
    """A workbook with lines above the header, the header (or None), rows, and merged areas ("C3:C5").

    Asked for again it is the same file to the byte, though a workbook tells the second in which it was saved.
    """
    asked = repr((rows, header, above, merged, sheet))
    if asked not in _FILES:
        _FILES[asked] = _typed(rows, header, above, merged, sheet)
    return _FILES[asked]


_FILES: dict[str, bytes] = {}


def _typed(rows, header, above, merged, sheet) -> bytes:
    book = Workbook()
    book.active.title = sheet
    for row in [*above, *([header] if header else []), *rows]:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_file(sheets, *, hidden=()) -> bytes:
    """A workbook of several sheets, each by its name with all its lines; those in `hidden` are hidden."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def received(community, *rows, **file):
    """The list of a community as received and graded."""
    [house_list] = receive(
        data=list_file(*rows, **file), file_name="list.xlsx", community=community, by=command_line()
    ).lists
    return house_list


def verdicts(house_list):
    """The grade and reason of each row, in row order."""
    return list(house_list.records.order_by("row").values_list("grade", "reason"))


def outcomes(house_list):
    """The outcome of each row, in row order."""
    return list(house_list.records.order_by("row").values_list("outcome", flat=True))


def tagged_list(community, *numbers, on=datetime.date(2015, 1, 20)):
    """Live houses of those numbers on a list that has been tagged; gives the list and what tagging did."""
    for number in numbers:
        HouseFactory(house_no=number)
    house_list = received(community, *[line(number) for number in numbers])
    return house_list, tag_matching(house_list, by=command_line(), happened_on=on)


def newest_reasons(house_list):
    """Why each row was decided last as it was, in row order."""
    return [record.decisions.order_by("id").last().reason for record in house_list.records.order_by("row")]


def find_header(rows):
    """The header of the leftmost table that begins first, None where no row names its columns."""
    return next(iter(find_headers(rows)), None)
