"""Choosing lanes: the conditions of the page of lane strips, as they stand in its address."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from communities.thai_text import clean, to_arabic_digits

from .addresses import read_address
from .models import HouseRegistration, Lane

if TYPE_CHECKING:
    from communities.models import Community, Subdistrict

UNTAGGED, TAGGED, STRAYS = "untagged", "tagged", "strays"


def part_of_a_name(text: str) -> Q:
    """The lanes with this in the name of their soi, trok or road; a bare "5" is soi 5 of every road."""
    address = read_address(soi=text)
    if address.soi_is_bare:
        return Q(soi_key=address.soi) | Q(soi_key__endswith=f" {address.soi}")
    if address.trok:
        return Q(trok_key__contains=address.trok)
    if address.road and not address.soi:
        return Q(road_key__contains=address.road)
    part = address.soi or to_arabic_digits(clean(text)).casefold()
    return Q(soi_key__contains=part) | Q(trok_key__contains=part) | Q(road_key__contains=part)


class LaneFilter(django_filters.FilterSet):
    """The conditions under which lanes are shown; each holds for a lane as a whole, which shows all its houses.

    `stray_lanes` is asked for the orders of the lanes that hold a stray, where that is a condition.
    """

    soi = django_filters.CharFilter(label=_("Soi, trok or road"), method="named", max_length=120)
    community = django_filters.ChoiceFilter(
        label=_("Community"), method="of_community", empty_label=_("every community")
    )
    subdistrict = django_filters.ChoiceFilter(
        label=_("Sub-district"), method="of_subdistrict", empty_label=_("every sub-district")
    )
    holding = django_filters.ChoiceFilter(
        label=_("Lanes"),
        method="that_hold",
        choices=[(TAGGED, _("with tagged houses")), (UNTAGGED, _("with untagged houses")), (STRAYS, _("with strays"))],
        empty_label=_("all lanes"),
    )

    class Meta:
        model = Lane
        fields: list[str] = []

    def __init__(
        self,
        data: Any,
        queryset: QuerySet[Lane],
        *,
        communities: Iterable[Community],
        subdistricts: Iterable[Subdistrict],
        stray_lanes: Collection[str] | SimpleLazyObject,
    ) -> None:
        self._communities = {community.label_code: community for community in communities if community.label_code}
        self._subdistricts = {subdistrict.code: subdistrict for subdistrict in subdistricts}
        self._stray_lanes = stray_lanes
        super().__init__(data, queryset)
        self.filters["community"].extra["choices"] = [
            (code, f"{code} {community.name_th}") for code, community in self._communities.items()
        ]
        self.filters["subdistrict"].extra["choices"] = [
            (code, subdistrict.name_th) for code, subdistrict in self._subdistricts.items()
        ]

    def named(self, lanes: QuerySet[Lane], _name: str, text: str) -> QuerySet[Lane]:
        """The lanes whose name contains the text, however it is written."""
        return lanes.filter(part_of_a_name(text))

    def of_community(self, lanes: QuerySet[Lane], _name: str, code: str) -> QuerySet[Lane]:
        """The lanes in which the community has a house."""
        return lanes.filter(_houses_there(community=self._communities[code]))

    def of_subdistrict(self, lanes: QuerySet[Lane], _name: str, code: str) -> QuerySet[Lane]:
        """The lanes that lie in the sub-district, or partly."""
        # Gathered once: asked lane by lane, all houses of every lane elsewhere would be looked through.
        there = HouseRegistration.objects.filter(subdistrict=self._subdistricts[code])
        return lanes.filter(lane_order__in=there.order_by().values("lane_order").distinct())

    def that_hold(self, lanes: QuerySet[Lane], _name: str, what: str) -> QuerySet[Lane]:
        """The lanes with a house that has a code, or of which nobody has said anything, or with a stray to look at."""
        if what == STRAYS:
            return lanes.filter(lane_order__in=list(self._stray_lanes))
        live = HouseRegistration.State.LIVE
        if what == TAGGED:
            return lanes.filter(_houses_there(state=live, community__isnull=False))
        return lanes.filter(_houses_there(state=live, community=None, outside=""))

    @property
    def found(self) -> QuerySet[Lane]:
        """The lanes under all conditions that still have a house; none while a condition cannot be read."""
        return self.qs.filter(_houses_there()) if self.is_valid() else self.queryset.none()

    @property
    def chosen(self) -> Community | None:
        """The community whose lanes are shown."""
        return self._communities.get(self.form.cleaned_data["community"]) if self.is_valid() else None

    @property
    def narrows(self) -> bool:
        """Whether any condition is in force."""
        return not self.is_valid() or any(self.form.cleaned_data.values())


def _houses_there(**conditions: object) -> Exists:
    there = HouseRegistration.objects.filter(district=OuterRef("district"), lane_order=OuterRef("lane_order"))
    return Exists(there.filter(**conditions))
