"""Whatever a file holds, a person gets its rows or a sentence: workbooks damaged and pieced together at random."""

from hypothesis import given
from hypothesis import strategies as st

from households.tests.books import (
    STYLES,
    csv_text,
    ods,
    ods_cell,
    ods_table,
    old_excel_with_marks,
    sheet_xml,
    xlsx,
    xlsx_of,
)
from households.tests.opening import read
from households.workbook import NotReadable


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
