"""What an officer looked at and found right: a stray, or a house that the register changed. A slip is taken back."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Person

from .dates import counting_day
from .models import DeskCheck, HouseRegistration, LifeEvent
from .row_decisions import refuse_moved_since
from .strays import strays_of, to_look_at
from .tag_ledger import locked_houses

Kind = DeskCheck.Kind
LONGEST_NOTE = 500


@transaction.atomic
def stray_is_right(
    house: HouseRegistration, *, by: Person, note: str, shown_community: int | None, on: datetime.date | None = None
) -> DeskCheck:
    """A stray belongs to its community and not to its neighbours': it is no longer among those to look at.

    `shown_community` is the community (id) that the page showed it with. Raises `note_needed`, `stale_page`,
    `not_a_stray` (settled or surrounded otherwise meanwhile).
    """
    if not _written(note):
        raise ValidationError(_("Say why the house is right as it is."), code="note_needed")
    now = _as_shown(house, shown_community)
    strays = to_look_at(strays_of(now.district, lanes=[now.lane_order]))
    if now.pk not in {stray.house for stray in strays}:
        raise ValidationError(
            _("House %(house)s is not among the strays any more."), code="not_a_stray", params={"house": now}
        )
    return _append(now, Kind.STRAY, by=by, note=note, on=on)


@transaction.atomic
def change_is_right(
    event: LifeEvent,
    *,
    by: Person,
    shown_community: int | None,
    note: str = "",
    on: datetime.date | None = None,
) -> DeskCheck:
    """What the register changed needs nothing here: the house keeps its community, or rightly has none.

    `shown_community` is the community (id) that the page showed the house with. Raises `stale_page`, `settled_already`.
    """
    now = _as_shown(event.house, shown_community)
    if DeskCheck.objects.standing().filter(kind=Kind.REGISTER_CHANGE, house=now, life_event__gte=event.pk).exists():
        raise ValidationError(_("This change has been looked at meanwhile."), code="settled_already")
    return _append(now, Kind.REGISTER_CHANGE, by=by, note=note, on=on, life_event=event)


@transaction.atomic
def take_back(check: DeskCheck, *, by: Person, on: datetime.date | None = None) -> DeskCheck:
    """The check was a slip: what it settled is to be looked at again. Raises `taken_back_already`, `not_a_check`."""
    now = locked_houses([check.house_id])[check.house_id]
    if check.takes_back_id is not None:
        raise ValidationError(_("Only a check can be taken back."), code="not_a_check")
    if DeskCheck.objects.filter(takes_back=check).exists():
        raise ValidationError(_("This check has been taken back already."), code="taken_back_already")
    return _append(now, Kind(check.kind), by=by, note="", on=on, life_event=check.life_event, takes_back=check)


def _written(note: str) -> str:
    """The note as it is kept; what no page lets anybody type is left out."""
    return note.replace("\0", "").strip()[:LONGEST_NOTE]


def _as_shown(house: HouseRegistration, community: int | None) -> HouseRegistration:
    """The house, locked, if it still has the community that the page showed; raises `stale_page` if not."""
    now = locked_houses([house.pk])[house.pk]
    shown = HouseRegistration(pk=house.pk, community_id=community)
    refuse_moved_since(shown, now, community)
    return now


def _append(
    house: HouseRegistration,
    kind: DeskCheck.Kind,
    *,
    by: Person,
    note: str,
    on: datetime.date | None,
    life_event: LifeEvent | None = None,
    takes_back: DeskCheck | None = None,
) -> DeskCheck:
    happened_on = on or timezone.localdate()
    return DeskCheck.objects.create(
        house=house,
        kind=kind,
        life_event=life_event,
        takes_back=takes_back,
        community_id=house.community_id,
        note=_written(note),
        happened_on=happened_on,
        counted_on=counting_day(house.district_id, happened_on),
        recorded_by=by,
    )
