"""What a spreadsheet or a slip of the finger made of one house number: a date, a decimal, a time of day."""

import datetime
import re
from collections.abc import Callable, Sequence

from communities.thai_calendar import month_by_name
from communities.thai_text import clean, to_arabic_digits

from .number_parts import UNREADABLE, Doubt, NumberPart, doubted, number_in, part_of

# Spreadsheets count days from here. Whole numbers as large as the days of these years are no house numbers but days.
_DAY_ZERO = datetime.date(1899, 12, 30)
_YEARS_IN_USE = range(2000, 2041)
_BUDDHIST = 543
_FIRST_BUDDHIST_YEAR = 2400
_LAST_SHORT_MONTH_OR_DAY = 12

_THOUSANDS = re.compile(r"[1-9],[0-9]{3}(?:/[0-9/]*)?")
_DECIMAL = re.compile(r"([0-9]{1,5})\.([0-9]{1,4})")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?e\+?0?[0-9]", re.IGNORECASE)
_HALVES = re.compile(r"([0-9]{1,5}) ([0-9]{1,4})")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{1,2})(?::00)?(?: ?([ap])m)?", re.IGNORECASE)
_DIGITS_AS_LETTERS = re.compile(r"(?=.*[0-9])[0-9oOlI|]+(?:/[0-9oOlI|]+){0,2}")
_LETTERS_AS_DIGITS = str.maketrans("oOlI|", "00111")

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


def part_of_value(value: object, number_format: str) -> NumberPart:
    """The house that a cell names which holds no text: a number, a date, a time of day, a span of time."""
    if isinstance(value, datetime.date):
        return _of_date(value.day, value.month, value.year, number_format)
    if isinstance(value, datetime.time):
        return _of_clock(value.hour, value.minute)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return UNREADABLE if seconds else _of_clock(*divmod(minutes, 60))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return UNREADABLE
    return _of_amount(value)


def _of_amount(value: float) -> NumberPart:
    if not 0 < value < 1e6:
        return UNREADABLE
    main, _, behind = f"{value:.6f}".rstrip("0").partition(".")
    if behind:
        return _of_decimal(main, behind)
    return part_of_whole(main)


def part_of_whole(digits: str) -> NumberPart:
    """A whole number: a house number, or the day that a spreadsheet counts with it."""
    day = _day_counted(int(digits))
    if day is None:
        return part_of(Doubt.NONE, digits)
    return part_of(Doubt.EXCEL_DATE, digits, *_of_date(day.day, day.month, day.year).keys)


def _day_counted(number: int) -> datetime.date | None:
    """The day that a spreadsheet keeps as this number, if people type such days (house numbers are smaller)."""
    if not 10_000 < number < 300_000:
        return None
    day = _DAY_ZERO + datetime.timedelta(number)
    is_month_and_year = day.day == 1 and day.year >= 1930
    return day if _common_era(day.year) in _YEARS_IN_USE or is_month_and_year else None


def _of_decimal(main: str, behind: str) -> NumberPart:
    """5.1 typed with a point for 5/1 or, its last zero lost, for 5/10; "12.0" is 12."""
    if not behind.strip("0"):
        return part_of(Doubt.REPAIRED, main)
    return part_of(
        Doubt.REPAIRED,
        f"{main}/{behind}",
        *([f"{main}/{behind}0"] if len(behind) < 3 and behind[0] != "0" else []),
    )


def _of_clock(hours: int, minutes: int) -> NumberPart:
    return part_of(Doubt.REPAIRED, f"{hours}/{minutes}")


def _of_date(day: int, month: int, year: int | None, number_format: str = "") -> NumberPart:
    """The house numbers that a spreadsheet may have turned into this date (`year` None: shown without one).

    12/3 becomes 12 March of the year of typing, on a machine set to American dates 3 December; 5/34 cannot be a day
    and becomes 1 May 1934, or 1991 where years are Buddhist; 12/3/45 becomes 12 March 1945.
    """
    shown = _parts_shown(number_format)
    of_day = [f"{day}/{month}", f"{month}/{day}"]
    if year is None or shown == "dm":
        return part_of(Doubt.EXCEL_DATE, *of_day)
    short = year % 100
    of_month = [f"{month}/{end}" for end in (short, _short_of_other_era(year)) if end > _LAST_SHORT_MONTH_OR_DAY]
    of_month = of_month if day == 1 else []
    of_all = [f"{day}/{month}/{short}", f"{month}/{day}/{short}", f"{short}/{month}/{day}"]
    if shown == "my" and of_month:
        return part_of(Doubt.EXCEL_DATE, *of_month)
    if _common_era(year) in _YEARS_IN_USE:
        return part_of(Doubt.EXCEL_DATE, *of_day, *of_month, *of_all)
    return part_of(Doubt.EXCEL_DATE, *of_month, *of_all, *([] if of_month else of_day))


def _parts_shown(number_format: str) -> str:
    """Which parts of a date a format shows, "dm", "my" …; "" where it is unknown."""
    plain = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.", "", number_format.lower())
    return "".join(letter for letter in "dmy" if letter in plain or (letter == "y" and ("e" in plain or "b" in plain)))


def _common_era(year: int) -> int:
    return year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year


def _short_of_other_era(year: int) -> int:
    return (year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year + _BUDDHIST) % 100


def odd_form(text: str) -> NumberPart | None:
    """Forms that a spreadsheet or a slip of the finger gives to one number."""
    forms: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], NumberPart]]] = (
        (_THOUSANDS, lambda m: part_of(Doubt.REPAIRED, m[0].replace(",", ""))),
        (_DECIMAL, lambda m: _of_decimal(m[1], m[2])),
        (_SCIENTIFIC, lambda m: doubted(_of_amount(float(m[0])), Doubt.REPAIRED)),
        (_HALVES, lambda m: part_of(Doubt.REPAIRED, f"{m[1]}/{m[2]}", f"{m[1]}{m[2]}")),
        (_CLOCK, lambda m: _of_clock(int(m[1]), int(m[2]))),
        (_DIGITS_AS_LETTERS, lambda m: part_of(Doubt.REPAIRED, m[0].translate(_LETTERS_AS_DIGITS))),
    )
    for form, read in forms:
        if (match := form.fullmatch(text)) and not text.isdecimal() and number_in(text) is None:
            return read(match)
    return None


def date_in(text: str) -> NumberPart | None:
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
        return part_of(Doubt.EXCEL_DATE, *_of_date(1, month, year, "my").keys)
    return _of_date(day, month, year)


def _of_short_year(text: str, day: int, month: int, year: int, *, is_month: bool) -> NumberPart:
    """A year of two digits is of either era; "Mar-34" was 3/34, "12/3/45" may be the number itself."""
    if is_month:
        ends = (year, (year + _BUDDHIST) % 100, (year - _BUDDHIST) % 100)
        return part_of(Doubt.EXCEL_DATE, *(f"{month}/{end}" for end in ends), f"{year}/{month}")
    return part_of(
        Doubt.EXCEL_DATE, text, f"{day}/{month}/{year}", *_of_date(day, month, 2000 + year).keys, f"{month}/{day}"
    )


def _month(name: str) -> int:
    name = name.strip(" .").casefold()
    if name[:3] in _ENGLISH_MONTHS and name.isascii():
        return _ENGLISH_MONTHS.index(name[:3]) + 1
    return month_by_name(name) or 0
