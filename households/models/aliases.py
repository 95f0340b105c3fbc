"""Other names of lanes, learned from what people decided and confirmed by one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import District
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .senders import Sender


class AliasQuerySet(ScopedQuerySet["Alias"]):
    district_path = "district"
    district_actions = (Action.SEE_LISTS,)

    def in_use(self) -> "AliasQuerySet":
        """The aliases that matching goes by today."""
        return self.filter(withdrawn_at=None)


class Alias(models.Model):
    """A name that lists write for a lane of the register, both as keys; withdrawn, never deleted.

    `sender` limits it to that sender's lists; none means everybody's.
    """

    class Part(models.TextChoices):
        TROK = "trok", _("trok")
        SOI = "soi", _("soi")
        ROAD = "road", _("road")

    class Ground(models.TextChoices):
        DECISIONS = "decisions", _("decisions on rows")
        OFFICIAL = "official", _("official and short name of one road")

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    part = models.CharField(_("part of the address"), max_length=10, choices=Part)
    written = models.CharField(_("as lists write it"), max_length=200, db_collation="C")
    meant = models.CharField(_("as the register has it"), max_length=200, db_collation="C")
    sender = models.ForeignKey(
        Sender, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sender")
    )
    ground = models.CharField(_("ground"), max_length=20, choices=Ground)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=300, blank=True)

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["part", "written"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "part", "written", "meant", "sender"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="alias_in_use_once",
                violation_error_message=_("This name is in use already."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="alias_withdrawn_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=~Q(written=models.F("meant")) & ~Q(written="") & ~Q(meant=""),
                name="alias_says_something",
                violation_error_message=_("An alias joins two different names."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.written} = {self.meant}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(written, meant) as matching may use them: an official name holds in both directions."""
        forth = (self.written, self.meant)
        return [forth, forth[::-1]] if self.ground == self.Ground.OFFICIAL else [forth]

    @property
    def was_refused(self) -> bool:
        """Whether the name was withdrawn in the moment it was recorded: it never was in use."""
        return self.withdrawn_at is not None and self.withdrawn_at <= self.confirmed_at
