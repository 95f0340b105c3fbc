import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.tests.pace import soon
from communities.thai_text import to_thai_digits
from households.reading.row_notes import (
    Remark,
    is_harmless,
    may_be_a_name,
    remark_in,
    speaks_against,
    speaks_of_another_number,
    without_persons,
)


@pytest.mark.parametrize(
    ("note", "remark"),
    [
        ("รื้อแล้ว", Remark.DEMOLISHED),
        ("รื้อถอนปี 2550", Remark.DEMOLISHED),
        ("ทุบแล้ว", Remark.DEMOLISHED),
        ("ไฟไหม้", Remark.DEMOLISHED),
        ("บ้านพัง", Remark.DEMOLISHED),
        ("ถูกเวนคืน", Remark.DEMOLISHED),
        ("ที่ว่าง", Remark.EMPTY_PLOT),
        ("ที่ดินเปล่า", Remark.EMPTY_PLOT),
        ("ไม่มีตัวบ้าน", Remark.EMPTY_PLOT),
        ("ไม่พบบ้าน", Remark.EMPTY_PLOT),
        ("บ้านร้าง", Remark.EMPTY_PLOT),
        ("บ้านว่าง", Remark.EMPTY_PLOT),
        ("ย้ายออก", Remark.MOVED),
        ("ไม่ใช่ชุมชนเรา", Remark.MOVED),
        ("อยู่นอกชุมชน", Remark.MOVED),
        ("อยู่ในเขตคลองสาน", Remark.MOVED),
        ("ยังไม่รื้อ", None),
        ("ไม่ได้ย้าย", None),
        ("ร้านค้า", None),
        ("ระหว่างซอย 5", None),
        ("พังงา", None),
        ("", None),
    ],
)
def test_a_remark_says_what_has_become_of_the_house(note: str, remark: Remark | None) -> None:
    assert remark_in(note) == remark
    assert remark_in(f" ({note}) ") == remark


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("นายสมชาย ใจดี", ""),
        ("บ้านนายสมชาย", "บ้าน"),
        ("(น.ส. สมศรี) รื้อแล้ว", "( ) รื้อแล้ว"),
        ("คุณแดง, ให้เช่า", ", ให้เช่า"),
        ("Mr. Somchai", ""),
        ("ร้านค้า โทร. 081-234-5678", "ร้านค้า"),
        ("1-2345-67890-12-1 ร้านค้า", "ร้านค้า"),
        ("บ้านนายก", "บ้านนายก"),
        ("บ้านนายกสมาคม", "บ้านนายกสมาคม"),
        ("บ้านนายกมล", "บ้าน"),
        ("นายทะเบียน", "นายทะเบียน"),
        ("คุณภาพดี", "คุณภาพดี"),
        ("12/3", "12/3"),
    ],
)
def test_persons_and_their_numbers_are_taken_out(text: str, kept: str) -> None:
    assert without_persons(text).replace("( )", "") == kept.replace("( )", "").strip()


@pytest.mark.parametrize("text", ["ร้านค้า", "ให้เช่า", "บ้านเช่า", "ริมคลอง", "2 ชั้น", "บ้านนายก", "มุม", "เจ้าของ", "OK"])
def test_known_words_beside_a_number_are_harmless(text: str) -> None:
    assert is_harmless(text)
    assert not may_be_a_name(text)


@pytest.mark.parametrize("text", ["", "*", "หลัง", "ชั้น 2", "ข้าง 12/5", "เทอดไท 5", "ก", "2", "ใหม่", "ร้านเลขที่ 5"])
def test_what_may_be_a_part_of_the_number_or_of_an_address_is_not_harmless(text: str) -> None:
    assert not is_harmless(text)


def test_two_unknown_words_may_be_a_name() -> None:
    assert may_be_a_name("สมชาย ใจดี")
    assert not may_be_a_name("รื้อ")


def test_a_remark_may_speak_of_another_number() -> None:
    assert all(map(speaks_of_another_number, ("ใหม่", "เลขเก่า", "เดิม 15/2")))
    assert not speaks_of_another_number("ร้านค้า")


@given(st.text(max_size=60) | st.text(alphabet="นายงสวคุณ.รื้อม่ี ()0812345-", max_size=200), st.integers(1, 600))
def test_any_remark_is_read_at_once(text: str, times: int) -> None:
    with soon():
        for read in (remark_in, is_harmless, without_persons, may_be_a_name, speaks_of_another_number):
            read((text * times)[:32_767])


@pytest.mark.parametrize(
    "note",
    [
        "รื้อแล้ว",
        "รื้อถอนแล้ว",
        "บ้านถูกรื้อ",
        "ไฟไหม้",
        "ย้ายไปอยู่ต่างจังหวัด",
        "ยกเลิก",
        "ไม่ใช่ชุมชนเรา",
        "ไม่อยู่ในชุมชน",
        "มิใช่เขตชุมชน",
        "อยู่นอกชุมชน",
        "เป็นของชุมชนข้างเคียง",
        "อยู่ซอย 7",
        "ซ้ำ",
        "ซ้ำกับลำดับ 5",
        "เลขที่ใหม่ 45/1",
        "เดิม 12/4",
        "จำหน่ายแล้ว",
        "ไม่พบบ้าน",
        "ไม่มีบ้านแล้ว",
        "ไม่แน่ใจ",
        "รอตรวจสอบ",
        "ตัดออก",
        "ผิด",
        "รวมกับ 12/4",
        "?",
    ],
)
def test_notes_that_speak_against_a_house_are_heard(note):
    assert speaks_against(note)
    assert speaks_against(f"  {to_thai_digits(note)} ")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "เจ้าของ นางสมศรี",
        "ตรวจสอบแล้ว",
        "รองประธานชุมชน",
        "ครอบครัวใหญ่",
        "โทร 02-123-4567",
        "บ้านเช่า",
        "ร้านค้า",
        "ไม่มีผู้อยู่อาศัย",
    ],
)
def test_other_notes_are_not(note):
    assert not speaks_against(note)
