"""Who sends lists, and how their workbooks are laid out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import District
from communities.roles import Action
from communities.scope import ScopedQuerySet


class SenderQuerySet(ScopedQuerySet["Sender"]):
    district_path = "district"
    district_actions = (Action.SEE_LISTS,)


class Sender(models.Model):
    """A section or person that sends a district its lists, by the name written on them."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    name = models.CharField(_("name"), max_length=200)

    objects = SenderQuerySet.as_manager()

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["district", "name"], name="sender_once_a_district")]

    def __str__(self) -> str:
        return self.name


class RememberedColumns(models.Model):
    """What a person said the columns of a sender's layout hold: asked once, then known.

    `headings` are the words above the columns as typed, empty where the sender types none; `columns` maps
    what a list may contain ("house_no", "soi" …) to the column's index from 0.
    """

    sender = models.ForeignKey(Sender, models.PROTECT, related_name="remembered", verbose_name=_("sender"))
    headings = models.JSONField(_("headings"), default=list)
    columns = models.JSONField(_("columns"))
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("said by"))
    said_at = models.DateTimeField(_("said at"), auto_now_add=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.sender}: {', '.join(self.columns)}"
