"""The ledger of the demo: the twenty steps of the project with their papers, told in our own words (domain.md 11)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from communities.models import CodeRequest, District, Document, Person
from communities.papers import add_file, record_document
from reports.ledger import record_step, tie_paper
from reports.models import KpiReport

K = Document.Kind
VERY_URGENT = Document.Urgency.VERY_URGENT
DATE_OF_STEP = "เอกสารไม่ระบุวัน ใช้วันของขั้นตอนนี้"


@dataclasses.dataclass(frozen=True)
class DemoPaper:
    """A paper of a step; `note` says what was made up."""

    kind: str
    number: str
    dated: datetime.date
    subject: str
    party: str = ""
    urgency: str = Document.Urgency.NORMAL
    note: str = ""


@dataclasses.dataclass(frozen=True)
class DemoStep:
    """A step of the project and its papers."""

    title: str
    what_for: str
    happened_on: datetime.date | None
    papers: tuple[DemoPaper, ...] = ()


def _day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, day)


CENTRE, COMMITTEE_OFFICE = "ศูนย์บริหารการทะเบียนภาค ๑", "สำนักงาน ก.ก."
PRESIDENTS, DIRECTOR = "ประธานกรรมการชุมชน", "ผู้อำนวยการเขตธนบุรี"
STAFF, ADMINISTRATION = "เจ้าหน้าที่ฝ่ายทะเบียน", "ฝ่ายปกครอง"
MEETING, APPROVED_ON, TOLD_ON = _day(2014, 10, 29), _day(2014, 11, 13), _day(2014, 11, 17)
ANNOUNCED, CHECKED, REVISED = _day(2015, 2, 9), _day(2015, 3, 11), _day(2015, 3, 16)


def _reported(nth: str, number: str, dated: datetime.date, what_for: str) -> DemoStep:
    paper = DemoPaper(K.MEMO, number, dated, f"ส่งผลการดำเนินงานตามตัวชี้วัด รอบที่ {nth}", DIRECTOR)
    return DemoStep(f"รายงานตัวชี้วัดรอบที่ {nth}", what_for, dated, (paper,))


def _undated(kind: str, dated: datetime.date, subject: str, party: str = "") -> DemoPaper:
    return DemoPaper(kind, "", dated, subject, party, note=DATE_OF_STEP)


STEPS: Sequence[DemoStep] = (
    DemoStep(
        "ประชุมผู้บริหารเลือกโครงการ",
        "ฝ่ายทะเบียนเสนอให้ใส่รหัสชุมชนในทะเบียนบ้าน ที่ประชุมเห็นชอบ",
        MEETING,
        (
            DemoPaper(K.LETTER_IN, "กท ๕๕๐๑/๑๘๘๖", MEETING, "เชิญประชุมพิจารณาโครงการ", ADMINISTRATION),
            _undated(K.MINUTES, MEETING, "บันทึกการประชุมเลือกโครงการ"),
        ),
    ),
    DemoStep(
        "เขียนโครงการและขออนุมัติ",
        "ผู้อำนวยการเขตอนุมัติโครงการ แล้วแจ้งฝ่ายปกครอง",
        APPROVED_ON,
        (
            DemoPaper(K.MEMO, "กท ๕๕๐๒/๔๐๙", APPROVED_ON, "ขออนุมัติโครงการ", DIRECTOR),
            DemoPaper(K.MEMO, "กท ๕๕๐๒/๔๑๑", TOLD_ON, "แจ้งโครงการที่อนุมัติแล้ว", ADMINISTRATION),
            _undated(K.PROJECT, APPROVED_ON, "โครงการรหัสชุมชนในทะเบียนบ้าน ฉบับแรก"),
        ),
    ),
    _reported("๑", "กท ๕๕๐๒/๔๗๓", _day(2014, 12, 3), "ยังไม่มีบ้านที่ลงรหัส"),
    DemoStep(
        "ขอรหัสชุมชน",
        "รหัสชุมชนกำหนดโดยหน่วยงานภายนอกเขต จึงต้องขอก่อนลงรหัส",
        _day(2014, 12, 19),
        (DemoPaper(K.LETTER_OUT, "กท ๕๕๐๒/๖๕๘๙", _day(2014, 12, 19), "ขอให้กำหนดรหัสชุมชน", CENTRE),),
    ),
    _reported("๒", "กท ๕๕๐๒/๘", _day(2015, 1, 5), "อยู่ระหว่างรอรหัสชุมชน"),
    DemoStep(
        "ขอรหัสชุมชนเพิ่ม",
        "ขอรหัสของชุมชนที่ยังขาดจากครั้งแรก",
        _day(2015, 1, 12),
        (DemoPaper(K.LETTER_OUT, "กท ๕๕๐๒/๑๓๐", _day(2015, 1, 12), "ขอให้กำหนดรหัสชุมชนเพิ่มเติม", CENTRE),),
    ),
    DemoStep(
        "ชี้แจงโครงการต่อคณะกรรมการ",
        "ชี้แจงวันที่ ๑๕ ม.ค. ๒๕๕๘ คณะกรรมการเห็นชอบ และให้ปรับเวลาเข้าถึงข้อมูลกับวันแล้วเสร็จ",
        _day(2015, 1, 13),
        (DemoPaper(K.LETTER_IN, "กท ๐๓๐๓/๐๕๗", _day(2015, 1, 13), "เชิญชี้แจงโครงการ", COMMITTEE_OFFICE, VERY_URGENT),),
    ),
    DemoStep(
        "ขอบัญชีบ้านของ ๔๔ ชุมชน",
        "ขอเลขบ้านของทุกชุมชนจากฝ่ายพัฒนาชุมชนฯ",
        _day(2015, 1, 15),
        (DemoPaper(K.MEMO, "กท ๕๕๐๒/๓๑", _day(2015, 1, 15), "ขอข้อมูลเลขบ้านในชุมชน", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),),
    ),
    DemoStep(
        "แบ่งงานให้เจ้าหน้าที่",
        "กำหนดว่าใครลงรหัสชุมชนใด",
        _day(2015, 1, 16),
        (DemoPaper(K.MEMO, "กท ๕๕๐๒/๔๗๓", _day(2015, 1, 16), "มอบหมายงานตามโครงการ", STAFF),),
    ),
    DemoStep(
        "รับแจ้งมติคณะกรรมการ",
        "มติของการประชุมครั้งที่ ๑/๒๕๕๘",
        _day(2015, 1, 27),
        (DemoPaper(K.LETTER_IN, "กท ๐๓๐๓/๑๗๓", _day(2015, 1, 27), "แจ้งมติการประชุม", COMMITTEE_OFFICE),),
    ),
    DemoStep(
        "ตั้งคณะทำงาน",
        "กำหนดคณะทำงานและหน้าที่",
        _day(2015, 1, 30),
        (DemoPaper(K.ORDER, "๔๙/๒๕๕๘", _day(2015, 1, 30), "แต่งตั้งคณะทำงานตามโครงการ"),),
    ),
    _reported("๓", "กท ๕๕๐๒/๗๖", _day(2015, 2, 6), "ลงรหัสแล้ว ๑๘ ชุมชน ๖,๖๑๐ หลัง"),
    DemoStep(
        "ประกาศและแจ้งชุมชน",
        "ให้คนในชุมชนรู้จักโครงการและใช้ข้อมูลในการเลือกตั้งกรรมการชุมชน",
        ANNOUNCED,
        (
            DemoPaper(K.ANNOUNCEMENT, "", ANNOUNCED, "การจัดทำฐานข้อมูลรหัสชุมชน"),
            DemoPaper(K.LETTER_OUT, "กท ๕๕๐๒/๖๑๒", _day(2015, 2, 10), "ขอความร่วมมือประชาสัมพันธ์", PRESIDENTS),
            _undated(K.PHOTOS, ANNOUNCED, "ภาพการแจ้งชุมชน"),
            _undated(K.MINUTES, ANNOUNCED, "บันทึกการประชุมกรรมการชุมชน"),
        ),
    ),
    _reported("๔", "กท ๕๕๐๒/๑๐๗", _day(2015, 3, 2), "ลงรหัสเพิ่ม ๕,๑๑๕ หลัง"),
    DemoStep(
        "คณะกรรมการเห็นชอบโครงการ",
        "ปีงบประมาณ ๒๕๕๘ มี ๑๐ สำนักงานเขตทำแบบเดียวกัน",
        _day(2015, 2, 11),
    ),
    DemoStep(
        "ให้ชุมชนตรวจบัญชีบ้าน",
        "ส่งบัญชีบ้านของแต่ละชุมชนให้ประธานตรวจว่าถูกต้องหรือไม่",
        CHECKED,
        (
            DemoPaper(K.ANNOUNCEMENT, "", CHECKED, "ขอให้ตรวจทะเบียนบ้านในชุมชน"),
            DemoPaper(K.ORDER, "๙๕/๒๕๕๘", CHECKED, "มอบหมายงานตรวจข้อมูลบ้านในชุมชน"),
            DemoPaper(K.LETTER_OUT, "กท ๕๕๐๒/๑๒๑๕", _day(2015, 3, 12), "ขอให้ตรวจบัญชีบ้าน", PRESIDENTS),
            _undated(K.PHOTOS, CHECKED, "ภาพการมอบบัญชีบ้าน"),
            _undated(K.MINUTES, CHECKED, "บันทึกการประชุมเรื่องการตรวจบัญชีบ้าน"),
        ),
    ),
    DemoStep(
        "ปรับโครงการตามข้อเสนอแนะ",
        "แก้โครงการตามที่คณะกรรมการแนะนำ และแจ้งกลับ",
        REVISED,
        (
            _undated(K.PROJECT, REVISED, "โครงการรหัสชุมชนในทะเบียนบ้าน ฉบับปรับปรุง"),
            _undated(K.EMAIL, REVISED, "ข้อเสนอแนะต่อโครงการ", COMMITTEE_OFFICE),
        ),
    ),
    _reported("๕", "กท ๕๕๐๒/๑๕๙", _day(2015, 4, 1), "ลงรหัสเพิ่ม ๔,๐๔๕ หลัง ครบ ๔๔ ชุมชน รวม ๑๕,๗๗๐ หลัง"),
    DemoStep(
        "ตรวจบ้านที่ชุมชนแจ้ง",
        "บ้านที่แจ้งว่ารื้อถอนแล้วตรวจร่วมกันในพื้นที่ หลักฐานอยู่ในเรื่องตรวจสอบแต่ละเรื่อง",
        None,
    ),
    DemoStep("บันทึก Daily Plan ทุกเดือน", "ภายในวันที่ ๒๕ ของเดือน ตรวจสอบได้จากระบบ", None),
)
E_MAIL = (
    "From: sender@example.org\r\nTo: registry@example.org\r\nDate: Mon, 16 Mar 2015 09:00:00 +0700\r\n"
    "Subject: =?utf-8?q?demo?=\r\n\r\nข้อเสนอแนะต่อโครงการ (ข้อความสมมติในชุดสาธิต)\r\n"
).encode()


def keep_ledger(district: District, *, by: Person) -> None:
    """Records the twenty steps and their papers, reports and requests for codes tied to their letters; needs these."""
    reports = {report.letter_no: report for report in KpiReport.objects.filter(district=district).defer("workbook")}
    requests = {request.letter_no: request for request in CodeRequest.objects.filter(district=district)}
    for number, step in enumerate(STEPS, start=1):
        for document in _record(district, number, step, by):
            report = reports.get(document.number)
            if report and report.letter_date == document.dated:
                tie_paper(document, report=report, by=by)
            asked = requests.get(document.number)
            if asked and asked.letter_date == document.dated:
                tie_paper(document, code_request=asked, by=by)
            if document.kind == K.EMAIL:
                add_file(document, upload=SimpleUploadedFile("ข้อเสนอแนะ.eml", E_MAIL), by=by)


def _record(district: District, number: int, step: DemoStep, by: Person) -> list[Document]:
    recorded = record_step(
        district=district,
        number=number,
        title=step.title,
        what_for=step.what_for,
        happened_on=step.happened_on,
        by=by,
    )
    documents = [record_document(district=district, by=by, **dataclasses.asdict(paper)) for paper in step.papers]
    for document in documents:
        tie_paper(document, step=recorded, by=by)
    return documents


def keep_second_ledger(district: District, *, codes: tuple[str, datetime.date], sent_back: str, by: Person) -> None:
    """A few papers of the small district: the codes' letter and the letter that sent a list back."""
    number, day = codes
    steps = (
        DemoStep("ขอรหัสชุมชน", "", day, (DemoPaper(K.LETTER_OUT, number, day, "ขอให้กำหนดรหัสชุมชน", CENTRE),)),
        DemoStep(
            "ตรวจบัญชีบ้านที่รับมา",
            "",
            day,
            (DemoPaper(K.MEMO, sent_back, day, "ส่งบัญชีบ้านคืนให้แก้ไข", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),),
        ),
    )
    for nth, step in enumerate(steps, start=1):
        _record(district, nth, step, by)
