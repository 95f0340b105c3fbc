"""Forgotten passwords: the office gives a temporary one on paper, and its owner replaces it at the first sign-in."""

from __future__ import annotations

import secrets

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Appointment, Person
from .roles import Action
from .scope import reach_of

# Small letters and digits that cannot be taken for each other on paper: no 0 o, 1 i l.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS_A_GROUP = 3, 4


def temporary_password() -> str:
    """Three groups of four letters, 59 bits: "k7mp-3xqd-9wtr"."""
    groups = ("".join(secrets.choice(LETTERS) for _letter in range(LETTERS_A_GROUP)) for _group in range(GROUPS))
    return "-".join(groups)


def accounts_within_reach(person: Person) -> QuerySet[Person]:
    """Accounts whose holders have a post today in a district in which `person` may reset passwords."""
    districts = reach_of(person).in_districts([Action.RESET_PASSWORD])
    posts = Appointment.objects.on(timezone.localdate()).filter(
        Q(district__in=districts) | Q(community__district__in=districts)
    )
    return Person.objects.filter(is_active=True, pk__in=posts.values("person"))


@transaction.atomic
def reset_password(person: Person, *, by: Person) -> str:
    """Gives the person a temporary password, ends their sessions and returns it: it is kept nowhere.

    Raises `own_password`, and `post_elsewhere` where the person also holds a post outside the doer's districts:
    whoever knows the password would reach further than they may.
    """
    if person.pk == by.pk:
        raise ValidationError(_("Change your own password on the page for it."), code="own_password")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if _holds_post_beyond(person, by):
        raise ValidationError(
            _("%(person)s also holds a post outside your district: the password is reset there."),
            code="post_elsewhere",
            params={"person": person},
        )
    temporary = temporary_password()
    person.set_password(temporary)
    person.must_change_password = True
    person.signs_in_with_pin, person.wrong_in_a_row, person.wait_until = False, 0, None
    person.save(update_fields=["password", "must_change_password", "signs_in_with_pin", "wrong_in_a_row", "wait_until"])
    LogEntry.objects.log_actions(by.pk, [person], CHANGE, change_message="password reset on paper", single_object=True)
    return temporary


def _holds_post_beyond(person: Person, by: Person) -> bool:
    districts = reach_of(by).in_districts([Action.RESET_PASSWORD])
    within = Q(district__in=districts) | Q(community__district__in=districts)
    return Appointment.objects.on(timezone.localdate()).filter(person=person).exclude(within).exists()
