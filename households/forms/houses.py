"""What a person fills in to tag houses, take codes off, and load the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.selects import LongSelect

from ..files.file_safety import EXTRACT
from ..models import HouseRegistration


class TagForm(forms.Form):
    """Which community's code the chosen houses get; only communities with a code in force are offered."""

    fields: dict[str, Any]

    community = forms.ChoiceField(
        label=_("Community"),
        widget=LongSelect,
        error_messages={"required": _("Choose the community whose code the houses get.")},
    )

    def __init__(self, data: Any = None, *, communities: Iterable[Community]) -> None:
        super().__init__(data)
        self._offered = {community.code: community for community in communities if community.code}
        names = [(code, f"{code} {community.name_th}") for code, community in self._offered.items()]
        self.fields["community"].choices = [("", _("choose a community…")), *names]

    def chosen_community(self) -> Community:
        """The community chosen in a valid form."""
        return self._offered[self.cleaned_data["community"]]


class MoveForm(forms.Form):
    """Why houses of other communities move with the rest."""

    move_reason = forms.CharField(
        label=_("Reason for moving them"),
        max_length=300,
        help_text=_("It stands in the history of each house, with your name and today's date."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OutsideForm(forms.Form):
    """Why houses are in no community."""

    reason = forms.ChoiceField(
        label=_("Why are they in no community?"),
        choices=HouseRegistration.Outside.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the houses are in no community.")},
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("It stands in the history of each house, with your name and today's date."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """The other reason is told in the note."""
        told = super().clean() or {}
        if told.get("reason") == HouseRegistration.Outside.OTHER and not told.get("note"):
            self.add_error("note", gettext("Say in the note why the houses are in no community."))
        return told


class UntagForm(forms.Form):
    """Why codes are taken off."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands in the history of each house, with your name and today's date."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RegisterForm(forms.Form):
    """An extract of the central register. `refused_upload` names a file that was too large."""

    file = forms.FileField(label=_("The central register's extract"))
    letter = forms.CharField(
        label=_("Letter"), max_length=200, required=False, help_text=_("The letter that came with it, if any.")
    )

    def __init__(self, *args: Any, refused_upload: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if refused_upload:
            self.fields["file"].error_messages["required"] = gettext(
                "%(file)s is larger than %(limit)s MB; a district's extract is not. Nothing was stored."
            ) % {"file": refused_upload, "limit": EXTRACT.file_bytes // 1024**2}
