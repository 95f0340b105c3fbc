"""Reading workbooks: what the cells say, where they stand, and which files are not opened."""

import datetime
import io
import os
import struct
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook as Book

from households.files.file_safety import HOUSE_LIST
from households.tests.books import (
    csv_text,
    ods,
    ods_cell,
    ods_table,
    old_excel,
    old_excel_with_marks,
    sheet_xml,
    with_part,
    xlsx,
    xlsx_of,
)
from households.workbook import NotReadable, cell_address, open_workbook

SHEET = "xl/worksheets/sheet1.xml"


def read(data, **limits):
    return open_workbook(data, file_name="บัญชี.xlsx", **limits)


def first_rows(data):
    return read(data).sheets[0].rows


def refusal(data, **limits):
    with pytest.raises(NotReadable) as refused:
        read(data, **limits)
    assert "บัญชี.xlsx" in refused.value.messages[0]
    return refused.value.code


# --- what the cells say ---


def test_values_come_as_they_stand_in_the_cells():
    row = ["  12/5 ", 5, 61.5, True, datetime.date(2015, 5, 12), datetime.time(8, 30), None, "5"]
    assert first_rows(xlsx([row, ["end"]]))[0] == [
        "  12/5 ", 5, 61.5, True, datetime.date(2015, 5, 12), datetime.time(8, 30), None, "5",
    ]  # fmt: skip


def test_a_whole_number_is_an_int_and_a_text_stays_a_text():
    assert [type(cell) for cell in first_rows(xlsx([[42.0, "42"]]))[0]] == [int, str]


def test_rows_are_numbered_as_spreadsheet_programs_number_them():
    rows = first_rows(xlsx([["บ้านเลขที่"], ["12/5"]], top=4, left=3))
    assert rows[:3] == [[None] * 3] * 3
    assert rows[4] == [None, None, "12/5"]


def test_every_sheet_comes_in_order_with_its_name():
    book = read(xlsx([["a"]], title="ปก", บ้าน=[["b"]], ว่าง=[]))
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [("ปก", [["a"]]), ("บ้าน", [["b"]]), ("ว่าง", [])]


def test_an_old_excel_file_is_read():
    rows = first_rows(old_excel())
    assert rows[2:] == [[None, "บ้านเลขที่", "ซอย"], [None, "12/5", 5], [None, 42, "อิสรภาพ 17/1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_delimiters_that_offices_use(encoding, delimiter):
    text = csv_text([["บ้านเลขที่", "ซอย"], ["12/5", ""], [], ["7", "เทอดไท 5"]], delimiter)
    assert first_rows(text.encode(encoding)) == [["บ้านเลขที่", "ซอย"], ["12/5", None], [], ["7", "เทอดไท 5"]]


def test_a_quoted_line_break_in_csv_stays_in_its_cell():
    assert first_rows(b'a,"b\nc"\r\nd,e\r\n') == [["a", "b\nc"], ["d", "e"]]


def test_a_cell_is_named_as_spreadsheet_programs_name_it():
    assert [cell_address(0, 0), cell_address(11, 25), cell_address(1, 26), cell_address(4, 702)] == [
        "A1", "Z12", "AA2", "AAA5",
    ]  # fmt: skip


# --- what the cells say beside their values ---


def first(data):
    return read(data).sheets[0]


def numbered(rows, **attributes):
    """The XML of rows of one number each, with attributes by row number."""
    return sheet_xml().replace(
        "<sheetData>",
        "<sheetData>" + "".join(f'<row r="{n}" {attributes.get(f"r{n}", "")}><c><v>{n}</v></c></row>' for n in rows),
    )


def test_hidden_rows_are_read_and_told():
    xml = numbered(range(1, 6), r2='hidden="1"', r3='hidden="true"', r4='ht="0" customHeight="1"', r5='hidden="0"')
    sheet = first(xlsx_of(xml))
    assert sheet.rows == [[1], [2], [3], [4], [5]]
    assert sheet.hidden_rows == {1, 2, 3}


def test_hidden_rows_below_the_last_value_are_not_told():
    xml = numbered([1]).replace("</sheetData>", '<row r="900" hidden="1"/></sheetData>')
    assert first(xlsx_of(xml)).hidden_rows == frozenset()


def test_a_formula_gives_its_stored_value_and_one_without_is_told():
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>1+1</f><v></v></c>'
    empty_text = '<c r="D1" t="str"><f>""</f><v></v></c>'
    sheet = first(xlsx_of(sheet_xml(cells + empty_text)))
    assert sheet.rows[0][0] == 2
    assert sheet.unvalued == ["B1", "C1"]


def test_an_error_value_is_the_text_that_it_shows():
    sheet = first(xlsx_of(sheet_xml('<c r="B1" t="e"><v>#N/A</v></c>', '<c r="A3"><v>1</v></c>')))
    assert sheet.rows[0] == [None, "#N/A"]


STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="[$-D07041E]d/m/bbbb"/><numFmt numFmtId="171" formatCode="bbbb"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 9, 13, 71, 170, 171, 49))
    + "</cellXfs>"
)


def styled(*styles, value=42075):
    return xlsx_of(sheet_xml("".join(f'<c s="{style}"><v>{value}</v></c>' for style in styles)), styles=STYLES)


def test_the_formats_of_numbers_that_show_otherwise_are_told():
    assert first(styled(0, 1, 2, 3, 7)).number_formats == {(0, 1): "mm-dd-yy", (0, 2): "0%", (0, 3): "# ??/??"}


@pytest.mark.parametrize("style", [1, 4, 5, 6])
def test_a_date_is_a_date_in_the_formats_of_thai_excel_too(style):
    assert first(styled(style)).rows == [[datetime.date(2015, 3, 12)]]


def test_a_date_of_the_macintosh_counts_from_1904():
    data = styled(1, 4, value=42075 - 1462)
    workbook = (
        zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    )
    assert first(with_part(data, "xl/workbook.xml", workbook)).rows == [[datetime.date(2015, 3, 12)] * 2]


@pytest.mark.parametrize(
    ("written", "value"),
    [("NaN", "nan"), ("1E300", 1e300), ("9007199254740993", 9007199254740992.0), ("1.2E3", 1200), ("-0.0", 0)],
)
def test_a_number_never_gains_digits_that_the_file_does_not_have(written, value):
    cell = first(xlsx_of(sheet_xml(f"<c><v>{written}</v></c>"))).rows[0][0]
    assert (cell, type(cell)) == (value, type(value))


def test_a_nul_in_a_text_is_shown_as_damage():
    cell = '<c t="inlineStr"><is><t>12_x0000_5</t></is></c>'
    assert first(xlsx_of(sheet_xml(cell))).rows == [["12\ufffd5"]]


def test_links_to_other_files_are_told():
    linked = with_part(xlsx([["a"]]), "xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert read(linked).outside_links
    assert not read(xlsx([["a"]])).outside_links


def test_an_old_excel_file_tells_as_much():
    sheet = first(old_excel_with_marks())
    assert sheet.rows[1:] == [[datetime.date(2015, 3, 12), "#N/A"], ["12/5", 0.5], [7, True]]
    assert sheet.hidden_rows == {2}
    assert sheet.number_formats == {(1, 0): "d/m/yyyy", (2, 1): "0%", (3, 0): "000"}


# --- LibreOffice ---


def test_an_open_document_is_read():
    data = ods(
        ods_table(
            ods_cell("บ้านเลขที่") + ods_cell("ซอย"),
            ods_cell(" 12/5") + ods_cell("5", kind="float", more='office:value="5"'),
        ),
        ods_table(name="ว่าง"),
    )
    assert [(sheet.name, sheet.rows) for sheet in read(data).sheets] == [
        ("บ้าน", [["บ้านเลขที่", "ซอย"], [" 12/5", 5]]), ("ว่าง", []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "value"),
    [
        ("float", 'office:value="61.5"', 61.5),
        ("percentage", 'office:value="0.5"', 0.5),
        ("boolean", 'office:boolean-value="true"', True),
        ("date", 'office:date-value="2015-03-12"', datetime.date(2015, 3, 12)),
        ("date", 'office:date-value="2015-03-12T08:30:00"', datetime.datetime.fromisoformat("2015-03-12T08:30")),
        ("date", 'office:date-value="-32768-01-01"', "shown"),
        ("time", 'office:time-value="PT08H30M00S"', datetime.time(8, 30)),
        ("time", 'office:time-value="PT30H00M00S"', datetime.timedelta(hours=30)),
        ("string", 'office:string-value="stored"', "stored"),
        ("string", 'calcext:value-type="error"', "shown"),
    ],
)
def test_values_of_an_open_document_come_as_they_stand(kind, more, value):
    cell = first(ods(ods_table(ods_cell("shown", kind=kind, more=more)))).rows[0][0]
    assert (cell, type(cell)) == (value, type(value))


def test_text_of_an_open_document_comes_without_comments_and_with_its_spaces():
    cell = (
        '<table:table-cell office:value-type="string">\n <office:annotation><text:p>note</text:p></office:annotation>\n'
        ' <text:p>12/5<text:s text:c="2"/><text:span>ก</text:span></text:p><text:p>b</text:p>\n</table:table-cell>'
    )
    assert first(ods(ods_table(cell))).rows == [["12/5  ก\nb"]]


def test_repeated_rows_and_cells_of_an_open_document_stand_where_they_stand():
    sheet = first(
        ods(
            ods_table(
                '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>',
                '<table:table-cell table:number-columns-repeated="2"/>'
                + ods_cell("a", more='table:number-columns-repeated="2"'),
                '<table:table-row table:number-rows-repeated="2" table:visibility="filter">'
                + ods_cell("b")
                + "</table:table-row>",
                '<table:table-row table:number-rows-repeated="1048570" table:visibility="collapse"><table:table-cell/>'
                "</table:table-row>",
            )
        )
    )
    assert sheet.rows == [[], [], [None, None, "a", "a"], ["b"], ["b"]]
    assert sheet.hidden_rows == {3, 4}


def test_merged_areas_and_formulas_without_a_value_of_an_open_document_are_told():
    merged = ods_cell("a", more='table:number-rows-spanned="3" table:number-columns-spanned="1"')
    formula = "<table:table-cell table:formula=\"of:=['file:///b.ods'#$a.A1]\"/>"
    book = read(ods(ods_table(merged + formula)))
    assert book.sheets[0].merged == [((0, 0), (2, 0))]
    assert book.sheets[0].unvalued == ["B1"]
    assert book.outside_links


def test_a_hidden_sheet_and_the_memory_of_another_file_in_an_open_document():
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    copy = ods_table(ods_cell("c"), name="copy").replace(
        "<table:table-row>", "<table:table-source/><table:table-row>", 1
    )
    book = read(ods(ods_table(ods_cell("a"), style_name="ta2"), copy, styles=hidden))
    assert [(sheet.name, sheet.is_hidden) for sheet in book.sheets] == [("บ้าน", True)]
    assert book.outside_links


# --- what is refused ---


@pytest.mark.parametrize("data", [b"", b"   \r\n"])
def test_an_empty_file_is_refused(data):
    assert refusal(data) == "empty_file"


NOT_WORKBOOKS = {
    "pdf": b"%PDF-1.4\n1,2,3\n",
    "jpeg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000"),
    "prose": "ขอส่งบัญชีเลขที่บ้าน".encode(),
    "zip of something else": None,
    "word of old": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
    "noise": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("kind", NOT_WORKBOOKS)
def test_what_is_not_a_workbook_by_content_is_refused(kind):
    data = NOT_WORKBOOKS[kind]
    if data is None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
        data = packed.getvalue()
    assert refusal(data) == "not_a_workbook"


def test_a_workbook_cut_short_is_damaged():
    data = xlsx([["บ้านเลขที่"]] * 50)
    assert refusal(data[: len(data) // 2]) == "damaged"


def test_a_workbook_with_broken_xml_is_damaged():
    assert refusal(with_part(xlsx([["a"]]), SHEET, "<worksheet><sheetData><row><c")) == "damaged"


def test_a_workbook_compressed_in_a_way_that_no_spreadsheet_uses_is_damaged():
    unusual = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([["a"]]))) as usual,
        zipfile.ZipFile(unusual, "w", zipfile.ZIP_BZIP2) as packed,
    ):
        for name in usual.namelist():
            packed.writestr(name, usual.read(name))
    assert refusal(unusual.getvalue()) == "damaged"


def test_an_old_excel_file_that_would_take_all_memory_is_damaged():
    data = bytearray(old_excel())
    cell = data.find(struct.pack("<HHH", 0x027E, 10, 4))  # the record of the number 42 in row 5
    struct.pack_into("<HH", data, cell + 4, 65_535, 65_535)
    assert refusal(bytes(data)) == "damaged"


def test_a_workbook_that_promises_billions_of_strings_is_damaged():
    strings = '<sst count="1" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    assert refusal(with_part(xlsx([["a"]]), "xl/sharedStrings.xml", strings)) == "damaged"


def test_a_workbook_with_a_password_says_so():
    locked = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refusal(locked) == "encrypted"


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # a sparse file: nothing of it may be read
    with pytest.raises(NotReadable) as refused:
        open_workbook(path, file_name=path.name)
    assert refused.value.code == "too_large"
    assert "200 MB" in refused.value.messages[0]


def test_a_sheet_that_inflates_beyond_all_bounds_is_not_opened():
    data = with_part(xlsx([["a"]]), SHEET, b" " * (HOUSE_LIST.inflated_bytes + 1))
    assert refusal(data) == "zip_bomb"


def test_a_zip_that_lies_about_its_sizes_is_not_opened():
    data = bytearray(with_part(xlsx([["a"]]), SHEET, b" " * (HOUSE_LIST.inflated_bytes + 1)))
    entry = data.rfind(SHEET.encode()) - 46  # the entry of the directory at the end, where its sizes are written
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    assert refusal(bytes(data)) == "zip_bomb"


@pytest.mark.parametrize(
    "far",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<c r="B4000000000"><v>1</v></c>',
        "<c r = 'ZZZZ1'><v>1</v></c>",
        '<c s="0" r="GS2"><v>1</v></c>',
    ],
)
def test_a_value_in_the_last_corner_of_a_sheet_is_refused_with_its_address(far):
    data = with_part(xlsx([["a"]]), SHEET, sheet_xml('<c r="A1"><v>1</v></c>', far))
    assert refusal(data) == "too_many_cells"


def test_a_far_row_whose_cells_have_no_address_is_refused():
    xml = sheet_xml('<c r="A1"><v>1</v></c>').replace(
        "</sheetData>", '<row r="999999999"><c><v>1</v></c></row></sheetData>'
    )
    assert refusal(with_part(xlsx([["a"]]), SHEET, xml)) == "too_many_cells"


def test_empty_cells_and_rows_far_out_do_no_harm():
    xml = sheet_xml('<c r="A1"><v>1</v></c>', '<c r="XFD1048576" s="0"/>', '<c r="XFD1048575" s="0"></c>').replace(
        "</sheetData>", '<row r="1048576" ht="12.8"></row></sheetData>'
    )
    assert first_rows(with_part(xlsx([["a"]]), SHEET, xml)) == [[1]]


def test_a_sheet_longer_or_wider_than_any_list_is_refused():
    small = replace(HOUSE_LIST, bounds=replace(HOUSE_LIST.bounds, rows=10))
    assert refusal(xlsx([["a"]] * 11), limits=small) == "too_many_cells"
    assert refusal(csv_text([["a", "b"]] * 11).encode(), limits=small) == "too_many_cells"
    assert refusal(csv_text([["a"] * 201]).encode()) == "too_many_cells"


@pytest.mark.parametrize(
    "page", [b"<html><table><tr><td>1,2</td></tr></table></html>", b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>"]
)
def test_a_web_page_under_the_name_of_a_workbook_is_told_as_one(page):
    assert refusal(page) == "web_page"


def test_csv_under_the_name_of_a_workbook_is_read():
    assert first_rows("บ้านเลขที่,ซอย\r\n12/5,7\r\n".encode("cp874")) == [["บ้านเลขที่", "ซอย"], ["12/5", "7"]]


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(part):
    assert refusal(with_part(xlsx([["a"]]), part, b"x")) == "macros"


def test_macros_of_an_open_document_and_of_old_excel_are_refused():
    table = ods_table(ods_cell("a"))
    assert refusal(with_part(ods(table), "Basic/Standard/Module1.xml", "<module/>")) == "macros"
    assert first_rows(with_part(ods(table), "Basic/Standard/script-lb.xml", "<library/>")) == [["a"]]
    assert refusal(old_excel() + "_VBA_PROJECT_CUR".encode("utf-16-le") + b"\0\0") == "macros"


def test_a_binary_workbook_is_told_as_one():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    assert refusal(packed.getvalue()) == "xlsb"


def test_an_open_document_and_an_old_excel_file_with_a_password_say_so():
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    assert refusal(with_part(ods(ods_table(ods_cell("a"))), "META-INF/manifest.xml", manifest)) == "encrypted"
    data = bytearray(old_excel())
    second_record = data.find(struct.pack("<HH", 0x0809, 16)) + 20
    struct.pack_into("<H", data, second_record, 0x002F)  # FILEPASS
    assert refusal(bytes(data)) == "encrypted"


@pytest.mark.parametrize("name", ["../../etc/x", "/etc/x", "..\\x", "C:\\x"])
def test_a_part_that_leads_out_of_the_file_is_refused(name):
    assert refusal(with_part(xlsx([["a"]]), name, "x")) == "false_paths"


def test_two_parts_of_one_name_are_damage():
    packed = io.BytesIO(xlsx([["a"]]))
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, sheet_xml())
    assert refusal(packed.getvalue()) == "damaged"


def test_sheets_of_one_name_are_damage():
    data = xlsx([["a"]], title="ก", ข=[["b"]])
    workbook = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode()
    assert refusal(with_part(data, "xl/workbook.xml", workbook.replace('name="ข"', 'name="ก"'))) == "damaged"


def test_a_value_that_the_reader_would_pass_over_is_damage():
    assert refusal(xlsx_of(sheet_xml('<c t="str"><v><![CDATA[12/5]]></v></c>', "<c><v>1</v></c>"))) == "damaged"


@pytest.mark.parametrize("name", ["../../บัญชี.xlsx", "C:\\งาน\\บัญชี.xlsx", "/tmp/บัญชี.xlsx"])
def test_of_a_file_name_only_the_name_is_kept(name):
    assert open_workbook(xlsx([["a"]]), file_name=name).file_name == "บัญชี.xlsx"


@pytest.mark.parametrize("sign", ["\n", "\x01", "\udcff", "\u202e"])
def test_a_sign_in_a_file_name_that_misleads_or_cannot_be_kept_is_shown_as_damage(sign):
    assert open_workbook(xlsx([["a"]]), file_name=f"บัญชี{sign}.xlsx").file_name == "บัญชี\ufffd.xlsx"


def test_a_pipe_is_refused_before_it_is_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(NotReadable) as refused:
        open_workbook(tmp_path / "pipe.xlsx", file_name="pipe.xlsx")
    assert refused.value.code == "no_file"


MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "docProps/core.xml"]
)
@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE])
def test_entities_are_not_opened(part, declared):
    assert refusal(with_part(xlsx([["a"]]), part, f'<?xml version="1.0"?>{declared}<a>&a;</a>')) == "zip_bomb"


def test_entities_of_an_open_document_are_not_opened():
    document = with_part(ods(), "content.xml", f"{LAUGHS}<a>&b;</a>")
    assert refusal(document) == "zip_bomb"
    assert refusal(with_part(ods(), "content.xml", f"{LAUGHS}<a>&b;</a>".encode("utf-16"))) == "zip_bomb"


def test_parts_that_share_their_bytes_are_not_opened():
    data = bytearray(xlsx([["a"]]))
    parts = sorted(zipfile.ZipFile(io.BytesIO(data)).infolist(), key=lambda part: part.header_offset)
    entry = data.rfind(parts[1].filename.encode()) - 46
    struct.pack_into("<I", data, entry + 42, parts[0].header_offset)
    assert refusal(bytes(data)) == "zip_bomb"


def test_what_a_picture_or_a_chart_alone_holds_is_no_table():
    picture = with_part(xlsx([]), "xl/media/image1.png", b"\x89PNG")
    chart = Book()
    chart.remove(chart.active)
    chart.create_chartsheet()
    saved = io.BytesIO()
    chart.save(saved)
    assert [refusal(data) for data in (picture, saved.getvalue(), ods(ods_table()), b",,\n,,\n")] == ["no_table"] * 4


def test_a_cell_with_more_text_than_any_list_has_is_named():
    with pytest.raises(NotReadable) as refused:
        read(xlsx([["a"], [None, "ก" * 32_767]], title="บ้าน"))
    assert refused.value.code == "long_text"
    assert "บ้าน!B2" in refused.value.messages[0]
    assert refusal(ods(ods_table(ods_cell("ก" * 5_001)))) == "long_text"
    assert refusal(f'1,2\n3,"{"ก" * 5_001}"\n'.encode()) == "long_text"


@pytest.mark.parametrize(
    "far",
    [
        '<table:table-row table:number-rows-repeated="20001">' + ods_cell("a") + "</table:table-row>",
        '<table:table-row table:number-rows-repeated="999999999999999999999">' + ods_cell("a") + "</table:table-row>",
        ods_cell("a", more='table:number-columns-repeated="201"'),
        '<table:table-cell table:number-columns-repeated="16383"/>' + ods_cell("a"),
    ],
)
def test_an_open_document_that_repeats_itself_beyond_bounds_is_refused(far):
    assert refusal(ods(ods_table(far))) == "too_many_cells"


def test_an_open_document_within_bounds_may_still_hold_too_much():
    row = '<table:table-row table:number-rows-repeated="20000">'
    assert (
        refusal(ods(ods_table(row + ods_cell("a", more='table:number-columns-repeated="200"') + "</table:table-row>")))
        == "zip_bomb"
    )


@pytest.mark.parametrize("part", ["mimetype", "META-INF/manifest.xml", "content.xml"])
def test_a_part_that_cannot_be_unpacked_is_damage(part):  # found by fuzzing
    data = bytearray(
        with_part(ods(ods_table(ods_cell("a" * 50))), part, MIMETYPE if part == "mimetype" else "<a/>" * 50)
    )
    begin = data.find(part.encode()) + len(part)
    data[begin : begin + 4] = b"\xff\xff\xff\xff"
    assert refusal(bytes(data)) == "damaged"


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", bytes.fromhex("d0cf11e0a1b11ae1")]))
def test_no_bytes_at_all_lead_to_anything_but_rows_or_a_sentence(noise, beginning):
    assert rows_or_sentence(beginning + noise)


SOUND = [
    xlsx([["บ้านเลขที่", "ซอย"], ["12/5", 5]]),
    ods(ods_table(ods_cell("บ้านเลขที่"), ods_cell("12/5"))),
    old_excel_with_marks(),
    csv_text([["บ้านเลขที่", "ซอย"], ["12/5", '"5"']]).encode("cp874"),
    csv_text([["บ้านเลขที่", "ซอย"], ["12/5", "5"]]).encode("utf-16"),
]


@given(st.sampled_from(SOUND), st.integers(0, 8000), st.binary(min_size=1, max_size=6), st.integers(0, 6))
def test_no_damage_to_a_file_leads_to_anything_but_rows_or_a_sentence(sound, at, noise, lost):
    at %= len(sound)
    assert rows_or_sentence(sound[:at] + noise + sound[at + lost :])


PIECES = st.sampled_from(
    [
        "<row>",
        "</row>",
        '<row r="3" hidden="1">',
        '<row r="-1"/>',
        "<c>",
        "</c>",
        '<c r="B2">',
        '<c r="XFD1048576">',
        '<c r="?">',
        '<c t="s">',
        '<c t="e">',
        '<c t="b">',
        '<c t="d">',
        '<c s="1">',
        '<c s="99">',
        "<f>1</f>",
        "<f/>",
        "<v>",
        "</v>",
        "<v>1</v>",
        "<v>#N/A</v>",
        "<v>1E400</v>",
        "<v>-1</v>",
        "<is><t>ก</t></is>",
        "<v/>",
        "&amp;",
        "&x;",
        "&#0;",
        "<!-- -->",
        "<![CDATA[<c>]]>",
        "_x0000_",
        "12/5",
        "</sheetData>",
        '<mergeCell ref="A1:B9"/>',
        '<mergeCell ref="?"/>',
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_whatever_a_sheet_says_it_is_rows_or_a_sentence(pieces):
    assert rows_or_sentence(xlsx_of(sheet_xml("".join(pieces)), styles=STYLES))


ODS_PIECES = st.sampled_from(
    [
        "<table:table-row>",
        "</table:table-row>",
        '<table:table-row table:number-rows-repeated="3">',
        "<table:table>",
        "</table:table>",
        '<table:table-row table:number-rows-repeated="0">',
        "<table:table-cell>",
        "</table:table-cell>",
        "<table:table-row-group>",
        '<table:table-cell office:value-type="float" office:value="x">',
        '<table:table-cell office:value-type="date" office:date-value="1">',
        '<table:table-cell office:value-type="string">',
        "<text:p>",
        "</text:p>",
        "12/5",
        '<text:s text:c="9"/>',
        "<table:table-source/>",
        '<table:covered-table-cell table:number-columns-repeated="-1"/>',
        "</table:table-row-group>",
        "<text:p>a</text:p>",
    ]
)


@given(st.lists(ODS_PIECES, max_size=12))
def test_whatever_an_open_document_says_it_is_rows_or_a_sentence(pieces):
    assert rows_or_sentence(ods(ods_table("".join(pieces))))


def rows_or_sentence(data):
    """What a person gets to see for the file; any other exception fails the test."""
    try:
        return read(data).sheets or ["no sheet"]
    except NotReadable as refused:
        return refused.messages[0]
