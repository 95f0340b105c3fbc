"""Other names of lanes that people's decisions teach, ready to be confirmed (the actions are in `aliases`).

A row that a person settled with a house whose lane it names differently is evidence of another name. Two
such houses make a proposal; names decided to mean different lanes, or that the register has for a lane of
its own, are told as contradictions and never proposed.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from communities.models import District

from .addresses import Address
from .models import Alias, HouseNumberRecord, Sender
from .other_names import OtherName, only_difference
from .row_lines import RowLine, row_lines
from .row_reasons import Outcome, Reason

# The second same decision makes a proposal: about two houses, since one house may stand in two lists.
ENOUGH_HOUSES = 2
ROWS_SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Scope:
    """For whose lists a name may be confirmed (None: everybody's), and how many waiting rows would find their house."""

    sender: Sender | None
    would_match: int


@dataclasses.dataclass(frozen=True)
class Proposal:
    """Another name of a lane: the number of houses decided so, some of their rows, and for whom it may be used."""

    name: OtherName
    houses: int
    rows: Sequence[RowLine]
    scopes: Sequence[Scope]

    @property
    def part_label(self) -> str:
        """The part of the address that the name belongs to, in words."""
        return str(Alias.Part(self.name.part).label)


@dataclasses.dataclass(frozen=True)
class Contradiction:
    """A written name that cannot be learned, and why.

    `meanings` are the lanes that people decided it to mean with the number of houses, 0 for one that is in use;
    `is_registered`: the register has the name for a lane of its own.
    """

    part: Alias.Part
    written: str
    meanings: Sequence[tuple[str, int]]
    is_registered: bool


@dataclasses.dataclass(frozen=True)
class Learned:
    """What the decisions of a district teach: names to confirm, most houses first, and names that contradict."""

    proposals: Sequence[Proposal]
    contradictions: Sequence[Contradiction]


@dataclasses.dataclass(frozen=True, slots=True)
class _Evidence:
    """A row that a person settled with a house whose lane it names differently."""

    record: int
    house: int
    sender: int | None
    name: OtherName


# The newest decision of each row, where a person made it and the house bears the number that the row states.
# A ditto's lane is the row's above: it says nothing of how lanes are written.
SETTLED_OTHERWISE = """
SELECT r.id, h.id, l.sender_id, r.subdistrict_id = h.subdistrict_id,
       r.trok_key, r.soi_key, r.road_key, h.trok_key, h.soi_key, h.road_key
FROM households_houselist l
JOIN households_housenumberrecord r ON r.house_list_id = l.id
JOIN households_rowdecision d ON d.record_id = r.id
JOIN households_houseregistration h ON h.id = d.house_id
WHERE l.district_id = %(district)s
  AND r.outcome = ANY(%(settled)s) AND d.outcome = r.outcome AND d.reason = ANY(%(by_people)s)
  AND NOT EXISTS (SELECT 1 FROM households_rowdecision newer WHERE newer.record_id = r.id AND newer.id > d.id)
  AND h.number_key = ANY(r.number_keys) AND r.doubt <> %(ditto)s
  AND (r.soi_key NOT IN ('', h.soi_key) OR r.trok_key NOT IN ('', h.trok_key) OR r.road_key NOT IN ('', h.road_key))
ORDER BY r.id DESC
"""

# The waiting rows of each name that bear the number of a live house in the lane meant and do not name
# another sub-district. A road's name also stands at the beginning of the names of its soi.
ROWS_THAT_WOULD_MATCH = """
SELECT name.nth, count(DISTINCT r.id)
FROM unnest(%(parts)s::text[], %(written)s::text[], %(meant)s::text[], %(senders)s::bigint[]) WITH ORDINALITY
    AS name(part, written, meant, sender, nth)
JOIN households_houselist l ON l.district_id = %(district)s AND (name.sender IS NULL OR l.sender_id = name.sender)
JOIN households_housenumberrecord r ON r.house_list_id = l.id AND r.outcome = %(open)s
    AND (name.part = 'trok' AND r.trok_key = name.written
         OR name.part = 'soi' AND r.soi_key = name.written
         OR name.part = 'road' AND r.road_key = name.written)
JOIN households_houseregistration h ON h.district_id = %(district)s AND h.state = 'live'
    AND h.number_key = ANY(r.number_keys) AND coalesce(r.subdistrict_id, h.subdistrict_id) = h.subdistrict_id
    AND CASE name.part
        WHEN 'trok' THEN h.trok_key = name.meant
        WHEN 'soi' THEN h.soi_key = name.meant
        ELSE h.road_key = name.meant AND h.soi_key = CASE
            WHEN starts_with(r.soi_key, name.written || ' ')
            THEN name.meant || substr(r.soi_key, length(name.written) + 1) ELSE r.soi_key END
        END
GROUP BY name.nth
"""

NAMES_OF_THE_REGISTER = """
SELECT 'trok', trok_key FROM households_houseregistration
WHERE district_id = %(district)s AND state = 'live' AND trok_key = ANY(%(names)s)
UNION SELECT 'soi', soi_key FROM households_houseregistration
WHERE district_id = %(district)s AND state = 'live' AND soi_key = ANY(%(names)s)
UNION SELECT 'road', road_key FROM households_houseregistration
WHERE district_id = %(district)s AND state = 'live' AND road_key = ANY(%(names)s)
"""

SETTLED = [Outcome.TAGGED.value, Outcome.UNCHANGED.value]
BY_PEOPLE = [Reason.CHOSEN.value, Reason.CONFIRMED.value]


def learned(district: District) -> Learned:
    """What people's decisions teach about the names of the district's lanes, in a fixed number of queries.

    Names in use already, and names that a person withdrew or refused, are not proposed again.
    """
    known = list(Alias.objects.filter(district=district))
    by_written: dict[tuple[str, str], list[_Evidence]] = defaultdict(list)
    for one in _evidence(district):
        if not _is_known(one, known):
            by_written[one.name.part, one.name.written].append(one)
    registered = _registered_names(district, by_written)
    clear: list[list[_Evidence]] = []
    contradictions = []
    for (part, written), rows in by_written.items():
        if not _is_enough(rows):
            continue
        meanings = _houses_by_meaning(rows) | _other_meanings_in_use(rows, known)
        if len(meanings) > 1 or (part, written) in registered:
            told = sorted(meanings.items(), key=lambda meaning: (-meaning[1], meaning[0]))
            contradictions.append(Contradiction(Alias.Part(part), written, told, (part, written) in registered))
        else:
            clear.append(rows)
    return Learned(_proposals(district, clear), contradictions)


def _evidence(district: District) -> list[_Evidence]:
    with connection.cursor() as cursor:
        cursor.execute(
            SETTLED_OTHERWISE,
            {"district": district.pk, "settled": SETTLED, "by_people": BY_PEOPLE, "ditto": Reason.DITTO.value},
        )
        rows = cursor.fetchall()
    found = []
    for record, house, sender, same_subdistrict, *keys in rows:
        name = only_difference(Address(*keys[:3]), Address(*keys[3:]))
        if name and (same_subdistrict or not name.leaves_number_out):
            found.append(_Evidence(record, house, sender, name))
    return found


def _is_known(one: _Evidence, known: Iterable[Alias]) -> bool:
    """Whether the name was confirmed, withdrawn or refused for this row's lists already."""
    return any(
        alias.part == one.name.part
        and alias.sender_id in (None, one.sender)
        and (one.name.written, one.name.meant) in alias.pairs
        for alias in known
    )


def _registered_names(district: District, written: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        names = sorted({name for _part, name in written})
        cursor.execute(NAMES_OF_THE_REGISTER, {"district": district.pk, "names": names})
        return set(cursor.fetchall())


def _is_enough(rows: Iterable[_Evidence]) -> bool:
    return len({one.house for one in rows}) >= ENOUGH_HOUSES


def _houses_by_meaning(rows: Iterable[_Evidence]) -> dict[str, int]:
    houses: dict[str, set[int]] = defaultdict(set)
    for one in rows:
        houses[one.name.meant].add(one.house)
    return {meant: len(found) for meant, found in houses.items()}


def _other_meanings_in_use(rows: Sequence[_Evidence], known: Iterable[Alias]) -> dict[str, int]:
    """The lanes that the written name stands for already in the lists of these rows' senders."""
    senders = {None} | {one.sender for one in rows}
    decided = {one.name.meant for one in rows}
    return {
        alias.meant: 0
        for alias in known
        if alias.withdrawn_at is None
        and (alias.part, alias.written) == (rows[0].name.part, rows[0].name.written)
        and alias.sender_id in senders
        and alias.meant not in decided
    }


def _proposals(district: District, clear: Sequence[Sequence[_Evidence]]) -> list[Proposal]:
    """The proposals, each from its rows; rows, senders and effect are read for all of them together."""
    scopes = [(rows[0].name, sender) for rows in clear for sender in _scopes(rows)]
    would_match = _rows_that_would_match(district, scopes)
    senders = Sender.objects.in_bulk({sender for _name, sender in scopes if sender is not None})
    shown = {one.record for rows in clear for one in rows[:ROWS_SHOWN]}
    lines = row_lines(HouseNumberRecord.objects.filter(pk__in=shown).select_related("house_list__sender"))
    by_record = {line.record.pk: line for line in lines}
    found = [
        Proposal(
            rows[0].name,
            len({one.house for one in rows}),
            [by_record[one.record] for one in rows[:ROWS_SHOWN]],
            [
                Scope(senders[sender] if sender is not None else None, would_match.get((rows[0].name, sender), 0))
                for sender in _scopes(rows)
            ],
        )
        for rows in clear
    ]
    return sorted(found, key=lambda one: (-one.houses, one.name.part, one.name.written))


def _scopes(rows: Iterable[_Evidence]) -> list[int | None]:
    """Everybody's lists, and one sender's alone where nobody else wrote the name."""
    senders = {one.sender for one in rows}
    return [None, *senders] if len(senders) == 1 and None not in senders else [None]


def _rows_that_would_match(
    district: District, names: Sequence[tuple[OtherName, int | None]]
) -> dict[tuple[OtherName, int | None], int]:
    """For each name and sender, how many waiting rows would find their house by it."""
    with connection.cursor() as cursor:
        cursor.execute(
            ROWS_THAT_WOULD_MATCH,
            {
                "district": district.pk,
                "open": Outcome.OPEN.value,
                "parts": [name.part for name, _sender in names],
                "written": [name.written for name, _sender in names],
                "meant": [name.meant for name, _sender in names],
                "senders": [sender for _name, sender in names],
            },
        )
        return {names[nth - 1]: rows for nth, rows in cursor.fetchall()}
