"""What the rows of a header say over each column: known words, read together, misspelt ones where others are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .header_words import HEADINGS, RUNNING, Said, read_heading, read_misspelt_heading

# What one column is headed by: each meaning with the word for it.
Meanings = dict[str, Said]

BARE_NUMBER_RANK = HEADINGS["house_no"].index("เลขที่")
_FEWEST_KNOWN_BESIDE_SLIPS = 3


def columns_named_in(band: Sequence[Sequence[object]]) -> dict[str, int]:
    """The column (index from 0) of each thing that a list may contain, as far as these rows name it."""
    return columns_of(said_over(band))


def columns_counted_in(row: Sequence[object]) -> int:
    """How many columns the row names that a list may contain, its running number included."""
    said = said_over([row])
    return len(columns_of(said)) + any(RUNNING in meanings for meanings in said.values())


def columns_of(said: Mapping[int, Meanings]) -> dict[str, int]:
    """The column of each thing that a list may contain: where several are headed by it, the one by the best word."""
    places: dict[str, int] = {}
    for meaning in HEADINGS:
        ranked = [(meanings[meaning].rank, index) for index, meanings in said.items() if meaning in meanings]
        if ranked:
            places[meaning] = min(ranked)[1]
    return places


def said_over(band: Sequence[Sequence[object]]) -> dict[int, Meanings]:
    """What the rows of a header say over each column, row by row and read downwards as one word."""
    said: dict[int, Meanings] = {}
    for index, texts in _cells_over(band).items():
        words = [read_heading(text) for text in dict.fromkeys([*texts, "".join(texts)])]
        if meanings := _settled([word for word in words if word]):
            said[index] = meanings
    return _with_slips(band, said)


def _cells_over(band: Sequence[Sequence[object]]) -> dict[int, list[str]]:
    cells: dict[int, list[str]] = {}
    for row in band:
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                cells.setdefault(index, []).append(cell)
    return cells


def _settled(words: Sequence[Said]) -> Meanings:
    """What the words over one column mean together: "ที่อยู่" over "ซอย" is a soi, "ลำดับ" over "เลขที่" counts rows."""
    meanings: Meanings = {}
    for word in words:
        if word.meaning not in meanings or word.rank < meanings[word.meaning].rank:
            meanings[word.meaning] = word
    if meanings.keys() & (HEADINGS.keys() - {"address"}):
        meanings.pop("address", None)
    if RUNNING in meanings and "house_no" in meanings and meanings["house_no"].rank == BARE_NUMBER_RANK:
        meanings.pop("house_no")
    return meanings


def _with_slips(band: Sequence[Sequence[object]], said: dict[int, Meanings]) -> dict[int, Meanings]:
    """Adds the columns whose word is misspelt, where enough others are known to say that this is a header."""
    if not said:
        return said
    known = {meaning for meanings in said.values() for meaning in meanings}
    slips = {
        index: {word.meaning: word}
        for index, texts in _cells_over(band).items()
        if index not in said and (word := read_misspelt_heading("".join(texts))) and word.meaning not in known
    }
    enough = len(said) + len(slips) >= _FEWEST_KNOWN_BESIDE_SLIPS
    return said | slips if enough else said
