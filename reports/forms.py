"""What the head of the section types to issue a report."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField

WHERE_A_REFUSAL_BELONGS = {
    "letter_missing": "letter_no",
    "letter_too_early": "letter_date",
    "future_date": "letter_date",
    "round_not_positive": "round_no",
    "round_taken": "round_no",
}


class IssueForm(forms.Form):
    """The round, and the letter that the report goes out with."""

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

    def add_refusal(self, refusal: ValidationError) -> None:
        """Puts what issuing refused beside the field that it is about."""
        self.add_error(WHERE_A_REFUSAL_BELONGS.get(getattr(refusal, "code", "")), refusal)
