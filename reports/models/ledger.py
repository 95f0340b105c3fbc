"""The project's ledger: its steps, and what each paper belongs to (product.md F4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import CodeRequest, District, Document
from communities.roles import Action
from communities.scope import ScopedQuerySet
from verification.models import Case, ReviewRound

from .kpi_reports import KpiReport


class ProjectStepQuerySet(ScopedQuerySet["ProjectStep"]):
    district_path = "district"
    district_actions = (Action.SEE_LEDGER,)


class ProjectStep(models.Model):
    """A step of the project in the order of its number, which need not be the order of its days (step 15)."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    number = models.PositiveSmallIntegerField(_("step"))
    title = models.CharField(_("title"), max_length=200)
    what_for = models.TextField(_("what it is for"), max_length=1000, blank=True)
    happened_on = models.DateField(_("on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = ProjectStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the project")
        verbose_name_plural = _("steps of the project")
        ordering = ["district_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "number"],
                name="project_step_once_a_number",
                violation_error_message=_("There is a step with this number already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class PaperTieQuerySet(ScopedQuerySet["PaperTie"]):
    district_path = "document__district"
    district_actions = (Action.SEE_LEDGER,)


class PaperTie(models.Model):
    """What hangs on a paper: one of a step, a request for codes, a review round, a report, a case. Appended only."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("document"))
    step = models.ForeignKey(ProjectStep, models.PROTECT, null=True, blank=True, related_name="ties")
    code_request = models.ForeignKey(CodeRequest, models.PROTECT, null=True, blank=True, related_name="+")
    review_round = models.ForeignKey(ReviewRound, models.PROTECT, null=True, blank=True, related_name="+")
    report = models.ForeignKey(KpiReport, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    tied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("tied by"))
    tied_at = models.DateTimeField(_("tied at"), db_default=Now(), editable=False)

    objects = PaperTieQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie of a paper")
        verbose_name_plural = _("ties of papers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Q(step__isnull=False, code_request=None, review_round=None, report=None, case=None)
                    | Q(step=None, code_request__isnull=False, review_round=None, report=None, case=None)
                    | Q(step=None, code_request=None, review_round__isnull=False, report=None, case=None)
                    | Q(step=None, code_request=None, review_round=None, report__isnull=False, case=None)
                    | Q(step=None, code_request=None, review_round=None, report=None, case__isnull=False)
                ),
                name="paper_tie_has_one_end",
            ),
            models.UniqueConstraint(
                fields=["document", "step", "code_request", "review_round", "report", "case"],
                name="paper_tied_once",
                nulls_distinct=False,
                violation_error_message=_("The paper hangs there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}"
