"""Strays: houses in the row of another community, each to be moved or found right, with who put it there and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.models import District
from communities.notices import say_done
from communities.roles import Action, may
from communities.way_back import way_back

from ..assignments import communities_of_officer
from ..claims import rows_claiming
from ..desk_checks import stray_is_right, take_back
from ..models import DeskCheck, HouseRegistration, TagEvent
from ..provenance import Provenance, provenance_of, with_rows
from ..strays import Stray, strays_found_right, strays_of, to_look_at

STRAYS_A_PAGE = 50


@dataclasses.dataclass(frozen=True)
class StrayShown:
    """A stray with its neighbours, its newest tag, the row it rests on (None: by hand), and whether lists claim it."""

    house: HouseRegistration
    before: HouseRegistration
    after: HouseRegistration
    neighbours_community: int
    tag: TagEvent | None
    comes_from: Provenance | None
    is_claimed: bool


@needs(Action.SEE_HOUSES)
@require_safe
def strays(request: OfficeRequest) -> HttpResponse:
    """The strays to look at, of these (?whose=mine) those of the own communities; (?found=right) those found right."""
    choice = district_choice(request, Action.SEE_HOUSES)
    waiting = to_look_at(strays_of(choice.district))
    own = communities_of_officer(request.user, timezone.localdate())
    mine = [stray for stray in waiting if not own.isdisjoint((stray.community, stray.neighbours_community))]
    found_right = strays_found_right(choice.district)
    shows_found_right = request.GET.get("found") == "right"
    shows_mine = not shows_found_right and request.GET.get("whose") == "mine"
    rows: Any = found_right if shows_found_right else mine if shows_mine else waiting
    page = Paginator(rows, STRAYS_A_PAGE).get_page(request.GET.get("page"))
    communities = communities_of(choice.district)
    scene = {
        "choice": choice,
        "page": page,
        "strays": [] if shows_found_right else shown(list(page.object_list)),
        "checks": list(page.object_list) if shows_found_right else [],
        "shows_found_right": shows_found_right,
        "shows_mine": shows_mine,
        "waiting": len(waiting),
        "mine": len(mine) if not own.isdisjoint(communities) else None,
        "found_right": found_right.count(),
        "communities": communities,
        "may_tag": may(request.user, Action.TAG, choice.district),
    }
    return render(request, "households/strays.html", scene)


def shown(strays: Sequence[Stray]) -> list[StrayShown]:
    """What the page says of each of the strays, by a fixed number of queries."""
    ids = {house for stray in strays for house in (stray.house, stray.before, stray.after)}
    houses = HouseRegistration.objects.select_related("subdistrict").in_bulk(ids)
    newest = with_rows(TagEvent.objects.newest_of([stray.house for stray in strays]))
    tags = {tag.house_id: tag for tag in newest.select_related("batch__done_by", "record__house_list__sender")}
    comes_from = provenance_of(tags.values())
    claimed = rows_claiming([stray.house for stray in strays])
    return [
        StrayShown(
            houses[stray.house],
            houses[stray.before],
            houses[stray.after],
            stray.neighbours_community,
            tag=(tag := tags.get(stray.house)),
            comes_from=comes_from.get(tag.pk) if tag else None,
            is_claimed=_is_claimed(claimed.get(stray.house, ()), stray),
        )
        for stray in strays
    ]


def _is_claimed(rows: Sequence, stray: Stray) -> bool:
    """Whether a list of another community names the house and waits for a decision."""
    return any(row.house_list.community_id != stray.community for row in rows)


@needs(Action.TAG)
@require_POST
def stray_right(request: OfficeRequest, pk: int) -> HttpResponse:
    """The stray is right as it is, with the note that says why."""
    visible = HouseRegistration.objects.visible_to(request.user).select_related("district")
    house = get_object_or_404(visible, pk=pk)
    require(request.user, Action.TAG, house.district)
    try:
        check = stray_is_right(
            house,
            by=request.user,
            note=request.POST.get("note", ""),
            shown_community=id_in(request.POST.get("shown_community", "")),
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        said = _("House %(house)s is right as it is.") % {"house": house}
        say_done(request, said, undo_at=reverse("households:desk_check_take_back", args=[check.pk]))
    return _back(request, house.district)


@needs(Action.TAG)
@require_POST
def desk_check_take_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """The check was a slip: the house is to be looked at again."""
    check = get_object_or_404(DeskCheck.objects.select_related("house__district"), pk=pk)
    if not HouseRegistration.objects.visible_to(request.user).filter(pk=check.house_id).exists():
        raise Http404
    require(request.user, Action.TAG, check.house.district)
    try:
        take_back(check, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        say_done(request, _("House %(house)s is to be looked at again.") % {"house": check.house})
    return _back(request, check.house.district)


def _back(request: OfficeRequest, district: District) -> HttpResponse:
    return redirect(way_back(request, otherwise=f"{reverse('households:strays')}?district={district.code}"))
