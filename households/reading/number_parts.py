"""A house as a cell names it: the keys that its number may mean, and what is doubtful about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..house_numbers import HouseNumber, UnreadableHouseNumber, parse


class Doubt(StrEnum):
    """What is doubtful about a number as read; the words are those of the rows' reasons."""

    NONE = ""
    NO_NUMBER = "no_number"
    UNREADABLE = "unreadable_number"
    EXCEL_DATE = "excel_date"
    REPAIRED = "number_repaired"
    RANGE = "range"
    SEVERAL = "several_numbers"
    NOTE = "note_speaks_against"


@dataclass(frozen=True, slots=True)
class NumberPart:
    """One house that the cell names: the keys it may mean, the likeliest first, at most 30, and the doubt.

    Of a range the keys are the range as one number, then each number in it: not readings, but parts.
    """

    keys: tuple[str, ...] = ()
    doubt: Doubt = Doubt.NONE


MOST_KEYS = 30
UNREADABLE = NumberPart((), Doubt.UNREADABLE)


def part_of(doubt: Doubt, *texts: str) -> NumberPart:
    """The part whose readings are those of the texts that are house numbers at all."""
    keys = tuple(dict.fromkeys(_keys_of(texts)))[:MOST_KEYS]
    return NumberPart(keys, doubt) if keys else UNREADABLE


def _keys_of(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        number = number_in(text)
        if number is not None:
            yield number.key


def number_in(text: str) -> HouseNumber | None:
    """The house number that the text is, None for any other text."""
    try:
        return parse(text)
    except UnreadableHouseNumber:
        return None


def doubted(part: NumberPart, doubt: Doubt) -> NumberPart:
    """The part with this doubt, if it has none of its own."""
    return part if part.doubt else NumberPart(part.keys, doubt)
