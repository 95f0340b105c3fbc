"""What a person posts about other names of lanes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import District

from ..models import Alias, Sender
from ..other_names import OtherName


class AliasForm(forms.Form):
    """The name that a person confirms or refuses, and the sender whose lists it is limited to (None: everybody's)."""

    fields: dict[str, Any]

    part = forms.ChoiceField(choices=Alias.Part.choices)
    written = forms.CharField(max_length=200, strip=False)
    meant = forms.CharField(max_length=200, strip=False)
    sender = forms.ModelChoiceField(queryset=Sender.objects.none(), required=False)

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender"].queryset = Sender.objects.filter(district=district)

    @property
    def cleaned_name(self) -> OtherName:
        """The name of a valid form."""
        return OtherName(*(self.cleaned_data[field] for field in ("part", "written", "meant")))


class WithdrawForm(forms.Form):
    """Why a name is taken out of use."""

    reason = forms.CharField(
        label=_("reason"), max_length=300, error_messages={"required": _("Give the reason for withdrawing the name.")}
    )
