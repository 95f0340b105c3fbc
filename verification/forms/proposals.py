"""What is proposed about a house, who is registered there, and why a proposal goes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField

from ..models import Case, ResidentsStatement
from ..models.proposals import Act
from ..strike_off import house_of_code


class ProposalForm(forms.Form):
    """What is proposed; each act takes its own fields of these. `details` is what the proposal keeps of them."""

    act = forms.ChoiceField(choices=Act, error_messages={"required": _("Choose what is proposed.")})
    happened_on = BuddhistDateField(
        label=_("True date"), error_messages={"required": _("Write the true day, as the papers say.")}
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
    into = forms.CharField(label=_("House code of the house that goes on"), max_length=40, required=False)
    house_no = forms.CharField(label=_("Right house number"), max_length=40, required=False)
    community = forms.IntegerField(label=_("Right community"), required=False)
    house = forms.CharField(label=_("House code of the missing house"), max_length=40, required=False)
    parts = forms.CharField(label=_("House codes of the new houses"), max_length=1000, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._district = case.district

    @property
    def details(self) -> dict[str, Any]:
        """The details of the chosen act, houses by their ids. Raises as `strike_off.house_of_code`."""
        typed = self.cleaned_data
        return {
            Act.STRIKE_OFF: lambda: {"into": self._house(typed["into"])},
            Act.CORRECT_NUMBER: lambda: {"house_no": typed["house_no"]},
            Act.MOVE_COMMUNITY: lambda: {"community": typed["community"], "house": self._house(typed["house"])},
            Act.SPLIT: lambda: {"parts": [self._house(code) for code in _codes(typed["parts"])]},
            Act.RESTORE: dict,
        }[Act(typed["act"])]()

    def _house(self, code: str) -> int | None:
        return house_of_code(self._district, code).pk if code.strip() else None


def _codes(text: str) -> list[str]:
    """House codes that are written one a line or between commas."""
    return [code for code in text.replace(",", "\n").splitlines() if code.strip()]


class ResidentsForm(forms.Form):
    """Who is still registered in the house, as the central register shows it."""

    outcome = forms.ChoiceField(
        label=_("Who is registered there"),
        choices=ResidentsStatement.Outcome,
        error_messages={"required": _("Say who is still registered there.")},
    )
    moved_on = BuddhistDateField(label=_("Moved to the central house register on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AlikeForm(forms.Form):
    """What is proposed of several houses that one event struck."""

    happened_on = BuddhistDateField(
        label=_("True date"), error_messages={"required": _("Write the true day, as the papers say.")}
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
