"""The PIN of a president or delegate: what it must look like.

Six digits stand up to guessing only because the account waits after a few wrong ones (see ``pin_sign_in``), so what
anybody would try first is refused: the same digit, digits in order, a pattern that repeats, a day or a year.
"""

import datetime
import re

SHORTEST, LONGEST = 6, 12
_RISING, _FALLING = "0123456789" * 2, "9876543210" * 2
_YEARS = re.compile(r"(?:24[4-9]|25[0-9]|19[0-9]|20[0-4])[0-9]")


class WeakPin(ValueError):
    """The digits are no PIN that keeps a door shut; `code` says why: `pin_length` or `pin_guessable`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain_digits(text: str) -> str | None:
    """Return a text of digits alone in Arabic digits, whichever digits the keyboard gives; None for any other text."""
    return "".join(str(int(digit)) for digit in text) if text.isdecimal() else None


def check_pin(pin: str) -> None:
    """Raise `WeakPin` unless the Arabic digits are fit for a PIN."""
    if not SHORTEST <= len(pin) <= LONGEST:
        raise WeakPin("pin_length")
    if _has_a_pattern(pin) or _is_a_day(pin):
        raise WeakPin("pin_guessable")


def _has_a_pattern(pin: str) -> bool:
    in_order = pin in _RISING or pin in _FALLING
    repeats = any(pin == (pin[:length] * len(pin))[: len(pin)] for length in range(1, len(pin) // 2 + 1))
    return in_order or repeats or pin == pin[::-1]


def _is_a_day(pin: str) -> bool:
    """Whether it holds a Buddhist or Christian year at an end, or is a day such as 170498 or 980417."""
    if _YEARS.match(pin) or _YEARS.match(pin[-4:]):
        return True
    if len(pin) != SHORTEST:
        return False
    first, second, third = pin[:2], pin[2:4], pin[4:]
    return any(_exists(*day) for day in ((first, second), (third, second), (second, first)))


def _exists(day: str, month: str) -> bool:
    try:
        datetime.date(2000, int(month), int(day))  # a leap year: every day of any year is there
    except ValueError:
        return False
    return True
