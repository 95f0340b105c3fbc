"""The pages of the community codes: which community has which, and the letters that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.code_requests import (
    Asked,
    asked,
    draft_request,
    record_answer,
    requests_of,
    send_request,
    withdraw_request,
    without_code,
)
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.exports import Table
from communities.forms import BuddhistDateField
from communities.models import CodeRequest, CommunityCode, RequestedCode
from communities.notices import say_done
from communities.roles import Action, may
from communities.thai_calendar import short_date
from communities.views_exports import asks_for_file, export_response
from verification.paper_pdf import as_page, as_pdf, can_print

from .code_letter import LETTER, on_paper


class DraftForm(forms.Form):
    """To whom the letter goes, why, and for which communities."""

    asked_of = forms.CharField(label=gettext_lazy("To whom"), max_length=150)
    reason = forms.CharField(
        label=gettext_lazy("Reason in the letter"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendForm(forms.Form):
    """The number and date under which the letter went out."""

    letter_no = forms.CharField(label=gettext_lazy("Letter number"), max_length=80)
    letter_date = BuddhistDateField(label=gettext_lazy("Letter date"))


class WithdrawForm(forms.Form):
    """Why what is still asked for is withdrawn."""

    because = forms.CharField(label=gettext_lazy("Why it is withdrawn"), max_length=200)


class AnswerForm(forms.Form):
    """The centre's answer: its letter, and a code for each community that it names."""

    answer_no = forms.CharField(label=gettext_lazy("Number of the answer"), max_length=80)
    answer_date = BuddhistDateField(label=gettext_lazy("Date of the answer"))
    in_force_from = BuddhistDateField(label=gettext_lazy("The codes are in force from"))

    def __init__(self, data: Any = None, *, lines: Sequence[RequestedCode]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[self._name(line)] = forms.CharField(
                label=_("Code of %(community)s") % {"community": line.community},
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-paste-down": ""}),
            )

    def _name(self, line: RequestedCode) -> str:
        return f"code_{line.community_id}"

    def field_of(self, line: RequestedCode) -> forms.BoundField:
        """The field for the code of the line's community."""
        return self[self._name(line)]

    @property
    def answer(self) -> dict[str, Any]:
        """What was said, as `record_answer` takes it."""
        facts = {name: self.cleaned_data[name] for name in ("answer_no", "answer_date", "in_force_from")}
        return facts | {"codes": {line.community_id: self.cleaned_data[self._name(line)] for line in self.lines}}


@needs(Action.SEE_LEDGER)
@require_safe
def codes(request: OfficeRequest) -> HttpResponseBase:
    """The communities with their codes in force, the letters that asked for them, and those still without a code."""
    choice = district_choice(request, Action.SEE_LEDGER)
    if asks_for_file(request):
        return export_response(request, _table_of_codes(choice))
    return _codes_page(request, choice, DraftForm(initial={"asked_of": _asked_before(choice)}), set())


def _codes_page(request: OfficeRequest, choice: DistrictChoice, form: DraftForm, ticked: set[str]) -> HttpResponse:
    today = timezone.localdate()
    scene = {
        "choice": choice,
        "district": choice.district,
        "codes": _codes_in_force(choice),
        "requests": requests_of(choice.district),
        "waiting": without_code(choice.district, today),
        "ticked": ticked,
        "form": form,
        "may_ask": may(request.user, Action.ASK_FOR_CODES, choice.district),
    }
    return render(request, "reports/codes.html", scene, status=422 if form.errors else 200)


def _codes_in_force(choice: DistrictChoice) -> list[CommunityCode]:
    """The codes in force today, each with its community as it is called today."""
    named = communities_of(choice.district)
    found = CommunityCode.objects.on(timezone.localdate()).filter(community__district=choice.district)
    found = found.select_related("community__subdistrict").order_by("code")
    for code in found:
        code.community.name_th = named[code.community_id].name_th
    return list(found)


def _table_of_codes(choice: DistrictChoice) -> Table:
    return Table(
        title=_("Community codes"),
        district=choice.district,
        columns=[
            (_("Code"), lambda code: code.code),
            (_("Community"), lambda code: str(code.community)),
            (_("Sub-district"), lambda code: str(code.community.subdistrict)),
            (_("In force from"), lambda code: short_date(code.in_force_from)),
            (_("Letter"), lambda code: code.letter),
        ],
        lines=_codes_in_force(choice),
        conditions=[(_("As at"), short_date(timezone.localdate()))],
    )


def _asked_before(choice: DistrictChoice) -> str:
    """To whom the last letter went; before the first one the centre that is in charge of Bangkok."""
    last = CodeRequest.objects.filter(district=choice.district).order_by("batch_no").last()
    return last.asked_of if last else _("Director of Regional Registration Administration Centre 1")


@needs(Action.ASK_FOR_CODES)
@require_POST
def request_add(request: OfficeRequest) -> HttpResponse:
    """Drafts a letter for the communities that were ticked."""
    choice = district_choice(request, Action.ASK_FOR_CODES)
    form, ticked = DraftForm(request.POST), set(request.POST.getlist("community"))
    ids = [int(one) for one in ticked if one.isdecimal() and len(one) < 19]
    if form.is_valid():
        try:
            draft = draft_request(
                district=choice.district, communities=ids, by=request.user, **_without_nothing(form.cleaned_data)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            say_done(request, _("The letter is drafted. Print it, and record its number when it goes out."))
            return redirect("codes:request", draft.pk)
    return _codes_page(request, choice, form, ticked)


def _without_nothing(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}


@needs(Action.SEE_LEDGER)
@require_safe
def request_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """A letter: what it asks for, what came back, and what can be done with it next."""
    return _show(request, asked(_request(request, pk)))


@needs(Action.SEE_LEDGER)
@require_safe
@never_cache
def request_letter(request: OfficeRequest, pk: int) -> HttpResponse:
    """The letter as PDF, or as a page to print where this machine makes none."""
    letter = on_paper(asked(_request(request, pk)))
    if not can_print():
        return HttpResponse(as_page(LETTER, {"letter": letter}, for_browser=True))
    name = _("Request for community codes") + ".pdf"
    return HttpResponse(
        as_pdf(LETTER, {"letter": letter}),
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(as_attachment=False, filename=name) or ""},
    )


@needs(Action.ASK_FOR_CODES)
@require_POST
def request_send(request: OfficeRequest, pk: int) -> HttpResponse:
    """Records that the letter went out."""
    found = _own_request(request, pk)
    form = SendForm(request.POST)
    if form.is_valid() and _holds(form, send_request, found, by=request.user, **form.cleaned_data):
        say_done(request, _("The letter went out. When the answer comes, record its codes here."))
        return redirect("codes:request", pk)
    return _show(request, asked(found), send=form)


@needs(Action.ASK_FOR_CODES)
@require_POST
def request_answer(request: OfficeRequest, pk: int) -> HttpResponse:
    """Records the codes that the centre gave."""
    found = _own_request(request, pk)
    form = AnswerForm(request.POST, lines=asked(found).open_lines)
    if form.is_valid() and _holds(form, record_answer, found, by=request.user, **form.answer):
        say_done(request, _("The codes are in force. Houses of these communities can be tagged from that day."))
        return redirect("codes:request", pk)
    return _show(request, asked(found), answer=form)


@needs(Action.ASK_FOR_CODES)
@require_POST
def request_withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Withdraws what the letter still asks for."""
    found = _own_request(request, pk)
    form = WithdrawForm(request.POST)
    if form.is_valid() and _holds(form, withdraw_request, found, by=request.user, **form.cleaned_data):
        say_done(request, _("The request is withdrawn. Its communities can be asked for again."))
        return redirect("codes:request", pk)
    return _show(request, asked(found), withdraw=form)


def _holds(form: forms.Form, act: Any, found: CodeRequest, **said: Any) -> bool:
    """Does the deed; what it refuses is put on the form."""
    try:
        act(found, **said)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


def _request(request: OfficeRequest, pk: int) -> CodeRequest:
    known = CodeRequest.objects.visible_to(request.user)
    return get_object_or_404(known.select_related("district", "drafted_by", "sent_by", "withdrawn_by"), pk=pk)


def _own_request(request: OfficeRequest, pk: int) -> CodeRequest:
    found = _request(request, pk)
    require(request.user, Action.ASK_FOR_CODES, found.district)
    return found


def _show(request: OfficeRequest, found: Asked, **bound: forms.Form) -> HttpResponse:
    answer = bound.get("answer") or AnswerForm(lines=found.open_lines)
    fields = {line.pk: answer.field_of(line) for line in answer.lines} if isinstance(answer, AnswerForm) else {}
    scene = {
        "district": found.request.district,
        "asked": found,
        "lines": [(line, fields.get(line.pk)) for line in found.lines],
        "send": bound.get("send") or SendForm(),
        "answer": answer,
        "withdraw": bound.get("withdraw") or WithdrawForm(),
        "withdrawing": "withdraw" in bound,
        "may_ask": may(request.user, Action.ASK_FOR_CODES, found.request.district),
    }
    return render(request, "reports/code_request.html", scene, status=422 if bound else 200)
