"""Sub-districts that were divided: under which names older papers may have a house of today.

By area code. สำเหร่ (101507) and ดาวคะนอง (101506) of Thonburi were made of parts of บางยี่เรือ, บุคคโล and
ตลาดพลู with effect from 1 December 2546 (baankrutee.com/thonburi).
"""

from __future__ import annotations

DIVIDED_INTO: dict[str, frozenset[str]] = {
    old: frozenset({"101506", "101507"})
    for old in (
        "101503",  # บางยี่เรือ
        "101504",  # บุคคโล
        "101505",  # ตลาดพลู
    )
}
