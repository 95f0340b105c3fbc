"""What the indicators should reach by the end of each quarter; the newest target of a quarter holds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import fiscal_quarter, fiscal_year

from .models import IndicatorTarget

QUARTERS = (1, 2, 3, 4)
Targets = dict[tuple[str, int], Decimal]


def targets_of(district: District, fiscal_year_be: int) -> Targets:
    """The targets of a fiscal year by indicator (code) and quarter, in the indicator's unit; one query."""
    return targets_of_years(district, [fiscal_year_be])[fiscal_year_be]


def targets_of_years(district: District, fiscal_years_be: Iterable[int]) -> dict[int, Targets]:
    """The targets of several fiscal years, each as `targets_of` has them; one query."""
    found: dict[int, Targets] = {year: {} for year in fiscal_years_be}
    rows = IndicatorTarget.objects.filter(district=district, fiscal_year_be__in=found)
    for row in rows.order_by("pk"):
        found[row.fiscal_year_be][row.indicator, row.quarter] = row.target
    return found


def target_at(district: District, indicator: str, day: datetime.date) -> Decimal | None:
    """What the indicator should reach by the end of the quarter that the day lies in; None where nobody said it."""
    return targets_of(district, fiscal_year(day)).get((indicator, fiscal_quarter(day)))


@transaction.atomic
def set_targets(
    *, district: District, fiscal_year_be: int, wanted: Mapping[tuple[str, int], Decimal], by: Person
) -> int:
    """Sets the targets that differ from what holds, and returns how many did; what held before stays on record.

    Raises ValidationError `not_allowed`, `below_zero`.
    """
    if not may(by, Action.SET_TARGETS, district):
        raise ValidationError(_("Only the head of the section sets targets."), code="not_allowed")
    if any(target < 0 for target in wanted.values()):
        raise ValidationError(_("A target is not below 0."), code="below_zero")
    District.objects.select_for_update().get(pk=district.pk)
    standing = targets_of(district, fiscal_year_be)
    changed = [
        IndicatorTarget(
            district=district,
            indicator=indicator,
            fiscal_year_be=fiscal_year_be,
            quarter=quarter,
            target=target,
            set_by=by,
        )
        for (indicator, quarter), target in wanted.items()
        if standing.get((indicator, quarter)) != target
    ]
    IndicatorTarget.objects.bulk_create(changed)
    return len(changed)
