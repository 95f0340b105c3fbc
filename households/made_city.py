"""A made-up city for measuring: 50 districts with sub-districts and registrations, the same at every run.

Its houses come through the very statements that an extract comes through, district by district.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import random
from collections.abc import Callable, Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Appointment, Community, District, Person, Subdistrict
from communities.reference_data import COMMAND_LINE

from .addresses import lane_order, read_address
from .dates import counting_day
from .house_numbers import parse
from .models import HouseList, HouseRegistration
from .register_comparison import Facts, bring_up_to_date
from .register_extract import as_copied

MOST_HOUSES_A_DISTRICT = 99_999
SUBDISTRICTS_A_DISTRICT = 4
ROADS_A_DISTRICT = 24
SOIS_A_ROAD = 40
STRUCK_ONE_IN = 100

_FIRST_WORDS = ("เจริญ", "ประชา", "ราษฎร์", "รัตน", "สุข", "พัฒน", "นวม", "ลาด", "บาง", "คลอง", "สวน", "วัด")
_LAST_WORDS = ("สวัสดิ์", "อุทิศ", "บูรณะ", "โกสินทร์", "มิตร", "การ", "ธานี", "ปลาเค้า", "ยี่ขัน", "ลำเจียก", "หลวง", "เวก")


@dataclasses.dataclass(frozen=True)
class CityMade:
    """What was made."""

    districts: int
    subdistricts: int
    houses: int


def make_city(*, houses: int, by: Person, progress: Callable[[float], None] = lambda _share: None) -> CityMade:
    """Fills the city's districts with `houses` registrations in all.

    Raises `not_empty` on a database that holds anything but reference data, `too_many_houses`.
    """
    _refuse_other_data()
    districts = list(District.objects.order_by("code"))
    made = fill_districts(districts, houses=houses, by=by, progress=progress)
    renew_statistics()
    return made


@transaction.atomic
def fill_districts(
    districts: Sequence[District],
    *,
    houses: int,
    by: Person,
    progress: Callable[[float], None] = lambda _share: None,
) -> CityMade:
    """Shares `houses` made-up registrations out among districts that have none, in one transaction; each house
    has its event.

    A district without sub-districts gets some, plainly made up. Raises `too_many_houses`.
    """
    if not len(districts) <= houses <= MOST_HOUSES_A_DISTRICT * len(districts):
        raise ValidationError(
            _("A city of %(districts)s districts has from %(districts)s to %(most)s houses."),
            code="too_many_houses",
            params={"districts": len(districts), "most": MOST_HOUSES_A_DISTRICT * len(districts)},
        )
    today = timezone.localdate()
    subdistricts = 0
    for done, district in enumerate(districts):
        codes = _subdistrict_codes(district)
        share = houses * (done + 1) // len(districts) - houses * done // len(districts)
        bring_up_to_date("".join(_lines(district.code, codes, share)), _facts(district, by, today))
        subdistricts += len(codes)
        progress((done + 1) / len(districts))
    return CityMade(len(districts), subdistricts, houses)


def renew_statistics() -> None:
    """Tells the database's planner of so many new houses at once."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE households_houseregistration, households_lifeevent")


def _refuse_other_data() -> None:
    others = Person.objects.exclude(username=COMMAND_LINE)
    held = (Community.objects, HouseRegistration.objects, HouseList.objects, Appointment.objects, others)
    if any(rows.exists() for rows in held):
        raise ValidationError(
            _("The database holds other data; a city for measuring is made in an empty database only."),
            code="not_empty",
        )


def _facts(district: District, by: Person, today: datetime.date) -> Facts:
    return Facts(district.pk, by.pk, today, counting_day(district.pk, today), letter="")


def _subdistrict_codes(district: District) -> list[str]:
    known = list(Subdistrict.objects.filter(district=district).order_by("code").values_list("code", flat=True))
    if known:
        return known
    made = [
        Subdistrict(district=district, code=f"{district.code}{number:02}", name_th=f"{district.name_th} {number}")
        for number in range(1, SUBDISTRICTS_A_DISTRICT + 1)
    ]
    Subdistrict.objects.bulk_create(made)
    return [subdistrict.code for subdistrict in made]


# --- lines of an extract ---


def _lines(district: str, subdistricts: Sequence[str], houses: int) -> Iterator[str]:
    """That many houses as lines of `register_extract.COPIED`, lane by lane; no number twice in a lane."""
    chance = random.Random(f"city {district}")
    lanes = _lanes(chance, subdistricts)
    numbers = _numbers()
    for place, lane in enumerate(lanes):
        size = houses * (place + 1) // len(lanes) - houses * place // len(lanes)
        first = houses * place // len(lanes)
        begin = chance.randrange(len(numbers))
        for offset in range(size):
            serial = first + offset
            code = f"{district}9{serial:05}{serial * 7 % 10}"
            state = "struck" if serial % STRUCK_ONE_IN == STRUCK_ONE_IN - 1 else "live"
            yield f"{code}\t{numbers[(begin + offset) % len(numbers)]}\t{lane}\t{state}\n"


def _lanes(chance: random.Random, subdistricts: Sequence[str]) -> list[str]:
    """The part of a line that the houses of a lane share, for each road itself and each of its soi."""
    pairs = [first + last for first in _FIRST_WORDS for last in _LAST_WORDS]
    lanes = []
    for road in chance.sample(pairs, ROADS_A_DISTRICT):
        for soi in ["", *(f"{road} {number}" for number in range(1, SOIS_A_ROAD + 1))]:
            address = read_address(trok="", soi=soi, road=road)
            keys = (address.trok, address.soi, address.road, lane_order(address))
            lanes.append(as_copied("", "", soi, road, *keys, chance.choice(subdistricts)))
    return lanes


@functools.cache
def _numbers() -> list[str]:
    """House numbers as typed, with key and order, separated by tabs: 1, 1/1 … 1/9, 2, 2/1 …"""
    written = [str(main) + (f"/{sub}" if sub else "") for main in range(1, 1001) for sub in range(10)]
    return [as_copied(number, parsed.key, parsed.order) for number in written for parsed in [parse(number)]]
