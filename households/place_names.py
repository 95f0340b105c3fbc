"""Which lanes, communities and sub-districts of a district a typed name means.

A name is matched by any part of it ("ดไท" is in เทอดไท). A number in it is matched whole: "เทอดไท 5" is neither soi 50
nor soi 5/1. Where nothing says what kind of place is meant, kinds are tried in one order, and the others told beside.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .addresses import lane_name
from .search_box import HouseCode, Kind, Name, Numbers, Reading

_MOST_ALIKE = 4
_ALIKE = 0.55


@dataclass(frozen=True, slots=True)
class LaneNames:
    """A lane by its order in the register and by the keys of its names; "" where it has none of a kind."""

    order: str
    trok: str
    soi: str
    road: str


@dataclass(frozen=True, slots=True)
class Named:
    """A community or sub-district: its id, its code ("" for none), and its name."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The places that a name means: orders of lanes, or ids of communities or sub-districts, and of which kind.

    `also` are the other kinds in which the name has a meaning.
    """

    name: Name
    kind: Kind
    lanes: frozenset[str] = frozenset()
    ids: frozenset[int] = frozenset()
    also: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What the text means in the district: at most one of each, names with their meanings."""

    code: HouseCode | None = None
    numbers: Numbers | None = None
    names: tuple[Meaning, ...] = ()

    @property
    def lanes(self) -> frozenset[str] | None:
        """The lanes that bear all names of lanes; None where none is named."""
        named = [meaning.lanes for meaning in self.names if meaning.lanes]
        return frozenset.intersection(*named) if named else None

    def ids(self, kind: Kind) -> frozenset[int] | None:
        """The communities or sub-districts named; None where none is."""
        return next((meaning.ids for meaning in self.names if meaning.kind == kind), None)


@dataclass(frozen=True)
class Places:
    """The places of a district among which names are looked for."""

    lanes: Sequence[LaneNames]
    communities: Sequence[Named]
    subdistricts: Sequence[Named]

    def understand(self, readings: Iterable[Reading]) -> Understood | None:
        """The first reading of which every name is known and all names together can be meant; None if there is none."""
        known: dict[Name, Meaning | None] = {}
        for reading in readings:
            for part in reading:
                if isinstance(part, Name) and part not in known:
                    known[part] = self.meaning(part)
            understood = _understood(reading, known)
            if understood is not None:
                return understood
        return None

    def meaning(self, name: Name) -> Meaning | None:
        """What the name means here; None for a name that no place bears."""
        tried: list[tuple[Kind, Callable[[Name], Meaning | None]]] = [
            (Kind.COMMUNITY, self._community_called),
            (Kind.LANE, self._lanes),
            (Kind.COMMUNITY, self._communities),
            (Kind.SUBDISTRICT, self._subdistricts),
        ]
        wanted = Kind.LANE if name.kind in (Kind.SOI, Kind.ROAD) else name.kind
        found = [meaning for kind, look in tried if wanted in (Kind.ANY, kind) and (meaning := look(name))]
        if not found:
            return None
        others = dict.fromkeys(meaning.kind for meaning in found if meaning.kind != found[0].kind)
        return Meaning(name, found[0].kind, found[0].lanes, found[0].ids, tuple(others))

    def alike(self, name: Name) -> list[str]:
        """Names of places that are spelt like this one, the likest first."""
        names = {key: key for lane in self.lanes for key in (lane.soi, lane.trok, lane.road) if key}
        names |= {_bare(place.name): place.name for place in (*self.communities, *self.subdistricts)}
        return [names[key] for key in difflib.get_close_matches(name.key, names, _MOST_ALIKE, _ALIKE)]

    def _community_called(self, name: Name) -> Meaning | None:
        """The community of exactly that name or code."""
        ids = frozenset(place.id for place in self.communities if name.key in (place.code, _bare(place.name)))
        return Meaning(name, Kind.COMMUNITY, ids=ids) if ids else None

    def _communities(self, name: Name) -> Meaning | None:
        ids = frozenset(place.id for place in self.communities if bears(_bare(place.name), name.key))
        return Meaning(name, Kind.COMMUNITY, ids=ids) if ids else None

    def _subdistricts(self, name: Name) -> Meaning | None:
        ids = frozenset(place.id for place in self.subdistricts if bears(_bare(place.name), name.key))
        return Meaning(name, Kind.SUBDISTRICT, ids=ids) if ids else None

    def _lanes(self, name: Name) -> Meaning | None:
        keys = [(lane.order, _names_of(lane, name.kind)) for lane in self.lanes]
        found = frozenset(order for order, names in keys if name.key in names)
        if not found or not name.key[-1].isdigit():
            # A whole name that ends with a number is that lane alone; any other one may be a part of others.
            found |= {order for order, names in keys if any(bears(key, name.key) for key in names)}
        return Meaning(name, Kind.LANE, lanes=found) if found else None


def bears(key: str, part: str) -> bool:
    """Whether `part` stands in the key, its numbers whole; a number alone is the number of a lane: its last."""
    return part in key and _bearing(part)(key)


@functools.lru_cache(maxsize=256)
def _bearing(part: str) -> Callable[[str], bool]:
    """Whether a key in which the part stands somewhere bears it; a district's many keys are asked about one part."""
    if not re.search(r"[^\W\d_]", part):
        return lambda key: key == part or key.endswith(f" {part}")
    before = r"(?<![0-9/])" if part[0].isdigit() else ""
    behind = r"(?![0-9/])" if part[-1].isdigit() else ""
    if not before and not behind:
        return lambda key: True
    whole = re.compile(before + re.escape(part) + behind)
    return lambda key: whole.search(key) is not None


def _names_of(lane: LaneNames, kind: Kind) -> tuple[str, ...]:
    if kind == Kind.ROAD:
        return (lane.road,)
    return (lane.soi, lane.trok) if kind == Kind.SOI else (lane.soi, lane.trok, lane.road)


@functools.lru_cache(maxsize=65_536)
def _bare(name: str) -> str:
    """The name of a community or sub-district as names are compared, without the word community."""
    return lane_name(name).removeprefix("ชุมชน").strip()


def _understood(reading: Reading, known: dict[Name, Meaning | None]) -> Understood | None:
    names = [known[part] for part in reading if isinstance(part, Name)]
    meanings = tuple(meaning for meaning in names if meaning is not None)
    kinds = [meaning.kind for meaning in meanings if meaning.kind != Kind.LANE]
    understood = Understood(
        code=next((part for part in reading if isinstance(part, HouseCode)), None),
        numbers=next((part for part in reading if isinstance(part, Numbers)), None),
        names=meanings,
    )
    fits = len(meanings) == len(names) and len(set(kinds)) == len(kinds) and understood.lanes != frozenset()
    return understood if fits else None
