"""The head's desk: how far the district is, what is late, and who needs help (product.md D1 to D3).

A fixed handful of queries, whatever the number of communities, houses and cases.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import District
from communities.thai_calendar import fiscal_quarter, fiscal_year, working_days_since
from households.claims import claimed_houses
from households.models import Sender
from households.progress import CommunityProgress, DistrictTotals, district_progress, totals_of
from households.quality import ListQuality, quality_by
from households.work_done import oldest_waiting
from households.work_shares import Share, held_in, share_rows, shares_of
from verification.answers import unanswered
from verification.case_clock import late_cases
from verification.models import Case, CommunityReview
from verification.workflow import State

from .daily_plan import PLAN
from .daily_plan_clock import Clock, clock_of
from .months import Month
from .targets import targets_of_years

WORST_SENDERS = 3


class Review(NamedTuple):
    """A community's newest sheet in a round that runs: the houses on it, and those of them that have a verdict."""

    round: int
    listed: int
    said: int
    is_signed: bool


class OpenCases(NamedTuple):
    """How many cases of a community wait, and the day on which the oldest came."""

    number: int = 0
    since: datetime.date | None = None


@dataclasses.dataclass(frozen=True)
class DeskLine:
    """A community on the desk; `age` in working days of its oldest open thing, None where nothing is open."""

    progress: CommunityProgress
    review: Review | None
    cases: OpenCases
    age: int | None

    @property
    def left(self) -> int:
        """Houses of the whole that carry no code yet."""
        return max(self.progress.whole - self.progress.tagged, 0)

    @property
    def heat(self) -> int:
        """From 0 (done) to 4 (nothing yet): how much of the community is left."""
        return -(-4 * self.left // self.progress.whole) if self.progress.whole else 0


class LateThing(NamedTuple):
    """Something that waits for somebody: what, how many, and the page of its rows."""

    what: str
    number: int
    address: str


class CasesAt(NamedTuple):
    """The cases that stand at a state, and the working days since the oldest of them was received."""

    state: State
    number: int
    oldest: int


class SenderQuality(NamedTuple):
    """A sender of lists, and how good they are."""

    name: str
    quality: ListQuality


@dataclasses.dataclass(frozen=True)
class Desk:
    """All that the desk shows of a district on a day."""

    clock: Clock
    totals: DistrictTotals
    lines: Sequence[DeskLine]
    late: Sequence[LateThing]
    shares: Sequence[Share]
    cases: Sequence[CasesAt]
    senders: Sequence[SenderQuality]


ORDERS = {
    "left": lambda line: (-line.left, line.progress.community.label_code or ""),
    "open": lambda line: (-line.progress.waiting, -line.cases.number, line.progress.community.label_code or ""),
    "age": lambda line: (-(line.age if line.age is not None else -1), line.progress.community.label_code or ""),
    "code": lambda line: (line.progress.community.label_code or "", line.progress.community.pk),
}


def desk_of(district: District, today: datetime.date, order: str = "left") -> Desk:
    """The desk of the district; `order` is a key of ORDERS, the worst first."""
    progress = district_progress(district)
    totals = totals_of(progress)
    lines = sorted(_lines(district, progress, today), key=ORDERS[order])
    shares = shares_of(district, share_rows(progress, held_in(district, today)), today)
    return Desk(
        clock=clock_of(district, today, today),
        totals=totals,
        lines=lines,
        late=[*late_things(district, today), *_late_lists(district, progress, totals)],
        shares=[share for share in shares if share.rows],
        cases=_cases_by_state(district, today),
        senders=_worst_senders(district),
    )


def _lines(district: District, progress: Sequence[CommunityProgress], today: datetime.date) -> list[DeskLine]:
    reviews, cases, lists = _reviews(district), _open_cases(district), oldest_waiting(district)
    lines = []
    for one in progress:
        place = one.community.pk
        of_it = cases.get(place, OpenCases())
        began = [day for day in (lists.get(place), of_it.since) if day]
        age = working_days_since(min(began), today) if began else None
        lines.append(DeskLine(one, reviews.get(place), of_it, age))
    return lines


def _reviews(district: District) -> dict[int, Review]:
    sheets: Any = CommunityReview.objects.filter(round__district=district, round__closed_at=None).annotate(
        listed=Count("houses"), said=Count("houses", filter=Q(houses__verdict__isnull=False))
    )
    return {
        sheet.community_id: Review(sheet.round_id, sheet.listed, sheet.said, sheet.state == sheet.State.SIGNED)
        for sheet in sheets.order_by("round_id", "pk")
    }


def _open_cases(district: District) -> dict[int, OpenCases]:
    counted = Case.objects.open().filter(district=district, community__isnull=False).order_by().values("community")
    return {
        one["community"]: OpenCases(one["number"], one["since"].date())
        for one in counted.annotate(number=Count("pk"), since=Min("opened_at"))
    }


def late_things(district: District, today: datetime.date) -> list[LateThing]:
    """What waits for an answer or an end, each with the page of its rows; nothing that is at zero."""
    here = f"?district={district.code}"
    cases = Case.objects.filter(district=district)
    things = [
        LateThing(_("cases over their time"), len(late_cases(cases.open(), today)), reverse("verification:cases_late")),
        LateThing(
            _("proposals that wait for approval"),
            cases.filter(state=State.PROPOSED).count(),
            f"{reverse('verification:cases')}{here}&state=proposed",
        ),
        LateThing(_("verdicts without an answer"), unanswered(district).count(), reverse("verification:answers")),
    ]
    return _that_wait(things, here)


def still_open(district: District, today: datetime.date) -> list[LateThing]:
    """What somebody should know before a month is issued: what is late, and the claims and cases that are open."""
    things = [
        LateThing(_("houses claimed by two communities"), len(claimed_houses(district)), reverse("households:claims")),
        LateThing(
            _("cases that are still open"),
            Case.objects.filter(district=district).open().count(),
            reverse("verification:cases"),
        ),
    ]
    return [*late_things(district, today), *_that_wait(things, f"?district={district.code}")]


def _late_lists(district: District, progress: Sequence[CommunityProgress], totals: DistrictTotals) -> list[LateThing]:
    """What waits of the lists, in the same manner."""
    things = [
        LateThing(
            _("communities whose list has not come"),
            sum(one.status == "not_received" for one in progress),
            reverse("households:home"),
        ),
        LateThing(
            _("communities without a code in force"),
            sum(one.status == "no_code" for one in progress),
            reverse("households:home"),
        ),
        LateThing(_("houses claimed by two communities"), totals.claimed, reverse("households:claims")),
        LateThing(_("rows that wait for a decision"), totals.waiting, reverse("households:lists")),
    ]
    return _that_wait(things, f"?district={district.code}")


def _that_wait(things: Sequence[LateThing], here: str) -> list[LateThing]:
    return [
        thing._replace(address=thing.address if "?" in thing.address else f"{thing.address}{here}")
        for thing in things
        if thing.number
    ]


def _cases_by_state(district: District, today: datetime.date) -> list[CasesAt]:
    counted: Any = Case.objects.open().filter(district=district).order_by().values("state")
    found = {one["state"]: one for one in counted.annotate(number=Count("pk"), since=Min("opened_at"))}
    return [
        CasesAt(state, found[state]["number"], working_days_since(found[state]["since"].date(), today))
        for state in State
        if state in found
    ]


def _worst_senders(district: District) -> list[SenderQuality]:
    entries = sorted(quality_by("sender", district), key=lambda one: one.exact_share)[:WORST_SENDERS]
    names = Sender.objects.in_bulk([one.group for one in entries if one.group])
    return [SenderQuality(str(names[one.group]) if one.group in names else "", one) for one in entries]


def aims(district: District, months: Sequence[Month], expected: int | None) -> list[int | None]:
    """For each month the houses that should be tagged by the end of its quarter; None where nobody set a target."""
    targets = targets_of_years(district, {fiscal_year(month.month) for month in months})
    aimed = []
    for month in months:
        target = targets[fiscal_year(month.month)].get((PLAN, fiscal_quarter(month.month)))
        aimed.append(None if target is None or not expected else round(expected * target / 100))
    return aimed
