"""Tagging or untagging many of the houses found: tick, look at what would change, confirm."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.access import OfficeRequest, needs
from communities.ids import id_in
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action

from .. import tagging
from ..forms.houses import MoveForm, OutsideForm, TagForm, UntagForm
from ..models import HouseRegistration
from ..tag_check import check_outside, check_tag, check_untag
from ..tag_ledger import Tagged
from .chosen_houses import (
    Chosen,
    back_from,
    check_scene,
    chosen_of,
    is_confirmed,
    looked_at,
    named,
    nothing_chosen,
    posted_from_a_list,
    refused,
)
from .finding import Search, search_of


@needs(Action.TAG)
@posted_from_a_list
def houses_tag(request: OfficeRequest) -> HttpResponse:
    """What tagging the chosen houses would do; once confirmed, does it, with those of other communities or without."""
    search = search_of(request, Action.TAG)
    chosen = chosen_of(request, search)
    form = TagForm(request.POST, communities=search.communities.values())
    if not form.is_valid():
        return refused(request, search, form.errors["community"].as_data()[0])
    community = form.chosen_community()
    if not is_confirmed(request):
        return _tag_check(request, search, chosen, community)
    moving = MoveForm(request.POST if "move" in request.POST else None)
    if moving.is_bound and not moving.is_valid():
        return _tag_check(request, search, chosen, community, moving=moving)
    try:
        tagged = tagging.tag(
            chosen.pks(),
            community=community,
            by=request.user,
            expected=id_in(request.POST["expected"]) or 0,
            looked_at=looked_at(request),
            move_reason=moving.cleaned_data["move_reason"] if moving.is_bound else "",
        )
    except ValidationError as refusal:
        return _tag_check(request, search, chosen, community, refusal, moving)
    _say_tagged(request, tagged, community)
    return HttpResponseRedirect(back_from(request, search, chosen))


def _tag_check(
    request: OfficeRequest,
    search: Search,
    chosen: Chosen,
    community: Community,
    refusal: ValidationError | None = None,
    moving: MoveForm | None = None,
) -> HttpResponse:
    try:
        check = check_tag(chosen.houses, community)
    except ValidationError as no_code_or_too_many:
        return refused(request, search, no_code_or_too_many)
    if not check.total:
        return refused(request, search, nothing_chosen())
    scene = {"check": check, "community": community, "moving": moving or MoveForm()}
    return render(
        request,
        "households/houses_tag_check.html",
        check_scene(request, search, chosen, check.seen, refusal) | scene,
    )


def _say_tagged(request: OfficeRequest, tagged: Tagged, community: Community) -> None:
    if tagged.batch is None:
        messages.warning(request, _("No house needed the code; nothing was changed."))
    else:
        said = {"code": community.code, "community": community.name_th, "houses": f"{tagged.houses:,}"}
        done = (
            ngettext(
                "%(code)s %(community)s: code given to %(houses)s house.",
                "%(code)s %(community)s: code given to %(houses)s houses.",
                tagged.houses,
            )
            % said
        )
        if tagged.moved:
            moved = {"moved": f"{tagged.moved:,}"}
            done = f"{done} {_('%(moved)s of them moved from other communities.') % moved}"
        say_done(request, done, undo_at=reverse("households:batch_undo", args=[tagged.batch.pk]))
    _say_left_alone(request, tagged)


def _say_left_alone(request: OfficeRequest, tagged: Tagged) -> None:
    if tagged.refused:
        left = ngettext(
            "%(number)s house was left as it is: %(houses)s. It belongs elsewhere or is not in the register.",
            "%(number)s houses were left as they are: %(houses)s. They belong elsewhere or are not in the register.",
            len(tagged.refused),
        )
        messages.warning(request, left % {"number": f"{len(tagged.refused):,}", "houses": named(tagged.refused)})
    if tagged.claimed:
        left = ngettext(
            "%(number)s house waits among the claims: %(houses)s. Decide it there.",
            "%(number)s houses wait among the claims: %(houses)s. Decide them there.",
            len(tagged.claimed),
        )
        messages.warning(request, left % {"number": f"{len(tagged.claimed):,}", "houses": named(tagged.claimed)})


@needs(Action.TAG)
@posted_from_a_list
def houses_outside(request: OfficeRequest) -> HttpResponse:
    """What saying of the chosen houses that they are in no community would do; once confirmed, says it."""
    search = search_of(request, Action.TAG)
    chosen = chosen_of(request, search)
    if not is_confirmed(request):
        return _outside_check(request, search, chosen, OutsideForm())
    form = OutsideForm(request.POST)
    if not form.is_valid():
        return _outside_check(request, search, chosen, form)
    try:
        said = tagging.say_in_no_community(
            chosen.pks(),
            by=request.user,
            expected=id_in(request.POST["expected"]) or 0,
            reason=HouseRegistration.Outside(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            looked_at=looked_at(request),
        )
    except ValidationError as refusal:
        return _outside_check(request, search, chosen, form, refusal)
    _say_outside(request, said)
    return HttpResponseRedirect(back_from(request, search, chosen))


def _outside_check(
    request: OfficeRequest, search: Search, chosen: Chosen, form: OutsideForm, refusal: ValidationError | None = None
) -> HttpResponse:
    try:
        check = check_outside(chosen.houses, form.data.get("reason", ""))
    except ValidationError as too_many:
        return refused(request, search, too_many)
    if not check.total:
        return refused(request, search, nothing_chosen())
    scene = {"check": check, "form": form}
    return render(
        request,
        "households/houses_outside_check.html",
        check_scene(request, search, chosen, check.seen, refusal) | scene,
    )


def _say_outside(request: OfficeRequest, said: Tagged) -> None:
    if said.batch is None:
        messages.warning(request, _("No house was said to be in no community; nothing was changed."))
    else:
        done = ngettext(
            "Said of %(houses)s house that it is in no community.",
            "Said of %(houses)s houses that they are in no community.",
            said.houses,
        ) % {"houses": f"{said.houses:,}"}
        say_done(request, done, undo_at=reverse("households:batch_undo", args=[said.batch.pk]))
    _say_left_alone(request, said)


@needs(Action.TAG)
@posted_from_a_list
def houses_untag(request: OfficeRequest) -> HttpResponse:
    """What taking the codes off the chosen houses would do; once confirmed with a reason, does it."""
    search = search_of(request, Action.TAG)
    chosen = chosen_of(request, search)
    if not is_confirmed(request):
        return _untag_check(request, search, chosen, UntagForm())
    form = UntagForm(request.POST)
    if not form.is_valid():
        return _untag_check(request, search, chosen, form)
    try:
        untagged = tagging.untag(
            chosen.pks(),
            by=request.user,
            expected=id_in(request.POST["expected"]) or 0,
            reason=form.cleaned_data["reason"],
            looked_at=looked_at(request),
        )
    except ValidationError as refusal:
        return _untag_check(request, search, chosen, form, refusal)
    _say_untagged(request, untagged)
    return HttpResponseRedirect(back_from(request, search, chosen))


def _untag_check(
    request: OfficeRequest, search: Search, chosen: Chosen, form: UntagForm, refusal: ValidationError | None = None
) -> HttpResponse:
    try:
        check = check_untag(chosen.houses)
    except ValidationError as too_many:
        return refused(request, search, too_many)
    if not check.total:
        return refused(request, search, nothing_chosen())
    scene = {"check": check, "form": form}
    return render(
        request,
        "households/houses_untag_check.html",
        check_scene(request, search, chosen, check.seen, refusal) | scene,
    )


def _say_untagged(request: OfficeRequest, untagged: Tagged) -> None:
    if untagged.batch is None:
        messages.warning(request, _("None of the houses carries a code; nothing was changed."))
        return
    done = ngettext(
        "Code taken off %(houses)s house.",
        "Code taken off %(houses)s houses.",
        untagged.houses,
    ) % {"houses": f"{untagged.houses:,}"}
    say_done(request, done, undo_at=reverse("households:batch_undo", args=[untagged.batch.pk]))
