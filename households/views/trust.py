"""Accuracy: what samples checked by hand prove about the machine's tags, and the checking, one row at a time."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.models import District
from communities.roles import Action, may

from .. import trust as trust_figures
from ..certainty_picture import beginning, picture_of
from ..forms.rows import FindingForm, SampleForm
from ..models import Sample, SampledRow
from ..row_lines import compared, houses_with_communities
from ..rows_around import neighbours_of
from ..trust import draw_sample, precision_by_month, record_finding, row_to_check, unfinished_sample, wrong_tags

MOST_WRONG = 50


@needs(Action.SEE_HOUSES)
@require_safe
def trust(request: OfficeRequest) -> HttpResponse:
    """The figures of all samples, what was found to be wrong on top, and the way to the next check."""
    return _show(request, district_choice(request, Action.SEE_HOUSES), SampleForm())


def _show(request: OfficeRequest, choice: DistrictChoice, form: SampleForm, status: int = 200) -> HttpResponse:
    district = choice.district
    by_month = precision_by_month(district)
    precision = sum(by_month.values(), trust_figures.NOTHING_CHECKED)
    sample = unfinished_sample(district)
    context = {
        "choice": choice,
        "district": district,
        "precision": precision,
        "picture": picture_of(precision.proof, begins_at=beginning(precision.proof)),
        "months": _months(by_month),
        "wrong": _wrong(district),
        "sample": sample,
        "progress": _progress(sample) if sample else None,
        "next": row_to_check(sample) if sample else None,
        "may_check": may(request.user, Action.TAG, district),
        "can_draw": sample is None and trust_figures.can_draw(district),
        "form": form,
    }
    return render(request, "households/trust.html", context, status=status)


def _months(by_month: Mapping[datetime.date, trust_figures.Precision]) -> list[dict[str, object]]:
    """The months with their pictures on one common line."""
    begins_at = min((beginning(found.proof) for found in by_month.values()), default=0.0)
    return [
        {"month": month, "precision": found, "picture": picture_of(found.proof, begins_at=begins_at)}
        for month, found in by_month.items()
    ]


def _wrong(district: District) -> list[dict[str, object]]:
    communities = communities_of(district)
    found = wrong_tags(district).select_related("house", "record__house_list", "checked_by")[:MOST_WRONG]
    return [
        {
            "row": row,
            "community": communities[row.record.house_list.community_id],
            "stands": row.house.community_id == row.record.house_list.community_id,
        }
        for row in found
    ]


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far the checking of a sample is, in rows."""

    checked: int
    rows: int

    @property
    def left(self) -> int:
        return self.rows - self.checked


def _progress(sample: Sample) -> Progress:
    findings = list(sample.rows.values_list("finding", flat=True))
    return Progress(checked=sum(finding != "" for finding in findings), rows=len(findings))


@needs(Action.TAG)
@require_POST
def trust_draw(request: OfficeRequest) -> HttpResponse:
    """Draws a sample and leads to its first row."""
    choice = district_choice(request, Action.TAG)
    form = SampleForm(request.POST)
    if not form.is_valid():
        return _show(request, choice, form, status=422)
    try:
        sample = draw_sample(district=choice.district, size=form.cleaned_data["size"], by=request.user)
    except ValidationError as refusal:
        form.add_error("size", refusal)
        return _show(request, choice, form, status=409)
    return redirect("households:trust_row", sample.rows.get(place=1).pk)


@needs(Action.SEE_HOUSES)
@require_http_methods(["GET", "HEAD", "POST"])
def trust_row(request: OfficeRequest, pk: int) -> HttpResponse:
    """One row of a sample beside the house that the machine tagged for it; a POST keeps what was found."""
    row = get_object_or_404(_reachable(request), pk=pk)
    district = row.sample.district
    if request.method != "POST":
        return _show_row(request, row, FindingForm(initial={"note": row.note}))
    require(request.user, Action.TAG, district)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _show_row(request, row, form, status=422)
    record_finding(row, finding=form.cleaned_data["finding"], by=request.user, note=form.cleaned_data["note"])
    following = row_to_check(row.sample)
    if following:
        return redirect("households:trust_row", following.pk)
    return redirect(f"{reverse('households:trust')}?{urlencode({'district': district.code})}")


def _reachable(request: OfficeRequest) -> QuerySet[SampledRow]:
    samples = Sample.objects.visible_to(request.user)
    return SampledRow.objects.filter(sample__in=samples).select_related("sample__district", "record__house_list")


def _show_row(request: OfficeRequest, row: SampledRow, form: FindingForm, status: int = 200) -> HttpResponse:
    record = row.record
    house = houses_with_communities().get(pk=row.house_id)
    match = record.matches.filter(house=house).first()
    context = {
        "row": row,
        "record": record,
        "list": record.house_list,
        "community": communities_of(row.sample.district)[record.house_list.community_id],
        "around": neighbours_of(record),
        "suggestion": compared(record, house, differs=match.differs if match else ()),
        "previous": row.sample.rows.filter(place__lt=row.place).last(),
        "following": row.sample.rows.filter(place__gt=row.place).first() if row.finding else None,
        "progress": _progress(row.sample),
        "may_check": may(request.user, Action.TAG, row.sample.district),
        "findings": [
            {"key": key, "value": value, "label": label, "current": value == row.finding}
            for key, (value, label) in enumerate(SampledRow.Finding.choices, start=1)
        ],
        "form": form,
    }
    return render(request, "households/trust_row.html", context, status=status)
