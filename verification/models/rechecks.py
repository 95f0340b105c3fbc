"""Random samples of a review, checked again by another officer (product.md R10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.roles import Action
from communities.scope import ScopedQuerySet

from .rounds import CommunityReview, ListedHouse


class RecheckSampleQuerySet(ScopedQuerySet["RecheckSample"]):
    district_path = "review__round__district"
    district_actions = (Action.ANSWER_REVIEW,)


class RecheckSample(models.Model):
    """Houses of a review drawn at random by the head, with what made them ask."""

    review = models.ForeignKey(CommunityReview, models.PROTECT, related_name="samples", verbose_name=_("review"))
    reason = models.CharField(_("reason"), max_length=300)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drawn by"))
    drawn_at = models.DateTimeField(_("drawn at"), auto_now_add=True)

    objects = RecheckSampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample to check again")
        verbose_name_plural = _("samples to check again")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.review_id} #{self.pk}"


class RecheckedHouse(models.Model):
    """A drawn house, and what the other officer found there."""

    class Result(models.TextChoices):
        AGREES = "agrees", _("the verdict is right")
        DIFFERS = "differs", _("the verdict is wrong")
        UNCLEAR = "unclear", _("could not be told")

    sample = models.ForeignKey(RecheckSample, models.PROTECT, related_name="houses", verbose_name=_("sample"))
    listed = models.ForeignKey(ListedHouse, models.PROTECT, related_name="+", verbose_name=_("house on the list"))
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("house checked again")
        verbose_name_plural = _("houses checked again")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "listed"], name="house_once_a_sample"),
            models.CheckConstraint(
                condition=Q(result="", checked_by=None, checked_at=None)
                | (~Q(result="") & Q(checked_by__isnull=False, checked_at__isnull=False)),
                name="recheck_by_and_at_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listed_id}: {self.result}"
