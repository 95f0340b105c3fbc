"""What the waiting rows of a list wait for, and in which order a person meets them."""

from __future__ import annotations

from django.db.models import Q

from .row_reasons import UNDECIDED, Grade, Outcome

WAITING = Q(outcome__in=UNDECIDED)
# The machine tags these at the officer's word.
TO_APPLY = Q(outcome=Outcome.OPEN, grade=Grade.EXACT)
TO_CONFIRM = Q(outcome=Outcome.OPEN, grade=Grade.LIKELY)
# These are looked at one by one, on the bench.
TO_DECIDE = Q(outcome=Outcome.OPEN, grade__in=[Grade.SEVERAL, Grade.NONE])
# Another community has the house: one decision with a reason settles the claims of both.
CLAIMED = Q(outcome=Outcome.CLAIMED)

# As the rows of a sheet stand, so that the rows around a row help to understand it.
IN_LIST_ORDER = ("house_list", "row", "part")
