"""The two letters by which the district asked for its communities' codes (domain.md 11, steps 4 and 6)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from communities.code_requests import draft_request, record_answer, send_request
from communities.models import Community, District, Person

CENTRE = "ผู้อำนวยการศูนย์บริหารการทะเบียนภาค ๑"
CODES_OF_FIRST_LETTER = 30


@dataclasses.dataclass(frozen=True)
class CodeLetter:
    """A letter of the source; number and day of its answer are not in it and are made up."""

    number: str
    dated: datetime.date
    answer_no: str
    answered_on: datetime.date


FIRST = CodeLetter(
    "กท ๕๕๐๒/๖๕๘๙", datetime.date(2014, 12, 19), "หนังสือตอบครั้งที่ ๑ (สมมติขึ้นในชุดสาธิต)", datetime.date(2015, 1, 8)
)
MORE = CodeLetter(
    "กท ๕๕๐๒/๑๓๐", datetime.date(2015, 1, 12), "หนังสือตอบครั้งที่ ๒ (สมมติขึ้นในชุดสาธิต)", datetime.date(2015, 1, 15)
)


def ask_for_codes(communities: Mapping[str, Community], district: District, *, by: Person) -> None:
    """Asks for the codes of the communities (by the code that each is to get) in two letters, and gets them."""
    codes = list(communities)
    for letter, asked in ((FIRST, codes[:CODES_OF_FIRST_LETTER]), (MORE, codes[CODES_OF_FIRST_LETTER:])):
        _ask(letter, asked, communities, district, by)


def _ask(
    letter: CodeLetter, codes: Sequence[str], communities: Mapping[str, Community], district: District, by: Person
) -> None:
    given = {communities[code].pk: code for code in codes}
    draft = draft_request(district=district, communities=list(given), asked_of=CENTRE, by=by)
    sent = send_request(draft, letter_no=letter.number, letter_date=letter.dated, by=by)
    record_answer(
        sent,
        answer_no=letter.answer_no,
        answer_date=letter.answered_on,
        in_force_from=letter.answered_on,
        codes=given,
        by=by,
    )
