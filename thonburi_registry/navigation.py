"""Where a person may go: the bar's entries and the posts under the person's name.

It stands under the roof because its addresses belong to every floor.
"""

import dataclasses
import functools
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communities.models import Appointment, Community, Person
from communities.roles import Action
from communities.scope import posts_of_today, reach_of

Deeds = frozenset[Action]


@dataclasses.dataclass(frozen=True)
class Entry:
    """A page that the bar leads to, and the deed that a person must be allowed somewhere to see it.

    `also` are the pages that it leads to itself and that stand for it in the bar.
    """

    view: str
    label: Any
    needs: Action
    also: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Part:
    """An entry of the bar: it leads to the first of its pages that the person may see, those stand side by side."""

    label: Any
    pages: tuple[Entry, ...]


def _alone(view: str, label: Any, needs: Action) -> Part:
    return Part(label, (Entry(view, label, needs),))


PARTS = (
    Part(
        _("My work"),
        (
            Entry("desk", _("Overview"), Action.SEE_EVERYONES_WORK),
            Entry("households:home", _("All communities"), Action.SEE_LISTS),
            Entry("households:work_shared_out", _("Work shared out"), Action.SEE_HOUSES),
            Entry("households:work_progress", _("Progress"), Action.SEE_HOUSES),
        ),
    ),
    Part(
        _("Houses"),
        (
            Entry("households:houses", _("All houses"), Action.SEE_HOUSES),
            Entry("households:lanes", _("Lane by lane"), Action.SEE_HOUSES),
            Entry("households:run", _("House by house"), Action.TAG),
            Entry("households:batches", _("Batches"), Action.SEE_HOUSES),
        ),
    ),
    Part(
        _("To look at"),
        (
            Entry("households:register_changes", _("Changes of the register"), Action.SEE_HOUSES),
            Entry("households:strays", _("Strays"), Action.SEE_HOUSES),
            Entry("households:duplicates", _("Possible duplicates"), Action.SEE_HOUSES),
        ),
    ),
    Part(
        _("Lists from communities"),
        (
            Entry("households:lists", _("Lists received"), Action.SEE_LISTS),
            Entry("households:lists_missing", _("Lists to chase"), Action.RECEIVE_LIST),
            Entry("households:district_bench", _("Open rows"), Action.TAG),
            Entry("households:claims", _("Claims"), Action.SEE_HOUSES),
            Entry("households:aliases", _("Other names"), Action.SEE_HOUSES),
            Entry("households:quality", _("Quality"), Action.SEE_LISTS, also=("households:trust",)),
        ),
    ),
    Part(
        _("Central register"),
        (
            Entry("households:keying", _("Keying list"), Action.KEY_IN, also=("households:keying_list",)),
            Entry("households:central_acts", _("To carry out there"), Action.SEE_HOUSES),
            Entry("households:reconciliation", _("Reconciliation"), Action.SEE_HOUSES),
            Entry("households:register_load", _("Load the register"), Action.LOAD_REGISTER),
        ),
    ),
    Part(
        _("Presidents’ review"),
        (
            Entry("verification:rounds", _("Rounds"), Action.ANSWER_REVIEW),
            Entry("verification:answers", _("To answer"), Action.ANSWER_REVIEW),
            Entry("verification:rechecks", _("To check again"), Action.ANSWER_REVIEW),
            Entry("verification:delegates", _("Delegates"), Action.ANSWER_REVIEW),
            Entry("communities:president_sign_ins", _("Sign-in of presidents"), Action.ANSWER_REVIEW),
            Entry("communities:lists_seen", _("Who saw the lists"), Action.SEE_EVERYONES_WORK),
        ),
    ),
    Part(
        _("Cases"),
        (
            Entry("verification:cases", _("All cases"), Action.SEE_CASES),
            Entry("verification:case_open", _("Open a case"), Action.OPEN_CASE, also=("verification:occurrence_open",)),
            Entry("verification:visits", _("Visits"), Action.VISIT),
            Entry("verification:cases_late", _("Late cases"), Action.SEE_CASES),
            Entry("verification:struck_houses", _("Account of struck-off houses"), Action.SEE_CASES),
            Entry("verification:form31_wording", _("Wording of form TR.31"), Action.KEEP_WORDING),
        ),
    ),
    Part(
        _("Reports"),
        (
            Entry("reports:kpi", _("KPI report"), Action.SEE_FIGURES),
            Entry("reports:indicators", _("Indicators"), Action.SEE_FIGURES),
            Entry("reports:daily_plan", _("Daily Plan"), Action.SEE_FIGURES),
            Entry("ledger:ledger", _("Ledger of papers"), Action.SEE_LEDGER),
            Entry("codes:codes", _("Community codes"), Action.SEE_LEDGER),
            Entry("rolls:rolls", _("Electoral rolls"), Action.SEE_HOUSES),
        ),
    ),
    Part(
        _("My review"),
        (
            Entry(
                "verification:my_review", _("My review"), Action.REVIEW_OWN_HOUSES, also=("verification:my_community",)
            ),
            Entry("verification:my_cases", _("What was reported"), Action.REVIEW_OWN_HOUSES),
        ),
    ),
    _alone("communities:people", _("User accounts"), Action.RESET_PASSWORD),
    _alone("admin:index", _("Reference data"), Action.KEEP_REFERENCE_DATA),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every page `nav`, `nav_pages` (as drawn) and `person_posts`; none asks the database before it is shown."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"nav": "", "nav_pages": "", "person_posts": []}
    return {
        "nav": lambda: _bar(*_for(person, request.path)),
        "nav_pages": lambda: _beside(*_for(person, request.path)),
        "person_posts": SimpleLazyObject(lambda: posts_of(person)),
    }


def _for(person: Person, path: str) -> tuple[Deeds, str, str | None, str]:
    """All that the bar depends on."""
    return _deeds_of(person), path, get_language(), get_script_prefix()


# What the bar shows to whom, and where, is the same again and again; drawing it took a quarter of a page's time.


@functools.lru_cache(maxsize=4096)
def _bar(deeds: Deeds, path: str, _language: str | None, _script_prefix: str) -> SafeString:
    return render_to_string("_parts/nav_entries.html", {"nav": _entries(deeds, path)})


@functools.lru_cache(maxsize=4096)
def _beside(deeds: Deeds, path: str, _language: str | None, _script_prefix: str) -> SafeString:
    return render_to_string("_parts/nav_pages.html", {"nav_pages": _pages_beside(deeds, path)})


def entries_for(person: Person, path: str) -> list[dict[str, Any]]:
    """The entries of the bar for the person: label, url, and which of them the path lies under."""
    return _entries(_deeds_of(person), path)


def pages_beside(person: Person, path: str) -> list[dict[str, Any]]:
    """The pages of the bar's entry to which the page at `path` belongs itself; none where it stands alone.

    A page below one of them (a house, a row) has its way back instead: its space is for the work.
    """
    return _pages_beside(_deeds_of(person), path)


def _deeds_of(person: Person) -> Deeds:
    """What the person may do somewhere."""
    reach = reach_of(person)
    return frozenset(reach.districts.keys() | reach.communities.keys())


def _entries(deeds: Deeds, path: str) -> list[dict[str, Any]]:
    shown = [(part.label, pages) for part in PARTS if (pages := _pages(deeds, part))]
    urls = [url for _label, pages in shown for page in pages for url in page["urls"] if path.startswith(url)]
    here = max(urls, key=len, default="")
    return [
        {
            "label": label,
            "url": pages[0]["url"],
            "here": any(here in page["urls"] for page in pages),
            "exactly": pages[0]["url"] == path,
        }
        for label, pages in shown
    ]


def _pages_beside(deeds: Deeds, path: str) -> list[dict[str, Any]]:
    for part in PARTS:
        pages = _pages(deeds, part)
        if len(pages) > 1 and any(path in page["urls"] for page in pages):
            return [page | {"here": path in page["urls"], "exactly": page["url"] == path} for page in pages]
    return []


def _pages(deeds: Deeds, part: Part) -> list[dict[str, Any]]:
    """The part's pages that may be seen: label, url, and all addresses that count as this page."""
    return [
        {"label": page.label, "url": reverse(page.view), "urls": [reverse(view) for view in (page.view, *page.also)]}
        for page in part.pages
        if page.needs in deeds
    ]


def posts_of(person: Person) -> list[dict[str, str]]:
    """The person's posts of today in words: role, place, and the name of the district if that is the place."""
    today = timezone.localdate()
    posts = posts_of_today(person)
    theirs = [post.community_id for post in posts if post.community_id]
    communities: Iterable[Community] = Community.objects.as_at(today).filter(pk__in=theirs) if theirs else []
    names = {community.pk: str(community) for community in communities}
    return [
        {
            "role": _role_of(post),
            "place": _place_of(post, names),
            "district": post.district.name_th if post.district else "",
        }
        for post in posts
    ]


def _role_of(post: Appointment) -> str:
    """The role in words, with what the appointment adds to it."""
    added = [_("acting")] if post.acting_for_id else []
    added += [_("registrar")] if post.is_registrar else []
    return " ".join([str(post.get_role_display()), *([f"({', '.join(map(str, added))})"] if added else [])])


def _place_of(post: Appointment, community_names: dict[int, str]) -> str:
    if post.community_id:
        return community_names.get(post.community_id) or ""
    return str(post.district) if post.district else str(_("Bangkok"))
