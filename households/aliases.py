"""Other names of lanes in use: confirmed by a person from what decisions taught, withdrawn with a reason.

What matching goes by are the aliases in use; which names decisions propose is worked out in `learned_names`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person

from .learned_names import SETTLED, learned
from .models import Alias, HouseNumberRecord, Sender
from .other_names import OtherName
from .row_reasons import Reason

# An official name is used in both directions; a road's name also stands at the beginning of the names of its soi.
ROWS_HELPED = """
SELECT a.id, count(*)
FROM households_alias a
JOIN households_houselist l ON l.district_id = a.district_id AND (a.sender_id IS NULL OR l.sender_id = a.sender_id)
JOIN households_housenumberrecord r
    ON r.house_list_id = l.id AND r.reason = %(by_alias)s AND r.outcome = ANY(%(settled)s)
WHERE a.district_id = %(district)s AND EXISTS (
    SELECT 1 FROM unnest(ARRAY[a.written, CASE WHEN a.ground = %(official)s THEN a.meant END]) AS name
    WHERE CASE a.part WHEN 'trok' THEN r.trok_key = name WHEN 'soi' THEN r.soi_key = name
        ELSE r.road_key = name OR starts_with(r.soi_key, name || ' ') END
)
GROUP BY a.id
"""


def rows_helped(district: District) -> dict[int, int]:
    """How many rows of the district's lists were settled by each alias (id → rows), those withdrawn among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            ROWS_HELPED,
            {
                "district": district.pk,
                "settled": SETTLED,
                "by_alias": Reason.BY_ALIAS.value,
                "official": Alias.Ground.OFFICIAL.value,
            },
        )
        return dict(cursor.fetchall())


@transaction.atomic
def confirm_alias(district: District, *, name: OtherName, by: Person, sender: Sender | None = None) -> Alias:
    """Puts a name in use for everybody's lists or, with `sender`, for that sender's alone.

    Only what decisions propose at this moment can be confirmed, and what was confirmed once and withdrawn.
    Raises `in_use_already`, `means_another`, `not_proposed`.
    """
    _take_turns(district)
    _refuse_clash(district, name, sender)
    withdrawn = _known(district, name, sender).exclude(withdrawn_at=None).order_by("-pk").first()
    if withdrawn is None:
        _refuse_unproposed(district, name, sender)
    return Alias.objects.create(
        district=district,
        part=name.part,
        written=name.written,
        meant=name.meant,
        sender=sender,
        ground=withdrawn.ground if withdrawn else Alias.Ground.DECISIONS,
        confirmed_by=by,
    )


def _take_turns(district: District) -> None:
    """One person at a time decides about the names of a district."""
    District.objects.select_for_update(no_key=True).get(pk=district.pk)


def _known(district: District, name: OtherName, sender: Sender | None):
    return Alias.objects.filter(
        district=district, part=name.part, written=name.written, meant=name.meant, sender=sender
    )


def _refuse_clash(district: District, name: OtherName, sender: Sender | None) -> None:
    """Refuses what is in use for these lists already, and a second meaning of one written name."""
    overlapping = Q() if sender is None else Q(sender=None) | Q(sender=sender)
    in_use = Alias.objects.in_use().filter(overlapping, district=district, part=name.part, written=name.written)
    for alias in in_use:
        if alias.meant != name.meant:
            raise ValidationError(
                _("“%(written)s” stands for “%(meant)s” already. Withdraw that name first."),
                code="means_another",
                params={"written": name.written, "meant": alias.meant},
            )
        if alias.sender_id is None or alias.sender == sender:
            raise ValidationError(_("This name is in use already."), code="in_use_already")


def _refuse_unproposed(district: District, name: OtherName, sender: Sender | None) -> None:
    scopes = [scope.sender for one in learned(district).proposals if one.name == name for scope in one.scopes]
    if sender not in scopes:
        raise ValidationError(
            _("The decisions no longer bear this name out. Look at the proposals again."), code="not_proposed"
        )


@transaction.atomic
def dismiss_proposal(district: District, *, name: OtherName, by: Person, reason: str = "") -> Alias:
    """Records that a proposed name is not to be used, so that it is not proposed again.

    It is kept as a name confirmed and withdrawn in one moment, and may be taken into use from there.
    Raises `not_proposed`.
    """
    _take_turns(district)
    if all(proposal.name != name for proposal in learned(district).proposals):
        raise ValidationError(_("This name is not proposed any more."), code="not_proposed")
    return Alias.objects.create(
        district=district,
        part=name.part,
        written=name.written,
        meant=name.meant,
        ground=Alias.Ground.DECISIONS,
        confirmed_by=by,
        withdrawn_by=by,
        withdrawn_at=timezone.now(),
        withdrawn_reason=reason,
    )


@transaction.atomic
def withdraw_alias(alias: Alias, *, by: Person, reason: str) -> Alias:
    """Takes a name out of use. Rows that were tagged by it stay tagged; waiting rows are graded without it.

    Raises `reason_needed`, `withdrawn_already`.
    """
    if not reason.strip():
        raise ValidationError(_("Give the reason for withdrawing the name."), code="reason_needed")
    locked = Alias.objects.select_for_update(no_key=True).get(pk=alias.pk)
    if locked.withdrawn_at is not None:
        raise ValidationError(_("This name has been withdrawn already."), code="withdrawn_already")
    locked.withdrawn_by, locked.withdrawn_at, locked.withdrawn_reason = by, timezone.now(), reason.strip()
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    return locked


def alias_behind(record: HouseNumberRecord, aliases: Iterable[Alias], *, at: datetime.datetime) -> Alias | None:
    """The name by which a row was matched at that time, among the aliases of its district; None if there is none."""
    for alias in aliases:
        in_use = alias.confirmed_at <= at and (alias.withdrawn_at is None or alias.withdrawn_at > at)
        if in_use and alias.sender_id in (None, record.house_list.sender_id) and _names_lane_of(alias, record):
            return alias
    return None


def _names_lane_of(alias: Alias, record: HouseNumberRecord) -> bool:
    written = {written for written, _meant in alias.pairs}
    if alias.part == Alias.Part.ROAD:
        in_soi = any(record.soi_key.startswith(f"{name} ") for name in written)
        return record.road_key in written or in_soi
    return getattr(record, f"{alias.part}_key") in written
