"""Which sheets are lists, tried on sheets that no clerk would make."""

from hypothesis import example, given
from hypothesis import strategies as st

from households.reading.community_names import CommunityNames
from households.reading.list_sheets import Basis, Known, Layout, find_lists
from households.workbook import Sheet

NAMES = CommunityNames([(1, "10150007", "ชุมชนโรงเจ 1"), (2, "10150008", "ชุมชนโรงเจ 2")])
HEADER = ["ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง", "ชุมชน"]
WORDS = [*HEADER, "ที่อยู่", "เลขที่", "12/3", "5", "เทอดไท 5", "ชุมชนโรงเจ 2", "รวม 3 หลัง", "12/3 ซ.เทอดไท 5", "(ลงชื่อ)"]

cells = st.none() | st.sampled_from(WORDS) | st.text(max_size=6) | st.integers(0, 99) | st.dates()
tables = st.lists(st.lists(cells, max_size=7), max_size=10)
merged = st.lists(
    st.tuples(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.tuples(st.integers(4, 8), st.integers(4, 8))),
    max_size=1,
)


def sheet_of(rows, name="บัญชี", **more):
    return Sheet(name, [list(row) for row in rows], **more)


@given(st.lists(st.tuples(tables, st.booleans(), merged), max_size=3))
def test_whatever_stands_in_a_file_every_sheet_is_a_list_or_passed_over(sheets):
    made = [sheet_of(rows, str(at), is_hidden=hidden, merged=area) for at, (rows, hidden, area) in enumerate(sheets)]
    found = find_lists(made, Known(NAMES))
    told = {part.sheet.name for part in found.parts} | {sheet.name for sheet in found.passed}
    told |= {sheet.name for sheet, _header in found.doubled}
    filled = {sheet.name for sheet in made if any(cell is not None for row in sheet.rows for cell in row)}
    assert filled <= told


HEADINGS = [*HEADER, "ที่อยู่", "เลขที่", "เขต", "อาคาร", "ชื่อ", "12/3", "ซ.เทอดไท 5", "รวม", None]
headings = st.lists(st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=8), min_size=1, max_size=7)
layouts = st.builds(
    Layout,
    st.fixed_dictionaries({"house_no": st.integers(0, 9)}, optional={"soi": st.integers(0, 9)}),
    row=st.integers(0, 8),
)


@given(headings, st.none() | layouts)
@example([["เขต", "ที่อยู่"], [5, "บ้านเลขที่"], ["ลำดับ", "ที่อยู่"], ["แขวง", "ซอย"], ["ลำดับ", "อาคาร"]], None)
def test_words_of_headers_in_any_place_are_read_whether_or_not_a_person_named_the_columns(rows, layout):
    found = find_lists([sheet_of(rows)], Known(NAMES, said={0: layout} if layout else {}))
    for part in found.parts:
        for line in part.lines:
            assert line.header.number in line.header.kept


@given(tables)
def test_no_row_below_a_header_is_lost(rows):
    found = find_lists([sheet_of([HEADER, *rows])], Known(NAMES))
    if len(found.parts) == 1 and found.parts[0].basis is Basis.HEADER:
        [part] = found.parts
        seen = {line.at for line in part.lines}
        readable = {at for at, row in enumerate(rows, 1) if len(row) > 1 and row[1] in ("12/3", "5")}
        assert readable <= seen


@given(tables, st.integers(0, 5))
def test_a_persons_word_is_taken_whatever_the_sheet_says(rows, row):
    said = {0: Layout({"house_no": 1, "soi": 2}, row=row)}
    for part in find_lists([sheet_of(rows)], Known(NAMES, said=said)).parts:
        assert part.headers[0].columns == {"house_no": 1, "soi": 2}


def test_rows_of_both_communities_of_a_sheet_are_told_apart_by_their_column():
    rows = [HEADER, [1, "5", None, None, None, "โรงเจ 1"], [2, "6", None, None, None, "โรงเจ 2"], [3, "7"]]
    parts = find_lists([sheet_of(rows)], Known(NAMES)).parts
    assert {tuple(part.named): [line.at for line in part.houses] for part in parts} == {(1,): [1], (2,): [2, 3]}
