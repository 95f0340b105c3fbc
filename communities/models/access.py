"""Who saw, printed or exported which list of houses, and for what (product.md A2, S3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..roles import Action
from ..scope import ScopedQuerySet
from .places import Community, District


class ListAccessQuerySet(ScopedQuerySet["ListAccess"]):
    district_path = "district"
    district_actions = (Action.SEE_EVERYONES_WORK,)


class ListAccess(models.Model):
    """A person saw, printed or exported a list of houses: appended only."""

    class Deed(models.TextChoices):
        SEEN = "seen", _("seen")
        PRINTED = "printed", _("printed")
        EXPORTED = "exported", _("exported")

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("community")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    deed = models.CharField(_("deed"), max_length=10, choices=Deed)
    what = models.CharField(_("what"), max_length=120)
    houses = models.PositiveIntegerField(_("number of houses"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    happened_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = ListAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to a list")
        verbose_name_plural = _("accesses to lists")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deed="seen") | Q(purpose__regex=r"\S"),
                name="list_leaves_the_screen_for_a_purpose",
                violation_error_message=_("Say what the list is printed or exported for."),
            )
        ]
        indexes = [models.Index(fields=["district", "-id"], name="accesses_of_district")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.deed} {self.what}"
