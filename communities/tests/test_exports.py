"""Tables as files: what stands in them, that nothing in them runs, and that a long one is never whole in memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from decimal import Decimal

import openpyxl
import pytest
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from communities.exports import LONGEST_CELL, Table, csv_pieces, workbook
from communities.models import District, ListAccess, Role
from communities.tests.factories import DistrictFactory, appoint
from communities.views_exports import export_response

from .test_formulas import TEXTS, first_sign_of

STAMP = "ผู้ใช้ 6 กุมภาพันธ์ 2558"
DISTRICT = District(code="1015", name_th="ธนบุรี")
MANY = 50_000
MOST_BYTES = 8_000_000


def table_of(*rows, headings=("One", "Two"), **more):
    columns = [(heading, lambda row, place=place: row[place]) for place, heading in enumerate(headings)]
    return Table("Houses", more.pop("district", DISTRICT), columns, rows, **more)


def as_csv(table):
    text = "".join(csv_pieces(table, STAMP))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def as_sheet(table):
    with workbook(table, STAMP) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).active


def test_csv_has_headings_rows_and_a_last_line_with_count_stamp_and_filter():
    with translation.override("en"):
        lines = as_csv(table_of(["12/3", 4], ["เทอดไท", None], conditions=[("Soi", "5"), ("State", "untagged")]))
    assert lines[:3] == [["One", "Two"], ["12/3", "4"], ["เทอดไท", ""]]
    assert lines[3] == ["Houses · ธนบุรี District", "2 rows", STAMP, "Filter: Soi: 5; State: untagged"]


def test_a_sheet_has_title_stamp_filter_headings_rows_and_the_count_below():
    with translation.override("en"):
        sheet = as_sheet(table_of(["12/3", 4], ["x", Decimal("2.5")]))
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in cells[:3]] == ["Houses · ธนบุรี District", STAMP, "Filter: none"]
    assert cells[3:6] == [["One", "Two"], ["12/3", 4], ["x", 2.5]]
    assert cells[7][0] == f"2 rows · {STAMP}"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert STAMP in sheet.oddFooter.left.text


def test_numbers_stay_numbers_also_below_nothing():
    table = table_of([-5, Decimal("-0.5")])
    assert as_csv(table)[1] == ["-5", "-0.5"]
    assert [cell.value for cell in as_sheet(table)[5]] == [-5, -0.5]


def test_a_text_that_looks_like_a_formula_is_text_when_its_cell_is_edited():
    cell = as_sheet(table_of(["=1+1", ""]))["A5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_cell_of_csv_begins_a_formula(rows):
    table = table_of(*rows, headings=("=1", "@x"), conditions=[("=a", "-b")])
    for line in as_csv(table):
        for cell in line:
            assert first_sign_of(cell) not in tuple("=+-@")


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
@settings(max_examples=40, deadline=None)
def test_no_cell_of_a_sheet_is_a_formula(rows):
    sheet = as_sheet(table_of(*rows, headings=("=1", "@x"), conditions=[("=a", "-b")]))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s"}


def test_a_text_longer_than_a_cell_is_cut_not_lost():
    assert len(as_sheet(table_of(["x" * 40_000, ""]))["A5"].value) == LONGEST_CELL


def test_the_pieces_speak_the_language_of_the_page():
    with translation.override("en"):
        pieces = csv_pieces(table_of(["x", "y"]), STAMP)
    with translation.override("th"):
        assert "1 row," in "".join(pieces)


def _peak(take):
    tracemalloc.start()
    take()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _long():
    columns = [(f"column {place}", lambda line, place=place: f"บ้านเลขที่ {line}/{place}") for place in range(8)]
    return Table("Houses", DISTRICT, columns, iter(range(MANY)))


def test_fifty_thousand_rows_of_csv_take_little_memory():
    assert _peak(lambda: sum(map(len, csv_pieces(_long(), STAMP)))) < MOST_BYTES


def test_fifty_thousand_rows_of_a_workbook_take_little_memory():
    assert _peak(lambda: workbook(_long(), STAMP).close()) < MOST_BYTES


# --- asked for by a page ---


@pytest.fixture
def officer(db):
    return appoint(Role.OFFICER, DistrictFactory(code="1015"))


def asked(officer, table, **query):
    request = RequestFactory().get("/houses/", query)
    request.user = officer
    request._messages = _Messages()
    return request, export_response(request, table)


class _Messages(list):
    def add(self, _level, message, _tags):
        self.append(message)


def test_a_table_of_houses_is_recorded_with_its_purpose(officer):
    table = table_of(["1", "2"], houses=1, district=District.objects.get(code="1015"))
    _request, answer = asked(officer, table, format="csv", purpose=" ตรวจ ")
    assert answer.streaming
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    [access] = ListAccess.objects.all()
    assert (access.deed, access.houses, access.purpose, access.person) == ("exported", 1, "ตรวจ", officer)
    text = answer.getvalue().decode()
    assert str(officer) in text
    assert "ตรวจ" in text


def test_figures_are_stamped_but_not_recorded(officer):
    _request, answer = asked(officer, table_of(["1", "2"]), format="xlsx", purpose="ประชุม")
    assert b"".join(answer)[:2] == b"PK"
    assert not ListAccess.objects.exists()


@pytest.mark.parametrize("purpose", ["", "  ", "x" * 201])
@pytest.mark.parametrize("houses", [None, 1])
def test_without_a_purpose_it_leads_back_to_the_page_under_its_conditions(officer, purpose, houses):
    table = table_of(["1", "2"], houses=houses)
    request, answer = asked(officer, table, format="csv", purpose=purpose, q="12/3", after="5")
    assert (answer.status_code, answer.url) == (302, "/houses/?q=12%2F3")
    assert len(request._messages) == 1
    assert not ListAccess.objects.exists()
