"""The first sign-in of a president or delegate: a key in the letter, good once and until its day (product.md R11).

The key is a secret in an address, printed as a QR code. Only its SHA-256 is kept, so nobody who reads the database can
open an account with it. Looking at the address spends nothing: chat programs open every link to show a preview.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Appointment, Person, SignInKey
from .models.people import OF_A_COMMUNITY
from .pin_sign_in import may_use_pin, require_presidents_office
from .roles import Action, may

SECRET_BYTES = 24  # 192 bits: 32 signs of an address


def fingerprint(secret: str) -> str:
    """The SHA-256 under which a key is kept."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def make_key(post: Appointment, *, good_until: datetime.date, by: Person) -> str:
    """Makes the one open key of a post and returns its secret, which is kept nowhere.

    `good_until` is included. An open key whose day has passed gives way. Raises `not_president`, `not_yours`,
    `post_ended`, `other_posts`, `day_has_passed`, and `open_key` where another letter is still good.
    """
    post = _locked(post)
    _require_office(post, by)
    _require_lone_post(post)
    if good_until < timezone.localdate():
        raise ValidationError(_("The letter must be good until today or later."), code="day_has_passed")
    open_key = open_keys(post).first()
    if open_key is not None and open_key.good_until >= timezone.localdate():
        raise ValidationError(_("Another letter for this post is still good: revoke it first."), code="open_key")
    if open_key is not None:
        _revoke(open_key, _("its day has passed"), by)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    SignInKey.objects.create(post=post, fingerprint=fingerprint(secret), good_until=good_until, made_by=by)
    return secret


@transaction.atomic
def replace_key(post: Appointment, *, good_until: datetime.date, reason: str, by: Person) -> str:
    """Another letter: revokes the open key of the post, if there is one, and makes a new one. Raises as `make_key`."""
    for key in open_keys(_locked(post)):
        revoke_key(key, reason=reason, by=by)
    return make_key(post, good_until=good_until, by=by)


def open_keys(post: Appointment) -> QuerySet[SignInKey]:
    """The key of the post that is neither spent nor revoked (its day may have passed): one or none."""
    return SignInKey.objects.filter(post=post, spent_at=None, revoked_at=None)


def look_at_key(secret: str) -> Appointment:
    """The post that a key opens; spends nothing. Raises as `spend_key`."""
    return _judged(SignInKey.objects.filter(fingerprint=fingerprint(secret)).select_related("post__person").first())


@transaction.atomic
def spend_key(secret: str) -> Appointment:
    """Spends the key and returns its post; of two phones at the same moment one gets in.

    What opened the account before (a PIN, a password, other phones) ends. The person must choose a PIN or password.
    Raises `unknown`, `spent`, `revoked`, `expired` or `post_ended`, each with what to do now.
    """
    key = SignInKey.objects.select_for_update().filter(fingerprint=fingerprint(secret)).first()
    post = _judged(key)
    SignInKey.objects.filter(fingerprint=fingerprint(secret)).update(spent_at=timezone.now())
    post.person = _shut(post.person)
    return post


@transaction.atomic
def revoke_key(key: SignInKey, *, reason: str, by: Person) -> None:
    """Ends a key: an open one opens nothing any more; of a spent one the PIN and every session that came of it end.

    Raises `not_yours`, `reason_missing` and `revoked`.
    """
    key = SignInKey.objects.select_for_update().get(pk=key.pk)
    _require_office(key.post, by)
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why the letter is revoked."), code="reason_missing")
    if key.revoked_at:
        raise ValidationError(_("This letter has been revoked already."), code="revoked")
    if key.spent_at is None:
        _revoke(key, reason, by)
        return
    _shut(key.post.person)
    _write_down(key.post.person, f"sign-in of letter {key.pk} ended: {reason}", by)


@transaction.atomic
def take_back(post: Appointment, *, reason: str, by: Person) -> None:
    """Ends all that opens the account: the open letter, the PIN or password, every phone. Raises as `revoke_key`."""
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why the letter is revoked."), code="reason_missing")
    require_presidents_office(post.person, by)
    for key in open_keys(_locked(post)):
        _revoke(key, reason, by)
    _shut(post.person)
    _write_down(post.person, f"sign-in ended: {reason}", by)


@transaction.atomic
def sign_out_everywhere(person: Person, *, by: Person) -> None:
    """Ends every session of a president or delegate; the PIN stays. Raises `not_yours`."""
    require_presidents_office(person, by)
    Person.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    _write_down(person, "signed out everywhere", by)


def session_seconds(person: Person) -> int:
    """How long the person's session lasts: weeks on the phone of a president, a working day at a desk."""
    return settings.PHONE_SESSION_AGE if may_use_pin(person) else settings.SESSION_COOKIE_AGE


def _locked(post: Appointment) -> Appointment:
    return Appointment.objects.select_for_update(of=("self",)).select_related("person", "community").get(pk=post.pk)


def _require_office(post: Appointment, by: Person) -> None:
    if post.role not in OF_A_COMMUNITY or post.community is None:
        raise ValidationError(_("Only presidents and their delegates sign in by letter."), code="not_president")
    if not may(by, Action.ANSWER_REVIEW, post.community):
        raise ValidationError(_("The sign-in of this person is kept by another office."), code="not_yours")


def _require_lone_post(post: Appointment) -> None:
    """A letter must not open more than a president's pages."""
    if not _holds(post):
        raise ValidationError(_("This post does not hold today."), code="post_ended")
    if not may_use_pin(post.person):
        raise ValidationError(
            _("%(person)s also has a post at the office, and signs in with the password of that."),
            code="other_posts",
            params={"person": post.person},
        )


def _holds(post: Appointment) -> bool:
    today = timezone.localdate()
    return post.person.is_active and post.since <= today and (post.until is None or today < post.until)


def _judged(key: SignInKey | None) -> Appointment:
    """The post of a key that is good now. Raises ValidationError with what to do."""
    if key is None:
        raise ValidationError(
            _("This address opens nothing. Scan the code of your letter again, or ask the registry section."),
            code="unknown",
        )
    if key.spent_at:
        raise ValidationError(
            _(
                "This letter has been used. Sign in with your user name and PIN. "
                "If you did not use it yourself, call the registry section today."
            ),
            code="spent",
        )
    if key.revoked_at:
        raise ValidationError(
            _("The registry section has taken this letter back. Use the newest letter, or ask for another."),
            code="revoked",
        )
    if key.good_until < timezone.localdate():
        raise ValidationError(
            _("The last day of this letter has passed. Ask the registry section for another."), code="expired"
        )
    if not _holds(key.post) or not may_use_pin(key.post.person):
        raise ValidationError(
            _("This letter is for a post that has ended or changed. Ask the registry section what holds now."),
            code="post_ended",
        )
    return key.post


def _shut(person: Person) -> Person:
    """Nothing that opened the account opens it any more; its sessions end with the password."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.set_unusable_password()
    person.must_change_password = True
    person.signs_in_with_pin, person.wrong_in_a_row, person.wait_until = False, 0, None
    person.save(update_fields=["password", "must_change_password", "signs_in_with_pin", "wrong_in_a_row", "wait_until"])
    return person


def _revoke(key: SignInKey, reason: str, by: Person) -> None:
    key.revoked_at, key.revoked_by, key.revoked_reason = timezone.now(), by, reason[:200]
    key.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])


def _write_down(person: Person, deed: str, by: Person) -> None:
    LogEntry.objects.log_actions(by.pk, [person], CHANGE, change_message=deed, single_object=True)
