"""Tagging houses with their community's code, and taking codes off again.

Every action is one transaction, locks the houses in the order of their ids before it judges them,
appends a batch with its events, and leaves what it could not do to a person, with the reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Community, Person

from .dates import refuse_future
from .matching import grade_anew
from .models import HouseList, HouseRegistration, TaggingBatch
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
