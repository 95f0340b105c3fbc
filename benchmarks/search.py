"""Finding houses in the city: the SQL alone, and the page as gunicorn serves it to a signed-in officer.

The city is the one that the load is measured on: 50 districts with 3.2 million houses, ten of them with communities,
officers and tags. Searches are typed as officers type them, each for another district, number and name.

- **the SQL** of a search is every query of the page but those that a person of any page costs (session, person with
  posts) and those of the district's places, which the process keeps: the rows with their number. Timed is the answer
  of the database through psycopg2.
- **the page** comes over HTTP from gunicorn with one signed-in officer asking at a time, beside the same officer's
  requests for a view of one query through the same middleware. The two take turns; requests a second are compared.
- any page of a list costs the same: the first, one in the middle, the last.
"""

from __future__ import annotations

import functools
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from benchmarks.load import served
from benchmarks.measuring import Table
from benchmarks.officed_city import DistrictAtWork, OfficedCity, officed_city
from benchmarks.officer import Desk
from communities.models import District
from households.district_places import DistrictPlaces, places_of
from households.filters import HouseFilter
from households.house_lines import COLUMNS
from households.lanes import counted_page
from households.models import HouseRegistration, Lane
from households.views.finding import MOST_COUNTED, ROWS_A_PAGE

_SEARCHES = 200
_PAGES = 150
_NUMBER_LIMIT_MS = 5.0
_NAME_LIMIT_MS = 20.0
_LEAST_RATIO = 0.4
_MOST_QUERIES = 6
_ANY_PAGE_LIMIT = 1.5
# A person of any page costs these: the session, and the person with the posts.
_QUERIES_OF_A_PERSON = 2
# The first page after a change in the district: its communities, its sub-districts, and its lanes.
_QUERIES_OF_PLACES = 3

Query = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of search: what is typed or chosen in a district, and the limit of the SQL's p95 in milliseconds."""

    says: str
    asked: Callable[[DistrictAtWork, random.Random], Query]
    limit: float


def main(share: float) -> bool:
    """Measure in a city of that share of its size; returns whether every limit held."""
    city = officed_city(share)
    sql = Table(f"Finding: the SQL alone, {city.houses:,} houses, {_SEARCHES} searches a kind")
    for kind in KINDS:
        _sql_of(sql, kind, city)
    anywhere = Table("Any page of a list: the SQL of the first page, one in the middle, the last")
    _anywhere(anywhere, city)
    pages = Table(f"Finding: the page of {ROWS_A_PAGE} rows beside a signed-in view of one query, over HTTP")
    with served() as port:
        for kind in KINDS:
            _page_of(pages, kind, city.at_work[0], port)
    _tell_plans(city)
    return not (sql.broken or anywhere.broken or pages.broken)


# --- what is asked ---


def _number(chance: random.Random) -> str:
    return str(chance.randrange(1, 1000))


def _lane(work: DistrictAtWork, chance: random.Random) -> Lane:
    lanes = Lane.objects.filter(district=work.district).exclude(soi="").order_by("lane_order")
    return lanes[chance.randrange(min(lanes.count(), 900))]


def _part(work: DistrictAtWork, chance: random.Random) -> str:
    """A few letters out of a road's name."""
    name = _lane(work, chance).road
    begin = chance.randrange(max(1, len(name) - 4))
    return name[begin : begin + 4].strip() or name


def _community(work: DistrictAtWork, chance: random.Random) -> str:
    return f"{work.district.code}{chance.randrange(1, len(work.communities) + 1):04}"


KINDS: Sequence[Kind] = (
    Kind("no condition", lambda work, chance: {}, _NUMBER_LIMIT_MS),
    Kind("a number and its family: 12", lambda work, chance: {"q": _number(chance)}, _NUMBER_LIMIT_MS),
    Kind("a number's beginning: 12/", lambda work, chance: {"q": f"{_number(chance)}/"}, _NUMBER_LIMIT_MS),
    Kind("a soi by its name", lambda work, chance: {"q": _lane(work, chance).soi}, _NAME_LIMIT_MS),
    Kind("a part of a name", lambda work, chance: {"q": _part(work, chance)}, _NAME_LIMIT_MS),
    Kind(
        "a number in a part of a name",
        lambda work, chance: {"q": f"{_number(chance)} {_part(work, chance)}"},
        _NAME_LIMIT_MS,
    ),
    Kind(
        "1-99 odd in a part of a name",
        lambda work, chance: {"q": f"1-99 คี่ {_part(work, chance)}"},
        _NAME_LIMIT_MS,
    ),
    Kind(
        "a number in a community, by its code",
        lambda work, chance: {"q": f"{_number(chance)} {_community(work, chance)}"},
        _NAME_LIMIT_MS,
    ),
    Kind("untagged", lambda work, chance: {"state": "untagged"}, _NAME_LIMIT_MS),
    Kind(
        "untagged, in a part of a name",
        lambda work, chance: {"state": "untagged", "soi": _part(work, chance)},
        _NAME_LIMIT_MS,
    ),
    Kind("a community", lambda work, chance: {"community": _community(work, chance)}, _NAME_LIMIT_MS),
    Kind("struck off", lambda work, chance: {"register": "struck"}, _NAME_LIMIT_MS),
)


# --- measuring ---


def _sql_of(table: Table, kind: Kind, city: OfficedCity) -> None:
    chance = random.Random(kind.says)
    works = [chance.choice(city.at_work) for _search in range(_SEARCHES)]
    statements = [_statements(work, kind.asked(work, chance)) for work in works]
    times = [_milliseconds(search) for search in statements]
    median, p95 = statistics.median(times), _p95(times)
    table.told(f"{kind.says}: median ms", median)
    table.at_most(f"{kind.says}: p95 ms", p95, kind.limit)


def _statements(work: DistrictAtWork, query: Query, **place: int | None) -> list[str]:
    """The statements of a search, as the database gets them."""
    places = _places(work.district)
    data = QueryDict(urlencode(query))
    everything = HouseRegistration.objects.visible_to(work.officers[0]).filter(district=work.district)
    with CaptureQueriesContext(connection) as asked:
        houses = HouseFilter(data, everything, places=places)
        counted_page(
            houses.found,
            columns=COLUMNS,
            among=everything,
            size=ROWS_A_PAGE,
            after=place.get("after"),
            before=place.get("before"),
            order=houses.order,
            most=MOST_COUNTED,
        )
    return [query["sql"] for query in asked.captured_queries]


@functools.cache
def _places(district: District) -> DistrictPlaces:
    """The places of a district with its lanes, as a process at work keeps them."""
    places = places_of(district)
    places.all()
    return places


def _milliseconds(statements: Sequence[str]) -> float:
    """How long the database takes for all of them; the second of two runs, when a district is at work already."""
    took = 0.0
    with connection.cursor() as cursor:
        for _run in range(2):
            begun = time.perf_counter()
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()
            took = time.perf_counter() - begun
    return took * 1000


def _anywhere(table: Table, city: OfficedCity) -> None:
    """A district's whole list, and a road's, at three places."""
    work = city.at_work[-1]
    for says, query in (("all houses", {}), ("a road's houses", {"q": _lane(work, random.Random(1)).road})):
        houses = HouseFilter(
            QueryDict(urlencode(query)),
            HouseRegistration.objects.filter(district=work.district),
            places=_places(work.district),
        ).found.in_lane_order()
        number = houses.count()
        middle, last = (houses[place].pk for place in (number // 2, max(0, number - ROWS_A_PAGE - 1)))
        times = {
            where: statistics.median(_milliseconds(_statements(work, query, after=after)) for _run in range(30))
            for where, after in (("first", None), ("middle", middle), ("last", last))
        }
        for where, took in times.items():
            table.told(f"{says}, {number:,}: {where} page, ms", took)
        slower = max(times["middle"], times["last"]) / times["first"]
        table.at_most(f"{says}: the slowest of the others, times the first", slower, _ANY_PAGE_LIMIT)


def _page_of(table: Table, kind: Kind, work: DistrictAtWork, port: int) -> None:
    desk, chance = Desk(work.officers[0], port), random.Random(kind.says)
    addresses = [f"/houses/?{urlencode(kind.asked(work, chance))}" for _page in range(_PAGES)]
    for address in addresses[:10]:
        desk.get("/one-query/"), desk.get(address)
    one_query, page = _in_turns(desk, addresses)
    table.told(f"{kind.says}: median ms", statistics.median(page) * 1000)
    table.told(f"{kind.says}: p95 ms", _p95(page) * 1000)
    ratio = statistics.fmean(one_query) / statistics.fmean(page)
    table.at_least(f"{kind.says}: requests a second, of one query's", ratio, _LEAST_RATIO)
    queries = len(_statements(work, kind.asked(work, chance))) + _QUERIES_OF_A_PERSON + _QUERIES_OF_PLACES
    table.at_most(f"{kind.says}: queries", queries, _MOST_QUERIES)


def _in_turns(desk: Desk, addresses: Sequence[str]) -> tuple[list[float], list[float]]:
    one_query, pages = [], []
    for address in addresses:
        one_query.append(desk.get("/one-query/").took)
        page = desk.get(address)
        if page.status != 200:
            raise RuntimeError(f"{page.status} {address}")
        pages.append(page.took)
    return one_query, pages


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


# --- what the database does ---


def _tell_plans(city: OfficedCity) -> None:
    """Prints how the database answers each kind of search; docs/finding.md keeps them."""
    print("\nFinding: EXPLAIN (ANALYZE, BUFFERS) of each kind\n")
    work, chance = city.at_work[0], random.Random(15)
    for kind in KINDS:
        print(f"-- {kind.says}")
        for statement in _statements(work, kind.asked(work, chance)):
            print(*_plan(statement), sep="\n")


_MANY_VALUES = re.compile(r"'\{[^{}]{40,}\}'::text\[\]")
_OF_NO_INTEREST = ("Heap Fetches", "Index Searches")


def _plan(statement: str) -> Iterator[str]:
    """The plan's lines, without the values of long lists."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY OFF) {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for line in _MANY_VALUES.sub("'{…}'::text[]", plan).splitlines():
        if not line.strip().startswith(_OF_NO_INTEREST):
            yield line.replace("households_houseregistration", "house")
