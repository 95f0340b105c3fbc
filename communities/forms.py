"""Fields that the forms of every floor use."""

from __future__ import annotations

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .thai_calendar import NotADate, parse_date, short_date

LONGEST_DATE = 40


class BuddhistDateField(forms.CharField):
    """A day as the office writes it (6 ก.พ. 2558, 6/2/2558) or in ISO form; cleans to a date, None when empty."""

    def prepare_value(self, value: object) -> object:
        """A day that the page offers is written with its Buddhist year; what somebody typed stays as typed."""
        return short_date(value) if isinstance(value, datetime.date) else value

    def to_python(self, value: object) -> datetime.date | None:  # type: ignore[override]  # a text that is a day
        """Reads the day; raises ValidationError `not_a_date`."""
        if isinstance(value, datetime.date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            if len(text) > LONGEST_DATE:  # a sentence, not worth reading
                raise NotADate(text)
            return parse_date(text)
        except NotADate as problem:
            raise ValidationError(
                _("“%(text)s” is no date. Write it like 6 ก.พ. 2558 or 6/2/2558."),
                code="not_a_date",
                params={"text": text[:LONGEST_DATE]},
            ) from problem
