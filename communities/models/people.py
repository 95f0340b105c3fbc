"""People and the posts they hold."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .places import Community, District

if TYPE_CHECKING:
    from ..scope import Reach


class Person(AbstractUser):
    """An account. What it may do comes from appointments, not from groups or permissions ticked by hand."""

    first_name = None  # type: ignore[assignment]  # so Django is told that a column is not there
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=150)
    thai_digits = models.BooleanField(_("show Thai digits"), default=False)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    signs_in_with_pin = models.BooleanField(_("signs in with a PIN"), default=False, editable=False)
    wrong_in_a_row = models.PositiveSmallIntegerField(_("wrong tries in a row"), default=0, editable=False)
    wait_until = models.DateTimeField(_("waits until"), null=True, blank=True, editable=False)
    sessions_ended = models.PositiveIntegerField(_("how often all sessions were ended"), default=0, editable=False)
    _posts: tuple[datetime.date, list[Appointment]]  # what `scope.posts_of_today` found
    _reach: tuple[datetime.date, Reach]  # what `scope.reach_of` worked out

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # A superuser may do everything in every district, past the table of roles.
            models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_is_superuser")
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to go on: it changes with the password, and when the office ends all sessions."""
        known = f"{self.password}:{self.sessions_ended}"
        return salted_hmac("communities.Person.session", known, secret=secret, algorithm="sha256").hexdigest()


class Role(models.TextChoices):
    OFFICER = "officer", _("registry officer")
    HEAD = "head", _("head of the registry section")
    COMMUNITY_DEVELOPMENT = "community_development", _("community development officer")
    PRESIDENT = "president", _("community president")
    DELEGATE = "delegate", _("president's delegate")
    DIRECTOR = "director", _("district director")
    CITY_VIEWER = "city_viewer", _("city viewer")
    ADMINISTRATOR = "administrator", _("administrator")


OF_A_COMMUNITY = [Role.PRESIDENT, Role.DELEGATE]
OF_THE_CITY = [Role.CITY_VIEWER]
# Whose appointment may say that they are registrar, or that they act for somebody.
HEADS = [Role.HEAD, Role.DIRECTOR]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: datetime.date) -> Self:
        """The appointments that hold on `day`."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Appointment(models.Model):
    """A person holds a role for a place from a day until (not including) another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("district")
    )
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("community")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    order = models.CharField(_("order or letter"), max_length=200, blank=True)
    is_registrar = models.BooleanField(_("registrar"), default=False)
    acting_for = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acting for")
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(role__in=OF_A_COMMUNITY, community__isnull=False, district__isnull=True)
                    | Q(role__in=OF_THE_CITY, community__isnull=True, district__isnull=True)
                    | (~Q(role__in=[*OF_A_COMMUNITY, *OF_THE_CITY]) & Q(community__isnull=True, district__isnull=False))
                ),
                name="appointment_place_fits_role",
                violation_error_message=_("A president or delegate needs a community, a district role a district."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="appointment_period_runs_forward",
                violation_error_message=_("The last day must come after the first."),
            ),
            models.CheckConstraint(
                condition=Q(is_registrar=False) | Q(role__in=HEADS),
                name="registrar_is_a_head_or_director",
                violation_error_message=_("Only a head or director is a registrar."),
            ),
            models.CheckConstraint(
                condition=Q(acting_for=None) | (Q(role__in=HEADS) & ~Q(acting_for=F("person"))),
                name="acting_is_for_another_head_or_director",
                violation_error_message=_("Only a head or director acts for another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"
