"""The life of a community's list: asked for, received, sent back, corrected, done; and what is still missing."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Community, District, Person
from communities.thai_calendar import short_date

from .corrections import earlier_lists
from .dates import counting_day, refuse_future
from .models import HouseList, ListStep
from .tag_ledger import locked_list

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = ListStep.Kind


class State(models.TextChoices):
    """Where a community's list is."""

    NOT_ASKED = "not_asked", gettext_lazy("not asked for yet")
    ASKED_FOR = "asked_for", gettext_lazy("asked for, not here yet")
    RECEIVED = "received", gettext_lazy("received")
    SENT_BACK = "sent_back", gettext_lazy("sent back for correction")
    CORRECTED = "corrected", gettext_lazy("corrected")
    DONE = "done", gettext_lazy("done")


MISSING = (State.ASKED_FOR, State.SENT_BACK)


@dataclasses.dataclass(frozen=True)
class ListLife:
    """A community's list today: `since` is the day of the step that made its state, `house_list` the list's id.

    `letter` and `due_on` are those of the request, or of sending back.
    """

    community: int
    state: State
    since: datetime.date | None = None
    due_on: datetime.date | None = None
    letter: str = ""
    house_list: int | None = None

    @property
    def is_missing(self) -> bool:
        """Whether the office waits for the sender."""
        return self.state in MISSING

    def days_waited(self, today: datetime.date) -> int:
        """Whole days since the step."""
        return (today - self.since).days if self.since else 0

    def days_late(self, today: datetime.date) -> int:
        """Whole days since the due day; 0 where none was set or it has not passed."""
        return max((today - self.due_on).days, 0) if self.is_missing and self.due_on else 0


# For each community the newest request, the newest list that no other corrects with its rows that wait, and the newest
# time that its file was sent back, however often it was read. A list is a corrected one if any reading of its file took
# the place of another file. A request made after the newest list came asks for another.
LIVES = """
SELECT c.id, asked.happened_on, asked.due_on, asked.letter,
       list.id, list.received_on, list.waits, EXISTS (
           SELECT FROM households_houselist same JOIN households_houselist before ON before.id = same.corrects_id
           WHERE same.community_id = c.id AND same.fingerprint = list.fingerprint
               AND before.fingerprint <> list.fingerprint
       ),
       back.happened_on, back.due_on, back.letter,
       asked.recorded_at > list.received_at AND asked.happened_on >= list.received_on
FROM communities_community c
LEFT JOIN LATERAL (
    SELECT s.* FROM households_liststep s WHERE s.community_id = c.id AND s.kind = 'asked_for'
    ORDER BY s.happened_on DESC, s.id DESC LIMIT 1
) asked ON true
LEFT JOIN LATERAL (
    SELECT l.id, l.received_on, l.received_at, l.fingerprint, EXISTS (
        SELECT FROM households_housenumberrecord r
        WHERE r.house_list_id = l.id AND r.outcome IN ('open', 'claimed')
    ) AS waits
    FROM households_houselist l
    WHERE l.community_id = c.id AND NOT EXISTS (SELECT FROM households_houselist n WHERE n.corrects_id = l.id)
    ORDER BY waits DESC, l.received_on DESC, l.id DESC LIMIT 1
) list ON true
LEFT JOIN LATERAL (
    SELECT s.* FROM households_liststep s JOIN households_houselist same ON same.id = s.house_list_id
    WHERE same.community_id = c.id AND same.fingerprint = list.fingerprint AND s.kind = 'sent_back'
    ORDER BY s.id DESC LIMIT 1
) back ON list.waits
WHERE c.district_id = %(district)s
"""


def lives_of(district: District) -> dict[int, ListLife]:
    """The state of each community's list (by the community's id); one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LIVES, {"district": district.pk})
        return {row[0]: _life(*row) for row in cursor.fetchall()}


def _life(
    community, asked_on, asked_due, asked_letter, house_list, received_on, waits, is_corrected,
    back_on, back_due, back_letter, is_asked_anew,
) -> ListLife:  # fmt: skip
    if asked_on and (house_list is None or is_asked_anew):
        return ListLife(community, State.ASKED_FOR, asked_on, asked_due, asked_letter, house_list)
    if house_list is None:
        return ListLife(community, State.NOT_ASKED)
    if back_on:
        return ListLife(community, State.SENT_BACK, back_on, back_due, back_letter, house_list)
    state = (State.CORRECTED if is_corrected else State.RECEIVED) if waits else State.DONE
    return ListLife(community, state, received_on, house_list=house_list)


@transaction.atomic
def ask_for_lists(
    communities: Iterable[Community],
    *,
    letter: str,
    by: Person,
    due_on: datetime.date | None = None,
    note: str = "",
    happened_on: datetime.date | None = None,
) -> list[ListStep]:
    """Records that the communities' lists were asked for, all by one letter; asking again is another step.

    Raises ValidationError `no_community`, `several_districts`, `due_before`, `future_date`.
    """
    communities = list(communities)
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    _refuse_due_before(due_on, happened_on)
    if not communities:
        raise ValidationError(_("Tick the communities whose lists are asked for."), code="no_community")
    if len({community.district_id for community in communities}) > 1:
        raise ValidationError(_("Choose communities of one district at a time."), code="several_districts")
    district = communities[0].district_id
    counted_on = counting_day(district, happened_on)
    return ListStep.objects.bulk_create(
        [
            ListStep(
                district_id=district,
                community=community,
                kind=Kind.ASKED_FOR,
                letter=letter.strip(),
                due_on=due_on,
                note=note.strip(),
                happened_on=happened_on,
                counted_on=counted_on,
                recorded_by=by,
            )
            for community in communities
        ]
    )


@transaction.atomic
def send_back(
    house_list: HouseList,
    *,
    by: Person,
    letter: str = "",
    note: str = "",
    due_on: datetime.date | None = None,
    happened_on: datetime.date | None = None,
) -> ListStep:
    """Records that a list went back to its sender for correction. A reminder is the same step again.

    Raises ValidationError `list_corrected`, `nothing_waits`, `sent_before_received`, `due_before`, `future_date`.
    """
    happened_on = happened_on or timezone.localdate()
    refuse_future(happened_on)
    _refuse_due_before(due_on, happened_on)
    house_list = locked_list(house_list.pk)
    _refuse_unfit_to_return(house_list, happened_on)
    return ListStep.objects.create(
        district_id=house_list.district_id,
        community_id=house_list.community_id,
        house_list=house_list,
        kind=Kind.SENT_BACK,
        letter=letter.strip(),
        note=note.strip(),
        due_on=due_on,
        happened_on=happened_on,
        counted_on=counting_day(house_list.district_id, happened_on),
        recorded_by=by,
    )


def _refuse_unfit_to_return(house_list: HouseList, happened_on: datetime.date) -> None:
    if HouseList.objects.filter(corrects=house_list.pk).exists():
        raise ValidationError(_("A corrected list has taken the place of this one already."), code="list_corrected")
    if not house_list.records.undecided().exists():
        raise ValidationError(
            _("Every row of this list is tagged or closed: there is nothing to correct."), code="nothing_waits"
        )
    if happened_on < house_list.received_on:
        raise ValidationError(
            _("The list came on %(day)s and cannot have gone back before."),
            code="sent_before_received",
            params={"day": short_date(house_list.received_on)},
        )


def _refuse_due_before(due_on: datetime.date | None, happened_on: datetime.date) -> None:
    if due_on is not None and due_on < happened_on:
        raise ValidationError(_("The due day lies before the day of the letter."), code="due_before")


@dataclasses.dataclass(frozen=True)
class LifeStep:
    """A step in a list's life as its page shows it; `house_list` is the list's id where the step is another list."""

    state: State
    day: datetime.date
    letter: str = ""
    due_on: datetime.date | None = None
    note: str = ""
    house_list: int | None = None

    @property
    def label(self) -> StrOrPromise:
        """The step in words; a list that was asked for may have come since."""
        return Kind.ASKED_FOR.label if self.state == State.ASKED_FOR else self.state.label


def steps_of(house_list: HouseList) -> Sequence[LifeStep]:
    """What happened to the list, oldest first: asked for before it came, received, sent back, corrected by another."""
    chain = [*reversed(earlier_lists(house_list)), house_list]
    later = HouseList.objects.filter(corrects=house_list.pk).first()
    asked = ListStep.objects.filter(
        community=house_list.community_id, kind=Kind.ASKED_FOR, happened_on__lte=chain[0].received_on
    ).order_by("-happened_on", "-id")[:1]
    back = ListStep.objects.filter(house_list__in=[one.pk for one in chain]).order_by("id")
    steps = [_of_step(step) for step in asked]
    for one in chain:
        steps.append(_of_list(one, seen_from=house_list))
        steps += [_of_step(step) for step in back if step.house_list_id == one.pk]
    if later is not None:
        steps.append(_of_list(later, seen_from=house_list))
    return steps


def _of_list(one: HouseList, *, seen_from: HouseList) -> LifeStep:
    """A list's coming as the page of a list shows it, with a link to it unless it is that list itself."""
    is_corrected = one.corrects is not None and not one.is_read_anew
    return LifeStep(
        State.CORRECTED if is_corrected else State.RECEIVED,
        one.received_on,
        one.letter,
        note=_("the same file read anew as a person said") if one.is_read_anew else "",
        house_list=one.pk if one.pk != seen_from.pk else None,
    )


def _of_step(step: ListStep) -> LifeStep:
    return LifeStep(State(step.kind), step.happened_on, step.letter, step.due_on, step.note)
