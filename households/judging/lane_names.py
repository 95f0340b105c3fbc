"""Names of lanes that are spelt almost the same: a list's misspelt road or soi beside the names that the register has.

Likeness never crosses a number: "เทิดไท 5" is like "เทอดไท 5", and "เทอดไท 12" like no other soi at all.
A name that the register has is itself and never a misspelling of another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from .grading import OtherLane

Names = tuple[str, str, str]  # trok, soi, road

_NUMBERS = re.compile(r"[0-9]+")
# Letters that sound alike and marks that are easily left out; the sound of a name tells whether it is the same.
_SOUNDS = str.maketrans("ศษณญฎฏฐฑฒธภฬใฆ", "สสนยดตถทททพลไค", "่้๊๋็์ํฺ")
_SHORTEST = 3
_LONG = 8


class LaneBook:
    """The lanes of a district's register, by which a name on a list is known or unknown."""

    def __init__(self, lanes: Iterable[Names]) -> None:
        self.lanes = frozenset(lanes)
        self._alike: dict[tuple[int, str], tuple[str, ...]] = {}
        self._names: list[dict[str, None]] = [{}, {}, {}]
        self._by_numbers: list[dict[tuple[str, ...], list[str]]] = [defaultdict(list) for _part in range(3)]
        for lane in self.lanes:
            for part, name in enumerate(lane):
                if name and name not in self._names[part]:
                    self._names[part][name] = None
                    self._by_numbers[part][_numbers_in(name)].append(name)

    def knows(self, names: Names) -> bool:
        """Whether the register has each of the names that are stated, whatever stands beside it."""
        return all(not name or name in self._names[part] for part, name in enumerate(names))

    def spelt_alike(self, names: Names) -> list[OtherLane]:
        """The lanes that are meant if a name the register does not have is misspelt; names it has stay."""
        trok, soi, road = (self._names_like(part, name) for part, name in enumerate(names))
        return [OtherLane(a, b, c, is_confirmed=False) for a in trok for b in soi for c in road if (a, b, c) != names]

    def _names_like(self, part: int, name: str) -> tuple[str, ...]:
        """The name itself where the register has it or nothing like it, else the names nearest to it."""
        if not name or name in self._names[part] or name.isdigit():
            return (name,)
        if (part, name) not in self._alike:
            self._alike[part, name] = _nearest(name, self._by_numbers[part][_numbers_in(name)]) or (name,)
        return self._alike[part, name]


def _numbers_in(name: str) -> tuple[str, ...]:
    return tuple(_NUMBERS.findall(name))


def _nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that need the fewest letters changed, if few enough for the name's length."""
    heard = sound(name)
    if len(heard) < _SHORTEST:
        return ()
    most = 2 if len(heard) >= _LONG else 1
    near = [(distance, each) for each in known if (distance := letters_between(heard, sound(each), most)) <= most]
    fewest = min(near, default=(0, ""))[0]
    return tuple(sorted(each for distance, each in near if distance == fewest))


def sound(name: str) -> str:
    """A name without its numbers and spaces, letters that sound alike written as one."""
    return _NUMBERS.sub("", name.translate(_SOUNDS)).replace(" ", "")


def one_slip_apart(one: Names, other: Names) -> bool:
    """Whether two lanes differ by a single sign in one name, a digit or a slash included (a slip of the hand)."""
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differing) == 1 and letters_between(*differing[0], most=1) == 1


def letters_between(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, left out or swapped with the next; `most` + 1 where it is more."""
    return OSA.distance(one, other, score_cutoff=most)
