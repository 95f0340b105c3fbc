"""The list of houses: found by what an officer types, under conditions that the address holds, page by page."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.district_choice import DistrictChoice, district_choice
from communities.exports import ROWS_AT_ONCE, Table
from communities.ids import id_in
from communities.models import Community, District
from communities.roles import Action, may
from communities.selects import options_of
from communities.views_exports import asks_for_file, export_response

from ..district_places import DistrictPlaces, places_at_hand, places_of
from ..filters import CHOSEN, HouseFilter
from ..house_lines import COLUMNS, lines_of, rows_of
from ..house_sheet import columns_found
from ..lanes import CountedPage, counted_page
from ..models import HouseRegistration
from ..models.registrations import HouseRegistrationQuerySet
from ..search_box import Kind

ROWS_A_PAGE = 50
MOST_COUNTED = 1_000
_PAGING = ("after", "before")


@dataclasses.dataclass(frozen=True)
class Search:
    """The conditions in the address, in one district, with the places that the page speaks of."""

    choice: DistrictChoice
    places: DistrictPlaces
    everything: HouseRegistrationQuerySet
    filter: HouseFilter
    query: str

    @property
    def communities(self) -> Mapping[int, Community]:
        """The communities of the district by id."""
        return self.places.communities

    @property
    def conditions(self) -> str:
        """The conditions alone, as they stand in the address: without the district, and none that is empty."""
        stated = [(name, value) for name, value in QueryDict(self.query).items() if value and name != "district"]
        return urlencode(stated)

    @property
    def page_address(self) -> str:
        """The list of houses under these conditions."""
        return f"{reverse('households:houses')}?{self.query}"


def search_of(
    request: OfficeRequest, action: Action, *, places_in: Callable[[District], DistrictPlaces] = places_of
) -> Search:
    """The search that the address describes; 404 for a district in which the person may not do the action."""
    choice = district_choice(request, action)
    places = places_in(choice.district)
    everything = HouseRegistration.objects.visible_to(request.user).filter(district=choice.district)
    house_filter = HouseFilter(request.GET, everything, places=places)
    return Search(choice, places, everything, house_filter, _conditions(request.GET).urlencode())


def _conditions(address: QueryDict) -> QueryDict:
    """The conditions of the address, without the place at which a page begins."""
    conditions = address.copy()
    for paging in _PAGING:
        conditions.pop(paging, None)
    return conditions


@needs(Action.SEE_HOUSES)
@require_GET
def houses(request: OfficeRequest) -> HttpResponseBase:
    """A page of the houses that match, and their number up to a thousand; for htmx the part that is exchanged.

    ?format= takes all that match out as a file.
    """
    search = search_of(request, Action.SEE_HOUSES, places_in=places_at_hand)
    if asks_for_file(request):
        return export_response(request, _table(search))
    page = _page_of(request, search)
    may_tag = may(request.user, Action.TAG, search.choice.district)
    lines = lines_of(
        page.houses,
        communities=search.places.communities,
        subdistricts=search.places.subdistricts,
        thai_digits=request.user.thai_digits,
    )
    scene = {
        "search": search,
        "filter": search.filter,
        "selects": _selects(search.filter),
        "chips": _chips(search),
        "others": _other_meanings(search),
        "spelt_alike": _spelt_alike(search),
        "page": page,
        "rows": rows_of(lines, may_tag=may_tag),
        "most_counted": MOST_COUNTED,
        "may_tag": may_tag,
        "to_tag": options_of((("", _("choose a community…")), *search.places.communities_to_tag)),
    }
    if request.headers.get("HX-Target") != "found":
        return render(request, "households/houses.html", scene)
    part = render(request, "households/_houses_found.html", scene)
    part.headers["HX-Replace-Url"] = reverse("households:houses") + _address(search, {})
    return part


def _table(search: Search) -> Table:
    found = search.filter.found.order_by(*search.filter.order).values_list(*COLUMNS, named=True)
    return Table(
        title=_("Houses"),
        district=search.choice.district,
        columns=columns_found(search.places.communities, search.places.subdistricts),
        lines=found.iterator(chunk_size=ROWS_AT_ONCE),
        conditions=[(condition.label, condition.value) for condition in search.filter.conditions()],
        houses=search.filter.found.order_by().count(),
    )


def _selects(house_filter: HouseFilter) -> SafeString:
    """The conditions that are chosen from a list, with the options of each."""
    here = reverse("households:houses")
    return SafeString(
        "".join(
            _select(
                here,
                name,
                house_filter.label_of(name),
                options_of(house_filter.choices_of(name), house_filter.data.get(name, "")),
            )
            for name in CHOSEN
        )
    )


@functools.lru_cache(maxsize=512)
def _select(here: str, name: str, label: str, options: SafeString) -> SafeString:
    """One of them as it is drawn; pages of one district show the same ones again and again."""
    field = {"name": name, "label": label, "options": options}
    return render_to_string("households/_chosen_condition.html", {"here": here, "field": field})


def _page_of(request: OfficeRequest, search: Search) -> CountedPage:
    return counted_page(
        search.filter.found,
        columns=COLUMNS,
        among=search.everything,
        size=ROWS_A_PAGE,
        after=id_in(request.GET.get("after", "")),
        before=id_in(request.GET.get("before", "")),
        order=search.filter.order,
        most=MOST_COUNTED,
    )


def house_named(request: OfficeRequest, name: str, everything: HouseRegistrationQuerySet) -> HouseRegistration | None:
    """The house from which the page goes on; an address that names none begins at the beginning."""
    pk = id_in(request.GET.get(name, ""))
    return everything.filter(pk=pk).first() if pk else None


# --- the conditions, and ways to others ---


def _chips(search: Search) -> list[dict[str, str]]:
    """The conditions in words, each with the address of the page without it."""
    return [
        {
            "label": condition.label,
            "value": condition.value,
            "without": _address(search, {condition.name: condition.rest}),
        }
        for condition in search.filter.conditions()
    ]


def _address(search: Search, changed: Mapping[str, str]) -> str:
    """The page under the conditions as changed; an empty value takes its condition away."""
    conditions = {name: value for name, value in search.filter.data.items() if name not in _PAGING}
    return f"?{urlencode({name: value for name, value in {**conditions, **changed}.items() if value})}"


_SAID_FIRST = {Kind.COMMUNITY: "ชุมชน", Kind.SUBDISTRICT: "แขวง"}


def _other_meanings(search: Search) -> list[dict[str, str]]:
    """What the names in the box may mean besides, each with the address of that search."""
    box = search.filter.data.get("q", "")
    return [
        {"label": str(_KINDS[kind]()), "name": name.typed, "url": _address(search, _meant(box, name.typed, kind))}
        for name, kind in search.filter.other_meanings()
    ]


def _meant(box: str, typed: str, kind: Kind) -> dict[str, str]:
    if kind == Kind.LANE:
        return {"q": box.replace(typed, "", 1).strip(), "soi": typed}
    return {"q": box.replace(typed, f"{_SAID_FIRST[kind]}{typed}", 1)}


_KINDS: dict[Kind, Any] = {
    Kind.LANE: lambda: _("the soi, trok or road"),
    Kind.COMMUNITY: lambda: _("the community"),
    Kind.SUBDISTRICT: lambda: _("the sub-district"),
}


def _spelt_alike(search: Search) -> list[dict[str, str]]:
    """Names that may be meant by one that nothing bears, each with the address of that search."""
    puzzle = search.filter.puzzle
    if puzzle is None:
        return []
    box = search.filter.data.get("q", "")
    return [
        {"name": name, "url": _address(search, {"q": box.replace(puzzle.unknown, name, 1)})} for name in puzzle.alike
    ]
