"""Finding a table's header and saying where something stands."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from communities.tables import Column, few, find_table, text_of

COLUMNS = (Column("code", ("รหัสชุมชน", "community code")), Column("name", ("ชื่อชุมชน", "ชุมชน")))


def find(*sheets):
    return find_table(sheets, COLUMNS, file_name="ชุมชน.xlsx")


def refusal(*sheets):
    with pytest.raises(ValidationError) as refused:
        find(*sheets)
    return refused.value


def test_a_header_is_found_below_titles_and_beside_other_columns():
    rows = [["บัญชีชุมชน", None], [None, None], ["ลำดับ", " รหัส ชุมชน ", "ชื่อชุมชน*", None], [1, "10150001", "กุฎีขาว"]]
    table = find(("ปก", []), ("บัญชี", rows))
    assert (table.sheet_name, table.header_row, table.columns) == ("บัญชี", 2, {"code": 1, "name": 2})


def test_of_two_headings_that_mean_the_same_the_more_usual_one_counts():
    table = find(("", [["ชุมชน", "รหัสชุมชน", "ชื่อชุมชน"], ["x", "1", "กุฎีขาว"]]))
    assert table.columns["name"] == 2


def test_a_missing_column_is_named_with_the_row_and_all_that_was_looked_for():
    columns = (*COLUMNS, Column("type", ("ประเภท",)))
    with pytest.raises(ValidationError) as refused:
        find_table([("แผ่น1", [["รหัสชุมชน", "ชื่อชุมชน"]])], columns, file_name="ชุมชน.xlsx")
    assert refused.value.code == "columns_missing"
    sentence = refused.value.messages[0]
    assert all(word in sentence for word in ("ชุมชน.xlsx", "แผ่น1", "1", "ประเภท", "รหัสชุมชน, ชื่อชุมชน, ประเภท"))


@pytest.mark.parametrize("rows", [[], [["10150001", "กุฎีขาว"]], [["", ""]] * 20 + [["รหัสชุมชน", "ชื่อชุมชน"]]])
def test_a_sheet_without_a_header_near_its_top_says_which_columns_were_looked_for(rows):
    refused = refusal(("แผ่น1", rows))
    assert refused.code == "no_header"
    assert "รหัสชุมชน, ชื่อชุมชน" in refused.messages[0]


def test_a_column_that_stands_twice_is_refused():
    assert refusal(("", [["รหัสชุมชน", "ชื่อชุมชน", "รหัสชุมชน"]])).code == "column_twice"


def test_the_same_table_on_two_sheets_is_refused_with_their_names():
    rows = [["รหัสชุมชน", "ชื่อชุมชน"], ["1", "กุฎีขาว"]]
    refused = refusal(("แขวง 1", rows), ("แขวง 2", rows))
    assert refused.code == "several_tables"
    assert "แขวง 1, แขวง 2" in refused.messages[0]


def test_cells_become_text_as_they_are_read_aloud():
    values = [None, "  a ", 101503, 12.5, datetime.date(2015, 2, 6), "a\x00b"]
    assert [text_of(value) for value in values] == ["", "a", "101503", "12.5", "2015-02-06", "ab"]


def test_many_rows_are_shortened_and_counted():
    assert few([0, 4]) == "1, 5"
    assert few(range(12)).startswith("1, 2, 3, 4, 5 … (12 ")
