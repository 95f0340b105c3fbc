"""Suggestions measured on houses of which it is known where they belong: how often they are given, how often right.

Tagged houses are asked about as if they were not tagged: their neighbours alone speak, for the lists and the past of
a tagged house say what it is. Everything is done in transactions that are rolled back; nothing is changed.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.code_book import community_of_code
from communities.models import District, Person

from .certainty import Proof
from .judging.belonging import LISTED, Ground, GroundKind, weigh
from .models import HouseRegistration
from .suggestions import grounds_of
from .tagging import untag
from .truth import ListName, Meant

State = HouseRegistration.State
_TELLS_THE_ANSWER = (*LISTED, GroundKind.TAKEN_OFF, GroundKind.REFUSED)
# The same houses at every run.
_SEED = 2558


class Trial(StrEnum):
    """What is hidden of the houses that are asked about, or which houses they are."""

    ALONE = "alone"
    FIVE_PER_CENT = "five_per_cent"
    HALF = "half"
    COMMUNITY = "community"
    ON_A_LIST = "on_a_list"
    ON_NO_LIST = "on_no_list"


_SHARES = {Trial.FIVE_PER_CENT: 0.05, Trial.HALF: 0.5}


@dataclasses.dataclass(frozen=True)
class Measured:
    """Of `houses` asked about: how many got a suggestion, and how many of those were right."""

    houses: int = 0
    suggested: int = 0
    right: int = 0

    @property
    def precision(self) -> Proof:
        return Proof(self.right, self.suggested)

    def __add__(self, other: Measured) -> Measured:
        return Measured(self.houses + other.houses, self.suggested + other.suggested, self.right + other.right)


def measure(
    district: District,
    *,
    by: Person,
    truth: Mapping[ListName, Mapping[int, Meant]] | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> dict[Trial, Measured]:
    """Each trial over the district's live houses; those of untagged houses only with a `truth` of the lists' rows.

    Raises ValidationError `nothing_tagged`, and `unknown_code` for a community of the truth that nobody knows.
    """
    live = HouseRegistration.objects.filter(district=district, state=State.LIVE)
    tagged = list(live.filter(community__isnull=False).order_by("pk"))
    if not tagged:
        raise ValidationError(
            _("No house of the district is tagged; there is nothing to measure by."), code="nothing_tagged"
        )
    known = {house.pk: house.community_id for house in tagged if house.community_id is not None}
    measured = {Trial.ALONE: _by_neighbours(tagged, known)}
    for trial, share in _SHARES.items():
        measured[trial] = _hidden(random.Random(_SEED).sample(tagged, round(len(tagged) * share)), known, by)
    measured[Trial.COMMUNITY] = Measured()
    communities = sorted(set(known.values()))
    for place, community in enumerate(communities, start=1):
        houses = [house for house in tagged if house.community_id == community]
        measured[Trial.COMMUNITY] += _hidden(houses, known, by)
        progress(place / len(communities))
    return measured | (_untagged(live, truth) if truth else {})


def _untagged(live, truth: Mapping[ListName, Mapping[int, Meant]]) -> dict[Trial, Measured]:
    """The untagged houses: those that a row of the truth means, and the others, for which no suggestion is right."""
    belongs = {
        code: community_of_code(name[0]).pk
        for name, rows in truth.items()
        for meant in rows.values()
        for code in meant.houses
    }
    untagged = list(live.filter(community=None).order_by("pk"))
    on_a_list = [house for house in untagged if house.house_code in belongs]
    on_no_list = [house for house in untagged if house.house_code not in belongs]
    known = {house.pk: belongs[house.house_code] for house in on_a_list}
    return {
        Trial.ON_A_LIST: _compared(on_a_list, known, leave_out=()),
        Trial.ON_NO_LIST: _compared(on_no_list, {}, leave_out=()),
    }


def _hidden(houses: Sequence[HouseRegistration], known: Mapping[int, int], by: Person) -> Measured:
    """The houses asked about while none of them carries a code."""
    ids = [house.pk for house in houses]
    with _for_nothing():
        untag(ids, by=by, expected=len(ids), reason="measured")
        return _by_neighbours(list(HouseRegistration.objects.filter(pk__in=ids)), known)


@contextmanager
def _for_nothing() -> Iterator[None]:
    """Whatever is done within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _by_neighbours(houses: Sequence[HouseRegistration], known: Mapping[int, int]) -> Measured:
    return _compared(houses, known, leave_out=_TELLS_THE_ANSWER)


def _compared(
    houses: Sequence[HouseRegistration], known: Mapping[int, int], *, leave_out: Collection[GroundKind]
) -> Measured:
    suggested = {pk: _suggested(grounds, leave_out) for pk, grounds in grounds_of(houses).items()}
    given = {pk: community for pk, community in suggested.items() if community is not None}
    right = sum(known.get(pk) == community for pk, community in given.items())
    return Measured(len(suggested), len(given), right)


def _suggested(grounds: Sequence[Ground], leave_out: Collection[GroundKind]) -> int | None:
    return weigh(ground for ground in grounds if ground.kind not in leave_out).community
