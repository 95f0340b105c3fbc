"""What may become of each house when many are tagged at once: one judgement, for the look before and for the deed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import HouseRegistration
from .tag_ledger import Standing

State = HouseRegistration.State


class Fate(models.TextChoices):
    """What becomes of a house; one that ELSEWHERE has moves only where a reason is given."""

    NEW = "new", _("gets the code")
    RETURNING = "returning", _("was said to be in no community")
    ELSEWHERE = "elsewhere", _("belongs to another community")
    SAME = "same", _("stands so already")
    CLAIMED = "claimed", _("lists of two communities claim it")
    STRUCK = "struck", _("struck off")
    VANISHED = "vanished", _("gone from the extract")


LEFT_ALONE = (Fate.ELSEWHERE, Fate.CLAIMED, Fate.STRUCK, Fate.VANISHED)

Fates = Mapping[Fate, list[int]]


def fates_in_community(houses: Mapping[int, Standing], community: int, claimed: Collection[int]) -> Fates:
    """The houses (ids) by what becomes of them when they are to get the community's code."""

    def fate(house: int, stands: Standing) -> Fate:
        if stands.community == community:
            return Fate.SAME
        return _unfit(house, stands, claimed) or (Fate.RETURNING if stands.outside else Fate.NEW)

    return _sorted_out(houses, fate)


def fates_in_none(houses: Mapping[int, Standing], reason: str, claimed: Collection[int]) -> Fates:
    """The houses (ids) by what becomes of them when they are to be said to be in no community, for the reason."""

    def fate(house: int, stands: Standing) -> Fate:
        if stands.outside == reason:
            return Fate.SAME
        return _unfit(house, stands, claimed) or Fate.NEW

    return _sorted_out(houses, fate)


def _unfit(house: int, stands: Standing, claimed: Collection[int]) -> Fate | None:
    if stands.state != State.LIVE:
        return Fate.STRUCK if stands.state == State.STRUCK else Fate.VANISHED
    if house in claimed:
        return Fate.CLAIMED
    return Fate.ELSEWHERE if stands.community is not None else None


def _sorted_out(houses: Mapping[int, Standing], fate: Callable[[int, Standing], Fate]) -> Fates:
    fates: dict[Fate, list[int]] = defaultdict(list)
    for house, stands in houses.items():
        fates[fate(house, stands)].append(house)
    return fates
