"""Lane strips: the lanes of a district, house by house on both sides, to see at a glance and to choose and tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.models import District, Subdistrict
from communities.roles import Action, may

from ..forms.houses import TagForm
from ..lane_filter import LaneFilter
from ..lane_strips import LaneStrip, counted_badges, lanes_page, strips_of
from ..models import Lane
from ..strays import strays_of, to_look_at


@needs(Action.SEE_HOUSES)
@require_safe
def lanes(request: OfficeRequest) -> HttpResponse:
    """Some lanes of the district under the conditions of the address, each with all its houses."""
    choice = district_choice(request, Action.SEE_HOUSES)
    communities = communities_of(choice.district)
    subdistricts = {one.pk: one for one in Subdistrict.objects.filter(district=choice.district).order_by("code")}
    everything = Lane.objects.visible_to(request.user).filter(district=choice.district)
    lane_filter = LaneFilter(
        request.GET,
        everything,
        communities=communities.values(),
        subdistricts=subdistricts.values(),
        stray_lanes=SimpleLazyObject(lambda: lanes_with_strays(choice.district)),
    )
    lane_filter.form.auto_id = "lane_%s"  # the form that tags has a community of its own
    found = lane_filter.found
    page = lanes_page(
        found, after=_lane_named(request, "after", everything), before=_lane_named(request, "before", everything)
    )
    strips = strips_of(choice.district, page.lanes, communities=communities, subdistricts=subdistricts)
    may_tag = may(request.user, Action.TAG, choice.district)
    scene = {
        "choice": choice,
        "filter": lane_filter,
        "page": page,
        "strips": strips,
        "legend": legend_of(strips),
        "number": found.count(),
        "nothing_tagged": not lane_filter.narrows and not any(strip.tagged for strip in strips),
        "may_tag": may_tag,
        "tag_form": TagForm(communities=communities.values()) if may_tag else None,
    }
    return render(request, "households/lanes.html", scene)


def _lane_named(request: OfficeRequest, name: str, everything) -> Lane | None:
    """The lane from which the page goes on; an address that names none begins at the beginning."""
    pk = id_in(request.GET.get(name, ""))
    return everything.filter(pk=pk).first() if pk else None


def lanes_with_strays(district: District) -> list[str]:
    """The orders of the district's lanes that hold a stray which nobody has found right."""
    return sorted({stray.lane_order for stray in to_look_at(strays_of(district))})


def legend_of(strips: Sequence[LaneStrip]) -> dict[str, object]:
    """What the cells of the strips mean, with how many there are of each."""
    cells = [cell for strip in strips for cell in strip.cells]
    standings = Counter(cell.standing for cell in cells)
    return {
        "badges": counted_badges(cells),
        "strays": sum(cell.to_look_at for cell in cells),
        "found_right": sum(cell.stray is not None and not cell.to_look_at for cell in cells),
        **{standing: standings[standing] for standing in ("untagged", "outside", "struck", "vanished")},
    }
