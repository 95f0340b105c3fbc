"""Where a person may go: the bar's entries and the posts under the person's name.

It stands under the roof because its addresses belong to every floor.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from communities.models import Appointment, Community, Person
from communities.roles import Action
from communities.scope import Reach, reach_of


@dataclasses.dataclass(frozen=True)
class Entry:
    """A page that the bar leads to, and the deed that a person must be allowed somewhere to see it."""

    view: str
    label: Any
    needs: Action


ENTRIES = (
    Entry("households:home", _("My work"), Action.SEE_LISTS),
    Entry("households:houses", _("Houses"), Action.SEE_HOUSES),
    Entry("households:lists", _("Lists from communities"), Action.SEE_LISTS),
    Entry("reports:kpi", _("KPI report"), Action.SEE_FIGURES),
    Entry("verification:my_community", _("Houses of my community"), Action.SEE_OWN_ADDRESSES),
    Entry("households:register_load", _("Load the register"), Action.LOAD_REGISTER),
    Entry("communities:people", _("User accounts"), Action.RESET_PASSWORD),
    Entry("admin:index", _("Reference data"), Action.KEEP_REFERENCE_DATA),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every page `nav` and `person_posts`; neither asks the database before a template shows it."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"nav": [], "person_posts": []}
    return {
        "nav": SimpleLazyObject(lambda: entries_for(person, request.path)),
        "person_posts": SimpleLazyObject(lambda: posts_of(person)),
    }


def entries_for(person: Person, path: str) -> list[dict[str, Any]]:
    """The entries that the person may follow: label, url, and which of them the path lies under."""
    reach = reach_of(person)
    entries = [{"label": entry.label, "url": reverse(entry.view)} for entry in ENTRIES if _allowed(reach, entry.needs)]
    here = max((entry["url"] for entry in entries if path.startswith(entry["url"])), key=len, default="")
    return [entry | {"here": entry["url"] == here, "exactly": entry["url"] == path} for entry in entries]


def _allowed(reach: Reach, action: Action) -> bool:
    return bool(reach.in_districts([action]) or reach.in_communities([action]))


def posts_of(person: Person) -> list[dict[str, str]]:
    """The person's posts of today in words: role, place, and the district if that is the place."""
    today = timezone.localdate()
    posts = list(Appointment.objects.on(today).filter(person=person.pk).select_related("district"))
    theirs = [post.community_id for post in posts if post.community_id]
    communities: Iterable[Community] = Community.objects.as_at(today).filter(pk__in=theirs) if theirs else []
    names = {community.pk: str(community) for community in communities}
    return [
        {
            "role": post.get_role_display(),
            "place": _place_of(post, names),
            "district": str(post.district) if post.district else "",
        }
        for post in posts
    ]


def _place_of(post: Appointment, community_names: dict[int, str]) -> str:
    if post.community_id:
        return community_names.get(post.community_id) or ""
    return str(post.district) if post.district else str(_("Bangkok"))
