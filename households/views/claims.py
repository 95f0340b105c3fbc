"""Claims in the browser: the houses that two communities claim, and one decision for each, with its reason."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action, may

from ..claim_decisions import decide_claim
from ..claims import Claim, claimed_houses, claims_on
from ..forms.rows import ClaimForm
from ..models import HouseRegistration
from .bench import REFUSED
from .lists import undo_address

CLAIMS_A_PAGE = 50


@needs(Action.SEE_HOUSES)
@require_safe
def claims(request: OfficeRequest) -> HttpResponse:
    """The claims of a district that wait for a decision."""
    choice = district_choice(request, Action.SEE_HOUSES)
    page = Paginator(claimed_houses(choice.district), CLAIMS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "page": page,
        "claims": claims_on(list(page.object_list)),
        "may_tag": may(request.user, Action.TAG, choice.district),
    }
    return render(request, "households/claims.html", context)


@needs(Action.SEE_HOUSES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def claim(request: OfficeRequest, pk: int) -> HttpResponse:
    """All who claim the house, side by side; a POST decides."""
    visible = HouseRegistration.objects.visible_to(request.user).select_related("district")
    house = get_object_or_404(visible, pk=pk)
    if request.method != "POST":
        return _show(request, house, ClaimForm())
    require(request.user, Action.TAG, house.district)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _show(request, house, form, refusal=" ".join(str(error) for error in form.errors.values()), status=422)
    refusal = _decide(request, house, form)
    if refusal:
        return _show(request, house, form, refusal=refusal, status=REFUSED)
    return _go_on(house)


def _decide(request: OfficeRequest, house: HouseRegistration, form: ClaimForm) -> str:
    """Settles the claims; the sentence of the refusal where that is not possible."""
    of_district = Community.objects.filter(district=house.district_id)
    winner = get_object_or_404(of_district, pk=form.cleaned_data["in_favour_of"])
    shown = HouseRegistration.objects.get(pk=house.pk)
    shown.community_id = form.cleaned_data["shown_community"]  # as the page showed it
    try:
        settled = decide_claim(shown, in_favour_of=winner, reason=form.cleaned_data["reason"], by=request.user)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    facts = {"house": house, "community": winner}
    say_done(request, _("House %(house)s belongs to %(community)s.") % facts, undo_at=undo_address(settled))
    return ""


def _go_on(house: HouseRegistration) -> HttpResponse:
    """To the next claim of the district, else to the page that says there is none."""
    waiting = claimed_houses(house.district)
    if waiting:
        return redirect("households:claim", next((pk for pk in waiting if pk > house.pk), waiting[0]))
    return redirect(f"{reverse('households:claims')}?district={house.district.code}")


def _show(
    request: OfficeRequest, house: HouseRegistration, form: ClaimForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    found: list[Claim] = claims_on([house.pk])
    if not found and not refusal:
        return redirect("households:house", house.pk)
    context = {
        "house": house,
        "claim": found[0] if found else None,
        "form": form,
        "refusal": refusal,
        "left": len(claimed_houses(house.district)),
        "may_tag": may(request.user, Action.TAG, house.district),
    }
    return render(request, "households/claim.html", context, status=status)
