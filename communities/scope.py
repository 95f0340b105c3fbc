"""The only way a view reaches rows: through what the person's appointments of today cover."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .roles import ALLOWED, Action

if TYPE_CHECKING:
    from .models import Appointment, Community, District, Person
    from .models.people import AppointmentQuerySet

Row = TypeVar("Row", bound=models.Model)


@dataclasses.dataclass(frozen=True)
class Reach:
    """The places in which a person may do each thing; `districts` of a city role is every district."""

    districts: dict[Action, frozenset[int]]
    communities: dict[Action, frozenset[int]]

    def in_districts(self, actions: Iterable[Action]) -> frozenset[int]:
        """Ids of the districts in which at least one of the actions is allowed."""
        return frozenset().union(*(self.districts.get(action, frozenset()) for action in actions))

    def in_communities(self, actions: Iterable[Action]) -> frozenset[int]:
        """Ids of the communities for which at least one of the actions is allowed."""
        return frozenset().union(*(self.communities.get(action, frozenset()) for action in actions))

    def covers(self, action: Action, place: District | Community) -> bool:
        """Whether the action is allowed at the place itself or in the district it lies in."""
        from .models import District

        if isinstance(place, District):
            return place.pk in self.in_districts([action])
        return place.pk in self.in_communities([action]) or place.district_id in self.in_districts([action])


def reach_of(person: Person) -> Reach:
    """The person's reach today, worked out once for each person object (that is, once a request)."""
    known = getattr(person, "_reach", None)
    if known is None or known[0] != timezone.localdate():
        known = (timezone.localdate(), _work_out(person))
        person._reach = known
    return known[1]


def posts_of_today(person: Person) -> Sequence[Appointment]:
    """The person's appointments of today, each with its district; asked for once for each person object.

    None for an account that is switched off.
    """
    known = getattr(person, "_posts", None)
    if known is None or known[0] != timezone.localdate():
        known = (timezone.localdate(), list(posts_held_today().filter(person=person.pk)))
        person._posts = known
    return known[1]


def posts_held_today() -> AppointmentQuerySet:
    """All appointments of today of people who may sign in, each with its district."""
    appointments = apps.get_model("communities", "Appointment").objects.on(timezone.localdate())
    return appointments.filter(person__is_active=True).select_related("district")


def _work_out(person: Person) -> Reach:
    districts: dict[Action, set[int]] = {}
    communities: dict[Action, set[int]] = {}
    for post in posts_of_today(person):
        for action in ALLOWED[post.role]:
            if post.community_id:
                communities.setdefault(action, set()).add(post.community_id)
            else:
                districts.setdefault(action, set()).update(_districts_of(post))
    return Reach(
        {action: frozenset(ids) for action, ids in districts.items()},
        {action: frozenset(ids) for action, ids in communities.items()},
    )


def _districts_of(post: Appointment) -> list[int]:
    if post.district_id:
        return [post.district_id]
    return list(apps.get_model("communities", "District").objects.values_list("pk", flat=True))


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows of a district, perhaps of a community; subclasses name the paths and the actions that open them."""

    district_path = "district"
    district_actions: tuple[Action, ...] = ()
    community_path = ""
    community_actions: tuple[Action, ...] = ()

    def visible_to(self, person: Person) -> Self:
        """The rows that the person may see today; none for a person without a fitting appointment."""
        reach = reach_of(person)
        seen = Q(**{f"{self.district_path}__in": reach.in_districts(self.district_actions)})
        communities = reach.in_communities(self.community_actions)
        if self.community_path and communities:
            seen |= Q(**{f"{self.community_path}__in": communities})
        return self.filter(seen)
