"""What an officer keys in from a list on paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Verdict

Kind = Verdict.Kind


class KeyForm(forms.Form):
    """The key of a deed."""

    key = forms.UUIDField()


class SaidForm(KeyForm):
    """What stands beside a house of the list."""

    number = forms.IntegerField(min_value=1)
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Kind if kind not in (Kind.MISSING, Kind.TAKEN_BACK)],
        error_messages={
            "required": _("Choose what stands beside the house."),
            "invalid_choice": _("Choose what stands beside the house."),
        },
    )
    house_no = forms.CharField(max_length=40, required=False)
    note = forms.CharField(max_length=500, required=False)


class MissingForm(KeyForm):
    """A house that was written below the list."""

    house_no = forms.CharField(max_length=40, error_messages={"required": _("Type the number of the missing house.")})
    lane = forms.CharField(max_length=120, required=False)
    note = forms.CharField(max_length=500, required=False)
