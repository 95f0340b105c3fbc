"""What the head fills in to open a round and to put its deadline off, and what the office writes in a reminder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField

# Where a refusal of the action belongs; the others stand above the form.
FIELDS_OF_REFUSALS = {
    "letter_needed": "letter_number",
    "deadline_before_letter": "deadline",
    "deadline_past": "deadline",
    "not_later": "deadline",
    "appeal_days": "appeal_days",
    "reason_needed": "reason",
    "text_needed": "words",
}


class RoundForm(forms.Form):
    """A form whose fields say what the action refused."""

    fields: dict[str, Any]

    def add_refusal(self, refusal: Any) -> None:
        """Puts what the action refused beside the field that it is about."""
        field = FIELDS_OF_REFUSALS.get(getattr(refusal, "code", ""))
        self.add_error(field if field in self.fields else None, refusal)


class OpenForm(RoundForm):
    """The papers of a round, its deadline and the time for appeals."""

    announcement_number = forms.CharField(
        label=_("Number of the announcement"), max_length=60, required=False, help_text=_("If it has one.")
    )
    announcement_date = BuddhistDateField(label=_("Date of the announcement"), help_text=_("Like 6 ก.พ. 2558."))
    letter_number = forms.CharField(label=_("Number of the letter"), max_length=60, help_text=_("Like กท ๕๕๐๒/๖๑๒."))
    letter_date = BuddhistDateField(label=_("Date of the letter"), help_text=_("Like 6 ก.พ. 2558."))
    deadline = BuddhistDateField(label=_("Deadline"), help_text=_("The last day on which presidents can answer."))
    appeal_days = forms.IntegerField(
        label=_("Days for an appeal"), min_value=1, max_value=365, help_text=_("Counted from each answer.")
    )


class ExtendForm(RoundForm):
    """A later deadline, why, and the letter that says so."""

    deadline = BuddhistDateField(label=_("New deadline"), help_text=_("Like 6 ก.พ. 2558."))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    letter_number = forms.CharField(label=_("Number of the letter"), max_length=60, required=False)
    letter_date = BuddhistDateField(label=_("Date of the letter"), required=False, help_text=_("Like 6 ก.พ. 2558."))


class ReminderForm(RoundForm):
    """What a reminder says between the greeting and how far the list is."""

    words = forms.CharField(
        label=_("What the reminder says"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
