"""The list of houses: found by what an officer types, under conditions that the address holds, page by page."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.ids import id_in
from communities.models import Community, Subdistrict
from communities.roles import Action, may

from ..filters import HouseFilter
from ..forms.houses import TagForm
from ..lanes import page_of
from ..models import HouseRegistration
from ..models.registrations import HouseRegistrationQuerySet

ROWS_A_PAGE = 100
MOST_COUNTED = 20_000


@dataclasses.dataclass(frozen=True)
class Search:
    """The conditions in the address, in one district, with the communities that the page speaks of."""

    choice: DistrictChoice
    communities: dict[int, Community]
    everything: HouseRegistrationQuerySet
    filter: HouseFilter
    query: str

    @property
    def page_address(self) -> str:
        """The list of houses under these conditions."""
        return f"{reverse('households:houses')}?{self.query}"


def search_of(request: OfficeRequest, action: Action) -> Search:
    """The search that the address describes; 404 for a district in which the person may not do the action."""
    choice = district_choice(request, action)
    communities = communities_of(choice.district)
    everything = HouseRegistration.objects.visible_to(request.user).filter(district=choice.district)
    house_filter = HouseFilter(
        request.GET,
        everything,
        communities=communities.values(),
        subdistricts=Subdistrict.objects.filter(district=choice.district),
    )
    conditions = request.GET.copy()
    for paging in ("after", "before"):
        conditions.pop(paging, None)
    return Search(choice, communities, everything, house_filter, conditions.urlencode())


@needs(Action.SEE_HOUSES)
@require_GET
def houses(request: OfficeRequest) -> HttpResponse:
    """A page of the houses that match, in lane order, with their number where it is small enough to count."""
    search = search_of(request, Action.SEE_HOUSES)
    found = search.filter.found
    page = page_of(
        found.select_related("subdistrict"),
        size=ROWS_A_PAGE,
        after=house_named(request, "after", search.everything),
        before=house_named(request, "before", search.everything),
    )
    counted = found.order_by()[: MOST_COUNTED + 1].count()
    may_tag = may(request.user, Action.TAG, search.choice.district)
    scene = {
        "search": search,
        "filter": search.filter,
        "chips": _chips(search),
        "page": page,
        "number": counted if counted <= MOST_COUNTED else None,
        "most_counted": MOST_COUNTED,
        "communities": search.communities,
        "may_tag": may_tag,
        "tag_form": TagForm(communities=search.communities.values()) if may_tag else None,
    }
    return render(request, "households/houses.html", scene)


def house_named(request: OfficeRequest, name: str, everything: HouseRegistrationQuerySet) -> HouseRegistration | None:
    """The house from which the page goes on; an address that names none begins at the beginning."""
    pk = id_in(request.GET.get(name, ""))
    return everything.filter(pk=pk).first() if pk else None


def _chips(search: Search) -> list[dict[str, str]]:
    """The conditions in words, each with the address of the page without it."""
    return [
        condition | {"without": f"?{urlencode(_without(search.filter.data, condition['name']))}"}
        for condition in search.filter.conditions()
    ]


def _without(data, name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in data.items() if value and key not in (name, "after", "before")]
