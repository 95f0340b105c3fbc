"""To which community a house most likely belongs: grounds for and against, weighed (docs/house-by-house.md).

A suggestion is there to be confirmed by one key, so it must seldom be wrong: it is given only where the grounds
for one community weigh enough, and far more than those for any other.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroundKind(models.TextChoices):
    """What speaks for a community, or against it."""

    LISTED = "listed", _("a list names it")
    LIKELY_LISTED = "likely_listed", _("a list most likely names it")
    PERHAPS_LISTED = "perhaps_listed", _("a list may mean it")
    BEFORE = "before", _("before it on this side")
    AFTER = "after", _("after it on this side")
    PARENT = "parent", _("the number that it divides")
    ACROSS = "across", _("across the lane")
    LANE = "lane", _("nearly all of the lane")
    TAKEN_OFF = "taken_off", _("its code was taken off")
    REFUSED = "refused", _("its row was closed: of another community")


WEIGHTS = {
    GroundKind.LISTED: 4,
    GroundKind.LIKELY_LISTED: 3,
    GroundKind.PERHAPS_LISTED: 1,
    GroundKind.BEFORE: 2,
    GroundKind.AFTER: 2,
    GroundKind.PARENT: 2,
    GroundKind.ACROSS: 1,
    GroundKind.LANE: 1,
    GroundKind.TAKEN_OFF: -4,
    GroundKind.REFUSED: -4,
}
LISTED = (GroundKind.LISTED, GroundKind.LIKELY_LISTED, GroundKind.PERHAPS_LISTED)
# Both neighbours, or a list: less is no suggestion.
ENOUGH = 4
# A rival may weigh a third: at a border one neighbour is of the other community, whatever a list says.
TIMES_ANY_OTHER = 3


@dataclasses.dataclass(frozen=True)
class Ground:
    """One thing that speaks for a community (id), or against it where its kind weighs less than nothing.

    `community` is None for houses said to be in none. `told_by` is the house number, or "file row 12", that tells it;
    `house` or `record` the id to open it by; `houses` of `of` how many houses of the lane agree.
    """

    kind: GroundKind
    community: int | None
    told_by: str = ""
    house: int | None = None
    record: int | None = None
    houses: int = 0
    of: int = 0

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """The community (id) that a house most likely belongs to, None where the grounds contradict or are too few.

    `candidates` are the communities that anything speaks for, the likeliest first; `grounds` come in the order of
    their weight, those for the first candidate before the others.
    """

    community: int | None = None
    candidates: Sequence[int] = ()
    grounds: Sequence[Ground] = ()

    @property
    def speaking_for(self) -> list[Ground]:
        """The grounds for the suggested community, or for the first candidate where none is suggested."""
        return [ground for ground in self.grounds if self._is_for(ground)]

    @property
    def speaking_against(self) -> list[Ground]:
        """The grounds against it: those for another, and what was decided against it before."""
        return [ground for ground in self.grounds if not self._is_for(ground)]

    def _is_for(self, ground: Ground) -> bool:
        return bool(self.candidates) and ground.community == self.candidates[0] and ground.weight > 0


def weigh(grounds: Iterable[Ground]) -> Suggestion:
    """What the grounds come to. Several rows of lists of one community count as the best of them."""
    grounds = _best_row_each(grounds)
    weights: dict[int | None, int] = defaultdict(int)
    for ground in grounds:
        weights[ground.community] += ground.weight
    spoken_for = {ground.community for ground in grounds if ground.weight > 0}
    candidates = sorted((one for one in spoken_for if one is not None), key=lambda one: (-weights[one], one))
    if not candidates:
        return Suggestion(grounds=tuple(grounds))
    first = candidates[0]
    rival = max([0, *(weight for one, weight in weights.items() if one != first)])
    is_clear = weights[first] >= ENOUGH and weights[first] >= TIMES_ANY_OTHER * rival
    grounds.sort(key=lambda ground: (ground.community != first, ground.weight < 0, -abs(ground.weight)))
    return Suggestion(first if is_clear else None, candidates, tuple(grounds))


def _best_row_each(grounds: Iterable[Ground]) -> list[Ground]:
    kept: list[Ground] = []
    best: dict[int | None, Ground] = {}
    for ground in grounds:
        if ground.kind not in LISTED:
            kept.append(ground)
        elif ground.community not in best or ground.weight > best[ground.community].weight:
            best[ground.community] = ground
    return [*best.values(), *kept]
