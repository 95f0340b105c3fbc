"""The account of struck-off houses in the browser, as a workbook, and on paper."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.access_log import record_access
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.exports import stamp
from communities.ids import id_in
from communities.models import ListAccess
from communities.roles import Action, may
from communities.thai_calendar import NotADate, month_start, parse_month
from communities.views_exports import FORMATS, as_file

from ..paper_pdf import as_page, as_pdf, can_print
from ..struck_houses import Account, account_as_table, account_of, account_on_paper, months_with_lines, title_of

PDF = "application/pdf"
TEMPLATE = "paper/struck_houses.html"


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def struck_houses(request: OfficeRequest) -> HttpResponse:
    """The account of ?month= (this month without it), of ?community= or all; every line opens its case."""
    choice = district_choice(request, Action.SEE_CASES)
    account, community = _account(request, choice)
    months = dict(months_with_lines(choice.district))
    months.setdefault(month_start(timezone.localdate()), 0)
    months.setdefault(account.month, 0)
    scene: dict[str, Any] = {
        "choice": choice,
        "account": account,
        "months": sorted(months.items(), reverse=True),
        "communities": communities_of(choice.district),
        "community": community,
        "sees_codes": may(request.user, Action.SEE_HOUSES, choice.district),
        "can_print": can_print(),
    }
    return render(request, "verification/struck_houses.html", scene)


@needs(Action.SEE_CASES)
@require_POST
@never_cache
def struck_houses_export(request: OfficeRequest) -> HttpResponseBase:
    """Hands the account out as PDF, workbook or CSV, once it is recorded what it is for."""
    choice = district_choice(request, Action.SEE_CASES)
    account, community = _account(request, choice)
    purpose = request.POST.get("purpose", "")
    form = request.POST.get("form", "")
    with_codes = may(request.user, Action.SEE_HOUSES, choice.district)
    try:
        record_access(
            request.user,
            deed=ListAccess.Deed.EXPORTED if form in FORMATS else ListAccess.Deed.PRINTED,
            what=title_of(account),
            district=choice.district,
            community=communities_of(choice.district).get(community) if community else None,
            houses=len(account.lines),
            purpose=purpose,
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(f"{reverse('verification:struck_houses')}?{_query(choice, account, community)}")
    if form in FORMATS:
        return as_file(account_as_table(account, with_codes=with_codes), stamp(request.user, purpose), form)
    paper = account_on_paper(account, by=request.user, purpose=purpose, with_codes=with_codes)
    if can_print():
        name = f"{title_of(account)} {choice.district}".replace("/", "-")
        return _file(as_pdf(TEMPLATE, {"account": paper}), PDF, f"{name}.pdf")
    return HttpResponse(as_page(TEMPLATE, {"account": paper}, for_browser=True))


def _account(request: HttpRequest, choice: DistrictChoice) -> tuple[Account, int | None]:
    """The account that the address names, and the community (id) it is of. Raises Http404 for a month that is none."""
    community = id_in(request.GET.get("community", ""))
    if community is not None and community not in communities_of(choice.district):
        raise Http404
    return account_of(choice.district, _month(request.GET.get("month", "")), community), community


def _month(text: str) -> datetime.date:
    try:
        return parse_month(text) if text.strip() else timezone.localdate()
    except NotADate as problem:
        raise Http404 from problem


def _query(choice: DistrictChoice, account: Account, community: int | None) -> str:
    named = {"district": choice.district.code, "month": f"{account.month:%Y-%m}"}
    if community:
        named["community"] = str(community)
    return urlencode(named)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
