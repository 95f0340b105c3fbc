"""The month's KPI workbook beside XlsxWriter writing the very same cells bare.

The peer gets the finished workbook's cells as plain values, needs no formats, links, widths or chart, and writes them
by XlsxWriter's typed methods, which are its fastest way: what is measured is the price of the look and the formulas.
"""

from __future__ import annotations

import datetime
import io
import statistics
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter
from python_calamine import load_workbook

from benchmarks.measuring import Table, seconds
from communities.models import District
from reports.figures import CommunityFigures, DistrictFigures, HouseLine, MonthFigures, MonthLine
from reports.indicator_list import KPIS, Fact, Kpi, Measure, Told, read
from reports.report_contents import ReportContents
from reports.report_letter import ReportLetter
from reports.workbook import build_workbook

COMMUNITIES = 44
HOUSES = 15_770
RUNS = 7
LIMIT = 1.5
# Cases that ended and openings of lists, as the indicators count them.
CASES, OPENINGS = 400, 2_000

MONTH = datetime.date(2015, 3, 1)
LAST_DAY = datetime.date(2015, 3, 31)
LETTER = ReportLetter(5, "กท ๕๕๐๒/๑๕๙", datetime.date(2015, 4, 1))

Cells = Sequence[tuple[int, int, float | str]]


def main(share: float) -> bool:
    """Build the workbook and its bare copy in turns; `share` is the share of the houses to write."""
    contents = _a_month(round(HOUSES * share))
    sheets = _cells_of(build_workbook(contents, LETTER))
    table = Table(f"KPI workbook of {COMMUNITIES} communities, {round(HOUSES * share):,} houses")
    ours, bare = _in_turns(lambda: build_workbook(contents, LETTER), lambda: _write_bare(sheets))
    cells = sum(map(len, sheets.values()))
    table.measured("our workbook: formats, formulas with values, links, chart", ours, cells)
    table.measured("XlsxWriter, the same cells bare", bare, cells)
    # Two runs that follow each other share the machine's mood; two medians may come from different ones.
    ratios = [took / bare_took for took, bare_took in zip(ours, bare, strict=True)]
    table.at_most("our workbook / the same cells bare", statistics.median(ratios), LIMIT)
    return not table.broken


def _in_turns(*works: Callable[[], object]) -> list[list[float]]:
    """The seconds of each work in each run; one after the other, so that a slow moment of the machine hits both."""
    rounds = [[seconds(work) for work in works] for _run in range(RUNS)]
    return [list(times) for times in zip(*rounds, strict=True)]


def _a_month(houses: int) -> ReportContents:
    """A month in which `houses` houses stand tagged in the communities, a quarter of them tagged in it."""
    shares = [houses // COMMUNITIES + (place < houses % COMMUNITIES) for place in range(COMMUNITIES)]
    behind = {place: [_house(place, number) for number in range(count)] for place, count in enumerate(shares)}
    lines = tuple(_line(place, count) for place, count in enumerate(shares))
    at_end = DistrictFigures(District(code="1015", name_th="ธนบุรี"), LAST_DAY, tuple(line.at_end for line in lines))
    told = [Told(read(kpi, at_end, facts := _facts(kpi)), facts, None) for kpi in KPIS]
    return ReportContents(MonthFigures(MONTH, at_end, lines), behind, indicators=told)


def _facts(kpi: Kpi) -> list[Fact]:
    """As many facts as a busy month has behind the indicator."""
    if kpi.facts is None:
        return []
    count = OPENINGS if kpi.measure in (Measure.MEDIAN, Measure.P95) else CASES
    return [
        Fact(number % COMMUNITIES, f"{number}/2558", MONTH + datetime.timedelta(days=number % 31), "/", number % 97 + 1)
        for number in range(count)
    ]


def _line(place: int, houses: int) -> MonthLine:
    at_end = CommunityFigures(
        community=place,
        code=f"{10150001 + place}",
        name=f"ชุมชนตัวอย่าง {place + 1}",
        subdistrict=("วัดกัลยาณ์", "หิรัญรูจี", "บางยี่เรือ", "บุคคโล", "ตลาดพลู", "ดาวคะนอง", "สำเหร่")[place % 7],
        expected=houses + 3,
        listed=houses + 8,
        tagged=houses,
        live=houses - 1,
        tagged_by_machine=houses * 9 // 10,
        is_complete=True,
    )
    return MonthLine(at_end, this_month=houses // 4, moved_in=0, moved_out=0)


def _house(place: int, number: int) -> HouseLine:
    return HouseLine(
        house=number,
        house_code=f"1015{place * 10_000 + number:07d}",
        house_no=f"{number // 12 + 1}/{number % 12 + 1}",
        trok="",
        soi=f"เทอดไท {number // 30 + 1}",
        road="เทอดไท",
        subdistrict="ตลาดพลู",
        tagged_on=MONTH + datetime.timedelta(days=number % 29),
        by_machine=number % 10 > 0,
        is_struck=number == 0,
    )


def _cells_of(workbook: bytes) -> Mapping[str, Cells]:
    """What stands in each sheet; a formula counts as its value."""
    book = load_workbook(io.BytesIO(workbook))
    return {
        name: [
            (row, column, value)
            for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for column, value in enumerate(values)
            if isinstance(value, str | float | int) and value != ""
        ]
        for name in book.sheet_names
    }


def _write_bare(sheets: Mapping[str, Cells]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        for name, cells in sheets.items():
            sheet = workbook.add_worksheet(name)
            text, number = sheet.write_string, sheet.write_number
            for row, column, value in cells:
                if isinstance(value, str):
                    text(row, column, value)
                else:
                    number(row, column, value)
    return buffer.getvalue()
