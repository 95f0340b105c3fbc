from .daily_plan import DailyPlanEntry
from .electoral_rolls import ElectoralRoll, RollHouse
from .indicators import IndicatorTarget, OpeningTime
from .kpi_reports import Figure, KpiReport, ReportCheck
from .ledger import PaperTie, ProjectStep

__all__ = [
    "DailyPlanEntry",
    "ElectoralRoll",
    "Figure",
    "IndicatorTarget",
    "KpiReport",
    "OpeningTime",
    "PaperTie",
    "ProjectStep",
    "ReportCheck",
    "RollHouse",
]
