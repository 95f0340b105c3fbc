"""Which houses a person chose, and how they stood when that person looked: from a page to the check to the deed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from itertools import accumulate, pairwise

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.access import OfficeRequest
from communities.ids import id_in
from communities.way_back import way_back

from ..models import HouseRegistration
from ..models.registrations import HouseRegistrationQuerySet
from ..stale_pages import by_house, refuse_moved
from ..tag_ledger import Standing, Standings
from .finding import Search

MOST_NAMED = 10
_SEEN = "households.seen"


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The houses ticked, or all that match; `number` is how many the page before said there are, None for "many".

    `shown` is the community (None for none) that the page before showed for each of the ticked houses.
    """

    houses: HouseRegistrationQuerySet
    ids: Sequence[int]
    matching: bool
    number: int | None
    shown: Mapping[int, int | None] = dataclasses.field(default_factory=dict)

    def pks(self) -> Iterable[int]:
        """The houses' ids as they are now."""
        return self.houses.order_by().values_list("pk", flat=True)


def chosen_of(request: OfficeRequest, search: Search) -> Chosen:
    """The houses that the form names: by ticked boxes, or as all that match the search."""
    if said := request.POST.get("matching"):
        return Chosen(search.filter.found, ids=(), matching=True, number=id_in(said))
    boxes = request.POST.getlist("house")
    ids = _ids(boxes)
    return Chosen(search.everything.filter(pk__in=ids), ids, matching=False, number=len(ids), shown=_shown(boxes))


def _ids(boxes: Sequence[str]) -> list[int]:
    """The houses of ticked boxes; a box says "house" or "house:community", the community as its row showed it."""
    houses = dict.fromkeys(box.partition(":")[0] for box in boxes)
    return [pk for house in houses if (pk := id_in(house)) is not None]


def _shown(boxes: Sequence[str]) -> dict[int, int | None]:
    """Which community (None for none) each row showed, of the boxes that say so."""
    pairs = [box.split(":") for box in boxes if box.count(":") == 1]
    return {pk: id_in(community) for house, community in pairs if (pk := id_in(house)) is not None}


def changed_since_shown(chosen: Chosen, seen: Standings) -> ValidationError | None:
    """The refusal of a page whose rows no longer show how their houses stand; None where they do."""
    try:
        refuse_moved(chosen.shown, by_house(seen))
    except ValidationError as stale:
        return stale
    return None


# --- how the houses stood, from the check to the deed ---


def written(seen: Standings) -> str:
    """How the houses stand, as a text for a form: ids as steps from one to the next, which are small and many alike."""
    told = [[*stands, *_steps(sorted(ids))] for stands, ids in seen.items()]
    return signing.dumps(told, salt=_SEEN, compress=True)


def _steps(ids: Sequence[int]) -> list[int]:
    return [ids[0], *(after - before for before, after in pairwise(ids))]


def is_confirmed(request: OfficeRequest) -> bool:
    """Whether the form comes from a look at what would happen; one that cannot be read any more is looked at anew."""
    return "expected" in request.POST and ("seen" not in request.POST or looked_at(request) is not None)


def looked_at(request: OfficeRequest) -> Standings | None:
    """How the houses stood when the person looked at what would happen; None where the form does not say it."""
    try:
        told = signing.loads(request.POST.get("seen", ""), salt=_SEEN)
    except signing.BadSignature:
        return None
    return {Standing(*stands): list(accumulate(steps)) for *stands, steps in ((*t[:3], t[3:]) for t in told)}


# --- what every deed on many houses says ---


def posted_from_a_list(page: Callable[[OfficeRequest], HttpResponse]) -> Callable[[OfficeRequest], HttpResponse]:
    """The page answers a form; its address without one (another language, a bookmark) leads to the list it names."""

    @wraps(page)
    def answered(request: OfficeRequest) -> HttpResponse:
        if request.method == "POST":
            return page(request)
        conditions = f"?{said}" if (said := request.GET.urlencode()) else ""
        return HttpResponseRedirect(reverse("households:houses") + conditions)

    return answered


def named(houses: Sequence[HouseRegistration]) -> str:
    """The first of the houses by their addresses, with a sign for the rest."""
    names = ", ".join(str(house) for house in houses[:MOST_NAMED])
    return f"{names}, …" if len(houses) > MOST_NAMED else names


def nothing_chosen() -> ValidationError:
    """The refusal of a form in which no house is ticked."""
    return ValidationError(_("Tick houses first, or choose all that match."), code="nothing_chosen")


def refused(request: OfficeRequest, search: Search, refusal: ValidationError) -> HttpResponse:
    """Back to where the houses were chosen, with the refusal."""
    for sentence in refusal.messages:
        messages.error(request, sentence)
    return HttpResponseRedirect(way_back(request, otherwise=search.page_address))


def back_from(request: OfficeRequest, search: Search, chosen: Chosen) -> str:
    """The page from which the person came: one house's own, the one it names, or the list under its conditions."""
    if request.POST.get("from") == "house" and len(chosen.ids) == 1:
        return reverse("households:house", args=chosen.ids)
    return way_back(request, otherwise=search.page_address)


def check_scene(
    request: OfficeRequest, search: Search, chosen: Chosen, seen: Standings, refusal: ValidationError | None
) -> dict[str, object]:
    """What every page shows that says beforehand what would happen."""
    return {
        "search": search,
        "chosen": chosen,
        "communities": search.communities,
        "refusal": refusal or changed_since_shown(chosen, seen),
        "seen": written(seen),
        "back": back_from(request, search, chosen),
    }
