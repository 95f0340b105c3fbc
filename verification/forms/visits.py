"""What is typed when visits are planned and recorded."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.forms import BuddhistDateField

from ..models import Section, StopResult, VisitList
from ..visits import MOST_STOPS, Member

_NOT_ON = {"invalid_choice": gettext_lazy("Choose one from the list.")}


class TeamForm(forms.Form):
    """Who goes: the names of each section, several of them with commas between."""

    fields: dict[str, Any]

    def __init__(self, data: Any = None, *, known: Iterable[Member] = (), **kwargs: Any) -> None:
        self.known = {member.name: member for member in known}
        super().__init__(data, **kwargs)
        for section in Section:
            names = ", ".join(member.name for member in self.known.values() if member.section == section)
            self.fields[f"team_{section.value}"] = forms.CharField(
                label=section.label, required=False, max_length=600, initial=names
            )

    def team_fields(self) -> list[forms.BoundField]:
        """The fields of the names, one a section."""
        return [self[f"team_{section.value}"] for section in Section]

    def team(self) -> list[Member]:
        """The people named; those the page offered with their accounts."""
        named = [
            (section.value, " ".join(name.split()))
            for section in Section
            for name in self.cleaned_data.get(f"team_{section.value}", "").replace("\n", ",").split(",")
        ]
        return [Member(section, name, self._account_of(name)) for section, name in named if name]

    def _account_of(self, name: str) -> Any:
        return self.known[name].person if name in self.known else None


class PlanForm(TeamForm):
    """Onto which list the ticked houses go: one that is there, or a new one with its day and team."""

    onto = forms.ChoiceField(required=False, error_messages=_NOT_ON)
    day = BuddhistDateField(label=gettext_lazy("Day of the visit"), required=False)
    most_stops = forms.IntegerField(label=gettext_lazy("Houses at most"), min_value=1, max_value=MOST_STOPS)
    longer = forms.BooleanField(required=False)
    note = forms.CharField(label=gettext_lazy("Note for the team"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, lists: Sequence[VisitList], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["onto"].choices = [("", "")] + [(str(each.pk), str(each)) for each in lists]

    def clean(self) -> dict[str, Any]:
        """A new list needs its day."""
        given = super().clean() or self.cleaned_data
        if not given.get("onto") and not given.get("day") and "day" not in self.errors:
            self.add_error("day", ValidationError(_("Say on which day."), code="day_needed"))
        return given


class ResultForm(forms.Form):
    """What was found at a house, or at several alike, and who was there."""

    fields: dict[str, Any]

    key = forms.UUIDField()
    code = forms.ChoiceField(
        choices=StopResult.Code,
        error_messages={
            "required": gettext_lazy("Choose what was found."),
            "invalid_choice": gettext_lazy("Choose what was found."),
        },
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=1000, required=False)
    shown_number = forms.CharField(label=gettext_lazy("Number that the house shows"), max_length=40, required=False)
    gone_since = BuddhistDateField(label=gettext_lazy("Gone since, as told on the spot"), required=False)
    seen_on = BuddhistDateField(
        label=gettext_lazy("Day of the visit"), error_messages={"required": gettext_lazy("Say on which day.")}
    )
    present = forms.MultipleChoiceField(required=False, error_messages=_NOT_ON)
    more_name = forms.CharField(label=gettext_lazy("One more name"), max_length=150, required=False)
    more_section = forms.ChoiceField(choices=Section, required=False, initial=Section.OTHER)

    def __init__(self, data: Any = None, *, there: Sequence[tuple[Member, bool]], **kwargs: Any) -> None:
        self.known = {member.name: member for member, _was in there}
        ticked = [member.name for member, was in there if was]
        initial = {"key": uuid.uuid4(), "present": ticked, **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["present"].choices = [(name, name) for name in self.known]

    def deed(self) -> dict[str, Any]:
        """What `record_result` is told. Raises ValidationError with the first faults where something is wrong."""
        if not self.is_valid():
            raise ValidationError([fault for faults in self.errors.values() for fault in faults])
        given = {name: self.cleaned_data[name] for name in ("key", "code", "note", "gone_since", "seen_on")}
        return {**given, "present": self._present()}

    def _present(self) -> list[Member]:
        there = [self.known[name] for name in self.cleaned_data["present"]]
        more = " ".join(self.cleaned_data["more_name"].split())
        if more:
            there.append(Member(self.cleaned_data["more_section"] or Section.OTHER, more))
        return there

    def people(self) -> list[dict[str, Any]]:
        """Those who may have been there, with their tick as it stands."""
        ticked = {str(name) for name in self["present"].value() or ()}
        return [
            {"name": name, "section": Section(member.section).label, "ticked": name in ticked}
            for name, member in self.known.items()
        ]
