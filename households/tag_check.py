"""What tagging would do, before it is done: the same judgement as `tagging`, without touching a house."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Community

from .claims import claimed_among
from .models import HouseRegistration
from .models.registrations import HouseRegistrationQuerySet
from .tag_judgement import Fate, Fates, all_of, count, fates_in_community, fates_in_none
from .tag_ledger import STANDING, Standing, Standings

MOST_AT_ONCE = 20_000
SAMPLE = 5

_Key = TypeVar("_Key", int, str)


@dataclasses.dataclass(frozen=True)
class Group:
    """Houses of which the same becomes: how many of each community (id) and of each reason for being in none, and
    the first of them in lane order."""

    fate: Fate
    number: int
    by_community: Mapping[int, int]
    by_outside: Mapping[str, int]
    sample: Sequence[HouseRegistration]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.sample)


@dataclasses.dataclass(frozen=True)
class TagCheck:
    """What would become of the houses, in groups; `seen` is how each of them stands, `code` what they are to get."""

    code: str
    total: int
    seen: Standings
    groups: Mapping[Fate, Group]

    @property
    def gets(self) -> int:
        """The houses that get the code at once, those that were said to be in no community among them."""
        return self._number(Fate.NEW, Fate.RETURNING)

    @property
    def with_moved(self) -> int:
        """The houses that get the code if those of other communities move as well."""
        return self.gets + self.elsewhere

    @property
    def same(self) -> int:
        """The houses that have the code already."""
        return self._number(Fate.SAME)

    @property
    def elsewhere(self) -> int:
        """The houses of other communities, which move only with a reason."""
        return self._number(Fate.ELSEWHERE)

    @property
    def claimed(self) -> int:
        """The houses that wait on the bench of claims."""
        return self._number(Fate.CLAIMED)

    @property
    def not_live(self) -> int:
        """The houses that are no longer in the register."""
        return self._number(Fate.STRUCK, Fate.VANISHED)

    @property
    def in_order(self) -> list[Group]:
        """The groups, those that change first."""
        return [self.groups[fate] for fate in Fate if fate in self.groups]

    def _number(self, *fates: Fate) -> int:
        return sum(self.groups[fate].number for fate in fates if fate in self.groups)


@dataclasses.dataclass(frozen=True)
class UntagCheck:
    """How many of the houses would lose a code, how many of them each community would lose, how many are said to be in
    none and would not be any more (by reason), and how many stay as they are; `seen` as in TagCheck."""

    total: int
    seen: Standings
    by_community: Mapping[int, int]
    by_outside: Mapping[str, int]

    @property
    def tagged(self) -> int:
        """The houses that lose a code."""
        return sum(self.by_community.values())

    @property
    def changes(self) -> int:
        """The houses of which something is taken back."""
        return self.tagged + sum(self.by_outside.values())

    @property
    def untagged(self) -> int:
        """The houses that stay as they are."""
        return self.total - self.changes


def check_tag(houses: HouseRegistrationQuerySet, community: Community) -> TagCheck:
    """What `tagging.tag` would do with the houses today; raises `code_not_in_force`, `too_many`."""
    code = require_code(community, timezone.localdate())
    seen = standings_in(houses)
    return _checked(code, seen, fates_in_community(seen, community.pk, claimed_among(all_of(seen))))


def check_outside(houses: HouseRegistrationQuerySet, reason: str) -> TagCheck:
    """What `tagging.say_in_no_community` would do with the houses; raises `too_many`."""
    seen = standings_in(houses)
    return _checked("", seen, fates_in_none(seen, reason, claimed_among(all_of(seen))))


def check_untag(houses: HouseRegistrationQuerySet) -> UntagCheck:
    """What `tagging.untag` would do with the houses; raises `too_many`."""
    seen = standings_in(houses)
    return UntagCheck(count(seen), seen, _by_community(seen), _by_outside(seen))


def standings_in(houses: HouseRegistrationQuerySet) -> Standings:
    """How the houses stand, not locked; raises `too_many` for more than anybody looks through at once."""
    found = houses.order_by().values_list(*STANDING).annotate(ids=ArrayAgg("pk", order_by="pk"))
    seen = {Standing(*stands): ids for *stands, ids in found}
    if count(seen) > MOST_AT_ONCE:
        raise ValidationError(
            _("%(number)s houses match, and at most %(most)s are changed at once. Narrow them down."),
            code="too_many",
            params={"number": f"{count(seen):,}", "most": f"{MOST_AT_ONCE:,}"},
        )
    return seen


def _checked(code: str, seen: Standings, fates: Fates) -> TagCheck:
    groups = {fate: _group(fate, houses) for fate, houses in fates.items() if houses}
    return TagCheck(code, count(seen), seen, groups)


def _group(fate: Fate, houses: Standings) -> Group:
    named = HouseRegistration.objects.filter(pk__in=all_of(houses)).in_lane_order()[:SAMPLE]
    return Group(fate, count(houses), _by_community(houses), _by_outside(houses), list(named))


def _by_community(houses: Standings) -> dict[int, int]:
    return _most_first((stands.community, len(ids)) for stands, ids in houses.items() if stands.community)


def _by_outside(houses: Standings) -> dict[str, int]:
    return _most_first((stands.outside, len(ids)) for stands, ids in houses.items() if stands.outside)


def _most_first(numbers: Iterable[tuple[_Key, int]]) -> dict[_Key, int]:
    summed: Counter[_Key] = Counter()
    for key, number in numbers:
        summed[key] += number
    return dict(summed.most_common())
