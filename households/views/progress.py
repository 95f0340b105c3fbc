"""Progress in the browser: what each person did on each day, the rows behind every number, and what waits how long."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import Max
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.exports import ROWS_AT_ONCE, Table
from communities.ids import id_in
from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import NotADate, add_months, month_end, month_start, parse_date, parse_month, short_date
from communities.views_exports import asks_for_file, asks_for_table, export_response

from ..export_tables import columns_of_deed, columns_of_waiting, columns_of_work
from ..list_life import ListLife, lives_of
from ..models import TaggingBatch
from ..progress import CommunityProgress, district_progress
from ..work_done import (
    DayOfWork,
    Deed,
    PersonsWork,
    Span,
    oldest_waiting,
    people_at_work,
    rows_behind,
    work_of,
)
from ..work_picture import Picture, picture
from ..work_shares import Held, held_in

SPANS = (14, 31)
ROWS_A_PAGE = 100
WAITING_TABLE = "waiting"
FIRST_MONTH = datetime.date(1950, 1, 1)  # no paper of this work is older


@dataclasses.dataclass(frozen=True)
class PersonShown:
    """A person's work as the page shows it: the whole, the picture, and the days, newest first."""

    work: PersonsWork
    picture: Picture

    @property
    def days(self) -> Sequence[tuple[datetime.date, DayOfWork]]:
        return sorted(self.work.days.items(), reverse=True)


@dataclasses.dataclass(frozen=True)
class Waiting:
    """How long a community's things wait: whole days since its oldest open list came, since the step of its list's
    life, and since its last batch; None where there is no such thing."""

    progress: CommunityProgress
    held: Held | None
    life: ListLife
    waited: int | None
    in_stage: int | None
    since_batch: int | None


@needs(Action.SEE_HOUSES)
@require_GET
def work_progress(request: OfficeRequest) -> HttpResponseBase:
    """What each person did in the last days (?days=) or a month (?month=), and what waits how long, by community.

    ?format= takes the days out as a file, or (?table=waiting) what waits.
    """
    choice = district_choice(request, Action.SEE_HOUSES)
    if asks_for_table(request, WAITING_TABLE):
        return export_response(request, _table_of_waiting(request, choice.district))
    span, month = _span_asked(request)
    people = _people_shown(request, choice.district)
    work = work_of(choice.district, span, people)
    if asks_for_file(request):
        return export_response(request, _table_of_work(choice.district, span, work))
    total = DayOfWork()
    for one in work:
        total = total.plus(one.total)
    context = {
        "choice": choice,
        "span": span,
        "spans": SPANS,
        "month": month,
        "previous": add_months(month or month_start(_today()), -1),
        "next": add_months(month, 1) if month and add_months(month, 1) <= _today() else None,
        "length": len(span.days),
        "people": _with_pictures(work, span),
        "idle": [one.person for one in work if not one.total],
        "total": total,
        **({} if total else _last_work(choice.district, people)),
        "sees_all": may(request.user, Action.SEE_EVERYONES_WORK, choice.district),
        "waiting": _waiting(request, choice.district),
    }
    return render(request, "households/work_progress.html", context)


def _table_of_work(district: District, span: Span, work: Sequence[PersonsWork]) -> Table:
    days = [(one.person, day, done) for one in work for day, done in sorted(one.days.items(), reverse=True)]
    return Table(_("Progress by person"), district, columns_of_work(), days, _span_in_words(span))


def _span_in_words(span: Span) -> list[tuple[str, str]]:
    return [(_("Days"), f"{short_date(span.first)} – {short_date(span.last)}")]


def _table_of_waiting(request: OfficeRequest, district: District) -> Table:
    sees_all = may(request.user, Action.SEE_EVERYONES_WORK, district)
    return Table(_("What waits how long"), district, columns_of_waiting(sees_all=sees_all), _waiting(request, district))


def _today() -> datetime.date:
    return timezone.localdate()


def _span_asked(request: OfficeRequest) -> tuple[Span, datetime.date | None]:
    """The days that the address asks for, and the month if it names one; the shortest span where it names nothing."""
    month = _month_asked(request)
    if month is not None:
        return Span(month, month_end(month)), month
    length = id_in(request.GET.get("days", ""))
    wanted = length if length in SPANS else SPANS[0]
    return Span(_today() - datetime.timedelta(days=wanted - 1), _today()), None


def _month_asked(request: OfficeRequest) -> datetime.date | None:
    try:
        month = parse_month(request.GET.get("month", "")[:20])
    except NotADate:
        return None
    return month if FIRST_MONTH <= month <= _today() else None


def _people_shown(request: OfficeRequest, district: District) -> list[Person]:
    """Everyone who works here, or the person alone who may not see the others' work."""
    if may(request.user, Action.SEE_EVERYONES_WORK, district):
        return people_at_work(district)
    return [request.user]


def _with_pictures(work: Sequence[PersonsWork], span: Span) -> list[PersonShown]:
    """All pictures have one scale, so that people can be compared; what nobody did has no columns."""
    kinds = [deed for deed in (Deed.TAGGED, Deed.KEYED) if any(getattr(one.total, deed) for one in work)]
    largest = max((getattr(day, kind) for one in work for day in one.days.values() for kind in kinds), default=0)
    return [PersonShown(one, picture(span.days, _series(one, kinds or [Deed.TAGGED]), largest)) for one in work]


def _series(one: PersonsWork, kinds: Sequence[Deed]) -> dict[str, dict[datetime.date, int]]:
    return {kind.value: {day: getattr(done, kind) for day, done in one.days.items()} for kind in kinds}


def _last_work(district: District, people: Sequence[Person]) -> dict[str, object]:
    """The day of these people's last batch, and the page of its month."""
    batches = TaggingBatch.objects.filter(district=district, done_by__in=[person.pk for person in people])
    last = batches.aggregate(last=Max("happened_on"))["last"]
    if last is None:
        return {}
    query = urlencode({"district": district.code, "month": f"{last:%Y-%m}"})
    return {"last_work": last, "last_work_url": f"{reverse('households:work_progress')}?{query}"}


def _waiting(request: OfficeRequest, district: District) -> list[Waiting]:
    """The communities with something that waits, the longest first; of the person alone who sees no others' work."""
    held, oldest = held_in(district, _today()), oldest_waiting(district)
    lives = lives_of(district)
    lines = [
        _line(progress, held.get(progress.community.pk), lives[progress.community.pk], oldest)
        for progress in district_progress(district)
    ]
    if not may(request.user, Action.SEE_EVERYONES_WORK, district):
        lines = [line for line in lines if line.held and line.held.officer == request.user]
    open_ones = [line for line in lines if line.waited is not None or line.progress.status != "complete"]
    return sorted(open_ones, key=lambda line: (-(line.waited or 0), -(line.in_stage or 0)))


def _line(
    progress: CommunityProgress, held: Held | None, life: ListLife, oldest: Mapping[int, datetime.date]
) -> Waiting:
    came = oldest.get(progress.community.pk)
    batch = timezone.localdate(progress.last_batch_at) if progress.last_batch_at else None
    return Waiting(progress, held, life, _days_since(came), _days_since(life.since), _days_since(batch))


def _days_since(day: datetime.date | None) -> int | None:
    return (_today() - day).days if day else None


# --- the rows behind a number ---


@needs(Action.SEE_HOUSES)
@require_GET
def work_done(request: OfficeRequest) -> HttpResponseBase:
    """The houses or rows behind a number: ?what= of ?person= (else of everyone shown) from ?from= to ?to=.

    ?format= takes them out as a file.
    """
    choice = district_choice(request, Action.SEE_HOUSES)
    span = Span(_day_in(request, "from"), _day_in(request, "to"))
    deed = _deed_in(request)
    everyone = _people_shown(request, choice.district)
    people = _people_asked(request, everyone)
    if asks_for_file(request):
        return export_response(request, _table_of_deed(deed, choice.district, span, people))
    work = work_of(choice.district, span, people)
    total = DayOfWork()
    for one in work:
        total = total.plus(one.total)
    before = id_in(request.GET.get("before", ""))
    found = rows_behind(deed, choice.district, span, people).order_by("-pk")
    shown = list((found.filter(pk__lt=before) if before else found)[: ROWS_A_PAGE + 1])
    context = {
        "choice": choice,
        "span": span,
        "deed": deed,
        "deeds": [(one, getattr(total, one)) for one in Deed],
        "person": people[0] if len(people) == 1 else None,
        "number": getattr(total, deed),
        "rows": shown[:ROWS_A_PAGE],
        "next": shown[ROWS_A_PAGE - 1].pk if len(shown) > ROWS_A_PAGE else None,
        "later": before is not None,
        "communities": communities_of(choice.district),
    }
    return render(request, "households/work_done.html", context)


def _table_of_deed(deed: Deed, district: District, span: Span, people: Sequence[Person]) -> Table:
    rows = rows_behind(deed, district, span, people).order_by("-pk")
    whose = [(_("By"), str(people[0]))] if len(people) == 1 else []
    return Table(
        title=str(deed.label),
        district=district,
        columns=columns_of_deed(deed, communities_of(district)),
        lines=rows.iterator(chunk_size=ROWS_AT_ONCE),
        conditions=[*_span_in_words(span), *whose],
        houses=rows.count(),
    )


def _day_in(request: OfficeRequest, name: str) -> datetime.date:
    try:
        day = parse_date(request.GET.get(name, "")[:40])
    except NotADate:
        raise Http404 from None
    if day < FIRST_MONTH:
        raise Http404
    return day


def _deed_in(request: OfficeRequest) -> Deed:
    try:
        return Deed(request.GET.get("what", Deed.TAGGED))
    except ValueError:
        raise Http404 from None


def _people_asked(request: OfficeRequest, everyone: Sequence[Person]) -> list[Person]:
    """The person that the address names, who must be among those shown; all of them where it names nobody."""
    wanted = request.GET.get("person", "")
    named = [person for person in everyone if not wanted or wanted == str(person.pk)]
    if not named:
        raise Http404
    return named
