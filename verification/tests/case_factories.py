"""Cases, photos and papers as the office makes them, for tests."""

from __future__ import annotations

import datetime
import io
import uuid
from collections import deque

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from communities.models import District, Person, Role
from communities.tests.factories import AppointmentFactory, appoint
from households.models import HouseRegistration, LifeEvent
from households.tests.factories import HouseFactory
from verification.models import (
    Case,
    CasePhoto,
    Form31,
    ResidentsStatement,
    SignedForm31,
    StatusChange,
    Stop,
    StopResult,
    VisitList,
)
from verification.workflow import Kind, Move, State, ways

NEEDS_AN_ACT = {State.STRUCK_OFF, State.RESTORING, State.RESTORED, State.CORRECTED}


def case_of(
    house: HouseRegistration | None = None,
    kind: str = Kind.DEMOLISHED,
    state: str = State.RECEIVED,
    *,
    by: Person | None = None,
    **fields: object,
) -> Case:
    """A case about the house that came to the state on a shortest way of the table, with no proof beside it."""
    if house is None and kind != Kind.MISSING:
        house = HouseFactory.create()
    district: District = house.district if house else fields["district"]  # type: ignore[assignment]
    by = by or appoint(Role.OFFICER, district)
    case = Case.objects.create(
        **{
            "district": district,
            "year_be": 2569,
            "number": Case.objects.filter(district=district).count() + 1,
            "kind": kind,
            "house": house,
            "community": house.community if house else None,
            "source": Case.Source.OFFICER,
            "told": "บ้านหลังนี้รื้อแล้ว",
            "opened_by": by,
            **fields,
        }
    )
    if state in NEEDS_AN_ACT:
        caused_something(case)
    for move, before, after in _way_to(state):
        StatusChange.objects.create(
            case=case,
            move=move,
            state_before=before,
            state_after=after,
            kind_before=case.kind,
            kind_after=case.kind,
            done_by=by,
        )
    case.refresh_from_db()
    return case


def _way_to(state: str) -> list[tuple[str, str, str]]:
    """The fewest moves of the table from the beginning to the state."""
    found: dict[str, list[tuple[str, str, str]]] = {State.RECEIVED.value: []}
    waiting = deque([State.RECEIVED.value])
    while state not in found:
        at = waiting.popleft()
        for move, before, after in ways():
            if before == at and after not in found and move != Move.RECLASSIFY:
                found[after] = [*found[at], (move, before, after)]
                waiting.append(after)
    return found[state]


def caused_something(case: Case) -> None:
    """Writes an act of the office on the case's house to the case, without which no case ends by an act."""
    today = timezone.localdate()
    registrar = AppointmentFactory.create(role=Role.DIRECTOR, district=case.district, is_registrar=True).person
    case.life_event = LifeEvent.objects.create(
        house=case.house,
        kind=LifeEvent.Kind.STRUCK,
        ground=LifeEvent.Ground.DEMOLISHED,
        reference=str(case),
        happened_on=today,
        counted_on=today,
        proposed_by=case.opened_by,
        recorded_by=registrar,
    )
    case.save(update_fields=["life_event"])


def seen(case: Case, code: str = "demolished", *, by: Person | None = None, **fields: object) -> StopResult:
    """The result of a visit to the case's house today; the case's state stays as it is."""
    by = by or case.opened_by
    stop = waits_for_visit(case, by=by)
    given = {"shown_number": "9/9"} if code == StopResult.Code.OTHER_NUMBER else {}
    return StopResult.objects.create(
        key=uuid.uuid4(),
        stop=stop,
        code=code,
        seen_on=timezone.localdate(),
        recorded_by=by,
        **{**given, **fields},
    )


def waits_for_visit(case: Case, *, by: Person | None = None, day: datetime.date | None = None) -> Stop:
    """A stop for the case on a list of visits of its own."""
    by = by or case.opened_by
    day = day or timezone.localdate()
    number = VisitList.objects.filter(district=case.district, day=day).count() + 1
    visits = VisitList.objects.create(district=case.district, day=day, number=number, most_stops=60, made_by=by)
    return Stop.objects.create(visit_list=visits, case=case, place=1, added_by=by)


def photo_of(case: Case, *, result: StopResult | None = None, fingerprint: str = "", **fields: object) -> CasePhoto:
    """A photo of a few pixels, as it is kept."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "green").save(out, "JPEG")
    kept = {name: ContentFile(out.getvalue(), f"{uuid.uuid4().hex}.jpg") for name in ("file", "thumbnail")}
    return CasePhoto.objects.create(
        key=uuid.uuid4(),
        case=case,
        result=result,
        fingerprint=fingerprint or uuid.uuid4().hex * 2,
        width=4,
        height=3,
        sent_by=case.opened_by,
        **kept,
        **fields,
    )


def form31_of(case: Case, **fields: object) -> Form31:
    """A form TR.31 as it was filled from the case, not signed yet."""
    return Form31.objects.create(
        **{
            "case": case,
            "written_at_place": "สำนักงานเขตธนบุรี",
            "written_on": timezone.localdate(),
            "subject": "ขอจำหน่ายทะเบียนบ้าน",
            "applicant_name": "นางทองใบ ตัวอย่าง",
            "capacity": Form31.Capacity.HOUSE_MASTER,
            "wish": "จำหน่ายทะเบียนบ้าน",
            "because": "รื้อถอนแล้ว",
            "text": "จำหน่ายทะเบียนบ้าน เนื่องจากรื้อถอนแล้ว",
            "made_by": case.opened_by,
            **fields,
        }
    )


def signed31(form: Form31, **fields: object) -> SignedForm31:
    """The signed paper of a form, with number and date."""
    return SignedForm31.objects.create(
        **{
            "form": form,
            "number": "31/2569",
            "dated": timezone.localdate(),
            "file": ContentFile(b"%PDF-1.4", f"{uuid.uuid4().hex}.pdf"),
            "content_type": "application/pdf",
            "fingerprint": uuid.uuid4().hex * 2,
            "filed_by": form.made_by,
            **fields,
        }
    )


def nobody_registered(case: Case) -> ResidentsStatement:
    """An officer saw that nobody is registered in the house."""
    return ResidentsStatement.objects.create(
        case=case, outcome=ResidentsStatement.Outcome.NOBODY, stated_by=case.opened_by
    )


def proved(case: Case) -> Case:
    """The case with all that the gate of a strike-off asks for, short of a proposal."""
    photo_of(case, result=seen(case))
    signed31(form31_of(case))
    nobody_registered(case)
    return case
