"""The communities' lists: received, looked at, applied, their likely rows confirmed, their outcomes handed out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.exports import Table
from communities.ids import id_in
from communities.models import Community, District
from communities.notices import say_done
from communities.roles import Action, may
from communities.views_exports import asks_for_file, export_response

from .. import outcomes, tagging
from ..export_tables import columns_of_lists, columns_of_rows
from ..forms.rows import ListFilter, RowFilter
from ..list_notices import sentences
from ..models import HouseList, HouseRegistration
from ..open_work import TO_APPLY, TO_CONFIRM, TO_DECIDE, WAITING
from ..reading.header_words import HEADINGS
from ..row_lines import all_row_lines, row_lines
from ..row_reasons import Grade, Outcome, Reason
from ..tag_ledger import Tagged
from ..trust import precision_of
from ..workbook import column_letters
from .life import life_on_page

LISTS_A_PAGE = 50
LISTS_AT_ONCE = 500
ROWS_A_PAGE = 200
FIRST_ROWS = 5
PASSED_OVER = {
    "header": gettext_lazy("the header again"),
    "total": gettext_lazy("a total"),
    "signature": gettext_lazy("a signature"),
}


def reachable_lists(request: OfficeRequest) -> QuerySet[HouseList]:
    """The lists that the person may see, each with its community of today by code and name."""
    named = Prefetch("community", Community.objects.as_at(timezone.localdate()))
    lists = HouseList.objects.visible_to(request.user).select_related("district", "received_by")
    return lists.prefetch_related(named)


# --- all lists ---


@needs(Action.SEE_LISTS)
@require_safe
def lists(request: OfficeRequest) -> HttpResponseBase:
    """The lists of a district, the newest first, each with what became of its rows; as a file by ?format=."""
    choice = district_choice(request, Action.SEE_LISTS)
    chosen = ListFilter(request.GET, district=choice.district)
    found = reachable_lists(request).filter(district=choice.district).order_by("-id")
    if chosen.is_valid() and chosen.cleaned_data["community"]:
        found = found.filter(community=chosen.cleaned_data["community"])
    if asks_for_file(request):
        return export_response(request, _table_of_lists(choice.district, chosen, found))
    before = id_in(request.GET.get("before", ""))
    page = list((found if before is None else found.filter(pk__lt=before))[: LISTS_A_PAGE + 1])
    counts = _counts_of_lists(page[:LISTS_A_PAGE])
    context = {
        "choice": choice,
        "filter": chosen,
        "filtered": bool(chosen.is_valid() and chosen.cleaned_data["community"]),
        "rows": [{"list": one, "counts": counts.get(one.pk, {})} for one in page[:LISTS_A_PAGE]],
        "older": _with(request, before=page[LISTS_A_PAGE - 1].pk) if len(page) > LISTS_A_PAGE else "",
        "newest": _with(request, before=None) if before else "",
        "may_receive": may(request.user, Action.RECEIVE_LIST, choice.district),
    }
    return render(request, "households/list_all.html", context)


def _table_of_lists(district: District, chosen: ListFilter, found: QuerySet[HouseList]) -> Table:
    community = chosen.cleaned_data.get("community") if chosen.is_valid() else None
    return Table(
        title=_("Lists from communities"),
        district=district,
        columns=columns_of_lists(),
        lines=_all_with_counts(found),
        conditions=[(_("Community"), _named(community))] if community else [],
    )


def _named(community: Community) -> str:
    return f"{community.label_code or ''} {community.name_th}".strip()


def _all_with_counts(found: QuerySet[HouseList]) -> Iterator[dict[str, Any]]:
    """Every list with the counts of its rows, some lists at once."""
    ids = list(found.values_list("pk", flat=True))
    for first in range(0, len(ids), LISTS_AT_ONCE):
        some = list(found.filter(pk__in=ids[first : first + LISTS_AT_ONCE]))
        counts = _counts_of_lists(some)
        yield from ({"list": one, "counts": counts.get(one.pk, {})} for one in some)


def _counts_of_lists(page: list[HouseList]) -> dict[int, dict[str, int]]:
    by_grade = {grade.value: Count("records", filter=Q(records__grade=grade)) for grade in Grade}
    waiting = Count("records", filter=Q(records__outcome__in=[Outcome.OPEN, Outcome.CLAIMED]))
    counted = HouseList.objects.filter(pk__in=[one.pk for one in page]).annotate(
        rows=Count("records"), waiting=waiting, **by_grade
    )
    return {row["pk"]: row for row in counted.order_by().values("pk", "rows", "waiting", *by_grade)}


def _with(request: OfficeRequest, **changes: object) -> str:
    """The page's own address with some parameters changed, or left out where None."""
    parameters = request.GET.dict() | {name: str(value) for name, value in changes.items() if value is not None}
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
    return f"?{urlencode(parameters)}"


# --- one list ---


@needs(Action.SEE_LISTS)
@require_safe
def house_list(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """One list: where it came from, what was recognised, how its rows match, and the one thing to do next.

    ?format= takes its rows out as a file, under the filters.
    """
    found = get_object_or_404(reachable_lists(request), pk=pk)
    request.opened_list_of = found.community
    counts = _counts(found)
    filters = RowFilter(request.GET, reasons=set(found.records.values_list("reason", flat=True).distinct().order_by()))
    chosen = filters.chosen()
    if asks_for_file(request):
        return export_response(request, _table_of_rows(request, found, filters))
    may_tag = may(request.user, Action.TAG, found.district)
    context = {
        "list": found,
        "counts": counts,
        "outcomes": [{"name": outcome.value, "rows": counts[outcome.value]} for outcome in Outcome],
        "is_new": not (counts["tagged"] or counts["unchanged"] or counts["closed"]),
        "recognised": _recognised(found),
        "passed_over": [row | {"why": PASSED_OVER.get(row["why"], row["why"])} for row in found.passed_over],
        "notices": sentences(found),
        "first_rows": _first_rows(found),
        "filter": filters,
        "chosen": _removable(request, filters, chosen),
        "may_tag": may_tag,
        "sees_houses": may(request.user, Action.SEE_HOUSES, found.district),
        "precision": precision_of(found.district),
        **life_on_page(request, found),
        "to_tag": _to_tag(found) if may_tag and counts["to_apply"] else None,
        **_page_of_rows(request, found, chosen),
    }
    return render(request, "households/list.html", context)


def _table_of_rows(request: OfficeRequest, house_list: HouseList, filters: RowFilter) -> Table:
    rows = house_list.records.filter(**filters.chosen())
    community = house_list.community
    return Table(
        title=_("Rows of the list of %(community)s") % {"community": _named(community)},
        district=house_list.district,
        columns=columns_of_rows(sees_houses=may(request.user, Action.SEE_HOUSES, house_list.district)),
        lines=all_row_lines(rows),
        conditions=[(_("List"), str(house_list)), *filters.in_words()],
        houses=rows.count(),
        community=community,
    )


def _counts(house_list: HouseList) -> dict[str, int]:
    """The list's rows by grade, by outcome and by what they wait for; grades and outcomes each add up to the rows."""
    numbers = {"rows": Count("pk")}
    numbers |= {grade.value: Count("pk", filter=Q(grade=grade)) for grade in Grade}
    numbers |= {outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in Outcome}
    numbers |= {
        name: Count("pk", filter=rows)
        for name, rows in {
            "waiting": WAITING,
            "to_apply": TO_APPLY,
            "to_confirm": TO_CONFIRM,
            "to_decide": TO_DECIDE,
        }.items()
    }
    return house_list.records.aggregate(**numbers)


def _to_tag(house_list: HouseList) -> dict[str, int]:
    """What tagging the exact rows would do now: houses tagged, rows unchanged, rows that would become claims."""
    community = Q(matches__house__community=house_list.community_id)
    fresh = Q(matches__house__community=None, matches__house__state=HouseRegistration.State.LIVE)
    rows = house_list.records.filter(TO_APPLY, matches__rank=1)
    return rows.aggregate(
        houses=Count("pk", filter=fresh & ~Q(reason=Reason.REPEATED)),
        unchanged=Count("pk", filter=community | Q(reason=Reason.REPEATED)),
        claims=Count("pk", filter=~community & ~Q(matches__house__community=None) & ~Q(reason=Reason.REPEATED)),
    )


def _recognised(house_list: HouseList) -> list[dict[str, str]]:
    """The columns taken from the sheet, in the sheet's order: its letter and what it was taken for."""
    by_place = sorted(house_list.columns.items(), key=lambda column: column[1])
    return [{"letter": column_letters(index), "means": HEADINGS[name][0]} for name, index in by_place]


def _first_rows(house_list: HouseList) -> dict[str, object]:
    """The first rows cell by cell as typed, below what their columns were taken for, or their letters."""
    records = list(house_list.records.order_by("row")[:FIRST_ROWS])
    width = max((len(record.cells) for record in records), default=0)
    meant = {index: HEADINGS[name][0] for name, index in house_list.columns.items()}
    columns = [{"letter": column_letters(index), "means": meant.get(index, "")} for index in range(width)]
    return {
        "columns": columns,
        "rows": [{"row": record.row, "cells": _cells_below(columns, record.cells)} for record in records],
    }


def _cells_below(columns: list[dict[str, str]], cells: list[object]) -> list[dict[str, object]]:
    return [
        {"means": column["means"] or column["letter"], "text": "" if cell is None else cell}
        for column, cell in itertools.zip_longest(columns, cells)
    ]


def _removable(request: OfficeRequest, filters: RowFilter, chosen: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": f"{label}: {value}", "url": _with(request, **{name: None, "after": None, "before": None})}
        for name, (label, value) in zip(chosen, filters.in_words(), strict=True)
    ]


def _page_of_rows(request: OfficeRequest, house_list: HouseList, chosen: dict[str, str]) -> dict[str, object]:
    """The lines of ?after=row or ?before=row under the filters, and the addresses of the pages beside them."""
    rows = house_list.records.filter(**chosen)
    # Whole rows: the parts of one that names several houses stay on one page.
    numbers = rows.order_by("row").values_list("row", flat=True).distinct()
    after, before = (id_in(request.GET.get(end, "")) for end in ("after", "before"))
    if before is not None:
        numbers = numbers.filter(row__lt=before).order_by("-row")
    elif after is not None:
        numbers = numbers.filter(row__gt=after)
    lines = row_lines(rows.filter(row__in=list(numbers[:ROWS_A_PAGE])).order_by("row", "part"))
    if not lines:
        return {"lines": [], "previous": "", "following": ""}
    first, last = lines[0].record.row, lines[-1].record.row
    beside = house_list.records.filter(**chosen).aggregate(
        above=Count("pk", filter=Q(row__lt=first)), below=Count("pk", filter=Q(row__gt=last))
    )
    return {
        "lines": lines,
        "previous": _with(request, before=first, after=None) if beside["above"] else "",
        "following": _with(request, after=last, before=None) if beside["below"] else "",
        "place": (beside["above"] + 1, beside["above"] + len(lines), beside["above"] + len(lines) + beside["below"]),
    }


@needs(Action.TAG)
@require_POST
def list_apply(request: OfficeRequest, pk: int) -> HttpResponse:
    """Tags the houses of the list's exact rows."""
    found = get_object_or_404(reachable_lists(request), pk=pk)
    require(request.user, Action.TAG, found.district)
    try:
        tagged = tagging.tag_matching(found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        _say_tagged(request, found, tagged)
    return redirect("households:list", found.pk)


def _say_tagged(request: OfficeRequest, house_list: HouseList, tagged: Tagged) -> None:
    sentences = [tagged_sentence(house_list, tagged.houses)]
    exact = house_list.records.filter(grade=Grade.EXACT).aggregate(
        unchanged=Count("pk", filter=Q(outcome=Outcome.UNCHANGED)),
        claimed=Count("pk", filter=Q(outcome=Outcome.CLAIMED)),
    )
    if exact["unchanged"]:
        sentences.append(
            ngettext(
                "%(rows)s row names a house tagged before.",
                "%(rows)s rows name houses tagged before.",
                exact["unchanged"],
            )
            % {"rows": exact["unchanged"]}
        )
    if exact["claimed"]:
        sentences.append(
            ngettext(
                "%(rows)s row names a house of another community: decide it by itself.",
                "%(rows)s rows name houses of another community: decide them one by one.",
                exact["claimed"],
            )
            % {"rows": exact["claimed"]}
        )
    say_done(request, " ".join(sentences), undo_at=undo_address(tagged))


def tagged_sentence(house_list: HouseList, houses: int) -> str:
    """What tagging did, in one sentence."""
    if not houses:
        return _("No house was tagged.")
    return ngettext(
        "%(houses)s house was tagged with %(code)s %(community)s.",
        "%(houses)s houses were tagged with %(code)s %(community)s.",
        houses,
    ) % {"houses": f"{houses:,}", "code": house_list.community.label_code, "community": house_list.community}


def undo_address(tagged: Tagged) -> str:
    """Where the batch can be undone; "" where there is none."""
    return reverse("households:batch_undo", args=[tagged.batch.pk]) if tagged.batch else ""


# --- the outcomes file ---


@needs(Action.SEE_LISTS)
@require_safe
def list_outcomes(request: OfficeRequest, pk: int) -> HttpResponse:
    """The outcome of every row as CSV; house codes only for people who may see houses."""
    found = get_object_or_404(reachable_lists(request), pk=pk)
    name = f"outcomes-{found.community.label_code or found.community_id}-{found.pk}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    if may(request.user, Action.SEE_HOUSES, found.district):
        outcomes.write_outcomes(found, answer)
    else:
        _write_without_house_codes(found, answer)
    return answer


def _write_without_house_codes(house_list: HouseList, answer: HttpResponse) -> None:
    lines = outcomes.outcome_lines(house_list)
    outcomes.write_lines((line | {"house_code": "", "candidates": ""} for line in lines), answer)
