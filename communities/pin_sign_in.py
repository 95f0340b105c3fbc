"""Signing in with a PIN: who may, what is accepted, and what happens after wrong ones (product.md R11, S2).

A PIN is for the phone of a president or delegate, who reaches the addresses of one community. Whoever also has a post
at the office keeps a password. Wrong ones are counted for each account and never for the line: half a district shares
the address of a mobile carrier.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Appointment, Person
from .models.people import OF_A_COMMUNITY
from .pins import LONGEST, SHORTEST, WeakPin, check_pin, plain_digits
from .roles import Action
from .scope import posts_of_today, reach_of

TRIES_BEFORE_WAITING = 5
WAIT = datetime.timedelta(minutes=15)
TRIES_IN_ALL = 10


def may_use_pin(person: Person) -> bool:
    """Whether the person's posts of today are all those of a president or delegate."""
    posts = posts_of_today(person)
    return bool(posts) and all(post.role in OF_A_COMMUNITY for post in posts)


def check_choice(text: str, person: Person) -> None:
    """Raises ValidationError unless the person may choose the text as PIN or password.

    Codes: `pin_length`, `pin_guessable`, or those of the password validators.
    """
    pin = plain_digits(text)
    if pin is None or not may_use_pin(person):
        validate_password(text, person)
        return
    try:
        check_pin(pin)
    except WeakPin as weak:
        raise ValidationError(_weakness(weak.code), code=weak.code) from weak


def _weakness(code: str) -> str:
    if code == "pin_length":
        return _("A PIN has %(shortest)d to %(longest)d digits.") % {"shortest": SHORTEST, "longest": LONGEST}
    return _("This PIN is easy to guess. Take another: no digits in order, none that repeat, no day and no year.")


def choose(person: Person, text: str) -> None:
    """The text, checked before, becomes the person's PIN or password; wrong tries are forgotten."""
    pin = plain_digits(text)
    person.set_password(pin or text)
    person.signs_in_with_pin = pin is not None
    person.must_change_password = False
    person.wrong_in_a_row, person.wait_until = 0, None
    person.save(update_fields=["password", "signs_in_with_pin", "must_change_password", "wrong_in_a_row", "wait_until"])


@transaction.atomic
def count_try(person: Person) -> None:
    """Counts a try before the PIN is looked at, so that a hundred at the same moment are a hundred.

    Raises `account_waits` while the account waits, and `account_closed` after the last try that it had.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.wrong_in_a_row >= TRIES_IN_ALL:
        raise ValidationError(
            _("Too many wrong PINs. Call the registry section: it opens the account again."), code="account_closed"
        )
    if person.wait_until and timezone.now() < person.wait_until:
        raise ValidationError(
            _("Several wrong PINs. Try again at %(time)s, or call the registry section."),
            code="account_waits",
            params={"time": f"{timezone.localtime(person.wait_until):%H:%M}"},
        )
    person.wrong_in_a_row += 1
    person.wait_until = timezone.now() + WAIT if person.wrong_in_a_row >= TRIES_BEFORE_WAITING else None
    person.save(update_fields=["wrong_in_a_row", "wait_until"])


def forget_tries(person: Person) -> None:
    """A right PIN begins the counting anew."""
    Person.objects.filter(pk=person.pk).update(wrong_in_a_row=0, wait_until=None)


def is_closed(person: Person) -> bool:
    """Whether only the office opens the account again."""
    return person.wrong_in_a_row >= TRIES_IN_ALL


@transaction.atomic
def reopen(person: Person, *, by: Person) -> None:
    """The office lets an account try again; the PIN stays what it is. Written down."""
    require_presidents_office(person, by)
    forget_tries(person)
    LogEntry.objects.log_actions(by.pk, [person], CHANGE, change_message="wrong PINs forgotten", single_object=True)


def require_presidents_office(person: Person, by: Person) -> None:
    """Raises `not_yours` unless all of the person's posts of today are presidents' ones that `by` answers for."""
    posts = posts_of_today(person)
    if not may_use_pin(person) or not _answers_for_all(by, posts):
        raise ValidationError(_("The sign-in of this person is kept by another office."), code="not_yours")


def _answers_for_all(by: Person, posts: Sequence[Appointment]) -> bool:
    reach = reach_of(by)
    return all(post.community and reach.covers(Action.ANSWER_REVIEW, post.community) for post in posts)
