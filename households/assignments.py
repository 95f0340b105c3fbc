"""Who works on which community: given by an order, handed over for a time, ended; and who it is on a day.

An assignment holds from its first day up to, not including, its end. Every change is one act of one person at one
moment over any number of communities, and can be taken back as one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Appointment, Community, District, Person
from communities.roles import ALLOWED, Action
from communities.thai_calendar import short_date

from .dates import refuse_future
from .models import Assignment

# The posts whose holders tag: an order gives communities to nobody else.
WORKING_POSTS = [role for role, actions in ALLOWED.items() if Action.TAG in actions]


def officers_of(district: District, day: datetime.date) -> dict[int, Person]:
    """Who works on each community of the district on `day`, by the community's id; one query.

    Whoever stands in goes before the officer who is away. A community that nobody has been given is left out.
    """
    held = Assignment.objects.on(day).filter(community__district=district).select_related("officer")
    stand_ins_last = held.order_by(F("stands_in_for").asc(nulls_first=True))
    return {assignment.community_id: assignment.officer for assignment in stand_ins_last}


def communities_of_officer(person: Person, day: datetime.date) -> set[int]:
    """Ids of the communities on which the person works on `day`, in whichever district; one query.

    Those handed over to a stand-in are the stand-in's while that lasts.
    """
    standing_in = Assignment.objects.on(day).filter(community=OuterRef("community"), stands_in_for__isnull=False)
    own = Assignment.objects.on(day).filter(officer=person)
    theirs = own.filter(Q(stands_in_for__isnull=False) | ~Exists(standing_in))
    return set(theirs.values_list("community", flat=True))


def people_in_post(district: District, day: datetime.date) -> list[Person]:
    """Whom communities of the district can be given to on `day`, by name; one query."""
    posts = Appointment.objects.on(day).filter(district=district, role__in=WORKING_POSTS)
    return list(Person.objects.filter(is_active=True, pk__in=posts.values("person")).order_by("full_name", "pk"))


# --- giving communities to an officer ---


@transaction.atomic
def assign(
    communities: Iterable[Community],
    *,
    officer: Person,
    order_number: str,
    order_date: datetime.date,
    since: datetime.date,
    by: Person,
    shown: Mapping[int, int | None] | None = None,
) -> list[Assignment]:
    """Gives the communities to the officer from `since` on, all by one order; whoever had them has them no more.

    `shown` is who had each community (ids; None for nobody) as the page showed it, checked under the lock.
    Raises ValidationError `no_community`, `several_districts`, `no_order`, `future_date`, `not_in_post`, `stale_page`,
    `begins_earlier`.
    """
    _refuse_without_order(order_number, order_date)
    district, ids = _chosen(communities)
    _refuse_unless_in_post(officer, district, since)
    _lock(ids)
    if shown is not None:
        _refuse_stale(ids, shown)
    lasting = Assignment.objects.filter(Q(until__isnull=True) | Q(until__gt=since), community__in=ids)
    _refuse_begun_later(lasting.filter(stands_in_for=None, since__gt=since))
    now = timezone.now()
    _end(lasting, on=since, reason=_by_order(order_number, order_date), by=by, now=now)
    return _record(
        [
            Assignment(
                community_id=community,
                officer=officer,
                since=since,
                order_number=order_number.strip(),
                order_date=order_date,
                recorded_by=by,
                recorded_at=now,
            )
            for community in ids
        ]
    )


def _chosen(communities: Iterable[Community]) -> tuple[int, list[int]]:
    """The id of the one district in which the communities lie, and their ids in the order of locking."""
    communities = list(communities)
    if not communities:
        raise ValidationError(_("Tick the communities first."), code="no_community")
    districts = {community.district_id for community in communities}
    if len(districts) > 1:
        raise ValidationError(_("Choose communities of one district at a time."), code="several_districts")
    return districts.pop(), sorted({community.pk for community in communities})


def _refuse_without_order(number: str, date: datetime.date) -> None:
    if not number.strip():
        raise ValidationError(_("Work is shared out by an order: write its number."), code="no_order")
    refuse_future(date)


def _refuse_unless_in_post(officer: Person, district: int, *days: datetime.date) -> None:
    posts = Appointment.objects.filter(person=officer, person__is_active=True, district=district)
    posts = posts.filter(role__in=WORKING_POSTS)
    missing = next((day for day in days if not posts.on(day).exists()), None)
    if missing is not None:
        raise ValidationError(
            _("%(name)s holds no officer’s or head’s post in this district on %(day)s."),
            code="not_in_post",
            params={"name": officer.full_name, "day": short_date(missing)},
        )


def _lock(communities: Sequence[int]) -> None:
    """Whoever shares these communities out waits for the others, in the order of the ids."""
    locked = Community.objects.select_for_update(no_key=True).filter(pk__in=communities).order_by("pk")
    list(locked.values_list("pk", flat=True))


def _refuse_stale(communities: Sequence[int], shown: Mapping[int, int | None]) -> None:
    today = timezone.localdate()
    held = Assignment.objects.on(today).filter(community__in=communities, stands_in_for=None)
    now = dict.fromkeys(communities) | dict(held.values_list("community", "officer"))
    moved = [community for community in communities if now[community] != shown.get(community)]
    if moved:
        raise ValidationError(
            _("Meanwhile somebody else shared out %(communities)s. Nothing was changed; look at the page again."),
            code="stale_page",
            params={"communities": _names(moved)},
        )


def _refuse_begun_later(later: QuerySet[Assignment]) -> None:
    first = later.order_by("-since").first()
    if first is not None:
        raise ValidationError(
            _("%(community)s is in an order from %(day)s on already. Choose that day or a later one."),
            code="begins_earlier",
            params={"community": _names([first.community_id]), "day": short_date(first.since)},
        )


def _names(communities: Sequence[int]) -> str:
    named: Iterable[Community] = Community.objects.as_at(timezone.localdate()).filter(pk__in=communities)
    return ", ".join(str(community) for community in sorted(named, key=lambda one: (one.label_code or "", one.pk)))


def _by_order(number: str, date: datetime.date) -> str:
    return _("by order %(number)s of %(day)s") % {"number": number.strip(), "day": short_date(date)}


def _record(made: list[Assignment]) -> list[Assignment]:
    """Writes the assignments; the database has the last word on two for one community."""
    try:
        with transaction.atomic():
            return Assignment.objects.bulk_create(made)
    except IntegrityError as clash:
        raise ValidationError(
            _("Somebody else shared out one of these communities at the same moment. Look at the page again."),
            code="stale_page",
        ) from clash


# --- handing an absent officer's communities over for a time ---


@transaction.atomic
def hand_over(
    officer: Person,
    *,
    to: Person,
    district: District,
    since: datetime.date,
    until: datetime.date,
    order_number: str,
    order_date: datetime.date,
    by: Person,
    communities: Iterable[Community] | None = None,
) -> list[Assignment]:
    """Lets `to` stand in for the officer from `since` up to, not including, `until`: then it comes back by itself.

    For the officer's own communities of the district on the first day, or those of them that are named.
    Raises ValidationError `no_order`, `future_date`, `ends_before_it_begins`, `same_person`, `not_in_post`,
    `nothing_to_hand_over`, `stale_page`, `stands_in_already`.
    """
    _refuse_without_order(order_number, order_date)
    _refuse_unfit_stand_in(officer, to, since, until)
    _refuse_unless_in_post(to, district.pk, since, until - datetime.timedelta(days=1))
    own = Assignment.objects.on(since).filter(officer=officer, stands_in_for=None, community__district=district)
    named = None if communities is None else {community.pk for community in communities}
    if named is not None:
        own = own.filter(community__in=named)
    _lock(sorted(own.values_list("community", flat=True)))
    lent = list(own.order_by("community"))
    _refuse_not_theirs(named, lent, officer, since)
    _refuse_another_stand_in([one.community_id for one in lent], since, until)
    now = timezone.now()
    return _record(
        [
            Assignment(
                community_id=one.community_id,
                officer=to,
                stands_in_for=officer,
                since=since,
                until=min(until, one.until or until),
                order_number=order_number.strip(),
                order_date=order_date,
                recorded_by=by,
                recorded_at=now,
            )
            for one in lent
        ]
    )


def _refuse_unfit_stand_in(officer: Person, to: Person, since: datetime.date, until: datetime.date) -> None:
    if until <= since:
        raise ValidationError(_("The last day lies before the first."), code="ends_before_it_begins")
    if officer == to:
        raise ValidationError(_("Somebody else must stand in."), code="same_person")


def _refuse_not_theirs(
    named: set[int] | None, lent: Sequence[Assignment], officer: Person, since: datetime.date
) -> None:
    if not lent:
        raise ValidationError(
            _("There is nothing to hand over: %(name)s has none of these communities on %(day)s."),
            code="nothing_to_hand_over",
            params={"name": officer.full_name, "day": short_date(since)},
        )
    others = sorted((named or set()) - {one.community_id for one in lent})
    if others:
        raise ValidationError(
            _("%(name)s does not have %(communities)s on %(day)s."),
            code="stale_page",
            params={"name": officer.full_name, "communities": _names(others), "day": short_date(since)},
        )


def _refuse_another_stand_in(communities: Sequence[int], since: datetime.date, until: datetime.date) -> None:
    others = Assignment.objects.filter(
        Q(until__gt=since), community__in=communities, stands_in_for__isnull=False, since__lt=until
    )
    other = others.select_related("officer").order_by("since").first()
    if other is not None:
        raise ValidationError(
            _("%(name)s stands in for %(community)s from %(day)s already. End that first, or leave the community out."),
            code="stands_in_already",
            params={
                "name": other.officer.full_name,
                "community": _names([other.community_id]),
                "day": short_date(other.since),
            },
        )


# --- ending, and taking back ---


@transaction.atomic
def end(assignment: Assignment, *, reason: str, by: Person) -> list[Assignment]:
    """Ends the assignment today, before it begins if it has not yet; whoever stands in for its officer ends with it.

    Gives the ended ones, the assignment itself first. Raises ValidationError `no_reason`, `ended_already`.
    """
    if not reason.strip():
        raise ValidationError(_("Say why it ends."), code="no_reason")
    _lock([assignment.community_id])
    today = timezone.localdate()
    assignment.refresh_from_db()
    if assignment.until is not None and (assignment.ended_at or assignment.until <= today):
        raise ValidationError(
            _("It ends on %(day)s already."), code="ended_already", params={"day": short_date(assignment.until)}
        )
    ending = Q(pk=assignment.pk)
    if assignment.stands_in_for_id is None:
        ending |= Q(community=assignment.community_id, stands_in_for=assignment.officer_id)
    lasting = Assignment.objects.filter(Q(until__isnull=True) | Q(until__gt=today))
    ended = _end(lasting.filter(ending), on=today, reason=reason.strip(), by=by, now=timezone.now())
    return sorted(ended, key=lambda one: one.pk != assignment.pk)


def _end(
    lasting: QuerySet[Assignment], *, on: datetime.date, reason: str, by: Person, now: datetime.datetime
) -> list[Assignment]:
    """Ends them on the day, or on their first day where that is later: such a one never holds."""
    ids = list(lasting.order_by("pk").values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=ids).update(
        meant_until=F("until"),
        until=Greatest(F("since"), Value(on)),
        ended_by=by,
        ended_at=now,
        ended_reason=reason[:300],
    )
    return list(Assignment.objects.filter(pk__in=ids).order_by("pk"))


@transaction.atomic
def take_back(assignment: Assignment, *, by: Person) -> list[Assignment]:
    """Takes back the whole act that made the assignment: its communities are again whose they were before.

    Gives what the act had made, which now never held. Raises ValidationError `changed_since`.
    """
    made = Assignment.objects.filter(recorded_by=assignment.recorded_by_id, recorded_at=assignment.recorded_at)
    communities = sorted(made.values_list("community", flat=True))
    _lock(communities)
    later = Assignment.objects.filter(community__in=communities, recorded_at__gt=assignment.recorded_at)
    if made.filter(ended_at__isnull=False).exists() or later.exclude(until=F("since")).exists():
        raise ValidationError(
            _("What this order gave has changed since; give the communities anew."), code="changed_since"
        )
    undone = _end(made, on=datetime.date.min, reason=_("taken back"), by=by, now=timezone.now())
    # What the act ended runs on as if nothing had been; that it was ended for a while, the act's own rows tell.
    _run_on(
        Assignment.objects.filter(
            community__in=communities, ended_by=assignment.recorded_by_id, ended_at=assignment.recorded_at
        )
    )
    return undone


@transaction.atomic
def restore(assignment: Assignment, *, by: Person) -> list[Assignment]:
    """Takes back an ending: what ended in that act runs on since its own first day, as if it had not been ended.

    Gives what runs on. Raises ValidationError `not_ended`, `stale_page` where the community has somebody else since.
    """
    _lock([assignment.community_id])
    assignment.refresh_from_db()
    ended = list(
        Assignment.objects.filter(
            community=assignment.community_id,
            ended_by=assignment.ended_by_id,
            ended_at=assignment.ended_at,
            recorded_at__lte=F("ended_at"),
        ).order_by("pk")
    )
    if assignment not in ended:
        raise ValidationError(_("It has not been ended."), code="not_ended")
    resumed = Assignment.objects.filter(pk__in=[one.pk for one in ended]).order_by("pk")
    try:
        with transaction.atomic():
            _run_on(resumed)
    except IntegrityError as clash:
        raise ValidationError(
            _("Somebody else was given the community since. Look at the page again."), code="stale_page"
        ) from clash
    now = timezone.now()
    _record([_ending_kept(one, by, now) for one in ended])
    return list(resumed)


def _run_on(ended: QuerySet[Assignment]) -> None:
    """Lets them last as long as they were to last before they were ended."""
    ended.update(until=F("meant_until"), meant_until=None, ended_by=None, ended_at=None, ended_reason="")


def _ending_kept(ended: Assignment, by: Person, now: datetime.datetime) -> Assignment:
    """A row that never holds: it tells by whom and why the assignment was ended, and who took that back when."""
    return Assignment(
        community_id=ended.community_id,
        officer_id=ended.officer_id,
        stands_in_for_id=ended.stands_in_for_id,
        since=cast("datetime.date", ended.until),  # the table has none that is ended without its end
        until=ended.until,
        meant_until=ended.meant_until,
        order_number=ended.order_number,
        order_date=ended.order_date,
        recorded_by=by,
        recorded_at=now,
        ended_by_id=ended.ended_by_id,
        ended_at=ended.ended_at,
        ended_reason=ended.ended_reason,
    )
