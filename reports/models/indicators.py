"""What the indicators are measured against, and the times that the system measures of itself (product.md K5)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet


class IndicatorTargetQuerySet(ScopedQuerySet["IndicatorTarget"]):
    district_path = "district"
    district_actions = (Action.SEE_FIGURES,)


class IndicatorTarget(models.Model):
    """What an indicator should reach by the end of a quarter of a fiscal year; the newest of a quarter holds."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    indicator = models.CharField(_("indicator"), max_length=40)
    fiscal_year_be = models.PositiveSmallIntegerField(_("fiscal year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), validators=[MinValueValidator(1), MaxValueValidator(4)])
    target = models.DecimalField(_("target"), max_digits=10, decimal_places=2)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"), db_default=Now(), editable=False)

    objects = IndicatorTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of an indicator")
        verbose_name_plural = _("targets of indicators")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quarter__range=(1, 4)), name="target_of_a_quarter"),
            models.CheckConstraint(condition=models.Q(target__gte=0), name="target_not_below_zero"),
        ]
        indexes = [models.Index(fields=["district", "fiscal_year_be", "indicator"], name="targets_of_a_year")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.quarter}/{self.fiscal_year_be}: {self.target}"


class OpeningTimeQuerySet(ScopedQuerySet["OpeningTime"]):
    district_path = "district"
    district_actions = (Action.SEE_FIGURES,)


class OpeningTime(models.Model):
    """How long the opening of a community's list took, as the server measured it; appended only."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    community = models.ForeignKey(Community, models.PROTECT, null=True, related_name="+", verbose_name=_("community"))
    page = models.CharField(_("page"), max_length=60)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    opened_on = models.DateField(_("opened on"))
    opened_at = models.DateTimeField(_("opened at"), db_default=Now(), editable=False)

    objects = OpeningTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("time of opening a list")
        verbose_name_plural = _("times of opening lists")
        ordering = ["id"]
        indexes = [models.Index(fields=["district", "opened_on"], name="opening_times_by_day")]

    def __str__(self) -> str:
        return f"{self.page} {self.milliseconds} ms"
