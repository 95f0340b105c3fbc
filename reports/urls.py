"""Addresses of the KPI reports. A month is written 2015-03; 2558-03 is understood."""

from __future__ import annotations

import datetime

from django.urls import path, register_converter

from communities.thai_calendar import parse_month

from . import daily_plan_pages, indicator_pages, views

app_name = "reports"


class MonthConverter:
    """A month in an address, as its first day."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> datetime.date:
        """The month's first day; raises ValueError for a year that does not exist."""
        return parse_month(value)

    def to_url(self, value: datetime.date | str) -> str:
        """The month of a day, or a month that is written already."""
        return value if isinstance(value, str) else f"{value:%Y-%m}"


register_converter(MonthConverter, "month")

urlpatterns = [
    path("", views.kpi, name="kpi"),
    path("indicators/", indicator_pages.indicators, name="indicators"),
    path("indicators/targets/", indicator_pages.indicator_targets, name="indicator_targets"),
    path("indicators/<slug:code>/", indicator_pages.indicator, name="indicator"),
    path("daily-plan/", daily_plan_pages.daily_plan, name="daily_plan"),
    path("daily-plan/<month:month>/", daily_plan_pages.daily_plan_month, name="daily_plan_month"),
    path("daily-plan/<month:month>/write/", daily_plan_pages.daily_plan_write, name="daily_plan_write"),
    path("daily-plan/<month:month>/approve/", daily_plan_pages.daily_plan_approve, name="daily_plan_approve"),
    path("daily-plan/<month:month>/submit/", daily_plan_pages.daily_plan_submit, name="daily_plan_submit"),
    path("<month:month>/", views.kpi_month, name="kpi_month"),
    path("<month:month>/houses/", views.kpi_houses, name="kpi_houses"),
    path("<month:month>/workbook.xlsx", views.kpi_workbook, name="kpi_workbook"),
    path("<month:month>/summary.pdf", views.kpi_summary, name="kpi_summary"),
    path("<month:month>/check/", views.kpi_check, name="kpi_check"),
    path("<month:month>/issue/", views.kpi_issue, name="kpi_issue"),
]
