"""Reading workbooks: what the cells say, and where they stand."""

import datetime
import io
import zipfile

import pytest

from households.tests.books import (
    STYLES,
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
from households.tests.opening import read
from households.workbook import cell_address


def first_rows(data):
    return read(data).sheets[0].rows


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
