"""The month's entry in the Daily Plans of the city: filled from the figures, approved, keyed in by the 25th.

The entry is written anew with every change and the newest writing holds; its figures are those of the day of its
report. The fields are those of the city's screen (domain.md section 8; product.md K3 and K4).
"""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import month_end, month_name, month_start, short_date
from households.dates import refuse_future

from .figures import DistrictFigures
from .indicators import count_month, rows_of_lists
from .models import DailyPlanEntry
from .targets import target_at

State = DailyPlanEntry.State
PLAN = "percent_of_plan"
COPIED = (
    "counted_until",
    "indicator_name",
    "target",
    "expected",
    "this_month",
    "cumulative",
    "result",
    "obstacles",
    "remedies",
    "reporter",
    "reference",
)


@dataclasses.dataclass(frozen=True)
class PlanFigures:
    """A month in the numbers of the entry, counted up to `counted_until`; `target` in per cent of the expected."""

    counted_until: datetime.date
    target: Decimal | None
    expected: int | None
    this_month: int
    cumulative: int


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """What the entry could say: its figures, and texts made from them."""

    figures: PlanFigures
    result: str
    obstacles: str
    remedies: str


def percent_of(entry: DailyPlanEntry | PlanFigures) -> Decimal | None:
    """The result so far in per cent of the expected houses, with two decimals; None where none are expected."""
    if not entry.expected:
        return None
    return (Decimal(100 * entry.cumulative) / entry.expected).quantize(Decimal("0.01"))


def newest_entry(district: District, month: datetime.date) -> DailyPlanEntry | None:
    """The writing of the month's entry that holds; None before the first."""
    written = DailyPlanEntry.objects.filter(district=district, month=month_start(month))
    return written.select_related("written_by", "district").order_by("-version").first()


def suggest(district: District, month: datetime.date, reported_on: datetime.date | None = None) -> Suggestion:
    """The entry as the figures of the day would have it; in Thai, as the city's screen wants it."""
    day = min(reported_on or timezone.localdate(), month_end(month))
    counted, _central = count_month(district, month, until=day)
    end = counted.at_end
    figures = PlanFigures(
        counted_until=end.day,
        target=target_at(district, PLAN, end.day),
        expected=end.expected or None,
        this_month=counted.this_month,
        cumulative=end.houses_tagged,
    )
    with translation.override("th"):
        waiting = sum(rows.rows - rows.settled for rows in rows_of_lists(district, end.day).values())
        obstacles, remedies = _obstacles(end, waiting)
        return Suggestion(figures, _result(figures, end), obstacles, remedies)


def _result(figures: PlanFigures, end: DistrictFigures) -> str:
    told = {
        "month": month_name(end.day),
        "this_month": f"{figures.this_month:,}",
        "cumulative": f"{figures.cumulative:,}",
        "until": short_date(end.day),
        "complete": str(end.communities_complete),
        "communities": str(end.communities_total),
    }
    said = _(
        "In %(month)s %(this_month)s houses got the code of their community, %(cumulative)s in all up to %(until)s."
        " The lists of %(complete)s of %(communities)s communities are settled."
    )
    share = percent_of(figures)
    if share is None:
        return said % told
    of_plan = _("That is %(share)s per cent of the %(expected)s houses expected.")
    return f"{said % told} {of_plan % {'share': share, 'expected': f'{figures.expected:,}'}}"


def _obstacles(end: DistrictFigures, waiting: int) -> tuple[str, str]:
    """What stands in the way, and what is done about it; empty texts where nothing does."""
    obstacles, remedies = [], []
    if not_here := sum(not line.listed for line in end.communities):
        obstacles.append(_("The house lists of %(number)s communities have not come yet.") % {"number": not_here})
        remedies.append(_("The community development section is reminded of the lists."))
    if waiting:
        obstacles.append(_("%(number)s rows of the lists wait for a person's decision.") % {"number": f"{waiting:,}"})
        remedies.append(_("The rows are shared out among the officers and decided row by row."))
    return " ".join(obstacles), " ".join(remedies)


@transaction.atomic
def write_entry(
    *,
    district: District,
    month: datetime.date,
    result: str,
    reporter: str,
    reported_on: datetime.date,
    obstacles: str = "",
    remedies: str = "",
    reference: str = "",
    seen: int | None,
    by: Person,
) -> DailyPlanEntry:
    """Writes the month's entry anew as a draft, with the figures of the day of the report.

    `seen` is the version that the writer looked at, None before the first. Raises ValidationError `not_allowed`,
    `submitted_already`, `written_meanwhile`, `result_missing`, `reporter_missing`, `future_date`, `month_not_begun`.
    """
    month = month_start(month)
    _refuse(by, Action.WRITE_DAILY_PLAN, district)
    _refuse_day(month, reported_on)
    if not result.strip():
        raise ValidationError(_("Write what was done."), code="result_missing")
    if not reporter.strip():
        raise ValidationError(_("Say who reports."), code="reporter_missing")
    standing = _held(district, month, seen)
    if standing and standing.state == State.SUBMITTED:
        raise ValidationError(_("This entry was keyed in already; it stays as it is."), code="submitted_already")
    figures = suggest(district, month, reported_on).figures
    return DailyPlanEntry.objects.create(
        district=district,
        month=month,
        version=(seen or 0) + 1,
        state=State.DRAFT,
        indicator_name=indicator_name(),
        result=result.strip(),
        obstacles=obstacles.strip(),
        remedies=remedies.strip(),
        reporter=reporter.strip(),
        reported_on=reported_on,
        reference=reference.strip(),
        written_by=by,
        **dataclasses.asdict(figures),
    )


def indicator_name() -> str:
    """The indicator as the city's screen names it, in Thai."""
    with translation.override("th"):
        return _("Per cent of the houses of communities that carry their community's code in the house register")


@transaction.atomic
def approve_entry(*, district: District, month: datetime.date, seen: int, by: Person) -> DailyPlanEntry:
    """Approves the draft as it was seen, figures and all. Raises `not_allowed`, `no_draft`, `written_meanwhile`."""
    _refuse(by, Action.APPROVE_DAILY_PLAN, district)
    standing = _held(district, month_start(month), seen)
    if standing is None or standing.state != State.DRAFT:
        raise ValidationError(_("There is no draft to approve."), code="no_draft")
    return _follow(standing, State.APPROVED, standing.reported_on, by)


@transaction.atomic
def submit_entry(
    *, district: District, month: datetime.date, submitted_on: datetime.date, seen: int, by: Person
) -> DailyPlanEntry:
    """Records that the approved entry was keyed into the city's screen on that day.

    Raises ValidationError `not_allowed`, `not_approved`, `written_meanwhile`, `future_date`, `month_not_begun`.
    """
    month = month_start(month)
    _refuse(by, Action.WRITE_DAILY_PLAN, district)
    _refuse_day(month, submitted_on)
    standing = _held(district, month, seen)
    if standing is None or standing.state != State.APPROVED:
        raise ValidationError(_("The entry is keyed in after it was approved."), code="not_approved")
    return _follow(standing, State.SUBMITTED, submitted_on, by)


def _held(district: District, month: datetime.date, seen: int | None) -> DailyPlanEntry | None:
    """The entry that holds, while nobody else can write another; refused where it is not the one that was seen."""
    District.objects.select_for_update().get(pk=district.pk)
    standing = newest_entry(district, month)
    if (standing.version if standing else None) != seen:
        raise ValidationError(
            _("Somebody else has written this entry meanwhile. Look at it again."), code="written_meanwhile"
        )
    return standing


def _follow(standing: DailyPlanEntry, state: State, on: datetime.date, by: Person) -> DailyPlanEntry:
    return DailyPlanEntry.objects.create(
        district=standing.district,
        month=standing.month,
        version=standing.version + 1,
        state=state,
        reported_on=on,
        written_by=by,
        **{name: getattr(standing, name) for name in COPIED},
    )


def _refuse(by: Person, action: Action, district: District) -> None:
    if may(by, action, district):
        return
    if action == Action.APPROVE_DAILY_PLAN:
        raise ValidationError(_("Only the head of the section approves the entry."), code="not_allowed")
    raise ValidationError(_("Only the registry section writes the entry."), code="not_allowed")


def _refuse_day(month: datetime.date, day: datetime.date) -> None:
    refuse_future(day)
    if day < month:
        raise ValidationError(
            _("%(month)s had not begun on %(day)s."),
            code="month_not_begun",
            params={"month": month_name(month), "day": short_date(day)},
        )
