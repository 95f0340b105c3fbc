"""The lanes of a register that are spelt almost alike: one lane, perhaps, entered under two names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations, product

from .judging.lane_names import Names, letters_between, sound

_NUMBERS = re.compile(r"[0-9]+")
_A_NUMBER = "\0"  # in no name: cleaned text has no control characters
_SHORTEST = 3
_LONG = 8


def pairs_spelt_alike(lanes: Iterable[Names]) -> list[tuple[Names, Names]]:
    """Each two lanes (trok, soi, road) whose names agree or are almost the same, and their numbers agree.

    Words are compared, not lanes: "เทอดไท" and "เทิดไท" once for all the soi of both.
    """
    known = set(lanes)
    alike = _words_alike({_word(name) for lane in known for name in lane if name})
    found = []
    for lane in known:
        ways = [[name, *_with_words(name, alike[_word(name)])] if name else [name] for name in lane]
        found += [(lane, other) for other in map(tuple, product(*ways)) if lane < other and other in known]
    return sorted(found)


def _word(name: str) -> str:
    """The name with a sign in place of each number."""
    return _NUMBERS.sub(_A_NUMBER, name)


def _with_words(name: str, words: Iterable[str]) -> list[str]:
    """The name's numbers within other words."""
    numbers = _NUMBERS.findall(name)
    return ["".join(_with_numbers(word, numbers)) for word in words]


def _with_numbers(word: str, numbers: list[str]) -> Iterable[str]:
    pieces = word.split(_A_NUMBER)
    yield pieces[0]
    for number, piece in zip(numbers, pieces[1:], strict=True):
        yield number
        yield piece


def _words_alike(words: Iterable[str]) -> dict[str, list[str]]:
    """For each word those that are almost the same and have as many numbers."""
    alike: dict[str, list[str]] = defaultdict(list)
    for one, other in combinations(sorted(words), 2):
        if one.count(_A_NUMBER) == other.count(_A_NUMBER) and _are_alike(sound(one), sound(other)):
            alike[one].append(other)
            alike[other].append(one)
    return alike


def _are_alike(one: str, other: str) -> bool:
    shortest = min(len(one), len(other))
    most = 2 if shortest >= _LONG else 1
    return shortest >= _SHORTEST and letters_between(one, other, most) <= most
