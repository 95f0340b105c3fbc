"""The peers of matching: each names the house that a row means, or none (`benchmarks.matching` says what of)."""

from __future__ import annotations

import io
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import pyarrow
import splink.comparison_library as compare
from django.db import connection, transaction
from rapidfuzz import fuzz, process
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from households.judging.grading import RowKeys
from households.matching import MAY_MEAN
from households.models import HouseRegistration

_CUT_OFF = 85.0


class Row(NamedTuple):
    """A row of a list as ready keys, and the id of the live house that it means, None where there is none."""

    list_no: int
    keys: RowKeys
    meant: int | None


class Address(Protocol):
    """The keys of a lane and its sub-district, of a row or of a house."""

    @property
    def trok(self) -> str: ...
    @property
    def soi(self) -> str: ...
    @property
    def road(self) -> str: ...
    @property
    def subdistrict(self) -> int | None: ...


class HouseKeys(NamedTuple):
    """The address of a house."""

    trok: str
    soi: str
    road: str
    subdistrict: int


class House(NamedTuple):
    """A live house of the register; `text` is its address in one."""

    id: int
    number: str
    keys: HouseKeys
    text: str


# For each row, in their order, the id of the house that it means.
Found = list[int | None]


def _only(houses: Iterable[int]) -> int | None:
    """The house, if there is one only."""
    found = set(houses)
    return found.pop() if len(found) == 1 else None


# --- the register's database ---

_SAME = """h.number_key = {row}.number AND h.soi_key = {row}.soi AND h.trok_key = {row}.trok
    AND h.road_key = {row}.road AND h.subdistrict_id = {row}.subdistrict AND h.state = 'live'"""


_MAKE_ASKED = """
CREATE TEMP TABLE asked (place int, number text COLLATE "C", soi text COLLATE "C",
    trok text COLLATE "C", road text COLLATE "C", subdistrict bigint)
"""
_EQUAL = f"""
SELECT asked.place, h.id FROM asked JOIN households_houseregistration h
    ON h.district_id = %(district)s AND {_SAME.format(row="asked")}
"""
_ALL_CANDIDATES = f"""
SELECT asked.place, h.id, {_SAME.format(row="asked")} FROM asked JOIN households_houseregistration h
    ON h.district_id = %(district)s AND h.number_key = asked.number
WHERE {MAY_MEAN}
"""


def joined(district: int, lists: Sequence[Sequence[Row]]) -> Found:
    """For each list one COPY of its keys and one join of what is equal in all parts."""
    return _for_each_list(district, lists, _EQUAL, lambda lines: lines)


def joined_with_candidates(district: int, lists: Sequence[Sequence[Row]]) -> Found:
    """The same with every house that a row may mean; named is the one that is equal in all parts."""
    return _for_each_list(
        district, lists, _ALL_CANDIDATES, lambda lines: [(place, house) for place, house, is_same in lines if is_same]
    )


_Lines = Sequence[tuple[int, int]]


def _for_each_list(
    district: int, lists: Sequence[Sequence[Row]], join: str, equal_in: Callable[[list[tuple]], _Lines]
) -> Found:
    """What a join names for each row, its list loaded by COPY into one table that is emptied for the next.

    All in one transaction: committing the emptied table for every list would take as long as a join.
    """
    found: Found = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MAKE_ASKED)
        for rows in lists:
            cursor.copy_expert("COPY asked FROM STDIN", io.StringIO(_as_copied(rows)))
            cursor.execute(join, {"district": district})
            houses: dict[int, int | None] = {}
            for place, house in equal_in(cursor.fetchall()):
                houses[place] = None if houses.get(place, house) != house else house
            found += [houses.get(place) for place in range(len(rows))]
            cursor.execute("TRUNCATE asked")
        cursor.execute("DROP TABLE asked")
    return found


def _as_copied(rows: Sequence[Row]) -> str:
    return "\n".join(
        f"{place}\t{number}\t{keys.soi}\t{keys.trok}\t{keys.road}\t"
        + (r"\N" if keys.subdistrict is None else str(keys.subdistrict))
        for place, (_list_no, keys, _meant) in enumerate(rows)
        for number in keys.numbers
    )


def asked_row_by_row(district: int, rows: Sequence[Row]) -> Found:
    """The same question, a statement for each row, through the index of the register."""
    found: Found = []
    statement = (
        "SELECT id FROM households_houseregistration WHERE district_id = %s AND number_key = ANY(%s) AND soi_key = %s"
        " AND trok_key = %s AND road_key = %s AND subdistrict_id = %s AND state = 'live'"
    )
    with connection.cursor() as cursor:
        for row in rows:
            keys = row.keys
            cursor.execute(
                statement, [district, list(keys.numbers), keys.soi, keys.trok, keys.road, keys.subdistrict or 0]
            )
            found.append(_only(house for (house,) in cursor.fetchall()))
    return found


# --- likeness ---


def houses_by_number(district: int) -> dict[str, list[House]]:
    """The live houses of the district by their numbers."""
    houses: dict[str, list[House]] = defaultdict(list)
    registered = HouseRegistration.objects.filter(district=district, state="live")
    columns = ("pk", "number_key", "trok_key", "soi_key", "road_key", "subdistrict")
    for pk, number, *address in registered.values_list(*columns):
        keys = HouseKeys(*address)
        houses[number].append(House(pk, number, keys, _text(keys)))
    return houses


def most_alike(rows: Sequence[Row], houses: Mapping[str, Sequence[House]]) -> Found:
    """Of the houses with the row's number the one whose address is most like the row's; none for a draw."""
    return [
        _most_alike(_text(row.keys), [house for number in row.keys.numbers for house in houses.get(number, ())])
        for row in rows
    ]


def _most_alike(address: str, houses: Sequence[House]) -> int | None:
    texts = [house.text for house in houses]
    best = process.extract(address, texts, scorer=fuzz.ratio, score_cutoff=_CUT_OFF, limit=2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    return houses[best[0][2]].id


def _text(keys: Address) -> str:
    return f"{keys.trok} {keys.soi} {keys.road} {keys.subdistrict or ''}".strip()


# --- probabilistic linkage ---


class TrainedSplink:
    """splink's model of these rows and the district's houses, loaded into DuckDB and trained.

    Pairs are compared only where the number agrees; the chance of a match that it begins with is that of such a pair.
    """

    def __init__(self, rows: Sequence[Row], houses: Mapping[str, Sequence[House]]) -> None:
        logging.getLogger("splink").setLevel(logging.ERROR)
        self._rows = len(rows)
        database = DuckDBAPI()
        registered = [_line(house.id, house.number, house.keys) for those in houses.values() for house in those]
        asked = [
            _line(place * _READINGS + reading, number, row.keys)
            for place, row in enumerate(rows)
            for reading, number in enumerate(row.keys.numbers)
        ]
        pairs = sum(len(houses.get(str(line["number"]), ())) for line in asked)
        self._linker = Linker(
            [
                database.register(pyarrow.Table.from_pylist(asked), dataset_display_name="a_rows"),
                database.register(pyarrow.Table.from_pylist(registered), dataset_display_name="b_houses"),
            ],
            SettingsCreator(
                link_type="link_only",
                probability_two_random_records_match=len(rows) / pairs,
                blocking_rules_to_generate_predictions=[block_on("number")],
                comparisons=[
                    compare.ExactMatch("subdistrict"),
                    compare.JaroWinklerAtThresholds("lane", [0.97, 0.9]),
                    compare.JaroWinklerAtThresholds("road", [0.97, 0.9]),
                ],
                retain_matching_columns=False,
                retain_intermediate_calculation_columns=False,
            ),
            log_level=logging.ERROR,
        )
        self._linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2558)
        self._linker.training.estimate_parameters_using_expectation_maximisation(block_on("number"))

    def most_probable(self) -> Found:
        """The most probable house of each row above one half; none for a draw."""
        pairs = self._linker.inference.predict(threshold_match_probability=0.5)
        weighed: dict[int, list[tuple[float, int]]] = defaultdict(list)
        table = pairs.as_pyarrow_table()
        columns = (table[name].to_pylist() for name in ("unique_id_l", "unique_id_r", "match_weight"))
        for asked, house, weight in zip(*columns, strict=True):
            weighed[asked // _READINGS].append((weight, house))
        pairs.drop_table_from_database_and_remove_from_cache()
        return [_heaviest(weighed[place]) for place in range(self._rows)]


_READINGS = 100  # more than a row's number can be read in


def _heaviest(weighed: Sequence[tuple[float, int]]) -> int | None:
    heaviest = max((weight for weight, _house in weighed), default=0.0)
    return _only(house for weight, house in weighed if weight == heaviest)


def _line(unique_id: int, number: str, keys: Address) -> dict[str, object]:
    """A part of the address that is not stated is missing."""
    return {
        "unique_id": unique_id,
        "number": number,
        "lane": f"{keys.trok} {keys.soi}".strip() or None,
        "road": keys.road or None,
        "subdistrict": keys.subdistrict or None,
    }
