"""Matching the lists of 44 communities, beside asking the database row by row for the same candidates."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection

from benchmarks.measuring import Table, seconds
from benchmarks.scratch import migrated, scratch
from communities.models import Community, District, Person, Subdistrict
from communities.reference_data import COMMAND_LINE
from households import house_lists, registrations
from households.matching import grade_list
from households.models import HouseList, HouseRegistration
from thonburi_registry.demo.founding import found
from thonburi_registry.demo.places import ROADS_OF_THONBURI, communities_of_thonburi
from thonburi_registry.demo.registers import make_register
from thonburi_registry.demo.thonburi import BEGINNING, FIRST_CODES, SPARE_LANES, type_demo_list

_RUNS = 3
_LISTS_OF_PEER = 4
_CPU_LIMIT = 5.0
_TICKS = os.sysconf("SC_CLK_TCK")


def main(share: float) -> bool:
    """Measure on that share of the 44 lists; returns whether the limit held."""
    with migrated(), scratch():
        lists = _receive_lists(max(1, round(44 * share)))
        rows = sum(house_list.records.count() for house_list in lists)
        table = Table(f"Matching: {len(lists)} lists, {rows:,} rows, {HouseRegistration.objects.count():,} houses")
        cpu = [_cpu_seconds(lambda: _each(lists, grade_list)) for _run in range(_RUNS)]
        used = table.measured("grade_list, CPU of this process and of its database session", cpu, rows)
        _beside_row_by_row(table, lists[:_LISTS_OF_PEER])
        table.at_most("CPU seconds for all lists", used, _CPU_LIMIT)
    return not table.broken


def _receive_lists(number: int) -> list[HouseList]:
    """The demo's register and the first lists of its communities, received and not yet tagged."""
    district, by = District.objects.get(code="1015"), Person.objects.get(username=COMMAND_LINE)
    demo = communities_of_thonburi()
    register = make_register(district.code, ROADS_OF_THONBURI, demo, spare_lanes=SPARE_LANES)
    names = dict(Subdistrict.objects.filter(district=district).values_list("code", "name_th"))
    codes = {community.code: FIRST_CODES for community in demo}
    communities = found(demo, district, since=BEGINNING, codes=codes, by=by)
    registrations.load(source=register.as_csv(names), file_name="register.csv", district=district, by=by)
    typed = [type_demo_list(community, register, names, "ธนบุรี") for community in demo[:number]]
    return [
        _receive(community, listed.workbook, listed.file_name, by)
        for community, listed in zip(communities.values(), typed, strict=False)
    ]


def _receive(community: Community, workbook: bytes, file_name: str, by: Person) -> HouseList:
    [house_list] = house_lists.receive(data=workbook, file_name=file_name, community=community, by=by).lists
    return house_list


def _beside_row_by_row(table: Table, lists: Sequence[HouseList]) -> None:
    rows = sum(house_list.records.count() for house_list in lists)
    ours, peer = [], []
    for _run in range(_RUNS):
        ours.append(seconds(lambda: _each(lists, grade_list)))
        peer.append(seconds(lambda: _each(lists, _ask_row_by_row)))
    table.measured(f"grade_list of {len(lists)} lists, by the clock", ours, rows)
    table.measured("a query a row for the same lists, without grading", peer, rows)
    table.told("times faster than a query a row", sorted(peer)[1] / sorted(ours)[1])


def _each(lists: Sequence[HouseList], act: Callable[[HouseList], object]) -> None:
    for house_list in lists:
        act(house_list)


def _ask_row_by_row(house_list: HouseList) -> None:
    for record in house_list.records.all():
        list(HouseRegistration.objects.filter(district=house_list.district_id, number_key__in=record.number_keys))


def _cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process and of the database server's process that answers it."""
    begun = time.process_time() + _server_cpu()
    work()
    return time.process_time() + _server_cpu() - begun


def _server_cpu() -> float:
    """CPU time so far of this connection's server process, as the kernel counts it on the same machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
