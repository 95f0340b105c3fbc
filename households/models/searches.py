"""Searches that an officer keeps by a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import District


class SavedSearch(models.Model):
    """Conditions of the houses page, as they stand in its address, under the name that a person gave them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False, verbose_name=_("district"))
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("conditions"), max_length=1000)
    saved_at = models.DateTimeField(_("saved at"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "district", "name"],
                condition=Q(removed_at=None),
                name="saved_search_name_once",
                violation_error_message=_("You have a saved search of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
