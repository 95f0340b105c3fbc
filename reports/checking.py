"""Checking a month's draft before it is issued: who went over which figures (product.md K1).

A check holds for the very figures that were seen: one fact more in the month, and the draft is to be checked anew.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import month_end, month_name, month_start

from .figures import MonthFigures
from .indicators import count_month
from .models import KpiReport, ReportCheck

LONGEST_NOTE = 500


@transaction.atomic
def check_report(*, district: District, month: datetime.date, seen: str, by: Person, note: str = "") -> ReportCheck:
    """Records that `by` went over the draft of the month that `month` lies in, with a note where one is wanted.

    `seen` is the fingerprint of the figures that were looked at. Whoever checked these figures before gets that check.
    Raises ValidationError `not_allowed`, `issued_already`, `month_not_over`, `figures_moved`, `note_too_long`.
    """
    month, note = month_start(month), note.strip()
    # Whoever records a fact holds the district's row, so the figures cannot move between the look and the record.
    district = District.objects.select_for_update().get(pk=district.pk)
    if not may(by, Action.CHECK_REPORT, district):
        raise ValidationError(_("You do not check this district's reports."), code="not_allowed")
    if len(note) > LONGEST_NOTE:
        raise ValidationError(
            _("The note is longer than %(letters)s letters."), code="note_too_long", params={"letters": LONGEST_NOTE}
        )
    refuse_issued(district, month)
    refuse_running(month)
    figures = count_month(district, month).month
    if fingerprint_of(figures) != seen:
        raise ValidationError(
            _("The figures have changed since you looked. Look at the new ones and check them."), code="figures_moved"
        )
    known = _checks_of(district, figures).filter(checked_by=by, note=note).last()
    return known or ReportCheck.objects.create(
        district=district, month=month, figures_sha256=seen, note=note, checked_by=by
    )


def fingerprint_of(figures: MonthFigures) -> str:
    """SHA-256, in hexadecimal, over every community's line: drafts share it when all their figures agree."""
    lines = [dataclasses.astuple(line) for line in figures.lines]
    return hashlib.sha256(json.dumps([figures.month.isoformat(), lines]).encode()).hexdigest()


def standing_check(district: District, figures: MonthFigures) -> ReportCheck | None:
    """The newest check of these very figures; None where nobody checked them."""
    return _checks_of(district, figures).select_related("checked_by").last()


def _checks_of(district: District, figures: MonthFigures) -> QuerySet[ReportCheck]:
    return ReportCheck.objects.filter(district=district, month=figures.month, figures_sha256=fingerprint_of(figures))


# --- refusals ---


def refuse_issued(district: District, month: datetime.date) -> None:
    """Raises ValidationError `issued_already` where the month's report is issued."""
    if KpiReport.objects.filter(district=district, month=month).exists():
        raise ValidationError(
            _("The report of %(month)s is issued already."), code="issued_already", params={"month": month_name(month)}
        )


def refuse_running(month: datetime.date) -> None:
    """Raises ValidationError `month_not_over` for a month of which days are still to come, or today is one."""
    if month_end(month) >= timezone.localdate():
        raise ValidationError(
            _("%(month)s is not over yet; its report can be issued from the day after its last."),
            code="month_not_over",
            params={"month": month_name(month)},
        )


def refuse_unchecked(district: District, figures: MonthFigures) -> ReportCheck:
    """The check that stands; raises ValidationError `not_checked` where there is none, or the figures moved since."""
    check = standing_check(district, figures)
    if check is not None:
        return check
    if ReportCheck.objects.filter(district=district, month=figures.month).exists():
        sentence = _("The figures have changed since they were checked. Check the draft once more, then issue it.")
    else:
        sentence = _("Nobody has checked this draft yet. Check it on the page of the month, then issue it.")
    raise ValidationError(sentence, code="not_checked")
