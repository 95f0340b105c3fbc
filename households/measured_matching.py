"""Matching measured on rows of which people know the truth: precision and recall, by grade and by kind of row."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from communities.code_book import community_of_code

from .certainty import Proof
from .models import HouseList, HouseNumberRecord, RowMatch
from .row_reasons import Grade
from .truth import ListName, Meant

ONE_HOUSE = (Grade.EXACT, Grade.LIKELY)


@dataclasses.dataclass(frozen=True)
class Compared:
    """A graded row beside what it means. `candidates` are house codes, best first."""

    list_name: ListName
    row: int
    grade: Grade
    candidates: tuple[str, ...]
    meant: Meant

    @property
    def named(self) -> str:
        """The house that the machine names; "" where it leaves that open."""
        return self.candidates[0] if self.candidates and self.grade in ONE_HOUSE else ""

    @property
    def is_right(self) -> bool:
        """Exact, likely: the house named is meant. Several: one that is meant is shown. None: there is none."""
        if self.grade in ONE_HOUSE:
            return self.named in self.meant.houses
        if self.grade == Grade.SEVERAL:
            return not self.meant.houses.isdisjoint(self.candidates)
        return not self.meant.houses


@dataclasses.dataclass(frozen=True)
class Recall:
    """Houses that the rows mean, each once, and those of them that a right row of the grade names."""

    houses: int
    exact: int
    exact_or_likely: int


@dataclasses.dataclass(frozen=True)
class Measured:
    """What was compared. `rows_missing` are rows of the truth that the list does not have, `rows_beyond` the reverse;
    `lists_missing` were never received."""

    compared: tuple[Compared, ...]
    lists: int
    lists_missing: tuple[ListName, ...]
    rows_missing: tuple[tuple[ListName, int, Meant], ...]
    rows_beyond: int

    @property
    def wrong(self) -> list[Compared]:
        """Rows for which the machine named a house that is not meant."""
        return [one for one in self.compared if one.grade in ONE_HOUSE and not one.is_right]

    @property
    def kinds(self) -> dict[str, Measured]:
        """The same for each kind of row, in the order of the kinds' names."""
        names = {one.meant.kind for one in self.compared} | {meant.kind for *_row, meant in self.rows_missing}
        return {kind: self._of_kind(kind) for kind in sorted(names)}

    def _of_kind(self, kind: str) -> Measured:
        return dataclasses.replace(
            self,
            compared=tuple(one for one in self.compared if one.meant.kind == kind),
            rows_missing=tuple(row for row in self.rows_missing if row[2].kind == kind),
        )

    def precision(self, grade: Grade) -> Proof:
        """Rows of the grade, and those of them that are right."""
        of_grade = [one.is_right for one in self.compared if one.grade == grade]
        return Proof(sum(of_grade), len(of_grade))

    @property
    def recall(self) -> Recall:
        meant = {house for one in self.compared for house in one.meant.houses}
        meant |= {house for *_row, missing in self.rows_missing for house in missing.houses}
        named = {grade: {one.named for one in self.compared if one.grade == grade} & meant for grade in ONE_HOUSE}
        return Recall(len(meant), len(named[Grade.EXACT]), len(named[Grade.EXACT] | named[Grade.LIKELY]))


def measure(truth: Mapping[ListName, Mapping[int, Meant]]) -> Measured:
    """Compares the lists of the truth, as received by file name and community, with what their rows mean.

    Of a file received more than once the newest counts that no other list took the place of. What people decided is
    left aside: the machine's grade and candidates are measured. Raises `unknown_code` for a community nobody knows.
    """
    lists = {name: house_list for name in truth if (house_list := _received(*name))}
    graded = _graded(lists.values())
    compared, missing = [], []
    beyond = 0
    for name, house_list in lists.items():
        seen = set()
        for row, grade, candidates in graded[house_list]:
            seen.add(row)
            if row in truth[name]:
                compared.append(Compared(name, row, grade, candidates, truth[name][row]))
            else:
                beyond += 1
        missing += [(name, row, meant) for row, meant in truth[name].items() if row not in seen]
    return Measured(
        compared=tuple(compared),
        lists=len(lists),
        lists_missing=tuple(name for name in truth if name not in lists),
        rows_missing=tuple(missing),
        rows_beyond=beyond,
    )


def _received(code: str, file_name: str) -> int | None:
    """The id of the newest list of that file in force for the community; None where none was received."""
    lists = HouseList.objects.filter(community=community_of_code(code), file_name=file_name, corrected_by=None)
    return lists.order_by("-id").values_list("pk", flat=True).first()


def _graded(lists: Iterable[int]) -> dict[int, list[tuple[int, Grade, tuple[str, ...]]]]:
    """Row number, grade and candidates of every row, list by list, by two queries for all lists."""
    lists = list(lists)
    codes: dict[int, list[str]] = defaultdict(list)
    matches = RowMatch.objects.filter(record__house_list__in=lists).order_by("record", "rank")
    for record, code in matches.values_list("record", "house__house_code"):
        codes[record].append(code)
    graded: dict[int, list[Any]] = {house_list: [] for house_list in lists}
    records = HouseNumberRecord.objects.filter(house_list__in=lists).order_by("house_list", "row", "part")
    for pk, house_list, row, grade in records.values_list("pk", "house_list", "row", "grade"):
        graded[house_list].append((row, Grade(grade), tuple(codes[pk])))
    return graded
