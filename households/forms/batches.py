"""By what batches are looked for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Person

from ..models import TaggingBatch


class BatchSearch(forms.Form):
    """Whose batches, of which day, community and kind; what is left empty or cannot be read is no condition."""

    fields: dict[str, Any]

    who = forms.ChoiceField(required=False, choices=[("", ""), ("mine", "")], widget=forms.HiddenInput)
    day = forms.DateField(
        label=_("Recorded on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    community = forms.ChoiceField(label=_("Community"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("every kind")), *TaggingBatch.Kind.choices]
    )

    def __init__(self, data: Any = None, *, communities: Iterable[Community]) -> None:
        super().__init__(data)
        self._communities = {community.label_code: community for community in communities if community.label_code}
        names = [(code, f"{code} {community.name_th}") for code, community in self._communities.items()]
        self.fields["community"].choices = [("", _("every community")), *names]

    @property
    def is_narrowed(self) -> bool:
        """Whether day, community or kind is asked for."""
        return self.is_valid() and any(self.cleaned_data[name] for name in ("day", "community", "kind"))

    def narrow(self, batches: QuerySet[TaggingBatch], person: Person) -> QuerySet[TaggingBatch]:
        """Those of the batches that are looked for; `person` is who looks."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("who") == "mine":
            batches = batches.filter(done_by=person)
        if asked.get("day"):
            begins = timezone.make_aware(datetime.datetime.combine(asked["day"], datetime.time.min))
            batches = batches.filter(done_at__gte=begins, done_at__lt=begins + datetime.timedelta(days=1))
        if asked.get("community"):
            batches = batches.filter(community=self._communities[asked["community"]])
        return batches.filter(kind=asked["kind"]) if asked.get("kind") else batches
