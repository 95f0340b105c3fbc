"""What refuses an extract of the central register, each time in a sentence that names its rows and the column."""

from __future__ import annotations

import re
from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.codes import NotACommunityCode, clean_community_code
from communities.tables import Table
from communities.thai_text import clean, to_arabic_digits
from households.extract_rows import COMMUNITY_CODE, LONGEST, STATES, Rows, area_code
from households.house_codes import NotAHouseCode, clean_house_code
from households.workbook import Workbook

NO_CODE = re.compile(r"[-–—]?|0+")
_ELEVEN_DIGITS = re.compile(r"[0-9]{11}")
_DAY_OR_NEGATIVE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]|-")
_ERROR_VALUE = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|ERROR)")
_SIX_DIGITS = re.compile(r"[0-9]{6}")


def refuse_formulas_without_value(book: Workbook, table: Table) -> None:
    """They read as empty, which would say of every house that its soi, its road or its code is gone."""
    unvalued = [cell for sheet in book.sheets if sheet.name == table.sheet_name for cell in sheet.unvalued]
    if unvalued:
        raise ValidationError(
            _("%(place)s: the formula in cell %(cell)s has no value. Open the file, let it calculate and save it."),
            code="formula_without_value",
            params={"place": table.place(), "cell": unvalued[0]},
        )


def refuse_errors(rows: Rows) -> None:
    """A broken formula (#N/A) in any column refuses the file."""
    for column in rows.table.columns:
        bad = {text for text in rows.distinct(column) if _ERROR_VALUE.fullmatch(text)}
        if bad:
            sentence = _("%(place)s: a formula shows the error “%(text)s” there.")
            raise rows.refusal(column, bad, sentence, "error_value")


def refuse_long(rows: Rows) -> None:
    """A text longer than the register keeps refuses the file."""
    for column in ("house_no", "moo", "trok", "soi", "road"):
        longest = LONGEST[column]
        bad = {text for text in rows.distinct(column) if len(text) > longest}
        if bad:
            sentence = _("%(place)s: “%(text)s” is too long; at most %(longest)s letters are kept.")
            raise rows.refusal(column, bad, sentence, "too_long", longest=longest)


def checked_house_codes(rows: Rows) -> list[str]:
    """The clean codes in the order of the rows."""
    texts = rows.house_codes
    unusual = {text for text in texts if not _ELEVEN_DIGITS.fullmatch(text)}
    cleaned = {text: _clean_house_code(rows, text) for text in unusual}
    codes = [cleaned.get(text, text) for text in texts] if cleaned else texts
    if len(set(codes)) < len(codes):
        raise _codes_twice(rows, codes)
    return codes


def _clean_house_code(rows: Rows, text: str) -> str:
    try:
        return clean_house_code(text)
    except NotAHouseCode as problem:
        raise _not_house_codes(rows, problem.reason) from problem


def _not_house_codes(rows: Rows, reason: str) -> ValidationError:
    if reason == "citizen_number":  # never repeated in a message
        bad = {text for text in rows.distinct("house_code") if _reason_against(text) == reason}
        sentence = _("%(place)s: a citizen number of 13 digits stands where a house code belongs.")
        return rows.refusal("house_code", bad, sentence, reason)
    bad = {text for text in rows.distinct("house_code") if _reason_against(text)}
    sentence = _("%(place)s: “%(text)s” is not a house code of 11 digits.")
    return rows.refusal("house_code", bad, sentence, "not_a_house_code")


def _reason_against(text: str) -> str:
    try:
        clean_house_code(text)
    except NotAHouseCode as problem:
        return problem.reason
    return ""


def _codes_twice(rows: Rows, codes: list[str]) -> ValidationError:
    places = defaultdict(list)
    for number, code in zip(rows.numbers, codes, strict=True):
        places[code].append(number)
    repeated = {code: numbers for code, numbers in places.items() if len(numbers) > 1}
    code, numbers = next(iter(repeated.items()))
    sentence = _("%(place)s: the house code %(house_code)s stands there more than once.")
    if len(repeated) > 1:
        sentence = _("%(place)s: the house code %(house_code)s stands there more than once; so do %(others)s others.")
    return ValidationError(
        sentence,
        code="house_code_twice",
        params={
            "place": rows.table.place(numbers, "house_code"),
            "house_code": code,
            "others": len(repeated) - 1,
        },
    )


def checked_subdistricts(rows: Rows, district_code: str) -> dict[str, str]:
    """The names of the sub-districts in the file, by code."""
    codes = {text: area_code(text) for text in rows.distinct("subdistrict_code")}
    malformed = {text for text, code in codes.items() if not _SIX_DIGITS.fullmatch(code)}
    if malformed:
        sentence = _("%(place)s: “%(text)s” is not a sub-district code of 6 digits.")
        raise rows.refusal("subdistrict_code", malformed, sentence, "not_a_subdistrict_code")
    foreign = {text for text, code in codes.items() if not code.startswith(district_code)}
    if foreign:
        sentence = _("%(place)s: the sub-district %(text)s does not lie in district %(district)s.")
        raise rows.refusal("subdistrict_code", foreign, sentence, "other_district", district=district_code)
    # Sorted, so that a name counts before an empty cell of the same code.
    return dict(sorted((codes[lane.subdistrict_code], clean(lane.subdistrict)) for lane in rows.lanes.values()))


def refuse_unknown_states(rows: Rows) -> None:
    """A status that is none of `STATES` refuses the file."""
    bad = {text for text in rows.distinct("status") if clean(text) not in STATES}
    if bad:
        sentence = _("%(place)s: “%(text)s” is no status of a house; known are %(known)s.")
        raise rows.refusal("status", bad, sentence, "unknown_status", known=", ".join(STATES))


def checked_community_codes(rows: Rows) -> dict[str, str]:
    """The code, or "" for none, that each text of the column means."""
    cleaned, bad = {}, set()
    for text in rows.distinct(COMMUNITY_CODE.name):
        code = to_arabic_digits(clean(text)).replace(" ", "")
        try:
            none = NO_CODE.fullmatch(code)
            cleaned[text] = "" if none else clean_community_code(_no_day(code), settings.COMMUNITY_CODE_PATTERN)
        except NotACommunityCode:
            bad.add(text)
    if bad:
        sentence = _("%(place)s: “%(text)s” is not a community code of up to 8 digits.")
        raise rows.refusal(COMMUNITY_CODE.name, bad, sentence, "not_a_community_code")
    return cleaned


def _no_day(code: str) -> str:
    """The code; raises NotACommunityCode for 2015-02-06 and -5, whose hyphens are none between the parts of a code."""
    if _DAY_OR_NEGATIVE.match(code):
        raise NotACommunityCode(code)
    return code
