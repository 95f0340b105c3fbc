"""What the cell of a house number says: one number or several, what a spreadsheet made of it, a remark beside it.

Nothing that is guessed goes without a doubt: a number with more than one reading, a range, a repaired number.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from communities.thai_calendar import month_by_name
from communities.thai_text import clean, to_arabic_digits

from ..house_numbers import HouseNumber, UnreadableHouseNumber, numbers_at_start, parse
from .row_notes import is_harmless, may_be_a_name, remark_in, speaks_of_another_number, without_persons
from .whole_addresses import WholeAddress, is_numbered_name, take_apart, take_column_apart


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


@dataclass(frozen=True, slots=True)
class NumberCell:
    """The houses that a cell names (at least one part), a remark in it (without persons), the rest of an address."""

    parts: tuple[NumberPart, ...]
    note: str = ""
    address: WholeAddress | None = None


MOST_KEYS = 30
_LONGEST = 300
_NO_SUBDISTRICTS: frozenset[str] = frozenset()
_UNREADABLE = NumberCell((NumberPart((), Doubt.UNREADABLE),))
_EMPTY = NumberCell((NumberPart((), Doubt.NO_NUMBER),))

# Spreadsheets count days from here. Whole numbers as large as the days of these years are no house numbers but days.
_DAY_ZERO = datetime.date(1899, 12, 30)
_YEARS_IN_USE = range(2000, 2041)
_BUDDHIST = 543
_FIRST_BUDDHIST_YEAR = 2400
_LAST_SHORT_MONTH_OR_DAY = 12

_LABEL = re.compile(
    r"(?:บ้านเลขที่|เลขประจำบ้าน|เลขที่บ้าน|เลขบ้าน|เลขที่|บ้าน(?=\s?[0-9])|house\s?no|number|no(?![a-z])|#|№)[\s.:]*",
    re.IGNORECASE,
)
_QUOTES = " '’‘`´"
_SAID_SLASH = re.compile(r"(?<=[0-9])\s?ทับ\s?(?=[0-9])")
_HARMLESS_END = re.compile(r"[.,;:'’]*")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_TOKEN = re.compile(
    r"(?:\s?([,;&+~-]|และ|กับ|หรือ|ถึง)\s?|\s)?(?:เลขที่\s?)?([0-9]+(?:\s?/\s?[0-9]+)*(?:\s?[ก-ฮ](?![ก-๎])\.?)?|[ก-ฮ](?![ก-๎])\.?)"
)
_THOUSANDS = re.compile(r"[1-9],[0-9]{3}(?:/[0-9/]*)?")
_DECIMAL = re.compile(r"([0-9]{1,5})\.([0-9]{1,4})")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?e\+?0?[0-9]", re.IGNORECASE)
_HALVES = re.compile(r"([0-9]{1,5}) ([0-9]{1,4})")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{1,2})(?::00)?(?: ?([ap])m)?", re.IGNORECASE)
_DIGITS_AS_LETTERS = re.compile(r"(?=.*[0-9])[0-9oOlI|]+(?:/[0-9oOlI|]+){0,2}")
_LETTERS_AS_DIGITS = str.maketrans("oOlI|", "00111")
_NUMBER_ANYWHERE = re.compile(r"(?<![0-9/.])[0-9]+(?:/[0-9]+)*(?: ?[ก-ฮ](?![ก-๎.]))?(?![0-9/%]|\.[0-9])")

_TIME = r"(?:[ t]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m)?)?"
_MONTH = r"(?P<name>[a-z]{3,9}\.?|[ก-ฮเ][ก-๎. ]{1,12}?)"
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}",
        rf"(?P<day>\d{{1,2}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}){_TIME}",
        rf"(?P<day>\d{{1,2}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<year>\d\d){_TIME}",
        rf"(?:(?:วัน)?[a-zก-๎]{{3,12}},? ?(?:ที่ ?)?)?(?P<day>\d{{1,2}})[-/ .]*{_MONTH}"
        rf"(?:[-/ .,]*(?:พ\.?ศ\.? ?)?(?P<year>\d{{4}}|\d\d))?{_TIME}",
        rf"{_MONTH}[-/ .]*(?P<day>\d{{1,2}}), ?(?P<year>\d{{4}}|\d\d){_TIME}",
        rf"{_MONTH}[-/ .,]*(?P<year>\d{{4}}|\d\d)",
    )
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_number_cell(
    value: object, number_format: str = "", subdistricts: frozenset[str] = _NO_SUBDISTRICTS
) -> NumberCell:
    """Read the cell of a house number, whatever type the workbook gave it; never raises.

    `number_format` is how the spreadsheet shows the cell, where that is known; `subdistricts` the names of the
    district's, for an address in the cell.
    """
    if isinstance(value, str):
        return _read_text(value, subdistricts)
    if value is None:
        return _EMPTY
    return NumberCell((_part_of_value(value, number_format),))


def _part_of_value(value: object, number_format: str) -> NumberPart:
    if isinstance(value, datetime.date):
        return _of_date(value.day, value.month, value.year, number_format)
    if isinstance(value, datetime.time):
        return _of_clock(value.hour, value.minute)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return NumberPart((), Doubt.UNREADABLE) if seconds else _of_clock(*divmod(minutes, 60))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _part(Doubt.UNREADABLE)
    return _of_amount(value)


def _of_amount(value: float) -> NumberPart:
    """A number cell: a whole number is a house number, or the day that a spreadsheet counts with it."""
    if not 0 < value < 1e6:
        return _part(Doubt.UNREADABLE)
    main, _, behind = f"{value:.6f}".rstrip("0").partition(".")
    if behind:
        return _of_decimal(main, behind, zeros_lost=True)
    return _of_whole(main)


def _of_whole(digits: str) -> NumberPart:
    day = _day_counted(int(digits))
    if day is None:
        return _part(Doubt.NONE, digits)
    return _part(Doubt.EXCEL_DATE, digits, *_of_date(day.day, day.month, day.year).keys)


def _day_counted(number: int) -> datetime.date | None:
    """The day that a spreadsheet keeps as this number, if people type such days (house numbers are smaller)."""
    if not 10_000 < number < 300_000:
        return None
    day = _DAY_ZERO + datetime.timedelta(number)
    is_month_and_year = day.day == 1 and day.year >= 1930
    return day if _common_era(day.year) in _YEARS_IN_USE or is_month_and_year else None


def _of_decimal(main: str, behind: str, *, zeros_lost: bool) -> NumberPart:
    """5.1 typed with a point for 5/1 or, its last zero lost, for 5/10; "12.0" is 12."""
    if not behind.strip("0"):
        return _part(Doubt.REPAIRED, main)
    return _part(
        Doubt.REPAIRED,
        f"{main}/{behind}",
        *([f"{main}/{behind}0"] if zeros_lost and len(behind) < 3 and behind[0] != "0" else []),
    )


def _of_clock(hours: int, minutes: int) -> NumberPart:
    return _part(Doubt.REPAIRED, f"{hours}/{minutes}")


def _of_date(day: int, month: int, year: int | None, number_format: str = "") -> NumberPart:
    """The house numbers that a spreadsheet may have turned into this date (`year` None: shown without one).

    12/3 becomes 12 March of the year of typing, on a machine set to American dates 3 December; 5/34 cannot be a day
    and becomes 1 May 1934, or 1991 where years are Buddhist; 12/3/45 becomes 12 March 1945.
    """
    shown = _parts_shown(number_format)
    of_day = [f"{day}/{month}", f"{month}/{day}"]
    if year is None or shown == "dm":
        return _part(Doubt.EXCEL_DATE, *of_day)
    short = year % 100
    of_month = [f"{month}/{end}" for end in (short, _short_of_other_era(year)) if end > _LAST_SHORT_MONTH_OR_DAY]
    of_month = of_month if day == 1 else []
    of_all = [f"{day}/{month}/{short}", f"{month}/{day}/{short}", f"{short}/{month}/{day}"]
    if shown == "my" and of_month:
        return _part(Doubt.EXCEL_DATE, *of_month)
    if _common_era(year) in _YEARS_IN_USE:
        return _part(Doubt.EXCEL_DATE, *of_day, *of_month, *of_all)
    return _part(Doubt.EXCEL_DATE, *of_month, *of_all, *([] if of_month else of_day))


def _parts_shown(number_format: str) -> str:
    """Which parts of a date a format shows, "dm", "my" …; "" where it is unknown."""
    plain = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.", "", number_format.lower())
    return "".join(letter for letter in "dmy" if letter in plain or (letter == "y" and ("e" in plain or "b" in plain)))


def _common_era(year: int) -> int:
    return year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year


def _short_of_other_era(year: int) -> int:
    return (year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year + _BUDDHIST) % 100


def _part(doubt: Doubt, *texts: str) -> NumberPart:
    """The part whose readings are those of the texts that are house numbers at all."""
    keys = tuple(dict.fromkeys(_keys_of(texts)))[:MOST_KEYS]
    return NumberPart(keys, doubt) if keys else NumberPart((), Doubt.UNREADABLE)


def _keys_of(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        number = _number(text)
        if number is not None:
            yield number.key


def _number(text: str) -> HouseNumber | None:
    try:
        return parse(text)
    except UnreadableHouseNumber:
        return None


def _doubted(part: NumberPart, doubt: Doubt) -> NumberPart:
    return part if part.doubt else NumberPart(part.keys, doubt)


@lru_cache(maxsize=65_536)
def _plain(text: str) -> NumberPart | None:
    number = _number(text)
    if number is None or number.is_range or (number.sub2 is not None and _date_in(text)):
        return None
    return _of_whole(number.key) if number.key.isdecimal() else NumberPart((number.key,))


def _read_text(text: str, subdistricts: Collection[str]) -> NumberCell:
    if len(text) > _LONGEST:
        return _UNREADABLE if text.strip() else _EMPTY
    plain = _plain(text)
    if plain:
        return NumberCell((plain,))
    lines = [line for line in text.splitlines() if clean(line)]
    return _read_words(", ".join(map(clean, lines)), subdistricts)


def _read_words(text: str, subdistricts: Collection[str]) -> NumberCell:
    text = _SAID_SLASH.sub("/", to_arabic_digits(text)).strip(_QUOTES)
    text = _LABEL.sub("", text) if (label := _LABEL.match(text)) and label.end() < len(text) else text
    if not text:
        return _EMPTY
    if part := _date_in(text) or _odd_form(text):
        return NumberCell((part,))
    address = take_apart(text, subdistricts)
    if address is not None:
        return _of_address(address)
    return _with_remark(text, subdistricts)


def read_address_column(text: str, subdistricts: frozenset[str] = _NO_SUBDISTRICTS) -> NumberCell:
    """Read a cell that holds a whole address, as its column's heading says, whether its parts are announced or not."""
    if len(text) > _LONGEST:
        return _UNREADABLE
    return _of_address(take_column_apart(text, subdistricts)) if clean(text) else _EMPTY


def _of_address(address: WholeAddress) -> NumberCell:
    """The number of an address that stands in the cell; without one the cell says where, but not which house."""
    if not address.house_no:
        return NumberCell(_UNREADABLE.parts, address.note, address)
    found = _with_remark(address.house_no, ())
    note, doubt = _judged(address.note)
    parts = tuple(_doubted(part, doubt) for part in found.parts)
    return NumberCell(parts, f"{found.note} {note}".strip(), address)


def _with_remark(text: str, subdistricts: Collection[str]) -> NumberCell:
    """Numbers, and what stands behind or before them."""
    numbers, rest = numbers_at_start(text)
    if not numbers:
        return _number_inside(text)
    parts = _parts_of(numbers)
    if _HARMLESS_END.fullmatch(rest.strip()):
        # "5." may count the rows, "12/3." may not.
        counts = bool(rest.strip()) and numbers.isdecimal()
        return NumberCell(tuple(_doubted(part, Doubt.REPAIRED if counts else Doubt.NONE) for part in parts))
    if is_numbered_name(rest):
        return _of_address(take_column_apart(text, subdistricts))
    note, doubt = _judged(rest)
    letter = _BRACKETS.fullmatch(rest.strip())
    if letter and re.fullmatch(r"[ก-ฮ]", letter[1].strip()) and len(parts) == 1:
        return NumberCell((_part(Doubt.REPAIRED, f"{numbers} {letter[1].strip()}", *parts[0].keys),))
    return NumberCell(tuple(_doubted(part, doubt) for part in parts), note)


def _judged(rest: str) -> tuple[str, Doubt]:
    """A remark as it may be kept, and the doubt it leaves: none only if it is known to be no part of the number."""
    kept = without_persons(rest).strip()
    inner = " ".join(_BRACKETS.sub(r" \1 ", kept).split()).strip(" ,;:")
    if not inner:
        return "", Doubt.NONE
    if is_harmless(inner):
        return inner, Doubt.NONE
    speaks_against = remark_in(inner) or speaks_of_another_number(inner) or "?" in inner
    doubt = Doubt.NOTE if speaks_against else Doubt.REPAIRED
    return "" if may_be_a_name(inner) else inner, doubt


def _number_inside(text: str) -> NumberCell:
    """A number behind words, "ร้านค้า 12/3": read if it is the only one, with a doubt."""
    found = list(_NUMBER_ANYWHERE.finditer(text))
    kept = without_persons(text)
    if len(found) != 1 or found[0][0] not in kept:
        return NumberCell(_UNREADABLE.parts, "" if kept == text else kept)
    note, doubt = _judged(f"{text[: found[0].start()]} {text[found[0].end() :]}")
    return NumberCell((_doubted(_part(doubt or Doubt.REPAIRED, found[0][0]), Doubt.REPAIRED),), note)


def _odd_form(text: str) -> NumberPart | None:
    """Forms that a spreadsheet or a slip of the finger gives to one number."""
    forms: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], NumberPart]]] = (
        (_THOUSANDS, lambda m: _part(Doubt.REPAIRED, m[0].replace(",", ""))),
        (_DECIMAL, lambda m: _of_decimal(m[1], m[2], zeros_lost=True)),
        (_SCIENTIFIC, lambda m: _doubted(_of_amount(float(m[0])), Doubt.REPAIRED)),
        (_HALVES, lambda m: _part(Doubt.REPAIRED, f"{m[1]}/{m[2]}", f"{m[1]}{m[2]}")),
        (_CLOCK, lambda m: _of_clock(int(m[1]), int(m[2]))),
        (_DIGITS_AS_LETTERS, lambda m: _part(Doubt.REPAIRED, m[0].translate(_LETTERS_AS_DIGITS))),
    )
    for form, part_of in forms:
        if (match := form.fullmatch(text)) and not text.isdecimal() and _number(text) is None:
            return part_of(match)
    return None


def _date_in(text: str) -> NumberPart | None:
    """A date as text, as a CSV file shows one: "12-Mar", "มี.ค.-34", "12/03/2015", "2015-03-12 00:00:00"."""
    text = to_arabic_digits(clean(text))
    for form in _DATE_FORMS:
        match = form.fullmatch(text)
        if match and (part := _of_date_words(text, match.groupdict())):
            return part
    return None


def _of_date_words(text: str, said: dict[str, str | None]) -> NumberPart | None:
    month = int(said["month"] or 0) if "month" in said else _month(said["name"] or "")
    day = int(said.get("day") or 1)
    if not month or not (1 <= min(day, month) <= 12 and max(day, month) <= 31):
        return None
    year = None if said.get("year") is None else int(str(said["year"]))
    if year is not None and year < 100:
        return _of_short_year(text, day, month, year, is_month=not said.get("day"))
    if not said.get("day"):
        return _part(Doubt.EXCEL_DATE, *_of_date(1, month, year, "my").keys)
    return _of_date(day, month, year)


def _of_short_year(text: str, day: int, month: int, year: int, *, is_month: bool) -> NumberPart:
    """A year of two digits is of either era; "Mar-34" was 3/34, "12/3/45" may be the number itself."""
    if is_month:
        ends = (year, (year + _BUDDHIST) % 100, (year - _BUDDHIST) % 100)
        return _part(Doubt.EXCEL_DATE, *(f"{month}/{end}" for end in ends), f"{year}/{month}")
    return _part(
        Doubt.EXCEL_DATE, text, f"{day}/{month}/{year}", *_of_date(day, month, 2000 + year).keys, f"{month}/{day}"
    )


def _month(name: str) -> int:
    name = name.strip(" .").casefold()
    if name[:3] in _ENGLISH_MONTHS and name.isascii():
        return _ENGLISH_MONTHS.index(name[:3]) + 1
    return month_by_name(name) or 0


def _parts_of(numbers: str) -> tuple[NumberPart, ...]:
    """The houses that a run of numbers names: one, several, a range, or several in a short form."""
    tokens = [(sign or "", text) for sign, text in _TOKEN.findall(numbers)]
    if len(tokens) == 1:
        return (_plain(numbers) or _part(Doubt.NONE, numbers),)
    signs = {sign for sign, _text in tokens[1:]}
    if "หรือ" in signs:
        return (_part(Doubt.SEVERAL, *(text for _sign, text in tokens)),)
    parts = tuple(dict.fromkeys(_part_of_group(group) for group in _groups(tokens)))
    if len(parts) > MOST_KEYS or any(not part.keys for part in parts):
        return _UNREADABLE.parts
    if _is_glued(numbers, tokens):
        # "12,15" may be one number with a wrong sign as well.
        as_one = [number.key] if (number := _number(numbers.replace(",", "/"))) else []
        return tuple(_part(Doubt.SEVERAL, *part.keys, *as_one) for part in parts)
    in_short = any(part.doubt == Doubt.SEVERAL for part in parts) or "" in signs
    return tuple(_doubted(part, Doubt.SEVERAL) for part in parts) if in_short else parts


def _is_glued(numbers: str, tokens: Sequence[tuple[str, str]]) -> bool:
    """Whether plain numbers stand with a mere comma between them."""
    return "," in numbers and " " not in numbers and all(text.isdecimal() for _sign, text in tokens)


def _groups(tokens: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The tokens one by one, the ends of a range together, a short form written out: 12/3, 5 is 12/3 and 12/5 or 5."""
    groups: list[list[str]] = []
    before: HouseNumber | None = None
    for sign, text in tokens:
        if sign in ("-", "~", "ถึง") and groups:
            groups[-1] += [sign, text]
        else:
            groups.append(_written_out(text, before))
        before = _number(groups[-1][0]) or before
    return groups


def _written_out(text: str, before: HouseNumber | None) -> list[str]:
    if before is None or "/" in text or (text.isdecimal() and before.sub is None):
        return [text]
    if not text[0].isdecimal():
        return [HouseNumber(before.main, before.sub, before.sub2, None, text[0]).key, "หรือ", ""]
    stem = before.key.partition(" ")[0].rpartition("/")[0]
    return [f"{stem}/{text}" if stem else text, "หรือ", text]


def _part_of_group(group: Sequence[str]) -> NumberPart:
    if len(group) == 1:
        return _plain(group[0]) or _part(Doubt.NONE, group[0])
    if len(group) > 3:
        return _part(Doubt.UNREADABLE)
    first, sign, last = group
    return _part(Doubt.SEVERAL, first, last) if sign == "หรือ" else _range(first, sign, last)


def _range(first: str, sign: str, last: str) -> NumberPart:
    """A range as one number and by its parts; "12-3" is no range but 12/3 typed with a hyphen."""
    begin, end = _number(first), _number(last)
    if begin is not None and re.fullmatch(r"[ก-ฮ]\.?", last) and begin.suffix:
        return _letters(begin, last[0])
    if begin is None or end is None:
        return _part(Doubt.UNREADABLE)
    stem, low = _stem(begin)
    high = _stem(end)[1]
    if end.sub is not None and _stem(end)[0] != stem:
        return _part(Doubt.UNREADABLE)
    if high <= low:
        return (
            _part(Doubt.REPAIRED, f"{first}/{last}") if sign == "-" and begin.sub is None else _part(Doubt.UNREADABLE)
        )
    suffix = f" {begin.suffix or end.suffix}" if begin.suffix or end.suffix else ""
    inside = range(low, high + 1) if high - low < MOST_KEYS - 1 else ()
    return _part(Doubt.RANGE, f"{stem}{low}-{high}{suffix}", *(f"{stem}{number}{suffix}" for number in inside))


def _stem(number: HouseNumber) -> tuple[str, int]:
    """What stands before a number's last figure, and that figure."""
    if number.sub is None:
        return "", number.main
    if number.sub2 is None:
        return f"{number.main}/", number.sub
    return f"{number.main}/{number.sub}/", number.sub2


def _letters(begin: HouseNumber, last: str) -> NumberPart:
    """12 ก-ค names 12 ก, 12 ข and 12 ค; no house bears the two letters at once."""
    in_use = [chr(code) for code in range(ord("ก"), ord("ฮ") + 1) if chr(code) not in "ฃฅ"]
    inside = in_use[in_use.index(begin.suffix) : in_use.index(last) + 1] if last in in_use else []
    stem = begin.key.partition(" ")[0]
    whole = f"{stem} {begin.suffix}-{last}"
    return NumberPart((whole, *(f"{stem} {letter}" for letter in inside[: MOST_KEYS - 1])), Doubt.RANGE)
