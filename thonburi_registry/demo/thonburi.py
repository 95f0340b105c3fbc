"""Thonburi, October 2557 to April 2558: the project as it went, in the dates and numbers of its papers."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from django.db import connection

from communities.models import Community, District, Person, Subdistrict
from households import house_lists, registrations, tagging
from households.list_life import ask_for_lists
from households.models import (
    HouseList,
    HouseNumberRecord,
    HouseRegistration,
    KeyingEvent,
    RowDecision,
    RowMatch,
    TagEvent,
)
from reports import checking, issuing
from reports.indicators import count_month

from .clerks import TypedList, type_list
from .code_letters import ask_for_codes
from .deciding import decide_rest
from .founding import found
from .keying_in import key_in
from .ledger import keep_ledger
from .month_by_month import aim, key_in_daily_plan
from .people import accounts_of, appoint
from .places import FIRST_ROUND_WITH_HOUSES, ROADS_OF_THONBURI, DemoCommunity, communities_of_thonburi
from .registers import DemoRegister, make_register
from .review_round import review_in_thonburi
from .sharing import share_out_thonburi, worker_of

BEGINNING = datetime.date(2014, 10, 29)
SPARE_LANES = 28

GROWING = (HouseRegistration, HouseNumberRecord, RowMatch, RowDecision, TagEvent, KeyingEvent)
LISTS_ASKED = "กท ๕๕๐๒/๓๑ ลว. ๑๕ ม.ค. ๒๕๕๘"
LISTS_ASKED_ON = datetime.date(2015, 1, 15)


@dataclasses.dataclass(frozen=True)
class Round:
    """A KPI round: its month, when houses were tagged in it, and the letter that reported it."""

    number: int
    month: datetime.date
    tagged_from: datetime.date | None
    tagged_to: datetime.date | None
    letter_no: str
    letter_date: datetime.date


def _day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, day)


ROUNDS = (
    Round(1, _day(2014, 11, 1), None, None, "กท ๕๕๐๒/๔๗๓", _day(2014, 12, 3)),
    Round(2, _day(2014, 12, 1), None, None, "กท ๕๕๐๒/๘", _day(2015, 1, 5)),
    Round(3, _day(2015, 1, 1), _day(2015, 1, 16), _day(2015, 1, 30), "กท ๕๕๐๒/๗๖", _day(2015, 2, 6)),
    Round(4, _day(2015, 2, 1), _day(2015, 2, 9), _day(2015, 2, 27), "กท ๕๕๐๒/๑๐๗", _day(2015, 3, 2)),
    Round(5, _day(2015, 3, 1), _day(2015, 3, 3), _day(2015, 3, 31), "กท ๕๕๐๒/๑๕๙", _day(2015, 4, 1)),
)


def rebuild_history(*, by: Person, progress: Callable[[float], None]) -> None:
    """Loads the register, receives and settles all 44 lists round by round, and issues the five reports.

    One president is asked whether the list is right, in the demo's own present.
    """
    district = District.objects.get(code="1015")
    demo = communities_of_thonburi()
    register = make_register(district.code, ROADS_OF_THONBURI, demo, spare_lanes=SPARE_LANES)
    names = dict(Subdistrict.objects.filter(district=district).values_list("code", "name_th"))
    communities = found(demo, district, since=BEGINNING, codes={}, by=by)
    people = appoint(accounts_of(""), district, communities["10150001"])
    ask_for_codes(communities, district, by=people["officer"])
    load_register(register, names, district, by=people["officer"], on=BEGINNING)
    share_out_thonburi(demo, communities, people)
    progress(0.2)
    aim(district, by=people["head"])
    for reported in ROUNDS:
        if reported.number == FIRST_ROUND_WITH_HOUSES:
            ask_for_lists(communities.values(), letter="กท ๕๕๐๒/๓๑", by=people["officer"], happened_on=LISTS_ASKED_ON)
        _work_through(reported, demo, register, names, communities, people)
        _check(district, reported.month, by=people["officer"])
        issuing.issue(
            district=district,
            month=reported.month,
            round_no=reported.number,
            letter_no=reported.letter_no,
            letter_date=reported.letter_date,
            by=people["head"],
        )
        key_in_daily_plan(district, reported.month, reference=reported.letter_no, people=people)
        progress(0.2 + 0.15 * reported.number)
    keep_ledger(district, by=people["officer"])
    review_in_thonburi(communities["10150001"], people["president"], by=people["head"])


def _check(district: District, month: datetime.date, *, by: Person) -> None:
    seen = checking.fingerprint_of(count_month(district, month).month)
    checking.check_report(district=district, month=month, seen=seen, by=by)


def load_register(
    register: DemoRegister,
    names: Mapping[str, str],
    district: District,
    *,
    by: Person,
    on: datetime.date,
    letter: str = "",
) -> None:
    """Loads the demo's register as the office loads an extract of the central register."""
    name = f"ทะเบียนบ้าน {district.code}.csv"
    registrations.load(source=register.as_csv(names), file_name=name, district=district, by=by, on=on, letter=letter)


def _work_through(
    reported: Round,
    demo: Sequence[DemoCommunity],
    register: DemoRegister,
    names: Mapping[str, str],
    communities: Mapping[str, Community],
    people: Mapping[str, Person],
) -> None:
    """The communities of a round, a few each working day; what is left of a list is decided the day after."""
    todo = [community for community in demo if community.round_no == reported.number]
    days = weekdays(reported.tagged_from, reported.tagged_to) if reported.tagged_from and reported.tagged_to else []
    for place, community in enumerate(todo):
        nth_day = place * (len(days) - 1) // len(todo)
        officer = people[worker_of(place)]
        typed = type_demo_list(community, register, names, "ธนบุรี")
        house_list = receive(typed, communities[community.code], by=officer, on=days[nth_day], letter=LISTS_ASKED)
        tagging.tag_matching(house_list, by=officer, happened_on=days[nth_day])
        if place == 0:
            _renew_statistics()
        decide_rest(house_list, typed.meant, by=officer, on=days[nth_day + 1])
        key_in(communities[community.code], by=officer, on=days[nth_day + 1])


def _renew_statistics() -> None:
    """Tells the planner what grew: within the demo's one transaction the database does not notice by itself."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(model._meta.db_table for model in GROWING))


def type_demo_list(
    community: DemoCommunity,
    register: DemoRegister,
    names: Mapping[str, str],
    district: str,
    roads_otherwise: Mapping[str, str] = MappingProxyType({}),
) -> TypedList:
    """The community's list as the clerk sent it, with what the clerk calls the road of some houses, by their codes."""
    struck = [house for house in register.houses if house.is_struck and house.subdistrict == community.subdistrict]
    return type_list(
        community,
        register.of_community[community.code],
        struck,
        subdistrict=names[community.subdistrict],
        district=district,
        roads_otherwise=roads_otherwise,
    )


def receive(typed: TypedList, community: Community, *, by: Person, on: datetime.date, letter: str = "") -> HouseList:
    """Receives a typed list through the office's own intake."""
    [house_list] = house_lists.receive(
        data=typed.workbook,
        file_name=typed.file_name,
        community=community,
        by=by,
        received_on=on,
        sender="ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม",
        letter=letter,
    ).lists
    return house_list


def weekdays(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Monday to Friday from the first to the last day, both included."""
    days = (first + datetime.timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]
