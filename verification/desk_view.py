"""What register, lists and neighbours already say about a case's house, before anybody goes there (product.md V1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.district_choice import communities_of
from communities.models import Community, Person
from households.filters import in_lane
from households.house_now import HouseNow, house_now
from households.house_numbers import UnreadableHouseNumber, parse
from households.models import HouseNumberRecord, HouseRegistration
from households.row_reasons import Hint
from households.timeline import list_rows_of

from .desk_judgement import Known, Leaning, Next, Proposal, Says, judged
from .models import Case, Verdict

LIVE = HouseRegistration.State.LIVE

IN_WORDS: dict[Says, object] = {
    Says.NEIGHBOURS_ELSEWHERE: _("The next houses on both sides are in another community."),
    Says.NEIGHBOURS_STAY: _("The next houses on both sides are in the same community as this one."),
    Says.NUMBER_TAKEN: _("The number that was reported stands in this lane already: see whose it is."),
    Says.NUMBER_FREE: _("No other house in this lane has the number that was reported."),
    Says.SAME_NUMBER_AGAIN: _("The register has this number in this lane more than once."),
    Says.NO_SAME_NUMBER: _("The register has this number in this lane only once."),
    Says.GONE_IN_LISTS: _("A community’s list calls this house gone."),
    Says.NAMED_IN_LISTS: _("A community’s list names this house without a remark."),
    Says.NOT_LIVE: _("The house is not in the register any more."),
    Says.FOUND_IN_REGISTER: _("The register has a house of this number in this lane."),
    Says.NOT_IN_REGISTER: _("The register has no house of this number in this lane."),
}
PROPOSED: dict[tuple[Next, Leaning], object] = {
    (Next.DESK, Leaning.REPORT): _("The papers support the report: it may be settled at the desk."),
    (Next.DESK, Leaning.REGISTER): _("The papers support the register: it may be left as registered, at the desk."),
    (Next.DESK, Leaning.OPEN): _("The papers say nothing either way."),
    (Next.VISIT, Leaning.REPORT): _("The papers support the report; it must be seen on the spot."),
    (Next.VISIT, Leaning.REGISTER): _("The papers support the register; it must be seen on the spot."),
    (Next.VISIT, Leaning.OPEN): _("The papers do not tell: plan a visit."),
}


@dataclasses.dataclass(frozen=True)
class DeskView:
    """All that the desk knows: the house today, rows of lists, registrations of the same number, other words on it."""

    proposal: Proposal
    proposed: object
    because: Sequence[object]
    community: Community | None
    now: HouseNow | None
    rows: Sequence[HouseNumberRecord]
    alike: Sequence[HouseRegistration]
    other_cases: Sequence[Case]
    verdicts: Sequence[Verdict]


def desk_view(case: Case, person: Person) -> DeskView:
    """What is known of the case's house, as far as the person may see it."""
    communities = communities_of(case.district)
    now = house_now(case.house, communities) if case.house else None
    rows = [entry.facts["record"] for entry in list_rows_of(case.house, person)] if case.house else []
    alike = list(_alike(case)[:10])
    proposal = judged(_known(case, now, rows, alike))
    return DeskView(
        proposal=proposal,
        proposed=PROPOSED[proposal.next, proposal.leaning],
        because=[IN_WORDS[one] for one in proposal.because],
        community=communities.get(proposal.community or 0),
        now=now,
        rows=rows,
        alike=alike,
        other_cases=_other_cases(case, person),
        verdicts=_verdicts(case),
    )


def _known(
    case: Case, now: HouseNow | None, rows: Sequence[HouseNumberRecord], alike: Sequence[HouseRegistration]
) -> Known:
    return Known(
        kind=case.kind,
        is_live=case.house is None or case.house.state == LIVE,
        community=case.house.community_id if case.house else None,
        beside=_beside(now) if now else (),
        shown_number_taken=_number_taken(case),
        same_numbers=len(alike),
        gone_notes=sum(record.hint in _CALLED_GONE for record in rows),
        rows=len(rows),
    )


_CALLED_GONE = {Hint.DEMOLISHED}


def _beside(now: HouseNow) -> list[int | None]:
    """The communities of the next live houses on its side, at most one before and one after."""
    live = [cell.house for cell in now.cells if cell.house.state == LIVE or cell.house.pk == now.house.pk]
    at = next((place for place, one in enumerate(live) if one.pk == now.house.pk), None)
    if at is None:
        return []
    return [one.community_id for one in (*live[max(0, at - 1) : at], *live[at + 1 : at + 2])]


def _number_taken(case: Case) -> bool | None:
    """Whether the number that was reported stands in the house's lane; None where no readable one was."""
    if case.house is None or case.verdict is None or not case.verdict.house_no:
        return None
    try:
        key = parse(case.verdict.house_no).key
    except UnreadableHouseNumber:
        return None
    return _in_its_lane(case.house).filter(number_key=key).exclude(pk=case.house.pk).exists()


def _in_its_lane(house: HouseRegistration) -> QuerySet[HouseRegistration]:
    return HouseRegistration.objects.filter(district=house.district_id, lane_order=house.lane_order, state=LIVE)


def _alike(case: Case) -> QuerySet[HouseRegistration]:
    """Other live registrations of the case's number in its lane; for a missing house, those that it may be."""
    if case.house:
        return _in_its_lane(case.house).filter(number_key=case.house.number_key).exclude(pk=case.house.pk)
    try:
        of_number = HouseRegistration.objects.filter(
            district=case.district, state=LIVE, number_key=parse(case.house_no).key
        )
        return of_number.filter(in_lane(case.lane)) if case.lane else of_number
    except (UnreadableHouseNumber, ValidationError):
        return HouseRegistration.objects.none()


def _other_cases(case: Case, person: Person) -> Sequence[Case]:
    if case.house is None:
        return []
    others = Case.objects.visible_to(person).filter(house=case.house).exclude(pk=case.pk)
    return list(others.select_related("district"))


def _verdicts(case: Case) -> Sequence[Verdict]:
    """What presidents said of the house, the newest first."""
    if case.house is None:
        return [case.verdict] if case.verdict else []
    said = Verdict.objects.filter(listed__house=case.house).exclude(kind=Verdict.Kind.TAKEN_BACK)
    return list(said.select_related("given_by", "review__round").order_by("-pk")[:5])
