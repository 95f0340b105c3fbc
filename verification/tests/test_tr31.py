"""Form TR.31: filled, printed with the number recorded, its signed paper taken in, its wording the office's own."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from communities.models import Role
from communities.tests.factories import appoint
from households.tests.factories import HouseFactory
from verification import citizen_numbers
from verification.models import Form31, NumberReveal, SignedForm31
from verification.tr31 import (
    NUMBER_PLACE,
    file_signed,
    fill_form31,
    filled,
    form_on_paper,
    reveal_number,
    suggested,
    wording_of,
    write_wording,
)

from .case_factories import case_of, form31_of, photo_of

NUMBER = "1234567890121"


@pytest.fixture
def case():
    return case_of(HouseFactory.create(house_no="12/3"), state="confirmed")


@pytest.fixture
def officer(client, case):
    person = appoint(Role.OFFICER, case.district)
    client.force_login(person)
    return person


def fields_of(case, **more) -> dict:
    """What a person keeps of the suggestion, with the applicant's name."""
    said = {"applicant_title": "นาง", "applicant_name": "ทองใบ ตัวอย่าง", "applicant_age": 67, **more}
    return {**suggested(case), **said}


def code_of(deed, *args, **kwargs) -> str:
    """The code with which the deed is refused."""
    with pytest.raises(ValidationError) as refusal:
        deed(*args, **kwargs)
    return refusal.value.code


def pdf_of(pages: int = 1, **more) -> bytes:
    """A PDF of blank pages."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 300)
    if "script" in more:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(more["script"])}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in action.items()}
        )
    if "password" in more:
        writer.encrypt(more["password"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# --- citizen numbers ---


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_number_of_13_digits_or_refused_without_repeating_it(typed):
    digits, said = _checked(typed)
    assert digits == "" or (len(digits) == 13 and digits.isdecimal())
    assert len(typed) < 5 or typed not in said


def _checked(typed: str) -> tuple[str, str]:
    """The digits, or the sentence that refuses them."""
    try:
        return citizen_numbers.checked(typed), ""
    except ValidationError as refusal:
        return "", "".join(refusal.messages)


@pytest.mark.parametrize("typed", ["1-2345-67890-12-1", "๑๒๓๔๕๖๗๘๙๐๑๒๑", " 1 2345 67890 12 1 "])
def test_hyphens_spaces_and_thai_digits_are_read(typed):
    assert citizen_numbers.checked(typed) == NUMBER


@pytest.mark.parametrize("typed", ["1234567890122", "123456789012", "12345678901211", "abc"])
def test_a_wrong_number_is_refused(typed):
    assert code_of(citizen_numbers.checked, typed) == "not_a_citizen_number"


def test_a_number_that_begins_with_0_is_taken_if_its_sum_is_right():
    assert len([n for n in range(10) if _taken(f"012345678901{n}")]) == 1


def _taken(typed: str) -> bool:
    try:
        return bool(citizen_numbers.checked(typed))
    except ValidationError:
        return False


def test_it_is_sealed_and_opens_with_an_older_key_but_not_with_a_strangers():
    with override_settings(CITIZEN_NUMBER_KEYS=["first"]):
        kept = citizen_numbers.sealed(NUMBER)
        assert NUMBER.encode() not in kept
    with override_settings(CITIZEN_NUMBER_KEYS=["second", "first"]):
        assert citizen_numbers.opened(kept) == NUMBER
    with override_settings(CITIZEN_NUMBER_KEYS=[]):
        early = citizen_numbers.sealed(NUMBER)
    with override_settings(CITIZEN_NUMBER_KEYS=["third"]):
        assert citizen_numbers.opened(early) == NUMBER  # sealed before the office had keys of its own
        assert code_of(citizen_numbers.opened, kept) == "key_lost"


def test_it_is_shown_masked():
    assert citizen_numbers.masked(NUMBER) == "1-2345-67890-**-1"


# --- the form ---


@pytest.mark.django_db
def test_the_form_begins_with_what_the_case_says(case):
    said = suggested(case)
    assert "12/3" in said["wish"]
    assert "รื้อถอน" in said["because"]
    assert "ภาพถ่าย" not in said["attachments"]


@pytest.mark.django_db
def test_the_text_is_kept_as_printed_but_for_the_number(case, officer):
    form = fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case))
    assert "นางทองใบ ตัวอย่าง อายุ ๖๗ ปี" in form.text
    assert NUMBER_PLACE in form.text
    assert "…" in form.text  # where the applicant lives is written by hand
    assert NUMBER not in f"{form.text}{form.citizen_number_shown}{bytes(form.citizen_number)!r}"
    write_wording(case.district, subject="เรื่องใหม่", text="{ผู้ร้อง}", by=appoint(Role.HEAD, case.district))
    assert "มีความประสงค์" in Form31.objects.get(pk=form.pk).text


@pytest.mark.django_db
def test_only_the_registry_section_fills_it_and_not_after_the_end(case):
    development = appoint(Role.COMMUNITY_DEVELOPMENT, case.district)
    assert code_of(fill_form31, case, by=development, **fields_of(case)) == "not_allowed"
    ended = case_of(HouseFactory.create(subdistrict=case.house.subdistrict), state="withdrawn")
    officer = appoint(Role.OFFICER, case.district)
    assert code_of(fill_form31, ended, by=officer, **fields_of(ended)) == "has_ended"


@pytest.mark.django_db
def test_the_whole_number_is_shown_for_a_reason_that_is_recorded(case, officer, client):
    form = fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case))
    assert code_of(reveal_number, form, reason=" ", by=officer) == "reason_needed"
    director = appoint(Role.DIRECTOR, case.district)
    assert code_of(reveal_number, form, reason="อยากรู้", by=director) == "not_allowed"
    assert not NumberReveal.objects.exists()
    page = client.post(reverse("verification:form31_reveal", args=[case.pk]), {"reason": "เทียบกับบัตร"})
    assert "1-2345-67890-12-1" in page.content.decode()
    looked = NumberReveal.objects.get()
    assert (looked.revealed_by, looked.reason) == (officer, "เทียบกับบัตร")
    told = client.get(reverse("verification:case", args=[case.pk])).content.decode()
    assert "1-2345-67890-**-1" in told
    assert NUMBER not in told.replace("-", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberReveal.objects.update(reason="")


@pytest.mark.django_db
def test_printing_to_sign_is_recorded_and_looking_at_the_print_shows_the_mask(case, officer, client):
    fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case))
    paper = client.post(reverse("verification:form31_paper", args=[case.pk]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑" in text
    assert NumberReveal.objects.count() == 1
    seen = client.get(reverse("verification:form31_print", args=[case.pk])).content.decode()
    assert "๖๗๘๙๐-**-๑" in seen
    assert NumberReveal.objects.count() == 1


@pytest.mark.django_db
def test_a_wrong_number_is_said_beside_its_field_and_not_repeated(case, officer, client):
    said = {**fields_of(case), "written_on": "24/11/2569", "citizen_number": "1234567890122"}
    page = client.post(reverse("verification:form31", args=[case.pk]), said)
    assert page.status_code == 422
    assert "1234567890122" not in page.content.decode()
    assert not Form31.objects.exists()


@pytest.mark.django_db
def test_pressed_twice_it_is_kept_once_and_another_word_makes_another(case, officer):
    first = fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case))
    assert fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case)) == first
    other = fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case, applicant_age=68))
    without = fill_form31(case, by=officer, **fields_of(case, applicant_age=68))
    assert len({first, other, without}) == 3
    file_signed(without, number="31", dated=timezone.localdate(), sent=io.BytesIO(pdf_of()), by=officer)
    assert fill_form31(case, by=officer, **fields_of(case, applicant_age=68)) != without


@pytest.mark.django_db
def test_a_number_that_begins_with_0_is_kept_with_a_warning(case, officer, client):
    number = next(n for n in (f"012345678901{last}" for last in range(10)) if _taken(n))
    said = {**fields_of(case), "written_on": "24/11/2569", "citizen_number": number}
    page = client.post(reverse("verification:form31", args=[case.pk]), said, follow=True).content.decode()
    assert Form31.objects.get().citizen_number_shown.startswith("0-1234")
    assert "ขึ้นต้นด้วย 0" in page


@pytest.mark.django_db
def test_the_pages_fill_the_form_and_take_the_paper_in(case, officer, client):
    said = {**fields_of(case), "written_on": "24/11/2569", "citizen_number": NUMBER}
    client.post(reverse("verification:form31", args=[case.pk]), said)
    address = reverse("verification:form31_signed", args=[case.pk])
    for _twice in range(2):
        scan = SimpleUploadedFile("ท.ร.31.pdf", pdf_of())
        client.post(address, {"signed-number": "31/2569", "signed-dated": "24/11/2569", "signed-file": scan})
    signed = SignedForm31.objects.get()
    assert (signed.number, signed.content_type) == ("31/2569", "application/pdf")
    answer = client.get(reverse("verification:form31_scan", args=[case.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(appoint(Role.COMMUNITY_DEVELOPMENT, case.district))
    assert client.get(reverse("verification:form31_scan", args=[case.pk])).status_code == 404
    page = client.get(reverse("verification:case", args=[case.pk])).content.decode()
    assert "ทองใบ" not in page


# --- scans ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "not_a_scan"),
        (b"%PDF-1.4\n%%EOF", "unreadable"),
        (b"%PDF-1.7\n" + b"\x00" * 500, "unreadable"),
        (pdf_of(21), "too_many_pages"),
        (pdf_of(password="x"), "locked"),
        (pdf_of()[:200], "unreadable"),
    ],
)
def test_what_is_no_scan_is_refused_with_a_sentence(case, officer, content, code):
    form = form31_of(case)
    given = {"number": "31", "dated": timezone.localdate(), "by": officer}
    assert code_of(file_signed, form, sent=io.BytesIO(content), **given) == code
    assert not SignedForm31.objects.exists()


@pytest.mark.django_db
def test_scripts_do_not_come_along(case, officer):
    sent = io.BytesIO(pdf_of(script="app.alert('x')"))
    signed = file_signed(form31_of(case), number="31", dated=timezone.localdate(), sent=sent, by=officer)
    content = signed.file.read()
    assert b"JavaScript" not in content
    assert b"app.alert" not in content
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


@pytest.mark.django_db
def test_links_notes_and_attached_files_of_a_page_do_not_come_along(case, officer):
    writer = PdfWriter()
    page = writer.add_blank_page(200, 300)
    run = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("evil.exe")})
    for key in ("/AA", "/AF", "/PieceInfo", "/PresSteps"):
        page[NameObject(key)] = DictionaryObject({NameObject("/O"): run})
    writer.add_attachment("evil.bin", b"evil.exe")
    out = io.BytesIO()
    writer.write(out)
    out.seek(0)
    signed = file_signed(form31_of(case), number="31", dated=timezone.localdate(), sent=out, by=officer)
    content = signed.file.read()
    assert b"evil" not in content
    assert b"/Launch" not in content
    assert b"EmbeddedFile" not in content


@pytest.mark.django_db
def test_a_photo_of_the_paper_will_do(case, officer):
    out = io.BytesIO()
    Image.new("RGB", (30, 40), "white").save(out, "PNG")
    out.seek(0)
    signed = file_signed(form31_of(case), number="31", dated=timezone.localdate(), sent=out, by=officer)
    assert signed.content_type == "image/jpeg"


@pytest.mark.django_db
def test_another_paper_for_a_signed_form_is_refused(case, officer):
    form, given = form31_of(case), {"number": "31", "dated": timezone.localdate(), "by": officer}
    file_signed(form, sent=io.BytesIO(pdf_of()), **given)
    assert code_of(file_signed, form, sent=io.BytesIO(pdf_of(2)), **given) == "signed_already"
    tomorrow = {**given, "dated": timezone.localdate() + timezone.timedelta(days=1)}
    assert code_of(file_signed, form31_of(case), sent=io.BytesIO(pdf_of()), **tomorrow) == "in_the_future"


# --- the wording ---


@pytest.mark.django_db
def test_the_head_writes_the_wording_and_unknown_places_are_named(case, officer, client):
    head = appoint(Role.HEAD, case.district)
    write = {"subject": "ขอจำหน่าย", "by": head}
    assert code_of(write_wording, case.district, text="{ใคร}", **write) == "unknown_place"
    assert code_of(write_wording, case.district, text=" ", **write) == "words_needed"
    assert code_of(write_wording, case.district, subject="x", text="x", by=officer) == "not_allowed"
    assert code_of(write_wording, case.district, text="{ผู้ร้อง", **write) == "open_brace"
    client.force_login(head)
    looked = {"subject": "ขอจำหน่าย", "text": "กระผม {ผู้ร้อง} อายุ {อายุ}", "look": "1"}
    assert (
        "กระผม นางทองใบ ตัวอย่าง อายุ ๖๗" in client.post(reverse("verification:form31_wording"), looked).content.decode()
    )
    assert wording_of(case.district).kept is None
    client.post(reverse("verification:form31_wording"), {"subject": "ขอจำหน่าย", "text": "ข้าพเจ้า {ผู้ร้อง}"})
    assert wording_of(case.district).text == "ข้าพเจ้า {ผู้ร้อง}"
    client.post(reverse("verification:form31_wording"), {"subject": "ขอจำหน่าย", "text": "ดิฉัน {ผู้ร้อง}"})
    assert wording_of(case.district).kept.version == 2


@given(st.text(max_size=200))
def test_a_wording_is_text_and_never_a_programme(text):
    values = {"ผู้ร้อง": "ก"}
    assert isinstance(filled(text, values), str)
    assert filled("{ผู้ร้อง.__class__} {0} {{x}}", values).count("…") > 0


@pytest.mark.django_db
def test_an_ordinary_form_is_one_sheet_and_a_long_one_goes_on(case, officer, client):
    photo_of(case)
    whole = {"lives_at": "99/9 ซอยตัวอย่าง 1 ถนนตัวอย่าง แขวงตัวอย่าง เขตตัวอย่าง", "phone": "02 000 0000"}
    fill_form31(case, citizen_number=NUMBER, by=officer, **fields_of(case, **whole))
    address = reverse("verification:form31_paper", args=[case.pk])
    assert len(PdfReader(io.BytesIO(client.post(address).content)).pages) == 1
    fill_form31(case, by=officer, **fields_of(case, because="ผู้ใหญ่เปี๊ยก" * 35, lives_at="บ้าน" * 70, witness="ย" * 150))
    assert len(PdfReader(io.BytesIO(client.post(address).content)).pages) == 2


@pytest.mark.django_db
def test_long_names_and_empty_fields_are_printed(case, officer):
    form = fill_form31(case, by=officer, **fields_of(case, applicant_name="ก" * 150, lives_at="บ้าน" * 70, phone=""))
    paper = form_on_paper(form)
    assert "ก" * 150 in paper.applicant
    assert any("…" in line for line in paper.paragraphs)
