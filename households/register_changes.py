"""What the register changed since a district's first extract, and nobody has looked at yet (product.md H6).

Nothing is noted for the queue: it follows from the life events that renewed a known register (`renewed_in`), from how
each house stands now, and from what people did since. A change is settled by the house's next tag (to a community,
to another, to none, off; an undone one does not count) or by a check at the desk. The rules with an example each are
in docs/register-changes.md. Three to six queries, however many houses a district has.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import District
from communities.thai_text import clean, to_arabic_digits

from .addresses import lane_order, read_address
from .lane_sides import number_read
from .models import HouseRegistration, LifeEvent
from .tagged_lanes import communities_left, communities_near, parents_of
from .unsettled_houses import Told, UnsettledHouse, unsettled

State = HouseRegistration.State


class Kind(models.TextChoices):
    """What happened to a house, as far as an officer has something to decide."""

    NEW = "new", _("new house in a tagged lane")
    SPLIT = "split", _("house divided")
    MOVED = "moved", _("address changed since it was tagged")
    STRUCK = "struck", _("struck off, with a code")
    VANISHED = "vanished", _("gone from the extract, with a code")
    RETURNED = "returned", _("back in the register, without a code")


@dataclasses.dataclass(frozen=True)
class Change:
    """A house that waits for a look. All ids.

    `event`: the newest life event of the change, which a check settles with all before it. `communities`: those that
    it concerns: the house's own, its parent's, or the lane's. `differences`: column → before, after, since the house
    was last decided about; `elsewhere`: it came to another lane or sub-district. `parent`: the house whose number a
    new one divides, `family` the newest event among all that divide it, so that they stand together.
    """

    kind: Kind
    house: int
    event: int
    communities: frozenset[int] = frozenset()
    differences: Mapping[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    elsewhere: bool = False
    parent: int | None = None
    family: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the queue, the newest first when turned round."""
        return self.family or self.event, self.event


def waiting(district: District) -> list[Change]:
    """All changes of the district's register that wait for a look, the newest first, divided houses together."""
    return _changes(district, unsettled(district))


def waiting_of(district: District, houses: Collection[int]) -> list[Change]:
    """Those of the waiting changes that are about these houses (ids)."""
    return _changes(district, unsettled(district, houses=list(houses)))


def change_of(house: HouseRegistration) -> Change | None:
    """The change of this house that waits for a look, if any; mostly one query."""
    return next(iter(waiting_of(house.district, [house.pk])), None)


def _changes(district: District, houses: Sequence[UnsettledHouse]) -> list[Change]:
    arrived = [house for house in houses if house.is_free]
    return in_order([*_arrivals(district, arrived), *filter(None, map(_change_of_decided, houses))])


def in_order(changes: Collection[Change]) -> list[Change]:
    """The changes, the newest first, all that divide one house where the newest of them stands."""
    newest: dict[int, int] = defaultdict(int)
    for change in changes:
        if change.parent is not None:
            newest[change.parent] = max(newest[change.parent], change.event)
    together = [
        change if change.parent is None else dataclasses.replace(change, family=newest[change.parent])
        for change in changes
    ]
    return sorted(together, key=lambda change: change.place, reverse=True)


def waiting_since(district: District, event: int) -> list[Change]:
    """Those of the waiting changes that came after the life event (id): what one load brought to look at."""
    return [change for change in waiting(district) if change.event > event]


def newest_renewal(district: District) -> int:
    """The id of the newest event that a later extract told of the district, 0 for none."""
    newest = LifeEvent.objects.filter(renewed_in=district).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


# --- houses that carry a code, or were said to be in no community ---


def _change_of_decided(house: UnsettledHouse) -> Change | None:
    if house.is_free:
        return None
    if house.state != State.LIVE:
        kind = Kind.STRUCK if house.state == State.STRUCK else Kind.VANISHED
        return Change(kind, house.pk, house.newest, _only(house.community))
    differences = _differences(house.told)
    elsewhere = _came_elsewhere(house, differences)
    if not elsewhere and not _is_renumbered(differences):
        return None
    return Change(
        Kind.MOVED, house.pk, house.newest, _only(house.community), differences=differences, elsewhere=elsewhere
    )


def _only(community: int | None) -> frozenset[int]:
    return frozenset() if community is None else frozenset({community})


def _differences(told: Iterable[Told]) -> dict[str, tuple[str, str]]:
    """Each column as it was before the first change and is after the last; one that changed back is no difference."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for _event, _kind, was, becomes in told:
        before = {**was, **before}
        after |= becomes
    return {name: (was, after.get(name, "")) for name, was in before.items() if was != after.get(name, "")}


def _came_elsewhere(house: UnsettledHouse, differences: Mapping[str, tuple[str, str]]) -> bool:
    """Whether the sub-district, or the lane however it is written, is another one than before."""
    now = {"trok": house.trok, "soi": house.soi, "road": house.road}
    was = {part: differences[part][0] if part in differences else value for part, value in now.items()}
    return "subdistrict" in differences or lane_order(read_address(**was)) != lane_order(read_address(**now))


def _is_renumbered(differences: Mapping[str, tuple[str, str]]) -> bool:
    number = differences.get("house_no", ("", ""))
    moo = differences.get("moo", ("", ""))
    return _number_key(number[0]) != _number_key(number[1]) or _plain(moo[0]) != _plain(moo[1])


def _number_key(text: str) -> str:
    number = number_read(text)
    return number.key if number else _plain(text)


def _plain(text: str) -> str:
    return to_arabic_digits(clean(text))


# --- houses that came, or came back, and that nobody has decided about ---


def _arrivals(district: District, houses: Sequence[UnsettledHouse]) -> list[Change]:
    if not houses:
        return []
    parents = parents_of(district, houses)
    tagged = communities_near(district, {house.lane for house in houses})
    left = communities_left({*(house.pk for house in houses), *parents.values()})
    found = []
    for house in houses:
        is_new = any(told.kind == LifeEvent.Kind.REGISTERED for told in house.told)
        communities = tagged.get(house.lane, frozenset())
        if is_new and house.pk in parents:
            parent = parents[house.pk]
            communities = left.get(parent) or communities
            found.append(Change(Kind.SPLIT, house.pk, house.newest, communities, parent=parent))
        elif is_new and communities:
            found.append(Change(Kind.NEW, house.pk, house.newest, communities))
        elif not is_new and (communities or house.pk in left):
            found.append(Change(Kind.RETURNED, house.pk, house.newest, left.get(house.pk, communities)))
    return found
