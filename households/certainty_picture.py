"""The picture of what a sample proves: where its marks stand on a line that ends at 100 per cent.

Places are in per cent of the picture's width, so that the same picture fits a desk and a phone.
"""

from __future__ import annotations

import dataclasses
import math

from .certainty import Proof

USUAL_BEGINNING = 0.9
_STEP = 0.1
# Left and right of the line is room for half a label.
_FIRST, _LAST = 4.0, 96.0


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """The line with its labels (place, share in per cent); the stretch in which the truth lies; the share seen.

    `seen_x` is None where nothing was looked at.
    """

    ticks: tuple[tuple[str, int], ...]
    from_x: str
    width: str
    seen_x: str | None
    first_x: str = f"{_FIRST}%"
    last_x: str = f"{_LAST}%"


def beginning(proof: Proof) -> float:
    """Where the line of a proof begins: 0.9, or the next tenth below what is proved."""
    return max(0.0, min(USUAL_BEGINNING, math.floor(proof.at_least / _STEP) * _STEP))


def picture_of(proof: Proof, *, begins_at: float) -> Picture:
    """The picture of a proof on a line that begins at the share `begins_at`, below which no mark may lie."""
    bound, end = _place(proof.at_least, begins_at), _place(1.0, begins_at)
    middle = (begins_at + 1) / 2
    return Picture(
        ticks=tuple((f"{_place(share, begins_at):.2f}%", round(share * 100)) for share in (begins_at, middle, 1.0)),
        from_x=f"{bound:.2f}%",
        width=f"{end - bound:.2f}%",
        seen_x=None if proof.share is None else f"{_place(proof.share, begins_at):.2f}%",
    )


def _place(share: float, begins_at: float) -> float:
    return _FIRST + (_LAST - _FIRST) * (max(share, begins_at) - begins_at) / (1 - begins_at)
