"""The grades of a whole list: each row alone, then what the list's habits take back and what they add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..row_reasons import Grade, Reason
from .evidence import Known, known_rows
from .grading import Verdict, certainly, grade
from .list_habits import Row, doubted
from .neighbours import doubted_by_neighbours, raised_by_neighbours


def grade_list_rows(rows: Sequence[Row], certain: Mapping[int, Known] | None = None) -> list[Verdict]:
    """Grades the rows of one list, given whole and in its order, each with the houses of its number.

    `certain` spares judging the rows (by place) of which it is known already which house they plainly mean.
    The second row of a house listed twice keeps its exact grade with the reason `repeated`.
    """
    certain = certain or {}
    alone = [
        certainly(certain[place].house) if place in certain else grade(row, candidates)
        for place, (row, candidates) in enumerate(rows)
    ]
    verdicts = doubted(rows, alone)
    known = known_rows(verdicts, certain)
    verdicts = doubted_by_neighbours(rows, verdicts, known)
    still_known = [each for each in known if verdicts[each.place].grade != Grade.SEVERAL]
    return _with_repeats(raised_by_neighbours(rows, verdicts, still_known))


def _with_repeats(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Marks each exact row whose house an earlier row has already."""
    seen: set[int] = set()
    marked = []
    for verdict in verdicts:
        if verdict.grade == Grade.EXACT:
            house = verdict.meant[0].house
            if house in seen:
                verdict = verdict._replace(reason=Reason.REPEATED)
            seen.add(house)
        marked.append(verdict)
    return marked
