"""The outcomes of a list's rows as the CSV file that scripts and senders read (docs/reasons.md)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery

from communities.formulas import harmless

from .models import HouseList, HouseNumberRecord, RowDecision, RowMatch, TaggingBatch
from .models.dated import NEWEST_FIRST
from .row_reasons import Grade, Outcome, Reason

if TYPE_CHECKING:
    from _typeshed import SupportsWrite
    from django_stubs_ext import WithAnnotations

COLUMNS = ("sheet", "row", "grade", "outcome", "house_code", "reason", "candidates")


def write_outcomes(house_list: HouseList, file: SupportsWrite[str]) -> None:
    """Writes one line for each row of the list, in row order, below a header; house codes without hyphens."""
    write_lines(outcome_lines(house_list), file)


def write_lines(lines: Iterable[dict[str, object]], file: SupportsWrite[str]) -> None:
    """Writes outcome lines below their header."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(line | {"sheet": harmless(str(line["sheet"]))} for line in lines)


def outcome_lines(house_list: HouseList) -> Iterator[dict[str, object]]:
    """A dict of COLUMNS for each row: the house meant where it is sure or likely, else the candidates, best first."""
    codes = _candidate_codes(house_list)
    for record in _records(house_list):
        candidates = codes.get(record.pk, [])
        yield {
            "sheet": house_list.sheet,
            "row": record.row,
            "grade": record.grade,
            "outcome": record.outcome,
            "house_code": _house_meant(record, candidates),
            "reason": record.deciding_reason or record.reason,
            "candidates": " ".join(candidates),
        }


def lines_of_run(house_list: HouseList, batch: TaggingBatch | None) -> Iterator[dict[str, object]]:
    """The outcome lines as one run of tagging saw them: a row that another batch had tagged was left unchanged."""
    tagged_now = set(batch.decisions.values_list("record__row", flat=True)) if batch else set()
    for line in outcome_lines(house_list):
        if line["outcome"] == Outcome.TAGGED and line["row"] not in tagged_now:
            line |= {"outcome": Outcome.UNCHANGED.value, "reason": Reason.TAGGED_BEFORE.value}
        yield line


class Decided(TypedDict):
    """What stands beside each row."""

    deciding_reason: str | None
    decided_code: str | None


def _records(house_list: HouseList) -> QuerySet[WithAnnotations[HouseNumberRecord, Decided]]:
    newest = RowDecision.objects.filter(record=OuterRef("pk")).order_by(*NEWEST_FIRST)
    decided: Any = house_list.records.order_by("row").annotate(
        deciding_reason=Subquery(newest.exclude(outcome=Outcome.OPEN).values("reason")[:1]),
        decided_code=Subquery(newest.values("house__house_code")[:1]),
    )
    return decided


def _candidate_codes(house_list: HouseList) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = {}
    matches = RowMatch.objects.filter(record__house_list=house_list).order_by("record", "rank")
    for record, code in matches.values_list("record", "house__house_code"):
        codes.setdefault(record, []).append(code)
    return codes


def _house_meant(record: WithAnnotations[HouseNumberRecord, Decided], candidates: list[str]) -> str | None:
    if record.outcome in (Outcome.TAGGED, Outcome.UNCHANGED):
        return record.decided_code
    return candidates[0] if candidates and record.grade in (Grade.EXACT, Grade.LIKELY) else ""
