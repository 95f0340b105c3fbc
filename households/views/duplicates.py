"""Registrations that look like the same house, to be looked at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.roles import Action

from ..duplicates import Why, look_alikes


@needs(Action.SEE_HOUSES)
@require_safe
def duplicates(request: OfficeRequest) -> HttpResponse:
    """A page of the groups, of one kind or of all, with how many there are of each."""
    choice = district_choice(request, Action.SEE_HOUSES)
    why, after = request.GET.get("why", ""), request.GET.get("after", "")
    page = look_alikes(choice.district, why=why, after=after)
    scene = {
        "choice": choice,
        "page": page,
        "why": Why(why) if why in Why.values else None,
        "kinds": [(kind, page.counts.get(kind, 0)) for kind in Why],
        "total": sum(page.counts.values()),
        "after": after,
        "communities": communities_of(choice.district),
    }
    return render(request, "households/duplicates.html", scene)
