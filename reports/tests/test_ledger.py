"""The ledger: steps by their numbers, papers found in any writing, ties, files and the evidence pack."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Document, ListAccess, Role
from communities.papers import add_file, record_document, withdraw_document
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory
from reports.ledger import ledger_of, papers_found, record_step, tie_paper, what_hangs_on
from reports.models import ProjectStep
from reports.tests.factories import issue_report
from verification.tests.case_factories import case_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"
LATE, EARLY = datetime.date(2015, 3, 2), datetime.date(2015, 2, 11)


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


def paper(by, number="กท ๕๕๐๒/๑๐๗", dated=LATE, subject="รายงานผล"):
    return record_document(district=DistrictFactory(), kind="memo", number=number, dated=dated, subject=subject, by=by)


def step(by, number, on=None):
    return record_step(district=DistrictFactory(), number=number, title=f"ขั้นที่ {number}", by=by, happened_on=on)


def test_steps_stand_by_their_numbers_not_by_their_days(district, officer):
    step(officer, 15, EARLY)
    fourteenth = step(officer, 14, LATE)
    tied = paper(officer)
    tie_paper(tied, step=fourteenth, by=officer)
    loose = paper(officer, number="")
    shown = ledger_of(district)
    assert [(one.step.number, list(one.papers)) for one in shown.steps] == [(14, [tied]), (15, [])]
    assert list(shown.loose) == [loose]


@pytest.mark.parametrize("sought", ["473", "๔๗๓", "ที่ กท ๕๕๐๒/๔๗๓ ลว. ๓ ธ.ค. ๒๕๕๗", "กท5502/473", "ตัวชี้วัด"])
def test_a_paper_is_found_by_its_number_in_any_writing_and_by_words(district, officer, sought):
    wanted = paper(officer, "กท ๕๕๐๒/๔๗๓", subject="รายงานผลตามตัวชี้วัด")
    paper(officer, "กท ๕๕๐๒/๑๔๗๓", subject="อื่น")
    assert list(papers_found(district, sought)) == [wanted]


def test_each_kind_of_thing_hangs_on_a_paper_once(district, officer):
    community = CommunityFactory.create()
    report = issue_report(district, datetime.date(2015, 1, 1))
    case = case_of(HouseFactory(subdistrict=community.subdistrict))
    document, first = paper(officer), step(officer, 1)
    tie_paper(document, step=first, by=officer)
    tie_paper(document, report=report, by=officer)
    tie_paper(document, case=case, by=officer)
    assert [tie.step or tie.report or tie.case for tie in what_hangs_on(document)] == [first, report, case]
    for wrong, code in (({"step": first}, "tied_already"), ({}, "one_end"), ({"step": first, "case": case}, "one_end")):
        with pytest.raises(ValidationError) as refusal:
            tie_paper(document, by=officer, **wrong)
        assert refusal.value.code == code


def test_a_step_of_another_district_hangs_on_no_paper_of_this(officer):
    other = DistrictFactory(code="1099")
    theirs = record_step(district=other, number=1, title="x", by=appoint(Role.OFFICER, other))
    with pytest.raises(ValidationError) as refusal:
        tie_paper(paper(officer), step=theirs, by=officer)
    assert refusal.value.code == "other_district"


def test_the_page_asks_the_same_of_few_and_of_many_papers(client, officer):
    client.force_login(officer)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("ledger:ledger")).status_code == 200
        return len(queries)

    tie_paper(paper(officer), step=step(officer, 1), by=officer)
    paper(officer, number="")
    asked()
    few = asked()
    for number in range(2, 12):
        tie_paper(paper(officer, f"กท ๕๕๐๒/{number}"), step=step(officer, number), by=officer)
        paper(officer, number="")
    assert asked() == few <= 8


def test_a_paper_comes_with_its_scans_and_the_same_number_is_only_a_warning(client, officer):
    client.force_login(officer)
    first = step(officer, 9)
    paper(officer, "กท ๕๕๐๒/๔๗๓", datetime.date(2014, 12, 3))
    form = {
        "kind": "memo",
        "number": "กท ๕๕๐๒/๔๗๓",
        "dated": "16 ม.ค. 2558",
        "urgency": "normal",
        "subject": "มอบหมายเจ้าหน้าที่",
        "step": str(first.pk),
        "files": [SimpleUploadedFile("1.pdf", PDF), SimpleUploadedFile("2.txt", "ข้อความ".encode())],
    }
    page = client.post(reverse("ledger:paper_add"), form, follow=True)
    made = Document.objects.get(subject="มอบหมายเจ้าหน้าที่")
    assert page.redirect_chain[-1][0] == reverse("ledger:paper", args=[made.pk])
    assert "notice warning" in page.content.decode()
    assert made.files.count() == 2
    assert what_hangs_on(made)[0].step == first


def test_a_refused_file_leaves_no_paper(client, officer):
    client.force_login(officer)
    form = {"kind": "memo", "dated": "16 ม.ค. 2558", "urgency": "normal", "subject": "x"}
    page = client.post(reverse("ledger:paper_add"), form | {"files": SimpleUploadedFile("x.exe", b"MZ\x90\0")})
    assert (page.status_code, Document.objects.count()) == (422, 0)


def test_files_open_only_where_nothing_can_run(client, officer):
    client.force_login(officer)
    document = paper(officer)
    for content, opens in ((PDF, True), (b"<script>alert(1)</script>", False)):
        kept = add_file(document, upload=SimpleUploadedFile("x", content), by=officer)
        answer = client.get(reverse("ledger:paper_file", args=[kept.key]))
        assert answer["Content-Disposition"].startswith("inline" if opens else "attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content) == content
    client.force_login(appoint(Role.OFFICER, DistrictFactory(code="1099")))
    assert client.get(reverse("ledger:paper_file", args=[kept.key])).status_code == 404


def test_things_are_tied_files_added_and_the_paper_withdrawn_on_its_page(client, officer):
    client.force_login(officer)
    document, first = paper(officer), step(officer, 1)
    case = case_of(HouseFactory(subdistrict=CommunityFactory.create().subdistrict))
    for named in ({"end": f"step:{first.pk}"}, {"case": str(case)}, {"case": "99999/2558"}, {"end": "step:x"}):
        client.post(reverse("ledger:paper_tie", args=[document.pk]), named)
    assert [tie.step or tie.case for tie in what_hangs_on(document)] == [first, case]
    client.post(reverse("ledger:paper_files", args=[document.pk]), {"files": SimpleUploadedFile("x.pdf", PDF)})
    assert document.files.count() == 1
    client.post(reverse("ledger:paper_withdraw", args=[document.pk]), {"reason": "ซ้ำ"})
    document.refresh_from_db()
    assert document.withdrawn_because == "ซ้ำ"
    assert "ซ้ำ" in client.get(reverse("ledger:paper", args=[document.pk])).content.decode()


def test_a_step_is_added_on_its_page_and_its_number_only_once(client, officer):
    client.force_login(officer)
    form = {"number": "3", "title": "ขอรหัสชุมชน"}
    assert client.post(reverse("ledger:step_add"), form).status_code == 302
    assert client.post(reverse("ledger:step_add"), form).status_code == 422
    assert ProjectStep.objects.get().number == 3


def test_the_evidence_pack_holds_index_papers_and_reports_and_is_recorded(client, district, officer):
    client.force_login(officer)
    CommunityFactory.create()
    report = issue_report(district, datetime.date(2015, 1, 1))
    inside = paper(officer, "=1+1", datetime.date(2015, 2, 20))
    kept = add_file(inside, upload=SimpleUploadedFile("scan.pdf", PDF), by=officer)
    wrong = paper(officer, "กท ๕๕๐๒/๙", datetime.date(2015, 2, 21), "ผิด")
    withdraw_document(wrong, reason="บันทึกผิด", by=officer)
    paper(officer, "กท ๕๕๐๒/๑", datetime.date(2015, 5, 1), "นอกช่วง")
    address = reverse("ledger:evidence_pack")
    period = {"since": "1 ก.พ. 2558", "until": "28 ก.พ. 2558"}
    assert client.get(address, period).status_code == 302  # it says for what, or it does not leave the office
    answer = client.get(address, period | {"purpose": "ส่งคณะกรรมการ"})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = archive.namelist()
        index = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx"))).active
        assert archive.read("reports/kpi-1-2015-01.xlsx") == bytes(report.workbook)
        assert archive.read(f"papers/2015-02-20_1-1_{inside.pk}_1_{kept.name}") == PDF
    assert {"index.pdf", "index.html"} & set(names)
    rows = list(index.iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == [report.letter_no, "=1+1", "กท ๕๕๐๒/๙"]
    assert "บันทึกผิด" in rows[2][1]
    assert ListAccess.objects.get().purpose == "ส่งคณะกรรมการ"
