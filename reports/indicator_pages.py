"""The pages of the indicators: all of them as at a day, one by community with its rows, and their targets."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.exports import Table
from communities.forms import BuddhistDateField
from communities.ids import id_in
from communities.models import Community, District
from communities.notices import say_done
from communities.roles import Action, may
from communities.thai_calendar import fiscal_quarter, fiscal_year, month_start, short_date
from communities.views_exports import asks_for_file, asks_for_table, export_response
from households.dates import refuse_future

from .export_tables import columns_by_community, columns_of_facts, columns_of_indicators
from .indicator_list import BY_CODE, KPIS, Fact, Kpi, Reading, facts_behind, reached, readings_of
from .targets import QUARTERS, Targets, set_targets, targets_of

FACTS_A_PAGE = 400


@needs(Action.SEE_FIGURES)
@require_safe
def indicators(request: OfficeRequest) -> HttpResponseBase:
    """All indicators of the district as at ?as_at=, each beside the target of its quarter; as a file by ?format=."""
    choice = district_choice(request, Action.SEE_FIGURES)
    day = _day_asked(request)
    targets = targets_of(choice.district, fiscal_year(day))
    quarter = fiscal_quarter(day)
    lines = [
        {
            "kpi": one.kpi,
            "reading": one.total,
            "target": (target := targets.get((one.kpi.code, quarter))),
            "reached": reached(one.kpi, one.total, target),
            "address": _address(one.kpi, choice.district, day),
        }
        for one in readings_of(choice.district, day)
    ]
    if asks_for_file(request):
        words = [_as_at(day), (_("Quarter"), f"{quarter}/{fiscal_year(day)}")]
        return export_response(request, Table(_("Indicators"), choice.district, columns_of_indicators(), lines, words))
    scene = {
        "choice": choice,
        "district": choice.district,
        "day": day,
        "asked": short_date(day),
        "quarter": quarter,
        "fiscal_year": fiscal_year(day),
        "lines": lines,
        "month": month_start(day),
        "sees_houses": may(request.user, Action.SEE_HOUSES, choice.district),
        "may_set": may(request.user, Action.SET_TARGETS, choice.district),
    }
    return render(request, "reports/indicators.html", scene)


def _as_at(day: datetime.date) -> tuple[str, str]:
    return _("As at"), short_date(day)


def _day_asked(request: OfficeRequest) -> datetime.date:
    """The day of ?as_at=, today without one; a day that is none or lies ahead is told and today shown."""
    today = timezone.localdate()
    try:
        day = BuddhistDateField(required=False).clean(request.GET.get("as_at", "")) or today
        refuse_future(day)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return today
    return day


def _address(kpi: Kpi, district: District, day: datetime.date, community: int | None = None) -> str:
    """The page of the indicator as at the day."""
    asked = {"district": district.code, "as_at": f"{day:%Y-%m-%d}"} | ({"community": community} if community else {})
    return f"{reverse('reports:indicator', args=[kpi.code])}?{urlencode(asked)}"


@needs(Action.SEE_FIGURES)
@require_safe
def indicator(request: OfficeRequest, code: str) -> HttpResponseBase:
    """One indicator as at ?as_at=, community by community, and the rows behind it for whoever may see them.

    ?format= takes the communities out as a file, or (?table=rows) the rows.
    """
    kpi = BY_CODE.get(code)
    if kpi is None:
        raise Http404
    choice = district_choice(request, Action.SEE_FIGURES)
    district, day = choice.district, _day_asked(request)
    places = communities_of(district)
    [found] = readings_of(district, day, [kpi])
    chosen = places.get(id_in(request.GET.get("community", "")) or 0)
    sees_rows = may(request.user, Action.SEE_HOUSES, district)
    facts = facts_behind(kpi, district, day, chosen.pk if chosen else None) if sees_rows else []
    lines = [(place, found.by_community[pk], _rows_address(kpi, district, day, pk)) for pk, place in places.items()]
    if asks_for_table(request, "rows") and sees_rows:
        return export_response(request, _table_of_facts(kpi, district, day, facts, places, chosen))
    if asks_for_file(request):
        table = Table(str(kpi.name), district, columns_by_community(), lines, [_as_at(day)])
        return export_response(request, table)
    page = Paginator(facts, FACTS_A_PAGE).get_page(request.GET.get("page"))
    asked = {"district": district.code, "as_at": f"{day:%Y-%m-%d}"} | ({"community": chosen.pk} if chosen else {})
    scene = {
        "choice": choice,
        "district": district,
        "day": day,
        "asked": short_date(day),
        "kpi": kpi,
        "found": found,
        "chosen": chosen,
        "reading": found.by_community[chosen.pk] if chosen else found.total,
        "lines": lines,
        "all_rows": _rows_address(kpi, district, day) if _shows_all(kpi, found.total) else "",
        "sees_rows": sees_rows,
        "facts": [_line(fact, places) for fact in page],
        "page": page,
        "total": len(facts),
        "previous": f"?{urlencode(asked | {'page': page.number - 1})}" if page.has_previous() else "",
        "next": f"?{urlencode(asked | {'page': page.number + 1})}" if page.has_next() else "",
    }
    return render(request, "reports/indicator.html", scene)


def _table_of_facts(
    kpi: Kpi,
    district: District,
    day: datetime.date,
    facts: Sequence[Fact],
    places: dict[int, Community],
    chosen: Community | None,
) -> Table:
    of = [(_("Community"), f"{chosen.label_code or ''} {chosen.name_th}".strip())] if chosen else []
    return Table(
        title=_("Rows behind: %(indicator)s") % {"indicator": kpi.name},
        district=district,
        columns=columns_of_facts(places),
        lines=facts,
        conditions=[_as_at(day), *of],
        houses=len(facts),
        community=chosen,
    )


def _shows_all(kpi: Kpi, total: Reading) -> bool:
    """A share of the plan counts only communities with an expected number: no one page shows just their houses."""
    return not (kpi.houses and total.of is not None)


def _rows_address(kpi: Kpi, district: District, day: datetime.date, community: int | None = None) -> str:
    """Where the rows stand: houses on the page of the figure, all else on the indicator's own."""
    if kpi.houses is None:
        return f"{_address(kpi, district, day, community)}#rows"
    asked: dict[str, Any] = {"district": district.code, "figure": kpi.houses.value, "as_at": f"{day:%Y-%m-%d}"}
    return f"{reverse('reports:kpi_houses', args=[month_start(day)])}?" + urlencode(
        asked | ({"community": community} if community else {})
    )


def _line(fact: Fact, places: dict[int, Any]) -> dict[str, Any]:
    return {"fact": fact, "place": places.get(fact.community or 0)}


# --- targets ---


class TargetsForm(forms.Form):
    """A number for each indicator and quarter of a fiscal year; an empty one leaves what stands."""

    def __init__(self, *arguments: Any, standing: Targets, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for kpi in KPIS:
            for quarter in QUARTERS:
                self.fields[f"{kpi.code}-{quarter}"] = forms.DecimalField(
                    label=f"{kpi.name} {quarter}",
                    required=False,
                    min_value=0,
                    max_digits=10,
                    decimal_places=2,
                    initial=_plain(standing.get((kpi.code, quarter))),
                    widget=forms.NumberInput(attrs={"step": "any"}),
                )

    def wanted(self) -> Targets:
        """The numbers that were given, by indicator and quarter."""
        given = {
            (kpi.code, quarter): self.cleaned_data[f"{kpi.code}-{quarter}"] for kpi in KPIS for quarter in QUARTERS
        }
        return {place: target for place, target in given.items() if target is not None}

    def rows(self) -> list[tuple[Kpi, list[forms.BoundField]]]:
        """The fields as a table: a row an indicator, a column a quarter."""
        return [(kpi, [self[f"{kpi.code}-{quarter}"] for quarter in QUARTERS]) for kpi in KPIS]


def _plain(target: Decimal | None) -> Decimal | None:
    return None if target is None else target.quantize(Decimal(1)) if target == int(target) else target


@needs(Action.SET_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_targets(request: OfficeRequest) -> HttpResponse:
    """The targets of a fiscal year (?year=, Buddhist) by quarter: seen and set."""
    choice = district_choice(request, Action.SET_TARGETS)
    this_year = fiscal_year(timezone.localdate())
    year = id_in(request.GET.get("year", "")) or this_year
    if not 2500 <= year <= this_year + 5:
        raise Http404
    form = TargetsForm(request.POST or None, standing=targets_of(choice.district, year))
    if request.method == "POST" and form.is_valid():
        try:
            number = set_targets(district=choice.district, fiscal_year_be=year, wanted=form.wanted(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = ngettext("%(number)s target is set.", "%(number)s targets are set.", number) % {"number": number}
            say_done(request, said if number else _("Nothing was changed."))
            address = reverse("reports:indicator_targets")
            return redirect(f"{address}?{urlencode({'district': choice.district.code, 'year': year})}")
    scene = {
        "choice": choice,
        "district": choice.district,
        "year": year,
        "previous": year - 1,
        "next": year + 1 if year <= this_year else None,
        "form": form,
        "quarters": QUARTERS,
    }
    return render(request, "reports/indicator_targets.html", scene, status=422 if form.errors else 200)
