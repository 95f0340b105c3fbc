import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.tests.pace import soon
from communities.thai_text import to_thai_digits
from households.addresses import read_address
from households.reading.whole_addresses import (
    WholeAddress,
    gives_a_house,
    is_numbered_name,
    take_apart,
    take_column_apart,
    take_lane_apart,
)

SUBDISTRICTS = frozenset({"บางยี่เรือ", "ตลาดพลู", "บุคคโล"})
WHOLE = WholeAddress(house_no="12/3", soi="เทอดไท 5", road="เทอดไท", subdistrict="บางยี่เรือ", district="ธนบุรี")


def read(text: str) -> WholeAddress:
    address = take_apart(text, SUBDISTRICTS)
    assert address is not None
    return address


@pytest.mark.parametrize(
    "text",
    [
        "12/3 ซ.เทอดไท 5 ถ.เทอดไท แขวงบางยี่เรือ เขตธนบุรี กทม. 10600",
        "12/3 ซอยเทอดไท 5 ถนนเทอดไท แขวงบางยี่เรือ เขตธนบุรี กรุงเทพมหานคร ๑๐๖๐๐",
        "๑๒/๓ ซอยเทอดไท ๕ ถนนเทอดไท แขวงบางยี่เรือ เขตธนบุรี",
        "บ้านเลขที่ 12/3 ซ.เทอดไท 5, ถ.เทอดไท, แขวงบางยี่เรือ, เขตธนบุรี",
        "ซ.เทอดไท 5 ถ.เทอดไท แขวงบางยี่เรือ เขตธนบุรี เลขที่ 12/3",
        "12/3 ถ.เทอดไท ซ.เทอดไท 5 แขวงบางยี่เรือ เขตธนบุรี",
        "12/3 ซ.เทอดไท 5 ถ.เทอดไท ต.บางยี่เรือ อ.ธนบุรี จ.กรุงเทพฯ",
        "12/3 ซ.เทอดไท 5 ถ.เทอดไท ข.บางยี่เรือ เขตธนบุรี",
        "12/3 เทอดไท 5 ถ.เทอดไท แขวงบางยี่เรือ เขตธนบุรี",
        "12/3 ซ.เทอดไท 5 ถ.เทอดไท บางยี่เรือ ธนบุรี กทม.",
        "12/3 ซ.เทอดไท 5 เทอดไท แขวงบางยี่เรือ เขตธนบุรี",
        "12/3 ซ เทอดไท 5 ถ เทอดไท แขวงบางยี่เรือ ธนบุรี",
        "12/3 ถ.เทอดไท เทอดไท 5 แขวงบางยี่เรือ เขตธนบุรี",
        "12/3ซ.เทอดไท 5ถ.เทอดไทแขวงบางยี่เรือเขตธนบุรีกทม.10600",
    ],
)
def test_an_address_is_one_address_however_it_is_written(text: str) -> None:
    assert read(text) == WHOLE


parts = st.permutations(
    [
        ("ซ.เทอดไท 5", "ซอยเทอดไท 5"),
        ("ถ.เทอดไท", "ถนนเทอดไท"),
        ("แขวงบางยี่เรือ", "แขวง บางยี่เรือ"),
        ("เขตธนบุรี",),
        ("เลขที่ 12/3",),
    ]
)


@given(parts, st.integers(0, 100))
def test_the_order_of_announced_parts_does_not_matter(order: list[tuple[str, ...]], choice: int) -> None:
    written = " ".join(spellings[choice % len(spellings)] for spellings in order)
    assert read(written) == read(to_thai_digits(written)) == WHOLE


def test_trok_and_village_are_parts_too() -> None:
    address = read("บ้านเลขที่ 12/3 หมู่ที่ 2 ตรอกโรงเจ ซอยเทอดไท 5 ถนนเทอดไท")
    assert (address.house_no, address.moo, address.trok, address.soi) == ("12/3", "2", "โรงเจ", "เทอดไท 5")
    assert address.is_certain
    assert read("12/3 ม.2 ซ.5").moo == read("12/3 moo 2 ซ.5").moo == read("12/3 หมู่ 2 ซ.5").moo == "2"


@pytest.mark.parametrize(
    "text",
    [
        "12/3 เทอดไท 5 แขวงบางยี่เรือ",
        "12/3 เทอดไท แขวงบางยี่เรือ",
        "12/3 ซ.เทอดไท 5 บางยี่เรือ",
        "ถ.เทอดไท ซ.5 12/3",
        "12/3 ซ. ถ.เทอดไท แขวงบางยี่เรือ",
        "12/3 ซ.5 ถ.เทอดไท ข.ไม่รู้จัก",
        "12/3 ริมคลอง 9 ซ.5 ถ.เทอดไท",
    ],
)
def test_what_no_word_announces_is_not_certain(text: str) -> None:
    assert not read(text).is_certain


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("12/3 หมู่บ้านเศรษฐกิจ ซ.5", "เศรษฐกิจ"),
        ("12/3 ห้อง 5 ซ.5", "5"),
        ("12/3 อาคารเอ ชั้น 2 ซ.5", "เอ2"),
        ("12/3 ซ.5 จ.นนทบุรี", "นนทบุรี"),
    ],
)
def test_what_the_register_does_not_have_is_told(text: str, more: str) -> None:
    assert read(text).more == more


def test_a_remark_is_no_part_of_the_address_and_a_person_no_part_of_the_remark() -> None:
    assert read("12/3 ซ.เทอดไท 5 (รื้อแล้ว)").note == "รื้อแล้ว"
    address = read("12/3 ซ.เทอดไท 5 รื้อแล้ว")
    assert (address.soi, address.note) == ("เทอดไท 5", "รื้อแล้ว")
    address = read("12/3 ซ.5 ถ.เทอดไท รื้อแล้ว")
    assert (address.road, address.note) == ("เทอดไท", "รื้อแล้ว")
    address = read("12/3 ซ.เทอดไท 5 นายสมชาย ใจดี")
    assert (address.soi, address.note) == ("เทอดไท 5", "")


def test_names_that_hold_the_letters_of_words_stay_whole() -> None:
    address = read("12 ข. ซอยซุ้มประตู ถนนถาวร แขวงตลาดพลู")
    assert (address.house_no, address.soi, address.road, address.subdistrict) == ("12 ข.", "ซุ้มประตู", "ถาวร", "ตลาดพลู")
    assert read("12/3 ถนนตลาดพลู แขวงตลาดพลู").road == "ตลาดพลู"
    assert read("12/3 ซ.5 (เทอดไท) ถ.เทอดไท").soi == "5 (เทอดไท)"


@pytest.mark.parametrize("text", ["12/3", "12/3 รื้อ", "12/3 เทอดไท 5", "เลขที่ 12/3", "", "ร้านค้า", "ก" * 5000])
def test_a_text_without_the_words_of_an_address_is_none(text: str) -> None:
    assert take_apart(text, SUBDISTRICTS) is None


def test_a_column_may_say_that_a_text_is_an_address() -> None:
    address = take_column_apart("12/3 เทอดไท 5", SUBDISTRICTS)
    assert (address.house_no, address.soi, address.is_certain) == ("12/3", "เทอดไท 5", False)
    assert take_column_apart("12/3 ห้อง 5").more == "5"
    assert take_column_apart("12/3") == WholeAddress(house_no="12/3")


@pytest.mark.parametrize(
    ("lane", "text", "expected"),
    [
        ("soi", "5 แขวงบางยี่เรือ", WholeAddress(soi="5", subdistrict="บางยี่เรือ")),
        ("soi", "หมู่ 2 ซ.เทอดไท 5", WholeAddress(moo="2", soi="เทอดไท 5")),
        ("road", "เทอดไท แขวงบางยี่เรือ เขตธนบุรี", WholeAddress(road="เทอดไท", subdistrict="บางยี่เรือ", district="ธนบุรี")),
        ("trok", "โรงเจ ม.2", WholeAddress(trok="โรงเจ", moo="2")),
    ],
)
def test_a_lanes_cell_may_name_more_than_the_lane(lane: str, text: str, expected: WholeAddress) -> None:
    assert take_lane_apart(lane, text, SUBDISTRICTS) == expected


@pytest.mark.parametrize("text", ["5", "เทอดไท 5", "ซ.5 ถ.เทอดไท", "", "ริมคลอง"])
def test_a_lanes_cell_that_names_lanes_only_is_left_as_it_is(text: str) -> None:
    assert take_lane_apart("soi", text, SUBDISTRICTS) is None


def test_a_heading_is_told_from_a_house() -> None:
    assert gives_a_house("ซ.เทอดไท 5 เลขที่ 12/3")
    assert gives_a_house("12/3 ซ.เทอดไท 5")
    assert gives_a_house("ซ.5 ถนนตากสิน ต.บางยี่เรือ อ.ธนบุรี เลขที่22/6")
    for heading in ("ซอยเทอดไท 5", "ถนนเทศบาลสาย 3", "แขวงบางยี่เรือ", "หมู่ 2", "รวม 353 หลัง", "ซ.5 จำนวน 20 หลัง"):
        assert not gives_a_house(heading)


def test_a_name_with_a_number_is_told_from_a_remark() -> None:
    assert is_numbered_name("เทอดไท 5")
    assert not any(map(is_numbered_name, ("2 ชั้น", "ร้านค้า", "รื้อ", "5", "")))


ROADS = ["เทอดไท", "ตากสิน", "เทศบาลสาย 1", "ถาวร", "ซังฮี้"]


@pytest.mark.parametrize(("road", "soi"), itertools.product(ROADS, ["5", "17/1", "5 แยก 2"]))
def test_lanes_of_an_address_read_to_the_keys_of_lanes_in_columns(road: str, soi: str) -> None:
    for text in (f"12/3 ซ.{soi} ถ.{road} แขวงบุคคโล", f"12/3 ซอย {road} ซอย {soi} ถนน {road} แขวงบุคคโล"):
        address = read(text)
        assert read_address(trok=address.trok, soi=address.soi, road=address.road) == read_address(soi=soi, road=road)


WORDS = ["ซ.", "ซอย", "ถ.", "ถนน", "ตรอก", "แขวง", "เขต", "หมู่", "ม.", "เลขที่", "กทม.", "10600", "12/3", "ก", "(", ")"]
WORDS += ["รื้อ", "บางยี่เรือ", "เทอดไท", "5", "นาย", "-", ",", "/"]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=80))
def test_any_text_is_taken_apart_or_left(text: str) -> None:
    for address in (
        take_apart(text, SUBDISTRICTS),
        take_column_apart(text, SUBDISTRICTS),
        take_lane_apart("soi", text),
    ):
        assert address is None or isinstance(address.is_certain, bool)


@given(st.lists(st.sampled_from([*WORDS, " ", "ก"]), min_size=1, max_size=6).map("".join), st.integers(1, 32_767))
def test_no_text_takes_long_to_take_apart(pattern: str, length: int) -> None:
    text = (pattern * length)[:32_767]
    with soon():
        for size in (300, len(text)):
            take_apart(text[:size], SUBDISTRICTS)
            take_column_apart(text[:size], SUBDISTRICTS)
