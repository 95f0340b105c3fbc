"""How the communities of a district are shared out: who has each, by which order, and how heavy each share is."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F

from communities.models import Appointment, Community, District, Person, Role

from .assignments import WORKING_POSTS
from .models import Assignment
from .progress import CommunityProgress


@dataclasses.dataclass(frozen=True)
class Held:
    """A community's assignments that hold on a day: the officer's own, and whoever stands in for that officer."""

    own: Assignment
    stand_in: Assignment | None = None

    @property
    def officer(self) -> Person:
        """Who works on the community."""
        return self.stand_in.officer if self.stand_in else self.own.officer


@dataclasses.dataclass(frozen=True)
class ShareRow:
    """A community as work: how far it is, and who has it (None: nobody)."""

    progress: CommunityProgress
    held: Held | None

    @property
    def officer(self) -> Person | None:
        return self.held.officer if self.held else None


@dataclasses.dataclass(frozen=True)
class Share:
    """What one person works on, in communities, houses and list rows; `person` None is what nobody has been given.

    `houses` are those expected (else those on the lists), `left` those of them without the code, `stood_in` how many
    of the communities are another officer's. Who is no longer `in_post` cannot work on them.
    """

    person: Person | None
    rows: Sequence[ShareRow]
    in_post: bool = True

    @property
    def communities(self) -> int:
        return len(self.rows)

    @property
    def houses(self) -> int:
        return sum(row.progress.whole for row in self.rows)

    @property
    def tagged(self) -> int:
        return sum(row.progress.tagged for row in self.rows)

    @property
    def left(self) -> int:
        return sum(max(row.progress.whole - row.progress.tagged, 0) for row in self.rows)

    @property
    def waiting(self) -> int:
        return sum(row.progress.waiting for row in self.rows)

    @property
    def stood_in(self) -> int:
        return sum(row.held is not None and row.held.stand_in is not None for row in self.rows)

    @property
    def own(self) -> int:
        """How many communities are the person's own and can be handed over."""
        return sum(row.held is not None and row.held.stand_in is None for row in self.rows)


def held_in(district: District, day: datetime.date) -> dict[int, Held]:
    """Who has each community of the district on the day, by the community's id; one query."""
    found = Assignment.objects.on(day).filter(community__district=district)
    found = found.select_related("officer", "stands_in_for")
    stand_ins = {one.community_id: one for one in found if one.stands_in_for_id}
    return {
        one.community_id: Held(one, stand_ins.get(one.community_id)) for one in found if one.stands_in_for_id is None
    }


def share_rows(progress: Iterable[CommunityProgress], held: Mapping[int, Held]) -> list[ShareRow]:
    """The communities with who has them; those that nobody has come first, in the order that they came in."""
    rows = [ShareRow(one, held.get(one.community.pk)) for one in progress]
    return sorted(rows, key=lambda row: row.held is not None)


def shares_of(district: District, rows: Sequence[ShareRow], day: datetime.date) -> list[Share]:
    """What each person has, officers without anything included, by name; first what nobody has."""
    posts = Appointment.objects.on(day).filter(district=district, role__in=WORKING_POSTS, person__is_active=True)
    posts = posts.select_related("person")
    in_post = {post.person_id for post in posts}
    theirs = {row.officer.pk: row.officer for row in rows if row.officer}
    theirs |= {post.person_id: post.person for post in posts if post.role == Role.OFFICER}
    shares = [
        Share(person, [row for row in rows if row.officer == person], person.pk in in_post)
        for person in sorted(theirs.values(), key=lambda person: (person.full_name, person.pk))
    ]
    nobodys = [row for row in rows if row.held is None]
    return [Share(None, nobodys), *shares] if nobodys else shares


@dataclasses.dataclass(frozen=True)
class OrderLetter:
    """An order by which communities are held now, and how many; `of_stand_in` where it hands over for a time."""

    number: str
    date: datetime.date
    communities: int
    of_stand_in: bool


def orders_of(rows: Iterable[ShareRow]) -> list[OrderLetter]:
    """The orders by which communities are held now, newest first."""
    given: Counter[tuple[datetime.date, str, bool]] = Counter()
    for row in rows:
        for one in (row.held.own, row.held.stand_in) if row.held else ():
            if one is not None:
                given[one.order_date, one.order_number, one.stands_in_for_id is not None] += 1
    return [OrderLetter(number, date, many, lent) for (date, number, lent), many in sorted(given.items(), reverse=True)]


@dataclasses.dataclass(frozen=True)
class Annex:
    """What one order gives: each community once with its assignment, by officer and code."""

    number: str
    date: datetime.date
    lines: Sequence[tuple[Assignment, Community]]

    @property
    def houses(self) -> int:
        """The houses expected in all of them."""
        return sum(community.expected or 0 for _assignment, community in self.lines)


def annex_of(district: District, number: str, date: datetime.date) -> Annex | None:
    """The order's communities, those included that another order has taken since; None where there is no such order."""
    given = Assignment.objects.filter(community__district=district, order_number=number, order_date=date)
    given = given.exclude(until=F("since")).select_related("officer", "stands_in_for").order_by("-pk")
    # Given twice by one order, from another day on, it stands there once.
    once = {(one.community_id, one.officer_id): one for one in given}.values()
    named = Community.objects.as_at(date).select_related("subdistrict").filter(district=district)
    communities: dict[int, Community] = {community.pk: community for community in named}
    lines = [(one, communities[one.community_id]) for one in once]
    lines.sort(key=lambda line: (line[0].officer.full_name, line[1].label_code or "", line[1].pk))
    return Annex(number, date, lines) if lines else None


def coming_in(district: District, day: datetime.date) -> list[list[Assignment]]:
    """What begins only after the day, act by act, the next first; one query."""
    later = Assignment.objects.filter(community__district=district, since__gt=day, ended_at=None)
    later = later.select_related("officer", "stands_in_for").order_by("since", "recorded_at", "recorded_by", "pk")
    acts = itertools.groupby(later, key=lambda one: (one.since, one.recorded_at, one.recorded_by_id))
    return [list(act) for _key, act in acts]
