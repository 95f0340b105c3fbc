"""What one person proposes to do about a house and another, a registrar, decides (product.md V5)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.roles import Action
from communities.scope import ScopedQuerySet
from households.models import LifeEvent, TaggingBatch

from .cases import Case


class Act(models.TextChoices):
    """What is done in the end."""

    STRIKE_OFF = "strike_off", _("strike off the house registration")
    CORRECT_NUMBER = "correct_number", _("correct the house number")
    MOVE_COMMUNITY = "move_community", _("change the community")
    SPLIT = "split", _("record the split")
    RESTORE = "restore", _("restore the house registration")


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    district_path = "case__district"
    district_actions = (Action.SEE_CASES,)


class Proposal(models.Model):
    """A proposal and its decision: decided once, by another person, who is a registrar that day (trigger).

    `happened_on` is the true day as the papers say; `details` by act: {"house_no": …}, {"community": id},
    {"parts": [ids]}, {"into": id}. What an approval caused is named by `life_event` or `batch`.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("proposal", "approved")
        SENT_BACK = "sent_back", pgettext_lazy("proposal", "sent back")

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals", verbose_name=_("case"))
    act = models.CharField(_("act"), max_length=20, choices=Act)
    ground = models.CharField(_("ground"), max_length=30, blank=True)
    happened_on = models.DateField(_("happened on"))
    details = models.JSONField(_("details"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), db_default=Now(), editable=False)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    life_event = models.OneToOneField(
        LifeEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("life event")
    )
    batch = models.OneToOneField(
        TaggingBatch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tagging batch")
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(decided_at=None),
                name="one_proposal_waits_in_a_case",
                violation_error_message=_("A proposal waits for its decision already."),
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_decided_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved") | ~Q(decided_by=F("proposed_by")),
                name="proposer_does_not_approve",
                violation_error_message=_("Who proposes does not approve: another registrar must decide."),
            ),
            models.CheckConstraint(
                condition=(~Q(decision="approved") & Q(life_event=None, batch=None))
                | Q(decision="approved", life_event__isnull=False)
                | Q(decision="approved", batch__isnull=False),
                name="approval_has_its_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.act}"
