"""Many officers over the same houses at the same moment, and what must be true afterwards; also for `make bench`."""

from __future__ import annotations

import dataclasses
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.db.models import QuerySet

from communities.models import Community, Person
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.tagging import say_in_no_community, tag, tag_house, untag
from households.undoing import undo_batch, undo_run

Outside = HouseRegistration.Outside

# Each event of a house names what the one before it left, the first nothing; the house has what the last one says.
REPLAY = """
WITH told AS (
    SELECT e.house_id, e.community_id, e.outside, e.previous_community_id, e.previous_outside,
           lag(e.community_id) OVER house AS left_community, COALESCE(lag(e.outside) OVER house, '') AS left_outside,
           lead(e.id) OVER house IS NULL AS is_last
    FROM households_tagevent e WINDOW house AS (PARTITION BY e.house_id ORDER BY e.id)
)
SELECT count(*) FILTER (
           WHERE t.previous_community_id IS DISTINCT FROM t.left_community OR t.previous_outside <> t.left_outside
       ),
       count(*) FILTER (
           WHERE t.is_last AND (h.community_id IS DISTINCT FROM t.community_id OR h.outside <> t.outside)
       )
FROM told t JOIN households_houseregistration h ON h.id = t.house_id
"""
STANDING_WITHOUT_EVENT = """
SELECT count(*) FROM households_houseregistration h
WHERE (h.community_id IS NOT NULL OR h.outside <> '')
  AND NOT EXISTS (SELECT 1 FROM households_tagevent e WHERE e.house_id = h.id)
"""


@dataclasses.dataclass
class Worked:
    """What the officers did: acts by kind, refusals by code, houses that acts said they changed, what went wrong."""

    acts: Counter[str] = dataclasses.field(default_factory=Counter)
    refusals: Counter[str] = dataclasses.field(default_factory=Counter)
    houses: int = 0
    deadlocks: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)


def work_at_once(
    houses: Sequence[int], communities: Sequence[Community], people: Sequence[Person], *, seconds: float
) -> Worked:
    """Each of the people tags, moves, untags and undoes overlapping selections of the houses (ids) until time is up."""
    worked, guard = Worked(), threading.Lock()
    until = time.monotonic() + seconds

    def sit(place: int) -> None:
        chance = random.Random(place)
        officer = _Officer(people[place], houses, communities, chance)
        try:
            while time.monotonic() < until:
                _do(officer, chance.choice(officer.deeds), worked, guard)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as desks:
        list(desks.map(sit, range(len(people))))
    return worked


def _do(officer: _Officer, deed: Callable[[], int], worked: Worked, guard: threading.Lock) -> None:
    refused, changed, deadlock, problem = "", 0, False, ""
    try:
        changed = deed()
    except ValidationError as refusal:
        refused = str(refusal.code)
    except OperationalError as error:
        deadlock, problem = "deadlock" in str(error), repr(error)
    except Exception as error:
        problem = repr(error)
    with guard:
        worked.acts[deed.__name__] += 1
        worked.houses += changed
        worked.deadlocks += deadlock
        if refused:
            worked.refusals[refused] += 1
        if problem:
            worked.problems.append(problem)


class _Officer:
    """One who acts on houses as a page showed them a moment ago; each deed gives how many houses it changed."""

    def __init__(
        self, person: Person, houses: Sequence[int], communities: Sequence[Community], chance: random.Random
    ) -> None:
        self._person, self._houses, self._communities, self._chance = person, houses, communities, chance
        self.deeds = (self.tag, self.move, self.tag_one, self.untag, self.say_outside, self.undo, self.undo_walk)

    def _chosen(self) -> list[int]:
        """A stretch of the houses, in any order."""
        size = self._chance.randint(1, min(60, len(self._houses)))
        begin = self._chance.randrange(len(self._houses) - size + 1)
        return self._chance.sample(self._houses[begin : begin + size], size)

    def _shown(self, chosen: Sequence[int]) -> dict[int, int | None]:
        return dict(HouseRegistration.objects.filter(pk__in=chosen).values_list("pk", "community"))

    def tag(self) -> int:
        chosen = self._chosen()
        community = self._chance.choice(self._communities)
        return tag(chosen, community=community, by=self._person, expected=len(chosen)).houses

    def move(self) -> int:
        chosen = self._chosen()
        shown = self._shown(chosen)
        community = self._chance.choice(self._communities)
        moved = tag(
            chosen,
            community=community,
            by=self._person,
            expected=len(chosen),
            shown=shown,
            move_reason="ตกลงกัน",
        )
        return moved.houses

    def tag_one(self) -> int:
        house = HouseRegistration.objects.get(pk=self._chance.choice(self._houses))
        community = self._chance.choice(self._communities)
        return tag_house(house, community=community, by=self._person, shown_community=house.community_id).houses

    def untag(self) -> int:
        chosen = self._chosen()
        shown = self._shown(chosen)
        return untag(chosen, reason="ผิด", by=self._person, expected=len(chosen), shown=shown).houses

    def say_outside(self) -> int:
        chosen = self._chosen()
        return say_in_no_community(
            chosen, by=self._person, expected=len(chosen), reason=self._chance.choice(list(Outside)[:3])
        ).houses

    def undo(self) -> int:
        batch = self._recent(TaggingBatch.objects.all())
        return undo_batch(batch, by=self._person).houses if batch else 0

    def undo_walk(self) -> int:
        batch = self._recent(TaggingBatch.objects.filter(kind=TaggingBatch.Kind.HOUSE_BY_HOUSE))
        return undo_run(batch, by=self._person).houses if batch else 0

    def _recent(self, batches: QuerySet[TaggingBatch]) -> TaggingBatch | None:
        return self._chance.choice(list(batches.order_by("-pk")[:12]) or [None])


def faults_of(worked: Worked) -> dict[str, int]:
    """What must be 0: breaks in the houses' chains of events, houses that do not stand as the last event says or
    stand somewhere without one, acts that said they changed more or fewer houses than there are events, deadlocks."""
    with connection.cursor() as cursor:
        cursor.execute(REPLAY)
        broken, otherwise = cursor.fetchone()
        cursor.execute(STANDING_WITHOUT_EVENT)
        [untold] = cursor.fetchone()
    return {
        "broken chains": broken,
        "houses that stand otherwise": otherwise + untold,
        "events lost or doubled": abs(TagEvent.objects.count() - worked.houses),
        "deadlocks": worked.deadlocks,
        "problems": len(worked.problems),
    }
