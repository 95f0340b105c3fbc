"""The month's KPI workbook as its readers meet it: in Excel, in a phone's preview that computes nothing, on paper."""

import datetime
import io
import re
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

from communities.models import District
from reports.figures import CommunityFigures, DistrictFigures, HouseLine, MonthFigures, MonthLine
from reports.report_contents import ReportContents
from reports.report_letter import ReportLetter
from reports.workbook import build_workbook
from reports.workbook_cover import REFERENCE as OF_COVER
from reports.workbook_look import ANSWER, FIRST, HEADINGS, REFERENCE, TITLE

# openpyxl says of every workbook with bars in its cells that it will not keep them.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

MONTH = datetime.date(2015, 3, 1)
LETTER = ReportLetter(5, "กท ๕๕๐๒/๑๕๙", datetime.date(2015, 4, 1))
# Columns of the summary and of a community's sheet, from 1 as openpyxl counts them.
NO, CODE, NAME, SUBDISTRICT, EXPECTED, THIS_MONTH, TAGGED, SHARE, REMAINING = range(1, 10)
HOUSE_NO, LANE, ROAD, HOUSE_CODE, TAGGED_ON, BY, STATE = 2, 3, 4, 6, 7, 8, 9


def thai(sentence):
    """The sentence as the workbook has it."""
    with translation.override("th"):
        return gettext(sentence)


def house(number, **facts):
    """A house of a community, numbered within it."""
    known = {
        "house": number,
        "house_code": f"1015{number:07d}",
        "house_no": f"{number}/1",
        "trok": "",
        "soi": "เทอดไท 5",
        "road": "เทอดไท",
        "subdistrict": "ตลาดพลู",
        "tagged_on": datetime.date(2015, 3, 2),
        "by_machine": True,
        "is_struck": False,
    }
    return HouseLine(**known | facts)


class Month:
    """A month in the making, community by community."""

    def __init__(self):
        self.lines, self.houses = [], {}

    def community(self, houses, *, expected=10, code=None, name="ชุมชนโรงคราม", this_month=None, moved=(0, 0)):
        """Add a community with these houses."""
        place = len(self.lines) + 1
        at_end = CommunityFigures(
            community=place,
            code=f"{10150000 + place}" if code is None else code,
            name=name,
            subdistrict="วัดกัลยาณ์",
            expected=expected,
            listed=len(houses),
            tagged=len(houses),
            live=sum(not line.is_struck for line in houses),
            tagged_by_machine=sum(line.by_machine for line in houses),
            is_complete=len(houses) == expected,
        )
        first = len(houses) if this_month is None else this_month
        self.lines.append(MonthLine(at_end, first, *moved))
        self.houses[place] = list(houses)
        return self

    def figures(self):
        """The month's figures."""
        district = District(code="1015", name_th="ธนบุรี")
        at_end = DistrictFigures(district, datetime.date(2015, 3, 31), tuple(line.at_end for line in self.lines))
        return MonthFigures(MONTH, at_end, tuple(self.lines))

    def build(self, letter=LETTER):
        """The workbook's bytes."""
        return build_workbook(ReportContents(self.figures(), self.houses), letter)


def a_month():
    """Three communities: one complete with a house struck off since, one behind, one of which nobody said a number."""
    return (
        Month()
        .community([house(1), house(2, is_struck=True), house(3, by_machine=False)], expected=3)
        .community([house(4)], expected=7, name="ชุมชนสวนพลู")
        .community([house(5), house(6)], expected=None, name="ชุมชนบางไส้ไก่")
    )


def stored(workbook):
    """The workbook as a reader sees it that computes nothing."""
    return openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)


def written(workbook):
    """The workbook with its formulas."""
    return openpyxl.load_workbook(io.BytesIO(workbook))


def row_of(sheet, column, text):
    """The number of the one row that has the text in that column."""
    (row,) = (cells[0].row for cells in sheet.iter_rows() if cells[column - 1].value == text)
    return row


def test_stored_values_are_what_the_formulas_give_when_computed_anew(recalculated):
    workbook = a_month().build()
    formulas, values, anew = written(workbook), stored(workbook), recalculated(workbook)
    compared = 0
    for sheet in formulas:
        for cell in (cell for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"):
            kept, computed = (book[sheet.title][cell.coordinate].value for book in (values, anew))
            assert kept == (pytest.approx(computed) if isinstance(computed, float) else computed), cell
            compared += 1
    # Three a community, three more where a house is struck off, five totals, the live houses, the line on top; and
    # three on the cover.
    assert compared == 3 * 3 + 3 + 2 + 5 + 1 + 1 + 3


def test_totals_are_formulas_over_the_rows_with_their_values_beside_them():
    workbook = a_month().build()
    formulas, values = written(workbook)["สรุป"], stored(workbook)["สรุป"]
    total = row_of(values, NAME, thai("Total"))
    assert formulas.cell(total, TAGGED).value == f"=SUM(G{FIRST + 1}:G{total - 1})"
    assert [values.cell(total, column).value for column in (EXPECTED, THIS_MONTH, TAGGED, REMAINING)] == [10, 6, 6, 6]


def test_the_total_is_the_sum_of_the_counts_on_the_communities_sheets():
    book = stored(a_month().build())
    summary = book["สรุป"]
    counts = [
        sheet.cell(row_of(sheet, HOUSE_NO, thai("Houses in all")), HOUSE_CODE).value for sheet in book.worksheets[2:]
    ]
    assert sum(counts) == summary.cell(row_of(summary, NAME, thai("Total")), TAGGED).value == 6


def test_a_communitys_cumulative_number_points_at_the_count_on_its_own_sheet():
    summary = written(a_month().build())["สรุป"]
    assert summary.cell(FIRST + 2, TAGGED).value == "='10150002 ชุมชนสวนพลู'!F7"


def test_houses_struck_off_are_counted_and_the_live_ones_are_told_beside_them():
    book = stored(a_month().build())
    summary, first = book.worksheets[1:3]
    assert summary.cell(row_of(summary, NAME, thai("of them still in the register")), TAGGED).value == 5
    assert first.cell(row_of(first, HOUSE_NO, thai("still in the register")), HOUSE_CODE).value == 2
    assert [first.cell(row, STATE).value for row in range(FIRST + 1, FIRST + 4)] == [
        thai("in the register"),
        thai("struck off"),
        thai("in the register"),
    ]


def test_nothing_is_said_of_live_houses_where_none_is_struck_off():
    summary = stored(Month().community([house(1)]).build())["สรุป"]
    assert thai("of them still in the register") not in [cell.value for cell in summary["C"]]


def test_a_community_without_an_expected_number_has_an_empty_cell_and_no_share():
    summary = stored(a_month().build())["สรุป"]
    row = FIRST + 3
    assert [summary.cell(row, column).value for column in (EXPECTED, SHARE, REMAINING)] == [None, "–", 0]


def test_houses_that_nobody_expected_do_not_raise_the_districts_share(recalculated):
    workbook = a_month().build()
    for book in (stored(workbook), recalculated(workbook)):
        summary = book["สรุป"]
        total = row_of(summary, NAME, thai("Total"))
        # Three of three and one of seven; the two houses of the third community are of no expected number.
        assert summary.cell(total, SHARE).value == pytest.approx(4 / 10)
        assert "40.0%" in summary.cell(ANSWER + 1, 1).value


def test_houses_beyond_an_expected_number_of_nought_count_in_the_districts_share(recalculated):
    workbook = Month().community([house(1)], expected=0).community([house(2)], expected=4).build()
    for book in (stored(workbook), recalculated(workbook)):
        summary = book["สรุป"]
        assert summary.cell(row_of(summary, NAME, thai("Total")), SHARE).value == 2 / 4


def test_an_expected_number_of_nought_divides_nothing(recalculated):
    workbook = Month().community([house(1)], expected=0).build()
    for book in (stored(workbook), recalculated(workbook)):
        summary = book["สรุป"]
        assert [summary.cell(FIRST + 1, column).value for column in (EXPECTED, SHARE, REMAINING)] == [0, "–", 0]


def test_more_houses_than_expected_leave_nothing_remaining():
    summary = stored(Month().community([house(1), house(2), house(3)], expected=2).build())["สรุป"]
    assert [summary.cell(FIRST + 1, column).value for column in (SHARE, REMAINING)] == [1.5, 0]


def test_a_community_without_houses_has_a_sheet_that_says_so(recalculated):
    workbook = Month().community([], expected=5).build()
    for book in (stored(workbook), recalculated(workbook)):
        sheet = book.worksheets[2]
        assert sheet.cell(FIRST + 1, HOUSE_NO).value == thai("No house carries this community's code yet.")
        assert sheet.cell(FIRST + 2, HOUSE_CODE).value == 0
        assert book["สรุป"].cell(FIRST + 1, TAGGED).value == 0


def test_a_district_without_communities_still_gives_a_summary(recalculated):
    workbook = Month().build()
    for book in (stored(workbook), recalculated(workbook)):
        _cover, summary = book.worksheets
        assert [summary.cell(FIRST + 1, column).value for column in (EXPECTED, TAGGED, SHARE)] == [0, 0, "–"]


def test_moves_have_columns_only_in_a_month_with_moves():
    quiet = stored(a_month().build())["สรุป"]
    moved = a_month().community([house(7), house(8)], this_month=0, moved=(2, 0)).build()
    headings = [cell.value for cell in stored(moved)["สรุป"][HEADINGS + 1]]
    assert thai("Moved in") not in [cell.value for cell in quiet[HEADINGS + 1]]
    assert headings[5:9] == [thai("This month"), thai("Moved in"), thai("Moved out"), thai("Cumulative")]


def test_a_house_is_written_as_the_office_reads_it():
    facts = {"house_code": "10159000017", "trok": "วัดกัลยาณ์", "by_machine": False}
    sheet = stored(Month().community([house(1, **facts)]).build()).worksheets[2]
    row = [cell.value for cell in sheet[FIRST + 1]]
    assert row == [
        1,
        "1/1",
        f"{thai('trok %(trok)s') % {'trok': 'วัดกัลยาณ์'}} · เทอดไท 5",
        "เทอดไท",
        "ตลาดพลู",
        "1015-900001-7",
        "2 มี.ค. 2558",
        thai("officer"),
        thai("in the register"),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://example.org")', "+66", "-5", "@SUM(A1)", "{=1}", "http://a.b"]
)
def test_text_that_looks_like_a_formula_or_an_address_stays_text(text):
    facts = {"house_no": text, "trok": text, "soi": text, "road": text, "subdistrict": text}
    book = written(Month().community([house(1, **facts)], name=text, code=text).build())
    _cover, summary, sheet = book.worksheets
    written_as_typed = [summary.cell(FIRST + 1, column) for column in (CODE, NAME)]
    written_as_typed += [sheet.cell(FIRST + 1, column) for column in (HOUSE_NO, ROAD)]
    assert {(cell.value, cell.data_type) for cell in written_as_typed} == {(text, "s")}
    assert sheet.cell(FIRST + 1, LANE).data_type == sheet.cell(TITLE + 1, 1).data_type == "s"
    assert sheet.cell(FIRST + 1, ROAD).hyperlink is None


def test_a_letter_number_that_looks_like_a_formula_stays_text():
    summary = written(a_month().build(ReportLetter(5, "=1+1 & co", LETTER.letter_date)))["สรุป"]
    assert summary.cell(REFERENCE + 1, 1).data_type == "s"


def test_the_communities_names_lead_to_their_sheets_and_each_sheet_leads_back():
    _cover, summary, *sheets = written(a_month().build()).worksheets
    for row, sheet in enumerate(sheets, FIRST + 1):
        assert summary.cell(row, NAME).hyperlink.location == f"'{sheet.title}'!A1"
        (back,) = (cell for cell in sheet[ANSWER + 1] if cell.hyperlink)
        assert back.hyperlink.location == f"'{summary.title}'!A1"


SAME_NAME = "ชุมชนหลังวัดกัลยาณมิตรวรมหาวิหารฝั่งริมแม่น้ำเจ้าพระยา"


@pytest.mark.parametrize(
    "communities",
    [
        [("", SAME_NAME), ("", SAME_NAME), ("", SAME_NAME + " 2")],
        [("10150001", "ก/ข\\ค[ง]จ:ฉ*ช?"), ("10150001", "ก ข ค ง จ ฉ ช")],
        [("", "'ชุมชน'"), ("", "ชุมชน"), ("", "History"), ("", "ABC"), ("", "abc")],
        [("", ""), ("", "  "), ("", "[]"), ("", "สรุป"), ("", "Summary")],
        [("", "🏠" * 40), ("", "🏠" * 40)],
    ],
)
def test_sheet_names_are_such_as_excel_accepts(communities):
    month = Month()
    for code, name in communities:
        month.community([house(1)], code=code, name=name)
    names = stored(month.build()).sheetnames
    assert len({name.casefold() for name in names}) == len(communities) + 2
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$|^\s|\s$", name)
        assert name.casefold() != "history"


def test_a_long_name_is_never_cut_between_a_letter_and_its_marks():
    names = ["ก" * cut + "ที่นี่" * 10 for cut in range(8)]
    month = Month()
    for name in names:
        month.community([], code="", name=name)
    for sheet, name in zip(stored(month.build()).sheetnames[2:], names, strict=True):
        rest = name.removeprefix(sheet)
        assert rest != name
        assert not re.match("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", rest)


def test_a_long_thai_name_stands_whole_on_the_summary_in_a_column_of_bounded_width():
    summary = written(Month().community([house(1)], name=SAME_NAME * 3).build())["สรุป"]
    assert summary.cell(FIRST + 1, NAME).value == SAME_NAME * 3
    assert summary.column_dimensions["C"].width < 50


def test_an_issued_report_names_its_round_and_letter_on_every_sheet():
    cover, *sheets = stored(a_month().build())
    assert "กท ๕๕๐๒/๑๕๙" in cover.cell(OF_COVER + 1, 1).value
    for sheet in sheets:
        line = sheet.cell(REFERENCE + 1, 1).value
        assert "กท ๕๕๐๒/๑๕๙" in line
        assert line.endswith("1 เมษายน 2558")


def test_a_draft_is_marked_on_every_sheet_and_on_every_printed_page():
    mark = thai("DRAFT: not an issued report")
    cover, *sheets = stored(a_month().build(letter=None))
    assert cover.cell(OF_COVER + 1, 1).value == mark
    for sheet in sheets:
        assert sheet.cell(REFERENCE + 1, 1).value == mark
    for sheet in (cover, *sheets):
        assert mark in sheet.oddHeader.right.text


def test_an_issued_report_bears_no_mark_of_a_draft():
    for sheet in stored(a_month().build()):
        assert not sheet.oddHeader.right.text


@pytest.mark.parametrize("letter", [LETTER, None])
def test_the_same_figures_give_the_same_bytes(letter):
    assert a_month().build(letter) == a_month().build(letter)


def test_the_workbook_is_thai_whatever_language_its_reader_works_in():
    with translation.override("en"):
        english = a_month().build()
    assert english == a_month().build()


def test_figures_that_disagree_with_their_houses_are_refused():
    month = a_month()
    month.houses[2].append(house(9))
    with pytest.raises(ValidationError) as refusal:
        month.build()
    assert refusal.value.code == "figures_disagree"


def test_the_chart_draws_expected_and_cumulative_and_covers_no_cell():
    workbook = a_month().build()
    summary = written(workbook)["สรุป"]
    (chart,) = summary._charts
    drawn = [series.val.numRef.f for series in chart.series]
    assert drawn == [f"'{summary.title}'!${column}${FIRST + 1}:${column}${FIRST + 3}" for column in "EG"]
    first = chart.anchor._from
    covered = summary.iter_rows(min_row=first.row + 1, max_row=chart.anchor.to.row + 1, min_col=first.col + 1)
    assert not [cell.value for cells in covered for cell in cells if cell.value is not None]


def test_the_chart_carries_its_numbers_for_readers_that_compute_nothing():
    with zipfile.ZipFile(io.BytesIO(a_month().build())) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:v>(\d+)</c:v>", chart.split("<c:val>")[2]) == ["3", "1", "2"]


def test_every_sheet_is_set_up_for_a4_with_headings_and_page_numbers_on_every_page():
    for sheet in written(a_month().build()).worksheets[1:]:
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${HEADINGS + 1}:${HEADINGS + 1}"
        assert {"&P", "&N"} <= set(re.findall("&[PN]", sheet.oddFooter.right.text))
        assert "ธนบุรี" in sheet.oddFooter.left.text
        assert sheet.freeze_panes == f"A{FIRST + 1}"


def test_table_and_chart_print_on_pages_of_their_own():
    summary = written(a_month().build())["สรุป"]
    table, chart = (area.replace("$", "") for area in summary.print_area.split(","))
    assert table.rsplit("!")[-1] == "A1:I15"
    assert chart.rsplit("!")[-1] == "K1:T12"


def test_everything_is_in_a_thai_font():
    for sheet in written(a_month().build()):
        assert {cell.font.name for cells in sheet.iter_rows() for cell in cells if cell.value is not None} == {
            "TH Sarabun New"
        }
