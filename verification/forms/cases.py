"""What is written down when a case is opened, about one house or about all that one event struck."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField

from ..models import Case
from ..workflow import Kind

OWN, CITIZEN = "own", Case.Source.CITIZEN.value
_SOURCES = [(OWN, _("seen by the office itself")), (CITIZEN, _("reported by a citizen at the counter"))]


class OpenForm(forms.Form):
    """A report about one house. The house itself, or number and lane of a missing one, come beside it."""

    kind = forms.ChoiceField(label=_("What is the matter"))
    told = forms.CharField(
        label=_("What was reported, in the reporter’s words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = forms.ChoiceField(label=_("Reported by"), choices=_SOURCES, initial=OWN, widget=forms.RadioSelect)
    reporter_name = forms.CharField(label=_("name of the reporter"), max_length=150, required=False)
    reporter_phone = forms.CharField(label=_("telephone of the reporter"), max_length=40, required=False)

    def __init__(self, *args: object, about_missing: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds = [kind for kind in Kind.choices if (kind[0] == Kind.MISSING) == about_missing]
        self.fields["kind"].choices = kinds if about_missing else [("", _("choose")), *kinds]  # type: ignore[attr-defined]


class OccurrenceForm(forms.Form):
    """One event that struck many houses."""

    name = forms.CharField(label=_("what happened"), max_length=150)
    place = forms.CharField(label=_("where"), max_length=200, required=False)
    happened_on = BuddhistDateField(label=_("happened on"))
    kind = forms.ChoiceField(
        label=_("What is the matter"),
        choices=[(kind.value, kind.label) for kind in (Kind.DESTROYED, Kind.DEMOLISHED, Kind.UNCLEAR)],
    )
    told = forms.CharField(
        label=_("What was reported, in the reporter’s words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
