"""The month's KPI workbook: a summary of the communities with a chart, a sheet for each with its houses, and one
about the central register.

Every total is a formula with its value stored beside it: a reader can follow the sum, and a phone's preview, which
computes nothing, shows it all the same. The same figures give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from .figures import CentralFigures, HouseLine, MonthFigures
from .report_letter import ReportLetter
from .workbook_central import write_central
from .workbook_community import community_sheets, write_community
from .workbook_look import Paper
from .workbook_summary import Summary


def build_workbook(
    figures: MonthFigures,
    houses: Mapping[int, Sequence[HouseLine]],
    letter: ReportLetter | None,
    central: CentralFigures | None = None,
) -> bytes:
    """The .xlsx of a month: `houses` are those behind the figures, by community (id); without a letter it is a draft.

    `central` adds a sheet about the central register where there is anything to say of it.
    Raises ValidationError `figures_disagree` where a community's houses are not as many as its figure says.
    """
    _refuse_disagreement(figures, houses)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with translation.override("th"), xlsxwriter.Workbook(buffer, options) as workbook:
        paper = Paper(workbook, figures, letter)
        sheets = community_sheets(figures, houses, [paper.summary_name, paper.central_name])
        summary = workbook.add_worksheet(paper.summary_name)
        for sheet in sheets:
            write_community(paper, sheet)
        if central and central.says_anything:
            write_central(paper, central)
        Summary(paper, summary, sheets).write()
    return buffer.getvalue()


def _refuse_disagreement(figures: MonthFigures, houses: Mapping[int, Sequence[HouseLine]]) -> None:
    for line in figures.lines:
        if len(houses.get(line.at_end.community, ())) != line.at_end.tagged:
            raise ValidationError(
                _("The figure of %(community)s and its houses disagree; nothing was written. Try again."),
                code="figures_disagree",
                params={"community": line.at_end.name or line.at_end.code},
            )
