"""What a month's report holds: its figures and the houses behind them, the indicators, and the houses struck off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verification.struck_houses import Account, account_of

from .figures import CentralFigures, HouseLine, MonthFigures
from .indicator_list import Told, tell
from .indicators import Counted, houses_behind


@dataclass(frozen=True)
class ReportContents:
    """A month for its workbook: `houses` are those behind the figures, by community (id), in lane order."""

    figures: MonthFigures
    houses: Mapping[int, Sequence[HouseLine]]
    central: CentralFigures | None = None
    indicators: Sequence[Told] = ()
    struck_off: Account | None = None


def contents_of(counted: Counted) -> ReportContents:
    """All that is told of a month that was counted, up to the same day; a fixed number of statements."""
    figures, central = counted
    district, day = figures.at_end.district, figures.at_end.day
    return ReportContents(
        figures=figures,
        houses=houses_behind(district, day),
        central=central,
        indicators=tell(figures.at_end),
        struck_off=account_of(district, figures.month, until=day),
    )
