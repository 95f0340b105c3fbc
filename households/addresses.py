"""Trok, soi and road: one canonical key each, however a clerk wrote them.

"ซอยเทอดไท5", "ซ.เทอดไท ๕" and a bare "5" on ถนนเทอดไท all become "เทอดไท 5". A key is made by
removing noise only: two lanes with different names never share one. What cannot be read, or points
at the row above, makes the address `unclear`, and an unclear address is never an exact match.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from communities.thai_text import clean, sort_key, to_arabic_digits

Kind = Literal["trok", "soi", "road"]

_NOTHING = re.compile(r"[-._… ]*|ไม่มี(?:ซอย|ตรอก|ถนน|ชื่อ)?|ไม่ระบุ|n/a|none|null")
_DITTO_SIGN = re.compile(r"[\"“”„‟″〃↓⇓⬇|¦│]|,,|''|’’|´´|``")
_DITTO_WORDS = re.compile(
    r"(?:อัน|ที่|ซอย|ตรอก|ถนน|แถว)?เดียวกัน|เดียวกับ.*|(?:ตาม|ดัง|เหมือน|ดู|เช่น)?(?:แถว)?(?:ข้าง|ด้าน)?(?:บน|ต้น)|เหมือน(?:กัน|เดิม|.*บน)"
    r"|(?:เช่น|ดัง)(?:เดียวกัน|กล่าว|กัน)|ดังกล่าว|เดิม|[-ฯๆ ]+|ditto\.?|dto\.?|do\.?|same|as above"
)
_UNREADABLE = re.compile(r"[?\ufffd]|^[#=]|^0+$|^ไม่(?:ทราบ|แน่)|^[^0-9a-zก-ฮ]*$")

# Only a whole word, or an abbreviation with its full stop, announces a part: ถาวร and ตากสิน stay. "ตร.ม." and
# "ตร.ว." are square metres and wah.
LANE_WORDS: dict[Kind, str] = {
    "trok": r"ตรอก(?!\s?/\s?ซอย)|ตร\.(?!\s?[มว](?:\.|$))|trok(?![a-z])",
    "soi": r"ตรอก\s?/\s?ซอย|ซอย\s?/\s?ตรอก|(?:ซอย|ซ\.)\s?ซ\.|ซอย|ซ\.\s?ย\.|ซย\.|ซอ\.|ซ\."
    r"|soi(?![a-z])|s\.(?=\s?[0-9ก-ฮ])",
    "road": r"(?:ถนน|ถ\.)\s?ถ\.|ถนน|ถ\.\s?น\.|ถน\.|ถ\.|road(?![a-z])|rd(?![a-z])",
}
_ANY_WORD = "|".join(f"(?P<{kind}>{words})" for kind, words in LANE_WORDS.items())
# Glued to what stands before it, a word announces a part only where no name can go on: behind a number, or before one.
_MARKER = re.compile(
    rf"(?:^|(?<=[\s,(]))(?:{_ANY_WORD})|(?<=[0-9)])(?P<glued_trok>ตรอก)|(?P<glued_soi>ซอย|ซ\.)(?=\s*[0-9])"
    r"|(?<=[0-9)])(?P<glued_road>ถนน|ถ\.)"
)
# A single letter, and ต. (which elsewhere is ตำบล), counts only where its own column bears it out.
_OWN_LETTER = {
    "trok": re.compile(r"^(?:ต\.|ต\s)"),
    "soi": re.compile(r"^(?:ซ(?=\s|[0-9])|ซอ\s?(?=[0-9]))"),
    "road": re.compile(r"^ถ(?=\s|[0-9])"),
}
_KIND: dict[str, Kind] = {prefix + kind: kind for kind in LANE_WORDS for prefix in ("", "glued_")}
_SINGLE_LETTER_BEFORE_NUMBER = re.compile(r"(?<=[\s0-9])ซ\s?(?=[0-9])")

_NUMBER = r"[0-9]+(?:/[0-9]+)*"
_BARE = re.compile(rf"(?:ที่ ?)?({_NUMBER}(?: [ก-ฮ])?(?: แยก {_NUMBER})*)")
_ONE_NUMBER = re.compile(_NUMBER)
_NUMBER_AFTER_NUMBER = re.compile(r"(?<=[0-9]) (?=[0-9])")
_SPACES_ROUND_SIGN = re.compile(r"\s*([/-])\s*")
_SAID_SLASH = re.compile(r"(?<=[0-9])\s*ทับ\s*(?=[0-9])")
_DOT_BEFORE_NUMBER = re.compile(r"(?<=[^\s0-9])\.\s*(?=[0-9])|(?<=[ก-๎])-(?=[0-9])")
_NAME_IN_BRACKETS = re.compile(r"([0-9/]+) ?\(([^()]+)\)")
_LETTER_BEFORE_NUMBER = re.compile(r"(?<=[^\s0-9/.\-(])(?=[0-9])")
_NUMBER_BEFORE_LETTER = re.compile(r"(?<=[0-9])(?=[^\s0-9/.,\-)])")
_LEADING_ZEROS = re.compile(r"(?<![0-9.])0+(?=[0-9])")
_SPACE_IN_THAI = re.compile(r"(?<=[ก-๎.]) (?=[ก-๎])")
EDGES = " .,:;-_'"
# A longer cell is a remark, not a lane.
_LONGEST = 200
# Between lanes where a row names two of a kind; no name contains it.
_AND = " + "


@dataclass(frozen=True, slots=True)
class Address:
    """The canonical keys of a house's lane and road; "" where the source states none.

    `unclear`: some cell was a ditto mark, could not be read, or contradicts another.
    """

    trok: str = ""
    soi: str = ""
    road: str = ""
    unclear: bool = False

    @property
    def soi_is_bare(self) -> bool:
        """Whether the soi is a number alone, whose road the source does not state."""
        return _BARE.fullmatch(self.soi) is not None


@dataclass(slots=True)
class _Reading:
    """What the cells of one row say so far."""

    names: dict[Kind, list[str]]
    unclear: bool = False


def read_address(*, trok: str = "", soi: str = "", road: str = "") -> Address:
    """Read the three cells of a row into one address; never raises.

    A cell that names its own kind ("ตรอก…" in the soi column) is read as that kind. A bare number
    in the soi or trok is that lane of the row's road.
    """
    return _read(trok[: _LONGEST + 1], soi[: _LONGEST + 1], road[: _LONGEST + 1])


def lane_order(address: Address) -> str:
    """Text that sorts under COLLATE "C" by road, soi, trok; 2 before 10, 17 before 17/1."""
    # A tab cannot be in a key and sorts before everything that can.
    return "\t".join(sort_key(part) for part in (address.road, address.soi, address.trok))


def lane_name(text: str) -> str:
    """A name typed alone, or a part of one, written as the keys are: "เทอดไท๕" is "เทอดไท 5"."""
    return _canonical(to_arabic_digits(clean(text)).casefold())


@lru_cache(maxsize=65_536)
def _read(trok: str, soi: str, road: str) -> Address:
    reading = _Reading({"trok": [], "soi": [], "road": []})
    _take_cell("road", road, reading)
    _take_cell("soi", soi, reading)
    _take_cell("trok", trok, reading)
    road_key = _only_one(reading, "road", "")
    return Address(
        trok=_only_one(reading, "trok", road_key),
        soi=_only_one(reading, "soi", road_key),
        road=road_key,
        unclear=reading.unclear,
    )


def _take_cell(column: Kind, text: str, reading: _Reading) -> None:
    """Add what one cell says to the reading, under the kinds that the cell itself names."""
    reading.unclear |= len(text) > _LONGEST
    text = to_arabic_digits(clean(text)).casefold()
    if _DITTO_SIGN.search(text):
        reading.unclear = True
        text = _DITTO_SIGN.sub("", text)
    for kind, name in _parts(column, text):
        if _NOTHING.fullmatch(name):
            continue
        if _DITTO_WORDS.fullmatch(name):
            reading.unclear = True
            continue
        reading.unclear |= _UNREADABLE.search(name) is not None
        reading.names[kind].append(_apart_from_road(name, reading) or _canonical(name))


def _parts(column: Kind, text: str) -> list[tuple[Kind, str]]:
    """Split "ซอยเทอดไท 5 ถนนเทอดไท" at the words that announce a part."""
    text = _SINGLE_LETTER_BEFORE_NUMBER.sub("ซ.", _OWN_LETTER[column].sub("", text))
    parts: list[tuple[Kind, str]] = []
    kind, begin = column, 0
    for marker in _MARKER.finditer(text):
        _add_part(parts, kind, text[begin : marker.start()])
        kind, begin = _KIND[str(marker.lastgroup)], marker.end()
    _add_part(parts, kind, text[begin:])
    return parts


def _add_part(parts: list[tuple[Kind, str]], kind: Kind, text: str) -> None:
    """Add a part; "เทศบาลสาย 1 ซ.3" is one soi, not two, so a number joins the soi before it."""
    name = _without_half_a_bracket(text.strip(EDGES))
    bare = _BARE.fullmatch(_canonical(name))
    if parts and parts[-1][0] == kind == "soi" and bare:
        name = _numbered(_canonical(parts.pop()[1]), bare[1])
    # Signs alone are kept: a ditto mark says something, half a bracket nothing.
    if said := name or text.strip(" ()"):
        parts.append((kind, said))


def _without_half_a_bracket(name: str) -> str:
    """The name without brackets round it, or the one a marker cut off: "5 (ถ.เทอดไท)" is "5 (" and "เทอดไท)"."""
    if name.startswith("(") and ")" not in name[:-1]:
        name = name[1:].strip(EDGES)
    if name.endswith("(") or (name.endswith(")") and "(" not in name):
        name = name[:-1].strip(EDGES)
    return name


def _canonical(name: str) -> str:
    """Write a name with one space before its number and none inside its Thai words."""
    name = _SPACES_ROUND_SIGN.sub(r"\1", _SAID_SLASH.sub("/", name.strip(EDGES)))
    name = _DOT_BEFORE_NUMBER.sub(" ", name)
    name = _LETTER_BEFORE_NUMBER.sub(" ", name)
    name = _NUMBER_BEFORE_LETTER.sub(" ", name)
    name = _LEADING_ZEROS.sub("", name)
    name = _SPACE_IN_THAI.sub("", " ".join(name.split()))
    return _NUMBER_AFTER_NUMBER.sub(" ซอย ", name)


def _apart_from_road(name: str, reading: _Reading) -> str:
    """Read "เทศบาลสาย31" on the road "เทศบาลสาย 3" as its soi 1; "" where that is not the case."""
    for road in reading.names["road"]:
        number = name.removeprefix(road.replace(" ", ""))
        if road[-1:].isdigit() and number != name and _ONE_NUMBER.fullmatch(number):
            return _numbered(road, number)
    return ""


def _numbered(name: str, number: str) -> str:
    """A soi by its road and number, told apart from a number that belongs to the road's name."""
    return f"{name} ซอย {number}" if name[-1:].isdigit() else f"{name} {number}"


def _only_one(reading: _Reading, kind: Kind, road: str) -> str:
    """The key for a kind of lane; two that differ are both kept, and the reading is unclear."""
    keys = dict.fromkeys(key for name in reading.names[kind] if (key := _of_road(name, road, reading)))
    reading.unclear |= len(keys) > 1
    return _AND.join(keys)


def _of_road(name: str, road: str, reading: _Reading) -> str:
    """A bare number is the soi of that number of the road, "5 (เทอดไท)" that of เทอดไท; any other name stays."""
    named = _NAME_IN_BRACKETS.fullmatch(name)
    if named and (not road or named[2] == road):
        # Without a road the name in brackets may be another name of the soi itself.
        reading.unclear |= not road
        return _numbered(named[2], named[1])
    bare = _BARE.fullmatch(name)
    if bare is None:
        return name
    return _numbered(road, bare[1]) if road else bare[1]
