"""Which houses to key an address asks for: the same for the run, the list and its file."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from communities.access import OfficeRequest
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.models import Community
from communities.roles import Action

from ..assignments import communities_of_officer
from ..filters import in_lane
from ..keying import to_key
from ..keying_run import KeyingQueue
from ..models import HouseRegistration
from ..models.registrations import HouseRegistrationQuerySet
from .put_off import put_off, put_off_until_the_end


class KeyingRequest(OfficeRequest):
    """A request of the keying list: it may ask for the next house alone."""

    htmx: HtmxDetails


@dataclasses.dataclass(frozen=True)
class Desk:
    """Which houses the address asks for: a district, whose communities, perhaps one of them, perhaps a soi."""

    request: KeyingRequest
    choice: DistrictChoice
    communities: dict[int, Community]

    @cached_property
    def own(self) -> list[int]:
        """The person's own communities (ids) of the district, in the order of their codes; none: nobody is assigned."""
        theirs = communities_of_officer(self.request.user, timezone.localdate())
        return [pk for pk in self.communities if pk in theirs]

    @property
    def whose(self) -> str:
        """`mine` where the person has communities and did not ask for all."""
        return "mine" if self.own and self.request.GET.get("whose") != "all" else "all"

    @cached_property
    def community(self) -> Community | None:
        """The one community asked for by its code."""
        code = self.request.GET.get("community", "")
        return next((one for one in self.communities.values() if code and one.label_code == code), None)

    @property
    def soi(self) -> str:
        """The soi, trok or road asked for, as typed."""
        return self.request.GET.get("soi", "").strip()

    @cached_property
    def unclear_soi(self) -> str:
        """The sentence about a lane that cannot be read; then no house is shown."""
        try:
            in_lane(self.soi or "1")
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        return ""

    @property
    def places(self) -> list[int]:
        """The communities (ids) asked for, in the order of their codes."""
        if self.community:
            return [self.community.pk]
        return self.own if self.whose == "mine" else list(self.communities)

    @cached_property
    def houses(self) -> HouseRegistrationQuerySet:
        """The houses to key, as far as the person may."""
        if self.unclear_soi:
            return HouseRegistration.objects.none()
        wanted = None if self.whose == "all" and not self.community else self.places
        houses = to_key(self.choice.district, wanted).visible_to(self.request.user)
        return houses.filter(in_lane(self.soi)) if self.soi else houses

    @property
    def query(self) -> str:
        """The conditions as an address holds them."""
        asked = {"whose": "all" if self.own and self.whose == "all" else "", "soi": self.soi}
        asked |= {"community": self.community.label_code or "" if self.community else ""}
        return urlencode({"district": self.choice.district.code} | {name: text for name, text in asked.items() if text})

    @property
    def url(self) -> str:
        """The run under these conditions."""
        return f"{reverse('households:keying')}?{self.query}"

    @property
    def narrower(self) -> bool:
        """Whether these conditions may leave houses of the district out."""
        return bool(self.soi or self.community or self.whose == "mine")

    @property
    def all_url(self) -> str:
        """The run along all that is to key in the district."""
        return f"{reverse('households:keying')}?{self._all}"

    @property
    def all_list_url(self) -> str:
        """The list of all that is to key in the district."""
        return f"{reverse('households:keying_list')}?{self._all}"

    @property
    def _all(self) -> str:
        return urlencode({"district": self.choice.district.code, "whose": "all"})

    @property
    def list_url(self) -> str:
        """The list under these conditions."""
        return f"{reverse('households:keying_list')}?{self.query}"

    @property
    def queue(self) -> KeyingQueue:
        return KeyingQueue(self.houses, self.places, self.put_off)

    @property
    def put_off(self) -> list[int]:
        """The houses that the person put off until the end, in this session."""
        return put_off(self.request.session, self._whole_queue)

    def put_off_until_the_end(self, house: HouseRegistration) -> None:
        """Moves the house to the end of the queue, under whichever conditions it is shown."""
        put_off_until_the_end(self.request.session, self._whole_queue, house.pk)

    @property
    def _whole_queue(self) -> str:
        return f"keying {self.choice.district.code}"


def desk_of(request: KeyingRequest) -> Desk:
    """The desk that the address asks for; refused to whoever may not key in the district."""
    choice = district_choice(request, Action.KEY_IN)
    return Desk(request, choice, communities_of(choice.district))


def filter_of(desk: Desk) -> dict[str, Any]:
    """What the form above the list offers."""
    offered = desk.own if desk.whose == "mine" else list(desk.communities)
    return {
        "communities": [desk.communities[pk] for pk in offered if desk.communities[pk].label_code],
        "community": desk.community.label_code if desk.community else "",
        "soi": desk.soi,
    }
