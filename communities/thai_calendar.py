"""Buddhist years, Thai month names and the Bangkok office's fiscal year.

Dates are kept as `datetime.date` and shown in Buddhist years (543 more). Digits come out Arabic;
papers that want Thai digits pass the text through `thai_text.to_thai_digits`.
"""

import calendar
import functools
import re
from datetime import date

import holidays

from communities.thai_text import clean, to_arabic_digits

BUDDHIST_ERA = 543
# Years from here up are Buddhist: 2400 is 1857, before any paper of the office.
_FIRST_BUDDHIST_YEAR = 2400
_FISCAL_YEAR_STARTS = 10

_MONTH_NAMES = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
_SHORT_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
_MONTH_BY_NAME = {name: month for month, name in enumerate(_MONTH_NAMES, 1)} | {
    name.replace(".", ""): month for month, name in enumerate(_SHORT_MONTHS, 1)
}

_ERA = r"(?:(?P<era>พ\.?ศ\.?|ค\.?ศ\.?)\s*)?"
_YEAR = rf"{_ERA}(?P<year>[0-9]{{4}})"
_NAME = r"(?P<name>[ก-๎][ก-๎. ]*?)"
_DAY = r"(?:(?:วัน[ก-๎]*\s*)?ที่\s*)?(?P<day>[0-9]{1,2})"
_DATE_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\s*([/.-])\s*(?P<month>[0-9]{{1,2}})\s*\2\s*{_YEAR}"),
    re.compile(rf"{_DAY}\s*(?:เดือน\s*)?{_NAME}\s*{_YEAR}"),
)
_MONTH_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})"),
    re.compile(rf"(?P<month>[0-9]{{1,2}})\s*/\s*{_YEAR}"),
    re.compile(rf"(?:เดือน\s*)?{_NAME}\s*{_YEAR}"),
)


class NotADate(ValueError):
    """The text is not a day, or not a month, in any form that the office writes."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a date: {text[:80]!r}")
        self.text = text


DAYS_A_WEEK, WORKING_DAYS_A_WEEK = 7, 5


def parse_date(text: str) -> date:
    """Read a day: 2015-02-06, 2558-02-06, 6/2/2558, 6 ก.พ. 2558, ๖ กุมภาพันธ์ ๒๕๕๘.

    Years from 2400 up are Buddhist; a year of two digits is refused, because 58 may be either era.
    Raises `NotADate`.
    """
    found = _first_match(_DATE_FORMS, text)
    return _day(found, int(found["day"] or 0), text)


def parse_month(text: str) -> date:
    """Read a month as its first day: 2015-03, 2558-03, 3/2558, มี.ค. 2558. Raises `NotADate`."""
    return _day(_first_match(_MONTH_FORMS, text), 1, text)


def month_start(day: date) -> date:
    """The first day of the month that `day` is in."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month that `day` is in."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier if negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def buddhist_year(day: date) -> int:
    """The Buddhist year of the day: 2558 for 2015."""
    return day.year + BUDDHIST_ERA


def fiscal_year(day: date) -> int:
    """The Buddhist fiscal year, 1 October to 30 September: 29 Oct 2557 is in 2558."""
    return buddhist_year(day) + (day.month >= _FISCAL_YEAR_STARTS)


def fiscal_quarter(day: date) -> int:
    """The quarter of the fiscal year, 1 to 4: October to December is the first."""
    return (day.month - _FISCAL_YEAR_STARTS) % 12 // 3 + 1


def short_date(day: date) -> str:
    """6 ก.พ. 2558"""
    return f"{day.day} {_SHORT_MONTHS[day.month - 1]} {buddhist_year(day)}"


def long_date(day: date) -> str:
    """6 กุมภาพันธ์ 2558"""
    return f"{day.day} {month_name(day)}"


def month_name(day: date) -> str:
    """กุมภาพันธ์ 2558"""
    return f"{_MONTH_NAMES[day.month - 1]} {buddhist_year(day)}"


def short_month(day: date) -> str:
    """ก.พ. 58, for narrow columns and charts."""
    return f"{_SHORT_MONTHS[day.month - 1]} {buddhist_year(day) % 100:02}"


def month_by_name(name: str) -> int | None:
    """The month, 1 to 12, of a Thai name or abbreviation (มีนาคม, มี.ค., มีค); None for any other word."""
    return _MONTH_BY_NAME.get(name.replace(".", "").replace(" ", ""))


def _first_match(forms: tuple[re.Pattern[str], ...], text: str) -> dict[str, str | None]:
    written = to_arabic_digits(clean(text))
    for form in forms:
        if match := form.fullmatch(written):
            return match.groupdict()
    raise NotADate(text)


def _day(found: dict[str, str | None], day: int, text: str) -> date:
    try:
        return date(_christian_year(found), _month(found), day)
    except ValueError:
        raise NotADate(text) from None


def _month(found: dict[str, str | None]) -> int:
    if name := found.get("name"):
        return month_by_name(name) or 0
    return int(found["month"] or 0)


def _christian_year(found: dict[str, str | None]) -> int:
    year = int(found["year"] or 0)
    is_buddhist = year >= _FIRST_BUDDHIST_YEAR
    era = found.get("era")
    if era and era.startswith("พ") != is_buddhist:
        raise ValueError(era)
    return year - BUDDHIST_ERA if is_buddhist else year


def working_days_since(first: date, last: date) -> int:
    """How many days on which offices are open lie behind `first`, up to and with `last`.

    Monday to Friday without the holidays of government offices, substitutes included; of years to come those that are
    known by the calendar are left out, not those that a cabinet may still add.
    """
    whole_weeks, rest = divmod(max((last - first).days, 0), DAYS_A_WEEK)
    begun = first.weekday()
    weekdays = whole_weeks * WORKING_DAYS_A_WEEK + sum(
        (begun + step) % DAYS_A_WEEK < WORKING_DAYS_A_WEEK for step in range(1, rest + 1)
    )
    years = range(first.year, last.year + 1)
    return weekdays - sum(first < day <= last for year in years for day in _closed_weekdays(year))


def is_working_day(day: date) -> bool:
    """Whether government offices are open on the day."""
    return day.weekday() < WORKING_DAYS_A_WEEK and day not in _closed_weekdays(day.year)


@functools.cache
def _closed_weekdays(year: int) -> tuple[date, ...]:
    """The days from Monday to Friday of the year on which government offices are closed."""
    days = holidays.country_holidays("TH", years=year, categories=("public", "government"), language="en_US")
    # A holiday of private firms alone: offices are open.
    closed = (day for day, name in days.items() if not name.startswith("National Labor Day"))
    return tuple(sorted(day for day in closed if day.weekday() < WORKING_DAYS_A_WEEK))
