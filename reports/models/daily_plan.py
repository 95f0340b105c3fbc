"""The month's entry in the Daily Plans of the city, due by the 25th (domain.md section 8, product.md K3 and K4)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import District
from communities.roles import Action
from communities.scope import ScopedQuerySet


class DailyPlanEntryQuerySet(ScopedQuerySet["DailyPlanEntry"]):
    district_path = "district"
    district_actions = (Action.SEE_FIGURES,)


class DailyPlanEntry(models.Model):
    """One wording of a month's entry; the newest of a month holds. Appended only, so that who wrote what stays."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        SUBMITTED = "submitted", _("submitted")

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    month = models.DateField(_("first day of the month"))
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    counted_until = models.DateField(_("counted up to"))
    indicator_name = models.CharField(_("indicator"), max_length=200)
    target = models.DecimalField(_("target, per cent"), max_digits=6, decimal_places=2, null=True)
    expected = models.PositiveIntegerField(_("expected houses"), null=True)
    this_month = models.PositiveIntegerField(_("result of this month"))
    cumulative = models.PositiveIntegerField(_("result so far"))
    result = models.TextField(_("what was done"), max_length=3000)
    obstacles = models.TextField(_("problems and obstacles"), max_length=3000, blank=True)
    remedies = models.TextField(_("how they are met"), max_length=3000, blank=True)
    reporter = models.CharField(_("reported by"), max_length=150)
    reported_on = models.DateField(_("date of the report"))
    reference = models.CharField(_("letter referred to"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)

    objects = DailyPlanEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Daily Plan entry")
        verbose_name_plural = _("Daily Plan entries")
        ordering = ["district_id", "-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["district", "month", "version"], name="daily_plan_once_a_version"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="daily_plan_month_is_a_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.month:%Y-%m} v{self.version}"
