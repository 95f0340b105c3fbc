"""What the office itself does to a registration: strike it off, restore it, correct its number, record its split.

The only writer of such acts. Each was proposed by one person and is approved by another, a registrar that day; each
leaves one life event with its true day, the day it counts, its ground, the number of its case, and both names. The
software records the act; it is carried out in the central register by hand, and `awaits_central` says so until an
extract shows it (domain.md section 6).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.registrars import is_registrar

from .dates import counting_day, refuse_future
from .house_numbers import HouseNumber, UnreadableHouseNumber, parse
from .models import HouseRegistration, LifeEvent
from .tag_ledger import locked_houses

Ground, Kind, State = LifeEvent.Ground, LifeEvent.Kind, HouseRegistration.State

STRIKES_OFF = frozenset({Ground.DEMOLISHED, Ground.DESTROYED, Ground.DUPLICATE, Ground.MERGED})
GOES_ON_ELSEWHERE = frozenset({Ground.DUPLICATE, Ground.MERGED})
CORRECTS_NUMBERS = frozenset({Ground.NUMBER_CORRECTED, Ground.RENUMBERED})


@transaction.atomic
def strike_off(
    house: HouseRegistration,
    *,
    ground: str,
    happened_on: datetime.date,
    reference: str,
    reason: str = "",
    into: HouseRegistration | None = None,
    proposed_by: Person,
    by: Person,
) -> LifeEvent:
    """Takes the house out of the live ones; its row, its community and every earlier figure stay.

    `into` is the house that goes on, for one registered twice or merged. Raises `not_a_ground`, `no_other_house`,
    `other_district`, `struck_already`, and what `_refuse_act` does.
    """
    if ground not in STRIKES_OFF:
        raise ValidationError(_("Give the ground of the strike-off."), code="not_a_ground")
    if ground in GOES_ON_ELSEWHERE and (into is None or into.pk == house.pk):
        raise ValidationError(_("Say which other house goes on."), code="no_other_house")
    houses = _held([house, *([into] if into else [])])
    house = houses[house.pk]
    _refuse_act(house, happened_on, proposed_by, by)
    if house.state == State.STRUCK:
        raise ValidationError(
            _("House %(house)s is struck off already."), code="struck_already", params={"house": house}
        )
    if into:
        _refuse_not_live(houses[into.pk])
    after = {"into": into.house_code} if into else None
    return _append(house, Kind.STRUCK, ground, happened_on, reference, reason, proposed_by, by, after=after)


@transaction.atomic
def restore(
    house: HouseRegistration,
    *,
    happened_on: datetime.date,
    reference: str,
    reason: str,
    proposed_by: Person,
    by: Person,
) -> LifeEvent:
    """Puts a house that was struck off wrongly back into the register, by another event.

    Raises `reason_needed`, `not_struck`, and what `_refuse_act` does.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the house is restored."), code="reason_needed")
    house = _held([house])[house.pk]
    _refuse_act(house, happened_on, proposed_by, by)
    if house.state != State.STRUCK:
        raise ValidationError(_("House %(house)s is not struck off."), code="not_struck", params={"house": house})
    return _append(house, Kind.RESTORED, Ground.STRUCK_WRONGLY, happened_on, reference, reason, proposed_by, by)


@transaction.atomic
def correct_number(
    house: HouseRegistration,
    *,
    house_no: str,
    ground: str,
    happened_on: datetime.date,
    reference: str,
    reason: str = "",
    proposed_by: Person,
    by: Person,
) -> LifeEvent:
    """Gives the house the number that it should have had, or was given anew.

    Raises `not_a_ground`, `number_unreadable`, `same_number`, `not_live`, and what `_refuse_act` does.
    """
    if ground not in CORRECTS_NUMBERS:
        raise ValidationError(_("Give the ground of the correction."), code="not_a_ground")
    number = readable_number(house_no)
    house = _held([house])[house.pk]
    _refuse_act(house, happened_on, proposed_by, by)
    _refuse_not_live(house)
    if number.key == house.number_key:
        raise ValidationError(_("The house has that number already."), code="same_number")
    before = {"house_no": house.house_no}
    house.house_no, house.number_key, house.number_order = str(number), number.key, number.order
    house.save(update_fields=["house_no", "number_key", "number_order"])
    after = {"house_no": house.house_no}
    return _append(
        house, Kind.CHANGED, ground, happened_on, reference, reason, proposed_by, by, before=before, after=after
    )


@transaction.atomic
def split(
    house: HouseRegistration,
    *,
    parts: Iterable[HouseRegistration],
    happened_on: datetime.date,
    reference: str,
    reason: str = "",
    proposed_by: Person,
    by: Person,
) -> LifeEvent:
    """Records that the house was split; the new registrations came with an extract of the central register.

    Raises `no_other_house`, `other_district`, `not_live`, and what `_refuse_act` does.
    """
    named = [part for part in parts if part.pk != house.pk]
    if not named:
        raise ValidationError(_("Say into which houses it was split."), code="no_other_house")
    houses = _held([house, *named])
    _refuse_act(houses[house.pk], happened_on, proposed_by, by)
    for one in houses.values():
        _refuse_not_live(one)
    after = {"into": ", ".join(sorted(part.house_code for part in named))}
    house = houses[house.pk]
    return _append(house, Kind.SPLIT, Ground.SPLIT, happened_on, reference, reason, proposed_by, by, after=after)


def readable_number(text: str) -> HouseNumber:
    """The house number as it will be kept. Raises ValidationError `number_unreadable`."""
    try:
        return parse(text)
    except UnreadableHouseNumber as problem:
        raise ValidationError(
            _("“%(number)s” cannot be read as a house number."), code="number_unreadable", params={"number": text}
        ) from problem


def _held(houses: Iterable[HouseRegistration]) -> Mapping[int, HouseRegistration]:
    """The houses as they stand, held until the transaction ends. Raises `other_district`.

    Their district is held too: the loading of an extract waits, or this waits for it, so that neither undoes the other.
    """
    named = list(houses)
    districts = {house.district_id for house in named}
    if len(districts) > 1:
        raise ValidationError(_("The house lies in another district."), code="other_district")
    District.objects.select_for_update(no_key=True).get(pk=districts.pop())
    return locked_houses(house.pk for house in named)


def _refuse_act(house: HouseRegistration, happened_on: datetime.date, proposed_by: Person, by: Person) -> None:
    """Raises `future_date`, `same_person`, `not_registrar`."""
    refuse_future(happened_on)
    if proposed_by.pk == by.pk:
        raise ValidationError(_("Who proposes does not approve: another registrar must decide."), code="same_person")
    if not is_registrar(by, house.district, timezone.localdate()):
        raise ValidationError(
            _("Only a registrar of the district approves this; %(person)s is none today."),
            code="not_registrar",
            params={"person": by},
        )


def _refuse_not_live(house: HouseRegistration) -> None:
    if house.state != State.LIVE:
        raise ValidationError(_("House %(house)s is not in the register."), code="not_live", params={"house": house})


def _append(
    house: HouseRegistration,
    kind: str,
    ground: str,
    happened_on: datetime.date,
    reference: str,
    reason: str,
    proposed_by: Person,
    by: Person,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> LifeEvent:
    return LifeEvent.objects.create(
        house=house,
        kind=kind,
        ground=ground,
        reference=reference,
        reason=reason.strip(),
        before=before,
        after=after,
        happened_on=happened_on,
        counted_on=counting_day(house.district_id, happened_on),
        proposed_by=proposed_by,
        recorded_by=by,
    )
