"""What the register changed since the first extract: looked at, tagged as suggested, or said to be right as it is."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from communities.access import OfficeRequest, needs
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.ids import id_in
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action, may
from communities.way_back import way_back

from .. import desk_checks
from ..assignments import communities_of_officer
from ..changes_shown import Shown, part_of, shown_with_suggestions
from ..models import DeskCheck, HouseRegistration, LifeEvent
from ..newest_changes import newest_of_own, newest_waiting
from ..register_changes import Change, Kind, waiting_of
from ..suggested_tags import tag_as_suggested

ROWS_A_PAGE = 50


@needs(Action.SEE_HOUSES)
@require_GET
def register_changes(request: OfficeRequest) -> HttpResponse:
    """A part of the queue, of one kind or of all, with how many there are of each.

    The changes of the own communities stand first, or (?whose=mine) alone.
    """
    choice = district_choice(request, Action.SEE_HOUSES)
    asked, after = request.GET.get("kind", ""), request.GET.get("after", "")
    kind = Kind(asked) if asked in Kind.values else None
    communities = communities_of(choice.district)
    own = communities_of_officer(request.user, timezone.localdate()) & communities.keys()
    shows_mine = bool(own) and request.GET.get("whose") == "mine"
    newest = (newest_of_own if shows_mine else newest_waiting)(choice.district, kind=kind, own=own)
    counts = Counter(change.kind for change in newest.changes)
    scene = {
        "choice": choice,
        "part": part_of(newest.changes, own=own, after=after, size=ROWS_A_PAGE),
        "newest": newest,
        "kind": kind,
        "kinds": [(each, _number_of(each, kind, counts, newest.is_all)) for each in Kind],
        "total": len(newest.changes),
        "mine": sum(not change.communities.isdisjoint(own) for change in newest.changes),
        "has_own": bool(own),
        "shows_mine": shows_mine,
        "after": after,
        "communities": communities,
        "may_tag": may(request.user, Action.TAG, choice.district),
    }
    return render(request, "households/register_changes.html", scene)


def _number_of(each: Kind, asked: Kind | None, counts: Mapping[Kind, int], is_all: bool) -> int | None:
    """How many of the kind were found; None where none was sought, or some may stand further down."""
    if asked not in (None, each) or not (counts[each] or is_all):
        return None
    return counts[each]


# --- what was ticked ---


@dataclasses.dataclass(frozen=True)
class _Box:
    """What a row said when it was ticked: its event, the community it showed, the one it suggested (ids)."""

    event: int
    shown: int | None
    suggested: int | None


def _boxes(request: OfficeRequest) -> list[_Box]:
    """The row whose own button was pressed, else the rows ticked."""
    texts = request.POST.getlist("only") or request.POST.getlist("change")
    parts = [text.split(":") for text in dict.fromkeys(texts) if text.count(":") == 2]
    return [
        _Box(event, id_in(shown), id_in(suggested))
        for text, shown, suggested in parts
        if (event := id_in(text)) is not None
    ]


def _queue(choice: DistrictChoice, request: OfficeRequest) -> str:
    """The address of the queue from which the person came."""
    conditions = {"district": choice.district.code} | {
        name: request.GET[name] for name in ("kind", "whose", "after") if request.GET.get(name)
    }
    return f"{reverse('households:register_changes')}?{urlencode(conditions)}"


def _refused(request: OfficeRequest, back: str, refusal: ValidationError) -> HttpResponse:
    for sentence in refusal.messages:
        messages.error(request, sentence)
    return HttpResponseRedirect(back)


def _nothing_ticked() -> ValidationError:
    return ValidationError(_("Tick the changes first."), code="nothing_chosen")


# --- tagging as suggested ---


@needs(Action.TAG)
@require_POST
def changes_tag(request: OfficeRequest) -> HttpResponse:
    """What tagging the ticked houses as suggested would do, community by community; once confirmed, does it."""
    choice = district_choice(request, Action.TAG)
    communities = communities_of(choice.district)
    boxes = _boxes(request)
    if not boxes:
        return _refused(request, _queue(choice, request), _nothing_ticked())
    waits = _waits(choice, boxes)
    rows = shown_with_suggestions([waits[box.event] for box in boxes if box.event in waits])
    if "confirmed" not in request.POST:
        return _tag_check(request, choice, boxes, rows, communities)
    try:
        done = tag_as_suggested(_as_confirmed(boxes, waits, communities), by=request.user)
    except ValidationError as refusal:
        return _tag_check(request, choice, boxes, rows, communities, refusal)
    _say_tagged(request, done)
    return HttpResponseRedirect(_queue(choice, request))


def _waits(choice: DistrictChoice, boxes: Iterable[_Box]) -> dict[int, Change]:
    """The changes of the ticked houses that still wait, by their event."""
    told = LifeEvent.objects.filter(renewed_in=choice.district, pk__in=[box.event for box in boxes])
    return {change.event: change for change in waiting_of(choice.district, told.values_list("house", flat=True))}


@dataclasses.dataclass(frozen=True)
class _Group:
    """The houses that would come to one community."""

    community: Community
    rows: Sequence[Shown]


def _tag_check(
    request: OfficeRequest,
    choice: DistrictChoice,
    boxes: Sequence[_Box],
    rows: Sequence[Shown],
    communities: Mapping[int, Community],
    refusal: ValidationError | None = None,
) -> HttpResponse:
    groups: dict[int, list[Shown]] = defaultdict(list)
    for row in rows:
        if row.suggested is not None and row.suggested in communities:
            groups[row.suggested].append(row)
    tagged = [row for group in groups.values() for row in group]
    meant = {box.event: box.suggested for box in boxes}
    scene = {
        "choice": choice,
        "groups": [_Group(communities[community], group) for community, group in sorted(groups.items())],
        "number": len(tagged),
        "otherwise": [row for row in tagged if meant[row.event.pk] != row.suggested],
        "without": [row for row in rows if row not in tagged],
        "settled": len(boxes) - len(rows),
        "communities": communities,
        "refusal": refusal,
        "back": _queue(choice, request),
    }
    return render(request, "households/changes_tag_check.html", scene)


def _as_confirmed(
    boxes: Iterable[_Box], waits: Mapping[int, Change], communities: Mapping[int, Community]
) -> dict[Community, dict[int, int | None]]:
    """Community → house → the community that the page showed of it; `stale_page` where a change waits no more."""
    wanted: dict[Community, dict[int, int | None]] = defaultdict(dict)
    for box in boxes:
        if box.event not in waits:
            raise ValidationError(
                _("Some of these changes were settled meanwhile. Nothing was changed; look at the list again."),
                code="stale_page",
            )
        if box.suggested is not None and box.suggested in communities:
            wanted[communities[box.suggested]][waits[box.event].house] = box.shown
    return wanted


def _say_tagged(request: OfficeRequest, done) -> None:
    for community, tagged in done:
        if tagged.batch is not None:
            sentence = ngettext(
                "%(code)s %(community)s: code given to %(houses)s house.",
                "%(code)s %(community)s: code given to %(houses)s houses.",
                tagged.houses,
            ) % {
                "code": community.label_code,
                "community": community.name_th,
                "houses": f"{tagged.houses:,}",
            }
            say_done(request, sentence, undo_at=reverse("households:batch_undo", args=[tagged.batch.pk]))
        left = [*tagged.refused, *tagged.claimed]
        if left:
            named = ", ".join(map(str, left))
            messages.warning(request, _("Left as they are, for another page decides: %(houses)s.") % {"houses": named})


# --- right as it is ---


@needs(Action.TAG)
@require_POST
def changes_right(request: OfficeRequest) -> HttpResponse:
    """The ticked changes need nothing here: the houses stay as they are. All or none."""
    choice = district_choice(request, Action.TAG)
    back = way_back(request, otherwise=_queue(choice, request))
    boxes = _boxes(request)
    if not boxes:
        return _refused(request, back, _nothing_ticked())
    try:
        checks = _find_right(choice, boxes, request)
    except ValidationError as refusal:
        return _refused(request, back, refusal)
    said = ngettext("%(number)s house is right as it is.", "%(number)s houses are right as they are.", len(checks))
    taken_back = urlencode({"district": choice.district.code, "check": [check.pk for check in checks]}, doseq=True)
    say_done(request, said % {"number": len(checks)}, undo_at=f"{reverse('households:changes_take_back')}?{taken_back}")
    return HttpResponseRedirect(back)


@transaction.atomic
def _find_right(choice: DistrictChoice, boxes: Iterable[_Box], request: OfficeRequest) -> list[DeskCheck]:
    events = LifeEvent.objects.filter(renewed_in=choice.district).select_related("house")
    named = events.in_bulk([box.event for box in boxes])
    note = request.POST.get("note", "")
    # Houses are locked one after the other, everywhere in the order of their ids.
    boxes = sorted((box for box in boxes if box.event in named), key=lambda box: named[box.event].house_id)
    if not boxes:
        raise Http404
    return [
        desk_checks.change_is_right(named[box.event], by=request.user, note=note, shown_community=box.shown)
        for box in boxes
    ]


@needs(Action.TAG)
@require_POST
def changes_take_back(request: OfficeRequest) -> HttpResponse:
    """Having said that it is right was a slip: the changes wait again."""
    choice = district_choice(request, Action.TAG)
    back = way_back(request, otherwise=_queue(choice, request))
    ids = [pk for text in request.GET.getlist("check") if (pk := id_in(text)) is not None]
    houses = HouseRegistration.objects.visible_to(request.user).filter(district=choice.district)
    checks = DeskCheck.objects.filter(pk__in=ids, house__in=houses, kind=DeskCheck.Kind.REGISTER_CHANGE)
    found = list(checks.select_related("life_event").order_by("house"))
    if not found:
        raise Http404
    try:
        with transaction.atomic():
            for check in found:
                desk_checks.take_back(check, by=request.user)
    except ValidationError as refusal:
        return _refused(request, back, refusal)
    messages.success(request, _("Taken back: it waits for a look again."))
    return HttpResponseRedirect(back)
