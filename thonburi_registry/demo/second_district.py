"""เขตตัวอย่าง: a small district in the middle of the work, in the weeks before today, so that there is work to try."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from django.utils import timezone

from communities.models import Community, District, Person, Subdistrict
from households import registrations, tagging
from households.list_life import ask_for_lists, send_back
from households.models import HouseRegistration

from . import second_extract
from .cases import cases_of_second
from .clerks import TypedList
from .deciding import decide_rest
from .founding import found
from .keying_in import codes_seen, key_in
from .ledger import keep_second_ledger
from .people import accounts_of, appoint, appoint_presidents
from .places import (
    ROADS_OF_SECOND,
    SECOND_DISTRICT,
    SUBDISTRICTS_OF_SECOND,
    DemoCommunity,
    communities_of_second,
)
from .registers import DemoHouse, DemoRegister, house_code, make_register
from .review_round import review_in_second
from .sharing import share_out_second
from .thonburi import load_register, receive, type_demo_list, weekdays

COMPLETE, UNDECIDED, OVERLAPPING, UNAPPLIED, UNSENT, UNCODED = (f"1099000{nth}" for nth in range(1, 7))
STRAY_PLACES = (20, 41)
HOUSES_CLAIMED_TWICE = 4
ROWS_DECIDED_SO_FAR = 2
HOUSES_NOT_KEYED, HOUSES_CODED_THERE_ALONE = 12, 3
TWICE_REGISTERED = (6, 21, 33)  # houses of the unapplied one, by their places in the register
DOUBLED_ROAD, MISSPELT_ROAD = "สวนมะลิ", "สวนมลิ"  # a road in no community
# Some clerks call the road of some houses (by their places in the register) otherwise: two names to learn from.
ROADS_OTHERWISE: Mapping[str, Mapping[str, Sequence[int]]] = {
    COMPLETE: {"เลียบคลอง": (5, 6, 7), "ริมคลิง": (30, 31)},
    UNDECIDED: {"เลียบคลอง": (10, 11, 12, 13)},
}
LETTER = "กท ๙๙๐๒/๑๒ (ชุดสาธิต)"
SENT_BACK_LETTER = "กท ๙๙๐๒/๒๐ (ชุดสาธิต)"
SENT_BACK_NOTE = "มีเลขที่ที่ไม่พบในทะเบียนและเลขที่ซ้ำ กรุณาแก้ไขในแฟ้มผลการตรวจที่แนบ"


def set_to_work(*, by: Person) -> None:
    """Leaves complete, half decided, overlapping, unapplied, unsent and uncoded communities side by side.

    The overlapping one's list is out for correction, the unsent one's is late.
    """
    days = weekdays(timezone.localdate() - datetime.timedelta(days=45), timezone.localdate())
    district = _make_district()
    demo = communities_of_second()
    register = _with_strays(_with_doubles(make_register(district.code, ROADS_OF_SECOND, demo, spare_lanes=2)))
    communities = found(
        demo,
        district,
        since=days[0],
        codes={community.code: (days[0], LETTER) for community in demo if community.code != UNCODED},
        by=by,
    )
    people = appoint(accounts_of("99"), district, communities[COMPLETE])
    load_register(register.whole, SUBDISTRICTS_OF_SECOND, district, by=people["officer99"], on=days[0])
    _work(_Desk(demo, register, communities, people, days))
    renewed = second_extract.next_extract(register.whole, COMPLETE)
    load_register(
        renewed, SUBDISTRICTS_OF_SECOND, district, by=people["officer99"], on=days[-3], letter=second_extract.LETTER
    )
    _ask_presidents(communities, people)
    cases_of_second(district, people)
    keep_second_ledger(district, codes=(LETTER, days[0]), sent_back=SENT_BACK_LETTER, by=people["officer99"])


def _ask_presidents(communities: Mapping[str, Community], people: Mapping[str, Person]) -> None:
    """A round for the communities that have tagged houses."""
    asked = [communities[code] for code in (COMPLETE, UNDECIDED, OVERLAPPING)]
    presidents = [people["president99"], *appoint_presidents(asked[1:])]
    review_in_second(asked, presidents, by=people["head99"])


def _make_district() -> District:
    district = District.objects.create(code=SECOND_DISTRICT, name_th="ตัวอย่าง", name_en="Sample")
    Subdistrict.objects.bulk_create(
        [Subdistrict(district=district, code=code, name_th=name) for code, name in SUBDISTRICTS_OF_SECOND.items()]
    )
    return district


def _with_doubles(register: DemoRegister) -> DemoRegister:
    """Adds registrations that look like others: outside the communities once more, with a letter, in a misspelt soi.

    Some houses of a community are registered twice: which of the two its rows mean is for a person to say.
    """
    in_soi = (house for house in register.houses if house.soi and house.road == DOUBLED_ROAD and not house.is_struck)
    again, lettered, misspelt = [house for house in in_soi if not house.number.endswith(("ก", "ข", "ค"))][:3]
    doubles = [
        again,
        dataclasses.replace(lettered, number=f"{lettered.number} ก"),
        dataclasses.replace(misspelt, soi=misspelt.soi.replace(DOUBLED_ROAD, MISSPELT_ROAD)),
        *(register.of_community[UNAPPLIED][place] for place in TWICE_REGISTERED),
    ]
    coded = [
        dataclasses.replace(house, code=house_code(SECOND_DISTRICT, len(register.houses) + nth))
        for nth, house in enumerate(doubles)
    ]
    return dataclasses.replace(register, houses=[*register.houses, *coded])


@dataclasses.dataclass(frozen=True)
class _Houses:
    """The register, what each community's clerk will type, and the strays that stand between the first one's houses."""

    whole: DemoRegister
    listed: Mapping[str, Sequence[DemoHouse]]
    strays: Sequence[DemoHouse]


def _with_strays(register: DemoRegister) -> _Houses:
    strays = [register.of_community[COMPLETE][place] for place in STRAY_PLACES]
    listed = dict(register.of_community)
    listed[COMPLETE] = [house for house in listed[COMPLETE] if house not in strays]
    listed[OVERLAPPING] = [*listed[OVERLAPPING], *listed[UNDECIDED][:HOUSES_CLAIMED_TWICE]]
    return _Houses(register, listed, strays)


@dataclasses.dataclass(frozen=True)
class _Desk:
    """What lies on the officers' desk."""

    demo: Sequence[DemoCommunity]
    register: _Houses
    communities: Mapping[str, Community]
    people: Mapping[str, Person]
    days: Sequence[datetime.date]

    @property
    def officer(self) -> Person:
        return self.people["officer99"]

    def typed(self, code: str) -> TypedList:
        """The list of the community with this code, as the clerk typed it."""
        community = next(community for community in self.demo if community.code == code)
        register = dataclasses.replace(self.register.whole, of_community=self.register.listed)
        houses = register.of_community[code]
        otherwise = {
            houses[place].code: name for name, places in ROADS_OTHERWISE.get(code, {}).items() for place in places
        }
        return type_demo_list(community, register, SUBDISTRICTS_OF_SECOND, "ตัวอย่าง", roads_otherwise=otherwise)

    def receive(self, typed: TypedList, code: str, nth_day: int):
        """Receives the list on the nth working day."""
        return receive(typed, self.communities[code], by=self.officer, on=self.days[nth_day], letter=LETTER)


def _share_out(desk: _Desk) -> None:
    """All but one, which the head has still to give somebody."""
    shares = {
        "officer99": [desk.communities[code] for code in (COMPLETE, UNAPPLIED, UNCODED)],
        "officer99b": [desk.communities[code] for code in (UNDECIDED, OVERLAPPING)],
    }
    share_out_second(shares, lent=[desk.communities[OVERLAPPING]], people=desk.people, since=desk.days[1])


def _work(desk: _Desk) -> None:
    _share_out(desk)
    ask_for_lists(
        desk.communities.values(), letter=LETTER, by=desk.officer, due_on=desk.days[-4], happened_on=desk.days[2]
    )
    typed = desk.typed(COMPLETE)
    house_list = desk.receive(typed, COMPLETE, 5)
    tagging.tag_matching(house_list, by=desk.officer, happened_on=desk.days[5])
    decide_rest(house_list, typed.meant, by=desk.people["officer99b"], on=desk.days[6])
    _tag_strays(desk)
    for nth_day, code in enumerate((UNDECIDED, OVERLAPPING), start=10):
        typed = desk.typed(code)
        house_list = desk.receive(typed, code, nth_day)
        tagging.tag_matching(house_list, by=desk.officer, happened_on=desk.days[nth_day])
        decide_rest(house_list, typed.meant, by=desk.officer, on=desk.days[nth_day + 1], at_most=ROWS_DECIDED_SO_FAR)
    send_back(
        house_list,
        letter=SENT_BACK_LETTER,
        note=SENT_BACK_NOTE,
        by=desk.officer,
        due_on=timezone.localdate() + datetime.timedelta(days=7),
        happened_on=desk.days[14],
    )
    _key_in(desk)
    desk.receive(desk.typed(UNAPPLIED), UNAPPLIED, -2)
    desk.receive(desk.typed(UNCODED), UNCODED, -1)


def _key_in(desk: _Desk) -> None:
    """Two communities are keyed in part, and an extract shows that not all of it stands there."""
    complete, undecided = desk.communities[COMPLETE], desk.communities[UNDECIDED]
    keyed = {
        COMPLETE: key_in(complete, by=desk.officer, on=desk.days[15], but=HOUSES_NOT_KEYED),
        UNDECIDED: key_in(undecided, by=desk.people["officer99b"], on=desk.days[16], but=HOUSES_NOT_KEYED),
    }
    untagged = HouseRegistration.objects.filter(district__code=SECOND_DISTRICT, community=None, state="live")
    codes = codes_seen(keyed, elsewhere=untagged.in_lane_order()[:HOUSES_CODED_THERE_ALONE])
    registrations.load(
        source=desk.register.whole.as_csv(SUBDISTRICTS_OF_SECOND, codes),
        file_name="ทะเบียนบ้าน 1099 พร้อมรหัสชุมชน.csv",
        district=complete.district,
        by=desk.officer,
        on=desk.days[-3],
    )


def _tag_strays(desk: _Desk) -> None:
    """Two houses in the row of one community, tagged by hand to the next: what the lane strip will show as strays."""
    codes = [house.code for house in desk.register.strays]
    houses = HouseRegistration.objects.filter(district__code=SECOND_DISTRICT, house_code__in=codes)
    tagging.tag(
        houses.values_list("pk", flat=True),
        community=desk.communities[UNDECIDED],
        by=desk.people["officer99b"],
        expected=len(codes),
        happened_on=desk.days[8],
    )
