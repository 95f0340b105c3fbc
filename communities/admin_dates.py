"""Dates in the admin's tables as the office writes them: the year is Buddhist there too."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language

from .thai_calendar import buddhist_year, short_date

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def dated(column: str, label: StrOrPromise) -> Any:
    """A column of the admin that shows the date (or the day of the moment) in `column`, and sorts by it.

    Django takes it wherever it takes a column's name.
    """

    @admin.display(description=label, ordering=column, empty_value="–")
    def shown(row: Model) -> str | None:
        day = getattr(row, column)
        if isinstance(day, datetime.datetime):
            day = timezone.localtime(day).date()
        return _written(day) if day else None

    shown.__name__ = f"{column}_shown"
    return shown


def _written(day: datetime.date) -> str:
    if get_language() == "en":
        return f"{day.day} {day:%b} {buddhist_year(day)}"
    return short_date(day)
