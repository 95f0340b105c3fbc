"""The summary of a month on paper: the communities with a bar each, the indicators, and the place for signatures."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from communities.models import District
from communities.thai_calendar import long_date, month_name, month_start
from communities.thai_text import to_thai_digits

from .figures import MonthFigures, MonthLine
from .indicator_list import Told, reached, tell
from .indicators import count_month
from .issuing import figures_of
from .models import KpiReport
from .report_letter import ReportLetter, reference

SUMMARY = "paper/kpi_summary.html"
UNKNOWN = "–"


@dataclasses.dataclass(frozen=True)
class MonthlySummary:
    """A month for the paper: as frozen where `report` is there, else a draft of what stands today."""

    figures: MonthFigures
    indicators: Sequence[Told]
    report: KpiReport | None


def summary_of(district: District, month: datetime.date) -> MonthlySummary:
    """The summary of the month that `month` lies in; a fixed number of statements."""
    month = month_start(month)
    report = (
        KpiReport.objects.filter(district=district, month=month)
        .defer("workbook")
        .select_related("district", "corrects")
        .first()
    )
    figures = figures_of(report) if report else count_month(district, month, until=timezone.localdate()).month
    return MonthlySummary(figures, tell(figures.at_end), report)


@translation.override("th")
def on_paper(summary: MonthlySummary) -> Mapping[str, object]:
    """What the paper shows, every text in its final writing, digits Thai as on the office's papers."""
    figures, at_end = summary.figures, summary.figures.at_end
    correction = summary.report.correction if summary.report else ""
    return {
        "title": _("Community codes in the house register, %(district)s district")
        % {"district": at_end.district.name_th},
        "month": _thai(
            _("Month of %(month)s, counted up to %(day)s")
            % {"month": month_name(figures.month), "day": long_date(at_end.day)}
        ),
        "reference": _thai(reference(_letter_of(summary.report))),
        "is_draft": summary.report is None,
        "correction": _thai(correction),
        "tiles": [(_thai(value), caption) for value, caption in _at_a_glance(figures)],
        "lines": [_line(number, line) for number, line in enumerate(figures.lines, 1)],
        "totals": [
            _thai(text)
            for text in (
                f"{at_end.expected:,}",
                f"{figures.this_month:,}",
                f"{at_end.houses_tagged:,}",
                _share(at_end.share),
                f"{at_end.remaining:,}",
            )
        ],
        "indicators": [_indicator(told) for told in summary.indicators],
    }


def _letter_of(report: KpiReport | None) -> ReportLetter | None:
    if report is None:
        return None
    corrects = report.corrects.round_no if report.corrects else None
    return ReportLetter(report.round_no, report.letter_no, report.letter_date, corrects)


def _at_a_glance(figures: MonthFigures) -> list[tuple[str, str]]:
    at_end = figures.at_end
    return [
        (f"{at_end.houses_tagged:,}", _("Houses tagged so far")),
        (_share(at_end.share), _("Per cent of the expected")),
        (f"{figures.this_month:,}", _("Houses tagged this month")),
        (f"{at_end.communities_complete} / {at_end.communities_total}", _("Communities whose lists are settled")),
    ]


def _line(number: int, line: MonthLine) -> Mapping[str, object]:
    at_end = line.at_end
    counts = (
        UNKNOWN if at_end.expected is None else f"{at_end.expected:,}",
        f"{line.this_month:,}",
        f"{at_end.tagged:,}",
        _share(at_end.share),
        f"{at_end.remaining:,}",
    )
    return {
        "named": [_thai(text) for text in (str(number), at_end.code, at_end.name, at_end.subdistrict)],
        "counts": [_thai(text) for text in counts],
        # The bar is a hundred wide; houses beyond the expected do not burst it.
        "bar": min(round(100 * (at_end.share or 0)), 100),
    }


def _indicator(told: Told) -> Mapping[str, str]:
    total = told.readings.total
    says = {True: _("yes"), False: _("not yet"), None: ""}
    return {
        "name": _thai(str(told.kpi.name)),
        "reading": _thai(total.shown),
        "unit": str(told.kpi.unit.label),
        "target": UNKNOWN if told.target is None else _thai(f"{told.target.normalize():,f}"),
        "reached": says[reached(told.kpi, total, told.target)],
    }


def _share(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:.1%}"


def _thai(text: str) -> str:
    return to_thai_digits(text)
