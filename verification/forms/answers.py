"""What an officer answers, and what a president appeals."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField
from communities.models import Person

from ..models import Answer


class AnswerForm(forms.Form):
    """The answer to one verdict; a visit and who was there for one that says the house is of another community."""

    outcome = forms.ChoiceField(choices=Answer.Outcome, error_messages={"required": _("Choose an answer.")})
    reason = forms.CharField(max_length=500, required=False)
    visited_on = BuddhistDateField(required=False)

    def __init__(self, data: Any = None, *, prefix: str, people: QuerySet[Person]) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["witnesses"] = forms.ModelMultipleChoiceField(people, required=False)


class AlikeForm(forms.Form):
    """One answer for several verdicts."""

    outcome = forms.ChoiceField(choices=Answer.Outcome, error_messages={"required": _("Choose an answer.")})
    reason = forms.CharField(max_length=500, required=False)


class AppealForm(forms.Form):
    """Why the president does not agree."""

    reason = forms.CharField(max_length=500, error_messages={"required": _("Say why you do not agree.")})
