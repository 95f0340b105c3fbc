"""What the pages of visits read: lists by day, a list lane by lane with what is known of its houses, and a case."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from communities.models import Appointment, District, Person, Role
from communities.scope import posts_of_today

from .models import Attendance, Case, CasePhoto, Section, Stop, StopResult, VerdictPhoto, VisitList
from .visit_results import OFTEN, nobody_home_in_a_row
from .visits import Member, is_working_day, lane_of, team_lacks

PAST_LISTS = 20


# --- the lists of a district ---


@dataclasses.dataclass(frozen=True)
class ListsByDay:
    """The lists of today, of days to come (the next first) and of days that passed (the last first)."""

    today: Sequence[VisitList]
    to_come: Sequence[VisitList]
    past: Sequence[VisitList]
    more: bool


def lists_by_day(district: District, *, past_from: int = 0) -> ListsByDay:
    """The district's lists, each with `houses` and `done`, its numbers of houses and results; three queries."""
    today = timezone.localdate()
    lists = counted(VisitList.objects.filter(district=district)).prefetch_related("team")
    coming = list(lists.filter(day__gte=today).order_by("day", "number"))
    passed = list(lists.filter(day__lt=today).order_by("-day", "number")[past_from : past_from + PAST_LISTS + 1])
    return ListsByDay(
        [each for each in coming if each.day == today],
        [each for each in coming if each.day > today],
        passed[:PAST_LISTS],
        len(passed) > PAST_LISTS,
    )


def counted(lists: QuerySet[VisitList]) -> QuerySet[VisitList]:
    """The lists with `houses`, those not taken off, and `done`, those with a result."""
    return lists.annotate(houses=Count("stops", filter=Q(stops__taken_off_by=None)), done=Count("stops__result"))


# --- one list ---


@dataclasses.dataclass(frozen=True)
class StopLine:
    """A stop with what is known of its house: results of visits before, the newest first, and the number of photos."""

    stop: Stop
    before: Sequence[StopResult]
    photos: int

    @property
    def result(self) -> StopResult | None:
        """What was found there; None while it is open."""
        return getattr(self.stop, "result", None)

    @property
    def often_nobody(self) -> bool:
        """Whether nobody was home so often that an officer should decide."""
        return nobody_home_in_a_row([each.code for each in reversed(self.before)]) >= OFTEN


@dataclasses.dataclass(frozen=True)
class LaneOfStops:
    """The stops in one lane, in the order of the houses."""

    lines: Sequence[StopLine]

    @property
    def first(self) -> Case:
        """The case whose house names the lane."""
        return self.lines[0].stop.case


def lanes_of(visits: VisitList) -> list[LaneOfStops]:
    """The list lane by lane, without what was taken off; as many queries for many houses as for few."""
    stops = visits.stops.filter(taken_off_by=None)
    lines = lines_of(stops)
    return [LaneOfStops(list(lane)) for _lane, lane in groupby(lines, key=lambda line: lane_of(line.stop.case))]


def lines_of(stops: QuerySet[Stop]) -> list[StopLine]:
    """The stops in the order of their lanes, each with what is known of its house; five queries."""
    there = Prefetch("result__attendances", Attendance.objects.order_by("pk"))
    found = list(
        stops.select_related("case__house", "case__occurrence", "visit_list", "result__recorded_by").prefetch_related(
            there
        )
    )
    found.sort(key=_in_lane)
    cases = [stop.case for stop in found]
    before, photos = _results_before(cases), photos_of(cases)
    return [
        StopLine(
            stop,
            [each for each in before[stop.case_id] if each.stop_id != stop.pk],
            photos[stop.case_id],
        )
        for stop in found
    ]


def _in_lane(stop: Stop) -> tuple[Any, ...]:
    house = stop.case.house
    return (*lane_of(stop.case), house.number_order if house else stop.case.house_no, stop.pk)


def _results_before(cases: Iterable[Case]) -> dict[int, list[StopResult]]:
    results: dict[int, list[StopResult]] = defaultdict(list)
    for each in StopResult.objects.filter(stop__case__in=list(cases)).select_related("stop").order_by("-pk"):
        results[each.stop.case_id].append(each)
    return results


def photos_of(cases: Sequence[Case]) -> dict[int, int]:
    """How many photos each case has, the reporter's included."""
    numbers: dict[int, int] = defaultdict(int)
    of_cases = CasePhoto.objects.filter(case__in=cases).order_by().values_list("case")
    numbers.update(of_cases.annotate(Count("pk")))
    by_verdict = {case.verdict_id: case.pk for case in cases if case.verdict_id}
    of_reporters = VerdictPhoto.objects.filter(verdict__in=by_verdict).order_by().values_list("verdict")
    for verdict, number in of_reporters.annotate(Count("pk")):
        numbers[by_verdict[verdict]] += number
    return numbers


def open_after(lanes: Sequence[LaneOfStops], stop: Stop | None = None) -> Stop | None:
    """The next stop without a result behind this one in the order of the list, else the first; None where all are."""
    in_order = [line.stop for lane in lanes for line in lane.lines]
    at = in_order.index(stop) + 1 if stop in in_order else 0
    return next((each for each in [*in_order[at:], *in_order[:at]] if each.over_at is None and each != stop), None)


def warnings_of(visits: VisitList) -> dict[str, Any]:
    """What the list lacks: who of the joint team is not named, and whether offices are closed that day."""
    sections = [member.section for member in visits.team.all()]
    return {"lacks": team_lacks(sections), "closed": not is_working_day(visits.day)}


# --- who goes, who was there ---


def usual_team(district: District, cases: Iterable[Case], *, by: Person) -> list[Member]:
    """Whom a list begins with: the planner, community development, and who speaks for the houses' communities."""
    today = timezone.localdate()
    communities = {case.community_id for case in cases if case.community_id}
    held = Appointment.objects.on(today).filter(person__is_active=True).select_related("person").order_by("role", "pk")
    development = held.filter(district=district, role=Role.COMMUNITY_DEVELOPMENT)[:1]
    speakers = held.filter(community__in=communities, role__in=[Role.PRESIDENT, Role.DELEGATE])
    team = [Member(Section.REGISTRY, str(by), by)]
    team += [Member(Section.COMMUNITY_DEVELOPMENT, str(post.person), post.person) for post in development]
    team += [Member(Section(post.role), str(post.person), post.person) for post in speakers]
    return list({member.name: member for member in reversed(team)}.values())[::-1]


def those_there(visits: VisitList) -> list[tuple[Member, bool]]:
    """Who may have been there, the team first, and whether they were at the house before (all, at the first house)."""
    team = [Member(each.section, each.name, each.person) for each in visits.team.select_related("person")]
    last = StopResult.objects.filter(stop__visit_list=visits).order_by("-pk").first()
    if last is None:
        return [(member, True) for member in team]
    were = [Member(each.section, each.name, each.person) for each in last.attendances.select_related("person")]
    names = {member.name for member in were}
    more = [member for member in were if member.name not in {each.name for each in team}]
    return [(member, member.name in names) for member in [*team, *more]]


def section_of(person: Person, district: District) -> str:
    """Whom a person of the office stands for at a house."""
    roles = {post.role for post in posts_of_today(person) if post.district_id == district.pk}
    return Section.COMMUNITY_DEVELOPMENT if Role.COMMUNITY_DEVELOPMENT in roles else Section.REGISTRY


# --- the visits of a case ---


def visits_of(case: Case) -> list[Stop]:
    """Every visit of the case, planned, made or taken off, the newest first; four queries."""
    return list(
        case.stops.select_related("visit_list", "result__recorded_by", "taken_off_by")
        .prefetch_related("result__attendances", "result__photos", "visit_list__team")
        .order_by("-pk")
    )


def seen_on_by(visits: VisitList) -> datetime.date:
    """The day that a result is written down with unless somebody types another: the list's, or today before it."""
    return min(visits.day, timezone.localdate())
