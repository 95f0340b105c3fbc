"""Random samples of what the machine tagged, checked again by a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import District
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .lists import HouseNumberRecord
from .registrations import HouseRegistration


class SampleQuerySet(ScopedQuerySet["Sample"]):
    district_path = "district"
    district_actions = (Action.SEE_HOUSES,)


class Sample(models.Model):
    """Rows drawn by lot among all that the machine tagged as exact up to then."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    drawn_from = models.PositiveIntegerField(_("rows to draw from"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drawn by"))
    drawn_at = models.DateTimeField(_("drawn at"), auto_now_add=True)

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.district} {self.pk}"


class SampledRow(models.Model):
    """A row of a sample and the house that the machine tagged for it, with what the person who looked found."""

    class Finding(models.TextChoices):
        RIGHT = "right", _("right")
        WRONG = "wrong", _("wrong house")
        UNCLEAR = "unclear", _("cannot be told")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="rows", verbose_name=_("sample"))
    place = models.PositiveIntegerField(_("place in the sample"))
    record = models.ForeignKey(HouseNumberRecord, models.PROTECT, related_name="+", verbose_name=_("list row"))
    house = models.ForeignKey(HouseRegistration, models.PROTECT, related_name="+", verbose_name=_("house registration"))
    finding = models.CharField(_("finding"), max_length=10, choices=Finding, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sampled row")
        verbose_name_plural = _("sampled rows")
        ordering = ["sample_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "record"], name="row_once_a_sample"),
            models.UniqueConstraint(fields=["sample", "place"], name="sample_place_once"),
            models.CheckConstraint(
                condition=Q(finding="", checked_by=None, checked_at=None)
                | ~Q(finding="") & Q(checked_by__isnull=False, checked_at__isnull=False),
                name="sampled_row_checked_by_and_at_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id}.{self.place}"
