"""Codes asked for at the regional centre, and what became of communities: retired, split, merged (C2, C3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..roles import Action
from ..scope import ScopedQuerySet
from .places import Community, CommunityCode, District


class CodeRequestQuerySet(ScopedQuerySet["CodeRequest"]):
    district_path = "district"
    district_actions = (Action.SEE_LEDGER,)


class CodeRequest(models.Model):
    """A letter that asks for the codes of communities: drafted, then sent under its number and date.

    The centre may answer it in parts, so each community it asks for carries its own answer.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="code_requests", verbose_name=_("district"))
    batch_no = models.PositiveSmallIntegerField(_("request"))
    asked_of = models.CharField(_("asked of"), max_length=150)
    reason = models.TextField(_("reason in the letter"), max_length=1000, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted at"), db_default=Now(), editable=False)
    letter_no = models.CharField(_("letter number"), max_length=80, blank=True)
    letter_date = models.DateField(_("letter date"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    objects = CodeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for codes")
        verbose_name_plural = _("requests for codes")
        ordering = ["district_id", "batch_no"]
        constraints = [
            models.UniqueConstraint(fields=["district", "batch_no"], name="code_request_once_a_number"),
            models.CheckConstraint(
                condition=Q(letter_no="", letter_date=None, sent_by=None, sent_at=None)
                | (Q(letter_date__isnull=False, sent_by__isnull=False, sent_at__isnull=False) & ~Q(letter_no="")),
                name="code_request_sent_with_its_letter",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None, withdrawn_because="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="code_request_withdrawn_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_no} {self.letter_no}".strip()


class RequestedCodeQuerySet(ScopedQuerySet["RequestedCode"]):
    district_path = "request__district"
    district_actions = (Action.SEE_LEDGER,)


class RequestedCode(models.Model):
    """A community for which a letter asks a code; answered when the code it got is named."""

    request = models.ForeignKey(CodeRequest, models.PROTECT, related_name="lines", verbose_name=_("request"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    community_code = models.OneToOneField(
        CommunityCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("code given")
    )
    answer_no = models.CharField(_("number of the answer"), max_length=80, blank=True)
    answer_date = models.DateField(_("date of the answer"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    answered_at = models.DateTimeField(_("recorded at"), null=True, blank=True)

    objects = RequestedCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code asked for")
        verbose_name_plural = _("codes asked for")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "community"], name="code_asked_once_a_request"),
            models.CheckConstraint(
                condition=Q(community_code=None, answer_no="", answer_date=None, answered_by=None, answered_at=None)
                | (
                    Q(
                        community_code__isnull=False,
                        answer_date__isnull=False,
                        answered_by__isnull=False,
                        answered_at__isnull=False,
                    )
                    & ~Q(answer_no="")
                ),
                name="requested_code_answered_by_a_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.community_id}"


class CommunityChangeQuerySet(ScopedQuerySet["CommunityChange"]):
    district_path = "community__district"
    district_actions = (Action.SEE_LEDGER,)


class CommunityChange(models.Model):
    """What ended a community or made it smaller: retired, split into others, merged into another. Appended only.

    A split or merge has a row for each community that took houses over (`successor`).
    """

    class Kind(models.TextChoices):
        RETIRED = "retired", _("retired")
        SPLIT = "split", _("split")
        MERGED = "merged", _("merged")

    community = models.ForeignKey(Community, models.PROTECT, related_name="changes", verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    successor = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="origins", verbose_name=_("successor")
    )
    happened_on = models.DateField(_("from"))
    letter = models.CharField(_("letter"), max_length=200)
    reason = models.CharField(_("reason"), max_length=300)
    houses_moved = models.PositiveIntegerField(_("houses moved"), default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = CommunityChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a community")
        verbose_name_plural = _("changes of communities")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="retired", successor=None) | (~Q(kind="retired") & Q(successor__isnull=False)),
                name="community_change_names_its_successor",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("community")), name="community_does_not_succeed_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.kind}"
