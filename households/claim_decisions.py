"""What a person decides about a house that the lists of several communities claim."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Community, Person

from .claims import rows_claiming
from .dates import refuse_future
from .models import HouseNumberRecord, HouseRegistration, TaggingBatch
from .row_decisions import refuse_not_live
from .row_reasons import Outcome, Reason
from .stale_pages import refuse_moved_since
from .tag_ledger import Decided, Tagged, append_decisions, append_events, locked_houses, locked_list, standings_of


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
    _refuse_unfit(now, rows, in_favour_of, theirs)
    batch = TaggingBatch.objects.create(
        district_id=now.district_id,
        kind=TaggingBatch.Kind.CLAIM_DECIDED,
        community=in_favour_of,
        house_list=theirs[0].house_list if theirs else None,
        reason=reason,
        happened_on=happened_on,
        done_by=by,
    )
    moves = now.community_id != in_favour_of.pk
    if moves:
        _move(now, batch, in_favour_of, theirs[0])
    append_decisions(
        _decisions(rows, theirs, now, tagging=theirs[0] if moves else None),
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


def _refuse_unfit(
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


def _move(house: HouseRegistration, batch: TaggingBatch, winner: Community, row: HouseNumberRecord) -> None:
    require_code(winner, batch.happened_on)
    refuse_not_live(house)
    append_events(batch, winner.pk, standings_of([house]), rows={house.pk: row.pk})


def _decisions(
    rows: Sequence[HouseNumberRecord],
    theirs: Sequence[HouseNumberRecord],
    house: HouseRegistration,
    *,
    tagging: HouseNumberRecord | None,
) -> list[Decided]:
    """What becomes of the rows: `theirs`, the winner's, are settled (`tagging` moved the house), the others closed."""
    settled = [
        Decided(row.pk, Outcome.TAGGED if row == tagging else Outcome.UNCHANGED, Reason.CHOSEN, house.pk)
        for row in theirs
    ]
    return settled + [
        Decided(row.pk, Outcome.CLOSED, Reason.OTHER_COMMUNITY, house.pk) for row in rows if row not in theirs
    ]
