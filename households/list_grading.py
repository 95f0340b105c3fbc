"""The grades of a whole list: each row alone, then what the list's habits take back and what they add."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .grading import Verdict, grade
from .list_habits import Row, doubted
from .neighbours import doubted_by_neighbours, raised_by_neighbours
from .row_reasons import Grade, Reason


def grade_list_rows(rows: Sequence[Row]) -> list[Verdict]:
    """Grades the rows of one list, given whole and in its order, each with the houses of its number.

    The second row of a house listed twice keeps its exact grade with the reason `repeated`.
    """
    verdicts = doubted(rows, [grade(row, candidates) for row, candidates in rows])
    verdicts = doubted_by_neighbours(rows, verdicts)
    return _with_repeats(raised_by_neighbours(rows, verdicts))


def _with_repeats(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Marks each exact row whose house an earlier row has already."""
    seen: set[int] = set()
    marked = []
    for verdict in verdicts:
        if verdict.grade == Grade.EXACT:
            house = verdict.meant[0].house
            if house in seen:
                verdict = dataclasses.replace(verdict, reason=Reason.REPEATED)
            seen.add(house)
        marked.append(verdict)
    return marked
