"""The file of a list is kept with it, without the columns that nobody needs."""

import io
import time

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists, kept_file
from households.error_workbook import error_workbook
from households.models import HouseList, HouseNumberRecord, ListFile
from households.tests.books import csv_text, old_excel, with_part, xlsx
from households.tests.intake import HEADER, line, list_file
from households.workbook import open_workbook

pytestmark = pytest.mark.django_db

WITH_NAMES = ("ลำดับ", "บ้านเลขที่", "ชื่อเจ้าบ้าน", "ซอย", "โทรศัพท์")
TYPED = [
    ["บัญชีบ้าน", None, None, None, None],
    list(WITH_NAMES),
    [1, "12/3", "นางสาวสมพร", "เทอดไท 5", "081-234-5678"],
    [2, "12/4", "นายวิชัย", "เทอดไท 5", None],
]
KEPT = {0, 1, 3}


def read(data, *, file_name="list.xlsx", header_row=2, kept=KEPT):
    """The file of a list with records that keep the cells of some columns, as reading makes them."""
    sheet = open_workbook(data, file_name=file_name).sheets[0]
    records = [
        HouseNumberRecord(row=row + 1, cells=[value if at in kept else None for at, value in enumerate(cells)])
        for row, cells in enumerate(sheet.rows)
        if row >= header_row
    ]
    tables = [kept_file.ReadTable(sheet, header_row, records)]
    return kept_file.keep(data, file_name=file_name, fingerprint="f", tables=tables)


def values(content):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]]


def test_names_and_telephones_are_not_stored_and_everything_else_is():
    file = read(xlsx(TYPED))
    assert values(file.content) == [
        TYPED[0],
        TYPED[1],
        [1, "12/3", None, "เทอดไท 5", None],
        [2, "12/4", None, "เทอดไท 5", None],
    ]
    assert [(column["column"], column["heading"]) for column in file.emptied] == [("C", "ชื่อเจ้าบ้าน"), ("E", "โทรศัพท์")]


def test_nothing_of_what_was_emptied_is_left_anywhere_in_the_file():
    content = read(xlsx(TYPED)).content
    inside = b"".join(map(openpyxl.reader.excel.ZipFile(io.BytesIO(content)).read, _parts(content)))
    assert "เทอดไท 5".encode() in inside
    for gone in ("สมพร", "วิชัย", "081-234"):
        assert gone.encode() not in inside


def _parts(content):
    return openpyxl.reader.excel.ZipFile(io.BytesIO(content)).namelist()


def parts_of(data):
    file = openpyxl.reader.excel.ZipFile(io.BytesIO(data))
    return {name: file.read(name) for name in file.namelist() if not name.startswith("docProps/")}


def test_a_file_with_nothing_to_empty_is_kept_as_it_is_but_for_who_made_it():
    book = openpyxl.load_workbook(io.BytesIO(xlsx([WITH_NAMES[:2], [1, "12/3"]])))
    book.properties.creator = book.properties.lastModifiedBy = "นางสาวสมพร"
    data = kept_file.saved(book)
    kept = read(data, header_row=1).content
    assert parts_of(kept) == parts_of(data)
    assert "สมพร".encode() in openpyxl.reader.excel.ZipFile(io.BytesIO(data)).read("docProps/core.xml")
    assert "สมพร".encode() not in openpyxl.reader.excel.ZipFile(io.BytesIO(kept)).read("docProps/core.xml")


def test_what_stands_beside_the_cells_of_a_sheet_is_not_kept_either():
    book = openpyxl.load_workbook(io.BytesIO(xlsx([WITH_NAMES[:2], [1, "12/3"]])))
    book.active.oddFooter.center.text = "จัดทำโดย นางสาวสมพร"
    kept = read(kept_file.saved(book), header_row=1).content
    assert not any("สมพร".encode() in part for part in parts_of(kept).values())


def test_a_copy_keeps_the_look_and_drops_what_may_name_people():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(TYPED)))
    sheet = book.active
    sheet.merge_cells("A1:E1")
    sheet.column_dimensions["B"].width = 33
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = "A2:E4"
    sheet["B3"].font = Font(bold=True)
    sheet["B3"].comment = Comment("ถามคุณสมพร", "นางสาวสมพร")
    sheet["B4"].hyperlink = "mailto:somporn@example.org"
    book.properties.creator = "นางสาวสมพร"
    book.create_sheet("รายชื่อกรรมการ").append(["นายวิชัย"])
    data = kept_file.saved(book)
    copy = openpyxl.load_workbook(io.BytesIO(read(data).content))
    sheet = copy.active
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:E1"]
    assert (sheet.column_dimensions["B"].width, sheet.freeze_panes, sheet.auto_filter.ref) == (33, "A3", "A2:E4")
    assert sheet["B3"].font.bold
    assert (sheet["B3"].comment, sheet["B4"].hyperlink, copy.properties.creator) == (None, None, None)
    assert copy.sheetnames == ["ทะเบียนบ้าน"]


def test_formulas_are_kept_as_the_values_they_had_and_text_stays_text():
    content = read(
        csv_text([WITH_NAMES, [1, "=1+1", "ก", "@x", "-1"]]).encode(), file_name="a.csv", header_row=1
    ).content
    cells = openpyxl.load_workbook(io.BytesIO(content)).active[2]
    assert [(cell.value, cell.data_type) for cell in cells[:4:1]] == [
        ("1", "s"), ("=1+1", "s"), (None, "n"), ("@x", "s"),
    ]  # fmt: skip


def test_kinds_that_are_not_written_become_a_workbook_with_the_same_cells():
    file = read(old_excel(), file_name="บัญชี.xls", header_row=3, kept={0, 1, 2})
    assert file.name == "บัญชี.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(file.content)).active["C5"].value == "อิสรภาพ 17/1"


def test_a_sheet_too_large_for_its_look_keeps_its_cells(monkeypatch):
    monkeypatch.setattr(kept_file, "MOST_CELLS_IN_LOOK", 3)
    file = read(xlsx(TYPED))
    assert values(file.content)[2] == [1, "12/3", None, "เทอดไท 5", None]
    assert values(read(xlsx([WITH_NAMES[:2], [1, "12/3"]]), header_row=1).content)[1] == [1, "12/3"]


def test_an_area_merged_over_the_whole_sheet_is_not_unfolded():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(TYPED)))
    data = kept_file.saved(book)
    part = openpyxl.reader.excel.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A6:XFD1048576"/></mergeCells>'
    huge = with_part(data, "xl/worksheets/sheet1.xml", part.replace(b"</sheetData>", merged))
    copy = openpyxl.load_workbook(io.BytesIO(read(huge).content)).active
    assert (copy["B3"].value, copy["C3"].value, list(copy.merged_cells.ranges)) == ("12/3", None, [])


def test_names_and_telephones_of_a_received_list_are_nowhere_in_the_database():
    data = xlsx([WITH_NAMES, [1, "12/3", "นางสาวสมพร ใจดี", "เทอดไท 5", "081-234-5678"]])
    house_lists.receive(data=data, file_name="list.xlsx", community=CommunityFactory.create(), by=command_line())
    assert [column["heading"] for column in ListFile.objects.get().emptied] == ["ชื่อเจ้าบ้าน", "โทรศัพท์"]
    kept = str(values(ListFile.objects.get().content)) + str(HouseNumberRecord.objects.values_list("cells", "note"))
    assert "12/3" in kept
    for gone in ("สมพร", "081"):
        assert gone not in kept


def test_a_list_is_received_with_its_file_and_the_same_file_again_keeps_nothing_more():
    data = list_file(line("12/3"), header=HEADER)
    community = CommunityFactory.create()
    for _time in range(2):
        house_lists.receive(data=data, file_name="list.xlsx", community=community, by=command_line())
    assert HouseList.objects.get().file == ListFile.objects.get()
    assert parts_of(ListFile.objects.get().content) == parts_of(data)


SIGNED = [
    ["บัญชีบ้าน ชุมชนกุฎีขาว", "จัดทำโดย นายวิชัย ดี"],
    ["ข้อมูลของ นางสาวสมพร ใจดี โทร 081-234-5678"],
    ["บ้านเลขที่", "ซอย", "หมายเหตุ"],
    ["12/3", "เทอดไท 5"],
    ["12/4 นายวิชัย ดี", "เทอดไท 5", "ของ นายวิชัย ดี รื้อแล้ว"],
    ["รวม 2 หลัง"],
    ["ลงชื่อ ..................."],
    ["(สมพร ใจดี)"],
    ["ประธานชุมชน"],
]


@pytest.mark.parametrize("make", [xlsx, lambda rows: csv_text([[*row, *[None] * 3][:3] for row in rows]).encode()])
def test_names_in_titles_notes_and_signatures_of_a_received_list_are_nowhere_in_the_database(make):
    house_lists.receive(
        data=make(SIGNED), file_name="list.xlsx", community=CommunityFactory.create(), by=command_line()
    )
    house_list = HouseList.objects.get()
    rows = HouseNumberRecord.objects.values_list("cells", "note", "house_no", "hint")
    kept = str(values(ListFile.objects.get().content)) + str(list(rows)) + str(house_list.passed_over)
    kept += str(house_list.notices) + str(ListFile.objects.get().emptied)
    assert all(word in kept for word in ("กุฎีขาว", "12/3", "12/4", "รวม 2 หลัง", "demolished"))
    for gone in ("สมพร", "วิชัย", "081"):
        assert gone not in kept


@pytest.mark.parametrize(
    "after",
    [
        '<hyperlinks><hyperlink ref="A1:XFD1048576" display="x"/></hyperlinks>',
        '<mergeCells count="1"><mergeCell more="1" ref="a1:xfd9"/></mergeCells>',
        "<mergeCells>" + "".join(f'<mergeCell ref="J{n}:K{n + 1}"/>' for n in range(1, 80_000, 2)) + "</mergeCells>",
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"/></conditionalFormatting>' * 100_000,
    ],
)
def test_what_stands_below_the_cells_keeps_nobody_waiting_when_a_list_comes_and_goes_back(after):
    data = xlsx([WITH_NAMES[:2], [1, "12/3"]])
    part = parts_of(data)["xl/worksheets/sheet1.xml"]
    data = with_part(data, "xl/worksheets/sheet1.xml", part.replace(b"</sheetData>", b"</sheetData>" + after.encode()))
    begun = time.process_time()
    house_lists.receive(data=data, file_name="l.xlsx", community=CommunityFactory.create(), by=command_line())
    sent_back = error_workbook(HouseList.objects.get())
    assert values(sent_back)[1][:2] == [1, "12/3"]
    assert time.process_time() - begun < 5


def test_a_cell_formatted_far_out_keeps_nobody_waiting():
    book = openpyxl.load_workbook(io.BytesIO(xlsx([WITH_NAMES, [1, "12/3", "นายวิชัย", "เทอดไท 5"]])))
    book.active["XFD1048576"].font = Font(bold=True)
    begun = time.process_time()
    house_lists.receive(
        data=kept_file.saved(book), file_name="l.xlsx", community=CommunityFactory.create(), by=command_line()
    )
    assert error_workbook(HouseList.objects.get())
    assert time.process_time() - begun < 5


def test_a_look_that_openpyxl_cannot_read_is_left_behind():
    data = with_part(
        xlsx([WITH_NAMES[:2], [1, "12/3"]]), "xl/styles.xml", "<styleSheet><fills><fill/></fills></styleSheet>"
    )
    house_lists.receive(data=data, file_name="l.xlsx", community=CommunityFactory.create(), by=command_line())
    assert openpyxl.load_workbook(io.BytesIO(error_workbook(HouseList.objects.get()))).active["B2"].value == "12/3"
