"""Reading workbooks: what the cells say, where they stand, and which files are not opened."""

import datetime
import io
import struct
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.file_safety import HOUSE_LIST
from households.tests.books import csv_text, old_excel, with_part, xlsx
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


def sheet_xml(*cells):
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


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


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", bytes.fromhex("d0cf11e0a1b11ae1")]))
def test_no_bytes_at_all_lead_to_anything_but_rows_or_a_sentence(noise, beginning):
    assert rows_or_sentence(beginning + noise)


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=6))
def test_no_damage_to_a_workbook_leads_to_anything_but_rows_or_a_sentence(at, noise):
    data = bytearray(_SOUND)
    data[at % len(data) : at % len(data) + len(noise)] = noise
    assert rows_or_sentence(bytes(data))


def rows_or_sentence(data):
    """What a person gets to see for the file; any other exception fails the test."""
    try:
        return read(data).sheets or ["no sheet"]
    except NotReadable as refused:
        return refused.messages[0]


_SOUND = xlsx([["บ้านเลขที่", "ซอย"], ["12/5", 5]])
