"""What is counted of a district: one line a community, at a day and over a month.

A house counts as tagged while the newest of its tag events that count by the day gives it a community, whatever
became of the house later.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communities.models import District


@dataclasses.dataclass(frozen=True, slots=True)
class CommunityFigures:
    """A community as at a day, in houses; `expected` is None where nobody said it, `listed` is what its lists name."""

    community: int
    code: str
    name: str
    subdistrict: str
    expected: int | None
    listed: int
    tagged: int
    live: int
    tagged_by_machine: int
    is_complete: bool

    @property
    def tagged_by_officers(self) -> int:
        """Houses whose standing tag a person decided."""
        return self.tagged - self.tagged_by_machine

    @property
    def remaining(self) -> int:
        """Expected houses not tagged yet; 0 where more are tagged than expected."""
        return max((self.expected or 0) - self.tagged, 0)

    @property
    def beyond_expected(self) -> int:
        """Houses tagged beyond the expected number; 0 where nobody said one."""
        return max(self.tagged - self.expected, 0) if self.expected is not None else 0

    @property
    def share(self) -> float | None:
        """The tagged houses as a part of the expected, 1.0 for all; None where none is expected."""
        return self.tagged / self.expected if self.expected else None


@dataclasses.dataclass(frozen=True, slots=True)
class DistrictFigures:
    """A district as at a day, and each of its communities in the order of their codes."""

    district: District
    day: datetime.date
    communities: tuple[CommunityFigures, ...]

    @property
    def houses_tagged(self) -> int:
        """Houses that carry a community's code on that day, whatever became of them later."""
        return sum(line.tagged for line in self.communities)

    @property
    def houses_live(self) -> int:
        """Those of them not struck off by that day."""
        return sum(line.live for line in self.communities)

    @property
    def tagged_by_machine(self) -> int:
        """Those whose standing tag came from an exact row."""
        return sum(line.tagged_by_machine for line in self.communities)

    @property
    def tagged_by_officers(self) -> int:
        """Those whose standing tag a person decided."""
        return sum(line.tagged_by_officers for line in self.communities)

    @property
    def expected(self) -> int:
        """What all communities together were said to have."""
        return sum(line.expected or 0 for line in self.communities)

    @property
    def with_expected(self) -> DistrictFigures:
        """The district without the communities of which nobody said a number: the expected is theirs alone.

        Every share of the expected is a share of these, or houses that nobody expected would make it run high.
        """
        said = tuple(line for line in self.communities if line.expected is not None)
        return dataclasses.replace(self, communities=said)

    @property
    def share(self) -> float | None:
        """The tagged houses of communities with an expected number as a part of it; None where none is expected."""
        return self.with_expected.houses_tagged / self.expected if self.expected else None

    @property
    def listed(self) -> int:
        """What the lists of all communities together name."""
        return sum(line.listed for line in self.communities)

    @property
    def remaining(self) -> int:
        """What is left of the expected, community by community."""
        return sum(line.remaining for line in self.communities)

    @property
    def communities_complete(self) -> int:
        """Communities whose lists have no open row on that day."""
        return sum(line.is_complete for line in self.communities)

    @property
    def communities_total(self) -> int:
        """All communities of the district."""
        return len(self.communities)


@dataclasses.dataclass(frozen=True, slots=True)
class CentralLine:
    """A community's tagged houses as at a day, as they stand in the central register.

    `keyed`: officers said that the community's code was typed there; `confirmed`: the newest extract shows it there.
    """

    keyed: int = 0
    confirmed: int = 0


NOTHING_KEYED = CentralLine()


@dataclasses.dataclass(frozen=True, slots=True)
class CentralFigures:
    """A district as at a day beside the central register, by community (id).

    `in_no_community`: houses of which a person said that they are in none, and why.
    """

    day: datetime.date
    lines: Mapping[int, CentralLine]
    in_no_community: int

    def of(self, community: int) -> CentralLine:
        """The community's line; zeros where nothing was keyed or seen."""
        return self.lines.get(community, NOTHING_KEYED)

    @property
    def houses_keyed(self) -> int:
        """Tagged houses whose code was typed into the central register."""
        return sum(line.keyed for line in self.lines.values())

    @property
    def houses_confirmed(self) -> int:
        """Tagged houses whose code the newest extract shows."""
        return sum(line.confirmed for line in self.lines.values())

    @property
    def says_anything(self) -> bool:
        """Whether anything was keyed, confirmed or said to be in no community by that day."""
        return bool(self.houses_keyed or self.houses_confirmed or self.in_no_community)


@dataclasses.dataclass(frozen=True, slots=True)
class MonthLine:
    """A community's month: `this_month` first tags, moves in and out, and how it stands at the end (`at_end`)."""

    at_end: CommunityFigures
    this_month: int
    moved_in: int
    moved_out: int

    @property
    def before(self) -> int:
        """How many houses the community had when the month began."""
        return self.at_end.tagged - self.this_month - self.moved_in + self.moved_out


@dataclasses.dataclass(frozen=True, slots=True)
class MonthFigures:
    """A district's month; before + this_month + moved_in − moved_out = at the end, line by line and in all."""

    month: datetime.date
    at_end: DistrictFigures
    lines: tuple[MonthLine, ...]

    @property
    def before(self) -> int:
        """Houses tagged when the month began."""
        return sum(line.before for line in self.lines)

    @property
    def this_month(self) -> int:
        """Houses tagged for the first time in the month."""
        return sum(line.this_month for line in self.lines)

    @property
    def moved_in(self) -> int:
        """Houses that came from another community, or got a code back."""
        return sum(line.moved_in for line in self.lines)

    @property
    def moved_out(self) -> int:
        """Houses that went to another community, or lost their code."""
        return sum(line.moved_out for line in self.lines)


@dataclasses.dataclass(frozen=True, slots=True)
class MonthTotal:
    """A month of the district in two numbers: houses first tagged in it, and houses tagged at its end."""

    month: datetime.date
    this_month: int
    tagged: int


@dataclasses.dataclass(frozen=True, slots=True)
class HouseLine:
    """A house that a figure counts, as at the figure's day.

    `tagged_on` is the true day of its newest tag event, `by_machine` whether an exact row brought it.
    """

    house: int
    house_code: str
    house_no: str
    trok: str
    soi: str
    road: str
    subdistrict: str
    tagged_on: datetime.date
    by_machine: bool
    is_struck: bool
