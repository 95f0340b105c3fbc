"""What a person says of a house on the run along a lane."""

from __future__ import annotations

from django import forms

from ..models import HouseRegistration


class ChooseForm(forms.Form):
    """The community chosen, and the one that the page showed with the house (ids)."""

    community = forms.IntegerField(min_value=1)
    shown_community = forms.IntegerField(min_value=1, required=False)


class InNoneForm(forms.Form):
    """Why the house is in no community; `note` in words."""

    reason = forms.ChoiceField(choices=HouseRegistration.Outside)
    note = forms.CharField(max_length=300, required=False)
    shown_community = forms.IntegerField(min_value=1, required=False)
