import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.tests.pace import soon
from communities.thai_text import to_thai_digits
from households.addresses import Address, lane_order, read_address

NAMES = [
    "เทอดไท",
    "ตากสิน",
    "ถาวร",
    "ซังฮี้",
    "ต้นไทร",
    "ถนอมมิตร",
    "ซื่อตรง",
    "สี่แยกบ้านแขก",
    "สมเด็จพระเจ้าตากสิน",
    "เทศบาลสาย 1",
    "เทศบาลสาย 3",
]
names = st.sampled_from(NAMES)
numbers = st.integers(1, 120)
lane_numbers = st.builds(lambda soi, sub: f"{soi}/{sub}" if sub else f"{soi}", numbers, st.none() | st.integers(1, 12))


@pytest.mark.parametrize(
    "soi",
    [
        "เทอดไท 5",
        "เทอดไท5",
        " เทอดไท  ๕ ",
        "เทอด ไท 5",
        "เทอดไท.5",
        "เทอดไท 05",
        "ซอยเทอดไท5",
        "ซอย เทอดไท 5",
        "ซ.เทอดไท 5",
        "ซ. เทอดไท 5",
        "ซ เทอดไท 5",
        "ซอยเทอดไท ซอย 5",
        "เทอดไท ซ.5",
        "เทอดไท ซ 5",
        "เทอดไทซอย5",
        "5",
        "๕",
        "'5",
        "05",
        "ซ.5",
        "ซ5",
        "ซอย 5",
        "ซอยที่ 5",
        "ซอยเทอดไท 5 ถนนเทอดไท",
        "ซ.5 ถ.เทอดไท",
        "ซ.5ถ.เทอดไท",
        "ซ.ย.เทอดไท 5",
        "ซย.เทอดไท 5",
        "ซอ.เทอดไท 5",
        "ซอ 5",
        "ซอย. เทอดไท 5",
        "soi 5",
        "Soi เทอดไท 5",
        "s.5",
        "ซอย ซ.เทอดไท 5",
        "ซอยซ.เทอดไท 5",
        "ซ.5 (เทอดไท)",
        "ซอย 5 (ถ.เทอดไท)",
        "(ซ.5)",
        "เทอดไท ซอยที่ 5",
        "เทอดไท-5",
        "ตรอก/ซอย เทอดไท 5",
        "ซอย/ตรอก 5",
    ],
)
@pytest.mark.parametrize(
    "road", ["เทอดไท", "ถนนเทอดไท", "ถ.เทอดไท", "ถ เทอดไท", " ถ. เทอดไท ", "ถน.เทอดไท", "ถนน ถ.เทอดไท"]
)
def test_a_soi_is_one_soi_however_it_is_written(soi: str, road: str) -> None:
    assert read_address(soi=soi, road=road) == Address(soi="เทอดไท 5", road="เทอดไท")


@pytest.mark.parametrize(
    "soi", ["อิสรภาพ 17/1", "อิสรภาพ17/1", "ซอยอิสรภาพ ๑๗ / ๑", "อิสรภาพ 17\u22151", "17/1", "ซ.17 /1", "17 ทับ 1"]
)
def test_a_soi_may_hold_a_slash(soi: str) -> None:
    assert read_address(soi=soi, road="อิสรภาพ") == Address(soi="อิสรภาพ 17/1", road="อิสรภาพ")


@pytest.mark.parametrize(
    "soi",
    [
        "3",
        "ซอย 3",
        "เทศบาลสาย 1 3",
        "เทศบาลสาย1 3",
        "เทศบาลสาย13",
        "ซอยเทศบาลสาย13",
        "เทศบาลสาย 1 ซอย 3",
        "ซอยเทศบาลสาย 1 ซอย 3",
        "เทศบาลสาย 1 ซ.3",
        "เทศบาลสาย 1 ซ 3",
        "เทศบาลสาย1ซ3",
        "ซอย ๓ ถนนเทศบาลสาย ๑",
    ],
)
def test_a_road_whose_name_ends_in_a_number_keeps_it_apart_from_the_soi(soi: str) -> None:
    expected = Address(soi="เทศบาลสาย 1 ซอย 3", road="เทศบาลสาย 1")
    assert read_address(soi=soi, road="ถนนเทศบาลสาย1") == expected


def test_a_number_set_apart_is_not_cut_in_two() -> None:
    assert read_address(soi="เทศบาลสาย 13", road="เทศบาลสาย 1").soi == "เทศบาลสาย 13"


def test_a_bare_number_without_a_road_stays_bare() -> None:
    address = read_address(soi="ซ.๕")
    assert address == Address(soi="5")
    assert address.soi_is_bare
    assert not read_address(soi="5", road="เทอดไท").soi_is_bare
    assert not read_address(soi="5 ธันวา").soi_is_bare
    assert not read_address().soi_is_bare


def test_a_name_that_begins_with_a_number_is_a_name() -> None:
    assert read_address(soi="5 ธันวา", road="เทอดไท").soi == "5 ธันวา"


def test_a_branch_is_part_of_the_soi() -> None:
    expected = Address(soi="เทอดไท 5 แยก 2", road="เทอดไท")
    assert read_address(soi="ซอยเทอดไท5แยก2", road="เทอดไท") == expected
    assert read_address(soi="5 แยก 2", road="เทอดไท") == expected
    assert read_address(soi="เทอดไท 5", road="เทอดไท") != expected


@pytest.mark.parametrize(
    "name", ["ถาวร", "ตากสิน", "ซังฮี้", "ตรีมิตร", "ซื่อสัตย์", "ต.โรงเจ", "ซ่อนกลิ่น", "ซุ้มประตู", "ซอสามสาย", "ถนอมมิตร", "โรงก๊าซ 5"]
)
def test_a_name_keeps_its_first_letters(name: str) -> None:
    assert read_address(soi=name).soi == name
    assert read_address(soi=f"ซอย{name}").soi == name
    assert read_address(soi=f"ซ.{name}").soi == name


def test_a_soi_whose_name_begins_with_the_word_keeps_one() -> None:
    assert read_address(soi="ซอยซอยสุวรรณ").soi == "ซอยสุวรรณ"


@pytest.mark.parametrize(
    "trok", ["โรงเจ 5", "ตรอกโรงเจ5", "ต.โรงเจ ๕", "ต โรงเจ 5", "ตรอก โรงเจ 5", "ตร.โรงเจ 5", "trok โรงเจ 5"]
)
def test_a_trok_is_one_trok_however_it_is_written(trok: str) -> None:
    assert read_address(trok=trok, road="เทอดไท") == Address(trok="โรงเจ 5", road="เทอดไท")


def test_a_bare_trok_belongs_to_the_road() -> None:
    assert read_address(trok="ตรอก 5", road="เทอดไท").trok == "เทอดไท 5"


def test_a_cell_that_names_its_kind_is_read_as_that_kind() -> None:
    assert read_address(soi="ตรอกโรงเจ") == Address(trok="โรงเจ")
    assert read_address(trok="ซอยเทอดไท 5") == Address(soi="เทอดไท 5")
    assert read_address(soi="ถนนเทอดไท") == Address(road="เทอดไท")
    assert read_address(trok="ถ.เทอดไท") == Address(road="เทอดไท")
    assert read_address(road="ถนนเทอดไท ซอย 5") == Address(soi="เทอดไท 5", road="เทอดไท")


def test_a_part_said_twice_is_said_once() -> None:
    assert read_address(soi="ถนนเทอดไท", road="ถ.เทอดไท") == Address(road="เทอดไท")
    assert read_address(trok="ซอย 5", soi="เทอดไท 5", road="เทอดไท") == Address(soi="เทอดไท 5", road="เทอดไท")


def test_two_roads_or_two_sois_in_one_row_are_kept_and_unclear() -> None:
    roads = read_address(soi="ถนนตากสิน", road="ถนนเทอดไท")
    assert roads.unclear
    assert roads.road == "เทอดไท + ตากสิน"
    assert read_address(trok="ซอย 5", soi="เทอดไท 2").unclear


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "\u2013", "--", ".", "....", "…", "ไม่มี", "ไม่มีซอย", "ซอย", "ซ.", "ซอย -", "-\u200b"]
)
def test_a_cell_may_say_that_there_is_none(cell: str) -> None:
    assert read_address(soi=cell, road="เทอดไท") == Address(road="เทอดไท")


@pytest.mark.parametrize(
    "cell",
    [
        "〃",
        '"',
        '""',
        "''",
        '-"-',
        "“",
        "”",
        "″",
        "ๆ",
        "-ฯ-",
        "เดียวกัน",
        "ซอยเดียวกัน",
        "ตามบน",
        "เหมือนบน",
        'ซ. "',
        "〃 〃",
    ],
)
def test_a_ditto_mark_is_not_resolved_but_makes_the_address_unclear(cell: str) -> None:
    assert read_address(soi=cell, road="เทอดไท") == Address(road="เทอดไท", unclear=True)
    assert read_address(soi="5", road=cell).unclear
    assert read_address(trok=cell).unclear


@pytest.mark.parametrize(
    "cell", ["?", "เทอดไท 5?", "เทอดไท \ufffd", "#N/A", "#REF!", "=C5", "0", "/", "*", ",,", "ไม่ทราบ", "'"]
)
def test_what_cannot_be_read_makes_the_address_unclear(cell: str) -> None:
    assert read_address(soi=cell, road="เทอดไท").unclear


def test_a_cell_too_long_for_a_lane_is_unclear() -> None:
    address = read_address(soi="เทอดไท 5 " * 4000)
    assert address.unclear
    assert len(address.soi) < 1000


def test_different_lanes_never_share_a_key() -> None:
    numbered = [f"{number}{tail}" for number in (1, 2, 3, 11, 12, 13, 31) for tail in ("", "/1", "/11", " แยก 1", " ก")]
    lanes = [
        (soi, road)
        for road in NAMES
        for soi in ["", *(f"{road} {number}" for number in numbered), *(f"{road}{word}" for word in ("เหนือ", "ใต้"))]
    ]
    addresses = {read_address(soi=soi, road=road) for soi, road in lanes}
    assert len(addresses) == len(lanes)
    assert len({lane_order(address) for address in addresses}) == len(lanes)


@given(
    names,
    lane_numbers,
    st.sampled_from(["", "ซอย", "ซอย ", "ซ.", "ซ. ", "ซ "]),
    st.sampled_from(["", "ถนน", "ถ.", "ถ. "]),
)
def test_prefix_and_digits_never_matter(road: str, number: str, soi_word: str, road_word: str) -> None:
    written = read_address(soi=f"{soi_word}{road} {number}", road=f"{road_word}{road}")
    assert written == read_address(soi=number, road=road)
    assert written == read_address(soi=to_thai_digits(f" {soi_word}{road}  {number} "), road=road)
    assert not written.unclear


@given(names, lane_numbers)
def test_a_name_glued_to_its_number_is_the_same_soi(road: str, number: str) -> None:
    glued = f"ซอย{road}{number}".replace(" ", "")
    assert read_address(soi=glued, road=road) == read_address(soi=number, road=road)


def test_a_soi_named_in_brackets_without_a_road_is_only_supposed() -> None:
    assert read_address(soi="ซ.5 (เทอดไท)") == Address(soi="เทอดไท 5", unclear=True)
    assert read_address(soi="5 (วัดใหญ่)", road="เทอดไท") == Address(soi="5 (วัดใหญ่)", road="เทอดไท")


lanes = st.tuples(
    st.sampled_from(["", "โรงเจ", "เทวดา 2"]),
    st.sampled_from(["", *NAMES, "ซุ้มประตู", "5 ธันวา", "วัดใหญ่ (ซ้าย)", "วัดใหญ่ (ขวา)"]).flatmap(
        lambda name: st.sampled_from(["", " 5", " 15", " 51", " 5/1", " 51/1", " 5 แยก 1", " 5 ก", "เหนือ"]).map(
            lambda tail: f"{name}{tail}" if name else ""
        )
    ),
    st.sampled_from(["", *NAMES]),
)


@given(lanes, lanes)
def test_two_lanes_of_a_register_never_fall_together(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    (trok, soi, road), (other_trok, other_soi, other_road) = one, other
    first = read_address(trok=trok, soi=soi, road=road)
    second = read_address(trok=other_trok, soi=other_soi, road=other_road)
    assert (first == second) == (one == other)


def test_no_cell_takes_long_to_read() -> None:
    for pattern in ("ซ.", "ซอย 5 ", "(", "5 (ก) ", "ทับ 1", "ถ. ", "-", "๕/", "ตรอก/ซอย"):
        with soon():
            read_address(trok=pattern * 8000, soi=pattern * 60, road=pattern * 8000)


@given(names, lane_numbers)
def test_a_key_reads_back_as_itself(road: str, number: str) -> None:
    address = read_address(trok=f"ตรอก{road}", soi=number, road=road)
    assert read_address(trok=address.trok, soi=address.soi, road=address.road) == address


cells = st.text() | st.text(alphabet="ซอยถนตรก.-/ 05๕\"'〃?", max_size=12)


@given(cells, cells, cells)
def test_any_three_cells_can_be_read_and_sorted(trok: str, soi: str, road: str) -> None:
    address = read_address(trok=trok, soi=soi, road=road)
    assert address == read_address(trok=f" {trok}\u200b ", soi=f"\ufeff{soi} ", road=f" {road}")
    assert lane_order(address).count("\t") == 2


def test_lanes_sort_by_road_then_by_number() -> None:
    in_order = [
        Address(),
        Address(road="ตากสิน"),
        Address(road="เทอดไท"),
        Address(road="เทอดไท", trok="โรงเจ"),
        *(
            Address(road="เทอดไท", soi=f"เทอดไท {number}")
            for number in ("2", "10", "17", "17/1", "17/2", "17/10", "18")
        ),
        Address(road="อิสรภาพ"),
    ]
    keys = [lane_order(address) for address in in_order]
    assert keys == sorted(set(keys))


def test_two_spellings_of_each_part_meet_in_every_combination() -> None:
    readings = {
        read_address(trok=trok, soi=soi, road=road)
        for trok, soi, road in itertools.product(["ตรอกโรงเจ", "โรงเจ"], ["ซ.2", "เทอดไท2"], ["ถ.เทอดไท", "เทอดไท "])
    }
    assert readings == {Address(trok="โรงเจ", soi="เทอดไท 2", road="เทอดไท")}
