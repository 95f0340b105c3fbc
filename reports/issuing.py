"""Issuing a month's report: figures and workbook are frozen, and the month is closed."""

from __future__ import annotations

import datetime
import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import ClosedMonth, District, Person
from communities.roles import Action, may
from communities.thai_calendar import month_end, month_name, month_start, short_date

from .indicators import MonthFigures, houses_behind, month_figures
from .models import Figure, KpiReport
from .workbook import ReportLetter, build_workbook


@transaction.atomic
def issue(
    *,
    district: District,
    month: datetime.date,
    round_no: int,
    letter_no: str,
    letter_date: datetime.date,
    by: Person,
) -> KpiReport:
    """Issues the report of the month that `month` lies in: freezes its figures and workbook and closes the month.

    From then on no fact counts in that month; one found later counts in the first open month. Raises
    ValidationError `not_allowed`, `month_not_over`, `letter_too_early`, `future_date`, `issued_already`,
    `round_taken`, `later_month_issued`, `letter_missing`.
    """
    month = month_start(month)
    District.objects.select_for_update().get(pk=district.pk)
    _refuse_unready(district, month, round_no, letter_no, letter_date, by)
    figures = month_figures(district, month)
    workbook = build_workbook(
        figures, houses_behind(district, month_end(month)), ReportLetter(round_no, letter_no, letter_date)
    )
    report = KpiReport.objects.create(
        district=district,
        month=month,
        round_no=round_no,
        letter_no=letter_no,
        letter_date=letter_date,
        workbook=workbook,
        workbook_sha256=hashlib.sha256(workbook).hexdigest(),
        issued_by=by,
    )
    _freeze(report, figures)
    ClosedMonth.objects.create(district=district, month=month, closed_by=by)
    return report


def next_round(district: District) -> int:
    """The round number after the district's last report."""
    last = KpiReport.objects.filter(district=district).order_by("-round_no").values_list("round_no", flat=True).first()
    return (last or 0) + 1


def workbook_of(district: District, month: datetime.date) -> bytes:
    """The month's workbook: the very bytes that were issued, or a draft of what stands today."""
    month = month_start(month)
    issued = KpiReport.objects.filter(district=district, month=month).only("workbook").first()
    if issued:
        return bytes(issued.workbook)
    figures = month_figures(district, month, until=timezone.localdate())
    return build_workbook(figures, houses_behind(district, figures.at_end.day), None)


def _refuse_unready(
    district: District,
    month: datetime.date,
    round_no: int,
    letter_no: str,
    letter_date: datetime.date,
    by: Person,
) -> None:
    issued = KpiReport.objects.filter(district=district)
    name = month_name(month)
    if not may(by, Action.ISSUE_REPORT, district):
        raise ValidationError(_("Only the head of the section issues a report."), code="not_allowed")
    if issued.filter(month=month).exists():
        raise ValidationError(
            _("The report of %(month)s is issued already."), code="issued_already", params={"month": name}
        )
    if issued.filter(month__gt=month).exists():
        raise ValidationError(
            _("A later month is issued already, so %(month)s can no longer be reported."),
            code="later_month_issued",
            params={"month": name},
        )
    if month_end(month) >= timezone.localdate():
        raise ValidationError(
            _("%(month)s is not over yet; its report can be issued from the day after its last."),
            code="month_not_over",
            params={"month": name},
        )
    _refuse_letter(month, letter_no, letter_date)
    if issued.filter(round_no=round_no).exists():
        raise ValidationError(_("Round %(round)s is issued already."), code="round_taken", params={"round": round_no})


def _refuse_letter(month: datetime.date, letter_no: str, letter_date: datetime.date) -> None:
    if not letter_no.strip():
        raise ValidationError(_("Give the number of the letter."), code="letter_missing")
    if letter_date <= month_end(month):
        raise ValidationError(
            _("The letter of %(day)s is older than the end of the month that it reports."),
            code="letter_too_early",
            params={"day": short_date(letter_date)},
        )
    if letter_date > timezone.localdate():
        raise ValidationError(
            _("The date %(day)s lies in the future."), code="future_date", params={"day": short_date(letter_date)}
        )


def _freeze(report: KpiReport, figures: MonthFigures) -> None:
    Figure.objects.bulk_create(
        [
            Figure(
                report=report,
                community_id=line.at_end.community,
                code=line.at_end.code,
                name=line.at_end.name,
                subdistrict=line.at_end.subdistrict,
                expected=line.at_end.expected,
                listed=line.at_end.listed,
                this_month=line.this_month,
                moved_in=line.moved_in,
                moved_out=line.moved_out,
                tagged=line.at_end.tagged,
                live=line.at_end.live,
                tagged_by_machine=line.at_end.tagged_by_machine,
                is_complete=line.at_end.is_complete,
            )
            for line in figures.lines
        ]
    )
