"""Tagging houses with their community's code, and taking codes off again.

Every action is one transaction, locks the houses in the order of their ids before it judges them,
appends a batch with its events, and leaves what it could not do to a person, with the reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Community, Person

from .claims import claimed_among
from .dates import refuse_future
from .matching import grade_anew
from .models import HouseList, HouseRegistration, TaggingBatch
from .row_decisions import refuse_not_live
from .row_reasons import Grade, Outcome, Reason
from .stale_pages import by_house, refuse_changed, refuse_moved, refuse_moved_since
from .tag_judgement import LEFT_ALONE, Fate, Fates, all_of, count, fates_in_community, fates_in_none
from .tag_ledger import (
    Decided,
    Standings,
    Tagged,
    append_decisions,
    append_events,
    locked_houses,
    locked_list,
    locked_standings,
    open_batch,
    standings_of,
)

Kind = TaggingBatch.Kind
State = HouseRegistration.State


@transaction.atomic
def tag_matching(house_list: HouseList, *, by: Person, happened_on: datetime.date | None = None) -> Tagged:
    """Tags the houses of the list's undecided exact rows: the only tagging without a person's look at each row.

    A row that repeats another, or whose house has this community already, is settled as unchanged; a house
    of another community becomes a claim for a person to decide; a house of which a person said that it is in none
    waits for one. Raises `code_not_in_force`, `future_date`.
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
        if reason != Reason.REPEATED and _waits_for_a_code(houses[house])
    ]
    batch = open_batch(house_list, Kind.LIST_EXACT, by, happened_on) if fresh else None
    if batch:
        named = {house: record for record, house in fresh}
        append_events(batch, house_list.community_id, standings_of(houses[house] for house in named), rows=named)
    _settle_exact_rows(rows, houses, house_list, batch, by, happened_on)
    return Tagged(batch, len(fresh), unchanged=len(rows) - len(fresh))


def _waits_for_a_code(house: HouseRegistration) -> bool:
    return house.community_id is None and not house.outside and house.state == State.LIVE


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
    if house.outside:
        return Outcome.OPEN, Reason.IN_NO_COMMUNITY
    return Outcome.TAGGED, reason


@transaction.atomic
def tag(
    houses: Iterable[int],
    *,
    community: Community,
    by: Person,
    expected: int,
    happened_on: datetime.date | None = None,
    shown: Mapping[int, int | None] | None = None,
    looked_at: Standings | None = None,
    move_reason: str = "",
) -> Tagged:
    """Tags the houses with these ids by hand. `expected` is how many the person was told it would be.

    Houses of another community move only with a `move_reason`; without it they are left alone and returned as
    refused, as are houses struck off or gone; those that lists claim are returned as claimed. `shown` is the
    community (id) that a page showed with each house (id), `looked_at` how each of just these houses stood when the
    person looked at what would happen. Raises `count_moved` when the number of houses is not `expected`,
    `stale_page` when a house stands otherwise than was shown, `code_not_in_force`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    require_code(community, happened_on)
    standing = locked_standings(houses, district=community.district_id)
    _refuse_unseen(standing, expected, shown, looked_at)
    fates = fates_in_community(standing, community.pk, claimed_among(all_of(standing)))
    moving = fates[Fate.ELSEWHERE] if move_reason.strip() else {}
    chosen = {**fates[Fate.NEW], **fates[Fate.RETURNING], **moving}
    batch = None
    if chosen:
        batch = TaggingBatch.objects.create(
            district_id=community.district_id,
            kind=Kind.BY_HAND,
            community=community,
            reason=move_reason if moving else "",
            happened_on=happened_on,
            done_by=by,
        )
        append_events(batch, community.pk, chosen)
    return _tagged(batch, chosen, fates, moved=moving)


@transaction.atomic
def tag_house(
    house: HouseRegistration,
    *,
    community: Community,
    by: Person,
    shown_community: int | None,
    happened_on: datetime.date | None = None,
) -> Tagged:
    """Tags one house of a walk along a lane. `shown_community` is the community (id) that the page showed with it.

    A house that has the community already is unchanged. Raises `stale_page` when another community has it by now, or
    it was said to be in none since `house` was read,
    `reason_needed` for a house of another community, `claimed` for one that lists claim, `not_live`,
    `other_district`, `code_not_in_force`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    require_code(community, happened_on)
    now = locked_houses([house.pk])[house.pk]
    refuse_moved_since(HouseRegistration(pk=house.pk, community_id=shown_community), now, community.pk)
    if now.community_id == community.pk:
        return Tagged(None, 0, unchanged=1)
    if now.outside != house.outside:
        refuse_changed(standings_of([house]), standings_of([now]))
    _refuse_unfit(now, community)
    batch = TaggingBatch.objects.create(
        district_id=community.district_id,
        kind=Kind.HOUSE_BY_HOUSE,
        community=community,
        happened_on=happened_on,
        done_by=by,
    )
    append_events(batch, community.pk, standings_of([now]))
    return Tagged(batch, 1)


def _refuse_unfit(house: HouseRegistration, community: Community) -> None:
    if house.district_id != community.district_id:
        raise ValidationError(_("The house lies in another district."), code="other_district")
    refuse_not_live(house)
    if claimed_among([house.pk]):
        raise ValidationError(
            _("Lists of two communities claim house %(house)s. Decide the claim instead."),
            code="claimed",
            params={"house": house},
        )
    if house.community_id is not None:
        raise ValidationError(
            _("House %(house)s belongs to another community. Give the reason for moving it."),
            code="reason_needed",
            params={"house": house},
        )


@transaction.atomic
def say_in_no_community(
    houses: Iterable[int],
    *,
    by: Person,
    expected: int,
    reason: HouseRegistration.Outside,
    note: str = "",
    happened_on: datetime.date | None = None,
    shown: Mapping[int, int | None] | None = None,
    looked_at: Standings | None = None,
) -> Tagged:
    """Says of the houses with these ids that they are in no community, and why (product.md T6); `note` in words.

    Houses that carry a community's code are left alone and returned as refused: the code is taken off first.
    `shown` and `looked_at` as for `tag`. Raises `count_moved`, `stale_page`, `several_districts`, `note_needed` for
    the reason "other" without a note.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    if reason == HouseRegistration.Outside.OTHER and not note.strip():
        raise ValidationError(_("Say in the note why the houses are in no community."), code="note_needed")
    standing = locked_standings(houses)
    _refuse_unseen(standing, expected, shown, looked_at)
    district = _only_district(standing)
    fates = fates_in_none(standing, reason, claimed_among(all_of(standing)))
    chosen = {**fates[Fate.NEW], **fates[Fate.RETURNING]}
    batch = None
    if chosen:
        batch = TaggingBatch.objects.create(
            district_id=district, kind=Kind.IN_NO_COMMUNITY, reason=note, happened_on=happened_on, done_by=by
        )
        append_events(batch, None, chosen, outside=reason)
    return _tagged(batch, chosen, fates)


@transaction.atomic
def untag(
    houses: Iterable[int],
    *,
    by: Person,
    expected: int,
    reason: str,
    happened_on: datetime.date | None = None,
    shown: Mapping[int, int | None] | None = None,
    looked_at: Standings | None = None,
) -> Tagged:
    """Takes the community's code, or the word that they are in none, off the houses with these ids, with a reason.

    Houses without either are unchanged. `shown` and `looked_at` as for `tag`. Raises `count_moved`, `stale_page`,
    `reason_needed`, `several_districts`: a batch belongs to one district.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    if not reason.strip():
        raise ValidationError(_("Give the reason for taking the codes off."), code="reason_needed")
    standing = locked_standings(houses)
    _refuse_unseen(standing, expected, shown, looked_at)
    district = _only_district(standing)
    chosen = {stands: ids for stands, ids in standing.items() if stands.community is not None or stands.outside}
    if not chosen:
        return Tagged(None, 0, count(standing))
    batch = TaggingBatch.objects.create(
        district_id=district, kind=Kind.WITHDRAWN, reason=reason, happened_on=happened_on, done_by=by
    )
    append_events(batch, None, chosen)
    return Tagged(batch, count(chosen), count(standing) - count(chosen))


def _tagged(batch: TaggingBatch | None, chosen: Standings, fates: Fates, moved: Standings | None = None) -> Tagged:
    """What was done, with the houses left alone by name."""
    left = {house for fate in LEFT_ALONE for house in all_of(fates[fate])} - set(all_of(chosen))
    named = list(HouseRegistration.objects.filter(pk__in=left).in_lane_order()) if left else []
    claimed = set(all_of(fates[Fate.CLAIMED]))
    return Tagged(
        batch,
        count(chosen),
        unchanged=count(fates[Fate.SAME]),
        refused=[house for house in named if house.pk not in claimed],
        moved=count(moved or {}),
        claimed=[house for house in named if house.pk in claimed],
    )


def _refuse_unseen(
    standing: Standings,
    expected: int,
    shown: Mapping[int, int | None] | None,
    looked_at: Standings | None,
) -> None:
    """Raises `count_moved` or `stale_page` where the houses are not those that the person saw, as they were seen."""
    if count(standing) != expected:
        raise ValidationError(
            _("The page showed %(expected)s houses and now %(found)s match. Nothing was changed; look again."),
            code="count_moved",
            params={"expected": expected, "found": count(standing)},
        )
    if shown is not None:
        refuse_moved(shown, by_house(standing))
    if looked_at is not None:
        refuse_changed(looked_at, standing)


def _only_district(houses: Standings) -> int:
    """The district (id) of the houses. Raises `several_districts`, `nothing_chosen`."""
    districts = HouseRegistration.objects.filter(pk__in=all_of(houses)).order_by()
    found = districts.values_list("district", flat=True).distinct()[:2]
    if not found:
        raise ValidationError(_("Tick houses first, or choose all that match."), code="nothing_chosen")
    if len(found) > 1:
        raise ValidationError(_("Choose houses of one district at a time."), code="several_districts")
    return found[0]
