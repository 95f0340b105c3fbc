"""The list of houses, and tagging or untagging many of them: filter, tick, look at what would change, confirm."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.access import OfficeRequest, needs
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.ids import id_in
from communities.models import Community, Subdistrict
from communities.notices import say_done
from communities.roles import Action, may

from .. import tagging
from ..filters import HouseFilter
from ..forms.houses import TagForm, UntagForm
from ..lanes import page_of
from ..models import HouseRegistration
from ..models.registrations import HouseRegistrationQuerySet
from ..tag_check import check_tag, check_untag
from ..tag_ledger import Tagged

ROWS_A_PAGE = 100
MOST_COUNTED = 20_000
MOST_NAMED = 10


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
    ids = _ids([request.GET.get(name, "")])
    return everything.filter(pk__in=ids).first() if ids else None


def _chips(search: Search) -> list[dict[str, str]]:
    """The conditions in words, each with the address of the page without it."""
    return [
        condition | {"without": f"?{urlencode(_without(search.filter.data, condition['name']))}"}
        for condition in search.filter.conditions()
    ]


def _without(data, name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in data.items() if value and key not in (name, "after", "before")]


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The houses ticked, or all that match; `number` is how many the page before said there are."""

    houses: HouseRegistrationQuerySet
    ids: Sequence[int]
    matching: bool
    number: int


def _chosen(request: OfficeRequest, search: Search) -> Chosen:
    if request.POST.get("matching"):
        shown = id_in(request.POST["matching"]) or 0
        return Chosen(search.filter.found, ids=(), matching=True, number=shown)
    ids = _ids(request.POST.getlist("house"))
    return Chosen(search.everything.filter(pk__in=ids), ids=ids, matching=False, number=len(ids))


def _ids(texts: Sequence[str]) -> list[int]:
    return [pk for text in dict.fromkeys(texts) if (pk := id_in(text)) is not None]


@needs(Action.TAG)
@require_POST
def houses_tag(request: OfficeRequest) -> HttpResponse:
    """What tagging the chosen houses would do; once confirmed, does it."""
    search = search_of(request, Action.TAG)
    chosen = _chosen(request, search)
    form = TagForm(request.POST, communities=search.communities.values())
    if not form.is_valid():
        return _refused(request, search, form.errors["community"].as_data()[0])
    community = form.chosen_community()
    if "expected" not in request.POST:
        return _tag_check(request, search, chosen, community)
    try:
        tagged = tagging.tag(
            chosen.houses.values_list("pk", flat=True),
            community=community,
            by=request.user,
            expected=id_in(request.POST["expected"]) or 0,
        )
    except ValidationError as refusal:
        return _tag_check(request, search, chosen, community, refusal)
    _say_tagged(request, tagged, community)
    return HttpResponseRedirect(_way_back(request, search, chosen))


def _tag_check(
    request: OfficeRequest,
    search: Search,
    chosen: Chosen,
    community: Community,
    refusal: ValidationError | None = None,
) -> HttpResponse:
    try:
        check = check_tag(chosen.houses, community)
    except ValidationError as no_code:
        return _refused(request, search, no_code)
    if not check.total:
        return _refused(request, search, _nothing_chosen())
    scene = {"check": check, "community": community}
    return render(request, "households/houses_tag_check.html", _check_scene(request, search, chosen, refusal) | scene)


def _check_scene(
    request: OfficeRequest, search: Search, chosen: Chosen, refusal: ValidationError | None
) -> dict[str, object]:
    return {
        "search": search,
        "chosen": chosen,
        "communities": search.communities,
        "refusal": refusal,
        "back": _way_back(request, search, chosen),
    }


def _say_tagged(request: OfficeRequest, tagged: Tagged, community: Community) -> None:
    if tagged.batch is None:
        messages.warning(request, _("No house needed the code; nothing was changed."))
    else:
        done = _("%(code)s %(community)s: code given to %(houses)s houses.") % {
            "code": community.code,
            "community": community.name_th,
            "houses": f"{tagged.houses:,}",
        }
        say_done(request, done, undo_at=reverse("households:batch_undo", args=[tagged.batch.pk]))
    if tagged.refused:
        left = _(
            "%(number)s houses were left as they are: %(houses)s. They belong elsewhere or are not in the register."
        )
        messages.warning(request, left % {"number": f"{len(tagged.refused):,}", "houses": named(tagged.refused)})


def named(houses: Sequence[HouseRegistration]) -> str:
    """The first of the houses by their addresses, with a sign for the rest."""
    names = ", ".join(str(house) for house in houses[:MOST_NAMED])
    return f"{names}, …" if len(houses) > MOST_NAMED else names


@needs(Action.TAG)
@require_POST
def houses_untag(request: OfficeRequest) -> HttpResponse:
    """What taking the codes off the chosen houses would do; once confirmed with a reason, does it."""
    search = search_of(request, Action.TAG)
    chosen = _chosen(request, search)
    if "expected" not in request.POST:
        return _untag_check(request, search, chosen, UntagForm())
    form = UntagForm(request.POST)
    if not form.is_valid():
        return _untag_check(request, search, chosen, form)
    try:
        untagged = tagging.untag(
            chosen.houses.values_list("pk", flat=True),
            by=request.user,
            expected=id_in(request.POST["expected"]) or 0,
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as refusal:
        return _untag_check(request, search, chosen, form, refusal)
    _say_untagged(request, untagged)
    return HttpResponseRedirect(_way_back(request, search, chosen))


def _untag_check(
    request: OfficeRequest,
    search: Search,
    chosen: Chosen,
    form: UntagForm,
    refusal: ValidationError | None = None,
) -> HttpResponse:
    check = check_untag(chosen.houses)
    if not check.total:
        return _refused(request, search, _nothing_chosen())
    scene = {"check": check, "form": form}
    return render(request, "households/houses_untag_check.html", _check_scene(request, search, chosen, refusal) | scene)


def _say_untagged(request: OfficeRequest, untagged: Tagged) -> None:
    if untagged.batch is None:
        messages.warning(request, _("None of the houses carries a code; nothing was changed."))
        return
    done = _("Code taken off %(houses)s houses.") % {"houses": f"{untagged.houses:,}"}
    say_done(request, done, undo_at=reverse("households:batch_undo", args=[untagged.batch.pk]))


def _nothing_chosen() -> ValidationError:
    return ValidationError(_("Tick houses first, or choose all that match."), code="nothing_chosen")


def _refused(request: OfficeRequest, search: Search, refusal: ValidationError) -> HttpResponse:
    for sentence in refusal.messages:
        messages.error(request, sentence)
    return HttpResponseRedirect(search.page_address)


def _way_back(request: OfficeRequest, search: Search, chosen: Chosen) -> str:
    """The page from which the person came: one house's own, or the list under its conditions."""
    if request.POST.get("from") == "house" and len(chosen.ids) == 1:
        return reverse("households:house", args=chosen.ids)
    return search.page_address
