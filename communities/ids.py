"""Ids as addresses and forms of the browser state them."""

from __future__ import annotations

_LONGEST = 18  # digits that fit the database's largest id


def id_in(text: str) -> int | None:
    """The id that the text states, None where it states none that a row could have."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST else None
