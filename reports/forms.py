"""What the head of the section types to issue a report."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField
from communities.models import District
from communities.thai_calendar import month_name

from .corrections import Correction, refuse_correction
from .models import KpiReport

WHERE_A_REFUSAL_BELONGS = {
    "letter_missing": "letter_no",
    "letter_too_early": "letter_date",
    "future_date": "letter_date",
    "round_not_positive": "round_no",
    "round_taken": "round_no",
    "corrects_another_district": "corrects",
    "corrects_nothing": "corrects",
    "correction_unsaid": "correction",
}


class ReportChoice(forms.ModelChoiceField):
    """One of the district's issued reports."""

    def label_from_instance(self, report: KpiReport) -> str:
        """The report's round and month."""
        return _("round %(round)s, %(month)s") % {"round": report.round_no, "month": month_name(report.month)}


class IssueForm(forms.Form):
    """The round, the letter that the report goes out with, and the issued report that it corrects, if any."""

    round_no = forms.IntegerField(
        label=_("round"), min_value=1, max_value=999, error_messages={"required": _("Give the number of the round.")}
    )
    letter_no = forms.CharField(
        label=_("letter number"), max_length=80, error_messages={"required": _("Give the number of the letter.")}
    )
    letter_date = BuddhistDateField(
        label=_("letter date"),
        help_text=_("Like 6 ก.พ. 2558."),
        error_messages={"required": _("Give the date of the letter.")},
    )

    corrects = ReportChoice(
        label=_("corrects the report of"), queryset=KpiReport.objects.none(), required=False, empty_label=_("none")
    )
    correction = forms.CharField(
        label=_("what it corrects"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands on the pages of both reports. The corrected report itself stays as it was issued."),
    )

    def __init__(self, district: District, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.district = district
        issued = KpiReport.objects.filter(district=district).defer("workbook")
        self.fields["corrects"].queryset = issued  # type: ignore[attr-defined]

    def clean(self) -> dict:
        """Refuses a correction that names no report, and a report named without saying what changed."""
        known = super().clean() or self.cleaned_data
        if not self.errors.keys() & {"corrects", "correction"}:
            try:
                refuse_correction(self.district, self._correction)
            except ValidationError as refusal:
                self.add_refusal(refusal)
        return known

    @property
    def _correction(self) -> Correction:
        return Correction(self.cleaned_data.get("corrects"), self.cleaned_data.get("correction", ""))

    @property
    def letter(self) -> dict:
        """What was typed, as issuing takes it."""
        typed = {name: self.cleaned_data[name] for name in ("round_no", "letter_no", "letter_date")}
        return typed | {"correction": self._correction}

    def add_refusal(self, refusal: ValidationError) -> None:
        """Puts what issuing refused beside the field that it is about."""
        self.add_error(WHERE_A_REFUSAL_BELONGS.get(getattr(refusal, "code", "")), refusal)
