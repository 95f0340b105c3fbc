"""Months whose figures have been issued and can no longer change."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .places import District


class ClosedMonth(models.Model):
    """A month of a district whose report is issued: no fact may count in it any more (architecture, law 3)."""

    district = models.ForeignKey(District, models.PROTECT, related_name="closed_months", verbose_name=_("district"))
    month = models.DateField(_("first day of the month"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [
            models.UniqueConstraint(fields=["district", "month"], name="month_closed_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="closed_month_is_a_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.month:%Y-%m}"
