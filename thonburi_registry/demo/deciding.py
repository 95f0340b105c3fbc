"""How the demo's officers settle what the machine left open: they know what each row means."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from communities.models import Person
from households import row_decisions
from households.models import HouseList, HouseNumberRecord, HouseRegistration
from households.row_reasons import Grade, Reason

from .clerks import ABSENT, STRUCK


def decide_rest(
    house_list: HouseList, meant: Mapping[int, str], *, by: Person, on: datetime.date, at_most: int = 10_000
) -> None:
    """Confirms, chooses or closes the list's open rows, in row order, as an officer would; `at_most` so many."""
    houses = _houses_meant(house_list, meant)
    waiting = list(house_list.records.undecided().order_by("row").prefetch_related("matches"))[:at_most]
    likely = {record.pk: houses[record.row].pk for record in waiting if _best_match_is(houses.get(record.row), record)}
    if likely:
        row_decisions.confirm_likely(house_list, chosen=likely, by=by, happened_on=on)
    for record in waiting:
        if record.pk not in likely:
            _decide(record, houses.get(record.row), meant[record.row], by, on)


def _houses_meant(house_list: HouseList, meant: Mapping[int, str]) -> dict[int, HouseRegistration]:
    codes = {code for code in meant.values() if code not in (ABSENT, STRUCK)}
    found = HouseRegistration.objects.filter(district=house_list.district_id, house_code__in=codes)
    by_code = {house.house_code: house for house in found}
    return {row: by_code[code] for row, code in meant.items() if code in by_code}


def _best_match_is(house: HouseRegistration | None, record: HouseNumberRecord) -> bool:
    if house is None or record.grade != Grade.LIKELY:
        return False
    return next(match.house_id for match in record.matches.all()) == house.pk


def _decide(
    record: HouseNumberRecord, house: HouseRegistration | None, meant: str, by: Person, on: datetime.date
) -> None:
    if house is not None:
        row_decisions.decide_row(record, house=house, by=by, happened_on=on)
    else:
        reason = Reason.STRUCK_CONFIRMED if meant == STRUCK else Reason.NO_SUCH_HOUSE
        row_decisions.close_row(record, reason=reason, by=by, happened_on=on)
