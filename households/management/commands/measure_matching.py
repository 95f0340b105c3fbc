"""Measure the matching of the lists received on rows of which the truth is known."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand
from households.certainty import Proof, floored_per_cent
from households.measured_matching import ONE_HOUSE, Compared, Measured, measure
from households.row_reasons import Grade
from households.truth import read_truth

MOST_NAMED = 20
NOTHING = "–"


class Command(OfficeCommand):
    """Last line: JSON with lists, rows, grades (rows, right, wrong, precision, at_least), recall, kinds, wrong."""

    help = "Precision and recall of the matching, by grade and by kind of row, over the lists received."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--truth",
            type=Path,
            required=True,
            metavar="FILE",
            help="CSV with the columns community, file, row, kind, house_code (empty: no such house; "
            "struck:CODE: struck off; several lines for a row that means several houses)",
        )

    def carry_out(self, *, truth: Path, **_options: Any) -> dict[str, Any]:
        measured = measure(read_truth(truth))
        if not measured.lists:
            raise ValidationError(
                _("None of the lists that %(file)s names has been received."),
                code="no_list_received",
                params={"file": truth.name},
            )
        for line in _told(measured):
            self.stdout.write(line)
        return _as_json(measured)


def _told(measured: Measured) -> list[str]:
    counts = {"rows": f"{len(measured.compared):,}", "lists": f"{measured.lists:,}"}
    lines = [_("%(rows)s rows of %(lists)s lists were compared with what they mean.") % counts]
    if measured.lists_missing:
        lines.append(_("Lists never received: %(count)s.") % {"count": len(measured.lists_missing)})
    if measured.rows_missing:
        lines.append(_("Rows that the lists do not have: %(count)s.") % {"count": len(measured.rows_missing)})
    if measured.rows_beyond:
        lines.append(_("Rows of which nothing is known: %(count)s.") % {"count": measured.rows_beyond})
    lines += ["", *_in_columns(_by_grade(measured))]
    lines += ["", *_in_columns(_by_kind(measured)), "", _recalled(measured)]
    return lines + _wrong_rows(measured.wrong)


def _by_grade(measured: Measured) -> list[list[str]]:
    table = [[_("Grade"), _("rows"), _("right"), _("wrong"), _("precision"), _("at least (95 %)")]]
    for grade in Grade:
        proof = measured.precision(grade)
        at_least = f"{floored_per_cent(proof.at_least)} %" if proof.of else NOTHING
        table.append([str(grade.label), *_counted(proof), _per_cent(proof.share), at_least])
    return table


def _by_kind(measured: Measured) -> list[list[str]]:
    wrong = {grade: _("%(grade)s, wrong") % {"grade": grade.label} for grade in ONE_HOUSE}
    table = [[_("Kind"), _("rows")]]
    for grade in Grade:
        table[0] += [str(grade.label), wrong[grade]] if grade in wrong else [str(grade.label)]
    table[0].append(_("houses found"))
    for kind, of_kind in measured.kinds.items():
        line = [kind or NOTHING, f"{len(of_kind.compared):,}"]
        for grade in Grade:
            proof = of_kind.precision(grade)
            line += [f"{proof.of:,}", f"{proof.wrong:,}"] if grade in wrong else [f"{proof.of:,}"]
        recall = of_kind.recall
        table.append([*line, _per_cent(recall.exact_or_likely / recall.houses if recall.houses else None)])
    return table


def _recalled(measured: Measured) -> str:
    recall = measured.recall
    return _("Of %(houses)s houses meant: %(exact)s found by exact rows, %(likely)s by exact or likely rows.") % {
        "houses": f"{recall.houses:,}",
        "exact": _per_cent(recall.exact / recall.houses if recall.houses else None),
        "likely": _per_cent(recall.exact_or_likely / recall.houses if recall.houses else None),
    }


def _wrong_rows(wrong: Sequence[Compared]) -> list[str]:
    """A line for each of the first rows that name a house not meant."""
    if not wrong:
        return [_("No row names a house that is not meant.")]
    lines = [_("Rows that name a house not meant: %(count)s.") % {"count": len(wrong)}]
    for one in wrong[:MOST_NAMED]:
        facts = {"file": one.list_name[1], "row": one.row, "grade": one.grade.label, "named": one.named}
        facts["meant"] = " ".join(sorted(one.meant.houses)) or _("no house")
        lines.append(_("  %(file)s row %(row)s, %(grade)s: %(named)s instead of %(meant)s") % facts)
    return lines


def _counted(proof: Proof) -> list[str]:
    return [f"{count:,}" for count in (proof.of, proof.right, proof.wrong)]


def _per_cent(share: float | None) -> str:
    return NOTHING if share is None else f"{floored_per_cent(share)} %"


def _in_columns(table: Sequence[Sequence[str]]) -> list[str]:
    """The table's lines, the first column to the left, numbers to the right; a mark above a letter takes no room."""
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return ["  ".join(_padded(text, widths, place) for place, text in enumerate(line)) for line in table]


def _padded(text: str, widths: Sequence[int], place: int) -> str:
    room = " " * (widths[place] - _width(text))
    return room + text if place else text + room


def _width(text: str) -> int:
    return sum(unicodedata.category(letter) != "Mn" for letter in text)


def _as_json(measured: Measured) -> dict[str, Any]:
    return {
        "lists": measured.lists,
        "lists_missing": [f"{code} {file_name}" for code, file_name in measured.lists_missing],
        "rows": len(measured.compared),
        "rows_missing": len(measured.rows_missing),
        "rows_beyond": measured.rows_beyond,
        **_figures(measured),
        "kinds": {kind: {"rows": len(part.compared), **_figures(part)} for kind, part in measured.kinds.items()},
        "wrong": [_wrong_as_json(one) for one in measured.wrong],
    }


def _figures(measured: Measured) -> dict[str, Any]:
    recall = measured.recall
    return {
        "grades": {grade.value: _proof_as_json(measured.precision(grade)) for grade in Grade},
        "houses": recall.houses,
        "recall": {
            "exact": round(recall.exact / recall.houses, 4) if recall.houses else None,
            "exact_or_likely": round(recall.exact_or_likely / recall.houses, 4) if recall.houses else None,
        },
    }


def _proof_as_json(proof: Proof) -> dict[str, Any]:
    return {
        "rows": proof.of,
        "right": proof.right,
        "wrong": proof.wrong,
        "precision": None if proof.share is None else round(proof.share, 4),
        "at_least": round(proof.at_least, 4) if proof.of else None,
    }


def _wrong_as_json(one: Compared) -> dict[str, Any]:
    return {
        "community": one.list_name[0],
        "file": one.list_name[1],
        "row": one.row,
        "kind": one.meant.kind,
        "grade": one.grade.value,
        "house_code": one.named,
        "meant": sorted(one.meant.houses),
    }
