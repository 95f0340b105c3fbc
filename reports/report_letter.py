"""The letter that a month's report goes out with, and how the report names it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communities.thai_calendar import long_date


@dataclass(frozen=True)
class ReportLetter:
    """The letter that a month's report goes out with, and who stand for it.

    `corrects` is the round that it corrects, if any, and `correction` what is corrected.
    """

    round_no: int
    letter_no: str
    letter_date: datetime.date
    corrects: int | None = None
    correction: str = ""
    checked_by: str = ""
    issued_by: str = ""


def reference(letter: ReportLetter | None) -> str:
    """How the report names its letter; without one it says that it is a draft."""
    if letter is None:
        return _("DRAFT: not an issued report")
    named = _("Report round %(round)s, letter %(number)s dated %(day)s") % {
        "round": letter.round_no,
        "number": letter.letter_no,
        "day": long_date(letter.letter_date),
    }
    if letter.corrects is None:
        return named
    return f"{named} · " + _("corrects round %(round)s") % {"round": letter.corrects}
