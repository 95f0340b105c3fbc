"""What the office did and somebody must do in the central register, in the browser."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.models import District
from communities.notices import say_done
from communities.roles import Action, may

from ..central_acts import acts_to_carry_out, carry_out, take_back
from ..models import HouseRegistration, LifeEvent


@needs(Action.SEE_HOUSES)
@require_safe
@never_cache
def central_acts(request: OfficeRequest) -> HttpResponse:
    """The houses that wait for the central register, those not done there first."""
    choice = district_choice(request, Action.SEE_HOUSES)
    scene = {
        "choice": choice,
        "lines": acts_to_carry_out(choice.district, request.user),
        "communities": communities_of(choice.district),
        "may_key": may(request.user, Action.KEY_IN, choice.district),
    }
    return render(request, "households/central_acts.html", scene)


def _act(request: OfficeRequest, pk: int) -> tuple[LifeEvent, District]:
    """The act, where the person may key in its district; Http404 otherwise."""
    reachable = HouseRegistration.objects.visible_to(request.user)
    acts = LifeEvent.objects.exclude(ground=LifeEvent.Ground.CENTRAL_REGISTER).select_related("house__district")
    act = get_object_or_404(acts, pk=pk, house__in=reachable)
    require(request.user, Action.KEY_IN, act.house.district)
    return act, act.house.district


def _list(district: District) -> HttpResponse:
    return redirect(f"{reverse('households:central_acts')}?district={district.code}")


@needs(Action.KEY_IN)
@require_POST
def central_act_done(request: OfficeRequest, pk: int) -> HttpResponse:
    """Records that the act was carried out there."""
    act, district = _act(request, pk)
    try:
        carry_out(act, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        said = _("House %(house)s: recorded as done in the central register.") % {"house": act.house}
        say_done(request, said, undo_at=reverse("households:central_act_take_back", args=[pk]))
    return _list(district)


@needs(Action.KEY_IN)
@require_POST
def central_act_take_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes back that the act was carried out there."""
    act, district = _act(request, pk)
    try:
        take_back(act, by=request.user, reason=request.POST.get("reason", "").strip() or _("pressed by mistake"))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Taken back: house %(house)s waits again.") % {"house": act.house})
    return _list(district)
