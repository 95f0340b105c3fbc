"""The chart beside the summary: a community's houses expected and tagged, as two bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from .workbook_look import FONT, GREEN, HAIRLINE, INK, PALE_BAR

# Cells as a chart's series names them: the sheet, first row and column, last row and column, from 0.
Cells = Sequence[str | int]


def progress_chart(
    workbook: xlsxwriter.Workbook, names: Cells, expected: Cells, tagged: Cells, height_of_bars: float
) -> Any:
    """The chart of the communities in these cells; `height_of_bars` is the bars' share of its height."""
    chart = workbook.add_chart({"type": "bar"})
    for heading, houses, colour in (
        (_("Expected"), expected, PALE_BAR),
        (_("Cumulative"), tagged, GREEN),
    ):
        chart.add_series(
            {
                "name": heading,
                "categories": list(names),
                "values": list(houses),
                "fill": {"color": colour},
                "border": {"none": True},
                "gap": 35,
                "overlap": 0,
            }
        )
    font = {"name": FONT, "size": 12, "color": INK}
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
    chart.set_x_axis(
        {
            "num_font": font,
            "num_format": "#,##0",
            "min": 0,
            "label_position": "high",
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#e1e7e4", "width": 0.75}},
        }
    )
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_plotarea({"layout": {"x": 0.24, "y": 0, "width": 0.73, "height": height_of_bars}})
    chart.set_chartarea({"border": {"none": True}})
    return chart
