"""A staged extract against a district's register, in a handful of statements whatever the number of houses."""

from __future__ import annotations

import datetime
import io
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.register_extract import COPIED

_PARTS = ("house_no", "moo", "trok", "soi", "road")
_KEYS = ("number_key", "number_order", "trok_key", "soi_key", "road_key", "lane_order")


@dataclass(frozen=True)
class Facts:
    """What every event of one load shares: ids of district and doer, the two days, the letter."""

    district: int
    by: int
    happened_on: datetime.date
    counted_on: datetime.date
    letter: str


@dataclass(frozen=True)
class Differences:
    """Houses by what the extract did to them; each counts once.

    `waiting` are beside these: what the office did to them is not in the extract yet, and stays.
    """

    new: int
    changed: int
    struck: int
    vanished: int
    waiting: int


def bring_up_to_date(copy_text: str, facts: Facts, *, also_changing: str = "") -> Differences:
    """Make the register say what the extract says and append an event for every difference.

    Must run in a transaction that holds the district's row. `copy_text` is `register_extract.Extract.copy_text`.
    `also_changing` is a query of the ids of houses that the caller will change afterwards (it may name the `facts`):
    all are locked together, in the order in which tagging locks them.
    """
    shared = asdict(facts)
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_STAGED)
        cursor.copy_expert(_COPY, io.StringIO(copy_text))
        waiting = _leave_acts_of_the_office(cursor, shared)
        cursor.execute(_MAKE_DIFFERENCE, shared)
        more = [_DONE_THERE] if waiting is not None else []
        if also_changing or more:
            cursor.execute(_LOCK_MORE.format(" UNION ALL ".join([*more, *filter(None, [also_changing])])), shared)
        if more:
            cursor.execute(_SETTLE, shared)
        cursor.execute(_LOCK_AND_COUNT)
        changed, struck, vanished = cursor.fetchone()
        if changed is not None:
            cursor.execute(_UPDATE)
            cursor.execute(_UPDATE_VANISHED)
            cursor.execute(_APPEND_EVENTS, shared)
        cursor.execute(_INSERT_NEW, shared)
        (new,) = cursor.fetchone()
        cursor.execute("DROP TABLE IF EXISTS staged_extract, extract_difference, still_to_be_done")
    return Differences(new=new, changed=changed or 0, struck=struck or 0, vanished=vanished or 0, waiting=waiting or 0)


def _leave_acts_of_the_office(cursor: CursorWrapper, shared: dict[str, Any]) -> int | None:
    """Lets the staged extract say what the office did where it still says what was before.

    Returns of how many houses; None where no act of the office awaits the central register.
    """
    cursor.execute(_ANY_ACT_WAITS, shared)
    if not cursor.fetchone()[0]:
        return None
    cursor.execute(_MAKE_STILL_TO_BE_DONE, shared)
    cursor.execute(_STATE_STAYS)
    cursor.execute(_NUMBER_STAYS)
    cursor.execute("SELECT count(*) FROM still_to_be_done")
    return cursor.fetchone()[0]


def _each(template: str, columns: tuple[str, ...]) -> str:
    return ", ".join(template.format(column) for column in columns)


# A state changes by an act of the office, or in a transaction that says that it loads an extract (trigger).
_MAKE_STAGED = f"""
SET LOCAL office.loads_extract = 'on';
CREATE TEMP TABLE staged_extract ON COMMIT DROP AS
    SELECT {", ".join("''::text AS subdistrict_code" if name == "subdistrict_code" else name for name in COPIED)}
    FROM households_houseregistration LIMIT 0
"""

_COPY = f"COPY staged_extract ({', '.join(COPIED)}) FROM STDIN"

_ANY_ACT_WAITS = """
SELECT EXISTS (SELECT FROM households_houseregistration WHERE district_id = %(district)s AND awaits_central <> '')
"""

# Of which houses the extract still shows what the office has changed: the state, or a number before its correction.
_MAKE_STILL_TO_BE_DONE = """
CREATE TEMP TABLE still_to_be_done ON COMMIT DROP AS
    SELECT h.id, h.house_code, h.state, h.house_no, h.number_key, h.number_order,
           waits.for_state, waits.for_number,
           concat_ws('_', CASE WHEN waits.for_state THEN h.state END, CASE WHEN waits.for_number THEN 'number' END)
               AS still_awaits
    FROM households_houseregistration h
    JOIN staged_extract s ON s.house_code = h.house_code
    CROSS JOIN LATERAL (
        SELECT h.awaits_central ~ '^(struck|live)' AND s.state <> h.state AS for_state,
               h.awaits_central ~ 'number$' AND s.house_no <> h.house_no AND EXISTS (
                   SELECT FROM households_lifeevent e WHERE e.house_id = h.id
                   AND e.ground IN ('number_corrected', 'renumbered') AND e.before ->> 'house_no' = s.house_no
               ) AS for_number
    ) waits
    WHERE h.district_id = %(district)s AND h.awaits_central <> '' AND (waits.for_state OR waits.for_number)
"""

_STATE_STAYS = """
UPDATE staged_extract s SET state = kept.state
FROM still_to_be_done kept WHERE kept.house_code = s.house_code AND kept.for_state
"""

_NUMBER_STAYS = """
UPDATE staged_extract s
SET house_no = kept.house_no, number_key = kept.number_key, number_order = kept.number_order
FROM still_to_be_done kept WHERE kept.house_code = s.house_code AND kept.for_number
"""

# What the extract shows as the office did it, or shows as a third thing, waits no more.
_DONE_THERE = """
SELECT h.id FROM households_houseregistration h LEFT JOIN still_to_be_done kept ON kept.id = h.id
WHERE h.district_id = %(district)s AND h.awaits_central <> '' AND h.awaits_central <> coalesce(kept.still_awaits, '')
"""

_SETTLE = f"""
UPDATE households_houseregistration settled
SET awaits_central = coalesce((SELECT kept.still_awaits FROM still_to_be_done kept WHERE kept.id = settled.id), '')
WHERE settled.id IN ({_DONE_THERE})
"""

# One row a house that must change: because its address, its state or only the way its keys are made differs,
# or because it is not in the extract. What was there is noted before it is overwritten.
_MAKE_DIFFERENCE = f"""
CREATE TEMP TABLE extract_difference ON COMMIT DROP AS
    SELECT h.id, h.state AS was, coalesce(s.state, 'vanished') AS becomes, moved.*
    FROM households_houseregistration h
    JOIN communities_subdistrict lay_in ON lay_in.id = h.subdistrict_id
    LEFT JOIN (staged_extract s JOIN communities_subdistrict lies_in ON lies_in.code = s.subdistrict_code)
        ON s.house_code = h.house_code
    CROSS JOIN LATERAL (
        SELECT jsonb_strip_nulls(jsonb_build_object(
                   {_each("'{0}', CASE WHEN h.{0} <> s.{0} THEN h.{0} END", _PARTS)},
                   'subdistrict', CASE WHEN lay_in.id <> lies_in.id THEN lay_in.name_th END)) AS before,
               jsonb_strip_nulls(jsonb_build_object(
                   {_each("'{0}', CASE WHEN h.{0} <> s.{0} THEN s.{0} END", _PARTS)},
                   'subdistrict', CASE WHEN lay_in.id <> lies_in.id THEN lies_in.name_th END)) AS after
    ) moved
    WHERE h.district_id = %(district)s
      AND CASE WHEN s.house_code IS NULL THEN h.state = 'live'
          ELSE ({_each("h.{0}", (*_PARTS, *_KEYS))}, h.state, lay_in.id)
               IS DISTINCT FROM ({_each("s.{0}", (*_PARTS, *_KEYS))}, s.state, lies_in.id) END
"""

_LOCK_MORE = """
SELECT h.id FROM households_houseregistration h
WHERE h.id IN (SELECT id FROM extract_difference UNION ALL {}) ORDER BY h.id FOR NO KEY UPDATE
"""

# Locked in the order of the ids, as tagging locks them, so that neither waits for the other for ever.
_LOCK_AND_COUNT = """
WITH locked AS (
    SELECT h.id FROM households_houseregistration h
    WHERE h.id IN (SELECT id FROM extract_difference) ORDER BY h.id FOR NO KEY UPDATE
)
SELECT sum((becomes = 'live' AND (was <> 'live' OR after <> '{}')
            OR becomes = 'struck' AND was = 'struck' AND after <> '{}')::int),
       sum((becomes = 'struck' AND was <> 'struck')::int),
       sum((becomes = 'vanished')::int)
FROM extract_difference JOIN locked USING (id)
"""

_UPDATE = f"""
UPDATE households_houseregistration h
SET {_each("{0} = s.{0}", (*_PARTS, *_KEYS))}, state = s.state, subdistrict_id = lies_in.id
FROM staged_extract s JOIN communities_subdistrict lies_in ON lies_in.code = s.subdistrict_code
WHERE h.house_code = s.house_code AND h.id IN (SELECT id FROM extract_difference WHERE becomes <> 'vanished')
"""

_UPDATE_VANISHED = """
UPDATE households_houseregistration SET state = 'vanished'
WHERE id IN (SELECT id FROM extract_difference WHERE becomes = 'vanished')
"""

_APPEND_EVENTS = """
INSERT INTO households_lifeevent
    (house_id, kind, ground, reference, before, after, renewed_in_id, happened_on, counted_on, recorded_by_id)
SELECT d.id, event.kind, 'central_register', %(letter)s, event.before, event.after, %(district)s,
       %(happened_on)s, %(counted_on)s, %(by)s
FROM extract_difference d
CROSS JOIN LATERAL (VALUES
    ('changed', d.before, d.after, d.after <> '{}'),
    ('restored', NULL, NULL, d.becomes = 'live' AND d.was <> 'live'),
    ('struck', NULL, NULL, d.becomes = 'struck' AND d.was <> 'struck'),
    ('vanished', NULL, NULL, d.becomes = 'vanished')
) event (kind, before, after, took_place)
WHERE event.took_place
ORDER BY d.id
"""

# What the first extract tells begins a register; what any later one tells renews it. `begun` sees the houses of before.
_INSERT_NEW = f"""
WITH begun AS (
    SELECT (SELECT h.district_id FROM households_houseregistration h WHERE h.district_id = %(district)s LIMIT 1)
        AS renewed
), added AS (
    INSERT INTO households_houseregistration
        (district_id, subdistrict_id, house_code, state, {_each("{0}", (*_PARTS, *_KEYS))})
    SELECT %(district)s, lies_in.id, s.house_code, s.state, {_each("s.{0}", (*_PARTS, *_KEYS))}
    FROM staged_extract s
    JOIN communities_subdistrict lies_in ON lies_in.code = s.subdistrict_code
    LEFT JOIN households_houseregistration h ON h.district_id = %(district)s AND h.house_code = s.house_code
    WHERE h.id IS NULL
    RETURNING id, subdistrict_id, state, {_each("{0}", _PARTS)}
), told AS (
    INSERT INTO households_lifeevent
        (house_id, kind, ground, reference, after, renewed_in_id, happened_on, counted_on, recorded_by_id)
    SELECT a.id, 'registered', 'central_register', %(letter)s,
           jsonb_build_object({_each("'{0}', a.{0}", _PARTS)}, 'subdistrict', lies_in.name_th),
           begun.renewed, %(happened_on)s::date, %(counted_on)s::date, %(by)s
    FROM added a JOIN communities_subdistrict lies_in ON lies_in.id = a.subdistrict_id, begun
    UNION ALL
    SELECT id, 'struck', 'central_register', %(letter)s, NULL, begun.renewed, %(happened_on)s, %(counted_on)s, %(by)s
    FROM added, begun WHERE state = 'struck'
)
SELECT count(*) FROM added
"""
