"""The page that shows the head and the director who saw, printed or exported which list of houses."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .access import OfficeRequest, needs
from .district_choice import communities_of, district_choice
from .ids import id_in
from .lists_seen import AccessSearch, page_of_accesses, people_of_accesses
from .models import ListAccess
from .roles import Action


@needs(Action.SEE_EVERYONES_WORK)
@require_safe
@never_cache
def lists_seen(request: OfficeRequest) -> HttpResponse:
    """The district's accesses to lists, the newest first, under the form's conditions; ?before= begins a page."""
    choice = district_choice(request, Action.SEE_EVERYONES_WORK)
    communities = communities_of(choice.district).values()
    search = AccessSearch(request.GET, people=people_of_accesses(choice.district), communities=communities)
    visible = ListAccess.objects.visible_to(request.user).filter(district=choice.district)
    before = id_in(request.GET.get("before", ""))
    page = page_of_accesses(search.narrow(visible), before=before)
    scene = {
        "choice": choice,
        "search": search,
        "conditions": search.conditions(),
        "lines": page.lines,
        "newest": _address(request, None) if before else "",
        "older": _address(request, page.next) if page.next else "",
    }
    return render(request, "communities/lists_seen.html", scene)


def _address(request: OfficeRequest, before: int | None) -> str:
    """The same conditions, from another row on."""
    query = request.GET.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return f"{request.path}?{query.urlencode()}"
