"""The KPI pages: the months in a row, one month, the houses behind a number, its workbook, and issuing it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import DistrictChoice, district_choice
from communities.exports import Table
from communities.ids import id_in
from communities.models import Community, District
from communities.notices import say_done
from communities.roles import Action, may
from communities.thai_calendar import add_months, month_end, month_name, short_date, short_month
from communities.views_exports import XLSX, asks_for_file, export_response
from households.dates import refuse_future
from verification.paper_pdf import as_page, as_pdf, can_print

from .checking import check_report
from .corrections import suggested_correction
from .curve import Step, picture
from .export_tables import columns_of_houses, columns_of_month
from .figures import HouseLine
from .forms import IssueForm
from .indicators import Indicator, houses_behind
from .issuing import issue, issued_by, next_round, refuse_letter, refuse_round, workbook_of
from .models import KpiReport
from .month_page import MonthPage, month_page
from .monthly_summary import SUMMARY, on_paper, summary_of
from .months import Month, expected_of, in_the_picture, months_of, worth_listing

MONTHS_IN_PICTURE = 7
HOUSES_A_PAGE = 400


@needs(Action.SEE_FIGURES)
@require_safe
def kpi(request: OfficeRequest) -> HttpResponse:
    """The district's months: a picture of the houses tagged, then each month with its report."""
    choice = _with_communities(request, district_choice(request, Action.SEE_FIGURES))
    today = timezone.localdate()
    months = months_of(choice.district, today)
    expected = expected_of(choice.district, today)
    scene = {
        "choice": choice,
        "district": choice.district,
        "today": months[-1],
        "expected": expected,
        "communities": Community.objects.filter(district=choice.district).count(),
        "months": worth_listing(months, today),
        "chart": _chart(in_the_picture(months, MONTHS_IN_PICTURE), expected),
        "sees_houses": may(request.user, Action.SEE_HOUSES, choice.district),
        "may_issue": may(request.user, Action.ISSUE_REPORT, choice.district),
    }
    return render(request, "reports/kpi.html", scene)


def _with_communities(request: OfficeRequest, choice: DistrictChoice) -> DistrictChoice:
    """Unless the person names a district, the first of several that has communities: of a city, many have none yet."""
    if not choice.several or request.GET.get("district"):
        return choice
    at_work = District.objects.filter(pk__in=[district.pk for district in choice.choices], communities__isnull=False)
    return dataclasses.replace(choice, district=at_work.order_by("code").first() or choice.district)


def _chart(months: list[Month], expected: int | None) -> dict[str, Any]:
    drawn = picture([Step(month.tagged, month.this_month) for month in months], expected)
    names = [short_month(month.month) for month in months]
    return {"picture": drawn, "columns": list(zip(months, names, drawn.columns, strict=True))}


def of_a_begun_month(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Leads from a month that has not begun back to the list, with the sentence that refuses it."""

    @functools.wraps(view)
    def asked(request: OfficeRequest, month: datetime.date) -> HttpResponseBase:
        try:
            refuse_future(month)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            asked_for = {name: request.GET[name] for name in request.GET.keys() & {"district"}}
            return redirect("?".join(filter(None, [reverse("reports:kpi"), urlencode(asked_for)])))
        return view(request, month)

    return asked


@needs(Action.SEE_FIGURES)
@require_safe
@of_a_begun_month
def kpi_month(request: OfficeRequest, month: datetime.date) -> HttpResponseBase:
    """A month's figures beside those of the month before, its communities, and what stands in the way of issuing it.

    ?format= takes the communities out as a file.
    """
    choice = district_choice(request, Action.SEE_FIGURES)
    page = month_page(choice.district, month, request.user)
    if asks_for_file(request):
        return export_response(request, _table_of_month(page))
    following = add_months(month, 1)
    scene = {
        "choice": choice,
        "district": choice.district,
        "page": page,
        "previous": add_months(month, -1),
        "next": following if following <= timezone.localdate() else None,
        "sees_houses": may(request.user, Action.SEE_HOUSES, choice.district),
    }
    return render(request, "reports/kpi_month.html", scene)


def _table_of_month(page: MonthPage) -> Table:
    until = (_("counted up to"), short_date(page.figures.at_end.day))
    issued = [(_("Round"), str(page.report.round_no))] if page.report else [(_("Report"), _("draft"))]
    return Table(
        title=f"{_('KPI report')} {month_name(page.month)}",
        district=page.district,
        columns=columns_of_month(moved=page.moved),
        lines=page.figures.lines,
        conditions=[until, *issued],
    )


@needs(Action.SEE_HOUSES)
@require_safe
@of_a_begun_month
def kpi_houses(request: OfficeRequest, month: datetime.date) -> HttpResponseBase:
    """The houses that a figure of the month counts: ?figure=…, ?community=…; of the whole district without one.

    ?format= takes them out as a file.
    """
    choice = district_choice(request, Action.SEE_HOUSES)
    day = _day_in(month, request)
    indicator = _indicator(request)
    community = _community(request, choice.district, day)
    found = houses_behind(choice.district, day, indicator=indicator, community=community)
    lines = [line for place in found.values() for line in place]
    if asks_for_file(request):
        return export_response(request, _table_of_houses(choice.district, day, indicator, community, lines))
    asked = {"district": choice.district.code, "figure": indicator.value}
    if day < min(month_end(month), timezone.localdate()):
        asked["as_at"] = day.isoformat()
    query = urlencode(asked | ({"community": community.pk} if community else {}))
    page = Paginator(lines, HOUSES_A_PAGE).get_page(request.GET.get("page"))
    scene = {
        "district": choice.district,
        "month": month,
        "day": day,
        "indicator": indicator,
        "community": community,
        "total": len(lines),
        "page": page,
        "previous": f"?{query}&page={page.number - 1}" if page.has_previous() else "",
        "next": f"?{query}&page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "reports/kpi_houses.html", scene)


def _table_of_houses(
    district: District,
    day: datetime.date,
    indicator: Indicator,
    community: Community | None,
    lines: Sequence[HouseLine],
) -> Table:
    of = [(_("Community"), f"{community.label_code or ''} {community.name_th}".strip())] if community else []
    return Table(
        title=f"{indicator.label} {month_name(day)}",
        district=district,
        columns=columns_of_houses(),
        lines=lines,
        conditions=[(_("counted up to"), short_date(day)), *of],
        houses=len(lines),
        community=community,
    )


def _day_in(month: datetime.date, request: OfficeRequest) -> datetime.date:
    """The day of the month named by ?as_at=, else its last, and today while it runs; 404 for another month's."""
    last = min(month_end(month), timezone.localdate())
    try:
        day = datetime.date.fromisoformat(request.GET.get("as_at") or last.isoformat())
    except ValueError:
        raise Http404 from None
    if not month <= day <= last:
        raise Http404
    return day


def _indicator(request: OfficeRequest) -> Indicator:
    try:
        return Indicator(request.GET.get("figure", Indicator.TAGGED))
    except ValueError:
        raise Http404 from None


def _community(request: OfficeRequest, district: District, day: datetime.date) -> Community | None:
    wanted = request.GET.get("community", "")
    if not wanted:
        return None
    return get_object_or_404(Community.objects.as_at(day), district=district, pk=id_in(wanted))


@needs(Action.SEE_HOUSES)
@require_safe
@cache_control(private=True, no_store=True)
@of_a_begun_month
def kpi_workbook(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """The month's workbook: the frozen one where the report is issued, else a draft of today, or as at ?as_at=."""
    district = district_choice(request, Action.SEE_HOUSES).district
    day = _day_in(month, request)
    workbook = workbook_of(district, month, day)
    name = _file_name(district, day, issued_by(district, month, day)) + ".xlsx"
    return HttpResponse(
        workbook,
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""},
    )


@needs(Action.SEE_FIGURES)
@require_safe
@cache_control(private=True, no_store=True)
@of_a_begun_month
def kpi_summary(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """The month's summary on paper: a PDF, or the page to print where this machine makes none."""
    district = district_choice(request, Action.SEE_FIGURES).district
    summary = summary_of(district, month)
    if not can_print():
        return HttpResponse(as_page(SUMMARY, {"summary": on_paper(summary)}, for_browser=True))
    name = _file_name(district, summary.figures.at_end.day, summary.report) + ".pdf"
    return HttpResponse(
        as_pdf(SUMMARY, {"summary": on_paper(summary)}),
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(as_attachment=False, filename=name) or ""},
    )


def _file_name(district: District, month: datetime.date, report: KpiReport | None) -> str:
    which = _("round %(round)s") % {"round": report.round_no} if report else _("draft")
    place = {"district": district, "month": short_month(month), "which": which}
    return _("KPI house registration %(district)s %(month)s (%(which)s)") % place


@needs(Action.CHECK_REPORT)
@require_POST
@of_a_begun_month
def kpi_check(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """Records that the person went over the month's draft as the page showed it."""
    district = district_choice(request, Action.CHECK_REPORT).district
    seen, note = request.POST.get("seen", ""), request.POST.get("note", "")
    try:
        check_report(district=district, month=month, seen=seen, note=note, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        say_done(request, _("The draft is checked. The head can issue it as long as the figures stay as they are."))
    return redirect(f"{reverse('reports:kpi_month', args=[month])}?district={district.code}")


@needs(Action.ISSUE_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_begun_month
def kpi_issue(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """Issues the month's report in two steps: the letter, then a last look at what will be frozen."""
    district = district_choice(request, Action.ISSUE_REPORT).district
    page = month_page(district, month, request.user)
    if page.report:
        return _led_to_the_issued(request, page)
    suggested = suggested_correction(district, page.from_before)
    initial = {"round_no": next_round(district), "corrects": suggested.report, "correction": suggested.words}
    form = IssueForm(district, request.POST or None, initial=initial)
    if request.method != "POST" or page.refusal or not _letter_fits(form, page):
        return _show(request, "reports/kpi_issue.html", page, form)
    if request.POST.get("seen") != page.seen:
        return _show(request, "reports/kpi_issue_check.html", page, form)
    return _issue(request, page, form)


def _letter_fits(form: IssueForm, page: MonthPage) -> bool:
    """Whether the form holds and issuing would refuse neither letter nor round; what it would is put on the form."""
    if form.is_valid():
        for refuse, arguments in (
            (refuse_letter, (page.month, form.cleaned_data["letter_no"], form.cleaned_data["letter_date"])),
            (refuse_round, (page.district, form.cleaned_data["round_no"])),
        ):
            try:
                refuse(*arguments)
            except ValidationError as refusal:
                form.add_refusal(refusal)
    return form.is_valid()


def _issue(request: OfficeRequest, page: MonthPage, form: IssueForm) -> HttpResponse:
    try:
        report = issue(district=page.district, month=page.month, by=request.user, **form.letter)
    except ValidationError as refusal:
        if refusal.code == "issued_already":
            return _led_to_the_issued(request, page)
        form.add_refusal(refusal)
        return _show(request, "reports/kpi_issue.html", page, form)
    said = _("Round %(round)s is issued. Its figures and its file stay as they are.")
    say_done(request, said % {"round": report.round_no})
    return redirect(page.url)


def _led_to_the_issued(request: OfficeRequest, page: MonthPage) -> HttpResponse:
    """A button pressed twice, or by two people: the report was issued once, and stands."""
    messages.warning(request, _("This report was issued already; nothing was issued again."))
    return redirect(page.url)


def _show(request: OfficeRequest, template: str, page: MonthPage, form: IssueForm) -> HttpResponse:
    moved = bool(request.POST.get("seen")) and template.endswith("_check.html")
    scene = {"page": page, "district": page.district, "form": form, "moved": moved}
    return render(request, template, scene, status=422 if form.errors else 200)
