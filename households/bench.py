"""The bench: one open row after the other, in the list's order, until a person has decided them all.

What is decided here goes through the same actions as everywhere; the bench knows which row is next, how
fast the person is, and what the person did last.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from communities.models import Person

from .models import HouseNumberRecord, RowDecision
from .open_work import IN_LIST_ORDER, TO_DECIDE
from .row_decisions import CLOSING_REASONS, reopen_row
from .row_reasons import Reason
from .sittings import Sitting, a_minute, moments_recorded
from .tag_ledger import locked_list
from .undoing import undo_batch

_ONE_BY_ONE = (Reason.CHOSEN, *CLOSING_REASONS)


@dataclasses.dataclass(frozen=True)
class Queue:
    """The rows among `rows` that wait to be decided one by one; those `put_off` (ids) come last, in that order."""

    rows: QuerySet[HouseNumberRecord]
    put_off: Sequence[int] = ()

    @property
    def waiting(self) -> QuerySet[HouseNumberRecord]:
        return self.rows.filter(TO_DECIDE).order_by(*IN_LIST_ORDER)

    def after(self, record: HouseNumberRecord | None = None) -> HouseNumberRecord | None:
        """The next row below this one, else the first of all, else the first put off; None when all is done."""
        fresh = self.waiting.exclude(pk__in=self.put_off)
        if record is None:
            return fresh.first() or self._first_put_off(None)
        fresh = fresh.exclude(pk=record.pk)
        return fresh.filter(_below(record)).first() or fresh.first() or self._first_put_off(record)

    def _first_put_off(self, record: HouseNumberRecord | None) -> HouseNumberRecord | None:
        """The row itself comes up again only when no other waits."""
        still = self.waiting.in_bulk(list(self.put_off))
        others = [pk for pk in self.put_off if pk in still and (record is None or pk != record.pk)]
        if others:
            return still[others[0]]
        return self.waiting.filter(pk=record.pk).first() if record else None


def _below(record: HouseNumberRecord) -> Q:
    return (
        Q(house_list__gt=record.house_list_id)
        | Q(house_list=record.house_list_id, row__gt=record.row)
        | Q(house_list=record.house_list_id, row=record.row, part__gt=record.part)
    )


def sitting_of(person: Person, rows: QuerySet[HouseNumberRecord]) -> Sitting[RowDecision]:
    """The person's present sitting over these rows. What was taken back does not count."""
    later = RowDecision.objects.filter(record=OuterRef("record"), pk__gt=OuterRef("pk"))
    standing = RowDecision.objects.filter(
        ~Exists(later), recorded_by=person, reason__in=_ONE_BY_ONE, record__in=rows.order_by().values("pk")
    )
    moments = moments_recorded(standing)
    if not moments:
        return Sitting()
    last = standing.select_related("record", "house__subdistrict", "batch").order_by("-recorded_at", "-pk").first()
    return Sitting(len(moments), a_minute(moments), last)


@transaction.atomic
def take_back(decision: RowDecision, *, by: Person) -> None:
    """Undoes what a person decided about one row: its batch is undone, or the closed row opened again.

    Raises `undone_already` where the row was decided anew since, and what undoing a batch or opening a row refuses.
    """
    if decision.batch:
        undo_batch(decision.batch, by=by)
        return
    locked_list(decision.record.house_list_id)
    if RowDecision.objects.filter(record=decision.record_id, pk__gt=decision.pk).exists():
        raise ValidationError(_("That decision has been taken back already."), code="undone_already")
    reopen_row(decision.record, by=by)
