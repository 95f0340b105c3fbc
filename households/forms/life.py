"""What a person fills in to ask for lists and to send one back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField

# Where a refusal of the action belongs; the others stand above the form.
FIELDS_OF_REFUSALS = {
    "due_before": "due_on",
    "future_date": "happened_on",
    "sent_before_received": "happened_on",
}


class LetterForm(forms.Form):
    """A letter that goes out: its number, its day, and by when an answer is due."""

    fields: dict[str, Any]

    letter = forms.CharField(label=_("letter number"), max_length=200, required=False)
    happened_on = BuddhistDateField(label=_("day of the letter"), required=False, help_text=_("Empty means today."))
    due_on = BuddhistDateField(label=_("due on"), required=False, help_text=_("Like 6 ก.พ. 2558."))

    def add_refusal(self, refusal: Any) -> None:
        """Puts what the action refused beside the field that it is about."""
        self.add_error(FIELDS_OF_REFUSALS.get(getattr(refusal, "code", "")), refusal)


class SendBackForm(LetterForm):
    """A letter with which a list goes back, and what to look at."""

    note = forms.CharField(
        label=_("note"),
        max_length=500,
        required=False,
        help_text=_("What the sender should look at. The sentence on each row stands in the workbook."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
