"""The changes of the register as a page shows them: a part of the queue, each with its house, event and suggestion."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .judging.belonging import Suggestion
from .models import HouseRegistration, LifeEvent
from .register_changes import Change, Kind
from .suggestions import suggest
from .timeline import label_of

WITHOUT_A_CODE = (Kind.NEW, Kind.SPLIT, Kind.RETURNED)


@dataclasses.dataclass(frozen=True)
class Shown:
    """A change with all that its row says. `suggested` is the community (id) that one key gives, None for none."""

    change: Change
    house: HouseRegistration
    event: LifeEvent
    is_mine: bool
    begins: bool
    parent: HouseRegistration | None
    suggestion: Suggestion
    suggested: int | None

    @property
    def differences(self) -> list[dict[str, Any]]:
        """The columns that changed: label, before, after."""
        pairs = self.change.differences.items()
        return [{"label": label_of(name), "before": before, "after": after} for name, (before, after) in pairs]

    @property
    def box(self) -> str:
        """What the row's box says: the event, the community that the row shows and the one it suggests."""
        return f"{self.event.pk}:{self.house.community_id or ''}:{self.suggested or ''}"


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of the queue, and the place ("1.120.118") after which the next part begins, "" at the end."""

    rows: Sequence[Shown]
    next: str


def part_of(changes: Iterable[Change], *, own: Collection[int], after: str, size: int) -> Part:
    """The next `size` changes after the place, those of the own communities (ids) first.

    A part costs the same wherever it lies; a change settled meanwhile neither hides nor repeats another.
    """
    placed = sorted(((_place(change, own), change) for change in changes), key=lambda each: each[0], reverse=True)
    come_from = _place_in(after)
    rest = [each for each in placed if not come_from or each[0] < come_from]
    shown = rest[:size]
    following = ".".join(map(str, shown[-1][0])) if len(rest) > size else ""
    return Part(shown_with_suggestions([change for _place, change in shown], own=own), following)


def shown_with_suggestions(changes: Sequence[Change], *, own: Collection[int] = ()) -> list[Shown]:
    """The changes with houses, events and suggestions: a fixed number of queries for any number of them."""
    parents = {change.parent for change in changes if change.parent is not None}
    of_page = HouseRegistration.objects.select_related("subdistrict")
    houses = of_page.in_bulk({*(change.house for change in changes), *parents})
    events = LifeEvent.objects.select_related("recorded_by").in_bulk([change.event for change in changes])
    suggestions = suggest([houses[change.house] for change in changes])
    rows = []
    before: Change | None = None
    for change in changes:
        suggestion = suggestions[change.house]
        rows.append(
            Shown(
                change,
                house=houses[change.house],
                event=events[change.event],
                is_mine=_is_mine(change, own),
                begins=before is None or _is_mine(before, own) != _is_mine(change, own),
                parent=_parent_above(change, before, houses),
                suggestion=suggestion,
                suggested=_suggested(change, suggestion),
            )
        )
        before = change
    return rows


def _place(change: Change, own: Collection[int]) -> tuple[int, int, int]:
    return (int(_is_mine(change, own)), *change.place)


def _place_in(text: str) -> tuple[int, ...]:
    """The place that the address states; nothing where it states none."""
    parts = text.split(".")
    return tuple(map(int, parts)) if len(parts) == 3 and all(part.isdecimal() for part in parts) else ()


def _is_mine(change: Change, own: Collection[int]) -> bool:
    return not change.communities.isdisjoint(own)


def _parent_above(
    change: Change, before: Change | None, houses: Mapping[int, HouseRegistration]
) -> HouseRegistration | None:
    """The house that is divided, above the first of its parts."""
    if change.parent is None or (before is not None and before.parent == change.parent):
        return None
    return houses[change.parent]


def _suggested(change: Change, suggestion: Suggestion) -> int | None:
    """The community for a house without a code: its parent's, or the one it had, unless more speaks for another."""
    if change.kind not in WITHOUT_A_CODE:
        return None
    if change.kind == Kind.NEW or len(change.communities) != 1:
        return suggestion.community
    [known] = change.communities
    return known if suggestion.community in (None, known) else None
