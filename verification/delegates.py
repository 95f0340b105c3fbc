"""Delegates: the president names one, the district office accepts, which makes the post, or refuses and says why.

The post of a president can pass to another while a list is under review: the review goes on with whoever holds the
post, and every verdict keeps the name of who gave it (product.md R8).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Appointment, Community, District, Person, Role
from communities.roles import Action, may
from communities.thai_text import clean

from .models import DelegateNaming

ENDED = "delegate's post ended"


# --- the president ---


@transaction.atomic
def name_delegate(community: Community, *, full_name: str, reason: str = "", by: Person) -> DelegateNaming:
    """The president asks the office to let a person review the list in the president's place.

    Raises ValidationError `not_the_president`, `name_needed`, `too_long`, `named_already`.
    """
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    if _presidents_post(community.pk, by) is None:
        raise ValidationError(_("Only the community's president names a delegate."), code="not_the_president")
    name = _bounded(full_name, "full_name")
    if not name:
        raise ValidationError(_("Type the delegate's full name."), code="name_needed")
    if DelegateNaming.objects.filter(community=community, decided_at=None).exists():
        raise ValidationError(
            _("A delegate has been named; the district office has not answered yet."), code="named_already"
        )
    return DelegateNaming.objects.create(
        community=community, full_name=name, reason=_bounded(reason, "reason"), named_by=by
    )


# --- the office ---


@transaction.atomic
def accept_delegate(naming: DelegateNaming, *, by: Person) -> Appointment:
    """Gives the named person an account and the post; it ends no later than the president's own.

    The account has no password: the delegate signs in first by a letter, as presidents do.
    Raises `not_the_office`, `decided_already`, `president_changed`.
    """
    now = _locked(naming)
    _refuse_unless_undecided(now, by)
    presidents = _presidents_post(now.community_id, now.named_by)
    if presidents is None:
        raise ValidationError(
            _("%(name)s, who named the delegate, is no longer president. Refuse it and say so."),
            code="president_changed",
            params={"name": now.named_by},
        )
    person = Person.objects.create(username=f"delegate{now.pk}", full_name=now.full_name, password=make_password(None))
    now.post = Appointment.objects.create(
        person=person,
        role=Role.DELEGATE,
        community_id=now.community_id,
        since=timezone.localdate(),
        until=presidents.until,
    )
    now.decided_by, now.decided_at = by, timezone.now()
    now.save()
    return now.post


@transaction.atomic
def refuse_delegate(naming: DelegateNaming, *, reason: str, by: Person) -> DelegateNaming:
    """Says no, and why, to the president. Raises `not_the_office`, `decided_already`, `reason_needed`, `too_long`."""
    now = _locked(naming)
    _refuse_unless_undecided(now, by)
    now.refused_reason = _bounded(reason, "refused_reason")
    if not now.refused_reason:
        raise ValidationError(_("Say why the delegate is refused."), code="reason_needed")
    now.decided_by, now.decided_at = by, timezone.now()
    now.save()
    return now


@transaction.atomic
def end_delegate(naming: DelegateNaming, *, by: Person) -> Appointment:
    """Ends the delegate's post: today if it began earlier, else at the end of the day. What was said stays.

    The president ends a delegate's post as well as the office; who did it stands in the log of the account.
    Raises `not_allowed`, `not_in_post`.
    """
    now = _locked(naming)
    if not (may(by, Action.NAME_DELEGATE, now.community) or may(by, Action.ANSWER_REVIEW, now.community)):
        raise ValidationError(_("Only the president or the registry section ends this."), code="not_allowed")
    today = timezone.localdate()
    post = Appointment.objects.select_for_update().filter(pk=now.post_id).first() if now.post_id else None
    if post is None or not _lasts(post, today):
        raise ValidationError(_("This delegate holds the post no longer."), code="not_in_post")
    post.until = max(today, post.since + datetime.timedelta(days=1))
    post.save(update_fields=["until"])
    LogEntry.objects.log_actions(by.pk, [post.person], CHANGE, change_message=ENDED, single_object=True)
    return post


# --- what the pages show ---


@dataclasses.dataclass(frozen=True)
class NamingLine:
    """A naming with its community's name of today, and whether who named is still president."""

    naming: DelegateNaming
    community: Community
    by_the_president: bool

    @property
    def waits(self) -> bool:
        """Whether the office has still to answer."""
        return self.naming.decided_at is None

    @property
    def in_post(self) -> bool:
        """Whether the delegate holds the post, today or from today on."""
        return self.naming.post is not None and _lasts(self.naming.post, timezone.localdate())


def namings_in(district: District) -> Sequence[NamingLine]:
    """All namings of the district, those that wait first, then the newest; three queries."""
    rows = DelegateNaming.objects.filter(community__district=district)
    lines = _lines(list(rows.select_related("named_by", "decided_by", "post__person").order_by("-pk")))
    return sorted(lines, key=lambda line: not line.waits)


def namings_of(community: Community) -> Sequence[NamingLine]:
    """The community's namings, the newest first; three queries."""
    rows = DelegateNaming.objects.filter(community=community)
    return _lines(list(rows.select_related("named_by", "decided_by", "post__person").order_by("-pk")))


def _lines(namings: Sequence[DelegateNaming]) -> Sequence[NamingLine]:
    today = timezone.localdate()
    ids = {naming.community_id for naming in namings}
    named = Community.objects.as_at(today).in_bulk(ids)
    posts = Appointment.objects.on(today).filter(role=Role.PRESIDENT, community__in=ids)
    presidents = set(posts.values_list("community", "person"))
    return [
        NamingLine(naming, named[naming.community_id], (naming.community_id, naming.named_by_id) in presidents)
        for naming in namings
    ]


# --- judging ---


def _locked(naming: DelegateNaming) -> DelegateNaming:
    """The naming as it is now; nobody else decides it until the transaction ends."""
    rows = DelegateNaming.objects.select_for_update(of=("self",)).select_related("community", "named_by")
    return rows.get(pk=naming.pk)


def _presidents_post(community: int, person: Person) -> Appointment | None:
    posts = Appointment.objects.on(timezone.localdate()).filter(role=Role.PRESIDENT, community=community)
    return posts.filter(person=person, person__is_active=True).first()


def _refuse_unless_undecided(naming: DelegateNaming, by: Person) -> None:
    """Nobody accepts a delegate whom they named themselves, whatever other post they hold."""
    if by.pk == naming.named_by_id or not may(by, Action.ANSWER_REVIEW, naming.community):
        raise ValidationError(_("Only the registry section accepts or refuses delegates."), code="not_the_office")
    if naming.decided_at:
        raise ValidationError(_("Somebody else has decided this meanwhile."), code="decided_already")


def _lasts(post: Appointment, day: datetime.date) -> bool:
    return post.until is None or post.until > day


def _bounded(text: str, column: str) -> str:
    written, most = clean(text), getattr(DelegateNaming._meta.get_field(column), "max_length", 0)
    if len(written) > most:
        raise ValidationError(_("Too long: write at most %(most)s letters."), code="too_long", params={"most": most})
    return written
