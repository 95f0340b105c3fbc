"""The electoral roll of houses: a community's houses as at election day, issued and frozen (product.md K6)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet
from households.models import HouseRegistration


class ElectoralRollQuerySet(ScopedQuerySet["ElectoralRoll"]):
    district_path = "district"
    district_actions = (Action.SEE_HOUSES,)


class ElectoralRoll(models.Model):
    """A community's houses as at a day, issued by letter: rows and workbook stay as they were issued."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    community_code = models.CharField(_("community code"), max_length=8)
    community_name = models.CharField(_("community"), max_length=120)
    election_day = models.DateField(_("election day"))
    letter_no = models.CharField(_("letter number"), max_length=80)
    letter_date = models.DateField(_("letter date"))
    house_count = models.PositiveIntegerField(_("houses"))
    workbook = models.BinaryField(_("workbook"))
    workbook_sha256 = models.CharField(_("fingerprint of the workbook"), max_length=64)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"), db_default=Now(), editable=False)

    objects = ElectoralRollQuerySet.as_manager()

    class Meta:
        verbose_name = _("electoral roll of houses")
        verbose_name_plural = _("electoral rolls of houses")
        ordering = ["-election_day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "election_day", "letter_no"],
                name="electoral_roll_issued_once",
                violation_error_message=_("This roll is issued already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.community_code} {self.election_day:%Y-%m-%d}"


class RollHouseQuerySet(ScopedQuerySet["RollHouse"]):
    district_path = "roll__district"
    district_actions = (Action.SEE_HOUSES,)


class RollHouse(models.Model):
    """A house of a roll, frozen with its address of that day."""

    roll = models.ForeignKey(ElectoralRoll, models.PROTECT, related_name="houses", verbose_name=_("roll"))
    place = models.PositiveIntegerField(_("order"))
    house = models.ForeignKey(HouseRegistration, models.PROTECT, related_name="+", verbose_name=_("house"))
    house_code = models.CharField(_("house code"), max_length=11)
    house_no = models.CharField(_("house number"), max_length=60)
    trok = models.CharField(_("trok"), max_length=120, blank=True)
    soi = models.CharField(_("soi"), max_length=120, blank=True)
    road = models.CharField(_("road"), max_length=120, blank=True)
    subdistrict = models.CharField(_("sub-district"), max_length=80)

    objects = RollHouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("house of an electoral roll")
        verbose_name_plural = _("houses of electoral rolls")
        ordering = ["roll_id", "place"]
        constraints = [models.UniqueConstraint(fields=["roll", "house"], name="house_once_a_roll")]

    def __str__(self) -> str:
        return f"{self.roll_id}: {self.house_no}"
