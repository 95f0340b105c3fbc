"""Visits are planned: which cases wait for one, the list of a day with its team, lane by lane (product.md V2)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import working_days_since

from .casework import advance, locked
from .evidence import AGREES
from .models import Case, Occurrence, Section, Stop, StopResult, TeamMember, VisitList
from .workflow import AT_THE_DESK, STRUCK_IN_THE_END, Move, State

USUAL_STOPS, MOST_STOPS = 20, 200
LONGEST_NAME = 150

# Who goes together (source document, step 19), and what to say where one of them is not named.
JOINT_TEAM: tuple[tuple[frozenset[Section], object], ...] = (
    (frozenset({Section.REGISTRY}), Section.REGISTRY.label),
    (frozenset({Section.COMMUNITY_DEVELOPMENT}), Section.COMMUNITY_DEVELOPMENT.label),
    (frozenset({Section.PRESIDENT, Section.DELEGATE}), gettext_lazy("community president or delegate")),
)


@dataclasses.dataclass(frozen=True)
class Member:
    """Somebody of the joint team: whom they stand for, by name, with an account or without."""

    section: str
    name: str
    person: Person | None = None


@dataclasses.dataclass(frozen=True)
class Waiting:
    """A case that waits for a visit; `last` is what the visit before found, "" before the first."""

    case: Case
    last: str

    @property
    def last_in_words(self) -> str:
        """What the visit before found, as it is said."""
        return str(StopResult.Code(self.last).label) if self.last else ""

    @property
    def at_desk_too(self) -> bool:
        """Whether it may be settled from the papers alone."""
        return self.case.kind in AT_THE_DESK and not self.last


@dataclasses.dataclass(frozen=True)
class LaneWaiting:
    """A lane with the cases in it that wait, in the order of the houses."""

    cases: Sequence[Waiting]

    @property
    def first(self) -> Case:
        """The case whose house names the lane."""
        return self.cases[0].case


@dataclasses.dataclass(frozen=True)
class ToVisit:
    """What waits for a visit: lane by lane, and the events of many houses with the number that waits of each."""

    lanes: Sequence[LaneWaiting]
    events: Sequence[tuple[Occurrence, int]]

    @property
    def number(self) -> int:
        """How many cases wait."""
        return sum(len(lane.cases) for lane in self.lanes)


# --- what waits ---


def cases_to_visit(district: District) -> ToVisit:
    """The district's open cases that a visit would bring on and that are on no list, lane by lane; one query.

    Those that were just received are taken up when they are planned.
    """
    last = StopResult.objects.filter(stop__case=OuterRef("pk")).order_by("-pk").values("code")[:1]
    found = (
        Case.objects.filter(
            district=district, state__in=[State.RECEIVED, State.UNDER_REVIEW, State.VISITED, State.CONFIRMED]
        )
        .exclude(stops__over_at=None, stops__isnull=False)
        .annotate(last=Subquery(last))
        .select_related("house", "occurrence")
    )
    seen = [Waiting(case, getattr(case, "last", None) or "") for case in _by_lane(found)]
    waiting = [each for each in seen if _needs_visit(each.case, each.last)]
    lanes = [LaneWaiting(list(cases)) for _lane, cases in groupby(waiting, key=lambda each: lane_of(each.case))]
    return ToVisit(lanes, _events_of(waiting))


def _needs_visit(case: Case, last: str) -> bool:
    if case.state in (State.RECEIVED, State.UNDER_REVIEW):
        return True
    if case.state == State.CONFIRMED:
        return case.kind in STRUCK_IN_THE_END and last not in AGREES[case.kind]
    return last != StopResult.Code.STANDING and last not in AGREES[case.kind]


def _events_of(waiting: Iterable[Waiting]) -> list[tuple[Occurrence, int]]:
    numbers: dict[Occurrence, int] = {}
    for each in waiting:
        if each.case.occurrence:
            numbers[each.case.occurrence] = numbers.get(each.case.occurrence, 0) + 1
    return sorted(numbers.items(), key=lambda pair: -pair[1])


def lane_of(case: Case) -> tuple[bool, str]:
    """What cases of one lane share: the lane of the house, or the words for it where the list has none, those last."""
    return (False, case.house.lane_order) if case.house else (True, case.lane)


def _by_lane(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.order_by(
        F("house__lane_order").asc(nulls_last=True),
        F("house__number_order").asc(nulls_last=True),
        "lane",
        "house_no",
        "pk",
    )


# --- the list of a day ---


@transaction.atomic
def make_list(
    district: District,
    *,
    day: datetime.date,
    most_stops: int = USUAL_STOPS,
    team: Iterable[Member],
    cases: Iterable[Case],
    note: str = "",
    by: Person,
) -> VisitList:
    """Plans the visits of a day: the cases lane by lane, with the team. All of them or none.

    Raises `not_allowed`, `day_passed`, `no_room`, `no_team`, `named_twice`, `nothing_ticked`, `too_many`,
    `other_district`, `waits_already`, and as `casework.advance` does.
    """
    held = _held(cases)
    district = District.objects.select_for_update(no_key=True).get(pk=district.pk)
    if not may(by, Action.WORK_CASE, district):
        raise ValidationError(_("Only the registry section plans visits."), code="not_allowed")
    if day < timezone.localdate():
        raise ValidationError(_("The day has passed."), code="day_passed")
    if not 1 <= most_stops <= MOST_STOPS:
        raise ValidationError(
            _("A list holds between 1 and %(most)s houses."), code="no_room", params={"most": MOST_STOPS}
        )
    visits = new_list(district, day=day, most_stops=most_stops, note=note, by=by)
    _write_team(visits, team)
    _put_on(visits, held, by=by)
    return visits


def new_list(district: District, *, day: datetime.date, most_stops: int, note: str = "", by: Person) -> VisitList:
    """An empty list with the next number of the day. The district's row must be held."""
    last = VisitList.objects.filter(district=district, day=day).aggregate(Max("number"))["number__max"] or 0
    return VisitList.objects.create(
        district=district, day=day, number=last + 1, most_stops=most_stops, note=note.strip()[:300], made_by=by
    )


@transaction.atomic
def add_stops(visits: VisitList, cases: Iterable[Case], *, by: Person, most_stops: int | None = None) -> Sequence[Stop]:
    """Puts more cases on a list of today or later; `most_stops` makes it longer with the same press.

    Raises as `make_list` does.
    """
    held = _held(cases)
    visits = _list_held(visits, by=by)
    if visits.day < timezone.localdate():
        raise ValidationError(_("The day has passed."), code="day_passed")
    if most_stops is not None and visits.most_stops < most_stops <= MOST_STOPS:
        visits.most_stops = most_stops
        visits.save(update_fields=["most_stops"])
    return _put_on(visits, held, by=by)


@transaction.atomic
def set_team(visits: VisitList, team: Iterable[Member], *, by: Person) -> VisitList:
    """Writes down who goes, in place of whoever was named before. Raises `not_allowed`, `no_team`, `named_twice`."""
    visits = _list_held(visits, by=by)
    visits.team.all().delete()
    _write_team(visits, team)
    return visits


@transaction.atomic
def take_off(stop: Stop, *, reason: str, by: Person) -> Stop:
    """Takes a case off its list, back to the desk. Raises `over_already`, `reason_needed`, and as `advance` does."""
    case = locked(stop.case)
    stop = Stop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
    if stop.over_at is not None:
        raise ValidationError(_("This visit is over already."), code="over_already")
    if not reason.strip():
        raise ValidationError(_("Say why the visit is taken off."), code="reason_needed")
    advance(case, Move.TAKE_OFF_LIST, by=by, reason=reason)
    stop.over_at, stop.taken_off_by, stop.taken_off_reason = timezone.now(), by, reason.strip()[:300]
    stop.save(update_fields=["over_at", "taken_off_by", "taken_off_reason"])
    return stop


@transaction.atomic
def carry_over(visits: VisitList, *, reason: str, by: Person) -> VisitList:
    """Puts all houses of the list that have no result onto one later list: the next that has room for them, or a new
    one on the next working day with the same team.

    Raises `nothing_left`, and as `take_off` and `add_stops` do.
    """
    open_ones = visits.stops.filter(over_at=None)
    held = _held(stop.case for stop in open_ones.select_related("case"))
    district = District.objects.select_for_update(no_key=True).get(pk=visits.district_id)
    left = list(open_ones.filter(case__in=held).select_related("case"))
    if not left:
        raise ValidationError(_("Every house of the list has its result."), code="nothing_left")
    for stop in left:
        take_off(stop, reason=reason, by=by)
    after = max(timezone.localdate(), visits.day)
    roomy = lists_with_room(district, after=after).filter(most_stops__gte=F("taken") + len(left))
    onto = roomy.first() or list_like(visits, after, by=by)
    add_stops(onto, [stop.case for stop in left], by=by)
    return onto


def list_like(before: VisitList, after: datetime.date, *, by: Person) -> VisitList:
    """An empty list on the next working day with the team of the one before. The district's row must be held."""
    visits = new_list(before.district, day=next_working_day(after), most_stops=before.most_stops, by=by)
    TeamMember.objects.bulk_create(
        TeamMember(visit_list=visits, section=each.section, name=each.name, person_id=each.person_id)
        for each in before.team.all()
    )
    return visits


def _held(cases: Iterable[Case]) -> list[Case]:
    """The cases as they stand, their rows held in the order of their ids, so that no two people hold each other up."""
    ids = {case.pk for case in cases}
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    return list(_by_lane(Case.objects.filter(pk__in=ids).select_related("house", "district")))


def _list_held(visits: VisitList, *, by: Person) -> VisitList:
    held = VisitList.objects.select_for_update(of=("self",), no_key=True).select_related("district").get(pk=visits.pk)
    if not may(by, Action.WORK_CASE, held.district):
        raise ValidationError(_("Only the registry section plans visits."), code="not_allowed")
    return held


def _put_on(visits: VisitList, cases: Sequence[Case], *, by: Person) -> list[Stop]:
    if not cases:
        raise ValidationError(_("Tick the houses first."), code="nothing_ticked")
    if any(case.district_id != visits.district_id for case in cases):
        raise ValidationError(_("The house lies in another district."), code="other_district")
    _refuse_waiting(cases)
    room = room_on(visits)
    if len(cases) > room:
        raise ValidationError(
            _("The list has room for %(room)s more houses, %(number)s are ticked."),
            code="too_many",
            params={"room": room, "number": len(cases)},
        )
    place = visits.stops.aggregate(Max("place"))["place__max"] or 0
    stops = [put_on(visits, case, place=place + step, by=by) for step, case in enumerate(cases, 1)]
    for case in cases:
        if case.state == State.RECEIVED:
            advance(case, Move.TAKE_UP, by=by)
        advance(case, Move.PLAN_VISIT, by=by)
    return stops


def put_on(visits: VisitList, case: Case, *, place: int, by: Person) -> Stop:
    """A place on the list for the case, whose row must be held; the database refuses a house twice and a full list."""
    return Stop.objects.create(visit_list=visits, case=case, place=place, added_by=by)


def room_on(visits: VisitList) -> int:
    """How many houses the list can still take."""
    return visits.most_stops - visits.stops.filter(taken_off_by=None).count()


def _refuse_waiting(cases: Sequence[Case]) -> None:
    """Raises `waits_already`, naming every house that is on a list, or twice among these."""
    houses = [case.house_id for case in cases if case.house_id]
    on_lists = Stop.objects.filter(over_at=None).filter(Q(case__in=cases) | Q(house__in=houses))
    waiting = set(on_lists.values_list("case", flat=True)), set(on_lists.values_list("house", flat=True)) - {None}
    refused = [
        number_of(case)
        for case in cases
        if case.pk in waiting[0] or (case.house_id and (case.house_id in waiting[1] or houses.count(case.house_id) > 1))
    ]
    if refused:
        raise ValidationError(
            _("A house stands on one list at a time. Already on a list, or ticked twice: %(houses)s."),
            code="waits_already",
            params={"houses": get_text_list(sorted(set(refused)), _("and"))},
        )


def number_of(case: Case) -> str:
    """The house number of a case, registered or as it was reported."""
    return case.house.house_no if case.house else case.house_no


# --- the team ---


def _write_team(visits: VisitList, team: Iterable[Member]) -> None:
    members = named_once(team)
    if not members:
        raise ValidationError(_("Name who goes."), code="no_team")
    TeamMember.objects.bulk_create(
        TeamMember(visit_list=visits, section=each.section, name=each.name, person=each.person) for each in members
    )


def named_once(people: Iterable[Member]) -> list[Member]:
    """The people with their names tidied. Raises `not_a_section`, `too_long`, `named_twice`."""
    tidy = [dataclasses.replace(each, name=" ".join(each.name.split())) for each in people]
    named = [each for each in tidy if each.name]
    if any(each.section not in Section.values for each in named):
        raise ValidationError(_("Say whom each of them stands for."), code="not_a_section")
    if any(len(each.name) > LONGEST_NAME for each in named):
        raise ValidationError(_("A name has at most %(longest)s letters."), code="too_long", params={"longest": 150})
    if len({each.name for each in named}) < len(named):
        raise ValidationError(_("A name stands there twice."), code="named_twice")
    return named


def team_lacks(sections: Collection[str]) -> list[object]:
    """Which parts of the joint team are not among the sections, in words. A president may not come: a warning."""
    return [words for any_of, words in JOINT_TEAM if not any_of & set(sections)]


# --- days ---


def is_working_day(day: datetime.date) -> bool:
    """Whether offices are open on the day."""
    return working_days_since(day - datetime.timedelta(days=1), day) == 1


def next_working_day(day: datetime.date) -> datetime.date:
    """The first day after `day` on which offices are open."""
    day += datetime.timedelta(days=1)
    while not is_working_day(day):
        day += datetime.timedelta(days=1)
    return day


def lists_with_room(district: District, *, after: datetime.date) -> QuerySet[VisitList]:
    """The district's lists of later days that can take another house, the earliest first."""
    return (
        VisitList.objects.filter(district=district, day__gt=after)
        .annotate(taken=Count("stops", filter=Q(stops__taken_off_by=None)))
        .filter(taken__lt=F("most_stops"))
        .order_by("day", "number")
    )
