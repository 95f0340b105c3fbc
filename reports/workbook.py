"""The month's KPI workbook: a cover, a summary of the communities with a chart, a sheet for each indicator and each
community, the houses struck off, and one about the central register.

Every total is a formula with its value stored beside it: a reader can follow the sum, and a phone's preview, which
computes nothing, shows it all the same. The same figures give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from .report_contents import ReportContents
from .report_letter import ReportLetter
from .workbook_central import write_central
from .workbook_community import community_sheets, write_community
from .workbook_cover import Cover
from .workbook_indicator import indicator_sheets, write_indicator
from .workbook_look import Paper
from .workbook_struck import write_struck_off
from .workbook_summary import Summary


def build_workbook(contents: ReportContents, letter: ReportLetter | None) -> bytes:
    """The .xlsx of a month; without a letter it is a draft.

    Indicators, the account of struck-off houses and the central register have sheets where there is anything to say.
    Raises ValidationError `figures_disagree` where a community's houses are not as many as its figure says.
    """
    _refuse_disagreement(contents)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with translation.override("th"), xlsxwriter.Workbook(buffer, options) as workbook:
        _write_sheets(Paper(workbook, contents.figures, letter), contents)
    return buffer.getvalue()


def _write_sheets(paper: Paper, contents: ReportContents) -> None:
    communities = community_sheets(contents.figures, contents.houses, paper.own_names)
    taken = [*paper.own_names, *(community.name for community in communities)]
    indicators = indicator_sheets(contents.indicators, communities, taken)
    cover, summary_sheet = (paper.workbook.add_worksheet(name) for name in (paper.cover_name, paper.summary_name))
    for indicator in indicators:
        write_indicator(paper, indicator)
    for community in communities:
        write_community(paper, community)
    if contents.struck_off:
        write_struck_off(paper, contents.struck_off)
    if contents.central and contents.central.says_anything:
        write_central(paper, contents.central)
    summary = Summary(paper, summary_sheet, communities)
    summary.write()
    Cover(paper, cover, summary, indicators).write(_named(paper, contents))


def _named(paper: Paper, contents: ReportContents) -> Sequence[tuple[str, str]]:
    """The sheets beside those of the indicators, and what stands on them."""
    named = [(paper.summary_name, _("each community in a row, the chart, and a way to each community's own sheet"))]
    if contents.struck_off:
        named.append((paper.struck_name, _("the month's account, with ground, case and form")))
    if contents.central and contents.central.says_anything:
        named.append((paper.central_name, _("how far the codes stand in the central register")))
    return named


def _refuse_disagreement(contents: ReportContents) -> None:
    for line in contents.figures.lines:
        if len(contents.houses.get(line.at_end.community, ())) != line.at_end.tagged:
            raise ValidationError(
                _("The figure of %(community)s and its houses disagree; nothing was written. Try again."),
                code="figures_disagree",
                params={"community": line.at_end.name or line.at_end.code},
            )
