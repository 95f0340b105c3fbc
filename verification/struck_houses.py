"""The account of struck-off houses (บัญชีบ้านที่จำหน่าย) of a month and community (product.md V8; domain.md section 6).

A line is a life event by which the office struck a house off. It stands in the month in which it counts; the true day
stays on every paper. What the central register struck off by itself stands apart.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import translation
from django.utils.translation import gettext as _

from communities.district_choice import communities_of
from communities.exports import Table, stamp
from communities.models import ClosedMonth, Community, District, Person
from communities.thai_calendar import month_end, month_name, month_start, short_date
from communities.thai_text import to_thai_digits
from households.house_codes import show_house_code
from households.models import HouseRegistration, LifeEvent

from .house_list_print import lane_in_words
from .models import Case, SignedForm31, StopResult

Ground, Kind = LifeEvent.Ground, LifeEvent.Kind


@dataclasses.dataclass(frozen=True)
class StruckHouse:
    """A line of the account: the event with its house and people, and the evidence of its case.

    `case` is None for what came from no case; `restored_on` is the true day of a later restoring.
    """

    number: int
    event: LifeEvent
    community: Community | None
    case: Case | None
    form: SignedForm31 | None
    visited_on: datetime.date | None
    restored_on: datetime.date | None

    @property
    def house(self) -> HouseRegistration:
        """The house that was struck off."""
        return self.event.house

    @property
    def counts_later(self) -> bool:
        """Whether it counts on another day than it happened, because that month was issued."""
        return self.event.counted_on != self.event.happened_on


@dataclasses.dataclass(frozen=True)
class Account:
    """The account of a month: the office's lines, what the central register struck off by itself, totals by ground.

    `late` are the issued months in which lines of this account truly happened.
    """

    district: District
    month: datetime.date
    lines: Sequence[StruckHouse]
    central: Sequence[LifeEvent]
    totals: Sequence[tuple[str, int]]
    late: Sequence[datetime.date]

    @property
    def standing(self) -> int:
        """The lines that were not restored since."""
        return sum(line.restored_on is None for line in self.lines)


def account_of(
    district: District,
    month: datetime.date,
    community: int | None = None,
    until: datetime.date = datetime.date.max,
) -> Account:
    """The account of the month that `month` lies in, of one community (id) or all; some queries at any length.

    What counts after the day `until` is left out.
    """
    month = month_start(month)
    struck = _struck(district).filter(counted_on__gte=month, counted_on__lte=min(month_end(month), until))
    if community is not None:
        struck = struck.filter(house__community=community)
    struck = struck.select_related("house__subdistrict", "house__district", "proposed_by", "recorded_by")
    events = list(struck.order_by("counted_on", "pk"))
    office = [event for event in events if event.ground != Ground.CENTRAL_REGISTER]
    lines = _lines(district, office, until)
    grounds = Counter(event.ground for event in office)
    return Account(
        district=district,
        month=month,
        lines=lines,
        central=[event for event in events if event.ground == Ground.CENTRAL_REGISTER],
        totals=[(str(ground.label), grounds[ground.value]) for ground in Ground if grounds[ground.value]],
        late=_issued_months(district, {month_start(line.event.happened_on) for line in lines if line.counts_later}),
    )


def months_with_lines(district: District) -> list[tuple[datetime.date, int]]:
    """The months in which houses were struck off by the office, the newest first, with how many."""
    office = _struck(district).exclude(ground=Ground.CENTRAL_REGISTER).order_by()
    counted = office.values_list(TruncMonth("counted_on")).annotate(Count("pk"))
    return sorted(counted, reverse=True)


def _struck(district: District) -> QuerySet[LifeEvent]:
    return LifeEvent.objects.filter(house__district=district, kind=Kind.STRUCK)


def _lines(district: District, events: Sequence[LifeEvent], until: datetime.date) -> list[StruckHouse]:
    named = communities_of(district)
    cases = {case.life_event_id: case for case in Case.objects.filter(life_event__in=events)}
    forms = {
        signed.form.case_id: signed
        for signed in SignedForm31.objects.filter(form__case__in=cases.values()).select_related("form").order_by("pk")
    }
    visited = dict(
        StopResult.objects.filter(stop__case__in=cases.values()).order_by("pk").values_list("stop__case", "seen_on")
    )
    restored = _restored(events, until)
    lines = []
    for number, event in enumerate(events, 1):
        case = cases.get(event.pk)
        lines.append(
            StruckHouse(
                number,
                event,
                named.get(event.house.community_id) if event.house.community_id else None,
                case,
                forms.get(case.pk) if case else None,
                visited.get(case.pk) if case else None,
                restored.get(event.pk),
            )
        )
    return lines


def _restored(events: Sequence[LifeEvent], until: datetime.date) -> dict[int, datetime.date]:
    """Of each event that was followed by a restoring of its house by the day: the true day of the first one."""
    after: dict[int, list[tuple[int, datetime.date]]] = {}
    known = LifeEvent.objects.filter(
        house__in=[event.house_id for event in events], kind=Kind.RESTORED, counted_on__lte=until
    )
    for pk, house, day in known.order_by("pk").values_list("pk", "house", "happened_on"):
        after.setdefault(house, []).append((pk, day))
    found = {event.pk: [day for pk, day in after.get(event.house_id, []) if pk > event.pk] for event in events}
    return {event: days[0] for event, days in found.items() if days}


def _issued_months(district: District, months: set[datetime.date]) -> list[datetime.date]:
    """Those of the months that are closed in the district, by their own report or a later one."""
    last = ClosedMonth.objects.filter(district=district).order_by("-month").values_list("month", flat=True).first()
    return sorted(month for month in months if last and month <= last)


# --- on paper and as a table ---

Cell = Callable[[StruckHouse], str]


def columns(*, with_codes: bool) -> list[tuple[str, Cell]]:
    """The columns of the account: heading, and what stands there; house codes only for who may see them."""
    codes: list[tuple[str, Cell]] = [(_("House code"), lambda line: show_house_code(line.house.house_code))]
    return [
        (_("No."), lambda line: str(line.number)),
        (_("House number"), lambda line: line.house.house_no),
        (_("Address"), lambda line: f"{lane_in_words(line.house)} {line.house.subdistrict}".strip()),
        *(codes if with_codes else []),
        (_("Community"), lambda line: (line.community.name_th or "") if line.community else ""),
        (_("Ground"), lambda line: _ground_in_words(line)),
        (_("True date"), lambda line: short_date(line.event.happened_on)),
        (_("Counts from"), lambda line: short_date(line.event.counted_on) if line.counts_later else ""),
        (_("Case"), lambda line: line.event.reference),
        (_("TR.31"), lambda line: f"{line.form.number} · {short_date(line.form.dated)}" if line.form else ""),
        (_("Visited on"), lambda line: short_date(line.visited_on) if line.visited_on else ""),
        (_("Proposed by"), lambda line: str(line.event.proposed_by or "")),
        (_("Approved by"), lambda line: str(line.event.recorded_by)),
    ]


def _ground_in_words(line: StruckHouse) -> str:
    ground = line.event.get_ground_display()
    if line.restored_on is None:
        return ground
    return _("%(ground)s (restored %(day)s)") % {"ground": ground, "day": short_date(line.restored_on)}


def title_of(account: Account) -> str:
    """The account's name with its month."""
    return _("Account of struck-off houses, %(month)s") % {"month": month_name(account.month)}


def account_as_table(account: Account, *, with_codes: bool) -> Table:
    """The account as a table to take out."""
    return Table(title_of(account), account.district, columns(with_codes=with_codes), account.lines)


def _on_paper(text: str) -> tuple[str, bool]:
    """The text in Thai digits, and whether it stays on one line: a number is never broken at its slash."""
    return to_thai_digits(text), "/" in text and " " not in text


@translation.override("th")
def account_on_paper(account: Account, *, by: Person, purpose: str, with_codes: bool) -> Mapping[str, object]:
    """What the paper shows, every text in its final writing, digits Thai as on the office's papers."""
    named = columns(with_codes=with_codes)
    return {
        "title": to_thai_digits(title_of(account)),
        "district": str(account.district),
        "headings": [heading for heading, _cell in named],
        "rows": [[_on_paper(cell(line)) for _head, cell in named] for line in account.lines],
        "totals": [(label, to_thai_digits(f"{number:,}")) for label, number in account.totals],
        "all": to_thai_digits(f"{len(account.lines):,}"),
        "late": [to_thai_digits(month_name(month)) for month in account.late],
        "stamp": stamp(by, purpose),
    }
