"""The likely rows of a list in the browser: one soi at a time, one key confirms those that stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from communities.access import needs, require
from communities.ids import id_in
from communities.notices import say_done
from communities.roles import Action

from .. import row_decisions
from ..likely_rows import likely_page, moved_since, row_after_these
from ..models import HouseList, TaggingBatch
from ..open_work import TO_CONFIRM
from ..tag_ledger import Tagged
from ..undoing import undo_batch
from .bench import REFUSED, BenchRequest
from .lists import reachable_lists, tagged_sentence, undo_address

UNTICKED = "unticked"
_PAIR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@needs(Action.TAG)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def list_likely(request: BenchRequest, pk: int) -> HttpResponse:
    """The likely rows of one soi beside the register, ticked because they are shown; the ticked ones are tagged."""
    found = get_object_or_404(reachable_lists(request), pk=pk)
    require(request.user, Action.TAG, found.district)
    if "undo" in request.POST:
        return _taken_back(request, found)
    if request.method == "POST":
        return _confirmed(request, found)
    first_row = id_in(request.GET.get("from", ""))
    return _show(request, found, first_row, {"unticked": _unticked_before(request)})


def _confirmed(request: BenchRequest, house_list: HouseList) -> HttpResponse:
    chosen, shown = _chosen(request.POST), _shown(request.POST)
    following = row_after_these(house_list, shown or chosen)
    try:
        tagged = _confirm(request, house_list, chosen)
    except ValidationError as refusal:
        facts = {"unticked": set(shown) - set(chosen), "moved": moved_since(house_list, chosen)}
        return _show(request, house_list, next(iter(shown), None), facts | {"refusal": " ".join(refusal.messages)})
    unticked = _remember_unticked(request, shown, chosen)
    sentence = tagged_sentence(house_list, tagged.houses)
    nothing_left = not house_list.records.filter(TO_CONFIRM).exists()
    if request.htmx and not nothing_left:
        done = {"sentence": sentence, "undo": tagged.batch.pk if tagged.batch else None}
        return _show(request, house_list, following, {"unticked": unticked, "done": done})
    say_done(request, sentence, undo_at=undo_address(tagged))
    page = reverse("households:list" if nothing_left else "households:list_likely", args=[house_list.pk])
    goal = page if nothing_left or following is None else f"{page}?from={following}"
    return HttpResponseClientRedirect(goal) if request.htmx else redirect(goal)


def _chosen(form: QueryDict) -> dict[int, int]:
    """The rows ticked: row id → id of the house that was shown beside it."""
    return dict(_pairs(form.getlist("row")))


def _shown(form: QueryDict) -> list[int]:
    """The ids of all rows that the page showed, ticked or not."""
    return [row for row, _house in _pairs(form.getlist("shown"))]


def _pairs(texts: Iterable[str]) -> Iterator[tuple[int, int]]:
    for text in texts:
        if found := _PAIR.fullmatch(text):
            yield int(found[1]), int(found[2])


def _confirm(request: BenchRequest, house_list: HouseList, chosen: dict[int, int]) -> Tagged:
    if not chosen:
        raise ValidationError(_("Tick the rows that are right."), code="nothing_ticked")
    return row_decisions.confirm_likely(house_list, chosen=chosen, by=request.user)


def _taken_back(request: BenchRequest, house_list: HouseList) -> HttpResponse:
    """Undoes what was just confirmed and shows its rows again."""
    batches = TaggingBatch.objects.visible_to(request.user).filter(house_list=house_list)
    batch = get_object_or_404(batches, pk=id_in(request.POST["undo"]))
    facts: dict[str, Any] = {"unticked": _unticked_before(request)}
    try:
        undone = undo_batch(batch, by=request.user)
    except ValidationError as refusal:
        return _show(request, house_list, None, facts | {"refusal": " ".join(refusal.messages)})
    sentence = ngettext(
        "The batch was undone: %(houses)s house is as before.",
        "The batch was undone: %(houses)s houses are as before.",
        undone.houses,
    ) % {"houses": f"{undone.houses:,}"}
    first_row = batch.decisions.order_by("pk").values_list("record", flat=True).first()
    return _show(request, house_list, first_row, facts | {"done": {"sentence": sentence, "undo": None}})


def _unticked_before(request: BenchRequest) -> set[int]:
    """The rows that the person left unticked in this session: they are not ticked again."""
    return set(request.session.get(UNTICKED, []))


def _remember_unticked(request: BenchRequest, shown: list[int], chosen: dict[int, int]) -> set[int]:
    unticked = _unticked_before(request) | (set(shown) - set(chosen))
    request.session[UNTICKED] = sorted(unticked)
    return unticked


def _show(request: BenchRequest, house_list: HouseList, first_row: int | None, facts: dict[str, Any]) -> HttpResponse:
    context = facts | {
        "list": house_list,
        "likely": likely_page(house_list, first_row=first_row, unticked=facts["unticked"]),
    }
    page = "households/_likely.html" if request.htmx else "households/list_likely.html"
    return render(request, page, context, status=REFUSED if "refusal" in facts else 200)
