"""The cover, the indicators and the account of struck-off houses in the month's workbook."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation

from reports.indicator_list import BY_CODE, KPIS, Fact, Told, read
from reports.report_contents import ReportContents
from reports.report_letter import ReportLetter
from reports.tests.test_workbook import LETTER, Month, a_month, house, stored, thai, written
from reports.workbook import build_workbook
from reports.workbook_cover import CORRECTION, READING, REFERENCE, TARGET, TILES
from reports.workbook_look import FIRST

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

# Facts of the first and second community of a month, and one of a community that is no longer there.
FACTS = [
    Fact(place, f"{number}/2558", datetime.date(2015, 3, number), "/", number=number * 10, counts=number % 3 > 0)
    for number, place in enumerate((1, 1, 2, 1, 2, 2, 99), 1)
]


def told(figures, kpi, facts=FACTS, target=None):
    """What a report says of the indicator where these are the facts."""
    facts = [] if kpi.facts is None else facts
    with translation.override("th"):
        return Told(read(kpi, figures.at_end, facts), facts, target)


def a_whole_month(facts=FACTS, targets=None, month=None, letter=LETTER):
    """A month of three communities with every indicator, as a workbook."""
    month = month or a_month()
    figures = month.figures()
    indicators = [told(figures, kpi, facts, (targets or {}).get(kpi.code)) for kpi in KPIS]
    return build_workbook(ReportContents(figures, month.houses, indicators=indicators), letter)


def compare(workbook, anew):
    """Every formula's stored value is the one that was computed anew; returns how many were compared."""
    formulas, values = written(workbook), stored(workbook)
    compared = 0
    for sheet in formulas:
        for cell in (cell for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"):
            kept, computed = (book[sheet.title][cell.coordinate].value for book in (values, anew))
            assert not str(computed).startswith("#"), (sheet.title, cell.coordinate)
            assert kept == (pytest.approx(computed) if isinstance(computed, int | float) else computed), (
                sheet.title,
                cell.coordinate,
            )
            compared += 1
    return compared


def test_every_indicator_computes_to_the_reading_that_is_stored(all_recalculated):
    nobody = Month().community([], expected=0).community([house(1)], expected=None, name="ชุมชนสอง")
    books = {
        "whole": a_whole_month(),
        "without_facts": a_whole_month(facts=[]),
        "nobody": a_whole_month(month=nobody),
        "no_communities": a_whole_month(facts=[], month=Month()),
    }
    anew = all_recalculated(books)
    compared = {name: compare(workbook, anew[name]) for name, workbook in books.items()}
    assert min(compared.values()) > 20
    assert compared["whole"] > compared["nobody"] > compared["no_communities"]


def test_a_sheet_of_an_indicator_lists_what_it_counted_and_reads_it_by_community():
    book = stored(a_whole_month())
    (sheet,) = (sheet for sheet in book if sheet["A1"].value == thai("Cases closed within the office's working days"))
    readings = [sheet.cell(FIRST + 1 + row, 4).value for row in range(4)]
    assert readings == [pytest.approx(100.0), pytest.approx(33.3), "–", pytest.approx(71.4)]
    counted = [sheet.cell(FIRST + 1 + row, 5).value for row in range(4)]
    assert counted == [3, 3, 0, 7]
    names = [cell.value for (cell,) in sheet.iter_rows(min_col=3, max_col=3)]
    assert [name for name in names if name and name.endswith("/2558")] == [fact.name for fact in FACTS]


def test_the_cover_shows_the_month_at_a_glance_and_each_indicator_beside_its_target():
    targets = {"houses_tagged": Decimal(6), "percent_of_plan": Decimal("75.5")}
    workbook = a_whole_month(targets=targets)
    cover, formulas = stored(workbook)["ปก"], written(workbook)["ปก"]
    tiles = [cover.cell(TILES + 1, 1 + 2 * tile).value for tile in range(4)]
    assert tiles == [6, pytest.approx(0.4), 6, "1 / 3"]
    lines = {row[0].value: row for row in cover.iter_rows() if row[0].value}
    tagged, share = (lines[thai(str(_english(code)))] for code in ("houses_tagged", "percent_of_plan"))
    assert [tagged[column].value for column in (READING, TARGET)] == [6, 6]
    assert [share[column].value for column in (READING, TARGET)] == [pytest.approx(40.0), 75.5]
    assert (tagged[7].value, share[7].value) == (thai("yes"), thai("not yet"))
    assert formulas.cell(tagged[0].row, 1).hyperlink.location.startswith("'1 ")


def _english(code):
    with translation.override("en"):
        return str(BY_CODE[code].name)


def test_a_correcting_report_says_on_its_cover_what_it_corrects_and_who_stand_for_it():
    letter = ReportLetter(6, "กท ๕๕๐๒/๒๐๐", datetime.date(2015, 5, 5), 5, "=บ้าน 2 หลังลงผิด", "นางสาวตรวจ", "นายหัวหน้า")
    cover = written(a_whole_month(letter=letter))["ปก"]
    assert cover.cell(REFERENCE + 1, 1).value.endswith(thai("corrects round %(round)s") % {"round": 5})
    assert "=บ้าน 2 หลังลงผิด" in cover.cell(CORRECTION + 1, 1).value
    assert cover.cell(CORRECTION + 1, 1).data_type == "s"
    texts = [cell.value for cells in cover.iter_rows() for cell in cells if cell.value]
    assert f"{thai('Checked by')} นางสาวตรวจ" in texts
    assert f"{thai('Issued by')} นายหัวหน้า" in texts


def test_names_of_indicators_that_look_like_a_formula_stay_text():
    facts = [Fact(1, "=1+1", datetime.date(2015, 3, 2), "/")]
    book = openpyxl.load_workbook(io.BytesIO(a_whole_month(facts=facts)))
    found = [cell for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value == "=1+1"]
    assert found
    assert {cell.data_type for cell in found} == {"s"}
