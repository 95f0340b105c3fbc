"""What the head fills in to share work out: an order, whom it gives the work to, and for how long."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms import BuddhistDateField
from communities.models import Person

# Where a refusal of the action belongs; the others stand above the form.
FIELDS_OF_REFUSALS = {
    "no_order": "order_number",
    "future_date": "order_date",
    "begins_earlier": "since",
    "not_in_post": "officer",
    "same_person": "officer",
    "ends_before_it_begins": "last_day",
    "no_reason": "reason",
}


class SharingForm(forms.Form):
    """A form whose fields say what the action refused."""

    fields: dict[str, Any]

    def add_refusal(self, refusal: Any) -> None:
        """Puts what the action refused beside the field that it is about."""
        field = FIELDS_OF_REFUSALS.get(getattr(refusal, "code", ""))
        self.add_error(field if field in self.fields else None, refusal)


class OfficerForm(SharingForm):
    """Who gets the communities; whoever holds a fitting post is offered."""

    officer = forms.TypedChoiceField(
        label=_("Officer"), coerce=int, error_messages={"required": _("Choose who gets the communities.")}
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = {person.pk: person for person in people}
        names = [(pk, person.full_name) for pk, person in self._offered.items()]
        self.fields["officer"].choices = [("", _("choose an officer…")), *names]

    def chosen_officer(self) -> Person:
        """The person chosen in a valid form."""
        return self._offered[self.cleaned_data["officer"]]


class OrderForm(OfficerForm):
    """The order that gives communities to an officer."""

    order_number = forms.CharField(label=_("Order number"), max_length=100, help_text=_("Like ๔๙/๒๕๕๘."))
    order_date = BuddhistDateField(label=_("Date of the order"), help_text=_("Like 6 ก.พ. 2558."))
    since = BuddhistDateField(label=_("From (first day)"))


class HandOverForm(OrderForm):
    """The order by which somebody stands in for an absent officer, and the last day of it."""

    last_day = BuddhistDateField(label=_("Until (last day)"), help_text=_("The day after it the work comes back."))

    def first_day_back(self) -> datetime.date:
        """The day on which the work comes back, of a valid form."""
        return self.cleaned_data["last_day"] + datetime.timedelta(days=1)


class EndForm(SharingForm):
    """Why an assignment ends today."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays with the assignment, with your name and today’s date.")
    )
