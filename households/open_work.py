"""What the waiting rows of a list wait for, and in which order a person meets them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from .models import HouseList, HouseNumberRecord
from .row_reasons import Grade, Outcome

WAITING = Q(outcome__in=[Outcome.OPEN, Outcome.CLAIMED])
# The machine tags these at the officer's word; a claimed exact row is a question for a person.
TO_APPLY = Q(outcome=Outcome.OPEN, grade=Grade.EXACT)
TO_CONFIRM = Q(outcome=Outcome.OPEN, grade=Grade.LIKELY)
TO_DECIDE = WAITING & ~TO_APPLY & ~TO_CONFIRM


def rows_to_decide(house_list: HouseList) -> QuerySet[HouseNumberRecord]:
    """The rows that need a look one by one, in the order of the list."""
    return house_list.records.filter(TO_DECIDE).order_by("row")


def row_after(record: HouseNumberRecord) -> int | None:
    """The id of the next row to decide below this one, else of the first above it; None when no other is left."""
    others = rows_to_decide(record.house_list).exclude(pk=record.pk).values_list("pk", flat=True)
    return others.filter(row__gt=record.row).first() or others.first()
