"""What a person decides about single rows of a list: confirm the likely, choose a house, close, open again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Person

from .dates import refuse_future
from .models import HouseList, HouseNumberRecord, HouseRegistration, TaggingBatch
from .row_reasons import UNDECIDED, Grade, Outcome, Reason
from .stale_pages import refuse_moved_since
from .tag_ledger import (
    Decided,
    Tagged,
    append_decisions,
    append_events,
    locked_houses,
    locked_list,
    open_batch,
    standings_of,
)

Kind = TaggingBatch.Kind
State = HouseRegistration.State


@transaction.atomic
def confirm_likely(
    house_list: HouseList, *, chosen: dict[int, int], by: Person, happened_on: datetime.date | None = None
) -> Tagged:
    """Tags the houses of likely rows that a person has looked at: `chosen` maps each row's id to the house shown.

    Raises `stale_page` when a row was decided meanwhile or its best match is no longer the house shown,
    `taken_meanwhile` when a house has another community, `code_not_in_force`; nothing is tagged then.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    house_list = locked_list(house_list.pk)
    require_code(house_list.community, happened_on)
    _refuse_stale(house_list, chosen)
    houses = locked_houses(chosen.values())
    _refuse_taken(houses.values(), house_list.community_id)
    return _tag_rows(house_list, chosen, houses, Kind.LIKELY_CONFIRMED, Reason.CONFIRMED, by, happened_on)


def _refuse_stale(house_list: HouseList, chosen: dict[int, int]) -> None:
    likely = house_list.records.undecided().filter(grade=Grade.LIKELY, matches__rank=1, pk__in=chosen)
    shown_now = dict(likely.values_list("pk", "matches__house"))
    if not chosen or shown_now != chosen:
        raise ValidationError(
            _("Some of these rows were decided or matched anew since the page was shown. Look at them again."),
            code="stale_page",
        )


def _refuse_taken(houses: Iterable[HouseRegistration], community: int) -> None:
    taken = [house for house in houses if house.community_id not in (None, community) or house.state != State.LIVE]
    if taken:
        raise ValidationError(
            _("These houses have another community or are no longer in the register: %(houses)s. Nothing was tagged."),
            code="taken_meanwhile",
            params={"houses": ", ".join(map(str, taken[:10]))},
        )


@transaction.atomic
def decide_row(
    record: HouseNumberRecord,
    *,
    house: HouseRegistration,
    by: Person,
    reason: str = "",
    happened_on: datetime.date | None = None,
) -> Tagged:
    """Tags the house that a person chose for a row. A house of another community moves only with a `reason`.

    `house` is the house as the person saw it: where it has come to yet another community since, nothing is done.
    Raises `decided_already`, `stale_page`, `reason_needed`, `not_live`, `other_district`, `code_not_in_force`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    record = lock_undecided(record)
    house_list = record.house_list
    require_code(house_list.community, happened_on)
    houses = locked_houses([house.pk])
    refuse_moved_since(house, houses[house.pk], house_list.community_id)
    _refuse_unfit(houses[house.pk], house_list, reason)
    return _tag_rows(
        house_list, {record.pk: house.pk}, houses, Kind.ROW_DECIDED, Reason.CHOSEN, by, happened_on, note=reason
    )


def lock_undecided(record: HouseNumberRecord) -> HouseNumberRecord:
    """The row, locked, if it still waits for a decision; raises ValidationError `decided_already` if not."""
    locked = _locked_row(record)
    if locked.outcome not in UNDECIDED:
        raise ValidationError(
            _("Row %(row)s has been decided meanwhile: %(outcome)s."),
            code="decided_already",
            params={"row": locked.row, "outcome": locked.get_outcome_display()},
        )
    return locked


def _locked_row(record: HouseNumberRecord) -> HouseNumberRecord:
    """The row under its list's lock, so that no batch settles it between the look and the decision."""
    house_list = locked_list(record.house_list_id)
    row = HouseNumberRecord.objects.select_for_update(no_key=True).get(pk=record.pk)
    row.house_list = house_list
    return row


def _refuse_unfit(house: HouseRegistration, house_list: HouseList, reason: str) -> None:
    if house.district_id != house_list.district_id:
        raise ValidationError(_("The house lies in another district."), code="other_district")
    refuse_not_live(house)
    if house.community_id not in (None, house_list.community_id) and not reason.strip():
        raise ValidationError(
            _("House %(house)s belongs to another community. Give the reason for moving it."),
            code="reason_needed",
            params={"house": house},
        )


def refuse_not_live(house: HouseRegistration) -> None:
    """Raises `not_live` for a house that is struck off or gone from the extract."""
    if house.state != State.LIVE:
        raise ValidationError(
            _("House %(house)s is no longer in the register and cannot be tagged."),
            code="not_live",
            params={"house": house},
        )


def _tag_rows(house_list, chosen, houses, kind, why, by, happened_on, note="") -> Tagged:
    """Tags the chosen house of each row (row id → house id) in one batch and settles the rows."""
    moving = {
        house: record for record, house in chosen.items() if houses[house].community_id != house_list.community_id
    }
    batch = open_batch(house_list, kind, by, happened_on, note)
    append_events(batch, house_list.community_id, standings_of(houses[house] for house in moving), rows=moving)
    decisions = [
        Decided(record, Outcome.TAGGED if moving.get(house) == record else Outcome.UNCHANGED, why, house)
        for record, house in chosen.items()
    ]
    append_decisions(decisions, district=house_list.district_id, by=by, happened_on=happened_on, batch=batch, note=note)
    return Tagged(batch, len(moving), unchanged=len(chosen) - len(moving))


@transaction.atomic
def close_row(
    record: HouseNumberRecord, *, reason: Reason, by: Person, note: str = "", happened_on: datetime.date | None = None
) -> None:
    """Closes a row that tags no house, with one of CLOSING_REASONS.

    Raises `decided_already`, `not_a_closing_reason`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    if reason not in CLOSING_REASONS:
        raise ValidationError(_("Choose why the row is closed."), code="not_a_closing_reason")
    record = lock_undecided(record)
    append_decisions(
        [Decided(record.pk, Outcome.CLOSED, reason)],
        district=record.house_list.district_id,
        by=by,
        happened_on=happened_on,
        note=note,
    )


CLOSING_REASONS = (Reason.NO_SUCH_HOUSE, Reason.OTHER_COMMUNITY, Reason.MISTYPED, Reason.STRUCK_CONFIRMED)


@transaction.atomic
def reopen_row(record: HouseNumberRecord, *, by: Person, happened_on: datetime.date | None = None) -> None:
    """Opens a closed row again.

    Raises `not_closed` for a row in any other state: a tag is undone by its batch; `list_corrected`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    locked = _locked_row(record)
    if locked.outcome != Outcome.CLOSED:
        raise ValidationError(_("Row %(row)s is not closed."), code="not_closed", params={"row": locked.row})
    if HouseList.objects.filter(corrects=locked.house_list_id).exists():
        raise ValidationError(
            _("A corrected list took the place of this one: decide the row there."), code="list_corrected"
        )
    append_decisions(
        [Decided(locked.pk, Outcome.OPEN, Reason.UNDONE)],
        district=locked.house_list.district_id,
        by=by,
        happened_on=happened_on,
    )
