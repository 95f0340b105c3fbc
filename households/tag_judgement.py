"""What may become of each house when many are tagged at once: one judgement, for the look before and for the deed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import HouseRegistration
from .tag_ledger import Standing, Standings

State = HouseRegistration.State


class Fate(models.TextChoices):
    """What becomes of a house; one of another community moves only where a reason is given."""

    NEW = "new", _("Untagged so far")
    RETURNING = "returning", _("Said to be in no community so far")
    ELSEWHERE = "elsewhere", _("Belong to another community")
    SAME = "same", _("Stand so already")
    CLAIMED = "claimed", _("Claimed by lists, so decided among the claims")
    STRUCK = "struck", _("Struck off, left as they are")
    VANISHED = "vanished", _("Gone from the extract, left as they are")


LEFT_ALONE = (Fate.ELSEWHERE, Fate.CLAIMED, Fate.STRUCK, Fate.VANISHED)

Fates = Mapping[Fate, Standings]


def fates_in_community(houses: Standings, community: int, claimed: Collection[int]) -> Fates:
    """The houses by what becomes of them when they are to get the community's code; lists claim those `claimed`."""

    def fate(stands: Standing) -> Fate:
        if stands.community == community:
            return Fate.SAME
        return _unfit(stands) or (Fate.RETURNING if stands.outside else Fate.NEW)

    return _sorted_out(houses, fate, set(claimed))


def fates_in_none(houses: Standings, reason: str, claimed: Collection[int]) -> Fates:
    """The houses by what becomes of them when they are to be said to be in no community, for the reason."""

    def fate(stands: Standing) -> Fate:
        if stands.outside and stands.outside == reason:
            return Fate.SAME
        return _unfit(stands) or (Fate.RETURNING if stands.outside else Fate.NEW)

    return _sorted_out(houses, fate, set(claimed))


def count(houses: Standings) -> int:
    """How many houses there are."""
    return sum(map(len, houses.values()))


def all_of(houses: Standings) -> list[int]:
    """The houses' ids."""
    return [house for ids in houses.values() for house in ids]


def _unfit(stands: Standing) -> Fate | None:
    if stands.state != State.LIVE:
        return Fate.STRUCK if stands.state == State.STRUCK else Fate.VANISHED
    return Fate.ELSEWHERE if stands.community is not None else None


_CLAIMS_MATTER = (Fate.NEW, Fate.RETURNING, Fate.ELSEWHERE)


def _sorted_out(houses: Standings, fate: Callable[[Standing], Fate], claimed: set[int]) -> Fates:
    fates: dict[Fate, dict[Standing, Sequence[int]]] = {each: {} for each in Fate}
    for stands, ids in houses.items():
        becomes = fate(stands)
        on_bench = claimed.intersection(ids) if becomes in _CLAIMS_MATTER else set()
        if on_bench:
            fates[Fate.CLAIMED][stands] = sorted(on_bench)
            ids = [house for house in ids if house not in on_bench]
        if ids:
            fates[becomes][stands] = ids
    return fates
