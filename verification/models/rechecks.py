"""Random samples of a review, checked again by somebody else (product.md R10): all appended only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.roles import Action
from communities.scope import ScopedQuerySet

from .rounds import CommunityReview
from .verdicts import Verdict


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
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="sample_says_why",
                violation_error_message=_("Say why houses are checked again."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} #{self.pk}"


class DrawnHouse(models.Model):
    """A house of a sample, with the verdict that stood when it was drawn."""

    sample = models.ForeignKey(RecheckSample, models.PROTECT, related_name="houses", verbose_name=_("sample"))
    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="+", verbose_name=_("verdict"))

    class Meta:
        verbose_name = _("house drawn to be checked again")
        verbose_name_plural = _("houses drawn to be checked again")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sample", "verdict"], name="house_once_a_sample")]

    def __str__(self) -> str:
        return f"{self.sample_id}: {self.verdict_id}"


class Recheck(models.Model):
    """What somebody of the office found at a drawn house; the newest one of a house stands.

    Whoever drew the sample, and whoever gave or keyed in a verdict of its review, does not check it (trigger).
    """

    class Result(models.TextChoices):
        AGREES = "agrees", _("the verdict is right")
        DIFFERS = "differs", _("the verdict is wrong")
        UNCLEAR = "unclear", _("could not be told")

    drawn = models.ForeignKey(DrawnHouse, models.PROTECT, related_name="rechecks", verbose_name=_("drawn house"))
    result = models.CharField(_("result"), max_length=10, choices=Result)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"), auto_now_add=True)

    class Meta:
        verbose_name = _("check of a drawn house")
        verbose_name_plural = _("checks of drawn houses")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result="differs") | Q(note__regex=r"\S"),
                name="recheck_says_what_differs",
                violation_error_message=_("Say what is different there."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.drawn_id}: {self.result}"
