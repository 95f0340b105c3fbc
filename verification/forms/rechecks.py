"""What the head draws to be checked again, and what was found there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Recheck
from ..rechecks import MOST_HOUSES

_NUMBER_FAULT = _("Draw between 1 and %(most)s houses.") % {"most": MOST_HOUSES}


class SampleForm(forms.Form):
    """How many houses to draw, and why."""

    number = forms.IntegerField(
        min_value=1,
        max_value=MOST_HOUSES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _NUMBER_FAULT),
    )
    reason = forms.CharField(max_length=300, error_messages={"required": _("Say why houses are checked again.")})


class RecheckForm(forms.Form):
    """What was found at one house; `shown` is the result that the page showed."""

    result = forms.ChoiceField(choices=Recheck.Result, error_messages={"required": _("Choose what was found.")})
    note = forms.CharField(max_length=500, required=False)
    shown = forms.IntegerField(required=False)
