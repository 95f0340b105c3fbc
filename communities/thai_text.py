"""Thai text as it arrives from spreadsheets and keyboards, brought to one form.

The same word can be stored in several ways that look alike on paper: a tone mark before or after
its vowel, sara am as one sign or as two, a space that is not a space. Everything that compares or
sorts text in this project compares what `clean` returns.
"""

import re
import unicodedata
from functools import lru_cache

_ZERO_WIDTH = (
    "\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
)
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_SLASHES = "\\\u2044\u2215\u2216\u2571\u27cb\u27cd\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c"
_HYPHENS = (
    "\u02d7\u05be\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u2212\u2500"
    "\u2e3a\u2e3b\u30fc\ufe31\ufe32\ufe58\ufe63\uff0d\uff70"
)
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
# Old Thai fonts have signs moved aside or down under codes of their own; texts copied from them still hold these.
_MOVED_SIGNS = dict(
    zip(
        map(chr, range(0xF700, 0xF71B)),
        "ฐ\u0e34\u0e35\u0e36\u0e37" + "\u0e48\u0e49\u0e4a\u0e4b\u0e4c" * 2 + "ญ\u0e31\u0e4d\u0e47"
        "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)

# Digits of other scripts stay what they are: some look like another digit (Arabic five like a zero), so whoever
# typed one may have meant either.
_LOOK_ALIKES = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | _MOVED_SIGNS
    | dict.fromkeys(_ZERO_WIDTH)
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(map(chr, _CONTROLS), " ")
    | dict.fromkeys(_SLASHES, "/")
    | dict.fromkeys(_HYPHENS, "-")
)

_THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
_TO_ARABIC = str.maketrans(_THAI_DIGITS, "0123456789")
_TO_THAI = str.maketrans("0123456789", _THAI_DIGITS)

# Thai signs that stand above or below a consonant, in the order in which they are stored:
# vowels and nikhahit, then the tone mark, then the marks that silence or close a syllable.
_VOWEL_SIGNS = "\u0e3a\u0e38\u0e39\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d"
_TONE_MARKS = "\u0e48\u0e49\u0e4a\u0e4b"
_CLOSING_MARKS = "\u0e4c\u0e4e"
_MARKS_IN_ORDER = _VOWEL_SIGNS + _TONE_MARKS + _CLOSING_MARKS
_MARK_PLACE = {mark: place for place, mark in enumerate(_MARKS_IN_ORDER)}
_NIKHAHIT, _SARA_AA, _SARA_AM = "\u0e4d", "\u0e32", "\u0e33"
_MARK = f"[{_MARKS_IN_ORDER}]"
_SARA_AM_SPELT = re.compile(f"{_MARK}*(?:(?:{_NIKHAHIT}{_MARK}*{_SARA_AA}|{_SARA_AM}){_MARK}*)+")
_MARKS_TOGETHER = re.compile(f"{_MARK}{{2,}}")
_TWO_SARA_E = re.compile("เเ")
# The long vowel of ฤๅ stands for sara aa nowhere else, and looks like it.
_LONG_SIGN_ALONE = re.compile("(?<![ฤฦ])ๅ")
# Unseen inside a word, but spreadsheets show it as a hyphen.
_SOFT_HYPHEN = "\u00ad"
_SOFT_HYPHEN_OF_NUMBERS = re.compile("(?<=[0-9๐-๙])\u00ad(?=[0-9๐-๙])")
# A list says the same names again and again; longer texts come once.
_LONGEST_REMEMBERED = 100

_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_SECONDARY_WEIGHT = str.maketrans("็่้๊๋์", "123456")
_SECONDARY = re.compile("[็่้๊๋์]")
_DIGIT_RUN = re.compile("[0-9]+")
_DIGIT_RUN_WIDTH = 6


def clean(text: str) -> str:
    """Return `text` in the one form that this project compares, stores as keys and sorts.

    Invisible marks go, look-alike spaces, slashes, hyphens and full-width letters become the plain
    ones, Thai signs stand in dictionary order, runs of spaces become one. Thai digits stay.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _cleaned(text)


def _cleaned(text: str) -> str:
    if _SOFT_HYPHEN in text:
        text = _SOFT_HYPHEN_OF_NUMBERS.sub("-", text).replace(_SOFT_HYPHEN, "")
    text = text.translate(_LOOK_ALIKES)
    if not text.isascii():
        text = _thai_signs_in_order(unicodedata.normalize("NFC", text))
    return " ".join(text.split())


_remembered = lru_cache(maxsize=65_536)(_cleaned)


def to_arabic_digits(text: str) -> str:
    """Return `text` with ๐–๙ written as 0–9, nothing else changed."""
    return text.translate(_TO_ARABIC)


def to_thai_digits(text: str) -> str:
    """Return `text` with 0–9 written as ๐–๙, as official papers want them."""
    return text.translate(_TO_THAI)


@lru_cache(maxsize=32_768)
def sort_key(text: str) -> str:
    """Return a string whose plain code-point order (COLLATE "C") is close to a Thai dictionary's.

    A vowel written before its consonant counts after it; tone marks, maitaikhu and thanthakhat
    decide only between words otherwise equal. Numbers of up to six digits sort by value.
    """
    text = to_arabic_digits(clean(text)).casefold()
    text = _LEADING_VOWEL.sub(r"\2\1", text)
    primary = _DIGIT_RUN.sub(_padded, _SECONDARY.sub("", text))
    secondary = _secondary_weights(text)
    # A line feed cannot be in cleaned text and sorts before everything that can.
    return f"{primary}\n{secondary}" if secondary else primary


def _thai_signs_in_order(text: str) -> str:
    text = _LONG_SIGN_ALONE.sub(_SARA_AA, _TWO_SARA_E.sub("แ", text))
    # Runs of marks first: they come out short, which keeps the next pattern fast on any text.
    text = _MARKS_TOGETHER.sub(_ordered, text)
    return _SARA_AM_SPELT.sub(_one_sara_am, text)


def _one_sara_am(match: re.Match[str]) -> str:
    marks = set(match[0]) - {_NIKHAHIT, _SARA_AA, _SARA_AM}
    return "".join(sorted(marks, key=_MARK_PLACE.__getitem__)) + _SARA_AM


def _ordered(match: re.Match[str]) -> str:
    # A mark typed twice is one key pressed too long: it cannot be seen on paper.
    return "".join(sorted(set(match[0]), key=_MARK_PLACE.__getitem__))


def _padded(match: re.Match[str]) -> str:
    return match[0].lstrip("0").zfill(_DIGIT_RUN_WIDTH)


def _secondary_weights(text: str) -> str:
    """One character a letter: "0" for a letter without such a mark; trailing zeros say nothing."""
    weights: list[str] = []
    for letter in text:
        if _SECONDARY.match(letter):
            weights.append(letter.translate(_SECONDARY_WEIGHT))
        else:
            weights.append("0")
    return "".join(weights).rstrip("0")
