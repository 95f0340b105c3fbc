"""Tagging houses with their community's code, and taking tags back: the only writer of a house's community.

Every action is one transaction, locks the houses in the order of their ids before it judges them,
appends a batch with its events, and leaves what it could not do to a person, with the reason.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Community, CommunityCode, Person

from .claims import rows_claiming
from .dates import refuse_future
from .matching import grade_anew
from .models import HouseList, HouseNumberRecord, HouseRegistration, RowDecision, TagEvent, TaggingBatch
from .row_decisions import refuse_moved_since, refuse_not_live
from .row_reasons import Grade, Outcome, Reason
from .tag_ledger import (
    Decided,
    Tagged,
    append_decisions,
    append_events,
    locked_houses,
    locked_list,
    open_batch,
)

Kind = TaggingBatch.Kind
State = HouseRegistration.State


@dataclasses.dataclass(frozen=True)
class Undone:
    """What undoing did: its batch, how many houses went back, and those skipped because they changed since."""

    batch: TaggingBatch
    houses: int
    skipped: Sequence[HouseRegistration]


@transaction.atomic
def tag_matching(house_list: HouseList, *, by: Person, happened_on: datetime.date | None = None) -> Tagged:
    """Tags the houses of the list's undecided exact rows: the only tagging without a person's look at each row.

    A row that repeats another, or whose house has this community already, is settled as unchanged; a house
    of another community becomes a claim for a person to decide. Raises `code_not_in_force`, `future_date`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    house_list = locked_list(house_list.pk)
    require_code(house_list.community, happened_on)
    grade_anew(house_list)
    rows = list(_exact_rows(house_list).values_list("pk", "matches__house", "reason", "outcome"))
    houses = locked_houses(house for _record, house, _reason, _outcome in rows)
    fresh = [
        (record, house)
        for record, house, reason, _outcome in rows
        if reason != Reason.REPEATED and houses[house].community_id is None and houses[house].state == State.LIVE
    ]
    batch = open_batch(house_list, Kind.LIST_EXACT, by, happened_on) if fresh else None
    if batch:
        append_events(batch, house_list.community_id, {house: record for record, house in fresh}, houses)
    _settle_exact_rows(rows, houses, house_list, batch, by, happened_on)
    return Tagged(batch, len(fresh), unchanged=len(rows) - len(fresh))


def _exact_rows(house_list: HouseList):
    return house_list.records.undecided().filter(grade=Grade.EXACT, matches__rank=1).order_by("row")


def _settle_exact_rows(rows, houses, house_list, batch, by, happened_on) -> None:
    """Appends a decision to every exact row whose outcome changes. `houses` is how they stood before this batch."""
    decisions = []
    for record, house, reason, outcome_before in rows:
        outcome, why = _outcome_of_exact_row(houses[house], Reason(reason), house_list.community_id)
        if outcome != outcome_before:
            decisions.append(Decided(record, outcome, why, house))
    append_decisions(decisions, district=house_list.district_id, by=by, happened_on=happened_on, batch=batch)


def _outcome_of_exact_row(house: HouseRegistration, reason: Reason, community: int) -> tuple[Outcome, Reason]:
    if reason == Reason.REPEATED:
        return Outcome.UNCHANGED, Reason.REPEATED
    if house.community_id not in (None, community):
        return Outcome.CLAIMED, Reason.TAGGED_ELSEWHERE
    if house.community_id == community:
        return Outcome.UNCHANGED, Reason.TAGGED_BEFORE
    if house.state != State.LIVE:
        return Outcome.OPEN, Reason.STRUCK_OFF if house.state == State.STRUCK else Reason.VANISHED
    return Outcome.TAGGED, reason


@transaction.atomic
def tag(
    houses: Iterable[int],
    *,
    community: Community,
    by: Person,
    expected: int,
    happened_on: datetime.date | None = None,
) -> Tagged:
    """Tags the houses with these ids by hand. `expected` is how many the person was told it would be.

    Houses of another community, struck off or gone are left alone and returned as refused.
    Raises `count_moved` when the number of houses is not `expected`, `code_not_in_force`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    require_code(community, happened_on)
    locked = locked_houses(houses, district=community.district_id)
    _refuse_moved_count(len(locked), expected)
    fresh = {pk: None for pk, house in locked.items() if house.community_id is None and house.state == State.LIVE}
    same = [house for house in locked.values() if house.community_id == community.pk]
    refused = [house for pk, house in locked.items() if pk not in fresh and house.community_id != community.pk]
    if not fresh:
        return Tagged(None, 0, len(same), refused)
    batch = TaggingBatch.objects.create(
        district_id=community.district_id, kind=Kind.BY_HAND, community=community, happened_on=happened_on, done_by=by
    )
    append_events(batch, community.pk, fresh, locked)
    return Tagged(batch, len(fresh), len(same), refused)


@transaction.atomic
def untag(
    houses: Iterable[int],
    *,
    by: Person,
    expected: int,
    reason: str,
    happened_on: datetime.date | None = None,
) -> Tagged:
    """Takes the community's code off the houses with these ids, with a reason; houses without one are unchanged.

    Raises `count_moved`, `reason_needed`, `several_districts`: a batch belongs to one district.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    if not reason.strip():
        raise ValidationError(_("Give the reason for taking the codes off."), code="reason_needed")
    locked = locked_houses(houses)
    _refuse_moved_count(len(locked), expected)
    _refuse_several_districts(locked.values())
    tagged = {pk: None for pk, house in locked.items() if house.community_id is not None}
    if not tagged:
        return Tagged(None, 0, len(locked))
    batch = TaggingBatch.objects.create(
        district_id=next(iter(locked.values())).district_id,
        kind=Kind.WITHDRAWN,
        reason=reason,
        happened_on=happened_on,
        done_by=by,
    )
    append_events(batch, None, tagged, locked)
    return Tagged(batch, len(tagged), len(locked) - len(tagged))


def _refuse_moved_count(found: int, expected: int) -> None:
    if found != expected:
        raise ValidationError(
            _("The page showed %(expected)s houses and now %(found)s match. Nothing was changed; look again."),
            code="count_moved",
            params={"expected": expected, "found": found},
        )


def _refuse_several_districts(houses: Iterable[HouseRegistration]) -> None:
    if len({house.district_id for house in houses}) > 1:
        raise ValidationError(_("Choose houses of one district at a time."), code="several_districts")


@transaction.atomic
def decide_claim(
    house: HouseRegistration,
    *,
    in_favour_of: Community,
    reason: str,
    by: Person,
    happened_on: datetime.date | None = None,
) -> Tagged:
    """Settles every row that claims a house, in favour of one community: it keeps the house, or the house moves to it.

    `house` is the house as the person saw it. The rows of the other communities are closed with the reason as note;
    all of it is one batch, undone as one. Raises `reason_needed`, `claim_settled`, `stale_page`, `not_a_claimant`,
    `not_live`, `code_not_in_force`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    if not reason.strip():
        raise ValidationError(_("Give the reason for this decision."), code="reason_needed")
    rows = _locked_claiming_rows(house)
    now = locked_houses([house.pk])[house.pk]
    refuse_moved_since(house, now, house.community_id)
    theirs = [row for row in rows if row.house_list.community_id == in_favour_of.pk]
    _refuse_unfit_claim(now, rows, in_favour_of, theirs)
    batch = TaggingBatch.objects.create(
        district_id=now.district_id,
        kind=Kind.CLAIM_DECIDED,
        community=in_favour_of,
        house_list=theirs[0].house_list if theirs else None,
        reason=reason,
        happened_on=happened_on,
        done_by=by,
    )
    moves = now.community_id != in_favour_of.pk
    if moves:
        require_code(in_favour_of, happened_on)
        refuse_not_live(now)
        append_events(batch, in_favour_of.pk, {now.pk: theirs[0].pk}, {now.pk: now})
    append_decisions(
        _claim_decisions(rows, theirs, now, moves=moves),
        district=now.district_id,
        by=by,
        happened_on=happened_on,
        batch=batch,
        note=reason,
    )
    return Tagged(batch, int(moves), unchanged=len(theirs) - int(moves))


def _locked_claiming_rows(house: HouseRegistration) -> list[HouseNumberRecord]:
    """The rows that claim the house, read again under the locks of their lists."""
    lists = {row.house_list_id for row in rows_claiming([house.pk])[house.pk]}
    for house_list in sorted(lists):
        locked_list(house_list)
    return [row for row in rows_claiming([house.pk])[house.pk] if row.house_list_id in lists]


def _refuse_unfit_claim(
    house: HouseRegistration, rows: Sequence[HouseNumberRecord], winner: Community, theirs: Sequence[HouseNumberRecord]
) -> None:
    if not rows:
        raise ValidationError(
            _("The claims on house %(house)s have been decided meanwhile."),
            code="claim_settled",
            params={"house": house},
        )
    if not theirs and house.community_id != winner.pk:
        raise ValidationError(
            _("%(community)s no longer claims house %(house)s."),
            code="not_a_claimant",
            params={"community": winner, "house": house},
        )


def _claim_decisions(
    rows: Sequence[HouseNumberRecord], theirs: Sequence[HouseNumberRecord], house: HouseRegistration, *, moves: bool
) -> list[Decided]:
    tagging = theirs[0].pk if moves else None
    settled = [
        Decided(row.pk, Outcome.TAGGED if row.pk == tagging else Outcome.UNCHANGED, Reason.CHOSEN, house.pk)
        for row in theirs
    ]
    return settled + [
        Decided(row.pk, Outcome.CLOSED, Reason.OTHER_COMMUNITY, house.pk) for row in rows if row not in theirs
    ]


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
    events = list(batch.events.values_list("house", "previous_community", "record"))
    houses = locked_houses(house for house, _previous, _record in events)
    back = _can_go_back(batch, houses, happened_on)
    settled = _rows_resting_on(batch, back) | _rows_closed_by(batch) if back else {}
    if not events:
        settled = dict(_standing_decisions(batch).values_list("record", "house"))
    if not back and not settled:
        raise ValidationError(
            _("Every house of this batch has changed since; there is nothing left to undo."), code="nothing_to_undo"
        )
    undoing = TaggingBatch.objects.create(
        district_id=batch.district_id, kind=Kind.UNDONE, undoes=batch, happened_on=happened_on, done_by=by
    )
    _append_return_events(undoing, [event for event in events if event[0] in back], houses)
    _reopen_rows(settled, undoing, by)
    return Undone(undoing, len(back), [house for pk, house in houses.items() if pk not in back])


def _refuse_undone(batch: TaggingBatch) -> None:
    if batch.kind == Kind.UNDONE:
        raise ValidationError(_("An undoing is not undone; tag the houses again."), code="undoes_an_undoing")
    if TaggingBatch.objects.filter(undoes=batch).exists():
        raise ValidationError(_("This batch has been undone already."), code="undone_already")


def _can_go_back(batch: TaggingBatch, houses: dict[int, HouseRegistration], day: datetime.date) -> set[int]:
    """Houses whose newest tag is still the batch's, and whose community of before can take them."""
    newest = TagEvent.objects.filter(house__in=houses).order_by("house", "-id").distinct("house")
    coded = set(CommunityCode.objects.on(day).values_list("community", flat=True))
    return {
        event.house_id
        for event in newest
        if event.batch_id == batch.pk
        and (
            event.previous_community_id is None
            or (event.previous_community_id in coded and houses[event.house_id].state != State.STRUCK)
        )
    }


def _append_return_events(undoing: TaggingBatch, events, houses: dict[int, HouseRegistration]) -> None:
    by_previous: dict[int | None, dict[int, int | None]] = {}
    for house, previous, record in events:
        by_previous.setdefault(previous, {})[house] = record
    for previous, chosen in by_previous.items():
        append_events(undoing, previous, chosen, houses)


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
