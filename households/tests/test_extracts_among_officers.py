"""Extracts with codes are loaded while officers tag, move and undo the very houses that the extracts change."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint, command_line
from households.models import HouseRegistration, LifeEvent, Reconciliation, SeenCode
from households.registrations import load
from households.tests.books import HEADER, extract, house
from households.tests.overlapping import faults_of, work_at_once

pytestmark = pytest.mark.django_db(transaction=True)

OFFICERS, SECONDS, HOUSES = 4, 1.5, 90
CODES = ("10150001", "10150002", "")
# Each code seen of a house follows the one before it, and the house has the last.
SEEN = """
WITH told AS (
    SELECT e.house_id, e.code, e.previous_code, lag(e.code, 1, '') OVER house AS left_behind,
           lead(e.id) OVER house IS NULL AS is_last
    FROM households_seencode e WINDOW house AS (PARTITION BY e.house_id ORDER BY e.id)
)
SELECT count(*) FILTER (WHERE t.previous_code <> t.left_behind),
       count(*) FILTER (WHERE t.is_last AND h.central_code <> t.code)
FROM told t JOIN households_houseregistration h ON h.id = t.house_id
"""


def rows_of(version):
    """Each version moves every third house to another lane, strikes off two, and has other codes than the last one."""
    return [
        [
            *house(
                f"1015900{number:04d}",
                str(number),
                soi=f"เทอดไท {version + 5 if number % 3 == 0 else 5}",
                status="จำหน่าย" if number in (7, 8) else "ปกติ",
            ),
            CODES[(number + version) % len(CODES)],
        ]
        for number in range(1, HOUSES + 1)
    ]


def loads_until(over, district, by):
    """Loads one version after the other until the officers have gone; gives what each load found, and its rows."""
    versions = [(rows, extract(rows, header=(*HEADER, "รหัสชุมชน"))) for rows in map(rows_of, (1, 2))]
    loaded = []
    while not over.done() or len(loaded) < 2:
        rows, source = versions[len(loaded) % 2]
        loaded.append((load(source=source, file_name="u.xlsx", district=district, by=by), rows))
    return loaded


def test_nothing_is_lost_and_nobody_waits_for_ever_while_extracts_come_among_officers_who_tag():
    subdistrict = SubdistrictFactory()
    district, by = subdistrict.district, command_line()
    communities = [CommunityFactory.create(code=code, subdistrict=subdistrict) for code in CODES[:2]]
    first = extract([row[:-1] for row in rows_of(0)])
    load(source=first, file_name="t.xlsx", district=district, by=by)
    houses = list(HouseRegistration.objects.filter(state="live").values_list("pk", flat=True))
    people = [appoint(Role.OFFICER, district) for _number in range(OFFICERS)]

    with ThreadPoolExecutor(1) as office:
        work = office.submit(work_at_once, houses, communities, people, seconds=SECONDS)
        loaded = loads_until(work, district, by)
        worked = work.result()

    assert worked.problems == []
    assert set(faults_of(worked).values()) == {0}, (faults_of(worked), worked)
    assert worked.houses > 0
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        assert cursor.fetchone() == (0, 0)

    # The houses stand as the last extract says, and every change of the register is told once.
    last = {row[0]: (row[4], row[-1]) for row in loaded[-1][1]}
    stand = HouseRegistration.objects.values_list("house_code", "soi", "central_code")
    assert {code: (soi, central) for code, soi, central in stand} == last
    found = [result for result, _rows in loaded]
    assert LifeEvent.objects.filter(kind="changed").count() == sum(result.changed for result in found)
    assert SeenCode.objects.count() == sum(result.reconciled.seen for result in found)

    # What each load counted is of one moment: every live house with a code there is in one of three numbers.
    for result, rows in loaded:
        counts = result.reconciled.counts
        in_the_register = [row for row in rows if row[-2] == "ปกติ"]
        assert counts["agree"] + counts["differ"] + counts["untagged"] == sum(bool(row[-1]) for row in in_the_register)
    assert Reconciliation.objects.count() == len(found)
