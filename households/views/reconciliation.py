"""Reconciling in the browser: the extracts with codes that came, and the four lists with their next steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.exports import ROWS_AT_ONCE, Table
from communities.ids import id_in
from communities.models import District
from communities.notices import say_done
from communities.roles import Action, may
from communities.views_exports import asks_for_file, export_response

from ..central_acts import number_to_carry_out
from ..house_sheet import columns_compared
from ..lanes import page_of
from ..models import HouseRegistration, KeyingEvent, Reconciliation
from ..models.dated import NEWEST_FIRST
from ..models.registrations import HouseRegistrationQuerySet
from ..reconciling import (
    Finding,
    WordTaken,
    counts_of_findings,
    houses_found,
    newest_reconciliation,
    take_extracts_word,
)

HOUSES_A_PAGE = 100
EXTRACTS_SHOWN = 24


@needs(Action.SEE_HOUSES)
@require_safe
@never_cache
def reconciliation(request: OfficeRequest) -> HttpResponse:
    """How the newest extract's codes stand beside the tags now, and every extract with codes that came."""
    choice = district_choice(request, Action.SEE_HOUSES)
    came = Reconciliation.objects.visible_to(request.user).filter(district=choice.district).select_related("loaded_by")
    extracts = list(came[: EXTRACTS_SHOWN + 1])
    scene = {
        "choice": choice,
        "extracts": extracts[:EXTRACTS_SHOWN],
        "more": len(extracts) > EXTRACTS_SHOWN,
        "newest": extracts[0] if extracts else None,
        "acts": number_to_carry_out(choice.district),
        "counts": counts_of_findings(choice.district) if extracts else {},
        "may_load": may(request.user, Action.LOAD_REGISTER, choice.district),
    }
    return render(request, "households/reconciliation.html", scene)


@needs(Action.SEE_HOUSES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reconciled_houses(request: OfficeRequest, finding: str) -> HttpResponseBase:
    """The houses of one of the four lists, as a file by ?format=.

    Posting takes the extract's word for the ticked ones, or for all.
    """
    choice = district_choice(request, Action.SEE_HOUSES)
    asked = _finding(finding)
    houses = _reachable(request, choice.district, asked)
    if request.method == "POST":
        require(request.user, Action.KEY_IN, choice.district)
        _take_word(request, houses)
        return redirect(_address(asked, choice.district))
    if asks_for_file(request):
        return export_response(request, _table(choice.district, asked, houses))
    after = _house_named(request, "after", choice.district)
    before = _house_named(request, "before", choice.district)
    communities = communities_of(choice.district)
    total = houses.order_by().count()
    scene = {
        "choice": choice,
        "finding": asked,
        "total": total,
        "page": page_of(_with_keying(houses), size=HOUSES_A_PAGE, after=after, before=before),
        "communities": communities,
        "by_code": {community.label_code: community for community in communities.values() if community.label_code},
        "newest": newest_reconciliation(choice.district.pk),
        "may_key": may(request.user, Action.KEY_IN, choice.district),
        "may_tag": may(request.user, Action.TAG, choice.district),
        "purpose": _("reconciling with the central register"),
    }
    return render(request, "households/reconciled_houses.html", scene)


def _table(district: District, finding: Finding, houses: HouseRegistrationQuerySet) -> Table:
    return Table(
        title=f"{_('Reconciliation with the central register')} {finding.label}",
        district=district,
        columns=columns_compared(communities_of(district)),
        lines=_with_keying(houses).in_lane_order().iterator(chunk_size=ROWS_AT_ONCE),
        houses=houses.order_by().count(),
    )


def _finding(name: str) -> Finding:
    try:
        return Finding(name)
    except ValueError:
        raise Http404 from None


def _address(finding: Finding, district: District) -> str:
    return f"{reverse('households:reconciled_houses', args=[finding.value])}?district={district.code}"


def _reachable(request: OfficeRequest, district: District, finding: Finding) -> HouseRegistrationQuerySet:
    """The list's houses, as far as the person may see them; none before an extract with codes came."""
    if newest_reconciliation(district.pk) is None:
        return HouseRegistration.objects.none()
    return houses_found(district, finding).visible_to(request.user)


def _with_keying(houses: HouseRegistrationQuerySet) -> Any:
    """The houses, each with the day of its last keying and who recorded it."""
    last = KeyingEvent.objects.filter(house=OuterRef("pk"), kind=KeyingEvent.Kind.KEYED).order_by(*NEWEST_FIRST)
    return houses.select_related("subdistrict").annotate(
        keyed_on=Subquery(last.values("happened_on")[:1]), keyed_by=Subquery(last.values("recorded_by__full_name")[:1])
    )


def _house_named(request: OfficeRequest, name: str, district: District) -> HouseRegistration | None:
    pk = id_in(request.GET.get(name, ""))
    houses = HouseRegistration.objects.visible_to(request.user).filter(district=district)
    return houses.filter(pk=pk).first() if pk else None


# --- the extract's word ---


def _take_word(request: OfficeRequest, houses: HouseRegistrationQuerySet) -> None:
    try:
        chosen = _chosen(request, houses)
        taken = take_extracts_word(chosen, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return
    _say_taken(request, taken)


def _chosen(request: OfficeRequest, houses: HouseRegistrationQuerySet) -> list[int]:
    """The ticked houses that still stand in this list, or all of it; raises `count_moved`, `nothing_ticked`."""
    if request.POST.get("matching"):
        shown = id_in(request.POST["matching"])
        found = list(houses.values_list("pk", flat=True))
        if len(found) != shown:
            raise ValidationError(
                _("The page showed %(expected)s houses and now %(found)s match. Nothing was changed; look again."),
                code="count_moved",
                params={"expected": f"{shown or 0:,}", "found": f"{len(found):,}"},
            )
        return found
    ticked = [pk for text in request.POST.getlist("house") if (pk := id_in(text)) is not None]
    if not ticked:
        raise ValidationError(_("Tick the houses first."), code="nothing_ticked")
    return list(houses.filter(pk__in=ticked).values_list("pk", flat=True))


def _say_taken(request: OfficeRequest, taken: WordTaken) -> None:
    number = len(taken.houses)
    if not (number or taken.keyed_since or taken.unknown):
        messages.info(request, _("Nothing was changed: the ticked houses already stand as the extract shows them."))
        return
    said = ngettext(
        "%(number)s house now stands as the extract shows it.",
        "%(number)s houses now stand as the extract shows them.",
        number,
    )
    say_done(request, said % {"number": f"{number:,}"})
    if taken.keyed_since:
        since = ngettext(
            "%(number)s house was keyed after the extract was taken: it waits for the next one.",
            "%(number)s houses were keyed after the extract was taken: they wait for the next one.",
            taken.keyed_since,
        )
        messages.warning(request, since % {"number": f"{taken.keyed_since:,}"})
    if taken.unknown:
        unknown = ngettext(
            "%(number)s house shows a code that no community of the district has; ask who has it.",
            "%(number)s houses show a code that no community of the district has; ask who has it.",
            len(taken.unknown),
        )
        messages.warning(request, unknown % {"number": f"{len(taken.unknown):,}"})
