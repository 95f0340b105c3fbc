"""What an officer types into the one search box of the houses page, taken apart.

"12/3 เทอดไท 5", "โรงเจ 41/", "1-99 คี่ เทอดไท 5", "1015-900001-7": house numbers, a house code, a community's code and
names of places may stand together in any order. Where a number ends and a name begins only the names of the district
can tell ("เทอดไท 5" is a soi, or house 5 in a lane of that name): `readings` returns every way to read the text, in the
order in which they are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, pairwise, product

from communities.thai_text import clean, to_arabic_digits

from .addresses import LANE_WORDS, lane_name
from .house_codes import clean_house_code
from .house_numbers import HouseNumber, UnreadableHouseNumber, parse

LONGEST = 120
_MOST_WORDS = 8
_MOST_NAMES = 3
# A community's code has more digits than any house number would need to be taken for one.
_SHORTEST_CODE = 5
_PART = 5  # digits of each part of a house number's order
_ABOVE_DIGITS = ":"  # sorts behind every digit


class Kind(StrEnum):
    """What a name is said to be the name of; `ANY` where nothing is said, `LANE` of a soi, trok or road alike."""

    ANY = ""
    LANE = "lane"
    SOI = "soi"
    ROAD = "road"
    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"


class Parity(StrEnum):
    """Which of the numbers are meant."""

    ALL = ""
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Numbers:
    """House numbers whose order lies from `first` up to, not including, `end`, as `HouseNumber.order` writes it.

    `first` is "" for all numbers. `telling` is the place in the order (from 1) of the digit that makes a number odd or
    even: the last one of the main number, or of the sub number where all share the main one.
    """

    typed: str
    shown: str
    first: str
    end: str
    parity: Parity = Parity.ALL
    telling: int = _PART

    @property
    def is_family(self) -> bool:
        """Whether one number was typed and those below it are meant as well."""
        return "–" not in self.shown and "/…" not in self.shown and self.end.endswith(_ABOVE_DIGITS)


@dataclass(frozen=True, slots=True)
class HouseCode:
    """The eleven digits of a house code."""

    typed: str
    code: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name as lanes and communities are compared by it, or a community's code."""

    typed: str
    key: str
    kind: Kind = Kind.ANY


Part = Numbers | HouseCode | Name
Reading = tuple[Part, ...]


class CitizenNumber(ValueError):
    """Thirteen digits: a person's number, which is no way to look for a house. The text itself is not kept."""


class TooLong(ValueError):
    """More than anybody types to find a house."""


_NUMBER = r"[0-9]{1,5}(?:/[0-9]{1,5}){0,2}(?:\s?[ก-ฮ](?![ก-๎.]))?"
_ENDS = r"(?![0-9/])"
_BETWEEN = r"\s*(?:-|ถึง|to(?![a-z]))\s*"
_SAYS_SOI = f"{LANE_WORDS['trok']}|{LANE_WORDS['soi']}"
_PLACE_FOLLOWS = r"(?=\s|$|ซอย|ซ\.|ตรอก|ถนน|ถ\.|ชุมชน|แขวง)"
_TOKEN = re.compile(
    rf"""
      (?P<house_code>(?<![0-9])[0-9]{{4}}[- ]?[0-9]{{6}}[- ]?[0-9](?![0-9]))
    | (?P<span>{_NUMBER}{_BETWEEN}{_NUMBER}{_ENDS})
    | (?P<begins>[0-9]{{1,5}}(?:/[0-9]{{1,5}})?/(?![0-9]))
    | (?P<number>{_NUMBER}{_ENDS})
    | (?P<odd>(?:เลข)?คี่(?![ก-๎])|odd(?![a-z]))
    | (?P<even>(?:เลข)?คู่(?![ก-๎])|even(?![a-z]))
    | (?P<noise>(?:บ้านเลขที่|เลขประจำบ้าน|เลขที่บ้าน|เลขที่|รหัสประจำบ้าน|รหัสชุมชน|ทั้งหมด|บ้าน|no|all|in)(?![ก-๎a-z])\.?
        |ใน{_PLACE_FOLLOWS})
    | (?P<soi>{_SAYS_SOI})
    | (?P<road>{LANE_WORDS["road"]})
    | (?P<community>ชุมชน)
    | (?P<subdistrict>แขวง)
    | (?P<word>[0-9][0-9/]*|[^\s0-9]+)
    """,
    re.VERBOSE,
)
# Other groups are several numbers: "878 10010024" is house 878 in a community.
_AS_HOUSE_CODES = re.compile(r"[0-9]{11}|[0-9]{4}([- ])[0-9]{6}\1[0-9]")
_AS_CITIZEN_NUMBERS = re.compile(r"[0-9]{13}|[0-9]([- ])[0-9]{4}\1[0-9]{5}\1[0-9]{2}\1[0-9]")
# What stands round the slash of a number; and a soi said by its letter alone: "12 ซ 5".
_ROUND_SLASH = re.compile(r"\s*/\s*(?=[0-9])|(?<=[0-9])\s+(?=/)")
_SINGLE_LETTER_BEFORE_NUMBER = re.compile(r"(?<=[\s0-9])ซ\s?(?=[0-9])")
_SAYS_KIND = {
    "soi": Kind.SOI,
    "road": Kind.ROAD,
    "community": Kind.COMMUNITY,
    "subdistrict": Kind.SUBDISTRICT,
}
_LANES = (Kind.LANE, Kind.SOI, Kind.ROAD)
_SAYS_PARITY = {"odd": Parity.ODD, "even": Parity.EVEN}
_LETTER_OF_NAME = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\s0-9/]+")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def readings(text: str) -> list[Reading]:
    """Every way to read the text, the likeliest first; none where nothing in it can be read.

    Raises `CitizenNumber` and `TooLong`.
    """
    if len(text) > LONGEST:
        raise TooLong(f"more than {LONGEST} characters")
    whole = _whole_code(text)
    if whole is not None:
        return [(whole,)]
    tokens = [token for token in _tokens(text) if token.kind != "noise"]
    while tokens and tokens[-1].kind in _SAYS_KIND:
        # "12 ซอย", while the name of the soi is still being typed.
        tokens.pop()
    parities = [token for token in tokens if token.kind in _SAYS_PARITY]
    rest = [token for token in tokens if token.kind not in _SAYS_PARITY]
    if len(rest) > _MOST_WORDS or len(parities) > 1:
        return []
    return [reading for reading in dict.fromkeys(_all_readings(rest, parities)) if reading]


def readings_of_lane(text: str) -> list[Reading]:
    """The one way to read a text that names lanes and nothing else: "เทอดไท 5", "ซ.5 ถนนเทอดไท", a bare "5".

    None where it names none. Raises `TooLong`.
    """
    if len(text) > LONGEST:
        raise TooLong(f"more than {LONGEST} characters")
    tokens = _tokens(text)
    begins = [place for place, token in enumerate(tokens) if token.kind in _SAYS_KIND]
    names = [_name(tokens[begin:end], Kind.LANE) for begin, end in pairwise(sorted({0, *begins, len(tokens)}))]
    lanes = [name for name in names if name is not None and name.kind in _LANES]
    return [tuple(lanes)] if lanes and len(lanes) == len(names) else []


def words_of_names(read: Iterable[Reading]) -> frozenset[str]:
    """Of every name in the readings the longest run of letters, which stands in whatever bears the name.

    A name that is a number alone ("ซอย 5") is its own.
    """
    names = {part.key for reading in read for part in reading if isinstance(part, Name)}
    return frozenset(max(_LETTERS.findall(key), key=len, default=key) for key in names)


def _tokens(text: str) -> list[_Token]:
    plain = to_arabic_digits(clean(text)).casefold()
    plain = _ROUND_SLASH.sub(lambda found: "/" if "/" in found[0] else "", plain)
    plain = _SINGLE_LETTER_BEFORE_NUMBER.sub("ซ.", plain)
    return [_Token(str(match.lastgroup), match[0].strip()) for match in _TOKEN.finditer(plain)]


def _whole_code(text: str) -> HouseCode | None:
    """The house code that the text is, in the groups in which it is printed or in none."""
    typed = to_arabic_digits(clean(text))
    if _AS_CITIZEN_NUMBERS.fullmatch(typed):
        raise CitizenNumber("thirteen digits")
    return HouseCode(typed, clean_house_code(typed)) if _AS_HOUSE_CODES.fullmatch(typed) else None


def _all_readings(tokens: list[_Token], parities: list[_Token]) -> Iterator[Reading]:
    codes = [token for token in tokens if token.kind == "house_code"]
    if codes:
        code = HouseCode(codes[0].text, clean_house_code(codes[0].text))
        others = [token for token in tokens if token.kind != "house_code"]
        yield from (_reading(code, *names) for names in _names_of(others))
        return
    for place in _places_of_number(tokens):
        number = None if place is None else tokens[place]
        runs = [tokens] if place is None else [tokens[:place], tokens[place + 1 :]]
        numbers = _numbers_of(number, parities)
        if numbers is not None:
            yield from (_reading(*numbers, *names) for names in _names_of(*runs))


def _reading(*parts: Part) -> Reading:
    return parts


def _places_of_number(tokens: list[_Token]) -> list[int | None]:
    """Where the house number may stand, likeliest first; None: nowhere.

    A range and a number that ends with its slash are nothing else. A number that begins the text is a house number
    rather than a name's, any other one a name's rather than a house number; of those the last is the likeliest.
    """
    certain: list[int | None] = [place for place, token in enumerate(tokens) if token.kind in ("span", "begins")]
    if certain:
        return certain[:1] if len(certain) == 1 else []
    places = [place for place, token in enumerate(tokens) if token.kind == "number"]
    first = [place for place in places if place == 0]
    return [*first, None, *(place for place in reversed(places) if place != 0)]


def _numbers_of(token: _Token | None, parities: list[_Token]) -> tuple[Numbers, ...] | None:
    """The numbers that the token and the words odd and even mean together; None where they mean none."""
    parity = _SAYS_PARITY[parities[0].kind] if parities else Parity.ALL
    if token is None:
        return (Numbers(parities[0].text, "", "", _ABOVE_DIGITS, parity),) if parities else ()
    typed = " ".join(each.text for each in (token, *parities))
    try:
        first, end, telling, shown = _bounds(token)
    except UnreadableHouseNumber:
        return None
    return (Numbers(typed, shown, first, end, parity, telling),)


def _bounds(token: _Token) -> tuple[str, str, int, str]:
    """First order, end, place of the telling digit, and how the numbers are shown."""
    if token.kind == "begins":
        number = parse(token.text.rstrip("/"))
        begins = _beginning(number)
        return f"{begins}{1:0{_PART}}", begins + _ABOVE_DIGITS, len(begins) + _PART, f"{number.key}/…"
    first, last = _ends_of(token.text)
    if last is None:
        end = f"{first.order} " if first.suffix or first.is_range else _beginning(first) + _ABOVE_DIGITS
        return first.order, end, _telling(first, first), first.key
    return _beginning(first), _beginning(last) + _ABOVE_DIGITS, _telling(first, last), f"{first.key}–{last.key}"


def _ends_of(text: str) -> tuple[HouseNumber, HouseNumber | None]:
    """The first and the last number meant; no last one where it is a single number."""
    try:
        number = parse(text)
    except UnreadableHouseNumber:
        first, last = _both_ends(text)
        return first, last
    return (number, None) if number.range_end is None else _ends_of_range(number, number.range_end)


def _ends_of_range(number: HouseNumber, end: int) -> tuple[HouseNumber, HouseNumber]:
    """The ends of a range as house numbers have it: 12/3-5 is 12/3 and 12/5."""
    first = replace(number, range_end=None, suffix="")
    if first.sub2 is not None:
        return first, replace(first, sub2=end)
    return first, replace(first, main=end) if first.sub is None else replace(first, sub=end)


def _both_ends(text: str) -> tuple[HouseNumber, HouseNumber]:
    """The numbers of a range whose ends are both written in full: 12/1-12/40."""
    pieces = re.split(_BETWEEN, text)
    if len(pieces) == 1:
        raise UnreadableHouseNumber(text)
    first, last = parse(pieces[0]), parse(pieces[1])
    if _beginning(last) < _beginning(first):
        raise UnreadableHouseNumber(text)
    return first, last


def _beginning(number: HouseNumber) -> str:
    """What the orders of the number and of all numbers below it begin with: 12, 12 ก, 12/1, 12/1/2."""
    parts = [part for part in (number.main, number.sub, number.sub2) if part is not None]
    return "".join(f"{part:0{_PART}}" for part in parts)


def _telling(first: HouseNumber, last: HouseNumber) -> int:
    by_sub = first.main == last.main and first.sub is not None and last.sub is not None
    return 2 * _PART if by_sub else _PART


def _names_of(*runs: list[_Token]) -> list[tuple[Name, ...]]:
    """Every way to take the runs of tokens for names; fewer names are tried first."""
    ways = [list(_ways(run)) for run in runs if run]
    together = [tuple(name for names in choice for name in names) for choice in product(*ways)]
    return sorted((names for names in together if len(names) <= _MOST_NAMES), key=len)


def _ways(run: list[_Token]) -> Iterator[tuple[Name, ...]]:
    """Every way to cut one run of tokens into names; each word that says a kind begins a name."""
    begins = {place for place, token in enumerate(run) if token.kind in _SAYS_KIND}
    free = [place for place in range(1, len(run)) if place not in begins and place - 1 not in begins]
    for more in range(_MOST_NAMES):
        for cuts in combinations(free, more):
            borders = sorted({0, *begins, *cuts, len(run)})
            names = [_name(run[begin:end]) for begin, end in pairwise(borders)]
            if None not in names:
                yield tuple(name for name in names if name is not None)


def _name(tokens: list[_Token], unsaid: Kind = Kind.ANY) -> Name | None:
    """The tokens as one name, of the kind `unsaid` where no word says of which.

    A number alone is none unless it is to be a lane's, or is a community's code.
    """
    said = _SAYS_KIND.get(tokens[0].kind)
    kind = said or unsaid
    key = lane_name(" ".join(token.text for token in (tokens[1:] if said else tokens)))
    is_code = key.isdigit() and len(key) >= _SHORTEST_CODE
    if not (_LETTER_OF_NAME.search(key) or is_code or (key and kind in (Kind.LANE, Kind.SOI))):
        return None
    return Name(" ".join(token.text for token in tokens), key, kind)
