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
from households.models import RowDecision, TagEvent

from .checking import refuse_issued, refuse_running, refuse_unchecked
from .corrections import NOTHING_TO_CORRECT, Correction, refuse_correction
from .figures import CommunityFigures, DistrictFigures, MonthFigures, MonthLine
from .indicators import count_month
from .models import Figure, KpiReport
from .report_contents import contents_of
from .report_letter import ReportLetter
from .workbook import build_workbook


@transaction.atomic
def issue(
    *,
    district: District,
    month: datetime.date,
    round_no: int,
    letter_no: str,
    letter_date: datetime.date,
    by: Person,
    correction: Correction = NOTHING_TO_CORRECT,
) -> KpiReport:
    """Issues the report of the month that `month` lies in: freezes its figures and workbook and closes the month.

    The draft must have been checked as it stands. A round may correct an issued one: that one stays, this one names
    it. From then on no fact counts in that month; one found later counts in the first open month. Raises
    ValidationError `not_allowed`, `issued_already`, `later_month_issued`, `month_not_over`,
    `letter_missing`, `letter_too_early`, `future_date`, `round_not_positive`, `round_taken`,
    `not_checked`, `figures_disagree`, and those of `corrections.refuse_correction`.
    """
    month, letter_no = month_start(month), letter_no.strip()
    # Whoever records a fact holds the district's row from choosing its counting day on (households.dates).
    district = District.objects.select_for_update().get(pk=district.pk)
    _refuse_issuing(district, month, by)
    refuse_letter(month, letter_no, letter_date)
    refuse_round(district, round_no)
    refuse_correction(district, correction)
    counted = count_month(district, month)
    check = refuse_unchecked(district, counted.month)
    letter = ReportLetter(
        round_no,
        letter_no,
        letter_date,
        corrects=correction.report.round_no if correction.report else None,
        correction=correction.words.strip(),
        checked_by=str(check.checked_by),
        issued_by=str(by),
    )
    workbook = build_workbook(contents_of(counted), letter)
    report = KpiReport.objects.create(
        district=district,
        month=month,
        round_no=round_no,
        letter_no=letter_no,
        letter_date=letter_date,
        workbook=workbook,
        workbook_sha256=hashlib.sha256(workbook).hexdigest(),
        issued_by=by,
        corrects=correction.report,
        correction=correction.words.strip(),
    )
    _freeze(report, counted.month)
    ClosedMonth.objects.create(district=district, month=month, closed_by=by)
    return report


def reason_not_to_issue(district: District, month: datetime.date, by: Person) -> ValidationError | None:
    """Why the person cannot issue the month's report whatever the letter says, or None."""
    try:
        _refuse_issuing(district, month_start(month), by)
    except ValidationError as refusal:
        return refusal
    return None


def months_passed_over(district: District, month: datetime.date) -> list[datetime.date]:
    """Earlier months with entries that issuing `month` would close with it, without a report of their own."""
    issued = KpiReport.objects.filter(district=district)
    last = issued.order_by("-month").values_list("month", flat=True).first() or datetime.date.min
    counted = set(TagEvent.objects.filter(batch__district=district).dates("counted_on", "month"))
    counted.update(RowDecision.objects.filter(record__house_list__district=district).dates("counted_on", "month"))
    return sorted(earlier for earlier in counted if last < earlier < month)


def next_round(district: District) -> int:
    """The round number after the district's last report."""
    last = KpiReport.objects.filter(district=district).order_by("-round_no").values_list("round_no", flat=True).first()
    return (last or 0) + 1


def workbook_of(district: District, month: datetime.date, until: datetime.date = datetime.date.max) -> bytes:
    """The month's workbook: the very bytes that were issued, or a draft of what stands today.

    Of a day `until` before the month's last it is a draft as at that day.
    """
    issued = issued_by(district, month, until)
    if issued is not None:
        return bytes(issued.workbook)
    counted = count_month(district, month_start(month), until=min(until, timezone.localdate()))
    return build_workbook(contents_of(counted), None)


def issued_by(district: District, month: datetime.date, until: datetime.date) -> KpiReport | None:
    """The month's report where the figures up to `until` are the issued ones; None where they are not."""
    if until < month_end(month):
        return None
    return KpiReport.objects.filter(district=district, month=month_start(month)).first()


def figures_of(report: KpiReport) -> MonthFigures:
    """The figures of an issued report as they were frozen."""
    lines = tuple(
        MonthLine(
            CommunityFigures(
                community=frozen.community_id,
                code=frozen.code,
                name=frozen.name,
                subdistrict=frozen.subdistrict,
                expected=frozen.expected,
                listed=frozen.listed,
                tagged=frozen.tagged,
                live=frozen.live,
                tagged_by_machine=frozen.tagged_by_machine,
                is_complete=frozen.is_complete,
            ),
            this_month=frozen.this_month,
            moved_in=frozen.moved_in,
            moved_out=frozen.moved_out,
        )
        for frozen in report.figures.order_by("code", "name")
    )
    at_end = DistrictFigures(report.district, month_end(report.month), tuple(line.at_end for line in lines))
    return MonthFigures(report.month, at_end, lines)


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


# --- refusals ---


def _refuse_issuing(district: District, month: datetime.date, by: Person) -> None:
    if not may(by, Action.ISSUE_REPORT, district):
        raise ValidationError(_("Only the head of the section issues a report."), code="not_allowed")
    refuse_issued(district, month)
    if KpiReport.objects.filter(district=district, month__gt=month).exists():
        raise ValidationError(
            _("A later month is issued already, so %(month)s can no longer be reported."),
            code="later_month_issued",
            params={"month": month_name(month)},
        )
    refuse_running(month)


def refuse_letter(month: datetime.date, letter_no: str, letter_date: datetime.date) -> None:
    """Raises ValidationError `letter_missing`, `letter_too_early`, `future_date`."""
    if not letter_no:
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


def refuse_round(district: District, round_no: int) -> None:
    """Raises ValidationError `round_not_positive`, `round_taken`."""
    if round_no < 1:
        raise ValidationError(_("Rounds are numbered from 1."), code="round_not_positive")
    if KpiReport.objects.filter(district=district, round_no=round_no).exists():
        raise ValidationError(_("Round %(round)s is issued already."), code="round_taken", params={"round": round_no})
