"""Reports as they were issued: figures and workbook that never change again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet


class KpiReportQuerySet(ScopedQuerySet["KpiReport"]):
    district_path = "district"
    district_actions = (Action.SEE_FIGURES,)


class KpiReport(models.Model):
    """The report of a district's month, issued by letter: its workbook's bytes are kept with their fingerprint."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    month = models.DateField(_("first day of the month"))
    round_no = models.PositiveSmallIntegerField(_("round"))
    letter_no = models.CharField(_("letter number"), max_length=80)
    letter_date = models.DateField(_("letter date"))
    workbook = models.BinaryField(_("workbook"))
    workbook_sha256 = models.CharField(_("fingerprint of the workbook"), max_length=64)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    # What was found of months whose reports stand: this round counts it and names them.
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    correction = models.CharField(_("what it corrects"), max_length=1000, blank=True)

    objects = KpiReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("KPI report")
        verbose_name_plural = _("KPI reports")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "month"],
                name="month_reported_once",
                violation_error_message=_("The report of this month is issued already."),
            ),
            models.UniqueConstraint(
                fields=["district", "round_no"],
                name="round_reported_once",
                violation_error_message=_("A report with this round number is issued already."),
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="report_month_is_a_first_day"),
            models.CheckConstraint(condition=models.Q(round_no__gte=1), name="report_round_from_one"),
            models.CheckConstraint(
                condition=models.Q(corrects=None, correction="")
                | (models.Q(corrects__isnull=False) & ~models.Q(correction="")),
                name="report_says_what_it_corrects",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.month:%Y-%m} ({self.round_no})"


class Figure(models.Model):
    """A community's line in an issued report, frozen with the names of that day."""

    report = models.ForeignKey(KpiReport, models.PROTECT, related_name="figures", verbose_name=_("KPI report"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    code = models.CharField(_("community code"), max_length=8, blank=True)
    name = models.CharField(_("community"), max_length=120)
    subdistrict = models.CharField(_("sub-district"), max_length=80)
    expected = models.PositiveIntegerField(_("expected houses"), null=True)
    listed = models.PositiveIntegerField(_("houses on its lists"))
    this_month = models.PositiveIntegerField(_("tagged this month"))
    moved_in = models.PositiveIntegerField(_("moved in"))
    moved_out = models.PositiveIntegerField(_("moved out"))
    tagged = models.PositiveIntegerField(_("tagged in all"))
    live = models.PositiveIntegerField(_("of them in the register"))
    tagged_by_machine = models.PositiveIntegerField(_("of them tagged by exact rows"))
    is_complete = models.BooleanField(_("complete"))

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["report_id", "code", "name"]
        constraints = [models.UniqueConstraint(fields=["report", "community"], name="community_once_a_report")]

    def __str__(self) -> str:
        return f"{self.name}: {self.tagged}"


class ReportCheckQuerySet(ScopedQuerySet["ReportCheck"]):
    district_path = "district"
    district_actions = (Action.SEE_FIGURES,)


class ReportCheck(models.Model):
    """Somebody went over a month's draft: holds as long as the figures are those that were seen. Appended only."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    month = models.DateField(_("first day of the month"))
    figures_sha256 = models.CharField(_("fingerprint of the figures"), max_length=64)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"), db_default=Now(), editable=False)

    objects = ReportCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a report")
        verbose_name_plural = _("checks of reports")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(month__day=1), name="check_of_a_first_day")]

    def __str__(self) -> str:
        return f"{self.district} {self.month:%Y-%m}"
