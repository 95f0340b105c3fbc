"""The searches that a person has saved: keep the one on the page, open one, remove one and bring it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.access import OfficeRequest, needs
from communities.district_choice import district_choice
from communities.models import District
from communities.notices import say_done
from communities.roles import Action

from .. import saved_searches
from ..models import SavedSearch
from .finding import search_of

MOST_SHOWN = 100


@needs(Action.SEE_HOUSES)
@require_GET
def searches(request: OfficeRequest) -> HttpResponse:
    """The person's saved searches in the district; for htmx the list alone."""
    choice = district_choice(request, Action.SEE_HOUSES)
    own = SavedSearch.objects.filter(person=request.user, district=choice.district, removed_at=None)
    scene = {"choice": choice, "searches": own.order_by("name")[:MOST_SHOWN]}
    is_part = request.headers.get("HX-Target") == "saved-searches"
    return render(request, "households/_saved_searches.html" if is_part else "households/saved_searches.html", scene)


@needs(Action.SEE_HOUSES)
@require_POST
def search_keep(request: OfficeRequest) -> HttpResponse:
    """Keeps the search of the address under the name that was typed."""
    search = search_of(request, Action.SEE_HOUSES)
    try:
        kept = saved_searches.keep(
            name=request.POST.get("name", ""),
            query=search.conditions,
            district=search.choice.district,
            by=request.user,
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        done = _("The search is saved as “%(name)s”.") % {"name": kept.name}
        say_done(request, done, undo_at=reverse("households:search_remove", args=[kept.pk]))
    return HttpResponseRedirect(search.page_address)


@needs(Action.SEE_HOUSES)
@require_POST
def search_remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a saved search off the list, which can be undone."""
    search = _own(request, pk)
    saved_searches.remove(search, by=request.user)
    done = _("The search “%(name)s” is removed.") % {"name": search.name}
    say_done(request, done, undo_at=reverse("households:search_bring_back", args=[search.pk]))
    return HttpResponseRedirect(_list_of(search.district))


@needs(Action.SEE_HOUSES)
@require_POST
def search_bring_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Undoes the removal."""
    search = _own(request, pk)
    try:
        saved_searches.bring_back(search, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The search “%(name)s” is back.") % {"name": search.name})
    return HttpResponseRedirect(_list_of(search.district))


def _own(request: OfficeRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.select_related("district"), pk=pk, person=request.user)


def _list_of(district: District) -> str:
    return f"{reverse('households:searches')}?district={district.code}"
