"""How people report a house, and what they are told afterwards, in plain words (product.md R7, Z2)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import District, Person
from communities.roles import Action, may
from communities.scope import reach_of
from households.filters import in_lane, number_or_code
from households.models import HouseRegistration

from .models import Case, StatusChange
from .workflow import State

MOST_FOUND = 60

# What whoever reported a house is told, whatever the office calls it.
PLAIN_WORDS: dict[str, object] = {
    State.RECEIVED: gettext_lazy("The district office has received your report."),
    State.UNDER_REVIEW: gettext_lazy("An officer is looking at the papers."),
    State.RETURNED: gettext_lazy("The district office has a question. Please call or come to the registry section."),
    State.VISIT_PLANNED: gettext_lazy("Officers will come and look at the house."),
    State.VISITED: gettext_lazy("Officers have looked at the house."),
    State.CONFIRMED: gettext_lazy("Your report is right. The papers are being prepared."),
    State.TR31_FILED: gettext_lazy("Your report is right. The papers are being prepared."),
    State.AWAITING_RESIDENTS: gettext_lazy("The people who are registered there must be moved first."),
    State.PROPOSED: gettext_lazy("It lies with the registrar for a decision."),
    State.STRUCK_OFF: gettext_lazy("Finished: the house registration was struck off."),
    State.CORRECTED: gettext_lazy("Finished: the registration was corrected."),
    State.STANDS: gettext_lazy("Finished: the registration stays as it is."),
    State.WITHDRAWN: gettext_lazy("Finished: the report was withdrawn."),
    State.RESTORING: gettext_lazy("Finished: the house registration was struck off."),
    State.RESTORED: gettext_lazy("Finished: the house registration was restored."),
}
# Whose reason the reporter is told; what is written for colleagues stays with them.
_TOLD_WHY = frozenset({State.STANDS, State.WITHDRAWN, State.RETURNED})


@dataclasses.dataclass(frozen=True)
class Told:
    """A case as its reporter sees it: `why` is "" where no reason was given for them."""

    case: Case
    words: object
    since: datetime.date
    why: str


def told_of(cases: Sequence[Case]) -> list[Told]:
    """The cases as their reporters see them; the last reasons come by one query."""
    newest = StatusChange.objects.filter(case__in=[case for case in cases if case.state in _TOLD_WHY])
    reasons = {one.case_id: one.reason for one in newest.order_by("case_id", "-pk").distinct("case_id")}
    return [
        Told(case, PLAIN_WORDS[case.state], timezone.localdate(case.state_since), reasons.get(case.pk, ""))
        for case in cases
    ]


def cases_of_communities(person: Person) -> list[Told]:
    """The cases of the communities that the person speaks for, the newest first."""
    own = reach_of(person).in_communities([Action.REVIEW_OWN_HOUSES])
    cases = Case.objects.visible_to(person).filter(community__in=own).select_related("house", "district")
    return told_of(list(cases.order_by("-pk")[:200]))


def case_of_receipt(typed: str) -> Told | None:
    """The case of the receipt number as typed, with or without hyphens and spaces; None for none."""
    receipt = "".join(sign for sign in typed.upper() if sign.isalnum())
    found = Case.objects.filter(receipt=receipt).select_related("house", "district").first() if receipt else None
    return told_of([found])[0] if found else None


def written_receipt(receipt: str) -> str:
    """A receipt number in the groups in which it is printed: ACDEF-HJKMN."""
    return f"{receipt[:5]}-{receipt[5:]}"


def houses_to_report(district: District, person: Person, *, number: str, lane: str) -> list[HouseRegistration]:
    """The houses of a number, in a lane where one is given, for whoever may open cases in the district.

    Community development sees them here by their addresses, without house codes. Raises ValidationError
    `nothing_typed`, `not_a_house`, `unclear_lane`.
    """
    if not may(person, Action.OPEN_CASE, district):
        return []
    if not number.strip() and not lane.strip():
        raise ValidationError(_("Type a house number, a lane, or both."), code="nothing_typed")
    houses = HouseRegistration.objects.filter(district=district).exclude(state=HouseRegistration.State.STRUCK)
    if number.strip():
        houses = houses.filter(number_or_code(number))
    if lane.strip():
        houses = houses.filter(in_lane(lane))
    return list(houses.select_related("subdistrict").in_lane_order()[:MOST_FOUND])


def house_to_report(pk: int | None, person: Person) -> HouseRegistration | None:
    """The house of that id, if the person may open a case about it."""
    districts = reach_of(person).in_districts([Action.OPEN_CASE])
    return HouseRegistration.objects.filter(pk=pk or 0, district__in=districts).select_related("district").first()
