"""How far the communities of a district are: expected, tagged, waiting, and the next step of each.

A fixed handful of queries, whatever the number of communities, lists and houses.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from communities.models import Community, District

from .models import HouseNumberRecord, HouseRegistration, TaggingBatch
from .open_work import CLAIMED, TO_APPLY, TO_CONFIRM, TO_DECIDE, WAITING


class NextStep(enum.Enum):
    """What a community needs next from the officer."""

    RECEIVE = "receive"
    APPLY = "apply"
    CONFIRM = "confirm"
    DECIDE = "decide"
    SETTLE_CLAIMS = "settle_claims"


@dataclasses.dataclass(frozen=True)
class ListProgress:
    """One list's rows by what they wait for."""

    house_list: int
    waiting: int
    claimed: int
    to_apply: int
    to_confirm: int
    to_decide: int


@dataclasses.dataclass(frozen=True)
class CommunityProgress:
    """One community: `community` carries code, name and expected number of today; the rest are numbers of houses
    (tagged, by_machine, listed) and of list rows (waiting, claimed)."""

    community: Community
    tagged: int
    by_machine: int
    listed: int
    lists: tuple[ListProgress, ...]
    last_batch_at: datetime.datetime | None

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.lists)

    @property
    def claimed(self) -> int:
        return sum(one.claimed for one in self.lists)

    @property
    def to_decide(self) -> int:
        return sum(one.to_decide for one in self.lists)

    @property
    def newest_list(self) -> int | None:
        return max((one.house_list for one in self.lists), default=None)

    @property
    def whole(self) -> int:
        """By how many houses the bar is measured: the expected, else those on the lists."""
        return self.community.expected if self.community.expected is not None else self.listed

    @property
    def by_officers(self) -> int:
        return self.tagged - self.by_machine

    @property
    def exceeds_expected(self) -> bool:
        """More houses carry the code than anybody expected."""
        return self.community.expected is not None and self.tagged > self.community.expected

    @property
    def list_differs(self) -> bool:
        """The lists name another number of houses than was expected."""
        return bool(self.lists) and self.community.expected not in (None, self.listed)

    @property
    def status(self) -> str:
        """The word of the state chip."""
        if not self.community.code:
            return "no_code"
        if not self.lists:
            return "not_received"
        return "waiting" if self.waiting else "complete"

    @property
    def next_step(self) -> tuple[NextStep, ListProgress | None] | None:
        """What to do next and with which list; None when nothing is open or no code allows tagging."""
        if not self.lists:
            return NextStep.RECEIVE, None
        if not self.community.code:
            return None
        steps = (
            (NextStep.APPLY, lambda one: one.to_apply),
            (NextStep.CONFIRM, lambda one: one.to_confirm),
            (NextStep.DECIDE, lambda one: one.to_decide),
            (NextStep.SETTLE_CLAIMS, lambda one: one.claimed),
        )
        return next(((step, one) for step, rows in steps for one in self.lists if rows(one)), None)


@dataclasses.dataclass(frozen=True)
class DistrictTotals:
    """The sums of a district's communities; `expected` is None where nobody stated any."""

    tagged: int
    by_machine: int
    expected: int | None
    waiting: int
    to_decide: int
    claimed: int
    complete: int
    communities: int

    @property
    def by_officers(self) -> int:
        return self.tagged - self.by_machine


def district_progress(district: District) -> list[CommunityProgress]:
    """A row for each community of the district, in the order of their codes."""
    today = timezone.localdate()
    communities = Community.objects.filter(district=district).as_at(today).select_related("subdistrict")
    lists, listed = _lists(district), _houses_listed(district)
    tagged, machine, batches = _tagged(district), _tagged_by_machine(district), _last_batches(district)
    return [
        CommunityProgress(
            community=community,
            tagged=tagged.get(community.pk, 0),
            by_machine=machine.get(community.pk, 0),
            listed=listed.get(community.pk, 0),
            lists=tuple(lists[community.pk]),
            last_batch_at=batches.get(community.pk),
        )
        for community in communities.order_by(F("label_code").asc(nulls_last=True), "pk")
    ]


def totals_of(rows: Iterable[CommunityProgress]) -> DistrictTotals:
    """The sums over a district's rows."""
    rows = list(rows)
    expected = [row.community.expected for row in rows if row.community.expected is not None]
    return DistrictTotals(
        tagged=sum(row.tagged for row in rows),
        by_machine=sum(row.by_machine for row in rows),
        expected=sum(expected) if expected else None,
        waiting=sum(row.waiting for row in rows),
        to_decide=sum(row.to_decide for row in rows if row.community.code),
        claimed=sum(row.claimed for row in rows),
        complete=sum(row.status == "complete" for row in rows),
        communities=len(rows),
    )


def _lists(district: District) -> dict[int, list[ListProgress]]:
    counted: Iterable[Any] = (
        HouseNumberRecord.objects.filter(house_list__district=district)
        .values("house_list__community", "house_list")
        .annotate(
            waiting=Count("pk", filter=WAITING),
            claimed=Count("pk", filter=CLAIMED),
            to_apply=Count("pk", filter=TO_APPLY),
            to_confirm=Count("pk", filter=TO_CONFIRM),
            to_decide=Count("pk", filter=TO_DECIDE),
        )
        .order_by("house_list")
    )
    lists: dict[int, list[ListProgress]] = defaultdict(list)
    for row in counted:
        lists[row.pop("house_list__community")].append(ListProgress(**row))
    return lists


# A row whose number nobody could read is a house of its own. A house is told by a hash of 64 bits, as in the figures:
# without statistics of new rows the database would sort all their texts instead.
HOUSES_LISTED = """
SELECT community_id, count(*) FROM (
    SELECT l.community_id
    FROM households_housenumberrecord r JOIN households_houselist l ON l.id = r.house_list_id
    WHERE l.district_id = %(district)s
      AND NOT EXISTS (SELECT FROM households_houselist later WHERE later.corrects_id = l.id)
    GROUP BY l.community_id, hash_record_extended(ROW(
        CASE WHEN r.number_keys = '{}' THEN r.id END,
        r.number_keys, r.trok_key, r.soi_key, r.road_key, r.subdistrict_id
    ), 0)
) house
GROUP BY community_id
"""


def _houses_listed(district: District) -> dict[int, int]:
    """Houses that the lists name, each once, but for lists whose place a corrected one took."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSES_LISTED, {"district": district.pk})
        return dict(cursor.fetchall())


def _tagged(district: District) -> dict[int, int]:
    houses = HouseRegistration.objects.filter(district=district, community__isnull=False).values("community")
    return dict(houses.annotate(houses=Count("pk")).order_by().values_list("community", "houses"))


# One pass over the events of the district; asked for in two steps, the newest of each house would be looked up singly.
TAGGED_BY_MACHINE = """
SELECT community_id, count(*) FROM (
    SELECT DISTINCT ON (e.house_id) e.community_id, b.kind
    FROM households_tagevent e JOIN households_taggingbatch b ON b.id = e.batch_id
    WHERE b.district_id = %(district)s
    ORDER BY e.house_id, e.id DESC
) newest
WHERE kind = %(exact)s AND community_id IS NOT NULL
GROUP BY community_id
"""


def _tagged_by_machine(district: District) -> dict[int, int]:
    """Of the houses tagged now, those whose newest tag came from a list's exact rows."""
    with connection.cursor() as cursor:
        cursor.execute(TAGGED_BY_MACHINE, {"district": district.pk, "exact": TaggingBatch.Kind.LIST_EXACT.value})
        return dict(cursor.fetchall())


def _last_batches(district: District) -> dict[int, datetime.datetime]:
    batches = TaggingBatch.objects.filter(district=district).annotate(whose=Coalesce("community", "undoes__community"))
    last = batches.filter(whose__isnull=False).values("whose").annotate(last=Max("done_at")).order_by()
    return dict(last.values_list("whose", "last"))
