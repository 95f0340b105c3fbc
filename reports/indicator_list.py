"""The district's indicators as at a day: each with its code, name and unit, its reading, and the facts behind it.

Houses are counted as everywhere by `reports.indicators`; all else by the facts listed here, so that a reading and its
rows cannot differ. Only dated facts count, never today's state.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Min
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import District
from communities.thai_calendar import fiscal_quarter, fiscal_year, month_start, working_days_since
from verification.models import Answer, CommunityReview, StatusChange
from verification.workflow import ENDED

from .figures import CommunityFigures, DistrictFigures
from .indicators import Indicator, count_month
from .models import OpeningTime
from .targets import targets_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Unit(models.TextChoices):
    """What an indicator's reading counts."""

    HOUSES = "houses", pgettext_lazy("unit", "houses")
    COMMUNITIES = "communities", pgettext_lazy("unit", "communities")
    LISTS = "lists", pgettext_lazy("unit", "lists")
    VERDICTS = "verdicts", pgettext_lazy("unit", "verdicts")
    PER_CENT = "per_cent", _("per cent")
    MILLISECONDS = "milliseconds", _("milliseconds")


class Measure(enum.Enum):
    """How an indicator is read from what it counts."""

    NUMBER = enum.auto()
    SHARE = enum.auto()
    SHARE_OF_PLAN = enum.auto()
    MEDIAN = enum.auto()
    P95 = enum.auto()


class Reading(NamedTuple):
    """What an indicator shows: its value (None where there is nothing to show), and how many rows lie behind it.

    `of` is the whole of which a per cent is taken.
    """

    value: Decimal | int | None
    rows: int
    of: int | None = None

    @property
    def shown(self) -> str:
        """The value as it is written, with commas."""
        return "–" if self.value is None else f"{self.value:,}"


class Fact(NamedTuple):
    """Something that an indicator counts: where, what it is called, its day, the page that shows it.

    `number` is what was measured; `counts` whether it is among those that a per cent counts.
    """

    community: int | None
    name: str
    day: datetime.date
    address: str
    number: int = 0
    counts: bool = True


@dataclasses.dataclass(frozen=True)
class Kpi:
    """An indicator: `houses` names the figure whose houses it counts, else `facts` lists what it counts."""

    code: str
    name: StrOrPromise
    unit: Unit
    houses: Indicator | None = None
    facts: Callable[[DistrictFigures], list[Fact]] | None = None
    measure: Measure = Measure.NUMBER
    less_is_better: bool = False


class Readings(NamedTuple):
    """An indicator's reading of a district, and of each of its communities (id)."""

    kpi: Kpi
    total: Reading
    by_community: Mapping[int, Reading]


class Told(NamedTuple):
    """All that a report says of an indicator: its readings, the facts behind them, the target of the quarter.

    Where houses are counted there are no facts: the houses themselves stand on the sheets of the communities.
    """

    readings: Readings
    facts: Sequence[Fact]
    target: Decimal | None

    @property
    def kpi(self) -> Kpi:
        """The indicator."""
        return self.readings.kpi


# --- how facts are read ---


def _number(facts: Sequence[Fact]) -> Reading:
    return Reading(len(facts), len(facts))


def _share_in_time(facts: Sequence[Fact]) -> Reading:
    in_time = sum(fact.counts for fact in facts)
    return Reading(_per_cent(in_time, len(facts)), len(facts), len(facts))


def _median(facts: Sequence[Fact]) -> Reading:
    return Reading(math.floor(statistics.median(fact.number for fact in facts) + 0.5) if facts else None, len(facts))


def _slowest_of_twenty(facts: Sequence[Fact]) -> Reading:
    """The 95th percentile: the time that 19 of 20 openings did not exceed."""
    times = sorted(fact.number for fact in facts)
    return Reading(times[-(-95 * len(times) // 100) - 1] if times else None, len(facts))


def _per_cent(part: int, whole: int | None) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


READ = {
    Measure.NUMBER: _number,
    Measure.SHARE: _share_in_time,
    Measure.MEDIAN: _median,
    Measure.P95: _slowest_of_twenty,
}


# --- the facts ---


def _complete_communities(figures: DistrictFigures) -> list[Fact]:
    return [
        Fact(
            line.community,
            f"{line.code} {line.name}".strip(),
            figures.day,
            f"{reverse('households:lists')}?community={line.community}",
        )
        for line in figures.communities
        if line.is_complete
    ]


def _lists_returned(figures: DistrictFigures) -> list[Fact]:
    """The lists that presidents signed off by the day."""
    signed = CommunityReview.objects.filter(
        round__district=figures.district, state=CommunityReview.State.SIGNED, ended_at__date__lte=figures.day
    )
    rows = signed.order_by("ended_at").values_list("community", "signed_name", TruncDate("ended_at"), "round")
    return [Fact(place, name, day, reverse("verification:round", args=[pk])) for place, name, day, pk in rows]


def _verdicts_answered(figures: DistrictFigures) -> list[Fact]:
    """The doubtful verdicts that got an answer by the day, each at its first."""
    answered = Answer.objects.filter(
        verdict__review__round__district=figures.district, turn=1, answered_at__date__lte=figures.day
    ).annotate(
        community=F("verdict__review__community"),
        day=TruncDate("answered_at"),
        number=Coalesce("verdict__listed__house__house_no", "verdict__house_no"),
    )
    page = reverse("verification:answers")
    rows = answered.order_by("answered_at").values_list("community", "number", "day")
    return [Fact(place, number, day, f"{page}?community={place}") for place, number, day in rows]


def _cases_closed(figures: DistrictFigures) -> list[Fact]:
    """The cases that ended by the day, each at its first end; those within the office's limit count."""
    ended = (
        StatusChange.objects.filter(case__district=figures.district, state_after__in=ENDED)
        .order_by()
        .values("case", "case__community", "case__number", "case__year_be", received=TruncDate("case__opened_at"))
        .annotate(ended=TruncDate(Min("done_at")))
        .filter(ended__lte=figures.day)
        .order_by("ended", "case")
    )
    limit = settings.CASE_CLOSED_WITHIN_WORKING_DAYS
    return [
        Fact(
            one["case__community"],
            f"{one['case__number']}/{one['case__year_be']}",
            one["ended"],
            reverse("verification:case", args=[one["case"]]),
            number=(taken := working_days_since(one["received"], one["ended"])),
            counts=taken <= limit,
        )
        for one in ended
    ]


def _openings(figures: DistrictFigures) -> list[Fact]:
    """How long the openings of communities' lists took, in the month up to the day."""
    measured = OpeningTime.objects.filter(
        district=figures.district, opened_on__range=(month_start(figures.day), figures.day)
    ).order_by("pk")
    page = reverse("households:lists")
    return [
        Fact(
            one.community_id,
            f"{one.milliseconds:,} ms",
            one.opened_on,
            f"{page}?community={one.community_id}",
            number=one.milliseconds,
        )
        for one in measured
    ]


KPIS = (
    Kpi("houses_tagged", _("Houses tagged with their community's code"), Unit.HOUSES, houses=Indicator.TAGGED),
    Kpi("houses_live", _("Tagged houses that are in the register"), Unit.HOUSES, houses=Indicator.LIVE),
    Kpi(
        "percent_of_plan",
        _("Tagged houses of those expected"),
        Unit.PER_CENT,
        houses=Indicator.TAGGED,
        measure=Measure.SHARE_OF_PLAN,
    ),
    Kpi("houses_struck_off", _("Tagged houses that were struck off"), Unit.HOUSES, houses=Indicator.STRUCK),
    Kpi(
        "communities_complete",
        _("Communities whose lists are settled"),
        Unit.COMMUNITIES,
        facts=_complete_communities,
    ),
    Kpi("lists_returned", _("Lists returned by presidents"), Unit.LISTS, facts=_lists_returned),
    Kpi("verdicts_answered", _("Verdicts answered"), Unit.VERDICTS, facts=_verdicts_answered),
    Kpi(
        "cases_closed_in_time",
        _("Cases closed within the office's working days"),
        Unit.PER_CENT,
        facts=_cases_closed,
        measure=Measure.SHARE,
    ),
    Kpi(
        "opening_time_median",
        _("Time to reach a community's list, median of the month"),
        Unit.MILLISECONDS,
        facts=_openings,
        measure=Measure.MEDIAN,
        less_is_better=True,
    ),
    Kpi(
        "opening_time_p95",
        _("Time to reach a community's list, not exceeded by 95 in 100"),
        Unit.MILLISECONDS,
        facts=_openings,
        measure=Measure.P95,
        less_is_better=True,
    ),
)
BY_CODE = {kpi.code: kpi for kpi in KPIS}


# --- the readings ---


def readings_of(district: District, day: datetime.date, kpis: Iterable[Kpi] = KPIS) -> list[Readings]:
    """The indicators of the district as at the day, each in all and by community; the same few statements always."""
    figures = count_month(district, day, until=day).month.at_end
    return [read(kpi, figures, facts_of(kpi, figures)) for kpi in kpis]


def tell(figures: DistrictFigures) -> list[Told]:
    """All indicators as at the day of the figures, with their facts and targets; the same few statements always."""
    targets, quarter = targets_of(figures.district, fiscal_year(figures.day)), fiscal_quarter(figures.day)
    told = []
    for kpi in KPIS:
        facts = facts_of(kpi, figures)
        told.append(Told(read(kpi, figures, facts), facts, targets.get((kpi.code, quarter))))
    return told


def reached(kpi: Kpi, reading: Reading, target: Decimal | None) -> bool | None:
    """Whether the reading reaches the target; None where either is missing."""
    if target is None or reading.value is None:
        return None
    return reading.value <= target if kpi.less_is_better else reading.value >= target


def facts_of(kpi: Kpi, figures: DistrictFigures) -> list[Fact]:
    """What the indicator counts in the district as at the day of the figures; nothing where it counts houses."""
    return kpi.facts(figures) if kpi.facts else []


def read(kpi: Kpi, figures: DistrictFigures, facts: Sequence[Fact]) -> Readings:
    """The indicator's reading of these facts, or of the figures where it counts houses."""
    if kpi.facts is None:
        by_community = {line.community: _of_houses(kpi, line) for line in figures.communities}
        return Readings(kpi, _of_all_houses(kpi, figures), by_community)
    reading_of = READ[kpi.measure]
    groups: dict[int, list[Fact]] = {line.community: [] for line in figures.communities}
    for fact in facts:
        if fact.community is not None:
            groups.setdefault(fact.community, []).append(fact)
    return Readings(kpi, reading_of(facts), {place: reading_of(group) for place, group in groups.items()})


def _of_houses(kpi: Kpi, line: CommunityFigures) -> Reading:
    if kpi.unit == Unit.PER_CENT:
        return Reading(_per_cent(line.tagged, line.expected), line.tagged, line.expected)
    counted = {Indicator.TAGGED: line.tagged, Indicator.LIVE: line.live, Indicator.STRUCK: line.tagged - line.live}
    return Reading(counted[kpi.houses or Indicator.TAGGED], counted[kpi.houses or Indicator.TAGGED])


def _of_all_houses(kpi: Kpi, figures: DistrictFigures) -> Reading:
    if kpi.unit == Unit.PER_CENT:
        said = figures.with_expected.houses_tagged
        return Reading(_per_cent(said, figures.expected), said, figures.expected or None)
    houses = sum(_of_houses(kpi, line).rows for line in figures.communities)
    return Reading(houses, houses)


def facts_behind(kpi: Kpi, district: District, day: datetime.date, community: int | None = None) -> list[Fact]:
    """What the indicator counts as at the day, of one community (id) or of the whole district.

    For the indicators that count houses the houses themselves stand on the page of the figure.
    """
    if kpi.facts is None:
        return []
    facts = facts_of(kpi, count_month(district, day, until=day).month.at_end)
    return [fact for fact in facts if community in (None, fact.community)]
