"""Matching the lists of 44 communities, beside peers that answer the same question of the same rows.

Every side is given the rows of the lists as ready keys in memory and answers which house each row means, or none. Timed
is all it takes from there:

- **ours** (`match_rows`, list after list): three queries a list (how far the register has come, the houses in the sois
  that rows state, all that the other rows may mean; a fourth where a list means another sub-district than it names),
  then every row's grade, reason and candidates. The house counts that an exact row names; likely ones wait for a
  person and count as not found.
- **the bare join**, list after list too: a list's keys are loaded by COPY and joined with the register, by the same
  condition as ours, for every house that each row may mean. An office that settles the open rows needs these of all
  rows, as nobody knows beforehand which of them are plain. Named is the house that is equal in all parts, if there is
  one only. It knows no reason, no doubt, no other name of a lane, nor the rows around. Ours is judged against this one.
- **the join of equals**: the same without candidates, number, lane, road and sub-district equal and nothing else found.
  It does less than is asked for; how many times as long ours takes is told. So are both joins with all lists in one
  COPY, as no office gets them: there the bare join is some three times faster, and ours near the limit.
- **an indexed query a row**: the same question, asked for every row by its own statement over one connection.
- **rapidfuzz**: of the houses with the row's number, the one whose address is most like the row's
  (`process.extract` with a cut-off, as its documentation advises); a draw is no answer.
- **splink** on DuckDB: a model trained on these very rows, blocked on the number; the most probable house above a half.

rapidfuzz and splink get for nothing what costs the others a query: the register is in their memory before the clock
starts, and splink has been trained. Storing what was found is not timed here on any side; it is part of the line that
receives, grades, stores and tags all lists. A run of every side follows the other, and medians are compared.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence

from benchmarks import matching_peers
from benchmarks.matching_peers import Found, Row
from benchmarks.measuring import Table, count_queries, seconds
from benchmarks.scratch import migrated, scratch, second_copy
from communities.models import Community, District, Person, Subdistrict
from communities.reference_data import COMMAND_LINE
from households import house_lists, registrations, tagging
from households.judging.register_names import divided_subdistricts
from households.made_city import fill_districts, renew_statistics
from households.matching import keys_of, match_rows
from households.models import HouseList, HouseRegistration
from households.row_reasons import Grade
from thonburi_registry.demo.clerks import TypedList, type_list
from thonburi_registry.demo.founding import found
from thonburi_registry.demo.places import ROADS_OF_THONBURI, communities_of_thonburi
from thonburi_registry.demo.registers import HOUSES_A_LANE, make_register
from thonburi_registry.demo.thonburi import BEGINNING, type_demo_list

_RUNS = 5
_LISTS = 44
_HOUSES = 60_000
_CITY = 3_200_000
# The communities' lanes hold some 16,500 houses; the rest of the district's stand in spare lanes of its other roads.
_SPARE_LANES = round((_HOUSES - 16_500) / HOUSES_A_LANE / sum(len(roads) - 1 for roads in ROADS_OF_THONBURI.values()))
_CPU_LIMIT = 15.0
_SHORT_AND_LONG = (48, 490)
_QUERIES_A_LIST = 12


def main(share: float) -> bool:
    """Measure on that share of the 44 lists and of the city; returns whether every limit held."""
    with migrated(), scratch():
        scene = _prepare(max(2, round(_LISTS * share)))
        receiving = Table(f"{len(scene.typed)} lists received, graded, stored and tagged in one process")
        lists = _received_and_tagged(receiving, scene)
        rows = _rows(lists, scene.typed)
        houses = HouseRegistration.objects.count()
        beside_peers = Table(f"Matching: {len(lists)} lists, {len(rows):,} rows, {houses:,} houses")
        _beside_peers(beside_peers, rows)
        with second_copy() as (here, in_the_city):
            in_the_city()
            _fill_city(round(_CITY * share))
            city = Table(f"The same rows in a city of {HouseRegistration.objects.count():,} houses")
            _in_a_city(city, rows, here, in_the_city)
    return not (receiving.broken or beside_peers.broken or city.broken)


# --- what is measured on ---


@dataclasses.dataclass(frozen=True)
class _Scene:
    """Communities with their lists as typed; `short` and `long` are further lists of one of them."""

    communities: Sequence[Community]
    typed: Sequence[TypedList]
    teller: Community
    short: TypedList
    long: TypedList


def _prepare(number: int) -> _Scene:
    """The district's register of some 60,000 houses, and the lists of so many of its communities."""
    district, by = District.objects.get(code="1015"), Person.objects.get(username=COMMAND_LINE)
    demo = communities_of_thonburi()
    register = make_register(district.code, ROADS_OF_THONBURI, demo, spare_lanes=_SPARE_LANES)
    names = dict(Subdistrict.objects.filter(district=district).values_list("code", "name_th"))
    codes = {community.code: (BEGINNING, "") for community in demo}
    communities = found(demo, district, since=BEGINNING, codes=codes, by=by)
    registrations.load(source=register.as_csv(names), file_name="register.csv", district=district, by=by)
    # Of houses in spare lanes, which no list has tagged: both lists then have something to tag.
    spare = [register.houses[-rows - offset : -offset] for offset, rows in zip((500, 1), _SHORT_AND_LONG, strict=True)]
    subdistrict = names[register.houses[-1].subdistrict]
    short, long = (type_list(demo[0], houses, (), subdistrict=subdistrict, district="ธนบุรี") for houses in spare)
    return _Scene(
        communities=list(communities.values())[:number],
        typed=[type_demo_list(community, register, names, "ธนบุรี") for community in demo[:number]],
        teller=communities[demo[0].code],
        short=short,
        long=long,
    )


def _received_and_tagged(table: Table, scene: _Scene) -> list[HouseList]:
    """Receives, grades, stores and tags the lists, once: a second time would find them known."""
    begun, by_the_clock = time.process_time(), time.perf_counter()
    lists = [_receive_and_tag(*pair) for pair in zip(scene.communities, scene.typed, strict=True)]
    used, took = time.process_time() - begun, time.perf_counter() - by_the_clock
    table.measured("by the clock", [took], sum(house_list.records.count() for house_list in lists))
    table.at_most("CPU seconds of the process", used, _CPU_LIMIT)
    short = count_queries(lambda: _receive_and_tag(scene.teller, scene.short))
    long = count_queries(lambda: _receive_and_tag(scene.teller, scene.long))
    table.told("queries of a list of about 50 rows, all told", short)
    table.at_most("queries more of one of about 500 rows", long - short, 0)
    return lists


def _receive_and_tag(community: Community, typed: TypedList) -> HouseList:
    by = Person.objects.get(username=COMMAND_LINE)
    received = house_lists.receive(data=typed.workbook, file_name=typed.file_name, community=community, by=by)
    [house_list] = received.lists
    tagging.tag_matching(house_list, by=by)
    return house_list


def _rows(lists: Sequence[HouseList], typed: Sequence[TypedList]) -> list[Row]:
    """Every row of the lists as ready keys, with the house it means."""
    district = District.objects.get(code="1015").pk
    divided = divided_subdistricts(district)
    codes = dict(HouseRegistration.objects.filter(state="live").values_list("house_code", "pk"))
    return [
        Row(list_no, keys_of(record, divided), codes.get(listed.meant[record.row]))
        for list_no, (house_list, listed) in enumerate(zip(lists, typed, strict=True))
        for record in house_list.records.order_by("row", "part")
    ]


def _fill_city(houses: int) -> None:
    others = list(District.objects.exclude(code="1015").order_by("code"))
    by = Person.objects.get(username=COMMAND_LINE)
    took = seconds(lambda: fill_districts(others, houses=houses - HouseRegistration.objects.count(), by=by))
    renew_statistics()
    print(f"\n(the other {len(others)} districts were filled in {took:.0f} s)", flush=True)


# --- measuring ---


def _beside_peers(table: Table, rows: Sequence[Row]) -> None:
    """All sides in turns against the one district."""
    district = District.objects.get(code="1015").pk
    lists = _by_list(rows)
    candidates = matching_peers.houses_by_number(district)
    model = matching_peers.TrainedSplink(rows, candidates)
    joined, with_candidates = matching_peers.joined, matching_peers.joined_with_candidates
    sides = {
        "ours: match_rows, list after list": lambda: _ours(district, lists),
        "the bare join, COPY of the keys included": lambda: with_candidates(district, lists),
        "the bare join, all lists at once": lambda: with_candidates(district, [rows]),
        "the join of equals, COPY of the keys included": lambda: joined(district, lists),
        "the join of equals, all lists at once": lambda: joined(district, [rows]),
        "an indexed query a row": lambda: matching_peers.asked_row_by_row(district, rows),
        "rapidfuzz, houses in memory": lambda: matching_peers.most_alike(rows, candidates),
        "splink on DuckDB, loaded and trained": model.most_probable,
    }
    times = _in_turns(list(sides.values()))
    medians = [table.measured(what, took, len(rows)) for what, took in zip(sides, times, strict=True)]
    print(f"{'':<52}{'named':>8}{'wrong':>8}{'precision':>11}{'recall':>9}", flush=True)
    wrong = [_told(what, rows, find()) for what, find in sides.items()]
    table.at_most("wrong houses among exact rows", wrong[0], 0)
    table.at_most("times the bare join", medians[0] / medians[1], 1.5)
    for what, median in list(zip(sides, medians, strict=True))[2:5]:
        table.told(f"times {what}", medians[0] / median)
    for what, median in list(zip(sides, medians, strict=True))[5:]:
        table.told(f"times faster than {what}", median / medians[0])
    table.at_most("queries a list", count_queries(lambda: _ours(district, lists[:1])), _QUERIES_A_LIST)
    table.at_most("queries more for a list of 500 rows than for 50", _queries_more(district, rows), 0)


def _in_a_city(table: Table, rows: Sequence[Row], here: Callable[[], None], in_the_city: Callable[[], None]) -> None:
    """Ours and the joins, by turns in the database of the one district and in that of the city."""
    lists = _by_list(rows)
    district = District.objects.get(code="1015").pk

    def timed(connect: Callable[[], None], find: Callable[[int, Sequence[Sequence[Row]]], Found]) -> float:
        connect()
        find(district, [rows[:1]])  # a new session plans its first statement slowly, whatever the size
        return seconds(lambda: find(district, lists))

    finds = {
        "ours": _ours,
        "the bare join": matching_peers.joined_with_candidates,
        "the join of equals": matching_peers.joined,
    }
    runs = [
        [timed(connect, find) for find in finds.values() for connect in (here, in_the_city)] for _run in range(_RUNS)
    ]
    names = [f"{side}, {where}" for side in finds for where in ("the one district alone", "in the city")]
    ours, ours_in_city, bare, bare_in_city, _equals, equals_in_city = (
        table.measured(name, took, len(rows)) for name, took in zip(names, zip(*runs, strict=True), strict=True)
    )
    in_the_city()
    table.at_most("wrong houses among exact rows", _told("ours, in the city", rows, _ours(district, lists)), 0)
    table.at_most("times as long in the city", ours_in_city / ours, 1.3)
    table.at_most("times the bare join, in the city", ours_in_city / bare_in_city, 1.5)
    table.told("times the join of equals, in the city", ours_in_city / equals_in_city)
    table.told("the bare join: times as long in the city", bare_in_city / bare)


def _ours(district: int, lists: Sequence[Sequence[Row]]) -> Found:
    return [
        verdict.candidates[0][0] if verdict.grade == Grade.EXACT else None
        for rows in lists
        for verdict in match_rows(district, [row.keys for row in rows])
    ]


def _by_list(rows: Sequence[Row]) -> list[list[Row]]:
    lists: dict[int, list[Row]] = {}
    for row in rows:
        lists.setdefault(row.list_no, []).append(row)
    return list(lists.values())


def _in_turns(works: Sequence[Callable[[], object]]) -> list[list[float]]:
    """The seconds of each work in each run; one after the other, so that a slow moment of the machine hits all."""
    rounds = [[seconds(work) for work in works] for _run in range(_RUNS)]
    return [list(times) for times in zip(*rounds, strict=True)]


def _told(what: str, rows: Sequence[Row], found: Found) -> int:
    """Prints how many rows a side names a house for, and how well; returns how many it names wrongly."""
    named = sum(house is not None for house in found)
    right = sum(house is not None and house == row.meant for house, row in zip(found, rows, strict=True))
    meant = sum(row.meant is not None for row in rows)
    print(f"  {what:<50}{named:>8,}{named - right:>8,}{right / (named or 1):>11.4f}{right / meant:>9.4f}", flush=True)
    return named - right


def _queries_more(district: int, rows: Sequence[Row]) -> int:
    """Queries for 500 rows less those for every tenth of them: rows of every kind are among both."""
    keys = [row.keys for row in rows[:500]]
    tenth = keys[::10]
    return count_queries(lambda: match_rows(district, keys)) - count_queries(lambda: match_rows(district, tenth))
