"""Where a tag comes from: file, sheet and row of a list, sender, letter, day, and the decision with its doer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

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
    of_rows = [event for event in events if event.record is not None]
    decisions = _decisions(of_rows)
    aliases = _aliases(of_rows, decisions)
    found = {}
    for event in of_rows:
        decision = decisions.get((event.record_id, event.batch_id))
        by_alias = decision is not None and decision.reason == Reason.BY_ALIAS
        alias = alias_behind(event.record, aliases, at=decision.recorded_at) if by_alias else None
        found[event.pk] = Provenance(event.record, decision, alias)
    return found


def _decisions(events: Iterable[TagEvent]) -> dict[tuple[int, int], RowDecision]:
    """What was decided about each row in each batch."""
    pairs = {(event.record_id, event.batch_id) for event in events}
    if not pairs:
        return {}
    decided = RowDecision.objects.filter(record__in={record for record, _batch in pairs}).order_by("id")
    return {
        (decision.record_id, decision.batch_id): decision
        for decision in decided.filter(batch__in={batch for _record, batch in pairs})
        if decision.batch_id is not None
    }


def _aliases(events: Iterable[TagEvent], decisions: dict[tuple[int, int], RowDecision]) -> list[Alias]:
    """The aliases that may stand behind rows matched by one, withdrawn ones among them."""
    if all(decision.reason != Reason.BY_ALIAS for decision in decisions.values()):
        return []
    lists = {event.record.house_list for event in events}
    senders = Q(sender=None) | Q(sender__in={house_list.sender_id for house_list in lists} - {None})
    return list(Alias.objects.filter(senders, district__in={house_list.district_id for house_list in lists}))
