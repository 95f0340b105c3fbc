"""Places: districts, their sub-districts, and communities with what is true of them from a date on."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..roles import Action
from ..scope import ScopedQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Dated = TypeVar("Dated", bound="DatedRow")


class District(models.Model):
    """A district office's area. The area code and the city's agency code are two series (domain.md 3.2)."""

    code = models.CharField(_("area code"), max_length=4, unique=True)
    agency_code = models.CharField(_("agency code"), max_length=8, blank=True)
    name_th = models.CharField(_("Thai name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    # When its sub-districts, its communities, or what is true of those, changed last (trigger).
    places_changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["code"]

    def __str__(self) -> str:
        return gettext("%(name)s District") % {"name": self.name_th}


class Subdistrict(models.Model):
    """A แขวง of a district."""

    district = models.ForeignKey(District, models.PROTECT, related_name="subdistricts", verbose_name=_("district"))
    code = models.CharField(_("area code"), max_length=6, unique=True)
    name_th = models.CharField(_("Thai name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("sub-district")
        verbose_name_plural = _("sub-districts")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name_th"],
                name="subdistrict_name_once_a_district",
                violation_error_message=_("This district has a sub-district of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name_th


class CommunityType(models.Model):
    """A kind of community under one rule of the city; the kinds change with the rule (domain.md 5)."""

    name_th = models.CharField(_("Thai name"), max_length=80)
    rule_year_be = models.PositiveSmallIntegerField(_("year of the rule (Buddhist)"))

    class Meta:
        verbose_name = _("community type")
        verbose_name_plural = _("community types")
        ordering = ["rule_year_be", "name_th"]
        constraints = [models.UniqueConstraint(fields=["name_th", "rule_year_be"], name="community_type_once_a_rule")]

    def __str__(self) -> str:
        return f"{self.name_th} ({self.rule_year_be})"


class CommunityQuerySet(ScopedQuerySet["Community"]):
    district_path = "district"
    district_actions = (Action.SEE_FIGURES, Action.SEE_LISTS)
    community_path = "pk"
    community_actions = (Action.SEE_OWN_ADDRESSES,)

    def as_at(self, day: datetime.date) -> Self:
        """Adds what is known for `day`: `code` (None unless in force that day) and `label_code`, `name_th`,
        `name_en`, `type_name`, `expected`, which before their first day are read from their first row."""
        official = {"kind": CommunityName.Kind.OFFICIAL}
        return self.annotate(
            code=Subquery(CommunityCode.objects.on(day).filter(community=OuterRef("pk")).values("code")[:1]),
            label_code=_known(CommunityCode, day, "code"),
            name_th=_known(CommunityName, day, "name_th", **official),
            name_en=_known(CommunityName, day, "name_en", **official),
            type_name=_known(CommunityTyping, day, "community_type__name_th"),
            expected=_known(ExpectedHouses, day, "houses"),
        )


def _known(rows: type[DatedRow], day: datetime.date, column: str, **more: object) -> Subquery:
    """The value of the newest row begun by `day`, or of the first row where none has begun."""
    found = rows.objects.filter(community=OuterRef("pk"), **more)
    begun = Case(When(in_force_from__lte=day, then="in_force_from"))
    return Subquery(found.order_by(begun.desc(nulls_last=True), "in_force_from").values(column)[:1])


class Community(models.Model):
    """A community announced by the city. What can change stands in dated rows beside it."""

    district = models.ForeignKey(District, models.PROTECT, related_name="communities", verbose_name=_("district"))
    subdistrict = models.ForeignKey(
        Subdistrict, models.PROTECT, related_name="communities", verbose_name=_("sub-district")
    )

    # What `CommunityQuerySet.as_at` adds; a community read without it has none of these.
    code: str | None
    label_code: str | None
    name_th: str | None
    name_en: str | None
    type_name: str | None
    expected: int | None

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")

    def __str__(self) -> str:
        if "name_th" in self.__dict__:
            return self.name_th or str(self.pk)
        latest = self.names.filter(kind=CommunityName.Kind.OFFICIAL).order_by("in_force_from").last()
        return latest.name_th if latest else str(self.pk)


class _DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


PERIOD = _DateRange("in_force_from", "in_force_until", RangeBoundary())


class DatedRowQuerySet(models.QuerySet[Dated]):
    def on(self, day: datetime.date) -> Self:
        """The rows in force on `day`; the last day itself is not included."""
        return self.filter(Q(in_force_until__isnull=True) | Q(in_force_until__gt=day), in_force_from__lte=day)


class DatedRow(models.Model):
    """One thing that is true of a community from a day until (not including) another."""

    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    letter = models.CharField(_("letter"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["in_force_from"]


def _period_runs_forward(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
        name=f"{name}_period_runs_forward",
        violation_error_message=_("The last day must come after the first."),
    )


def _one_at_a_time(name: str, message: StrOrPromise, *columns: str, **only: object) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[(column, RangeOperators.EQUAL) for column in columns] + [(PERIOD, RangeOperators.OVERLAPS)],
        condition=Q(**only) if only else None,
        violation_error_message=message,
    )


class CommunityCode(DatedRow):
    """The code the regional registration centre gave a community. Nationwide one code means one community."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="codes", verbose_name=_("community"))
    code = models.CharField(_("community code"), max_length=8)

    class Meta(DatedRow.Meta):
        verbose_name = _("community code")
        verbose_name_plural = _("community codes")
        constraints = [
            _period_runs_forward("community_code"),
            _one_at_a_time("community_has_one_code", _("The community has a code in that period."), "community"),
            _one_at_a_time("code_means_one_community", _("Another community has that code."), "code"),
        ]

    def __str__(self) -> str:
        return self.code


class CommunityName(DatedRow):
    """An official or other name of a community."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official name")
        OTHER = "other", _("other name")

    community = models.ForeignKey(Community, models.PROTECT, related_name="names", verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OFFICIAL)
    name_th = models.CharField(_("Thai name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta(DatedRow.Meta):
        verbose_name = _("community name")
        verbose_name_plural = _("community names")
        constraints = [
            _period_runs_forward("community_name"),
            _one_at_a_time(
                "community_has_one_official_name",
                _("The community has an official name in that period."),
                "community",
                kind="official",
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


class CommunityTyping(DatedRow):
    """Which type a community has under the rule of the day."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="typings", verbose_name=_("community"))
    community_type = models.ForeignKey(CommunityType, models.PROTECT, related_name="+", verbose_name=_("type"))

    class Meta(DatedRow.Meta):
        verbose_name = _("type of a community")
        verbose_name_plural = _("types of communities")
        constraints = [
            _period_runs_forward("community_typing"),
            _one_at_a_time("community_has_one_type", _("The community has a type in that period."), "community"),
        ]

    def __str__(self) -> str:
        return str(self.community_type)


class ExpectedHouses(DatedRow):
    """How many houses the section said a community has before work began (product.md C4)."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="expectations", verbose_name=_("community"))
    houses = models.PositiveIntegerField(_("expected houses"))

    class Meta(DatedRow.Meta):
        verbose_name = _("expected number of houses")
        verbose_name_plural = _("expected numbers of houses")
        constraints = [
            _period_runs_forward("expected_houses"),
            _one_at_a_time(
                "community_has_one_expectation", _("The community has an expected number in that period."), "community"
            ),
        ]

    def __str__(self) -> str:
        return str(self.houses)
