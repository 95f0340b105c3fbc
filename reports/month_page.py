"""What the page of one month shows: its figures beside last month's, and what to know before issuing it."""

from __future__ import annotations

import dataclasses
import datetime
from functools import cached_property

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import add_months, month_end

from .checking import fingerprint_of, refuse_unchecked, standing_check
from .dashboards import LateThing, still_open
from .figures import CentralFigures, CentralLine, CommunityFigures, MonthFigures, MonthLine
from .found_later import FoundLater, FromBefore, counted_from_before, found_later
from .indicators import Counted, central_figures, count_month, rows_of_lists
from .issuing import figures_of, months_passed_over, reason_not_to_issue
from .models import KpiReport, ReportCheck
from .months import Month, months_of


@dataclasses.dataclass(frozen=True)
class MonthPage:
    """A month of a district: as frozen where `report` is there, else as it counts today."""

    district: District
    month: datetime.date
    figures: MonthFigures
    central: CentralFigures
    last_month: Month | None
    report: KpiReport | None
    may_issue: bool
    may_check: bool
    check: ReportCheck | None
    late: list[LateThing]
    refusal: ValidationError | None
    rows_waiting: int
    passed_over: list[datetime.date]
    found_later: FoundLater | None
    from_before: list[FromBefore]

    @property
    def url(self) -> str:
        """The month's page."""
        return f"{reverse('reports:kpi_month', args=[self.month])}?district={self.district.code}"

    @property
    def is_running(self) -> bool:
        """Whether the month is not over, so that its figures still grow."""
        return month_end(self.month) >= timezone.localdate()

    @cached_property
    def moved(self) -> bool:
        """Whether any house came from or went to another community."""
        return any(line.moved_in or line.moved_out for line in self.figures.lines)

    @cached_property
    def incomplete(self) -> list[MonthLine]:
        """The communities that are not complete."""
        return [line for line in self.figures.lines if not line.at_end.is_complete]

    @cached_property
    def corrected_by(self) -> list[KpiReport]:
        """The later rounds that correct this month's report."""
        return list(self.report.corrected_by.defer("workbook").order_by("round_no")) if self.report else []

    @property
    def keyed_lines(self) -> list[tuple[CommunityFigures, CentralLine]]:
        """Each community with houses beside how they stand in the central register."""
        ends = [line.at_end for line in self.figures.lines]
        return [
            (end, self.central.of(end.community)) for end in ends if end.tagged or self.central.of(end.community).keyed
        ]

    @property
    def over(self) -> list[MonthLine]:
        """The communities that have more houses than expected."""
        return [line for line in self.figures.lines if line.at_end.beyond_expected]

    @property
    def seen(self) -> str:
        """The fingerprint of the figures: whoever confirms them names those that the page showed."""
        return fingerprint_of(self.figures)

    @cached_property
    def fallen(self) -> list[MonthLine]:
        """The communities that ended the month with fewer houses than they began it with."""
        return [line for line in self.figures.lines if line.moved_out > line.this_month + line.moved_in]

    @cached_property
    def without_code(self) -> list[MonthLine]:
        """The communities that had no code in force at the end."""
        return [line for line in self.figures.lines if not line.at_end.code]

    @property
    def waits_for_check(self) -> bool:
        """Whether the person may check the draft as it stands and nobody has."""
        return self.may_check and not self.report and not self.check and not self.is_running


def month_page(district: District, month: datetime.date, person: Person) -> MonthPage:
    """The page of the month that `month` lies in, as the person may see it; the same few statements at any size."""
    today = timezone.localdate()
    report = (
        KpiReport.objects.filter(district=district, month=month)
        .defer("workbook")
        .select_related("issued_by", "district", "corrects")
        .first()
    )
    figures, central = _kept(report) if report else count_month(district, month, until=today)
    may_check = not report and may(person, Action.CHECK_REPORT, district)
    lists = {} if report else rows_of_lists(district, figures.at_end.day)
    return MonthPage(
        district=district,
        month=month,
        figures=figures,
        central=central,
        last_month=_last_month(district, month),
        report=report,
        may_issue=may(person, Action.ISSUE_REPORT, district),
        may_check=may_check,
        check=None if report else standing_check(district, figures),
        late=still_open(district, today) if may_check else [],
        refusal=None if report else _refusal(district, figures, person),
        passed_over=[] if report else months_passed_over(district, month),
        found_later=found_later(district, month) if report else None,
        from_before=counted_from_before(district, month),
        rows_waiting=sum(one.rows - one.settled for one in lists.values()),
    )


def _refusal(district: District, figures: MonthFigures, person: Person) -> ValidationError | None:
    refusal = reason_not_to_issue(district, figures.month, person)
    if refusal:
        return refusal
    try:
        refuse_unchecked(district, figures)
    except ValidationError as unchecked:
        return unchecked
    return None


def _kept(report: KpiReport) -> Counted:
    """The figures as they were issued; those beside the central register are counted anew, and come out the same."""
    figures = figures_of(report)
    return Counted(figures, central_figures(report.district, figures.at_end.day))


def _last_month(district: District, month: datetime.date) -> Month | None:
    before = add_months(month, -1)
    return next((known for known in months_of(district, month_end(before)) if known.month == before), None)
