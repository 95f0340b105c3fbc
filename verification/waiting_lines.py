"""What waits for an answer, line by line, with what helps to give one: photos, the register today, the houses beside.

A fixed handful of queries, whatever the number of lines.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Mod, Ord, Substr
from django.utils import timezone

from communities.models import Community
from communities.thai_calendar import working_days_since
from households.lane_sides import TELLING_DIGIT, Parting
from households.models import HouseRegistration

from .models import ListedHouse, Verdict, VerdictPhoto
from .models.verdicts import VerdictQuerySet

_TELLS_THE_SIDE = TELLING_DIGIT[Parting.BY_MAIN]


@dataclasses.dataclass(frozen=True)
class HouseBeside:
    """The next house on the same side: its community today, and what the president said of it ("" for nothing)."""

    house: HouseRegistration
    community: Community | None
    said: str
    stays: bool


@dataclasses.dataclass(frozen=True)
class WaitingLine:
    """A verdict that waits for so many working days; `tagged` is the community that its house has today."""

    verdict: Verdict
    community: Community
    age: int
    photos: Sequence[VerdictPhoto]
    tagged: Community | None
    before: HouseBeside | None
    after: HouseBeside | None


def lines_of(waiting: VerdictQuerySet, *, size: int) -> Sequence[WaitingLine]:
    """The first `size` of what waits, as lines."""
    rows = waiting.select_related("listed__house", "review__round", "given_by", "keyed_by")
    verdicts = list(
        rows.prefetch_related("answers__appeal").annotate(before=_next(before=True), after=_next(before=False))[:size]
    )
    beside = _beside(verdicts)
    photos = _photos(verdicts)
    ids = {verdict.review.community_id for verdict in verdicts} | _tagged(verdicts, beside)
    named = Community.objects.as_at(timezone.localdate()).in_bulk(ids)
    said = _said(verdicts, beside)
    today = timezone.localdate()

    def shown(verdict: Verdict, house: HouseRegistration | None) -> HouseBeside | None:
        if house is None:
            return None
        stays = house.community_id == verdict.review.community_id
        kind = said.get((verdict.review_id, house.pk), "")
        return HouseBeside(house, named.get(house.community_id or 0), kind, stays)

    return [
        WaitingLine(
            verdict,
            named[verdict.review.community_id],
            working_days_since(timezone.localtime(verdict.recorded_at).date(), today),
            photos.get((verdict.listed_id, None if verdict.listed_id else verdict.pk), []),
            named.get(verdict.listed.house.community_id or 0) if verdict.listed else None,
            shown(verdict, beside.get(getattr(verdict, "before", None) or 0)),
            shown(verdict, beside.get(getattr(verdict, "after", None) or 0)),
        )
        for verdict in verdicts
    ]


def _next(*, before: bool) -> Subquery:
    """The id of the nearest live house on the same side of the verdict's house; by the main number's parity."""
    own = "listed__house"
    lane = HouseRegistration.objects.filter(
        district=OuterRef(f"{own}__district"),
        subdistrict=OuterRef(f"{own}__subdistrict"),
        lane_order=OuterRef(f"{own}__lane_order"),
        state=HouseRegistration.State.LIVE,
    )
    number = OuterRef(f"{own}__number_order")
    lane = lane.filter(number_order__lt=number) if before else lane.filter(number_order__gt=number)
    same_side = lane.annotate(side=_side("number_order")).filter(side=_side(number))
    return Subquery(same_side.order_by("-number_order" if before else "number_order", "pk").values("pk")[:1])


def _side(number: str | Combinable) -> Mod:
    return Mod(Ord(Substr(number, _TELLS_THE_SIDE, 1)), 2)


def _beside(verdicts: Sequence[Verdict]) -> Mapping[int, HouseRegistration]:
    ids = {getattr(verdict, side) for verdict in verdicts for side in ("before", "after")} - {None}
    return HouseRegistration.objects.in_bulk(ids)


def _tagged(verdicts: Sequence[Verdict], beside: Mapping[int, HouseRegistration]) -> set[int]:
    """The communities (ids) of the lines' houses and of those beside them."""
    own = [verdict.listed.house for verdict in verdicts if verdict.listed]
    return {house.community_id for house in [*own, *beside.values()] if house.community_id}


def _said(verdicts: Sequence[Verdict], beside: Mapping[int, HouseRegistration]) -> Mapping[tuple[int, int], str]:
    """What stands in each review of the houses beside, in words."""
    reviews = {verdict.review_id for verdict in verdicts}
    listed = ListedHouse.objects.filter(review__in=reviews, house__in=beside, verdict__isnull=False)
    rows = listed.values_list("review", "house", "verdict__kind")
    return {(review, house): str(Verdict.Kind(kind).label) for review, house, kind in rows}


def _photos(verdicts: Sequence[Verdict]) -> Mapping[tuple[int | None, int | None], Sequence[VerdictPhoto]]:
    """Photos by (listed house, None), or by (None, verdict) of a missing house.

    A note that was saved after the first tap is a verdict of its own; the photo may hang on the one before.
    """
    listed = [verdict.listed_id for verdict in verdicts if verdict.listed_id]
    missing = [verdict.pk for verdict in verdicts if not verdict.listed_id]
    photos: dict[tuple[int | None, int | None], list[VerdictPhoto]] = defaultdict(list)
    of_lines = VerdictPhoto.objects.filter(Q(verdict__listed__in=listed) | Q(verdict__in=missing))
    for photo in of_lines.select_related("verdict").order_by("pk"):
        on_list = photo.verdict.listed_id
        photos[on_list, None if on_list else photo.verdict_id].append(photo)
    return photos
