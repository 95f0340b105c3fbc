"""Files that are not opened, each with its sentence."""

import io
import os
import struct
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook as Book

from households.files.file_safety import HOUSE_LIST
from households.tests.books import csv_text, ods, ods_cell, ods_table, old_excel, sheet_xml, with_part, xlsx, xlsx_of
from households.tests.opening import read, refusal
from households.workbook import NotReadable, open_workbook

SHEET = "xl/worksheets/sheet1.xml"


def first_rows(data):
    return read(data).sheets[0].rows


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
