"""House registrations of the demo, as rows of a central extract: made-up codes, real roads."""

from __future__ import annotations

import csv
import dataclasses
import io
import random
from collections.abc import Mapping, Sequence

from .places import DemoCommunity

HEADINGS = ("เลขรหัสประจำบ้าน", "บ้านเลขที่", "หมู่ที่", "ตรอก", "ซอย", "ถนน", "รหัสแขวง", "แขวง", "สถานะ")
CODE_HEADING = "รหัสชุมชน"
FIRST_SEQUENCE = 900_001
HOUSES_A_LANE = 110
STRUCK_OF_A_HUNDRED = 1


@dataclasses.dataclass(frozen=True)
class DemoHouse:
    """A registration of the demo."""

    code: str
    number: str
    soi: str
    road: str
    subdistrict: str
    is_struck: bool


@dataclasses.dataclass(frozen=True)
class DemoRegister:
    """A district's houses, which of them belong to each community (by code), and the struck ones of each lane."""

    houses: Sequence[DemoHouse]
    of_community: Mapping[str, Sequence[DemoHouse]]

    def as_csv(self, subdistrict_names: Mapping[str, str], codes: Mapping[str, str] | None = None) -> bytes:
        """The extract as the central system would send it, with the community `codes` (by house code) if given."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADINGS if codes is None else (*HEADINGS, CODE_HEADING))
        for house in self.houses:
            writer.writerow(
                (
                    house.code,
                    house.number,
                    "",
                    "",
                    house.soi,
                    house.road,
                    house.subdistrict,
                    subdistrict_names[house.subdistrict],
                    "จำหน่าย" if house.is_struck else "ปกติ",
                    *([] if codes is None else [codes.get(house.code, "")]),
                )
            )
        return text.getvalue().encode("utf-8-sig")


def house_code(district: str, nth: int) -> str:
    """The made-up code of the district's nth house, from 0."""
    sequence = FIRST_SEQUENCE + nth
    return f"{district}{sequence}{sequence * 7 % 10}"


def make_register(
    district: str,
    roads: Mapping[str, Sequence[str]],
    communities: Sequence[DemoCommunity],
    *,
    spare_lanes: int,
) -> DemoRegister:
    """Houses for all communities lane by lane along the first road, and `spare_lanes` on each other road."""
    maker = _Maker(district, random.Random(f"demo {district}"))
    of_community: dict[str, list[DemoHouse]] = {}
    for subdistrict, names in roads.items():
        here = [community for community in communities if community.subdistrict == subdistrict]
        maker.settle(subdistrict, names[0], here, of_community)
        for road in names[1:]:
            maker.fill(subdistrict, road, spare_lanes)
    return DemoRegister(maker.houses, of_community)


class _Maker:
    """Builds lanes one after the other; codes run on through the whole district."""

    def __init__(self, district: str, chance: random.Random) -> None:
        self.district = district
        self.chance = chance
        self.houses: list[DemoHouse] = []
        self.lanes: dict[tuple[str, str], int] = {}

    def settle(
        self,
        subdistrict: str,
        road: str,
        communities: Sequence[DemoCommunity],
        of_community: dict[str, list[DemoHouse]],
    ) -> None:
        """Gives each community the next live houses along the road's lanes."""
        waiting: list[DemoHouse] = []
        for community in communities:
            while len(waiting) < community.houses:
                waiting += [house for house in self.lane(subdistrict, road) if not house.is_struck]
            of_community[community.code], waiting = waiting[: community.houses], waiting[community.houses :]

    def fill(self, subdistrict: str, road: str, lanes: int) -> None:
        """Houses in no community."""
        for _lane in range(lanes):
            self.lane(subdistrict, road)

    def lane(self, subdistrict: str, road: str) -> list[DemoHouse]:
        """The next lane of the road: first the houses on the road itself, then soi 1, 1/1, 2, 3 …"""
        nth = self.lanes.get((subdistrict, road), 0)
        self.lanes[subdistrict, road] = nth + 1
        soi = "" if nth == 0 else f"{road} {_soi_number(nth)}"
        # Numbers on the road itself lie in a range of their own for the most part: a road seldom shares them.
        start = 2001 if nth == 0 else self.chance.randint(1, 60)
        made = [
            DemoHouse(self._next_code(offset), number, soi, road, subdistrict, self._is_struck())
            for offset, number in enumerate(_numbers(start, self.chance))
        ]
        self.houses += made
        return made

    def _next_code(self, offset: int) -> str:
        return house_code(self.district, len(self.houses) + offset)

    def _is_struck(self) -> bool:
        return self.chance.randrange(100) < STRUCK_OF_A_HUNDRED


def _soi_number(nth: int) -> str:
    whole, inserted = divmod(nth, 5)
    return f"{nth - whole}" if inserted else f"{nth - whole}/1"


def _numbers(start: int, chance: random.Random) -> list[str]:
    numbers: list[str] = []
    main = start
    while len(numbers) < HOUSES_A_LANE:
        match chance.randrange(10):
            case 0:
                numbers += [f"{main} {letter}" for letter in "กขค"[: chance.randint(1, 3)]]
            case 1 | 2:
                numbers.append(str(main))
            case _:
                numbers += [f"{main}/{sub}" for sub in range(1, chance.randint(3, 14))]
        main += chance.choice((1, 1, 2, 3))
    return numbers[:HOUSES_A_LANE]
