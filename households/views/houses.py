"""Tagging or untagging many of the houses found: tick, look at what would change, confirm."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.access import OfficeRequest, needs
from communities.ids import id_in
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action
from communities.way_back import way_back

from .. import tagging
from ..forms.houses import TagForm, UntagForm
from ..models import HouseRegistration
from ..models.registrations import HouseRegistrationQuerySet
from ..tag_check import check_tag, check_untag
from ..tag_ledger import Tagged
from .finding import Search, search_of

MOST_NAMED = 10


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The houses ticked, or all that match; `number` is how many the page before said there are.

    `shown` is the community (None for none) that the page before showed for each of the ticked houses.
    """

    houses: HouseRegistrationQuerySet
    ids: Sequence[int]
    matching: bool
    number: int
    shown: Mapping[int, int | None] = dataclasses.field(default_factory=dict)


def _chosen(request: OfficeRequest, search: Search) -> Chosen:
    if request.POST.get("matching"):
        shown = id_in(request.POST["matching"]) or 0
        return Chosen(search.filter.found, ids=(), matching=True, number=shown)
    boxes = request.POST.getlist("house")
    ids = _ids(boxes)
    return Chosen(search.everything.filter(pk__in=ids), ids, matching=False, number=len(ids), shown=_shown(boxes))


def _ids(boxes: Sequence[str]) -> list[int]:
    """The houses of ticked boxes; a box says "house" or "house:community", the community as its row showed it."""
    houses = dict.fromkeys(box.partition(":")[0] for box in boxes)
    return [pk for house in houses if (pk := id_in(house)) is not None]


def _shown(boxes: Sequence[str]) -> dict[int, int | None]:
    """Which community (None for none) each row showed, of the boxes that say so."""
    pairs = [box.split(":") for box in boxes if box.count(":") == 1]
    return {pk: id_in(community) for house, community in pairs if (pk := id_in(house)) is not None}


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
    return HttpResponseRedirect(way_back(request, otherwise=search.page_address))


def _way_back(request: OfficeRequest, search: Search, chosen: Chosen) -> str:
    """The page from which the person came: one house's own, the one it names, or the list under its conditions."""
    if request.POST.get("from") == "house" and len(chosen.ids) == 1:
        return reverse("households:house", args=chosen.ids)
    return way_back(request, otherwise=search.page_address)
