"""Taking a whole batch of tags back: houses stand as they stood before, rows wait again."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import CommunityCode, Person

from .dates import refuse_future
from .models import HouseNumberRecord, HouseRegistration, RowDecision, TagEvent, TaggingBatch
from .row_reasons import Outcome, Reason
from .tag_ledger import Decided, append_decisions, append_events, locked_houses, locked_list, standings_of

Kind = TaggingBatch.Kind


@dataclasses.dataclass(frozen=True)
class Undone:
    """What undoing did: its batch, how many houses went back, and those skipped because they changed since."""

    batch: TaggingBatch
    houses: int
    skipped: Sequence[HouseRegistration]


@dataclasses.dataclass(frozen=True)
class RunUndone:
    """What undoing a walk along a lane did: how many houses went back, and those skipped because they changed since."""

    houses: int
    skipped: Sequence[HouseRegistration]


@transaction.atomic
def undo_batch(batch: TaggingBatch, *, by: Person, happened_on: datetime.date | None = None) -> Undone:
    """Takes a whole batch back: each house gets the community it had before, each row waits again.

    Houses tagged anew since, or that cannot go back (struck off, code ended), are skipped and named.
    Raises `undone_already`, `undoes_an_undoing`, `nothing_to_undo`.
    """
    happened_on = max(happened_on or timezone.localdate(), batch.happened_on)
    refuse_future(happened_on)
    batch = TaggingBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    for house_list in sorted(_lists_of(batch)):
        locked_list(house_list)
    _refuse_undone(batch)
    events = list(batch.events.values_list("house", "previous_community", "previous_outside", "record"))
    houses = locked_houses(house for house, *_before in events)
    back = _can_go_back(batch, houses, happened_on)
    settled = _rows_resting_on(batch, back) | _rows_closed_by(batch) if back else {}
    if not events:
        settled = dict(_standing_decisions(batch).values_list("record", "house"))
    if not back and not settled:
        raise _nothing_to_undo()
    undoing = TaggingBatch.objects.create(
        district_id=batch.district_id, kind=Kind.UNDONE, undoes=batch, happened_on=happened_on, done_by=by
    )
    _append_return_events(undoing, [event for event in events if event[0] in back], houses)
    _reopen_rows(settled, undoing, by)
    return Undone(undoing, len(back), [house for pk, house in houses.items() if pk not in back])


@transaction.atomic
def undo_run(batch: TaggingBatch, *, by: Person, happened_on: datetime.date | None = None) -> RunUndone:
    """Takes back all that the batch's person tagged house by house with its community on its day; as `undo_batch`.

    Each house is a batch of its own and stays so: what was undone before stays undone. Raises `no_run` for a batch
    of another kind, `nothing_to_undo`.
    """
    if batch.kind != Kind.HOUSE_BY_HOUSE:
        raise ValidationError(_("Only houses tagged house by house are undone as a run."), code="no_run")
    run = list(
        TaggingBatch.objects.run_of(batch)
        .filter(undone_by=None)
        .select_for_update(of=["self"], no_key=True)
        .order_by("pk")
    )
    locked_houses(TagEvent.objects.filter(batch__in=run).values_list("house", flat=True))
    houses = 0
    skipped: list[HouseRegistration] = []
    for each in reversed(run):
        try:
            houses += undo_batch(each, by=by, happened_on=happened_on).houses
        except ValidationError as changed_since:
            if changed_since.code != "nothing_to_undo":
                raise
            skipped += HouseRegistration.objects.filter(tag_events__batch=each)
    if not houses:
        raise _nothing_to_undo()
    return RunUndone(houses, skipped)


def changes_since(batch: TaggingBatch, houses: Iterable[HouseRegistration]) -> dict[int, TagEvent]:
    """The newest tag of each of the houses (id) that is not the batch's own: who changed it since, and when."""
    newest = TagEvent.objects.newest_of([house.pk for house in houses]).select_related("batch__done_by")
    return {event.house_id: event for event in newest if event.batch_id != batch.pk}


def _nothing_to_undo() -> ValidationError:
    return ValidationError(
        _("Every house of this batch has changed since; there is nothing left to undo."), code="nothing_to_undo"
    )


def _refuse_undone(batch: TaggingBatch) -> None:
    if batch.kind == Kind.UNDONE:
        raise ValidationError(_("An undoing is not undone; tag the houses again."), code="undoes_an_undoing")
    if TaggingBatch.objects.filter(undoes=batch).exists():
        raise ValidationError(_("This batch has been undone already."), code="undone_already")


def _can_go_back(batch: TaggingBatch, houses: dict[int, HouseRegistration], day: datetime.date) -> set[int]:
    """Houses whose newest tag is still the batch's, and whose community of before can take them."""
    newest = TagEvent.objects.newest_of(houses)
    coded = set(CommunityCode.objects.on(day).values_list("community", flat=True))
    struck = {pk for pk, house in houses.items() if house.state == HouseRegistration.State.STRUCK}
    return {
        event.house_id
        for event in newest
        if event.batch_id == batch.pk
        and (event.previous_community_id is None or event.previous_community_id in coded)
        and (_stood_nowhere(event) or event.house_id not in struck)
    }


def _stood_nowhere(event: TagEvent) -> bool:
    """Whether nothing was known of the house before: it had no community and nobody had said that it is in none."""
    return event.previous_community_id is None and not event.previous_outside


def _append_return_events(
    undoing: TaggingBatch,
    events: Iterable[tuple[int, int | None, str, int | None]],
    houses: Mapping[int, HouseRegistration],
) -> None:
    """Gives each house (id, community and `outside` before, row) back what it had; a statement for each of these."""
    as_before: dict[tuple[int | None, str], dict[int, int | None]] = {}
    for house, community, outside, record in events:
        as_before.setdefault((community, outside), {})[house] = record
    for (community, outside), rows in as_before.items():
        returning = standings_of(houses[house] for house in rows)
        append_events(undoing, community, returning, outside=outside, rows=rows)


def _rows_resting_on(batch: TaggingBatch, back: set[int]) -> dict[int, int]:
    """Rows (id → house id) settled because a house that went back had the batch's community, in whichever list."""
    settled = [Outcome.TAGGED, Outcome.UNCHANGED]
    of_houses = RowDecision.objects.filter(house__in=back, record__house_list__community=batch.community_id)
    newest = (
        RowDecision.objects.filter(record__in=of_houses.values("record"), record__outcome__in=settled)
        .order_by("record", "-id")
        .distinct("record")
    )
    return {record: house for record, house in newest.values_list("record", "house") if house in back}


def _rows_closed_by(batch: TaggingBatch) -> dict[int, int]:
    """Rows (id → house id) closed because the batch gave their house to another community."""
    return dict(_standing_decisions(batch).filter(outcome=Outcome.CLOSED).values_list("record", "house"))


def _standing_decisions(batch: TaggingBatch) -> QuerySet[RowDecision]:
    """The batch's decisions on rows about which nobody has decided since."""
    later = RowDecision.objects.filter(record=OuterRef("record"), pk__gt=OuterRef("pk"))
    return batch.decisions.filter(~Exists(later))


def _lists_of(batch: TaggingBatch) -> set[int]:
    """The lists whose rows the batch settled, and the one it came from."""
    settled = batch.decisions.order_by().values_list("record__house_list", flat=True).distinct()
    return {*settled, *filter(None, [batch.house_list_id])}


def _reopen_rows(settled: dict[int, int], undoing: TaggingBatch, by: Person) -> None:
    """The rows (id → house id) wait for a decision again, but for those of lists whose place a corrected one took."""
    corrected = HouseNumberRecord.objects.filter(pk__in=settled, house_list__corrected_by__isnull=False)
    replaced = set(corrected.values_list("pk", flat=True))
    append_decisions(
        [
            Decided(record, Outcome.CLOSED, Reason.REPLACED)
            if record in replaced
            else Decided(record, Outcome.OPEN, Reason.UNDONE, house)
            for record, house in settled.items()
        ],
        district=undoing.district_id,
        by=by,
        happened_on=undoing.happened_on,
        batch=undoing,
    )
