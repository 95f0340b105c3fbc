"""What counts as proof in a case: what is there, what a step needs, what is missing (domain.md section 6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from enum import StrEnum


class Evidence(StrEnum):
    """A piece of proof that a move of a case may ask for."""

    REASON = "reason"
    REQUEST = "request"
    ON_A_LIST = "on_a_list"
    SEEN = "seen"
    NOBODY_MET = "nobody_met"
    RESULT_AGREES = "result_agrees"
    PHOTOS = "photos"
    FORM_SIGNED = "form_signed"
    NOBODY_REGISTERED = "nobody_registered"
    STRIKE_OFF_PROPOSED = "strike_off_proposed"
    CORRECTION_PROPOSED = "correction_proposed"
    RESTORING_PROPOSED = "restoring_proposed"


NOBODY_HOME = "nobody_home"
_GONE = frozenset({"demolished", "destroyed"})
_STANDS_THERE = frozenset({"standing", "other_number"})

# Which results of a visit say that the report is right, by the kind of the case.
AGREES: dict[str, frozenset[str]] = {
    "demolished": _GONE,
    "destroyed": _GONE,
    "wrong_number": frozenset({"other_number"}),
    "renumbered": frozenset({"other_number"}),
    "wrong_community": _STANDS_THERE,
    "split": _STANDS_THERE,
    "merged": _STANDS_THERE,
    "duplicate": _STANDS_THERE | {"not_found"},
    "missing": _STANDS_THERE,
    # Nobody knows what is meant until the kind is known.
    "unclear": frozenset(),
}


@dataclasses.dataclass(frozen=True)
class Dossier:
    """What a case holds at a moment.

    `results` are the codes of its visits in their order, `photos` the number of pictures, the reporter's included.
    `proposed` is the act that waits for a decision: "", "strike_off", "restore", or one of the corrections.
    """

    kind: str
    has_request: bool = False
    on_a_list: bool = False
    results: Collection[str] = ()
    photos: int = 0
    form_is_signed: bool = False
    nobody_registered: bool = False
    proposed: str = ""

    @property
    def last_result(self) -> str:
        """The code of the last visit; "" before the first."""
        return [*self.results][-1] if self.results else ""


def at_hand(dossier: Dossier, *, reason: str = "") -> frozenset[Evidence]:
    """What the dossier proves, with the reason that is given for the move."""
    last = dossier.last_result
    proves = {
        Evidence.REASON: bool(reason.strip()),
        Evidence.REQUEST: dossier.has_request,
        Evidence.ON_A_LIST: dossier.on_a_list,
        Evidence.SEEN: bool(last) and last != NOBODY_HOME,
        Evidence.NOBODY_MET: last == NOBODY_HOME,
        Evidence.RESULT_AGREES: last in AGREES[dossier.kind],
        Evidence.PHOTOS: dossier.photos > 0,
        Evidence.FORM_SIGNED: dossier.form_is_signed,
        Evidence.NOBODY_REGISTERED: dossier.nobody_registered,
        Evidence.STRIKE_OFF_PROPOSED: dossier.proposed == "strike_off",
        Evidence.RESTORING_PROPOSED: dossier.proposed == "restore",
        Evidence.CORRECTION_PROPOSED: dossier.proposed not in ("", "strike_off", "restore"),
    }
    return frozenset(one for one, holds in proves.items() if holds)


def missing(needs: Iterable[Evidence], dossier: Dossier, *, reason: str = "") -> list[Evidence]:
    """What of the needed proof is not there, in the order of `Evidence`."""
    there = at_hand(dossier, reason=reason)
    wanted = set(needs)
    return [one for one in Evidence if one in wanted and one not in there]
