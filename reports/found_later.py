"""Acts of the office whose true day lies in a month that was issued already: they count later, the figures stay."""

from __future__ import annotations

import dataclasses
import datetime

from communities.models import District
from communities.thai_calendar import month_end, month_start
from households.models import LifeEvent

Kind = LifeEvent.Kind


@dataclasses.dataclass(frozen=True)
class FoundLater:
    """How many houses were struck off or restored in a month by their true day, and the months in which they count."""

    struck: int
    restored: int
    counts_in: tuple[datetime.date, ...]


def found_later(district: District, month: datetime.date) -> FoundLater | None:
    """What was found of the month after it was issued; None where nothing was. One query."""
    first, last = month_start(month), month_end(month)
    acts = LifeEvent.objects.exclude(ground=LifeEvent.Ground.CENTRAL_REGISTER).filter(
        house__district=district,
        happened_on__range=(first, last),
        counted_on__gt=last,
        kind__in=[Kind.STRUCK, Kind.RESTORED],
    )
    found = list(acts.values_list("kind", "counted_on"))
    if not found:
        return None
    kinds = [kind for kind, _counted in found]
    months = sorted({month_start(counted) for _kind, counted in found})
    return FoundLater(kinds.count(Kind.STRUCK), kinds.count(Kind.RESTORED), tuple(months))
