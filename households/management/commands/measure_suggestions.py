"""Measure the suggested communities on houses of which it is known where they belong."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.management.office_command import OfficeCommand, district_of_code, doer
from households.certainty import floored_per_cent
from households.measured_suggestions import Measured, Trial, measure
from households.truth import read_truth

SAID = {
    Trial.ALONE: gettext_lazy("Tagged houses, each asked about alone, by its neighbours"),
    Trial.FIVE_PER_CENT: gettext_lazy("The same, 5 of 100 tagged houses hidden at once"),
    Trial.HALF: gettext_lazy("The same, half of the tagged houses hidden at once"),
    Trial.COMMUNITY: gettext_lazy("The same, all houses of a community hidden at once"),
    Trial.ON_A_LIST: gettext_lazy("Untagged houses that a list means, by everything that is known"),
    Trial.ON_NO_LIST: gettext_lazy("Untagged houses that no list means: no suggestion is right"),
}


class Command(OfficeCommand):
    """Last line: JSON, for each trial houses, suggested, right, wrong, precision, at_least (the 95 % bound)."""

    help = "How often a community is suggested for a house, and how often rightly. Changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--district", default="1015", help="code of the district (default: 1015)")
        parser.add_argument(
            "--truth", type=Path, metavar="FILE", help="CSV as for measure_matching: measures untagged houses too"
        )

    def carry_out(self, *, district: str, truth: Path | None, **_options: Any) -> dict[str, Any]:
        known = district_of_code(district)
        measured = measure(known, by=doer(None), truth=read_truth(truth) if truth else None, progress=self.progress())
        for trial, result in measured.items():
            self.stdout.write(_told(trial, result))
        return {trial.value: _as_json(result) for trial, result in measured.items()}


def _told(trial: Trial, result: Measured) -> str:
    share = result.precision.share
    return _("%(trial)s: %(houses)s houses, %(suggested)s suggestions, %(wrong)s wrong (right %(share)s)") % {
        "trial": SAID[trial],
        "houses": f"{result.houses:,}",
        "suggested": f"{result.suggested:,}",
        "wrong": f"{result.precision.wrong:,}",
        "share": "–" if share is None else f"{floored_per_cent(share)} %",
    }


def _as_json(result: Measured) -> dict[str, Any]:
    proof = result.precision
    return {
        "houses": result.houses,
        "suggested": result.suggested,
        "right": result.right,
        "wrong": proof.wrong,
        "precision": None if proof.share is None else round(proof.share, 4),
        "at_least": round(proof.at_least, 4) if proof.of else None,
    }
