"""The pages of the Daily Plan: the clock of the 25th, a month's entry to copy, and writing it."""

from __future__ import annotations

import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import district_choice
from communities.forms import BuddhistDateField
from communities.ids import id_in
from communities.models import District
from communities.notices import say_done
from communities.roles import Action, may
from communities.thai_calendar import add_months, fiscal_year, month_name, month_start

from .daily_plan import approve_entry, newest_entry, percent_of, submit_entry, suggest, write_entry
from .daily_plan_clock import clock_of, clocks_of
from .views import of_a_begun_month

LONGEST_TEXT = 3000
WHERE_A_REFUSAL_BELONGS = {
    "result_missing": "result",
    "reporter_missing": "reporter",
    "future_date": "reported_on",
    "month_not_begun": "reported_on",
}


def _lines(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class EntryForm(forms.Form):
    """What a person writes in a month's entry; the figures are filled in."""

    result = forms.CharField(label=gettext_lazy("Result of the work"), max_length=LONGEST_TEXT, widget=_lines(5))
    obstacles = forms.CharField(
        label=gettext_lazy("Problems and obstacles"), max_length=LONGEST_TEXT, widget=_lines(3), required=False
    )
    remedies = forms.CharField(
        label=gettext_lazy("How they are met"), max_length=LONGEST_TEXT, widget=_lines(3), required=False
    )
    reporter = forms.CharField(label=gettext_lazy("Reporter of the entry"), max_length=150)
    reported_on = BuddhistDateField(label=gettext_lazy("Date of the report"))
    reference = forms.CharField(label=gettext_lazy("Letter referred to"), max_length=200, required=False)


class SubmissionForm(forms.Form):
    """The day on which the entry was keyed into the city's screen."""

    submitted_on = BuddhistDateField(label=gettext_lazy("Keyed in on"))


@needs(Action.SEE_FIGURES)
@require_safe
def daily_plan(request: OfficeRequest) -> HttpResponse:
    """The clock of the 25th of the present month, and the months before it."""
    choice = district_choice(request, Action.SEE_FIGURES)
    clocks = clocks_of(choice.district, timezone.localdate())
    scene = {
        "choice": choice,
        "district": choice.district,
        "clock": clocks[0],
        "clocks": clocks[1:],
        "may_write": may(request.user, Action.WRITE_DAILY_PLAN, choice.district),
    }
    return render(request, "reports/daily_plan.html", scene)


@needs(Action.SEE_FIGURES)
@require_safe
@of_a_begun_month
def daily_plan_month(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """A month's entry in the order of the city's screen, each field to copy, and its one next step."""
    district = district_choice(request, Action.SEE_FIGURES).district
    return render(request, "reports/daily_plan_month.html", _scene(request, district, month))


def _scene(request: OfficeRequest, district: District, month: datetime.date) -> dict[str, object]:
    today = timezone.localdate()
    clock = clock_of(district, month, today)
    before = newest_entry(district, add_months(month_start(month), -1))
    following = add_months(month, 1)
    return {
        "district": district,
        "month": month_start(month),
        "clock": clock,
        "entry": clock.entry,
        "percent": percent_of(clock.entry) if clock.entry else None,
        "fiscal_year": fiscal_year(month),
        "since_last": clock.entry.cumulative - before.cumulative if clock.entry and before else None,
        "before": before,
        "previous": add_months(month, -1),
        "next": following if following <= today else None,
        "submission": SubmissionForm(initial={"submitted_on": today}),
        "may_write": may(request.user, Action.WRITE_DAILY_PLAN, district),
        "may_approve": may(request.user, Action.APPROVE_DAILY_PLAN, district),
        "sees_houses": may(request.user, Action.SEE_HOUSES, district),
    }


@needs(Action.WRITE_DAILY_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_begun_month
def daily_plan_write(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """Writes a month's entry: filled with what stands, else with what the figures suggest."""
    district = district_choice(request, Action.WRITE_DAILY_PLAN).district
    standing = newest_entry(district, month)
    if standing and standing.state == standing.State.SUBMITTED:
        messages.warning(request, _("This entry was keyed in already; it stays as it is."))
        return redirect(_address(district, month))
    suggestion = suggest(district, month)
    today = timezone.localdate()
    source = standing or suggestion
    form = EntryForm(
        request.POST or None,
        initial={
            "result": source.result,
            "obstacles": source.obstacles,
            "remedies": source.remedies,
            "reporter": standing.reporter if standing else str(request.user),
            "reported_on": today,
            "reference": standing.reference if standing else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            write_entry(
                district=district,
                month=month,
                seen=id_in(request.POST.get("seen", "")),
                by=request.user,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            form.add_error(WHERE_A_REFUSAL_BELONGS.get(refusal.code or ""), refusal)
        else:
            say_done(request, _("The entry of %(month)s is written.") % {"month": month_name(month)})
            return redirect(_address(district, month))
    scene = {
        "district": district,
        "month": month_start(month),
        "form": form,
        "suggestion": suggestion,
        "percent": percent_of(suggestion.figures),
        "standing": standing,
    }
    return render(request, "reports/daily_plan_write.html", scene, status=422 if form.errors else 200)


@needs(Action.APPROVE_DAILY_PLAN)
@require_POST
@of_a_begun_month
def daily_plan_approve(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """Approves the draft that was seen."""
    district = district_choice(request, Action.APPROVE_DAILY_PLAN).district
    try:
        approve_entry(district=district, month=month, seen=id_in(request.POST.get("seen", "")) or 0, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        say_done(request, _("The entry is approved. It can be copied and keyed in."))
    return redirect(_address(district, month))


@needs(Action.WRITE_DAILY_PLAN)
@require_POST
@of_a_begun_month
def daily_plan_submit(request: OfficeRequest, month: datetime.date) -> HttpResponse:
    """Records that the entry was keyed in."""
    district = district_choice(request, Action.WRITE_DAILY_PLAN).district
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors.as_data()["submitted_on"][0].messages[0])
        return redirect(_address(district, month))
    seen = id_in(request.POST.get("seen", "")) or 0
    try:
        submit_entry(district=district, month=month, seen=seen, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        say_done(request, _("It is recorded that the entry was keyed in."))
    return redirect(_address(district, month))


def _address(district: District, month: datetime.date) -> str:
    return f"{reverse('reports:daily_plan_month', args=[month_start(month)])}?district={district.code}"
