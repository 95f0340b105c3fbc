"""What an officer looked at because something spoke against it, and found right."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community

from .dated import DatedFact, counts_from_its_day
from .registrations import HouseRegistration, LifeEvent


class DeskCheckQuerySet(models.QuerySet["DeskCheck"]):
    def standing(self) -> "DeskCheckQuerySet":
        """The checks that nobody took back."""
        return self.filter(takes_back=None, taken_back_by=None)


class DeskCheck(DatedFact):
    """A stray, or a house that the register changed, stays as it is: somebody looked. Appended only.

    `community` is the tag that was found right (none: the house rightly has none). A check of a stray holds until the
    house's own tag changes; one of a change of the register settles its `life_event` and all before it of that house.
    A check that `takes_back` another ends it and says nothing itself.
    """

    class Kind(models.TextChoices):
        STRAY = "stray", _("stray looked at")
        REGISTER_CHANGE = "register_change", _("change of the register looked at")

    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        related_name="desk_checks",
        db_index=False,
        verbose_name=_("house registration"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    life_event = models.ForeignKey(
        LifeEvent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="desk_checks",
        db_index=False,
        verbose_name=_("life event"),
    )
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back_by", verbose_name=_("takes back")
    )
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("community"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    objects = DeskCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check at the desk")
        verbose_name_plural = _("checks at the desk")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="stray", life_event=None) | Q(kind="register_change", life_event__isnull=False),
                name="check_of_a_change_names_it",
            ),
            counts_from_its_day("desk_check"),
        ]
        indexes = [models.Index(fields=["house", "kind", "id"], name="checks_of_house")]

    def __str__(self) -> str:
        return f"{self.house_id}: {self.kind}"
