"""Whom a president names as delegate, and why the office refuses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """The person who is to review in the president's place."""

    fields: dict[str, Any]
    full_name = forms.CharField(
        label=_("Full name of the delegate"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the delegate's full name.")},
    )
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class RefuseForm(forms.Form):
    """Why a delegate is refused; the president reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The president reads it."),
        error_messages={"required": _("Say why the delegate is refused.")},
    )
