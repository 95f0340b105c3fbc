"""Form TR.31 in the browser: filled, printed, its signed paper taken in, its number looked at, its wording written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.roles import Action, may

from ..citizen_numbers import is_without_status
from ..forms.tr31 import Form31Form, SignedForm, WordingForm
from ..models import Case, Form31, SignedForm31
from ..paper_pdf import as_page, as_pdf, can_print
from ..photos_served import JPEG, evidence_answer
from ..tr31 import (
    PLACES,
    PRINTED,
    as_example,
    file_signed,
    fill_form31,
    form_on_paper,
    reveal_number,
    suggested,
    wording_of,
    write_wording,
)

PDF = "application/pdf"
TEMPLATE = "paper/form31.html"
REFUSED = 422


def form31_on_page(request: OfficeRequest, case: Case) -> dict[str, Any]:
    """What a case's page shows of its form: the newest, its signed paper, and who looked at the number."""
    sees = may(request.user, Action.SEE_HOUSES, case.district)
    form = _newest(case) if sees else None
    return {
        "form31": form,
        "sees_form31": sees,
        "signed31": getattr(form, "signed", None) if form else None,
        "signing": SignedForm(prefix="signed"),
        "reveals": form.reveals.select_related("revealed_by") if form else [],
        "can_print": can_print(),
    }


def _newest(case: Case) -> Form31 | None:
    return Form31.objects.filter(case=case).select_related("signed__filed_by", "made_by").order_by("-pk").first()


def _case(request: OfficeRequest, pk: int) -> Case:
    """The case, if the person may work on it; Http404 otherwise."""
    cases = Case.objects.visible_to(request.user).select_related("district", "house__subdistrict")
    found = get_object_or_404(cases, pk=pk)
    require(request.user, Action.WORK_CASE, found.district)
    return found


def _form(request: OfficeRequest, pk: int) -> Form31:
    """The newest form of the case; Http404 where it has none."""
    case = _case(request, pk)
    forms31 = Form31.objects.visible_to(request.user).filter(case=case).select_related("case__district")
    return get_object_or_404(forms31, pk=forms31.order_by("-pk").values("pk")[:1])


def _refused(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Puts each sentence beside the field that it is about."""
    if hasattr(refusal, "error_dict"):
        for name, faults in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, faults)
    else:
        form.add_error(None, refusal)


@needs(Action.WORK_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("citizen_number")
def form31(request: OfficeRequest, pk: int) -> HttpResponse:
    """The form to fill, with what the case or the form before it says; posting keeps it."""
    case = _case(request, pk)
    if request.method == "POST":
        form = Form31Form(request.POST)
        if form.is_valid():
            try:
                kept = fill_form31(case, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                _refused(form, refusal)
            else:
                messages.success(request, _("The form is filled. Print it, have it signed, and take the paper in."))
                _warn_of_0(request, kept)
                return redirect(_part(pk))
    else:
        form = Form31Form(instance=_newest(case), initial=None if _newest(case) else suggested(case))
    context = {"case": case, "form": form}
    return render(request, "verification/form31.html", context, status=REFUSED if form.errors else 200)


def _warn_of_0(request: OfficeRequest, form: Form31) -> None:
    if is_without_status(form.citizen_number_shown):
        messages.warning(
            request, _("The citizen number begins with 0, as those of persons without civil status do. Look again.")
        )


def _part(pk: int) -> str:
    return f"{reverse('verification:case', args=[pk])}#form31"


@needs(Action.WORK_CASE)
@require_safe
@never_cache
def form31_print(request: OfficeRequest, pk: int) -> HttpResponse:
    """The form as a page to print from the browser, the citizen number masked."""
    form = _form(request, pk)
    paper = form_on_paper(form, number=form.citizen_number_shown)
    return HttpResponse(as_page(TEMPLATE, {"form": paper}, for_browser=True))


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def form31_paper(request: OfficeRequest, pk: int) -> HttpResponse:
    """The form to be signed, as PDF or, without pango, as a page; with the whole citizen number, which is recorded."""
    form = _form(request, pk)
    try:
        number = reveal_number(form, reason=str(PRINTED), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_part(pk))
    context = {"form": form_on_paper(form, number=number)}
    if not can_print():
        return HttpResponse(as_page(TEMPLATE, context, for_browser=True))
    name = f"tr31-{form.case.number}-{form.case.year_be}.pdf"
    return HttpResponse(
        as_pdf(TEMPLATE, context),
        content_type=PDF,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def form31_signed(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes the signed paper in."""
    found = _form(request, pk)
    form = SignedForm(request.POST, request.FILES, prefix="signed")
    if not form.is_valid():
        messages.error(request, " ".join(f"{form[name].label}: {faults[0]}" for name, faults in form.errors.items()))
        return redirect(_part(pk))
    said = form.cleaned_data
    try:
        file_signed(found, number=said["number"], dated=said["dated"], sent=said["file"], by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The signed paper is kept with the case."))
    return redirect(_part(pk))


@needs(Action.SEE_HOUSES)
@require_safe
def form31_scan(request: OfficeRequest, pk: int) -> HttpResponse:
    """The scan of the signed paper; it holds personal data and is for those who see the register."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("district"), pk=pk)
    require(request.user, Action.SEE_HOUSES, case.district)
    scan = get_object_or_404(SignedForm31.objects.order_by("-pk").filter(form__case=case)[:1])
    ending = "jpg" if scan.content_type == JPEG else "pdf"
    name = f"tr31-{case.number}-{case.year_be}-signed.{ending}"
    return evidence_answer(request, scan.file, etag=scan.fingerprint, name=name, content_type=scan.content_type)


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def form31_reveal(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows the whole citizen number once, for the posted reason, which is recorded."""
    form = _form(request, pk)
    try:
        number = reveal_number(form, reason=request.POST.get("reason", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_part(pk))
    return render(request, "verification/form31_number.html", {"case": form.case, "number": number, "form31": form})


@needs(Action.KEEP_WORDING)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def form31_wording(request: OfficeRequest) -> HttpResponse:
    """The district's wording of the form, with what may stand in braces; posting looks at one or keeps it."""
    choice = district_choice(request, Action.KEEP_WORDING)
    now = wording_of(choice.district)
    form = WordingForm(request.POST or None, initial={"subject": now.subject, "text": now.text})
    example = as_example(now.text)
    if request.method == "POST" and form.is_valid():
        try:
            example = as_example(form.cleaned_data["text"])
            if "look" not in request.POST:
                write_wording(choice.district, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            _refused(form, refusal)
        else:
            if "look" not in request.POST:
                messages.success(request, _("Forms filled from now on have this wording."))
                return redirect(f"{reverse('verification:form31_wording')}?district={choice.district.code}")
    context = {"choice": choice, "form": form, "now": now, "places": PLACES.items(), "example": example}
    return render(request, "verification/form31_wording.html", context, status=REFUSED if form.errors else 200)
