"""Cases of the second district in every stage, a fire among them; everything by the actions that the pages use."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence

from django.utils import timezone
from PIL import Image, ImageDraw
from pypdf import PdfWriter

from communities.models import District, Person
from households.models import HouseRegistration
from verification.answers import answer
from verification.case_photos import add_photo
from verification.casework import move, open_case, open_cases_of_occurrence, record_occurrence, state_residents
from verification.models import Answer, Case, Section, Stop, StopResult, Verdict
from verification.models.proposals import Act
from verification.strike_off import approve, propose
from verification.tr31 import file_signed, fill_form31, suggested
from verification.visit_results import record_result
from verification.visits import Member, make_list, next_working_day
from verification.workflow import Kind, Move

KEYS = uuid.UUID("0a8a0c5e-3a2c-4a57-8f6f-1f1f6f3a9c11")
ROAD = "ท่าเรือ"
Code = StopResult.Code
# What is reported of the lane's houses, one after the other, and how far each case has come.
REPORTED: Sequence[tuple[Kind, str, str]] = (
    (Kind.DEMOLISHED, "รื้อแล้ว เหลือแต่ที่ดินว่าง", "struck off"),
    (Kind.DEMOLISHED, "เจ้าของรื้อเพื่อสร้างตึกแถว", "proposed"),
    (Kind.DEMOLISHED, "ไม่มีบ้านแล้ว มีแต่เสา", "confirmed"),
    (Kind.DEMOLISHED, "ได้ยินว่ารื้อแล้ว", "stands"),
    (Kind.MERGED, "ทุบผนังรวมกับหลังข้าง ๆ", "to visit"),
    (Kind.WRONG_NUMBER, "ป้ายหน้าบ้านเป็นเลขอื่น", "corrected"),
    (Kind.DUPLICATE, "มีทะเบียนสองเล่ม", "under review"),
    (Kind.UNCLEAR, "ไม่มีใครรู้จักบ้านนี้", "received"),
)
RIGHT_NUMBER = "3999/9"
FIRE, FIRE_PLACE, BURNT = "ไฟไหม้ชุมชนริมท่าเรือ (ชุดสาธิต)", "ซอยท่าเรือ 1", 12
CITIZEN, MISSING_HOUSE = "นางสาวสมหญิง ตัวอย่าง", "4001/1"
APPLICANT = "นายประสิทธิ์ ตัวอย่าง"


def cases_of_second(district: District, people: Mapping[str, Person]) -> None:
    """Opens the cases and takes each as far as it has come; a citizen's and a president's among them."""
    demo = _Desk(district, people)
    houses = list(_houses(district)[: len(REPORTED) + BURNT])
    for (kind, told, stage), house in zip(REPORTED, houses, strict=False):
        demo.take(demo.opened(house, kind, told), stage)
    demo.burn(houses[len(REPORTED) :])
    open_case(
        district,
        kind=Kind.MISSING,
        source=Case.Source.CITIZEN,
        house_no=MISSING_HOUSE,
        lane=FIRE_PLACE,
        told="บ้านสร้างเสร็จสองปีแล้ว ไม่มีชื่อในบัญชี",
        reporter_name=CITIZEN,
        by=people["officer99"],
    )
    said = Verdict.objects.filter(review__round__district=district, kind=Verdict.Kind.NOT_OURS).first()
    if said:
        answer(said, outcome=Answer.Outcome.CASE, by=people["officer99"])


def _houses(district: District):
    untagged = HouseRegistration.objects.filter(district=district, community=None, state="live", road=ROAD)
    return untagged.exclude(soi="").in_lane_order()


class _Desk:
    """The people of the second district who handle its cases, and what they do by turns."""

    def __init__(self, district: District, people: Mapping[str, Person]) -> None:
        self.district, self.today = district, timezone.localdate()
        self.officer, self.registrar = people["officer99"], people["director99"]
        self.team = [
            Member(Section.REGISTRY, self.officer.full_name, self.officer),
            Member(Section.COMMUNITY_DEVELOPMENT, people["development99"].full_name, people["development99"]),
            Member(Section.PRESIDENT, people["president99"].full_name),
        ]

    def opened(self, house: HouseRegistration, kind: Kind, told: str) -> Case:
        """A case that the office saw itself."""
        return open_case(self.district, kind=kind, source=Case.Source.OFFICER, house=house, told=told, by=self.officer)

    def take(self, case: Case, stage: str) -> None:
        """Takes the case as far as the stage says."""
        if stage == "received":
            return
        move(case, Move.TAKE_UP, by=self.officer)
        if stage == "to visit":
            self._plan([case])
        elif stage == "corrected":
            self._correct(case)
        elif stage == "stands":
            self._see(case, Code.STANDING, "บ้านยังตั้งอยู่ มีผู้อาศัย")
            move(case, Move.FIND_STANDING, by=self.officer, reason="บ้านยังตั้งอยู่ตามทะเบียน")
        elif stage != "under review":
            self._strike_off(case, stage)

    def burn(self, houses: Sequence[HouseRegistration]) -> None:
        """The houses of a fire: their cases wait for one visit."""
        fire = record_occurrence(
            self.district,
            name=FIRE,
            place=FIRE_PLACE,
            happened_on=self.today,
            houses=len(houses),
            by=self.officer,
        )
        open_cases_of_occurrence(fire, houses, kind=Kind.DESTROYED, told="ไฟไหม้ทั้งแถว แจ้งโดยสถานีดับเพลิง", by=self.officer)

    def _plan(self, cases: Sequence[Case]) -> Stop:
        visits = make_list(
            self.district, day=next_working_day(self.today), team=self.team, cases=cases, by=self.officer
        )
        return visits.stops.get()

    def _see(self, case: Case, code: str, note: str) -> StopResult:
        visits = make_list(self.district, day=self.today, team=self.team, cases=[case], by=self.officer)
        result = record_result(
            visits.stops.get(),
            key=_key(case, "seen"),
            code=code,
            note=note,
            seen_on=self.today,
            present=self.team,
            by=self.officer,
        )
        add_photo(case, key=_key(case, "photo"), sent=_picture(str(case)), by=self.officer, result=result)
        return result

    def _correct(self, case: Case) -> None:
        move(case, Move.SETTLE_AT_DESK, by=self.officer, reason="ตรงกับทะเบียนบ้านฉบับเจ้าบ้าน")
        details = {"house_no": RIGHT_NUMBER}
        made = propose(case, act=Act.CORRECT_NUMBER, happened_on=self.today, details=details, by=self.officer)
        approve(made, by=self.registrar)

    def _strike_off(self, case: Case, stage: str) -> None:
        """As far as found right, proposed, or struck off."""
        self._see(case, Code.DEMOLISHED, "เหลือแต่พื้นที่ว่าง")
        move(case, Move.CONFIRM, by=self.officer)
        if stage == "confirmed":
            return
        form = fill_form31(case, by=self.officer, **{**suggested(case), "applicant_name": APPLICANT})
        number = f"{case.number}/{case.year_be}"
        file_signed(form, number=number, dated=self.today, sent=_paper(), by=self.officer)
        move(case, Move.FILE_TR31, by=self.officer)
        state_residents(case, outcome="nobody", by=self.officer)
        made = propose(case, act=Act.STRIKE_OFF, happened_on=self.today, by=self.officer)
        if stage == "struck off":
            approve(made, by=self.registrar)


def _key(case: Case, what: str) -> uuid.UUID:
    """The same key in every run of the demo."""
    return uuid.uuid5(KEYS, f"{case} {what}")


def _picture(name: str) -> io.BytesIO:
    """An empty plot under a sky, another one for each case."""
    picture = Image.new("RGB", (800, 600), "#bcd4e6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 380, 800, 600), fill="#a58b6f")
    draw.rectangle((240, 400, 560, 430), fill="#8d8d8d")
    draw.text((20, 20), name, fill="#44515c")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    out.seek(0)
    return out


def _paper() -> io.BytesIO:
    """A sheet as it comes from the scanner."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    out.seek(0)
    return out
