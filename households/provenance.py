"""Where a tag comes from: file, sheet and row of a list, sender, letter, day, and the decision with its doer."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from .aliases import alias_behind
from .models import Alias, HouseList, HouseNumberRecord, RowDecision, TagEvent
from .row_reasons import Reason


@dataclasses.dataclass(frozen=True)
class Provenance:
    """The list row on which a tag rests, what was decided about it in the tag's batch, and the alias used, if any."""

    record: HouseNumberRecord
    decision: RowDecision | None
    alias: Alias | None

    @property
    def house_list(self) -> HouseList:
        """The list with its file, sheet, sender, letter and day."""
        return self.record.house_list


def with_rows(events: QuerySet[TagEvent]) -> QuerySet[TagEvent]:
    """The events with all that `provenance_of` asks of their rows, read in the same query."""
    return events.select_related("record__house_list__sender")


def provenance_of(events: Iterable[TagEvent]) -> dict[int, Provenance]:
    """Where each of the events comes from, by its id; events without a list row (by hand) are left out.

    Two queries at most for all of them.
    """
    records = {event.pk: (event.record, event.batch_id) for event in events if event.record is not None}
    decisions = _decisions({(record.pk, batch) for record, batch in records.values()})
    aliases = _aliases([record.house_list for record, _batch in records.values()], decisions.values())
    return {
        event: _behind(record, decisions.get((record.pk, batch)), aliases) for event, (record, batch) in records.items()
    }


def _decisions(of: Collection[tuple[int, int]]) -> dict[tuple[int, int], RowDecision]:
    """What was decided about each of the rows in its batch (row id, batch id)."""
    if not of:
        return {}
    rows, batches = zip(*of, strict=True)
    decided = RowDecision.objects.filter(record__in=rows, batch__in=batches).order_by("id")
    return {(decision.record_id, decision.batch_id): decision for decision in decided if decision.batch_id is not None}


def _aliases(lists: Collection[HouseList], decisions: Iterable[RowDecision]) -> list[Alias]:
    """The aliases that may stand behind rows matched by one, withdrawn ones among them; none is asked for in vain."""
    if all(decision.reason != Reason.BY_ALIAS for decision in decisions):
        return []
    senders = Q(sender=None) | Q(sender__in={house_list.sender_id for house_list in lists} - {None})
    return list(Alias.objects.filter(senders, district__in={house_list.district_id for house_list in lists}))


def _behind(record: HouseNumberRecord, decision: RowDecision | None, aliases: Iterable[Alias]) -> Provenance:
    if decision is None or decision.reason != Reason.BY_ALIAS:
        return Provenance(record, decision, None)
    return Provenance(record, decision, alias_behind(record, aliases, at=decision.recorded_at))
