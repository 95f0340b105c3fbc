"""Cases: opened by a report, moved by the table of moves, each move judged with the case's row held (product.md V1)."""

from __future__ import annotations

import datetime
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from communities.models import Community, District, Person, Role
from communities.registrars import is_registrar
from communities.roles import Action, may
from communities.scope import posts_of_today
from communities.thai_calendar import BUDDHIST_ERA
from households.models import HouseRegistration

from .evidence import Dossier, missing
from .models import (
    Case,
    CasePhoto,
    Form31,
    Occurrence,
    Proposal,
    ResidentsStatement,
    StatusChange,
    Stop,
    Verdict,
    VerdictPhoto,
)
from .workflow import ENDED, EVERY_KIND, EVIDENCE_NAMES, Kind, Move, Step, Who, step_of, steps_from

Source = Case.Source

# Moves that a page makes alone. The others are part of an act: a visit planned or recorded, a proposal made or decided.
BY_HAND = frozenset(
    {
        Move.TAKE_UP,
        Move.ASK_BACK,
        Move.WITHDRAW,
        Move.RECLASSIFY,
        Move.SETTLE_AT_DESK,
        Move.CONFIRM,
        Move.FIND_STANDING,
        Move.FILE_TR31,
        Move.AWAIT_RESIDENTS,
    }
)
# Without what is easily read as something else.
_LETTERS_OF_RECEIPTS = "ACDEFHJKMNPRTWXY3479"
_LENGTH_OF_RECEIPTS = 10
# What a president's verdict says of the house, as the kind of its case.
KIND_OF_VERDICT: dict[str, Kind] = {
    Verdict.Kind.DEMOLISHED: Kind.DEMOLISHED,
    Verdict.Kind.WRONG_NUMBER: Kind.WRONG_NUMBER,
    Verdict.Kind.NOT_OURS: Kind.WRONG_COMMUNITY,
    Verdict.Kind.UNKNOWN: Kind.UNCLEAR,
    Verdict.Kind.MISSING: Kind.MISSING,
}


# --- opening ---


@transaction.atomic
def open_case(
    district: District,
    *,
    kind: str,
    source: str,
    house: HouseRegistration | None = None,
    house_no: str = "",
    lane: str = "",
    community: Community | None = None,
    told: str = "",
    reporter_name: str = "",
    reporter_phone: str = "",
    occurrence: Occurrence | None = None,
    verdict: Verdict | None = None,
    by: Person,
) -> Case:
    """Opens a case with the next number of the Buddhist year in the district; a citizen's gets a receipt.

    `house` is needed but for a missing one, which has `house_no`. Raises `not_allowed`, `not_a_kind`, `no_house`,
    `other_district`, `struck_already`, `open_already`, `name_needed`.
    """
    if not may(by, Action.OPEN_CASE, district):
        raise ValidationError(_("Only the district office opens cases."), code="not_allowed")
    district = District.objects.select_for_update(no_key=True).get(pk=district.pk)
    _refuse_report(district, kind, source, house, house_no, reporter_name)
    if house is not None:
        house = HouseRegistration.objects.select_for_update(no_key=True).get(pk=house.pk)
        _refuse_house(house, kind)
    year = timezone.localdate().year + BUDDHIST_ERA
    last = Case.objects.filter(district=district, year_be=year).aggregate(Max("number"))["number__max"] or 0
    return Case.objects.create(
        district=district,
        year_be=year,
        number=last + 1,
        kind=kind,
        house=house,
        house_no=house_no.strip() if house is None else "",
        lane=lane.strip() if house is None else "",
        community_id=community.pk if community else house.community_id if house else None,
        source=source,
        told=told.strip(),
        reporter_name=reporter_name.strip(),
        reporter_phone=reporter_phone.strip(),
        receipt=_new_receipt() if source == Source.CITIZEN else None,
        occurrence=occurrence,
        verdict=verdict,
        opened_by=by,
    )


def open_case_of_verdict(verdict: Verdict, *, by: Person) -> Case:
    """The case of a president's verdict that must be seen on the spot; the one that is open for the house already.

    After an appeal against what an ended case found, it is another one. Raises as `open_case` does.
    """
    kind = KIND_OF_VERDICT[verdict.kind]
    house = verdict.listed.house if verdict.listed else None
    about = Case.objects.open().filter(Q(verdict=verdict) | Q(house__isnull=False, house=house, kind=kind))
    if known := about.first():
        return known
    is_the_first = not Case.objects.filter(verdict=verdict).exists()
    return open_case(
        verdict.review.round.district,
        kind=kind,
        source=Source.PRESIDENT,
        house=house,
        house_no=verdict.house_no,
        lane=verdict.lane,
        community=verdict.review.community,
        told=verdict.note,
        reporter_name=str(verdict.given_by),
        verdict=verdict if is_the_first else None,
        by=by,
    )


def record_occurrence(
    district: District, *, name: str, place: str, happened_on: datetime.date, houses: int, by: Person
) -> Occurrence:
    """Records an event that struck many houses, before their cases are opened.

    Raises `not_allowed`, `words_needed`, `in_the_future`, `no_house` where none was chosen.
    """
    if not may(by, Action.OPEN_CASE, district):
        raise ValidationError(_("Only the district office opens cases."), code="not_allowed")
    if not name.strip():
        raise ValidationError(_("Say what happened."), code="words_needed")
    if happened_on > timezone.localdate():
        raise ValidationError(_("The day lies in the future."), code="in_the_future")
    if not houses:
        raise ValidationError(_("Choose the houses first."), code="no_house")
    return Occurrence.objects.create(
        district=district, name=name.strip(), place=place.strip(), happened_on=happened_on, recorded_by=by
    )


@transaction.atomic
def open_cases_of_occurrence(
    occurrence: Occurrence, houses: Iterable[HouseRegistration], *, kind: str, told: str, by: Person
) -> tuple[list[Case], dict[HouseRegistration, str]]:
    """A case for each house that one event struck; beside them the houses that were refused, with the sentence.

    Raises `not_allowed`, `no_house`.
    """
    opened: list[Case] = []
    refused: dict[HouseRegistration, str] = {}
    chosen = sorted(houses, key=lambda house: house.pk)
    if not chosen:
        raise ValidationError(_("Choose the houses first."), code="no_house")
    for house in chosen:
        try:
            opened.append(
                open_case(
                    occurrence.district,
                    kind=kind,
                    source=source_for(by, occurrence.district),
                    house=house,
                    told=told,
                    occurrence=occurrence,
                    by=by,
                )
            )
        except ValidationError as refusal:
            if refusal.code == "not_allowed":
                raise
            refused[house] = " ".join(refusal.messages)
    return opened, refused


def source_for(person: Person, district: District) -> str:
    """Under which source a person of the office reports what they saw themselves."""
    if may(person, Action.WORK_CASE, district):
        return Source.OFFICER
    return Source.COMMUNITY_DEVELOPMENT


def _refuse_report(
    district: District, kind: str, source: str, house: HouseRegistration | None, house_no: str, reporter_name: str
) -> None:
    if kind not in EVERY_KIND or source not in Source.values:
        raise ValidationError(_("Say what is the matter with the house."), code="not_a_kind")
    if (house is None) != (kind == Kind.MISSING) or (kind == Kind.MISSING and not house_no.strip()):
        raise ValidationError(_("Say which house, or the number of the missing one."), code="no_house")
    if house is not None and house.district_id != district.pk:
        raise ValidationError(_("The house lies in another district."), code="other_district")
    if source == Source.CITIZEN and not reporter_name.strip():
        raise ValidationError(_("Write down the name of the reporter."), code="name_needed")


def _refuse_house(house: HouseRegistration, kind: str) -> None:
    if house.state == HouseRegistration.State.STRUCK:
        raise ValidationError(
            _("House %(house)s is struck off already."), code="struck_already", params={"house": house}
        )
    known = Case.objects.open().filter(house=house, kind=kind).first()
    if known:
        raise ValidationError(
            _("Case %(case)s about this is open for the house already."),
            code="open_already",
            params={"case": known},
        )


def _new_receipt() -> str:
    return "".join(secrets.choice(_LETTERS_OF_RECEIPTS) for _letter in range(_LENGTH_OF_RECEIPTS))


@transaction.atomic
def complete_request(case: Case, *, told: str, by: Person) -> Case:
    """Writes down what was reported, where nobody had. Raises `not_allowed`, `has_ended`, `words_needed`."""
    case = locked(case)
    if not may(by, Action.OPEN_CASE, case.district):
        raise ValidationError(_("Only the district office writes a request down."), code="not_allowed")
    if case.has_ended:
        raise ValidationError(_("The case has ended."), code="has_ended")
    if case.told.strip() or not told.strip():
        raise ValidationError(_("Write down what was reported; it is written once."), code="words_needed")
    case.told = told.strip()
    case.save(update_fields=["told"])
    return case


# --- moving ---


@transaction.atomic
def move(
    case: Case, move: str, *, by: Person, seen: int | None = None, reason: str = "", kind: str = ""
) -> StatusChange:
    """Makes a move that stands alone (`BY_HAND`); `kind` is the new one for reclassifying.

    `seen` is the last move (id) that the page showed, 0 for none: the same move made twice from one page acts once.
    Raises `needs_its_act`, `stale_page`, `not_in_the_table`, `not_your_move`, `evidence_missing`, `not_a_kind`.
    """
    if move not in BY_HAND:
        raise ValidationError(_("That is done by its own act."), code="needs_its_act")
    case = locked(case)
    if twice := _made_twice(case, move, by, seen):
        return twice
    return advance(case, move, by=by, reason=reason, kind=kind)


def locked(case: Case) -> Case:
    """The case as it stands, its row held until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("district", "house").get(pk=case.pk)


def last_change(case: Case) -> int:
    """The last move (id) of the case, 0 before the first: what a page hands on as `seen`."""
    return case.changes.order_by("-pk").values_list("pk", flat=True).first() or 0


def _made_twice(case: Case, move: str, by: Person, seen: int | None) -> StatusChange | None:
    """The move itself where a double click made it already. Raises `stale_page` where somebody else moved the case."""
    if seen is None or (latest := case.changes.order_by("-pk").first()) is None or latest.pk == seen:
        return None
    before = case.changes.filter(pk__lt=latest.pk).order_by("-pk").values_list("pk", flat=True).first() or 0
    if latest.move == move and latest.done_by_id == by.pk and before == seen:
        return latest
    raise ValidationError(
        _("%(person)s has moved the case to “%(state)s” meanwhile. Look again."),
        code="stale_page",
        params={"person": latest.done_by, "state": latest.get_state_after_display()},
    )


def advance(case: Case, move: str, *, by: Person, reason: str = "", kind: str = "") -> StatusChange:
    """Appends a move to a case whose row is held: the last part of an act, in its transaction.

    Raises `not_in_the_table`, `not_your_move`, `evidence_missing`, `not_a_kind`.
    """
    step = judged(case, move, by=by, reason=reason)
    after = _kind_after(case, step, kind)
    change = StatusChange.objects.create(
        case=case,
        move=step.move,
        state_before=case.state,
        state_after=step.after,
        kind_before=case.kind,
        kind_after=after,
        reason=reason.strip(),
        done_by=by,
    )
    case.refresh_from_db(fields=["state", "kind", "state_since"])
    return change


def judged(case: Case, move: str, *, by: Person, reason: str = "") -> Step:
    """The line of the table by which the person may make the move now.

    Raises `not_in_the_table`, `not_your_move`, `evidence_missing` with all that is missing.
    """
    step = step_of(case.state, move, case.kind)
    if step is None:
        raise ValidationError(
            _("“%(move)s” is not possible for a case that is “%(state)s”."),
            code="not_in_the_table",
            params={"move": Move(move).label if move in Move.values else move, "state": case.get_state_display()},
        )
    if not step.by & hands_of(by, case.district):
        raise ValidationError(
            _("“%(move)s” lies with: %(who)s."),
            code="not_your_move",
            params={"move": step.move.label, "who": ", ".join(str(who.label) for who in Who if who in step.by)},
        )
    lacking = missing(step.needs, dossier_of(case), reason=reason)
    if lacking:
        names = [str(EVIDENCE_NAMES[one]) for one in lacking]
        raise ValidationError(
            _("Still missing: %(evidence)s."),
            code="evidence_missing",
            params={"evidence": get_text_list(names, _("and")), "codes": lacking},
        )
    return step


def _kind_after(case: Case, step: Step, kind: str) -> str:
    if step.move != Move.RECLASSIFY:
        return case.kind
    if kind not in EVERY_KIND or kind == case.kind or (kind == Kind.MISSING) != (case.house_id is None):
        raise ValidationError(_("Say what else is the matter with the house."), code="not_a_kind")
    other = Case.objects.open().filter(house=case.house_id, kind=kind).exclude(pk=case.pk).first()
    if case.house_id and other:
        raise ValidationError(
            _("Case %(case)s about this is open for the house already."), code="open_already", params={"case": other}
        )
    return kind


def hands_of(person: Person, district: District) -> frozenset[Who]:
    """As whom the person may move cases of the district today."""
    roles = {post.role for post in posts_of_today(person) if post.district_id == district.pk}
    hands = {Who(role) for role in roles if role in (Role.OFFICER, Role.HEAD, Role.COMMUNITY_DEVELOPMENT)}
    if is_registrar(person, district, timezone.localdate()):
        hands.add(Who.REGISTRAR)
    return frozenset(hands)


def moves_open_to(case: Case, person: Person) -> Sequence[Step]:
    """The lines of the table by which the person's role lets them move the case from where it stands."""
    hands = hands_of(person, case.district)
    return [step for step in steps_from(case.state, case.kind) if step.by & hands]


def dossier_of(case: Case) -> Dossier:
    """What the case holds now."""
    return dossiers_of([case])[case.pk]


def dossiers_of(cases: Collection[Case]) -> dict[int, Dossier]:
    """What each of the cases (ids) holds now; seven queries, however many there are."""
    stops = Stop.objects.filter(case__in=cases)
    waits = set(stops.filter(over_at=None).values_list("case", flat=True))
    results: dict[int, list[str]] = defaultdict(list)
    for case, code in stops.filter(result__isnull=False).order_by("result").values_list("case", "result__code"):
        results[case].append(code)
    signed = dict(_newest(Form31, cases).values_list("case", "signed"))
    said = dict(_newest(ResidentsStatement, cases).values_list("case", "outcome"))
    proposed = dict(Proposal.objects.filter(case__in=cases, decided_at=None).values_list("case", "act"))
    photos = _counted(CasePhoto.objects.filter(case__in=cases), "case")
    of_verdicts = _counted(VerdictPhoto.objects.filter(verdict__in=_verdicts(cases)), "verdict")
    return {
        case.pk: Dossier(
            kind=case.kind,
            has_request=bool(case.told.strip() or case.verdict_id),
            on_a_list=case.pk in waits,
            results=tuple(results[case.pk]),
            photos=photos.get(case.pk, 0) + of_verdicts.get(case.verdict_id or 0, 0),
            form_is_signed=signed.get(case.pk) is not None,
            nobody_registered=said.get(case.pk) not in (None, ResidentsStatement.Outcome.SOMEBODY),
            proposed=proposed.get(case.pk, ""),
        )
        for case in cases
    }


def _newest(papers: type[Form31] | type[ResidentsStatement], cases: Collection[Case]) -> QuerySet[Any]:
    """The newest paper of each case."""
    return papers.objects.filter(case__in=cases).order_by("case", "-pk").distinct("case")


def _counted(rows: QuerySet[Any], of: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(of).annotate(Count("pk")))


def _verdicts(cases: Collection[Case]) -> list[int]:
    return [case.verdict_id for case in cases if case.verdict_id]


@transaction.atomic
def state_residents(
    case: Case, *, outcome: str, moved_on: datetime.date | None = None, note: str = "", by: Person
) -> ResidentsStatement:
    """Records who is still registered in the house, as an officer saw in the central register (domain.md 6.8).

    Raises `not_allowed`, `has_ended`, and what the statement's own rules say.
    """
    case = locked(case)
    if not may(by, Action.WORK_CASE, case.district):
        raise ValidationError(_("Only the registry section states who is registered in a house."), code="not_allowed")
    if case.state in ENDED:
        raise ValidationError(_("The case has ended."), code="has_ended")
    said = ResidentsStatement(case=case, outcome=outcome, moved_on=moved_on, note=note.strip(), stated_by=by)
    said.full_clean(exclude=["case", "stated_by"])
    if said.moved_on and said.moved_on > timezone.localdate():
        raise ValidationError(_("The day lies in the future."), code="in_the_future")
    said.save()
    return said
