"""A whole address typed into one cell, taken apart: "12/3 ซ.เทอดไท 5 ถ.เทอดไท แขวงบางยี่เรือ เขตธนบุรี กทม. 10600".

Each part is known by the word that announces it, in any order. A part without its word is read only where
little else can be meant, and then the address is no longer certain.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from communities.thai_text import clean, to_arabic_digits

from ..addresses import LANE_WORDS, read_address
from ..house_numbers import numbers_at_start
from .row_notes import is_harmless, remark_in, speaks_of_another_number, without_persons

_NAME_BEHIND = r"(?=\s?(?!ซอย|ถนน|ตรอก|แขวง|เขต|หมู่)[ก-ฮเแโใไ][ก-๎]{2})"
_WORDS: dict[str, str] = {
    "number": r"(?:บ้าน)?เลขที่(?:บ้าน)?(?!\s?ห้อง)|เลขประจำบ้าน|เลขบ้าน|no\.|#|№",
    "moo": r"(?:หมู่\s?ที่|หมู่|ม\.\s?ที่|ม\.|moo\.?)(?=\s?[0-9])|หมู่(?:\s?ที่)?(?=\s?(?:-|$))",
    "more": r"หมู่บ้าน|ม\.บ\.|มบ\.|ม\.(?=\s?[ก-ฮ])|อาคาร|ตึก(?!แถว)|(?:เลขที่)?\s?ห้อง(?=[\s.ก-๎]*[0-9])|ชั้น(?=[\s.ก-๎]*[0-9])"
    r"|แฟลต|บล็อก",
    # A letter alone between two spaces has lost its full stop.
    **{
        str(lane): words + {"soi": r"|ซ(?=\s[ก-ฮเแโใไ])", "road": r"|ถ(?=\s[ก-ฮเแโใไ])"}.get(lane, "")
        for lane, words in LANE_WORDS.items()
    },
    "subdistrict": r"แขวง|แขวน|แขง|ตำบล",
    "district": r"เขต|อำเภอ|อ\.",
    # ต. is ตรอก or ตำบล, ข. is แขวง or เขต: the name behind it tells.
    "short": rf"[ตข]\.{_NAME_BEHIND}",
    "province": r"จังหวัด|จ\.|กรุงเทพ(?:มหานคร|ฯ)?|กทม\.?|bangkok",
}
_ANNOUNCED = "|".join(f"(?P<{part}>{words})" for part, words in _WORDS.items())
# Glued to what stands before it, a word is one where no name goes on, or where it is a word of addresses only.
_GLUED = (
    r"(?P<glued_soi>ซอย|ซ\.)(?=\s*[0-9])|(?P<glued_road>ถนน)|(?P<glued_subdistrict>แขวง)|(?P<glued_district>เขต)"
    r"|(?<=[0-9)])(?:(?P<glued2_trok>ตรอก)|(?P<glued2_soi>ซอย|ซ\.)|(?P<glued2_road>ถ\.))"
    r"|(?P<glued_number>บ้านเลขที่|เลขที่)(?=\s?[0-9])"
    r"|(?<=[0-9)])(?P<glued_moo>หมู่\s?ที่|หมู่|ม\.)(?=\s?[0-9])"
)
_WORD = re.compile(rf"(?:^|(?<=[\s,;(]))(?:{_ANNOUNCED})|{_GLUED}", re.IGNORECASE)
_PLACES = ("moo", "trok", "soi", "road", "subdistrict", "district", "short")
_LANES = ("trok", "soi", "road")
_AGAIN = {"trok": "{} ตรอก{}", "soi": "{} ซ.{}", "road": "{} ถ.{}"}

_OWN_WORD = {"trok": "ตรอก", "soi": "ซอย", "road": "ถนน"}
_MORE_THAN_LANES = re.compile(r"หมู่|(?:^|\s)ม\.|moo|แขว[งน]|ตำบล|(?<=\s)[ตข]\.|เขต|อำเภอ|กทม|กรุงเทพ", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<=[ก-๎.])(?<!ที่)\s?(?:รหัส(?:ไปรษณีย์)?\s?)?10[0-9]{3}$")
_CITY_BEHIND = re.compile(r"\s?(?:กรุงเทพ(?:มหานคร|ฯ)?|กทม\.?)?\s?(?:10[0-9]{3})?$")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_BANGKOK = re.compile(r"(?:กรุงเทพ(?:มหานคร|ฯ)?|กทม\.?)?")
_NUMBERED_NAME = re.compile(r"[ก-ฮเแโใไ].*?[\s-]?[0-9]+(?:/[0-9]+)*(?: ?แยก ?[0-9]+)?")
_NAME = re.compile(r"[ก-ฮเแโใไ][ก-๎. ]*")
_AFTER_NUMBER = re.compile(r"(.*?[0-9])\s+([ก-๎][^0-9]*)")
_NUMBER_LAST = re.compile(r"(.*\S)\s+([0-9]+(?:/[0-9]+)*(?: ?[ก-ฮ]\.?)?)")
_DISTRICT_TAIL = re.compile(r"(.+?)(?:เขต|[\s/])\s?(\S+)")
_EDGES = " ,;:"
_LONGEST = 300


@dataclass(slots=True)
class WholeAddress:
    """What one cell says of an address, each part as typed, "" where it says nothing.

    `more` are parts that the register does not have (a room, an estate, another province), `note` what is no
    address; `is_certain` whether each part was announced by its own word, or can be nothing else.
    """

    house_no: str = ""
    moo: str = ""
    trok: str = ""
    soi: str = ""
    road: str = ""
    subdistrict: str = ""
    district: str = ""
    more: str = ""
    note: str = ""
    is_certain: bool = True


def take_apart(text: str, subdistricts: Collection[str] = ()) -> WholeAddress | None:
    """Take an address in one cell apart; None if no word in the cell announces a part of one. Never raises.

    `subdistricts` are the names of the district's sub-districts, which a cell may give without their word.
    """
    if len(text) > _LONGEST:
        return None
    text = _written(text)
    if not any(str(word.lastgroup).rpartition("_")[2] in _PLACES for word in _WORD.finditer(text)):
        return None
    return _taken_apart(text, subdistricts)


def take_column_apart(text: str, subdistricts: Collection[str] = ()) -> WholeAddress:
    """Take a cell apart of which its column says that it is an address, if no word in it does: "12/3 เทอดไท 5"."""
    return _taken_apart(_written(text[:_LONGEST]), subdistricts)


def take_lane_apart(lane: str, text: str, subdistricts: Collection[str] = ()) -> WholeAddress | None:
    """Take the cell of a lane ("trok", "soi", "road") apart where it names more: "5 แขวงบางยี่เรือ"; else None."""
    if not _MORE_THAN_LANES.search(text) or len(text) > _LONGEST:
        return None
    text = _written(text)
    return _taken_apart(text if _WORD.match(text) else f"{_OWN_WORD[lane]} {text}", subdistricts)


@lru_cache(maxsize=4096)
def gives_a_house(text: str) -> bool:
    """Whether a text is an address that begins with a house number or announces one: no mere lane, as a heading is."""
    if len(text) > _LONGEST:
        return False
    pieces = list(_pieces(_written(text)))
    is_address = any(part in _PLACES for part, _said in pieces)
    return is_address and any(
        part in ("", "number") and numbers_at_start(said.strip(_EDGES))[0] for part, said in pieces
    )


def is_numbered_name(text: str) -> bool:
    """Whether words behind a house number look like a soi without its word: a name that ends in a number."""
    text = text.strip(_EDGES)
    return _NUMBERED_NAME.fullmatch(text) is not None and not is_harmless(text)


def _written(text: str) -> str:
    return to_arabic_digits(clean(text)).strip("'\"’‘ ")


def _taken_apart(text: str, subdistricts: Collection[str]) -> WholeAddress:
    reading = _Reading(WholeAddress(), subdistricts)
    for part, said in _pieces(reading.without_remarks(_POSTCODE.sub("", text))):
        reading.add(part, said)
    reading.place_the_rest()
    return reading.address


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text between the words, each piece under the part that the word before it announces, "" for the first."""
    part, begin = "", 0
    for word in _WORD.finditer(text):
        glued, _, named = str(word.lastgroup).rpartition("_")
        if glued and named == "district" and part != "subdistrict":
            continue
        yield part, text[begin : word.start()]
        part, begin = named, word.end()
    yield part, text[begin:]


class _Reading:
    """An address while its pieces are put in their places."""

    def __init__(self, address: WholeAddress, subdistricts: Collection[str]) -> None:
        self.address = address
        self._subdistricts = subdistricts
        self._rest: list[str] = []

    def without_remarks(self, text: str) -> str:
        """The text without what stands in brackets and is a remark."""
        return _BRACKETS.sub(lambda found: " " if self._takes_as_note(found[1]) else found[0], text)

    def add(self, part: str, said: str) -> None:
        """Take one piece under the part that a word announced."""
        said = said.strip(_EDGES)
        if part in _LANES:
            self._add_lane(part, said)
        elif part in ("subdistrict", "district", "short"):
            self._add_area(part, said.strip("."))
        elif part == "more":
            self.address.more += said or part
        elif part == "province":
            self.address.more += "" if _BANGKOK.fullmatch(said) else said
        else:
            self._add_number("moo" if part == "moo" else "house_no", said, is_announced=part != "")

    def _add_number(self, part: str, said: str, *, is_announced: bool) -> None:
        numbers, rest = numbers_at_start(said)
        if numbers and not getattr(self.address, part):
            setattr(self.address, part, numbers)
            said = rest.strip(_EDGES)
        elif is_announced and said.strip("-. "):
            self.address.is_certain = False
        self._leave(said.strip("-"))

    def _add_lane(self, part: str, said: str) -> None:
        said, behind = self._lane_and_rest(part, said)
        self._leave(behind)
        before = getattr(self.address, part)
        self.address.is_certain &= bool(said)
        setattr(self.address, part, _AGAIN[part].format(before, said) if before and said else before or said)

    def _lane_and_rest(self, part: str, said: str) -> tuple[str, str]:
        """A lane's name and what stands behind it without a word: a known sub-district, the soi's road, a remark."""
        words = said.split(" ")
        for place, word in enumerate(words[1:], start=1):
            behind = " ".join(words[place:])
            if word in self._subdistricts or (part == "road" and word == words[0]):
                return " ".join(words[:place]), behind
            if (remark_in(word) or without_persons(word) != word) and self._takes_as_note(behind):
                return " ".join(words[:place]), ""
        tail = _AFTER_NUMBER.fullmatch(said)
        if tail is None:
            return said, ""
        if self._takes_as_note(tail[2]):
            return tail[1], ""
        return (tail[1], tail[2]) if part == "soi" and tail[1].startswith(tail[2]) else (said, "")

    def _add_area(self, part: str, said: str) -> None:
        """A sub-district or district; "แขวงบางยี่เรือ ธนบุรี" names both, "ข." and "ต." are told by the name."""
        said = _CITY_BEHIND.sub("", said)
        known = said.replace(" ", "") in self._subdistricts
        if part == "short":
            self.address.is_certain &= known
            part = "subdistrict" if known else "district"
        tail = _DISTRICT_TAIL.fullmatch(said)
        if part == "subdistrict" and not known and tail and tail[1].replace(" ", "") in self._subdistricts:
            said = tail[1]
            self.address.district = self.address.district or tail[2]
        if getattr(self.address, part) not in ("", said):
            self.address.is_certain = False
        setattr(self.address, part, said)

    def _leave(self, said: str) -> None:
        if said:
            self._rest.append(said)

    def place_the_rest(self) -> None:
        """Find a place for what no word announced."""
        for said in self._rest:
            self._place(said)
        if not self.address.house_no:
            self._take_number_behind_a_lane()

    def _place(self, said: str) -> None:
        address = self.address
        if self._takes_as_note(said) or _BANGKOK.fullmatch(said):
            return
        if self._is_area(said):
            self._place_area(said)
        elif _NUMBERED_NAME.fullmatch(said) and not address.soi:
            address.soi = said
            # The stated road's name and a number is that road's soi.
            of_road = read_address(soi=said, road=address.road)
            address.is_certain &= bool(address.road) and of_road.soi.startswith(f"{of_road.road} ")
        elif _NAME.fullmatch(said) and not address.road:
            address.is_certain &= address.soi.startswith(f"{said} ")
            address.road = said
        else:
            address.more, address.is_certain = f"{address.more} {said}".strip(), False

    def _is_area(self, said: str) -> bool:
        return said.split(" ")[0] in self._subdistricts

    def _place_area(self, said: str) -> None:
        """A known sub-district's name without its word, the district's behind it perhaps."""
        name, _, district = said.partition(" ")
        address = self.address
        if address.subdistrict in ("", name):
            address.is_certain &= address.subdistrict == name or bool(district or address.district)
            address.subdistrict = name
        else:
            address.is_certain = False
        address.district = address.district or district

    def _take_number_behind_a_lane(self) -> None:
        for part in ("road", "soi", "trok"):
            found = _NUMBER_LAST.fullmatch(getattr(self.address, part))
            if found and (part == "road" or found[1][-1:].isdigit()):
                setattr(self.address, part, found[1])
                self.address.house_no, self.address.is_certain = found[2], False
                return

    def _takes_as_note(self, said: str) -> bool:
        kept = without_persons(said)
        is_note = kept != said or remark_in(said) or is_harmless(said) or speaks_of_another_number(said)
        if is_note:
            self.address.note = f"{self.address.note} {kept}".strip()
        return bool(is_note)
