"""Opening cases in the browser: about one house, a missing one, or all that one event struck; and the receipt."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import DistrictChoice, district_choice
from communities.ids import id_in
from communities.models import District
from communities.roles import Action
from households.models import HouseRegistration

from ..case_reports import case_of_receipt, cases_of_communities, house_to_report, houses_to_report, written_receipt
from ..casework import open_case, open_cases_of_occurrence, record_occurrence, source_for
from ..forms.cases import CITIZEN, OccurrenceForm, OpenForm
from ..letters import square
from ..models import Case

REFUSED = 422


@needs(Action.OPEN_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def case_open(request: OfficeRequest) -> HttpResponse:
    """Finds the house (?number=, ?lane=), then takes down what is the matter with it (?house=, or ?missing=1)."""
    choice = district_choice(request, Action.OPEN_CASE)
    house = house_to_report(id_in(request.GET.get("house", "")), request.user)
    district = house.district if house else choice.district
    about_missing = house is None and "missing" in request.GET
    form = OpenForm(request.POST or None, about_missing=about_missing)
    if request.method == "POST" and (house or about_missing) and form.is_valid():
        try:
            opened = _open(request, district, house, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Case %(case)s is opened.") % {"case": opened})
            return redirect("verification:case_receipt" if opened.receipt else "verification:case", opened.pk)
    scene = {
        "choice": choice,
        "house": house,
        "about_missing": about_missing,
        "form": form if house or about_missing else None,
        "typed": {name: request.GET.get(name, "") for name in ("number", "lane")},
        **_found(request, choice),
    }
    return render(request, "verification/case_open.html", scene, status=REFUSED if form.errors else 200)


def _open(request: OfficeRequest, district: District, house: HouseRegistration | None, form: OpenForm) -> Case:
    said = form.cleaned_data
    by_citizen = said["source"] == CITIZEN
    return open_case(
        district,
        kind=said["kind"],
        source=Case.Source.CITIZEN if by_citizen else source_for(request.user, district),
        house=house,
        house_no=request.GET.get("number", ""),
        lane=request.GET.get("lane", ""),
        told=said["told"],
        reporter_name=said["reporter_name"] if by_citizen else "",
        reporter_phone=said["reporter_phone"] if by_citizen else "",
        by=request.user,
    )


def _found(request: OfficeRequest, choice: DistrictChoice) -> dict[str, Any]:
    """The houses of what was typed, or the sentence about what cannot be read."""
    if not {"number", "lane"} & request.GET.keys() or "house" in request.GET or "missing" in request.GET:
        return {"found": None, "refusal": ""}
    typed = {name: request.GET.get(name, "") for name in ("number", "lane")}
    try:
        return {"found": houses_to_report(choice.district, request.user, **typed), "refusal": ""}
    except ValidationError as refusal:
        return {"found": None, "refusal": " ".join(refusal.messages)}


@needs(Action.OPEN_CASE)
@require_safe
@never_cache
def case_receipt(request: OfficeRequest, pk: int) -> HttpResponse:
    """The slip for a citizen: the receipt number, and the page where it tells how far the case is."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("district", "house"), pk=pk)
    require(request.user, Action.OPEN_CASE, case.district)
    if not case.receipt:
        return redirect("verification:case", pk)
    address = request.build_absolute_uri(f"{reverse('verification:receipt')}?number={case.receipt}")
    scene = {"case": case, "receipt": written_receipt(case.receipt), "square": square(address)}
    return render(request, "verification/case_receipt.html", scene)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of the report with the posted number, for whoever has the slip; a line may ask only so often.

    The slip's square brings the number as ?number=, which only fills it in: asking is a press of the button.
    """
    if request.method != "POST":
        return render(request, "verification/receipt.html", {"filled_in": request.GET.get("number", "")})
    if not ratelimit.consume(request, action="receipt"):
        return render(request, "verification/receipt.html", {"waits": True}, status=429)
    typed = request.POST.get("number", "")
    return render(request, "verification/receipt.html", {"typed": typed, "told": case_of_receipt(typed)})


@needs(Action.REVIEW_OWN_HOUSES)
@require_safe
@never_cache
def my_cases(request: OfficeRequest) -> HttpResponse:
    """The cases of the president's community: what was reported, how far it is, how it ended."""
    return render(request, "verification/my_cases.html", {"told": cases_of_communities(request.user)})


# --- one event, many houses ---


@needs(Action.OPEN_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def occurrence_open(request: OfficeRequest) -> HttpResponse:
    """Shows the houses of ?lane=; posting opens a case for each ticked one."""
    choice = district_choice(request, Action.OPEN_CASE)
    form = OccurrenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _open_all(request, choice.district, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    lanes = [lane for text in request.GET.getlist("lane") for lane in text.split(",") if lane.strip()]
    houses, refusals = _houses_of(request, choice.district, lanes)
    scene = {
        "choice": choice,
        "form": form,
        "lane": ", ".join(lane.strip() for lane in lanes),
        "houses": houses,
        "refusals": refusals,
        "ticked": set(request.POST.getlist("house")),
    }
    return render(request, "verification/occurrence_open.html", scene, status=REFUSED if form.errors else 200)


def _houses_of(
    request: OfficeRequest, district: District, lanes: list[str]
) -> tuple[list[HouseRegistration], list[str]]:
    houses: dict[int, HouseRegistration] = {}
    refusals = []
    for lane in lanes:
        try:
            found = houses_to_report(district, request.user, number="", lane=lane)
        except ValidationError as refusal:
            refusals.extend(refusal.messages)
        else:
            houses |= {house.pk: house for house in found}
    return list(houses.values()), refusals


def _open_all(request: OfficeRequest, district: District, form: forms.Form) -> HttpResponse:
    said = form.cleaned_data
    ticked = [pk for text in request.POST.getlist("house") if (pk := id_in(text)) is not None]
    houses = [house for pk in ticked if (house := house_to_report(pk, request.user)) is not None]
    event = {name: said[name] for name in ("name", "place", "happened_on")}
    occurrence = record_occurrence(district, houses=len(houses), by=request.user, **event)
    opened, refused = open_cases_of_occurrence(
        occurrence, houses, kind=said["kind"], told=said["told"], by=request.user
    )
    number = len(opened)
    done = ngettext("%(number)s case is opened.", "%(number)s cases are opened.", number) % {"number": number}
    messages.success(request, done)
    for house, sentence in refused.items():
        messages.warning(request, f"{house}: {sentence}")
    return redirect("verification:cases_alike", occurrence.pk)
