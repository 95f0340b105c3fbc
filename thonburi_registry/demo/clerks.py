"""The communities' lists of the demo, typed as clerks type them, with the house that each row means."""

from __future__ import annotations

import dataclasses
import datetime
import io
import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import xlsxwriter

from communities.thai_text import to_thai_digits

from .places import DemoCommunity
from .registers import DemoHouse

HEADER = ("ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง", "หมายเหตุ")
FIRST_ROW = 5
ABSENT = "absent"
STRUCK = "struck"
TYPED_AT = datetime.datetime(2015, 1, 15, 9, 0, tzinfo=datetime.UTC)


@dataclasses.dataclass(frozen=True)
class TypedList:
    """A list as a workbook, and for each row (as the spreadsheet shows it) the house code, "absent" or "struck"."""

    file_name: str
    workbook: bytes
    meant: Mapping[int, str]


Cells = tuple[object, object, object, object]


def _clean(house: DemoHouse, subdistrict: str) -> Cells:
    return house.number, house.soi, house.road, subdistrict


def _spaced(house: DemoHouse, subdistrict: str) -> Cells:
    return f"  {house.number.replace('/', ' / ')} ", house.soi.replace(" ", "  "), f"{house.road} ", subdistrict


def _thai_digits(house: DemoHouse, subdistrict: str) -> Cells:
    return to_thai_digits(house.number), to_thai_digits(house.soi), house.road, subdistrict


def _prefixed(house: DemoHouse, subdistrict: str) -> Cells:
    return f"เลขที่ {house.number}", house.soi and f"ซ.{house.soi}", f"ถ.{house.road}", subdistrict


def _glued(house: DemoHouse, subdistrict: str) -> Cells:
    return house.number, house.soi and f"ซอย{house.soi.replace(' ', '')}", f"ถนน{house.road}", subdistrict


def _bare_soi(house: DemoHouse, subdistrict: str) -> Cells:
    return house.number, house.soi.removeprefix(f"{house.road} "), house.road, subdistrict


def _as_a_number(house: DemoHouse, subdistrict: str) -> Cells:
    number = float(house.number) if house.number.isdigit() else house.number
    return number, house.soi, house.road, subdistrict


def _number_alone(house: DemoHouse, subdistrict: str) -> Cells:
    return house.number, "", "", subdistrict


def _turned_into_a_date(house: DemoHouse, subdistrict: str) -> Cells:
    day, _, month = house.number.partition("/")
    if day.isdigit() and month.isdigit() and int(day) <= 28 and int(month) <= 12:
        return datetime.date(2015, int(month), int(day)), house.soi, house.road, subdistrict
    return _clean(house, subdistrict)


# How many rows of a hundred are typed in each way.
HABITS: Sequence[tuple[Callable[[DemoHouse, str], Cells], int]] = (
    (_clean, 68),
    (_spaced, 6),
    (_thai_digits, 6),
    (_prefixed, 5),
    (_glued, 5),
    (_bare_soi, 4),
    (_as_a_number, 2),
    (_turned_into_a_date, 1),
    (_number_alone, 3),
)


def type_list(
    community: DemoCommunity,
    houses: Sequence[DemoHouse],
    struck: Sequence[DemoHouse],
    *,
    subdistrict: str,
    district: str,
    roads_otherwise: Mapping[str, str] = MappingProxyType({}),
) -> TypedList:
    """Types the community's houses, and among them some that never were, some struck long ago, some twice.

    `roads_otherwise` is what the clerk calls the road of some houses, by their codes.
    """
    chance = random.Random(f"list {community.code}")
    lines = [
        (_with_road(_type(house, subdistrict, chance), roads_otherwise.get(house.code, "")), house.code)
        for house in houses
    ]
    for _stray in range(max(1, len(houses) // 80)):
        never = dataclasses.replace(
            chance.choice(houses), number=f"{chance.randint(4000, 9900)}/{chance.randint(1, 9)}"
        )
        lines.insert(chance.randrange(len(lines)), (_clean(never, subdistrict), ABSENT))
    lines += [(_clean(house, subdistrict), STRUCK) for house in chance.sample(struck, min(2, len(struck)))]
    lines += [(_clean(house, subdistrict), house.code) for house in chance.sample(houses, 2)]
    return TypedList(
        file_name=f"{community.code} {community.name}.xlsx",
        workbook=_workbook(community, [cells for cells, _meant in lines], subdistrict, district),
        meant={row: meant for row, (_cells, meant) in enumerate(lines, start=FIRST_ROW)},
    )


def _type(house: DemoHouse, subdistrict: str, chance: random.Random) -> Cells:
    ways, weights = zip(*HABITS, strict=True)
    return chance.choices(ways, weights)[0](house, subdistrict)


def _with_road(cells: Cells, name: str) -> Cells:
    """The cells with another name of the road, if there is one and the clerk wrote the road at all."""
    number, soi, road, subdistrict = cells
    return (number, soi, name, subdistrict) if name and road else cells


def _workbook(community: DemoCommunity, lines: Sequence[Cells], subdistrict: str, district: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": TYPED_AT})  # else each run would make another file
        sheet = book.add_worksheet("บัญชี")
        as_date = book.add_format({"num_format": "d/m"})
        sheet.merge_range("A1:F1", f"บัญชีข้อมูลเลขที่บ้าน ชุมชน{community.name}")
        sheet.merge_range("A2:F2", f"แขวง{subdistrict} เขต{district} กรุงเทพมหานคร")
        sheet.write_row(FIRST_ROW - 2, 0, HEADER)
        for index, cells in enumerate(lines):
            sheet.write_number(FIRST_ROW - 1 + index, 0, index + 1)
            for column, value in enumerate(cells, start=1):
                _write(sheet, FIRST_ROW - 1 + index, column, value, as_date)
        sheet.write_string(FIRST_ROW - 1 + len(lines), 1, f"รวม {len(lines)} หลัง")
    return file.getvalue()


def _write(sheet, row: int, column: int, value: object, as_date) -> None:
    match value:
        case datetime.date():
            sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), as_date)
        case float():
            sheet.write_number(row, column, value)
        case str() if value:
            sheet.write_string(row, column, value)
