"""Keying codes into the central register: a tag is an intention until an officer has typed it there (product.md O2).

The only writer of keyings. What is to key is worked out, not kept: every live house whose community is not the one
that stands in the central register as far as the officers said.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person

from .dates import counting_day, refuse_future
from .models import HouseRegistration, KeyingEvent
from .models.registrations import HouseRegistrationQuerySet
from .stale_pages import refuse_moved
from .tag_ledger import Standing, locked_houses

Kind = KeyingEvent.Kind
LIVE = HouseRegistration.State.LIVE

# The code of a community must be typed there, in place of none or of another's.
TO_TYPE = Q(community__isnull=False) & (Q(keyed_community__isnull=True) | ~Q(keyed_community=F("community")))
# The house belongs to no community any more, and a code still stands there.
TO_TAKE_OUT = Q(community__isnull=True, keyed_community__isnull=False)
MOST_NAMED = 5


@dataclasses.dataclass(frozen=True)
class Keyed:
    """What was recorded: the houses (ids) whose code changed there, and those of which it was recorded before."""

    houses: Collection[int]
    unchanged: Sequence[HouseRegistration] = ()


def to_key(district: District, communities: Iterable[int] | None = None) -> HouseRegistrationQuerySet:
    """The live houses whose code in the central register must change; of those communities (ids), else of all.

    A house that moved or came belongs to its community, one whose code must be taken out to the one that stands there.
    """
    houses = HouseRegistration.objects.filter(district=district, state=LIVE).filter(TO_TYPE | TO_TAKE_OUT)
    return houses if communities is None else houses.filter(_work_on(communities))


def _work_on(communities: Iterable[int]) -> Q:
    wanted = list(communities)
    return Q(community__in=wanted) | Q(community__isnull=True, keyed_community__in=wanted)


@transaction.atomic
def key(shown: Mapping[int, int | None], *, by: Person, happened_on: datetime.date | None = None) -> Keyed:
    """Records that the houses' codes stand in the central register as the page showed them.

    `shown`: house id → community id, None where the code was to be taken out. Nothing is recorded when one of them has
    moved meanwhile (`stale_page`, with both values), is not in the register any more (`not_live`), the day lies in the
    future (`future_date`), or the houses lie in `several_districts`. Houses that somebody recorded before are told.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    houses = locked_houses(shown)
    refuse_moved(shown, {pk: Standing(house.community_id, house.outside, house.state) for pk, house in houses.items()})
    _refuse_houses_gone(houses.values())
    fresh = {pk: house.community_id for pk, house in houses.items() if house.keyed_community_id != house.community_id}
    append_keyings(houses, fresh, kind=Kind.KEYED, by=by, happened_on=happened_on)
    return Keyed(fresh, [house for pk, house in houses.items() if pk not in fresh])


@transaction.atomic
def take_back(houses: Iterable[int], *, by: Person, reason: str, happened_on: datetime.date | None = None) -> Keyed:
    """Takes back that the houses (ids) were keyed: what stood in the central register before stands there again.

    Houses whose last keying has been taken back already are unchanged. Raises `reason_needed`, `nothing_to_take_back`,
    `future_date`, `several_districts`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    if not reason.strip():
        raise ValidationError(_("Give the reason for taking the keying back."), code="reason_needed")
    locked = locked_houses(houses)
    before = {event.house_id: event.previous_community_id for event in _last_of(locked) if event.kind == Kind.KEYED}
    if not before:
        raise ValidationError(_("That keying has been taken back already."), code="nothing_to_take_back")
    append_keyings(locked, before, kind=Kind.TAKEN_BACK, by=by, happened_on=happened_on, reason=reason)
    return Keyed(before, [house for pk, house in locked.items() if pk not in before])


@transaction.atomic
def undo(keying: KeyingEvent, *, by: Person) -> Keyed:
    """Takes back one keying, if nobody has recorded anything of its house since (`nothing_to_take_back`)."""
    locked = locked_houses([keying.house_id])
    if [event.pk for event in _last_of(locked)] != [keying.pk]:
        raise ValidationError(_("That keying has been taken back already."), code="nothing_to_take_back")
    return take_back([keying.house_id], by=by, reason=_("pressed by mistake"))


def _last_of(houses: Iterable[int]) -> list[KeyingEvent]:
    """The last keying of each of these houses that has one."""
    return list(KeyingEvent.objects.filter(house__in=list(houses)).order_by("house", "-id").distinct("house"))


# The keyings of a house count in the order in which they were recorded: never before the one before.
_APPEND = """
INSERT INTO households_keyingevent
    (house_id, kind, community_id, previous_community_id, reason, happened_on, counted_on, recorded_by_id)
SELECT h.id, %(kind)s, chosen.community, h.keyed_community_id, %(reason)s, %(happened_on)s,
       GREATEST(%(counted_on)s, (SELECT max(k.counted_on) FROM households_keyingevent k WHERE k.house_id = h.id)),
       %(by)s
FROM unnest(%(houses)s::bigint[], %(communities)s::bigint[]) AS chosen(house, community)
JOIN households_houseregistration h ON h.id = chosen.house
ORDER BY h.id
"""


def append_keyings(
    locked: Mapping[int, HouseRegistration],
    stands: Mapping[int, int | None],
    *,
    kind: KeyingEvent.Kind,
    by: Person,
    happened_on: datetime.date,
    reason: str = "",
) -> None:
    """One statement for all houses (house id → whose code stands there now); the trigger writes it to the houses.

    They are among the `locked` ones, of one district (else ValidationError `several_districts`).
    """
    if not stands:
        return
    districts = {locked[pk].district_id for pk in stands}
    if len(districts) > 1:
        raise ValidationError(_("Choose houses of one district at a time."), code="several_districts")
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            {
                "kind": kind.value,
                "reason": reason,
                "happened_on": happened_on,
                "counted_on": counting_day(districts.pop(), happened_on),
                "by": by.pk,
                "houses": list(stands),
                "communities": list(stands.values()),
            },
        )


# --- refusals ---


def _refuse_houses_gone(houses: Iterable[HouseRegistration]) -> None:
    gone = [str(house) for house in houses if house.state != LIVE]
    if gone:
        raise ValidationError(
            _("Not in the register any more: %(houses)s. Nothing was recorded; look again."),
            code="not_live",
            params={"houses": "; ".join(gone[:MOST_NAMED] + (["…"] if len(gone) > MOST_NAMED else []))},
        )
