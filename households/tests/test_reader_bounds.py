"""Files made to keep a reader busy: whatever they claim, neither memory nor time run away.

Each is read in a process of its own, and the system tells how much that took.
"""

import json
import struct
import subprocess
import sys

import pytest
from django.conf import settings

from households.tests.books import ods, ods_cell, ods_table, old_excel, sheet_xml, with_part, xlsx, xlsx_of

MOST_MEGABYTES = 500
MOST_SECONDS = 10
_PROGRAM = """
import django, json, os, sys
django.setup()
from pathlib import Path
from households.workbook import NotReadable, open_workbook

def outcome(path):
    try:
        return f"{len(open_workbook(path, file_name='x').sheets[0].rows)} rows"
    except NotReadable as refused:
        return refused.code

for path in sorted(Path(sys.argv[1]).iterdir()):
    child = os.fork()
    if not child:
        print(json.dumps(outcome(path)), end=", ", flush=True)
        os._exit(0)
    _child, _status, usage = os.wait4(child, 0)
    print(json.dumps([usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime]), flush=True)
"""


CELL = "<c><v>1</v></c>"
CORNERS = ('<c r="GR1"><v>1</v></c>', '<c r="A20000"><v>1</v></c>')
MERGED = "<mergeCells>" + '<mergeCell ref="A1:GR20000"/>' * 100_000 + "</mergeCells>"
STYLES = "<cellXfs>" + '<xf numFmtId="10"/>' * 100_000 + "</cellXfs>"
ROWS_OF_ODS = '<table:table-row table:number-rows-repeated="20000">{}</table:table-row>'


def filled(rows, columns, cell='<c s="0"><v>1.5</v></c>'):
    return xlsx_of(sheet_xml(*[cell * columns] * rows), styles='<cellXfs><xf numFmtId="10"/></cellXfs>')


def hidden(rows):
    return xlsx_of(sheet_xml(CELL).replace("</sheetData>", '<row hidden="1"/>' * rows + "</sheetData>"))


def long_string(letters, uses):
    return xlsx_of(sheet_xml(*['<c t="s"><v>0</v></c>'] * uses), strings=f"<si><t>{'ก' * letters}</t></si>")


def long_string_in_sheets(letters, uses, *, sheets):
    data = xlsx([["a"]], **{f"s{nth}": [["a"]] for nth in range(1, sheets)})
    for nth in range(sheets):
        part = sheet_xml(*['<c t="s"><v>0</v></c>'] * uses)
        data = with_part(data, f"xl/worksheets/sheet{nth + 1}.xml", part)
    return with_part(data, "xl/sharedStrings.xml", f"<sst><si><t>{'ก' * letters}</t></si></sst>")


def repeated(columns):
    cell = ods_cell("ก" * 7, more=f'table:number-columns-repeated="{columns}"')
    return ods(ods_table(ROWS_OF_ODS.format(cell)))


def reserving():
    """An .xls whose number 42 in row 5 is said to stand in the last cell there can be."""
    data = bytearray(old_excel())
    struct.pack_into("<HH", data, data.find(struct.pack("<HHH", 0x027E, 10, 4)) + 4, 65_535, 65_535)
    return bytes(data)


WORST = {
    "as much as is taken": (lambda: filled(20_000, 19), "20000 rows"),
    "two values in far corners": (lambda: xlsx_of(sheet_xml(*CORNERS)), "20000 rows"),
    "rows and columns full": (lambda: filled(4_000, 200), "zip_bomb"),
    "empty cells without end": (lambda: filled(1, 600_000, "<c/>"), "no_table"),
    "hidden rows without end": (lambda: hidden(500_000), "1 rows"),
    "a long text in every row": (lambda: long_string(32_767, 20_000), "long_text"),
    "a text in every row": (lambda: long_string(4_999, 20_000), "zip_bomb"),
    "areas merged over each other": (lambda: xlsx_of(sheet_xml(CELL, after=MERGED)), "zip_bomb"),
    "styles without end": (lambda: xlsx_of(sheet_xml(CELL), styles=STYLES), "zip_bomb"),
    "elements inside each other": (lambda: xlsx_of("<a>" * 200_000 + "</a>" * 200_000), "no_table"),
    "references without end": (lambda: xlsx_of('<a b="' + " r='AB1'" * 500_000 + '"/>'), "zip_bomb"),
    "attributes without end": (
        lambda: xlsx_of("<a " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>"),
        "zip_bomb",
    ),
    "a text in every sheet": (lambda: long_string_in_sheets(4_999, 100, sheets=40), "zip_bomb"),
    "a zip of zeros": (lambda: with_part(xlsx([["a"]]), "xl/media/a.bin", bytes(70_000_000)), "zip_bomb"),
    "spaces of an open document": (
        lambda: ods(ods_table(ods_cell("<text:s text:c='1000'/>" * 1_000_000))),
        "long_text",
    ),
    "tables of an open document": (lambda: ods(ods_table() * 20_000), "zip_bomb"),
    "rows of an open document": (lambda: repeated(19), "20000 rows"),
    "an old file that reserves all memory": (reserving, "damaged"),
    "blank lines": (lambda: b"1,2\n" + b"\n" * 19_000_000, "1 rows"),
    "blank lines before a value": (lambda: b"1,2\n" + b"\n" * 19_000_000 + b"1,2\n", "too_many_cells"),
    "columns of a text": (lambda: b"1,2\n" + b"," * 19_000_000 + b"1\n", "too_many_cells"),
    "lines of a text": (lambda: b"1,2,3\n" * 3_000_000, "too_many_cells"),
    "one cell of a text": (lambda: b'1,2\n"' + b"a" * 19_000_000, "long_text"),
    "wide letters": (lambda: "เทอดไท 5,\n".encode("utf-16-le") * 900_000, "too_many_cells"),
    "zeros": (lambda: bytes(19_000_000), "empty_file"),
}


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """What became of each file, and the megabytes and seconds of the processor that it took."""
    folder = tmp_path_factory.mktemp("worst")
    for name, (make, _expected) in WORST.items():
        (folder / name).write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "thonburi_registry.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(sorted(WORST), (json.loads(f"[{line}]") for line in done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("worst", WORST)
def test_no_file_takes_more_memory_or_time_than_is_granted(worst, taken):
    outcome, (megabytes, seconds) = taken[worst]
    assert outcome == WORST[worst][1]
    assert megabytes < MOST_MEGABYTES
    assert seconds < MOST_SECONDS
