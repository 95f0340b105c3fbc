"""Visits on the spot: the list of a day, its team, and what was found at each house (product.md V2, V3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import District
from communities.roles import Action
from communities.scope import ScopedQuerySet
from households.models import HouseRegistration

from .cases import Case


class Section(models.TextChoices):
    """Whom a member of the joint team stands for (source document, step 19)."""

    REGISTRY = "registry", _("registry section")
    COMMUNITY_DEVELOPMENT = "community_development", _("community development section")
    PRESIDENT = "president", _("community president")
    DELEGATE = "delegate", _("president's delegate")
    OTHER = "other", pgettext_lazy("section", "other")


class VisitListQuerySet(ScopedQuerySet["VisitList"]):
    district_path = "district"
    district_actions = (Action.VISIT,)


class VisitList(models.Model):
    """The houses that a team goes to on a day, lane by lane."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    day = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("list of the day"))
    most_stops = models.PositiveSmallIntegerField(_("houses at most"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)

    objects = VisitListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of visits")
        verbose_name_plural = _("lists of visits")
        ordering = ["-day", "number"]
        constraints = [
            models.UniqueConstraint(fields=["district", "day", "number"], name="visit_list_once_a_day"),
            models.CheckConstraint(condition=Q(most_stops__gte=1), name="visit_list_has_room"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} #{self.number}"


class TeamMember(models.Model):
    """Somebody who is to go along; with an account or by name alone."""

    visit_list = models.ForeignKey(VisitList, models.PROTECT, related_name="team", verbose_name=_("list of visits"))
    section = models.CharField(_("stands for"), max_length=30, choices=Section)
    name = models.CharField(_("full name"), max_length=150)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["visit_list", "name"], name="member_once_a_team")]

    def __str__(self) -> str:
        return self.name


class Stop(models.Model):
    """A case on a list of visits. It is over when its result is recorded (trigger) or it is taken off with a reason."""

    visit_list = models.ForeignKey(VisitList, models.PROTECT, related_name="stops", verbose_name=_("list of visits"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="stops", verbose_name=_("case"))
    # The case's house, so that no house is on two lists.
    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("house registration"),
    )
    place = models.PositiveSmallIntegerField(_("place on the list"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), db_default=Now(), editable=False)
    over_at = models.DateTimeField(_("over at"), null=True, blank=True, editable=False)
    taken_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken off by"),
    )
    taken_off_reason = models.CharField(_("why it was taken off"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("stop of a visit")
        verbose_name_plural = _("stops of visits")
        ordering = ["visit_list", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(over_at=None),
                name="case_waits_on_one_list",
                violation_error_message=_("The case is on a list of visits already."),
            ),
            models.UniqueConstraint(
                fields=["house"],
                condition=Q(over_at=None),
                name="house_waits_on_one_list",
                violation_error_message=_("The house is on a list of visits already."),
            ),
            models.CheckConstraint(
                condition=Q(taken_off_by=None, taken_off_reason="")
                | Q(taken_off_by__isnull=False, taken_off_reason__regex=r"\S", over_at__isnull=False),
                name="stop_is_taken_off_with_a_reason",
                violation_error_message=_("Say why the visit is taken off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_list_id}: {self.case_id}"


class StopResult(models.Model):
    """What was found at a house: appended only. `gone_since` is the true day of a demolition, as told on the spot."""

    class Code(models.TextChoices):
        STANDING = "standing", _("stands there")
        DEMOLISHED = "demolished", _("demolished")
        DESTROYED = "destroyed", _("destroyed")
        NOBODY_HOME = "nobody_home", _("nobody home")
        ACCESS_REFUSED = "access_refused", _("access refused")
        OTHER_NUMBER = "other_number", _("shows another number")
        NOT_FOUND = "not_found", _("not found")

    key = models.UUIDField(_("key"), unique=True, editable=False)
    stop = models.OneToOneField(Stop, models.PROTECT, related_name="result", verbose_name=_("stop"))
    code = models.CharField(_("result"), max_length=20, choices=Code)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    shown_number = models.CharField(_("number shown at the house"), max_length=40, blank=True)
    gone_since = models.DateField(_("gone since"), null=True, blank=True)
    seen_on = models.DateField(_("seen on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("result of a visit")
        verbose_name_plural = _("results of visits")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="other_number") | Q(shown_number__regex=r"\S"),
                name="other_number_is_said",
                violation_error_message=_("Type the number that the house shows."),
            ),
            models.CheckConstraint(
                condition=Q(gone_since=None) | Q(gone_since__lte=models.F("seen_on")),
                name="gone_before_it_was_seen",
                violation_error_message=_("The house was gone before it was seen so."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stop_id}: {self.code}"


class Attendance(models.Model):
    """Somebody who was there: appended only."""

    result = models.ForeignKey(
        StopResult, models.PROTECT, related_name="attendances", verbose_name=_("result of a visit")
    )
    section = models.CharField(_("stands for"), max_length=30, choices=Section)
    name = models.CharField(_("full name"), max_length=150)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["result", "name"], name="attended_once")]

    def __str__(self) -> str:
        return self.name
