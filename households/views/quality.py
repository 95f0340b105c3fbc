"""The quality of the lists that came: per sender and per community, and the rows and lists behind each number."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.exports import ROWS_AT_ONCE, Table
from communities.ids import id_in
from communities.models import Community, District
from communities.roles import Action, may
from communities.views_exports import asks_for_file, export_response

from ..export_tables import columns_of_lists_behind, columns_of_quality, columns_of_rows_behind
from ..models import HouseList, HouseNumberRecord, ListStep, Sender
from ..quality import (
    BY,
    ListQuality,
    days_until_corrected,
    lists_in_force,
    lists_sent_back,
    quality_by,
    rows_in_force,
    total_of,
)
from ..row_reasons import Grade, Reason

ROWS_A_PAGE = 200
UNNAMED = "none"

# What the table can be sorted by, and which end stands first.
SORTS: dict[str, tuple[Callable[[ListQuality], Any], bool]] = {
    "rows": (lambda one: one.rows, True),
    "exact": (lambda one: one.exact_share, False),
    "likely": (lambda one: one.likely / (one.rows or 1), True),
    "several": (lambda one: one.several / (one.rows or 1), True),
    "none": (lambda one: one.none / (one.rows or 1), True),
    "sent_back": (lambda one: one.sent_back, True),
    "days": (lambda one: -1 if one.days_to_return is None else one.days_to_return, True),
}
HEADINGS = {
    "rows": gettext_lazy("Rows"),
    "exact": gettext_lazy("exact"),
    "likely": gettext_lazy("likely"),
    "several": gettext_lazy("several"),
    "none": gettext_lazy("none"),
    "sent_back": gettext_lazy("Sent back"),
    "days": gettext_lazy("Days to return"),
}


@dataclasses.dataclass(frozen=True)
class Line:
    """An entry of the table with its name, and the condition by which its rows and lists are found."""

    name: str
    of: str
    quality: ListQuality


@needs(Action.SEE_LISTS)
@require_safe
def quality(request: OfficeRequest) -> HttpResponseBase:
    """The lists by sender or by community (?by=), the worst first or by ?sort=; as a file by ?format=."""
    choice = district_choice(request, Action.SEE_LISTS)
    by = _chosen(request, "by", BY, "community")
    sort = _chosen(request, "sort", SORTS, "exact")
    entries = quality_by(by, choice.district)
    key, largest_first = SORTS[sort]
    names = _names(by, choice.district)
    lines = [Line(names.get(one.group, _("sender not named")), _of(by, one, choice.district), one) for one in entries]
    lines.sort(key=lambda line: (key(line.quality), -line.quality.rows), reverse=largest_first)
    if asks_for_file(request):
        title = _("Quality of the lists that came")
        return export_response(request, Table(title, choice.district, columns_of_quality(by), lines))
    context = {
        "choice": choice,
        "district": choice.district,
        "by": by,
        "sort": sort,
        "columns": [{"name": name, "label": label} for name, label in HEADINGS.items()],
        "lines": lines,
        "totals": total_of(entries),
        "sees_houses": may(request.user, Action.SEE_HOUSES, choice.district),
    }
    return render(request, "households/quality.html", context)


def _chosen(request: OfficeRequest, name: str, among: Container[str], otherwise: str) -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in among else otherwise


def _names(by: str, district: District) -> dict[int | None, str]:
    if by == "sender":
        return {sender.pk: sender.name for sender in Sender.objects.filter(district=district)}
    return {
        pk: " ".join(filter(None, [community.label_code, community.name_th]))
        for pk, community in communities_of(district).items()
    }


def _of(by: str, one: ListQuality, district: District) -> str:
    """The address's part that leads to the rows and lists of one entry."""
    return urlencode({"district": district.code, by: one.group or UNNAMED})


# --- the rows and lists behind the numbers ---


@needs(Action.SEE_LISTS)
@require_safe
def quality_rows(request: OfficeRequest) -> HttpResponseBase:
    """The rows behind a number: of a sender or community, of a grade or reason, a page of them; all by ?format=."""
    choice = district_choice(request, Action.SEE_LISTS)
    conditions = _conditions(request, choice.district)
    found = rows_in_force(choice.district).filter(
        **{f"house_list__{column}": value for column, value in conditions.of_lists.items()}, **conditions.of_rows
    )
    after = id_in(request.GET.get("after", ""))
    named = Prefetch("house_list__community", Community.objects.as_at(timezone.localdate()))
    page: QuerySet[HouseNumberRecord] = found.order_by("pk").select_related("house_list").prefetch_related(named)
    if asks_for_file(request):
        return export_response(request, _table_of_rows(choice.district, conditions, page))
    rows = list((page if after is None else page.filter(pk__gt=after))[: ROWS_A_PAGE + 1])
    context = {
        "choice": choice,
        "district": choice.district,
        "conditions": conditions.in_words,
        "total": found.count(),
        "rows": rows[:ROWS_A_PAGE],
        "following": _with(request, after=rows[ROWS_A_PAGE - 1].pk) if len(rows) > ROWS_A_PAGE else "",
        "first": "" if after is None else _with(request),
    }
    return render(request, "households/quality_rows.html", context)


@needs(Action.SEE_LISTS)
@require_safe
def quality_lists(request: OfficeRequest) -> HttpResponseBase:
    """The lists behind a number: those in force, or (?sent_back=1) those returned; as a file by ?format=."""
    choice = district_choice(request, Action.SEE_LISTS)
    conditions = _conditions(request, choice.district)
    only_sent_back = bool(request.GET.get("sent_back"))
    lists = (lists_sent_back if only_sent_back else lists_in_force)(choice.district)
    named = Prefetch("community", Community.objects.as_at(timezone.localdate()))
    found = lists.filter(**conditions.of_lists).order_by("-id").select_related("sender", "corrected_by")
    lines = _with_steps(list(found.prefetch_related(named)))
    if asks_for_file(request):
        title = _("Lists sent back") if only_sent_back else _("Lists in force")
        words = conditions.as_pairs
        return export_response(request, Table(title, choice.district, columns_of_lists_behind(), lines, words))
    context = {
        "choice": choice,
        "district": choice.district,
        "conditions": conditions.in_words,
        "only_sent_back": only_sent_back,
        "lists": lines,
    }
    return render(request, "households/quality_lists.html", context)


def _table_of_rows(district: District, conditions: _Conditions, rows: QuerySet[HouseNumberRecord]) -> Table:
    return Table(
        title=_("Rows of lists"),
        district=district,
        columns=columns_of_rows_behind(),
        lines=rows.iterator(chunk_size=ROWS_AT_ONCE),
        conditions=conditions.as_pairs,
        houses=rows.count(),
    )


def _with_steps(lists: list[HouseList]) -> list[dict[str, Any]]:
    """Each list with the day it was first sent back, and the list that came instead and after how many days."""
    steps = ListStep.objects.filter(house_list__in=lists, kind=ListStep.Kind.SENT_BACK).order_by("-id")
    sent_back = dict(steps.values_list("house_list", "happened_on"))
    lines = []
    for one in lists:
        corrected, sent_on = getattr(one, "corrected_by", None), sent_back.get(one.pk)
        days = days_until_corrected(sent_on, corrected.received_on) if corrected and sent_on else None
        lines.append({"list": one, "sent_back_on": sent_on, "corrected": corrected, "days": days})
    return lines


@dataclasses.dataclass(frozen=True)
class _Conditions:
    """What the address asks for, by the columns of lists and of rows, and in words."""

    of_lists: Mapping[str, int | None]
    of_rows: Mapping[str, str]
    in_words: tuple[str, ...]

    @property
    def as_pairs(self) -> list[tuple[str, str]]:
        """The same as a table's conditions."""
        return [(_("only"), words) for words in self.in_words]


def _conditions(request: OfficeRequest, district: District) -> _Conditions:
    """Raises Http404 for a sender, community, grade or reason that is not there."""
    of_lists: dict[str, int | None] = {}
    of_rows: dict[str, str] = {}
    words: list[str] = []
    for by in BY:
        if wanted := request.GET.get(by):
            pk = _group(by, wanted)
            of_lists[by] = pk
            words.append(_("sender not named") if pk is None else _name_of(by, pk, district))
    for column, choices in (("grade", Grade), ("reason", Reason)):
        if wanted := request.GET.get(column):
            if wanted not in choices.values:
                raise Http404
            of_rows[column] = wanted
            words.append(str(choices(wanted).label))
    return _Conditions(of_lists, of_rows, tuple(words))


def _group(by: str, wanted: str) -> int | None:
    if by == "sender" and wanted == UNNAMED:
        return None
    if (pk := id_in(wanted)) is None:
        raise Http404
    return pk


def _name_of(by: str, pk: int, district: District) -> str:
    name = _names(by, district).get(pk)
    if name is None:
        raise Http404
    return name


def _with(request: OfficeRequest, **page: int) -> str:
    """The page's own conditions with another place to begin at."""
    kept = {name: value for name, value in request.GET.items() if name != "after" and isinstance(value, str)}
    return f"?{urlencode(kept)}&{urlencode(page)}" if page else f"?{urlencode(kept)}"
