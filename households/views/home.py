"""The officer's home: the own communities first, how far each of the district is, and what to do next."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.models import District, Person
from communities.roles import Action, may

from ..assignments import communities_of_officer
from ..batch_lines import Line, lines_of, with_sizes
from ..keying import to_key
from ..list_life import ListLife, lives_of
from ..models import HouseRegistration, TaggingBatch
from ..newest_changes import newest_waiting
from ..progress import CommunityProgress, NextStep, district_progress, totals_of
from ..strays import strays_of, to_look_at
from ..work_done import Deed, Span, rows_behind
from ..work_shares import Held, held_in

LAST_BATCHES = 5
MOST_COUNTED = 9_999


@dataclasses.dataclass(frozen=True)
class HomeRow:
    """A community on the home: its next step as a button (label, url, rows), the state of a list that is out or "",
    and who has it."""

    progress: CommunityProgress
    step: dict[str, Any] | None
    missing: str
    held: Held | None

    def is_worked_on_by(self, person: Person) -> bool:
        """Whether the community is the person's own, or held as a stand-in."""
        return self.held is not None and self.held.officer == person


@needs(Action.SEE_LISTS)
@require_safe
def home(request: OfficeRequest) -> HttpResponse:
    """The communities of a district as rows, the person's own first, with the open work on top."""
    choice = district_choice(request, Action.SEE_LISTS)
    district = choice.district
    rows = _rows(district, request.user)
    own = [row for row in rows if row.is_worked_on_by(request.user)]
    may_tag = may(request.user, Action.TAG, district)
    context = {
        "choice": choice,
        "district": district,
        "rows": rows,
        "own": own,
        "others": [row for row in rows if row not in own],
        "orders": _orders_of(own, request.user),
        "is_shared_out": any(row.held for row in rows),
        "today": timezone.localdate(),
        "totals": totals_of(row.progress for row in rows),
        "own_totals": totals_of(row.progress for row in own),
        "next": _first_open(_to_go_on_with(rows, own, request.user, district)),
        "has_houses": HouseRegistration.objects.filter(district=district).exists(),
        "may_load": may(request.user, Action.LOAD_REGISTER, district),
        "may_tag": may_tag,
        "sees_houses": may(request.user, Action.SEE_HOUSES, district),
        **(_own_work(district, request.user) if may_tag and rows else {}),
    }
    return render(request, "households/home.html", context)


def _rows(district: District, person: Person) -> list[HomeRow]:
    lives, held = lives_of(district), held_in(district, timezone.localdate())
    return [
        HomeRow(
            progress,
            _step(progress, district, person),
            _missing(lives[progress.community.pk]),
            held.get(progress.community.pk),
        )
        for progress in district_progress(district)
    ]


def _missing(life: ListLife) -> str:
    """Which chip says that the community's list is out, if it is."""
    if not life.is_missing:
        return ""
    return "overdue" if life.days_late(timezone.localdate()) else str(life.state)


def _step(progress: CommunityProgress, district: District, person: Person) -> dict[str, Any] | None:
    """The next step of a community as a button, if it is this person's to take."""
    if progress.next_step is None:
        return None
    step, rows = progress.next_step
    if not may(person, Action.RECEIVE_LIST if step is NextStep.RECEIVE else Action.TAG, district):
        return None
    if rows is None:
        code = progress.community.label_code or ""
        return {"label": _("Receive list"), "url": f"{reverse('households:list_receive')}?community={code}", "rows": 0}
    if step is NextStep.APPLY:
        return _to_list("list", _("Tag"), rows.house_list, rows.to_apply)
    if step is NextStep.CONFIRM:
        return _to_list("list_likely", _("Confirm"), rows.house_list, rows.to_confirm)
    if step is NextStep.DECIDE:
        return _to_list("list_bench", _("Decide"), rows.house_list, rows.to_decide)
    claims = f"{reverse('households:claims')}?district={district.code}"
    return {"label": _("Settle claims"), "url": claims, "rows": rows.claimed}


def _to_list(view: str, label: str, pk: int, rows: int) -> dict[str, Any]:
    return {"label": label, "url": reverse(f"households:{view}", args=[pk]), "rows": rows}


def _to_go_on_with(
    rows: Sequence[HomeRow], own: Sequence[HomeRow], person: Person, district: District
) -> Sequence[HomeRow]:
    """Among which communities the person goes on: the own; without any, what nobody has; else what all have."""
    if own:
        return own
    if may(person, Action.SEE_EVERYONES_WORK, district):
        return rows
    return [row for row in rows if row.held is None]


def _first_open(rows: Sequence[HomeRow]) -> HomeRow | None:
    """The first community with rows waiting, else the first whose list has not come."""
    with_steps = [row for row in rows if row.step]
    return next((row for row in with_steps if row.step and row.step["rows"]), next(iter(with_steps), None))


def _orders_of(own: Sequence[HomeRow], person: Person) -> list[str]:
    """The numbers of the orders that gave the person communities of the person's own."""
    given = (row.held.own for row in own if row.held and row.held.own.officer_id == person.pk)
    return list(dict.fromkeys(one.order_number for one in given))


# --- what the person did ---


def _own_work(district: District, person: Person) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "tagged_today": rows_behind(Deed.TAGGED, district, Span(today, today), [person]).count(),
        "lines": _last_batches(district, person),
        "communities": communities_of(district),
    }


def _last_batches(district: District, person: Person) -> list[Line]:
    """The person's last batches, a walk house by house as one."""
    batches = TaggingBatch.objects.filter(district=district, done_by=person).one_a_run()
    return lines_of(list(with_sizes(batches).order_by("-pk")[:LAST_BATCHES]))


# --- what there is to look at, which is counted after the page has come ---


@needs(Action.SEE_HOUSES)
@require_safe
def home_to_look_at(request: OfficeRequest) -> HttpResponse:
    """How many strays, changes of the register and houses to key there are, of the own communities and in all."""
    choice = district_choice(request, Action.SEE_HOUSES)
    own = communities_of_officer(request.user, timezone.localdate()) & set(communities_of(choice.district))
    context = {"choice": choice, "own": bool(own), "to_look_at": _to_look_at(request, choice.district, own)}
    return render(request, "households/_home_to_look_at.html", context)


def _to_look_at(request: OfficeRequest, district: District, own: set[int]) -> list[Mapping[str, Any]]:
    """What there is of each kind: a label, where its rows are, how many in all and how many of the own communities."""
    strays = [{stray.community, stray.neighbours_community} for stray in to_look_at(strays_of(district))]
    newest = newest_waiting(district, own=own)
    changes = [change.communities for change in newest.changes]
    found = [
        _counted(_("Strays"), "households:strays", len(strays), _near(own, strays)),
        _counted(
            _("Changes of the register"),
            "households:register_changes",
            len(changes),
            _near(own, changes),
            more=not newest.is_all,
        ),
    ]
    if may(request.user, Action.KEY_IN, district):
        houses = to_key(district, own or None).order_by()[: MOST_COUNTED + 1].count()
        found.append(_counted(_("Houses to key"), "households:keying", houses, houses, more=houses > MOST_COUNTED))
    return [one for one in found if one["number"]]


def _near(own: set[int], concerned: Iterable[Collection[int]]) -> int:
    """How many concern one of the own communities."""
    return sum(not own.isdisjoint(communities) for communities in concerned)


def _counted(label: str, view: str, number: int, mine: int, *, more: bool = False) -> Mapping[str, Any]:
    return {"label": label, "url": reverse(view), "number": number, "mine": mine, "more": more}
