"""Papers are recorded as they stand, kept with their files, withdrawn for a reason."""

import datetime
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from communities.models import Role
from communities.papers import add_file, record_document, same_number, type_of, withdraw_document
from communities.tests.factories import DistrictFactory, appoint

pytestmark = pytest.mark.django_db
DAY = datetime.date(2014, 12, 3)
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def officer():
    return appoint(Role.OFFICER, DistrictFactory())


def recorded(by, **facts):
    facts = {
        "district": DistrictFactory(),
        "kind": "memo",
        "dated": DAY,
        "subject": "รายงาน",
        "number": "กท ๕๕๐๒/๔๗๓",
    } | facts
    return record_document(by=by, **facts)


def sent(content, name="scan.pdf"):
    return SimpleUploadedFile(name, content)


def zipped(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def refusal(deed, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        deed(*args, **kwargs)
    return refused.value.code


def test_two_papers_of_one_number_are_both_kept_and_said(officer):
    first, second = recorded(officer), recorded(officer, dated=datetime.date(2015, 1, 16), number="ที่ กท 5502/473")
    assert [(one.document, one.same_year) for one in same_number(second)] == [(first, False)]
    third = recorded(officer, dated=datetime.date(2015, 2, 1))
    assert [one.same_year for one in same_number(third)] == [False, True]


def test_a_number_keeps_its_zero_and_its_thai_digits(officer):
    paper = recorded(officer, number="กท ๐๓๐๓/๐๕๗")
    assert (paper.number, paper.number_key) == ("กท ๐๓๐๓/๐๕๗", "กท0303/057")


def test_papers_without_a_number_are_not_the_same(officer):
    recorded(officer, number="")
    assert same_number(recorded(officer, number="")) == []


def test_a_paper_of_tomorrow_or_by_a_stranger_is_refused(officer):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert refusal(recorded, officer, dated=tomorrow) == "future_date"
    assert refusal(recorded, appoint(Role.DIRECTOR, DistrictFactory())) == "not_allowed"
    assert refusal(recorded, appoint(Role.OFFICER, DistrictFactory(code="1099"))) == "not_allowed"


def test_a_file_is_kept_once_under_the_ending_of_what_it_holds(officer):
    paper = recorded(officer)
    kept = add_file(paper, upload=sent(PDF, "C:\\scans\\หนังสือ.exe"), by=officer)
    assert (kept.name, kept.content_type) == ("หนังสือ.pdf", "application/pdf")
    assert kept.file.read() == PDF
    assert refusal(add_file, paper, upload=sent(PDF, "again.pdf"), by=officer) == "file_there"


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "sheet"),
        (zipped("[Content_Types].xml", "word/document.xml"), "document"),
        ("From: a@example.org\r\nDate: x\r\n\r\nเรียน".encode(), "rfc822"),
        ("บันทึก".encode(), "plain"),
    ],
)
def test_the_type_is_what_the_content_shows(content, ending):
    assert type_of(content).endswith(ending)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0",
        b"PK\x03\x04broken",
        zipped("a.txt"),
        zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
    ],
)
def test_other_content_is_refused(content):
    assert refusal(type_of, content) == "file_kind"


def test_an_empty_or_a_large_file_is_refused(officer, monkeypatch):
    paper = recorded(officer)
    assert refusal(add_file, paper, upload=sent(b""), by=officer) == "file_empty"
    monkeypatch.setattr("communities.papers.LARGEST_FILE", 3)
    assert refusal(add_file, paper, upload=sent(PDF), by=officer) == "file_too_large"


def test_a_paper_is_withdrawn_once_for_a_reason_and_takes_no_file_then(officer):
    paper = recorded(officer)
    assert refusal(withdraw_document, paper, reason=" ", by=officer) == "reason_missing"
    withdraw_document(paper, reason="บันทึกผิดเรื่อง", by=officer)
    paper.refresh_from_db()
    assert paper.withdrawn_because == "บันทึกผิดเรื่อง"
    assert refusal(withdraw_document, paper, reason="อีกครั้ง", by=officer) == "withdrawn"
    assert refusal(add_file, paper, upload=sent(PDF), by=officer) == "withdrawn"
    assert same_number(recorded(officer)) == []
