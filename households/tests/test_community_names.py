import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_text import to_thai_digits
from households.reading.community_names import CommunityNames

ONE, ELEVEN, TEMPLE, PLAIN = 1, 2, 3, 4
KNOWN = [
    (ONE, "10150007", "ชุมชนโรงเจ 1"),
    (ELEVEN, "10150008", "ชุมชนโรงเจ 11"),
    (TEMPLE, "10150005", "ชุมชนวัดกัลยาณ์"),
    (PLAIN, "", "ชุมชนโรงเจ"),
]
names = CommunityNames(KNOWN)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("โรงเจ 1", {ONE}),
        ("ชุมชนโรงเจ๑", {ONE}),
        ("โรงเจ 11", {ELEVEN}),
        ("1. โรงเจ 1 (แก้ไข)", {ONE}),
        ("โรงเจ", {PLAIN}),
        ("โรงเจ 2", set()),
        ("10150005", {TEMPLE}),
        ("บัญชี 10150007.xlsx", {ONE}),
        ("110150007", set()),
        ("ซอยวัดกัลยาณ์", set()),
        ("ซ. วัดกัลยาณ์", set()),
        ("Sheet1", set()),
    ],
)
def test_the_name_of_a_sheet_means_a_community(text, meant):
    assert names.in_sheet_name(text) == meant


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        (["บัญชีเลขที่บ้าน ชุมชนโรงเจ 1 จำนวน 20 หลัง"], {ONE}),
        (["เรียน ประธานชุมชนโรงเจ 11", "บัญชีชุมชนโรงเจ 1"], {ONE}),
        (["ชุมชนวัดกัลยาณ์แขวงวัดกัลยาณ์"], {TEMPLE}),
        (["ชุมชนวัดกัลยาณมิตร"], set()),
        (["แขวงวัดกัลยาณ์ เขตธนบุรี"], set()),
        ([], set()),
    ],
)
def test_titles_mean_the_community_named_nearest_to_the_table(lines, meant):
    assert names.in_titles(lines) == meant


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("ชุมชนโรงเจ 11", {ELEVEN}),
        ("บัญชีบ้านชุมชนโรงเจ 1", {ONE}),
        ("ซอยข้างชุมชนโรงเจ 1", set()),
        ("ริมชุมชนโรงเจ 1", set()),
    ],
)
def test_amid_the_rows_only_a_title_means_a_community(line, meant):
    assert names.in_line_of_table(line) == meant


@given(st.sampled_from(KNOWN), st.sampled_from(["", "ชุมชน", "  "]), st.booleans())
def test_every_name_is_known_however_it_is_typed(known, before, thai):
    pk, _code, name = known
    typed = before + name.removeprefix("ชุมชน")
    assert names.in_cell(to_thai_digits(typed) if thai else typed) == {pk}


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(text):
    for find in (names.in_sheet_name, names.in_line_of_table, names.in_cell):
        assert find(text) <= {ONE, ELEVEN, TEMPLE, PLAIN}
    CommunityNames([(1, text, text)]).in_titles([text])
