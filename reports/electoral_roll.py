"""The electoral roll of houses: a community's houses as at election day, issued and frozen (product.md K6).

A roll shows the houses as they count at the end of election day. One that is issued before that day shows them as they
stand when it is issued; what changes afterwards is listed beside it, and another roll can be issued under a new letter.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.code_book import require_code
from communities.models import Community, District, Person
from communities.roles import Action, may
from communities.thai_calendar import short_date
from communities.thai_text import clean
from households.models import LifeEvent, TagEvent
from verification.house_list_print import lane_in_words

from .electoral_roll_workbook import build_roll_workbook
from .figures import HouseLine
from .indicators import Indicator, houses_behind
from .models import ElectoralRoll, RollHouse

# An election is announced some weeks ahead; a day further off is more likely a slip of the pen.
DAYS_AHEAD = 120
_ADDRESS = ("house_no", "trok", "soi", "road", "subdistrict")


class Change(models.TextChoices):
    """What became of a house since a roll was issued."""

    CAME = "came", gettext_lazy("came into the community")
    RESTORED = "restored", gettext_lazy("restored in the register")
    LEFT = "left", gettext_lazy("no longer in the community")
    STRUCK = "struck", gettext_lazy("struck off")
    ADDRESS = "address", gettext_lazy("address changed")


@dataclasses.dataclass(frozen=True)
class ProposedRoll:
    """What a roll would hold: the community as it is called that day, the day up to which houses count, the houses."""

    community: Community
    code: str
    election_day: datetime.date
    counted_to: datetime.date
    houses: Sequence[HouseLine]

    @property
    def seen(self) -> str:
        """The fingerprint of the houses: whoever issues the roll names those that the page showed."""
        lines = [(house.house, *_address_of(house)) for house in self.houses]
        return hashlib.sha256(json.dumps([self.counted_to.isoformat(), lines]).encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class RollChange:
    """A house whose standing is no longer the roll's: what happened, on which true day, and its address today."""

    change: Change
    happened_on: datetime.date | None
    house: HouseLine | RollHouse
    before: str = ""

    @property
    def address(self) -> str:
        """The house's number and lane."""
        return _address_in_words(self.house)


def proposed_roll(community: Community, election_day: datetime.date) -> ProposedRoll:
    """What a roll issued today for that election day would hold; a fixed number of queries.

    Raises ValidationError `too_far_ahead`, `code_not_in_force`.
    """
    today = timezone.localdate()
    if election_day > today + datetime.timedelta(days=DAYS_AHEAD):
        raise ValidationError(
            _("The election day %(day)s lies more than %(days)s days ahead."),
            code="too_far_ahead",
            params={"day": short_date(election_day), "days": DAYS_AHEAD},
        )
    day = min(election_day, today)
    named = Community.objects.as_at(day).select_related("district").get(pk=community.pk)
    houses = houses_behind(named.district, day, indicator=Indicator.LIVE, community=named).get(named.pk, [])
    return ProposedRoll(named, require_code(named, day), election_day, day, _with_addresses_of(day, houses))


@transaction.atomic
def issue_roll(
    *,
    community: Community,
    election_day: datetime.date,
    letter_no: str,
    letter_date: datetime.date,
    seen: str,
    by: Person,
) -> ElectoralRoll:
    """Issues the roll: freezes its houses with their addresses of that day, and its workbook with its SHA-256.

    `seen` is the fingerprint of the houses that were looked at. Raises ValidationError `not_allowed`, `letter_missing`,
    `future_date`, `issued_already`, `no_houses`, `houses_moved`, and those of `proposed_roll`.
    """
    # Whoever records a fact holds the district's row, so the houses cannot move between the look and the record.
    district = District.objects.select_for_update().get(pk=community.district_id)
    if not may(by, Action.ISSUE_ROLL, district):
        raise ValidationError(_("Only the head of the section issues an electoral roll."), code="not_allowed")
    number = refuse_roll_letter(letter_no, letter_date)
    roll = proposed_roll(community, election_day)
    if ElectoralRoll.objects.filter(community=community, election_day=election_day, letter_no=number).exists():
        raise ValidationError(_("This roll is issued already."), code="issued_already")
    if not roll.houses:
        raise ValidationError(_("No house carries this community's code on that day."), code="no_houses")
    if roll.seen != seen:
        raise ValidationError(_("The houses have changed since you looked. Look at them again."), code="houses_moved")
    return _freeze(roll, district, number, letter_date, by)


def refuse_roll_letter(letter_no: str, letter_date: datetime.date) -> str:
    """The letter's number as it is stored; raises ValidationError `letter_missing`, `future_date`."""
    number = clean(letter_no)
    if not number:
        raise ValidationError(_("Give the number of the letter."), code="letter_missing")
    if letter_date > timezone.localdate():
        raise ValidationError(
            _("The date %(day)s lies in the future."), code="future_date", params={"day": short_date(letter_date)}
        )
    return number


def changes_since(roll: ElectoralRoll) -> list[RollChange]:
    """The houses that stand otherwise today than on the roll, by lane; the same few queries at any length."""
    frozen = {house.house_id: house for house in roll.houses.all()}
    today = houses_behind(roll.district, timezone.localdate(), indicator=Indicator.LIVE, community=roll.community)
    live = {house.house: house for house in today.get(roll.community_id, [])}
    came = [house for pk, house in live.items() if pk not in frozen]
    gone = [house for pk, house in frozen.items() if pk not in live]
    moved = [
        RollChange(Change.ADDRESS, None, live[pk], before=_address_in_words(house))
        for pk, house in frozen.items()
        if pk in live and _address_of(live[pk]) != _address_of(house)
    ]
    changed = {*(house.house for house in came), *(house.house_id for house in gone), *(_pk(one) for one in moved)}
    lives, tags = _newest_lives(changed), _newest_tags(changed)
    return [
        *(_came(house, lives.get(house.house), tags.get(house.house)) for house in came),
        *(_gone(house, lives.get(house.house_id), tags.get(house.house_id)) for house in gone),
        *(dataclasses.replace(one, happened_on=_day(lives.get(_pk(one)))) for one in moved),
    ]


def _came(house: HouseLine, life: LifeEvent | None, tag: TagEvent | None) -> RollChange:
    if life and life.kind == LifeEvent.Kind.RESTORED and (tag is None or life.recorded_at > tag.recorded_at):
        return RollChange(Change.RESTORED, life.happened_on, house)
    return RollChange(Change.CAME, tag.happened_on if tag else None, house)


def _gone(house: RollHouse, life: LifeEvent | None, tag: TagEvent | None) -> RollChange:
    if life and life.kind == LifeEvent.Kind.STRUCK:
        return RollChange(Change.STRUCK, life.happened_on, house)
    return RollChange(Change.LEFT, tag.happened_on if tag else None, house)


def _pk(change: RollChange) -> int:
    return change.house.house_id if isinstance(change.house, RollHouse) else change.house.house


def _day(event: LifeEvent | None) -> datetime.date | None:
    return event.happened_on if event else None


def _newest_lives(houses: Collection[int]) -> Mapping[int, LifeEvent]:
    events = LifeEvent.objects.filter(house__in=houses).order_by("pk")
    return {event.house_id: event for event in events}


def _newest_tags(houses: Collection[int]) -> Mapping[int, TagEvent]:
    return {event.house_id: event for event in TagEvent.objects.filter(house__in=houses).order_by("pk")}


# --- addresses ---


def _address_of(house: HouseLine | RollHouse) -> tuple[str, ...]:
    return tuple(getattr(house, part) for part in _ADDRESS)


def _address_in_words(house: HouseLine | RollHouse) -> str:
    return f"{house.house_no} {lane_in_words(house)}".strip()


def _with_addresses_of(day: datetime.date, houses: Sequence[HouseLine]) -> list[HouseLine]:
    """The houses with the addresses that they had at the end of the day: what changed later is taken back."""
    later = LifeEvent.objects.filter(house__in=[house.house for house in houses], counted_on__gt=day).order_by("-pk")
    were: dict[int, dict[str, Any]] = defaultdict(dict)
    for event in later:
        were[event.house_id] |= {part: was for part, was in (event.before or {}).items() if part in _ADDRESS}
    return [dataclasses.replace(house, **were[house.house]) if house.house in were else house for house in houses]


def _freeze(
    roll: ProposedRoll, district: District, letter_no: str, letter_date: datetime.date, by: Person
) -> ElectoralRoll:
    workbook = build_roll_workbook(roll, district=district, letter_no=letter_no, letter_date=letter_date)
    issued = ElectoralRoll.objects.create(
        district=district,
        community=roll.community,
        community_code=roll.code,
        community_name=roll.community.name_th or "",
        election_day=roll.election_day,
        letter_no=letter_no,
        letter_date=letter_date,
        house_count=len(roll.houses),
        workbook=workbook,
        workbook_sha256=hashlib.sha256(workbook).hexdigest(),
        issued_by=by,
    )
    RollHouse.objects.bulk_create(
        [
            RollHouse(
                roll=issued,
                place=place,
                house_id=house.house,
                house_code=house.house_code,
                **{part: getattr(house, part) for part in _ADDRESS},
            )
            for place, house in enumerate(roll.houses, 1)
        ]
    )
    return issued
