"""A house's history as one line of entries, and the one hook by which an upper floor adds its own (architecture.md).

A source is a function of a house and the person who looks; it returns entries, each drawn by a template part of the
app that offers the source. An upper app adds its source when it starts, in AppConfig.ready:

    timeline.add_source(verdicts_of)
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Appointment, Person

from .models import HouseNumberRecord, HouseRegistration, KeyingEvent, LifeEvent, RowDecision, RowMatch, TaggingBatch
from .models.dated import NEWEST_FIRST
from .provenance import provenance_of, with_rows
from .row_reasons import Outcome


@dataclasses.dataclass(frozen=True)
class Entry:
    """One thing that happened to a house.

    `happened_on` is its true day, `recorded_at` orders what happened on one day; `template` draws `facts`;
    `tone` is "" or "look" (needs a person), "no" (refusal, strike-off) or "dim-event" (of little weight).
    """

    happened_on: datetime.date
    recorded_at: datetime.datetime
    template: str
    facts: Mapping[str, Any]
    tone: str = ""


Source = Callable[[HouseRegistration, Person], Iterable[Entry]]


def add_source(source: Source) -> None:
    """Let the history of every house show what the source knows; adding it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def entries_of(house: HouseRegistration, person: Person) -> list[Entry]:
    """The house's history from all sources, newest first."""
    entries = [entry for source in _sources for entry in source(house, person)]
    return sorted(entries, key=lambda entry: (entry.happened_on, entry.recorded_at), reverse=True)


def life_of(house: HouseRegistration, _person: Person) -> Iterator[Entry]:
    """What the central register told and what the office did: registered, changed, struck off, restored, split."""
    events = list(house.life_events.select_related("recorded_by", "proposed_by"))
    posts = _posts_of_approvers(house, events)
    for event in events:
        yield Entry(
            event.happened_on,
            event.recorded_at,
            "households/timeline/_life_event.html",
            {"event": event, "differences": _differences(event), "acting_for": _acting_for(event, posts)},
            _LIFE_TONES.get(event.kind, ""),
        )


def _posts_of_approvers(house: HouseRegistration, events: Iterable[LifeEvent]) -> list[Appointment]:
    """The appointments as registrar of those who approved the office's acts; no query where there is none."""
    approvers = {event.recorded_by_id for event in events if event.proposed_by_id}
    if not approvers:
        return []
    posts = Appointment.objects.filter(district=house.district_id, person__in=approvers, is_registrar=True)
    return list(posts.select_related("acting_for"))


def _acting_for(event: LifeEvent, posts: Iterable[Appointment]) -> Person | None:
    """In whose place the approver of an act was registrar that day; None for one who was it in the own right."""
    day = timezone.localdate(event.recorded_at)
    held = [
        post.acting_for
        for post in posts
        if post.person_id == event.recorded_by_id and post.since <= day and (post.until is None or day < post.until)
    ]
    return held[0] if held and None not in held else None


_LIFE_TONES: dict[str, str] = {
    LifeEvent.Kind.STRUCK: "no",
    LifeEvent.Kind.VANISHED: "look",
    LifeEvent.Kind.REGISTERED: "dim-event",
}


def _differences(event: LifeEvent) -> list[dict[str, Any]]:
    """The columns whose values the event changed: label, before, after; and into which house, or houses, it went."""
    before, after = event.before or {}, event.after or {}
    if event.kind == LifeEvent.Kind.REGISTERED:
        return []
    return [
        {"label": label_of(name), "before": before.get(name), "after": after.get(name)}
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


_COLUMNS = {field.name: field for field in HouseRegistration._meta.concrete_fields}


def label_of(name: str) -> Any:
    """What a column of a house is called on the pages."""
    if name == "into":
        return _("goes on as")
    return _COLUMNS[name].verbose_name if name in _COLUMNS else name


def tags_of(house: HouseRegistration, _person: Person) -> Iterator[Entry]:
    """Each community the house came to or left: who did it, in which batch, on which list's word."""
    events = list(with_rows(house.tag_events.select_related("batch__done_by", "batch__undone_by__done_by")))
    comes_from = provenance_of(events)
    batches = {event.batch_id for event in events}
    for event in events:
        yield Entry(
            event.happened_on,
            event.recorded_at,
            "households/timeline/_tag.html",
            {
                "event": event,
                "comes_from": comes_from.get(event.pk),
                "undone": _undoing_of(event.batch, batches),
            },
            "" if event.community_id else "no",
        )


def _undoing_of(batch: TaggingBatch, batches: Collection[int]) -> TaggingBatch | None:
    """The undoing of the batch if it reached this house, whose own events are of these batches."""
    undoing = getattr(batch, "undone_by", None)
    return undoing if undoing is not None and undoing.pk in batches else None


def list_rows_of(house: HouseRegistration, person: Person) -> Iterator[Entry]:
    """The rows of communities' lists that name the house, or are most likely to mean it."""
    for record in _rows_naming(house, person):
        came = record.house_list
        yield Entry(
            came.received_on,
            came.received_at,
            _LIST_ROW,
            {"record": record, "house_list": came},
            "look" if record.hint or record.outcome in (Outcome.OPEN, Outcome.CLAIMED) else "dim-event",
        )


def hints_in(entries: Iterable[Entry]) -> list[HouseNumberRecord]:
    """The list rows of a history whose note says something that verification should look at, in its order."""
    records = (entry.facts["record"] for entry in entries if entry.template == _LIST_ROW)
    return [record for record in records if record.hint]


_LIST_ROW = "households/timeline/_list_row.html"


def _rows_naming(house: HouseRegistration, person: Person):
    """Rows decided for this house, and undecided rows of which it is the best candidate."""
    decided = (
        RowDecision.objects.filter(record=OuterRef("pk"), house__isnull=False).order_by(*NEWEST_FIRST).values("house")
    )
    likeliest = RowMatch.objects.filter(house=house, rank=1).values("record")
    named = RowDecision.objects.filter(house=house).values("record")
    # An OR of the two would read every row of every list; their union is found by index.
    return (
        HouseNumberRecord.objects.visible_to(person)
        .filter(pk__in=likeliest.union(named))
        .annotate(decided_house=Subquery(decided[:1]))
        .filter(Q(decided_house=house) | Q(decided_house__isnull=True))
        .select_related("house_list__received_by", "house_list__sender")
    )


def keyings_of(house: HouseRegistration, _person: Person) -> Iterator[Entry]:
    """What officers keyed into the central register for the house, or took back."""
    for keying in house.keying_events.select_related("recorded_by"):
        tone = "look" if keying.kind == KeyingEvent.Kind.TAKEN_BACK else ""
        template = "households/timeline/_keying.html"
        yield Entry(keying.happened_on, keying.recorded_at, template, {"keying": keying}, tone)


def codes_seen_of(house: HouseRegistration, _person: Person) -> Iterator[Entry]:
    """Which community codes extracts of the central register showed for the house."""
    for seen in house.seen_codes.select_related("reconciliation__loaded_by"):
        template = "households/timeline/_seen_code.html"
        yield Entry(seen.happened_on, seen.recorded_at, template, {"seen": seen}, "dim-event")


def checks_of(house: HouseRegistration, _person: Person) -> Iterator[Entry]:
    """What an officer looked at and found right, or took back having said so."""
    for check in house.desk_checks.select_related("recorded_by", "life_event", "takes_back"):
        template = "households/timeline/_desk_check.html"
        yield Entry(check.happened_on, check.recorded_at, template, {"check": check}, "dim-event")


_sources: list[Source] = [life_of, tags_of, list_rows_of, keyings_of, codes_seen_of, checks_of]
