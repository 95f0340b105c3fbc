"""Fifty signed-in officers at once: they search, look at houses, tag and undo for a minute, over HTTP on loopback.

The server is gunicorn as `make run` starts it, on the city that the search is measured on. Ten districts have five
officers each, who work on the same few lanes and so meet each other. After every page an officer reads, for a second
on average. Each also asks for an empty view of Django now and then, through the same middleware and at the same
moments; its times stand beside those of the pages.

An error is any answer of 400 or above and any broken connection. A refusal is none: of two officers who tag the same
houses the second is told so on a page; how often is printed.
"""

from __future__ import annotations

import collections
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import connection

from benchmarks.measuring import Table
from benchmarks.officed_city import DistrictAtWork, OfficedCity, officed_city
from benchmarks.officer import Desk, Form, Page, forms_of
from communities.models import CommunityCode, Person
from households.models import HouseRegistration, Lane

_SECONDS = 60
_LANES = 6
_READING = 1.0
_MOST_TICKED = 12
_UNDONE = 0.5


@dataclass
class Log:
    """What all officers met: seconds by kind of page, errors, and deeds."""

    times: dict[str, list[float]] = field(default_factory=lambda: collections.defaultdict(list))
    errors: list[str] = field(default_factory=list)
    deeds: collections.Counter = field(default_factory=collections.Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, page: Page) -> None:
        """Writes down how long a page took, and whether it was an error."""
        with self.lock:
            self.times[kind].append(page.took)
            if page.status >= 400:
                self.errors.append(f"{page.status} {page.address}")

    def broke(self, why: Exception) -> None:
        """Writes down a connection that broke."""
        with self.lock:
            self.errors.append(repr(why))

    def did(self, deed: str) -> None:
        """Counts a deed."""
        with self.lock:
            self.deeds[deed] += 1


def main(share: float) -> bool:
    """Fifty officers for that share of a minute; returns whether no page failed."""
    city = officed_city(share)
    seats = _seats(city)
    table = Table(f"{len(seats)} officers for {_SECONDS * share:.0f} s over HTTP, {city.houses:,} houses")
    with served() as port:
        log = _work_at_once(seats, port, _SECONDS * share)
    _tell(table, log)
    return not table.broken


@contextmanager
def served() -> Iterator[int]:
    """gunicorn, as the house starts it, on the database that is measured on; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.served",
        "BENCH_DATABASE": connection.settings_dict["NAME"],
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:thonburi_registry.serving", "--max-requests", "0"]
    server = subprocess.Popen(
        [*command, "thonburi_registry.wsgi"], env=os.environ | variables, stdout=subprocess.PIPE, text=True
    )
    try:
        if server.stdout is None or not server.stdout.readline():
            raise RuntimeError("gunicorn did not start")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _seats(city: OfficedCity) -> list[tuple[Person, Place]]:
    """Every officer of the city, with the place where the officers of that district work."""
    return [(officer, place) for work in city.at_work for place in [_place(work)] for officer in work.officers]


def _place(work: DistrictAtWork) -> Place:
    lanes = list(Lane.objects.filter(district=work.district).exclude(soi="").order_by("lane_order")[:_LANES])
    houses = HouseRegistration.objects.filter(district=work.district, lane_order__in=[one.lane_order for one in lanes])
    return Place(
        district=work.district.code,
        lanes=[lane.soi for lane in lanes],
        numbers=list(houses.values_list("house_no", flat=True)[:50]),
        communities=list(CommunityCode.objects.filter(community__in=work.communities).values_list("code", flat=True)),
    )


def _work_at_once(seats: Sequence[tuple[Person, Place]], port: int, seconds: float) -> Log:
    log, until = Log(), time.monotonic() + seconds
    officers = [
        Officer(Desk(person, port), place, log, until, random.Random(nth)) for nth, (person, place) in enumerate(seats)
    ]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()
    return log


def _tell(table: Table, log: Log) -> None:
    asked = sum(map(len, log.times.values()))
    print(f"{'':<30}{'pages':>8}{'median':>12}{'p95':>12}{'longest':>12}")
    for kind, times in sorted(log.times.items()):
        p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        print(
            f"{kind:<30}{len(times):>8,}{statistics.median(times) * 1000:>9.0f} ms{p95 * 1000:>9.0f} ms"
            f"{max(times) * 1000:>9.0f} ms"
        )
    for deed, number in sorted(log.deeds.items()):
        print(f"  {deed:<64}{number:>9,}")
    for error in log.errors[:5]:
        print(f"  {error}")
    table.at_most(f"errors among {asked:,} pages", len(log.errors), 0)


@dataclass(frozen=True)
class Place:
    """Where an officer works: the district's code, some lanes and numbers of it, its communities' codes."""

    district: str
    lanes: Sequence[str]
    numbers: Sequence[str]
    communities: Sequence[str]


class Officer(threading.Thread):
    """One officer at work until the time is up."""

    def __init__(self, desk: Desk, place: Place, log: Log, until: float, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.desk, self.place, self.log, self.until, self.chance = desk, place, log, until, chance

    def run(self) -> None:
        """Searches mostly, tags now and then, asks for the empty view beside."""
        work = [self._search] * 6 + [self._look_at_a_house] * 2 + [self._tag] * 2 + [self._empty] * 2
        while time.monotonic() < self.until:
            try:
                self.chance.choice(work)()
            except (OSError, http.client.HTTPException) as why:
                self.log.broke(why)

    def _page(self, kind: str, address: str) -> Page:
        page = self.desk.get(address)
        self.log.note(kind, page)
        self._read()
        return page

    def _read(self) -> None:
        time.sleep(self.chance.uniform(0, 2 * _READING))

    def _empty(self) -> None:
        self._page("an empty view", "/empty/")

    def _houses(self, **conditions: str) -> str:
        return f"/houses/?{urlencode({'district': self.place.district} | conditions)}"

    def _search(self) -> None:
        number, lane = self.chance.choice(self.place.numbers), self.chance.choice(self.place.lanes)
        main = number.partition("/")[0]
        asked = (number, f"{main}/", lane, lane[:4], f"{main} {lane}", f"{main} {lane[:4]}")
        self._page("search", self._houses(q=self.chance.choice(asked)))

    def _look_at_a_house(self) -> None:
        found = self._page("search", self._houses(q=self.chance.choice(self.place.lanes)))
        houses = _boxes(found)
        if houses:
            self._page("a house", f"/houses/{self.chance.choice(houses).partition(':')[0]}/")

    def _tag(self) -> None:
        lane = self.chance.choice(self.place.lanes)
        listed = self._page("search", self._houses(q=lane, state="untagged"))
        ticked = _boxes(listed)[: self.chance.randint(1, _MOST_TICKED)]
        form = next(iter(forms_of(listed, "/houses/tag/")), None)
        if form is None or not ticked:
            self.log.did("nothing left to tag in the lane")
            return
        check = self._sent("check", form, [("house", house) for house in ticked])
        confirmation = next((one for one in forms_of(check, "/houses/tag/") if _names(one, "expected")), None)
        if confirmation is None:
            self.log.did("refused before the check")
            return
        done = self._sent("tag", confirmation, [])
        if done.status != 302:
            self.log.did("refused: changed meanwhile")
            return
        self.log.did("tagged")
        self._perhaps_undo(self._page("search", done.location))

    def _sent(self, kind: str, form: Form, chosen: list[tuple[str, str]]) -> Page:
        community = [] if _names(form, "community") else [("community", self.chance.choice(self.place.communities))]
        page = self.desk.send(form.action, [*form.hidden, *chosen, *community])
        self.log.note(kind, page)
        self._read()
        return page

    def _perhaps_undo(self, after: Page) -> None:
        undo = next(iter(forms_of(after, "/undo/")), None)
        if undo is not None and self.chance.random() < _UNDONE:
            done = self.desk.send(undo.action, undo.hidden)
            self.log.note("undo", done)
            self.log.did("undone" if done.status == 302 else "undoing refused")
            self._page("search", done.location or "/houses/")


def _boxes(page: Page) -> list[str]:
    """The tick boxes of the houses on a page."""
    return [value for form in forms_of(page, "/houses/tag/") for name, value in form.boxes if name == "house"]


def _names(form: Form, field_name: str) -> bool:
    return any(name == field_name for name, _value in form.hidden)
