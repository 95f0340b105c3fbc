"""How long cases take, in working days of the office: their age, those that are late, and the KPI (product.md V7).

Working days leave out the holidays of government offices (`communities.thai_calendar`). What is late follows from the
limits of the table of moves (`workflow.LATE_AFTER`).
"""

from __future__ import annotations

import dataclasses
import datetime
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from django.conf import settings
from django.db.models import BigIntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from communities.models import District, Person
from communities.thai_calendar import add_months, month_start, working_days_since

from .models import Case, StatusChange
from .workflow import ENDED, LATE_AFTER, Move, State, Who, steps_from

# Which of the moves from a state is the way forward; from the other states it is the first one of the table.
_FORWARD: dict[str, frozenset[Move]] = {
    State.VISIT_PLANNED: frozenset({Move.RECORD_VISIT}),
    State.PROPOSED: frozenset({Move.STRIKE_OFF, Move.CORRECT}),
    State.RESTORING: frozenset({Move.RESTORE}),
}


@dataclasses.dataclass(frozen=True)
class Age:
    """Working days since a case was received, and since it came where it stands; `limit` there, None where it ended."""

    days: int
    here: int
    limit: int | None

    @property
    def late_by(self) -> int:
        """By how many working days it is over its limit; 0 in time."""
        return max(self.here - self.limit, 0) if self.limit is not None else 0


@dataclasses.dataclass(frozen=True)
class LateCase:
    """A case that has stood too long: its age, who moved it last (or opened it), in whose hands it lies."""

    case: Case
    age: Age
    last_by: Person
    hands: Sequence[Who]


@dataclasses.dataclass(frozen=True)
class ClosedWithin:
    """How many cases ended in a month, how many of them within `limit` working days, and the median of working days."""

    closed: int
    in_time: int
    limit: int
    median: float | None

    @property
    def share(self) -> int | None:
        """Those in time in per cent, rounded down; None where none ended."""
        return 100 * self.in_time // self.closed if self.closed else None


def age_of(case: Case, today: datetime.date | None = None) -> Age:
    """The age of the case today; what has ended grew no older than its end."""
    today = today or timezone.localdate()
    since = timezone.localdate(case.state_since)
    limit = LATE_AFTER.get(State(case.state))
    received = timezone.localdate(case.opened_at)
    return Age(
        working_days_since(received, since if limit is None else today),
        working_days_since(since, today),
        limit,
    )


def late_cases(cases: QuerySet[Case], today: datetime.date | None = None) -> list[LateCase]:
    """Those of the cases that are over their limit, the latest first; two queries, however many there are."""
    today = today or timezone.localdate()
    newest = StatusChange.objects.filter(case=OuterRef("pk")).order_by("-pk").values("done_by")[:1]
    # So many working days lie in no fewer days of the calendar: the database sorts out what cannot be late.
    over = Q(
        *[Q(state=state, state_since__lt=_end_of(today, limit)) for state, limit in LATE_AFTER.items()], _connector=Q.OR
    )
    maybe = cases.filter(over).annotate(
        last_by=Coalesce(Subquery(newest), "opened_by_id", output_field=BigIntegerField())
    )
    aged = [(case, age_of(case, today)) for case in maybe.select_related("house", "occurrence")]
    late = [(case, age) for case, age in aged if age.late_by]
    people = Person.objects.in_bulk({case.last_by for case, _age in late})
    return sorted(
        (LateCase(case, age, people[case.last_by], hands_for(case)) for case, age in late),
        key=lambda one: (-one.age.late_by, one.case.pk),
    )


def _end_of(today: datetime.date, days: int) -> datetime.datetime:
    """The moment before which a case must have come to a state to have stood there longer than so many days."""
    midnight = datetime.datetime.combine(today - datetime.timedelta(days=days), datetime.time.min)
    return timezone.make_aware(midnight)


def hands_for(case: Case) -> Sequence[Who]:
    """In whose hands the way forward of the case lies, in the order of `Who`."""
    steps = list(steps_from(case.state, case.kind))
    wanted = _FORWARD.get(case.state)
    forward = next((step for step in steps if wanted is None or step.move in wanted), None)
    return [who for who in Who if forward and who in forward.by]


def by_person_and_step(late: Iterable[LateCase]) -> list[tuple[Person, Counter[str], int]]:
    """Each person who moved late cases last, with how many stand at which state, and all together; most first."""
    counted: dict[int, Counter[str]] = {}
    people: dict[int, Person] = {}
    for one in late:
        people[one.last_by.pk] = one.last_by
        counted.setdefault(one.last_by.pk, Counter())[one.case.state] += 1
    lines = [(people[pk], states, states.total()) for pk, states in counted.items()]
    return sorted(lines, key=lambda line: (-line[2], str(line[0])))


def closed_within(district: District, month: datetime.date, limit: int | None = None) -> ClosedWithin:
    """The cases of the district that ended in the month that `month` lies in; each counts once, at its first end.

    `limit` in working days is the setting CASE_CLOSED_WITHIN_WORKING_DAYS unless it is given. One query.
    """
    limit = settings.CASE_CLOSED_WITHIN_WORKING_DAYS if limit is None else limit
    days = _days_to_the_end(district, month_start(month))
    return ClosedWithin(
        closed=len(days),
        in_time=sum(taken <= limit for taken in days),
        limit=limit,
        median=_whole(statistics.median(days)) if days else None,
    )


def _whole(number: float) -> float:
    """The number without its decimal where that is nothing."""
    return int(number) if number == int(number) else number


def _days_to_the_end(district: District, month: datetime.date) -> Collection[int]:
    """Working days from the report to the first end of each case that ended in the month."""
    ended = (
        StatusChange.objects.filter(case__district=district, state_after__in=ENDED)
        .order_by()
        .values("case")
        .annotate(received=TruncDate("case__opened_at"), ended=TruncDate(Min("done_at")))
        .filter(ended__gte=month, ended__lt=add_months(month, 1))
    )
    return [working_days_since(line["received"], line["ended"]) for line in ended]
