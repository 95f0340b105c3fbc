"""The fields of form TR.31, of its signed paper, and of the office's wording."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField

from ..models import Form31

_WRITTEN = [
    "written_at_place",
    "written_on",
    "subject",
    "applicant_title",
    "applicant_name",
    "applicant_age",
    "nationality",
    "lives_at",
    "phone",
    "capacity",
    "wish",
    "because",
    "attachments",
    "witness",
    "officers_opinion",
]
_LONG = {"subject", "lives_at", "wish", "because", "attachments", "officers_opinion"}
_PARTS = [
    (_("Head of the paper"), ["written_at_place", "written_on", "subject"]),
    (
        _("Applicant"),
        [
            "applicant_title",
            "applicant_name",
            "applicant_age",
            "nationality",
            "citizen_number",
            "phone",
            "capacity",
            "lives_at",
        ],
    ),
    (_("What is asked for"), ["wish", "because", "attachments"]),
    (_("Witness and officer"), ["witness", "officers_opinion"]),
]


class AskedAgain(forms.TextInput):
    """What is typed here never comes back on a page."""

    def format_value(self, value: Any) -> None:
        return None


class Form31Form(forms.ModelForm):
    """What a person writes on the form; the citizen number is never shown again, so it is asked for each time."""

    written_on = BuddhistDateField(label=_("date of the request"))
    citizen_number = forms.CharField(
        label=_("citizen number"),
        max_length=30,
        required=False,
        widget=AskedAgain(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Only if it is needed: kept sealed, shown masked."),
    )

    class Meta:
        model = Form31
        fields = _WRITTEN
        widgets = {
            "attachments": forms.Textarea(attrs={"rows": 4}),
            "wish": forms.Textarea(attrs={"rows": 2}),
            "because": forms.Textarea(attrs={"rows": 2}),
            "officers_opinion": forms.Textarea(attrs={"rows": 2}),
        }

    def _post_clean(self) -> None:
        """The action judges the form as a whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*_WRITTEN[:7], "citizen_number", *_WRITTEN[7:]])

    def parts(self) -> list[tuple[Any, list[tuple[forms.BoundField, bool]]]]:
        """The parts of the paper: heading, and the fields with whether each takes the whole width."""
        return [(heading, [(self[name], name in _LONG) for name in names]) for heading, names in _PARTS]


class SignedForm(forms.Form):
    """The scan of the signed paper, with its number and date."""

    number = forms.CharField(label=_("number"), max_length=60)
    dated = BuddhistDateField(label=_("dated"))
    file = forms.FileField(
        label=_("scan"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
        help_text=_("A PDF of at most 20 pages, or a photo."),
    )


class WordingForm(forms.Form):
    """The office's wording."""

    subject = forms.CharField(label=_("subject"), max_length=200)
    text = forms.CharField(label=_("text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 12}))
