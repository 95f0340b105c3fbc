"""The pledge of confidentiality, given before the first list is shown (product.md R9)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .rounds import CommunityReview


class PledgeText(models.Model):
    """The wording of the pledge, by version: appended only."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    text = models.TextField(_("text"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("wording of the pledge")
        verbose_name_plural = _("wordings of the pledge")
        ordering = ["version"]

    def __str__(self) -> str:
        return str(self.version)


class Pledge(models.Model):
    """A person pledged before reviewing a community's list: appended only."""

    review = models.ForeignKey(CommunityReview, models.PROTECT, related_name="pledges", verbose_name=_("review"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    wording = models.ForeignKey(PledgeText, models.PROTECT, related_name="+", verbose_name=_("wording"))
    pledged_at = models.DateTimeField(_("pledged at"), auto_now_add=True)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="pledged_once_a_review")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.review_id}"
