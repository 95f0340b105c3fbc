"""Acts of the office that somebody must carry out in the central register: strike-offs, restorings, new numbers.

A house waits from the act until an extract shows it (`awaits_central`); in between an officer says that it was done
there. Which houses wait is written by the acts and by the loading of extracts, never here.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.roles import Action, may

from .dates import refuse_future
from .models import ActKeying, HouseRegistration, LifeEvent, Reconciliation
from .reconciling import is_later, newest_reconciliation
from .tag_ledger import locked_houses

Kind = ActKeying.Kind


@dataclasses.dataclass(frozen=True)
class ActToCarryOut:
    """A house that waits, the act of the office that it waits for, and the word that it was done there, if any.

    `denied_by` is the newest extract with codes where it was taken after that word and still shows what was before.
    """

    house: HouseRegistration
    act: LifeEvent
    done: ActKeying | None
    denied_by: Reconciliation | None

    @property
    def is_settled(self) -> bool:
        """Whether only the next extract is waited for."""
        return self.done is not None and self.denied_by is None


def acts_to_carry_out(district: District, person: Person) -> list[ActToCarryOut]:
    """All that waits in the district, as far as the person may see it: not done first, then by lane; four queries."""
    waiting = HouseRegistration.objects.visible_to(person).filter(district=district).exclude(awaits_central="")
    houses = {house.pk: house for house in waiting.select_related("subdistrict").in_lane_order()}
    acts = _newest_acts(houses)
    words = _words(act.pk for act in acts.values())
    extract = newest_reconciliation(district.pk)
    lines = [_line(house, acts[pk], words.get(acts[pk].pk), extract) for pk, house in houses.items() if pk in acts]
    return sorted(lines, key=lambda line: line.is_settled)


def _line(
    house: HouseRegistration, act: LifeEvent, done: ActKeying | None, extract: Reconciliation | None
) -> ActToCarryOut:
    denied = done and extract and not is_later(done.happened_on, done.recorded_at, extract)
    return ActToCarryOut(house, act, done, extract if denied else None)


def number_to_carry_out(district: District) -> int:
    """How many houses of the district wait."""
    return HouseRegistration.objects.filter(district=district).exclude(awaits_central="").count()


def _newest_acts(houses: Iterable[int]) -> dict[int, LifeEvent]:
    acts = LifeEvent.objects.filter(house__in=list(houses)).exclude(ground=LifeEvent.Ground.CENTRAL_REGISTER)
    newest = acts.exclude(kind=LifeEvent.Kind.SPLIT).order_by("house", "-pk").distinct("house")
    return {act.house_id: act for act in newest.select_related("recorded_by")}


def _words(acts: Iterable[int]) -> dict[int, ActKeying]:
    """The newest word on each of the acts, where it is that the act was carried out."""
    said = ActKeying.objects.filter(life_event__in=list(acts)).select_related("recorded_by")
    newest = said.order_by("life_event_id", "-pk").distinct("life_event_id")
    return {word.life_event_id: word for word in newest if word.kind == Kind.DONE}


@transaction.atomic
def carry_out(act: LifeEvent, *, happened_on: datetime.date | None = None, by: Person) -> ActKeying:
    """Records that the act was carried out in the central register.

    Raises `not_allowed`, `future_date`, `waits_no_more`, `done_already` with who said so.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    _held(act, by)
    if word := _words([act.pk]).get(act.pk):
        raise ValidationError(
            _("%(person)s has recorded this already."), code="done_already", params={"person": word.recorded_by}
        )
    return ActKeying.objects.create(life_event=act, kind=Kind.DONE, happened_on=happened_on, recorded_by=by)


@transaction.atomic
def take_back(act: LifeEvent, *, by: Person, reason: str) -> ActKeying:
    """Takes back that the act was carried out.

    Raises `reason_needed`, `not_allowed`, `waits_no_more`, `nothing_to_take_back`.
    """
    if not reason.strip():
        raise ValidationError(_("Give the reason for taking it back."), code="reason_needed")
    _held(act, by)
    if act.pk not in _words([act.pk]):
        raise ValidationError(_("Nobody has recorded this as done."), code="nothing_to_take_back")
    today = timezone.localdate()
    return ActKeying.objects.create(
        life_event=act, kind=Kind.TAKEN_BACK, happened_on=today, reason=reason.strip(), recorded_by=by
    )


def _held(act: LifeEvent, by: Person) -> None:
    """Holds the act's house. Raises `not_allowed`, `waits_no_more` for all but a waiting house's newest act."""
    house = locked_houses([act.house_id])[act.house_id]
    if not may(by, Action.KEY_IN, house.district):
        raise ValidationError(_("Only the registry section keys into the central register."), code="not_allowed")
    newest = _newest_acts([house.pk]).get(house.pk)
    if not house.awaits_central or newest is None or newest.pk != act.pk:
        raise ValidationError(
            _("The central register shows this already, or another act has followed."), code="waits_no_more"
        )
