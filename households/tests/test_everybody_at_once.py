"""Everything that may happen to a district's houses at the same moment: tags, claims, lists, keyings, extracts."""

import dataclasses
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from communities.tests.factories import CommunityFactory, PersonFactory, SubdistrictFactory, command_line
from households.claim_decisions import decide_claim
from households.keying import key, take_back
from households.models import HouseRegistration, TaggingBatch
from households.reconciling import take_extracts_word
from households.registrations import load
from households.tagging import say_in_no_community, tag, tag_matching, untag
from households.tests.books import HEADER, extract, house
from households.tests.intake import line, received
from households.tests.overlapping import REPLAY, STANDING_WITHOUT_EVENT
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = float(os.environ.get("OFFICE_SECONDS", "3"))
CODES = ("10150001", "10150002", "10150003")

# The house has what its newest fact says, and each fact names what the one before it left.
CHAIN = """
WITH told AS (
    SELECT e.house_id, {after} AS after, {before} AS before,
           lag({after}) OVER house AS left_behind, row_number() OVER house AS place,
           lead(e.id) OVER house IS NULL AS is_last
    FROM {table} e WINDOW house AS (PARTITION BY e.house_id ORDER BY e.id)
)
SELECT count(*) FILTER (WHERE (place > 1 AND t.before IS DISTINCT FROM t.left_behind)
                           OR (place = 1 AND t.before IS DISTINCT FROM {nothing})),
       count(*) FILTER (WHERE t.is_last AND h.{column} IS DISTINCT FROM t.after)
FROM told t JOIN households_houseregistration h ON h.id = t.house_id
"""
KEYINGS = {
    "table": "households_keyingevent",
    "after": "e.community_id",
    "before": "e.previous_community_id",
    "nothing": "NULL::bigint",
    "column": "keyed_community_id",
}
SEEN = {
    "table": "households_seencode",
    "after": "e.code",
    "before": "e.previous_code",
    "nothing": "''",
    "column": "central_code",
}


class Desk:
    """One person of the office with a connection of their own; each deed is one act on some of the houses."""

    def __init__(self, place, ids, communities, lists, sources):
        self.by, self.chance = PersonFactory(), random.Random(place)
        self.ids, self.communities, self.lists, self.sources = ids, communities, lists, sources

    def some(self):
        return self.chance.sample(self.ids, self.chance.randint(1, 25))

    def one(self):
        return self.chance.choice(self.communities)

    def tag(self):
        chosen = self.some()
        tag(chosen, community=self.one(), by=self.by, expected=len(chosen), move_reason=self.chance.choice(["", "ย้าย"]))

    def untag(self):
        chosen = self.some()
        untag(chosen, by=self.by, expected=len(chosen), reason="ผิด")

    def outside(self):
        chosen = self.some()
        say_in_no_community(chosen, by=self.by, expected=len(chosen), reason=HouseRegistration.Outside.NOT_A_DWELLING)

    def undo(self):
        batch = self.chance.choice(list(TaggingBatch.objects.order_by("-pk")[:10]) or [None])
        if batch:
            undo_batch(batch, by=self.by)

    def apply(self):
        tag_matching(self.chance.choice(self.lists), by=self.by)

    def claim(self):
        rows = list(HouseRegistration.objects.filter(pk__in=self.some()))
        for each in rows[:5]:
            decide_claim(each, in_favour_of=self.one(), reason="ตกลง", by=self.by)

    def key(self):
        key(dict(HouseRegistration.objects.filter(pk__in=self.some()).values_list("pk", "community")), by=self.by)

    def take_back(self):
        take_back(self.some(), by=self.by, reason="ผิด")

    def word(self):
        take_extracts_word(self.some(), by=self.by)

    def load(self):
        source = self.chance.choice(self.sources)
        load(source=source, file_name="x.xlsx", district=self.communities[0].district, by=self.by)


DEEDS = ("tag", "tag", "untag", "outside", "undo", "apply", "claim", "key", "take_back", "word", "load")


@dataclasses.dataclass
class Office:
    """What happened at the desks together: how often each act was done, and what went wrong."""

    acts: Counter = dataclasses.field(default_factory=Counter)
    problems: list[str] = dataclasses.field(default_factory=list)

    def sit(self, desk, until):
        try:
            while time.monotonic() < until:
                deed = desk.chance.choice(DEEDS)
                try:
                    getattr(desk, deed)()
                except ValidationError:
                    continue  # told in a plain sentence, nothing done
                except Exception as problem:
                    self.problems.append(f"{deed}: {problem!r}")
                self.acts[deed] += 1
        finally:
            connection.close()


def extracts(rows):
    """Extracts with codes by chance: of all houses, of some, and with a third of them in another lane."""
    chance, sources = random.Random(7), []
    for version in range(4):
        shown = [[*row, chance.choice(["", *CODES])] for row in rows if version == 0 or chance.random() > 0.1]
        if version == 2:
            shown = [[*row[:4], "เทอดไท 9", *row[5:]] if at % 3 == 0 else row for at, row in enumerate(shown)]
        sources.append(extract(shown, header=(*HEADER, "รหัสชุมชน")))
    return sources


def test_whatever_happens_at_once_every_house_stands_as_its_facts_say():
    subdistrict = SubdistrictFactory()
    communities = [CommunityFactory.create(code=code, subdistrict=subdistrict) for code in CODES]
    numbers = [f"12/{n}" for n in range(1, 61)]
    rows = [house(f"1015900{n:04d}", number) for n, number in enumerate(numbers, 1)]
    load(source=extract(rows), file_name="t.xlsx", district=subdistrict.district, by=command_line())
    lists = [received(communities[0], *map(line, numbers[:40])), received(communities[1], *map(line, numbers[20:]))]
    ids, sources = list(HouseRegistration.objects.values_list("pk", flat=True)), extracts(rows)
    desks = [Desk(place, ids, communities, lists, sources) for place in range(6)]
    office, until = Office(), time.monotonic() + SECONDS
    with ThreadPoolExecutor(len(desks)) as pool:
        list(pool.map(lambda desk: office.sit(desk, until), desks))
    assert office.problems == []
    assert office.acts.total() > len(DEEDS)
    with connection.cursor() as cursor:
        for chain in (REPLAY, CHAIN.format(**KEYINGS), CHAIN.format(**SEEN)):
            cursor.execute(chain)
            assert cursor.fetchone() == (0, 0)
        cursor.execute(STANDING_WITHOUT_EVENT)
        assert cursor.fetchone() == (0,)
