"""A lost second factor: the administrator takes it off the account, and its owner sets another up (product.md S2)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Appointment, Person
from .models.people import Role
from .roles import Action
from .scope import posts_of_today, reach_of

# Whoever changes what a district's register says, and whoever could let somebody in who does.
NEED_IT = frozenset({Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})


def needs_second_factor(person: Person) -> bool:
    """Whether a post of today asks for a second factor."""
    return any(post.role in NEED_IT for post in posts_of_today(person))


@transaction.atomic
def reset_second_factor(person: Person, *, by: Person) -> None:
    """Takes the second factor off an account and ends its sessions; the password stays. Written down.

    Raises `own_second_factor`, `not_yours` for a post outside the districts that `by` administers, and
    `no_second_factor`.
    """
    if person.pk == by.pk:
        raise ValidationError(_("Another administrator resets yours."), code="own_second_factor")
    if _holds_post_beyond(person, by):
        raise ValidationError(
            _("%(person)s also holds a post outside your district: the second factor is reset there."),
            code="not_yours",
            params={"person": person},
        )
    taken, _models = Authenticator.objects.filter(user=person).delete()
    if not taken:
        raise ValidationError(_("This account has no second factor."), code="no_second_factor")
    Person.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    LogEntry.objects.log_actions(by.pk, [person], CHANGE, change_message="second factor reset", single_object=True)


def _holds_post_beyond(person: Person, by: Person) -> bool:
    kept = reach_of(by).in_districts([Action.KEEP_REFERENCE_DATA])
    within = Q(district__in=kept) | Q(community__district__in=kept)
    return Appointment.objects.on(timezone.localdate()).filter(person=person).exclude(within).exists()
