"""Visits are recorded: what was found at a house, who was there, and where nobody was home the next visit (V3)."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.roles import Action, may

from .casework import advance, locked
from .models import Attendance, Case, Stop, StopResult
from .visits import Member, list_like, lists_with_room, named_once, number_of, put_on
from .workflow import Move

Code = StopResult.Code
GONE = frozenset({Code.DEMOLISHED, Code.DESTROYED})
# So often nobody was home that an officer decides how to go on.
OFTEN = 3


@dataclasses.dataclass(frozen=True)
class RecordedAlike:
    """What was recorded, and which houses (their numbers) were not, by the sentence that says why."""

    results: Sequence[StopResult]
    refused: Mapping[str, Sequence[str]]


@transaction.atomic
def record_result(
    stop: Stop,
    *,
    key: uuid.UUID,
    code: str,
    note: str = "",
    shown_number: str = "",
    gone_since: datetime.date | None = None,
    seen_on: datetime.date,
    present: Iterable[Member],
    by: Person,
) -> StopResult:
    """Records what was found. The same key is the same deed; nobody home puts the case on the next list at once.

    `shown_number` is kept for a house that shows another, `gone_since` for one that is gone.
    Raises `not_allowed`, `not_a_result`, `in_the_future`, `number_needed`, `gone_later`, `nobody_there`,
    `named_twice`, `recorded_already`, `over_already`, `another_deed`.
    """
    case = locked(stop.case)
    if not may(by, Action.VISIT, case.district):
        raise ValidationError(_("Only the joint team records visits."), code="not_allowed")
    stop = Stop.objects.select_for_update(of=("self",)).select_related("visit_list").get(pk=stop.pk)
    if known := _known(stop, key):
        return known
    were_there = named_once(present)
    _refuse_lack(code, shown_number, gone_since, seen_on, were_there)
    result = StopResult(
        key=key,
        stop=stop,
        code=code,
        note=note.strip(),
        shown_number=shown_number.strip() if code == Code.OTHER_NUMBER else "",
        gone_since=gone_since if code in GONE else None,
        seen_on=seen_on,
        recorded_by=by,
    )
    result.full_clean(exclude=["key", "stop", "recorded_by"], validate_unique=False)
    result.save()
    Attendance.objects.bulk_create(
        Attendance(result=result, section=each.section, name=each.name, person=each.person) for each in were_there
    )
    if code == Code.NOBODY_HOME:
        _plan_next(case, stop, by=by)
        advance(case, Move.NOBODY_MET, by=by)
    else:
        advance(case, Move.RECORD_VISIT, by=by)
    return result


@transaction.atomic
def record_alike(
    stops: Iterable[Stop],
    *,
    key: uuid.UUID,
    code: str,
    note: str = "",
    gone_since: datetime.date | None = None,
    seen_on: datetime.date,
    present: Iterable[Member],
    by: Person,
) -> RecordedAlike:
    """Records one result for many houses of one event, each under the rules of `record_result`.

    What is refused leaves the others recorded. Raises `nothing_ticked`, `not_one_event`.
    """
    chosen = sorted(stops, key=lambda stop: stop.case_id)
    if not chosen:
        raise ValidationError(_("Tick the houses first."), code="nothing_ticked")
    events = {stop.case.occurrence_id for stop in chosen}
    if len(events) > 1 or None in events:
        raise ValidationError(
            _("Only houses of one event are recorded together; the others one by one."), code="not_one_event"
        )
    for stop in chosen:  # all rows before any list, as those who plan hold them
        locked(stop.case)
    were_there = list(present)
    results: list[StopResult] = []
    refused: dict[str, list[str]] = defaultdict(list)
    for stop in sorted(chosen, key=lambda stop: stop.place):
        try:
            with transaction.atomic():
                result = record_result(
                    stop,
                    key=uuid.uuid5(key, str(stop.pk)),
                    code=code,
                    note=note,
                    gone_since=gone_since,
                    seen_on=seen_on,
                    present=were_there,
                    by=by,
                )
            results.append(result)
        except ValidationError as refusal:
            refused[" ".join(refusal.messages)].append(number_of(stop.case))
    return RecordedAlike(results, refused)


def _known(stop: Stop, key: uuid.UUID) -> StopResult | None:
    """The result that this very deed wrote already. Raises where another deed was first."""
    before = StopResult.objects.filter(stop=stop).select_related("recorded_by").first()
    if before is not None and before.key == key:
        return before
    if before is not None:
        raise ValidationError(
            _("%(person)s has recorded “%(result)s” for this visit already."),
            code="recorded_already",
            params={"person": before.recorded_by, "result": before.get_code_display()},
        )
    if stop.over_at is not None:
        raise ValidationError(_("The visit was taken off the list meanwhile."), code="over_already")
    if StopResult.objects.filter(key=key).exists():
        raise ValidationError(_("That was another house. Open the page of the visit again."), code="another_deed")
    return None


def _refuse_lack(
    code: str, shown_number: str, gone_since: datetime.date | None, seen_on: datetime.date, present: Sequence[Member]
) -> None:
    if code not in Code.values:
        raise ValidationError(_("Choose what was found."), code="not_a_result")
    if seen_on > timezone.localdate():
        raise ValidationError(_("The visit lies in the future."), code="in_the_future")
    if code == Code.OTHER_NUMBER and not shown_number.strip():
        raise ValidationError(_("Type the number that the house shows."), code="number_needed")
    if code in GONE and gone_since and gone_since > seen_on:
        raise ValidationError(_("The house was gone before it was seen so."), code="gone_later")
    if not present:
        raise ValidationError(_("Say who was there."), code="nobody_there")


# --- nobody home ---


def _plan_next(case: Case, stop: Stop, *, by: Person) -> Stop:
    """Puts the case on the next list of a later day with room, or on a new one with the same team."""
    # Held, so that two who meet nobody at once do not begin two lists for the same day.
    district = District.objects.select_for_update(no_key=True).get(pk=case.district_id)
    after = max(timezone.localdate(), stop.visit_list.day)
    visits = lists_with_room(district, after=after).first() or list_like(stop.visit_list, after, by=by)
    place = visits.stops.aggregate(Max("place"))["place__max"] or 0
    return put_on(visits, case, place=place + 1, by=by)


def next_stop(case: Case) -> Stop | None:
    """Where the case waits for its next visit; None where none is planned."""
    return case.stops.filter(over_at=None).select_related("visit_list").first()


def nobody_home_in_a_row(codes: Sequence[str]) -> int:
    """How often nobody was home since somebody last was; `codes` are the results of the visits, the oldest first."""
    back = list(reversed(codes))
    return next((met for met, code in enumerate(back) if code != Code.NOBODY_HOME), len(back))
