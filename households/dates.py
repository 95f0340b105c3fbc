"""The day a fact happened and the day it counts (architecture, law 3)."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.thai_calendar import short_date


def refuse_future(day: datetime.date) -> None:
    """Raises ValidationError `future_date` for a day after today."""
    if day > timezone.localdate():
        raise ValidationError(
            _("The date %(day)s lies in the future."), code="future_date", params={"day": short_date(day)}
        )


def counting_day(district: int, happened_on: datetime.date) -> datetime.date:
    """The day itself while its month is open in the district (id), else the first open day after it.

    The month stays as it was found until the transaction ends: issuing its report waits, as this waits for issuing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM communities_district WHERE id = %(district)s FOR KEY SHARE;"
            "SELECT first_open_day(%(district)s, %(happened_on)s)",
            {"district": district, "happened_on": happened_on},
        )
        return cursor.fetchone()[0]
