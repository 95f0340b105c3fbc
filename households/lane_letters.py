"""The few signs by which a community is known on a lane strip: "ร1" for โรงเจ 1, "ตส" for ตากสินสัมพันธ์.

Two communities of a district never share them, so that a cell says whose house it is without its colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from communities.thai_text import clean, to_arabic_digits

Key = TypeVar("Key", bound=Hashable)

_PREFIX = re.compile(r"^ชุมชน\s*")
_NUMBER_AT_END = re.compile(r"^(.*?)\s*([0-9]{1,3})$")
# A silenced consonant is written and not read: nobody would look for the ศ of วงศ์.
_SILENCED = re.compile(r"[ก-ฮ][\u0e34\u0e38]?\u0e4c")
_SIGN = re.compile(r"[ก-ฮA-Z]")
_SHORTEST_TAIL = 2


class Known(NamedTuple):
    """A community's name and code, from which its letters are made."""

    name: str
    code: str


def letters_of(communities: Mapping[Key, Known]) -> dict[Key, str]:
    """Letters for each community, none twice: its first consonant with its number, or with the consonant that tells it
    from the others; the last digits of its code where the name has nothing of its own."""
    proposed = {key: _proposals(known.name) for key, known in communities.items()}
    wanted = Counter(letters for proposals in proposed.values() for letters in proposals)
    given: dict[Key, str] = {}
    for key, proposals in proposed.items():
        taken = set(given.values())
        free = [letters for letters in proposals if letters not in taken]
        # min() keeps the earliest of equals: signs from the beginning of a name are the ones that people expect.
        given[key] = min(free, key=lambda letters: wanted[letters]) if free else _tail(communities[key].code, taken)
    return given


def _proposals(name: str) -> Sequence[str]:
    """What the community could be called, the plainest first, without repetition."""
    text = _PREFIX.sub("", to_arabic_digits(clean(name))).upper()
    numbered = _NUMBER_AT_END.match(text)
    text, number = (numbered[1], numbered[2]) if numbered else (text, "")
    signs = _SIGN.findall(_SILENCED.sub("", text))
    if not signs:
        return [number] if number else []
    pairs = [f"{signs[0]}{other}{number}" for other in signs[1:]]
    alone = [f"{signs[0]}{number}"] if number or not pairs else []
    return list(dict.fromkeys([*alone, *pairs]))


def _tail(code: str, taken: set[str]) -> str:
    """The shortest end of the code that is free; the count of letters given where even the whole code is not."""
    tails = [code[-length:] for length in range(_SHORTEST_TAIL, len(code) + 1)]
    counted = (str(number) for number in range(len(taken) + 1, 2 * len(taken) + 3))
    return next(letters for letters in (*tails, *counted) if letters not in taken)
