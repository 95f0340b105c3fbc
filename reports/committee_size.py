"""How many members a community's committee has, by the number of its houses: a hint, not a ruling.

The rule as the Lat Phrao district office publishes it, without the year of the rule (domain.md section 5): at least
seven; above a hundred houses one more for every fifty, a remainder of more than twenty-five counting as fifty; at most
fifteen.
"""

from __future__ import annotations

LEAST, MOST = 7, 15
COVERED_BY_LEAST, HOUSES_A_SEAT = 100, 50


def committee_size(houses: int) -> int:
    """The committee's members in a community of so many houses."""
    seats, rest = divmod(max(houses - COVERED_BY_LEAST, 0), HOUSES_A_SEAT)
    return min(LEAST + seats + (2 * rest > HOUSES_A_SEAT), MOST)
