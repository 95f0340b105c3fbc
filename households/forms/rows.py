"""What people type on the pages of lists and rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField
from communities.ids import id_in
from communities.models import Community, District, Person
from communities.roles import Action
from communities.scope import reach_of
from communities.thai_calendar import short_date

from ..certainty import Proof, floored_per_cent
from ..corrections import open_to_correction
from ..models import HouseList, HouseNumberRecord, SampledRow
from ..row_decisions import CLOSING_REASONS
from ..row_reasons import Grade, Outcome, Reason

WHERE_A_REFUSAL_BELONGS = {
    "future_date": "received_on",
    "no_community": "community",
    "before_the_corrected": "received_on",
    "other_community": "corrects",
    "corrected_already": "corrects",
    "read_as_another": "corrects",
}


class CommunityChoice(forms.ModelChoiceField):
    """Communities by code and name, those of a district under its name when there are several."""

    def label_from_instance(self, community: Community) -> str:
        return " ".join(filter(None, [community.label_code, community.name_th]))


class CorrectedListChoice(forms.ModelChoiceField):
    """Lists by their community and the day they came."""

    def label_from_instance(self, house_list: HouseList) -> str:
        community = house_list.community
        named = " ".join(filter(None, [community.label_code, community.name_th]))
        return gettext("%(community)s: the list of %(day)s") % {
            "community": named,
            "day": short_date(house_list.received_on),
        }


def lists_to_correct(person: Person, chosen: int | None) -> QuerySet[HouseList]:
    """The lists that a file may correct: those with rows that wait, and the one that a page has `chosen` (its id)."""
    named = Community.objects.as_at(timezone.localdate())
    lists = open_to_correction(
        HouseList.objects.filter(district__in=reach_of(person).in_districts([Action.RECEIVE_LIST]))
    )
    waiting = HouseNumberRecord.objects.undecided().filter(house_list=OuterRef("pk"))
    offered = lists.filter(Exists(waiting) | Q(pk=chosen))
    return offered.prefetch_related(Prefetch("community", named)).order_by("community", "-id")


def communities_for(person: Person, action: Action):
    """The communities of the districts in which the person may do the action, in the order of their codes."""
    districts = reach_of(person).in_districts([action])
    named = Community.objects.as_at(timezone.localdate()).filter(district__in=districts)
    return named.order_by("district__code", "label_code", "pk")


class ReceiveForm(forms.Form):
    """A community's list: the file, and by which letter it came. `refused_upload` names a file that was too large."""

    fields: dict[str, Any]

    community = CommunityChoice(
        queryset=Community.objects.none(),
        label=_("community"),
        empty_label=_("as the file says: I shall see whose lists it holds"),
        required=False,
    )
    file = forms.FileField(
        label=_("The list as it came"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages={"required": _("Choose the file.")},
    )
    names_columns = forms.BooleanField(
        label=_("I shall choose the sheet and name its columns"),
        required=False,
        help_text=_("For a file that the program reads by the wrong columns or from the wrong sheet."),
    )
    corrects = CorrectedListChoice(
        queryset=HouseList.objects.none(),
        label=_("corrected file of"),
        empty_label=_("no, this is a new list"),
        required=False,
        help_text=_("A corrected file takes the place of the list; what was decided on rows that stay is kept."),
    )
    sender = forms.CharField(label=_("sent by"), max_length=200, required=False)
    letter = forms.CharField(label=_("letter number"), max_length=200, required=False)
    received_on = BuddhistDateField(
        label=_("received on"), required=False, help_text=_("Like 6 ก.พ. 2558. Empty means today.")
    )

    def __init__(self, *args: Any, person: Person, refused_upload: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities_for(person, Action.RECEIVE_LIST)
        chosen = str(self.data.get("corrects") or self.initial.get("corrects") or "")
        self.fields["corrects"].queryset = lists_to_correct(person, id_in(chosen))
        if refused_upload:
            self.fields["file"].error_messages["required"] = format_lazy(
                _("{file} is larger than {limit} MB. Nothing was stored; send the list alone, without pictures."),
                file=refused_upload,
                limit=settings.LIST_UPLOAD_LIMIT_BYTES // 1024**2,
            )

    def add_refusal(self, refusal: ValidationError) -> None:
        """Puts what the intake refused beside the field that it is about."""
        self.add_error(WHERE_A_REFUSAL_BELONGS.get(getattr(refusal, "code", ""), "file"), refusal)


class ListFilter(forms.Form):
    """Which lists to show; what is not among the choices is ignored."""

    fields: dict[str, Any]

    community = CommunityChoice(
        queryset=Community.objects.none(), label=_("community"), empty_label=_("all"), required=False
    )

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Community.objects.as_at(timezone.localdate()).filter(district=district)
        self.fields["community"].queryset = named.order_by("label_code", "pk")


class RowFilter(forms.Form):
    """Which rows of a list to show; what is not among the choices is ignored."""

    fields: dict[str, Any]

    grade = forms.ChoiceField(label=_("match"), required=False)
    outcome = forms.ChoiceField(label=_("outcome"), required=False)
    reason = forms.ChoiceField(label=_("reason"), required=False)

    def __init__(self, *args: Any, reasons: set[str], **kwargs: Any) -> None:
        """`reasons` are those that the list's rows have."""
        super().__init__(*args, **kwargs)
        everything = [("", _("all"))]
        self.fields["grade"].choices = everything + Grade.choices
        self.fields["outcome"].choices = everything + Outcome.choices
        self.fields["reason"].choices = everything + [choice for choice in Reason.choices if choice[0] in reasons]

    def chosen(self) -> dict[str, str]:
        """The filters that are set, by the row's columns."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> list[tuple[str, str]]:
        """The filters that are set, each by its label and its choice."""
        return [
            (str(self.fields[name].label), str(dict(self.fields[name].choices)[value]))
            for name, value in self.chosen().items()
        ]


class DecideForm(forms.Form):
    """The house that a person chose for a row, the community it was shown with, and why it moves from there."""

    house = forms.IntegerField(widget=forms.HiddenInput)
    shown_community = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("reason for moving the house"), max_length=300, required=False)


class CloseForm(forms.Form):
    """Why a row tags no house."""

    reason = forms.ChoiceField(
        choices=[(reason.value, reason.label) for reason in CLOSING_REASONS],
        error_messages={
            "required": _("Choose why the row is closed."),
            "invalid_choice": _("Choose why the row is closed."),
        },
    )
    note = forms.CharField(label=_("note"), max_length=500, required=False)


def _sizes_of_samples() -> list[tuple[int, str]]:
    sentence = gettext("%(rows)s rows: if all are right, at least %(share)s%% of all tags are")
    return [
        (size, sentence % {"rows": size, "share": floored_per_cent(Proof(size, size).at_least)})
        for size in (50, 150, 300)
    ]


class SampleForm(forms.Form):
    """How many of the machine's tags to draw, each with what it proves at best."""

    size = forms.TypedChoiceField(label=_("How many to check"), coerce=int, choices=_sizes_of_samples)


class FindingForm(forms.Form):
    """What a person found who compared a row with the house that the machine tagged for it."""

    finding = forms.ChoiceField(choices=SampledRow.Finding, error_messages={"required": _("Choose what you found.")})
    note = forms.CharField(label=_("note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ClaimForm(forms.Form):
    """Which of the communities that claim a house gets it, the community it was shown with, and why."""

    in_favour_of = forms.IntegerField(error_messages={"required": _("Choose the community that gets the house.")})
    shown_community = forms.IntegerField(required=False)
    reason = forms.CharField(max_length=300, required=False)
