"""Houses that the lists of two or more communities claim, as a person meets them: who goes by what."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from communities.models import Community, District

from .models import HouseNumberRecord, HouseRegistration, RowDecision, RowMatch, TagEvent
from .models.dated import NEWEST_FIRST
from .open_work import CLAIMED, IN_LIST_ORDER
from .row_lines import houses_with_communities
from .row_reasons import Grade, Outcome
from .tag_ledger import as_array

_EXACT_ROWS = Q(rank=1, record__outcome=Outcome.OPEN, record__grade=Grade.EXACT)


@dataclasses.dataclass(frozen=True)
class Claimant:
    """A community that claims a house: by rows of its lists, or because it has it now (`tag` says since when)."""

    community: Community
    rows: Sequence[HouseNumberRecord]
    has_it: bool = False
    tag: TagEvent | None = None


@dataclasses.dataclass(frozen=True)
class Claim:
    """A house and all who claim it, the community that has it now first."""

    house: HouseRegistration
    claimants: Sequence[Claimant]

    @property
    def lists(self) -> list[HouseNumberRecord]:
        """The claiming rows, of all communities."""
        return [row for claimant in self.claimants for row in claimant.rows]


def claimed_houses(district: District) -> list[int]:
    """The ids of the district's houses for which a claim waits: a row was refused because another community has the
    house, or undecided exact rows of two communities name it."""
    refused = _newest_named(HouseNumberRecord.objects.filter(CLAIMED, house_list__district=district))
    exact = RowMatch.objects.filter(_EXACT_ROWS, record__house_list__district=district)
    taken = exact.exclude(house__community=None).exclude(house__community=F("record__house_list__community"))
    wanted_twice = (
        exact.values("house").annotate(by=Count("record__house_list__community", distinct=True)).filter(by__gt=1)
    )
    found = {*refused.values_list("claims", flat=True), *taken.values_list("house", flat=True)}
    return sorted(found | set(wanted_twice.values_list("house", flat=True)))


def is_claimed(house: HouseRegistration) -> bool:
    """Whether a claim on the house waits for a decision."""
    rows = rows_claiming([house.pk])[house.pk]
    communities = {row.house_list.community_id for row in rows} | ({house.community_id} - {None})
    return any(row.outcome == Outcome.CLAIMED for row in rows) or (bool(rows) and len(communities) > 1)


# As `is_claimed` says of one house. A row that was refused names its house by its newest decision.
CLAIMED_AMONG = """
WITH refused AS (
    SELECT newest.house_id FROM households_housenumberrecord r
    CROSS JOIN LATERAL (
        SELECT d.house_id FROM households_rowdecision d WHERE d.record_id = r.id ORDER BY d.id DESC LIMIT 1
    ) newest
    WHERE r.outcome = 'claimed'
      AND r.id IN (SELECT d.record_id FROM households_rowdecision d WHERE d.house_id = ANY(%(houses)s::bigint[]))
), exact AS (
    SELECT m.house_id, l.community_id FROM households_rowmatch m
    JOIN households_housenumberrecord r ON r.id = m.record_id
    JOIN households_houselist l ON l.id = r.house_list_id
    WHERE m.house_id = ANY(%(houses)s::bigint[]) AND m.rank = 1 AND r.outcome = 'open' AND r.grade = 'exact'
)
SELECT house_id FROM refused
UNION
SELECT x.house_id FROM exact x JOIN households_houseregistration h ON h.id = x.house_id
GROUP BY x.house_id, h.community_id
HAVING count(DISTINCT x.community_id) > 1 OR bool_or(x.community_id <> h.community_id)
"""


def claimed_among(houses: Collection[int]) -> set[int]:
    """Those of the houses (ids) for which a claim waits for a decision; one statement for any number of them."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIMED_AMONG, {"houses": as_array(houses)})
        return {house for (house,) in cursor.fetchall()}.intersection(houses)


def rows_claiming(houses: Collection[int]) -> dict[int, list[HouseNumberRecord]]:
    """The rows that claim each of these houses (by id), in the order of lists and rows."""
    named = RowDecision.objects.filter(house__in=houses).values("record")
    refused = _newest_named(HouseNumberRecord.objects.filter(CLAIMED, pk__in=named)).filter(claims__in=houses)
    exact = RowMatch.objects.filter(_EXACT_ROWS, house__in=houses)
    claimed = dict([*refused.values_list("pk", "claims"), *exact.values_list("record", "house")])
    rows: dict[int, list[HouseNumberRecord]] = defaultdict(list)
    found = HouseNumberRecord.objects.filter(pk__in=claimed).select_related("house_list__sender")
    for row in found.order_by(*IN_LIST_ORDER):
        rows[claimed[row.pk]].append(row)
    return rows


def _newest_named(rows: QuerySet[HouseNumberRecord]) -> QuerySet[Any]:
    """The rows with `claims`, the house (id) that their newest decision names."""
    newest = RowDecision.objects.filter(record=OuterRef("pk")).order_by(*NEWEST_FIRST).values("house")
    return rows.annotate(claims=Subquery(newest[:1]))


def claims_on(houses: Collection[int]) -> list[Claim]:
    """The claims on these houses (by id), in lane order, with everything that each community goes by."""
    rows = rows_claiming(houses)
    tags = _newest_tags(houses)
    shown = houses_with_communities().select_related("district", "subdistrict").filter(pk__in=rows).in_lane_order()
    communities = _named({row.house_list.community_id for claiming in rows.values() for row in claiming})
    return [Claim(house, _claimants(house, rows[house.pk], communities, tags.get(house.pk))) for house in shown]


def _newest_tags(houses: Collection[int]) -> dict[int, TagEvent]:
    newest = TagEvent.objects.newest_of(houses)
    return {tag.house_id: tag for tag in newest.select_related("batch__done_by", "record__house_list__sender")}


def _named(communities: Iterable[int]) -> dict[int, Community]:
    return Community.objects.as_at(timezone.localdate()).in_bulk(communities)


def _claimants(
    house: HouseRegistration, rows: Iterable[HouseNumberRecord], communities: dict[int, Community], tag: TagEvent | None
) -> list[Claimant]:
    by_community: dict[int, list[HouseNumberRecord]] = defaultdict(list)
    for row in rows:
        by_community[row.house_list.community_id].append(row)
    claimants = []
    if house.community:
        claimants.append(Claimant(house.community, by_community.pop(house.community.pk, []), has_it=True, tag=tag))
    return claimants + [Claimant(communities[pk], claiming) for pk, claiming in by_community.items()]
