"""The one name that a list and the register write differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.addresses import Address
from households.other_names import PARTS, OtherName, numbers_agree, only_difference

ON_SOI = Address(soi="เทอดไท 5", road="เทอดไท")


@pytest.mark.parametrize(
    ("row", "house", "found"),
    [
        (Address(soi="วัดกลาง", road="เทอดไท"), ON_SOI, OtherName("soi", "วัดกลาง", "เทอดไท 5")),
        (Address(soi="วัดกลาง"), ON_SOI, OtherName("soi", "วัดกลาง", "เทอดไท 5")),
        (Address(soi="เทิดไท 5", road="เทิดไท"), ON_SOI, OtherName("road", "เทิดไท", "เทอดไท")),
        (Address(soi="เทิดไท 5"), ON_SOI, OtherName("soi", "เทิดไท 5", "เทอดไท 5")),
        (Address(soi="เทิดไท 5", road="เทอดไท"), ON_SOI, OtherName("soi", "เทิดไท 5", "เทอดไท 5")),
        (Address(soi="เทอดไท 5", road="เทิดไท"), ON_SOI, OtherName("road", "เทิดไท", "เทอดไท")),
        (Address(road="ตากสิน"), Address(road="สมเด็จพระเจ้าตากสิน"), OtherName("road", "ตากสิน", "สมเด็จพระเจ้าตากสิน")),
        (
            Address(trok="ศาลเจ้าเก่า", road="เทอดไท"),
            Address(trok="ศาลเจ้า", road="เทอดไท"),
            OtherName("trok", "ศาลเจ้าเก่า", "ศาลเจ้า"),
        ),
        (
            Address(soi="เทศบาลสายหนึ่ง ซอย 3", road="เทศบาลสายหนึ่ง"),
            Address(soi="เทศบาลสาย 1 ซอย 3", road="เทศบาลสาย 1"),
            OtherName("road", "เทศบาลสายหนึ่ง", "เทศบาลสาย 1"),
        ),
    ],
)
def test_a_single_name_that_differs_is_found(row, house, found):
    assert only_difference(row, house) == found


@pytest.mark.parametrize(
    ("row", "house"),
    [
        (ON_SOI, ON_SOI),
        (Address(), ON_SOI),
        (Address(road="เทอดไท"), ON_SOI),
        (Address(soi="เทอดไท 12", road="เทอดไท"), ON_SOI),
        (Address(soi="เทอดไท 5/1", road="เทอดไท"), ON_SOI),
        (Address(soi="5"), ON_SOI),
        (Address(soi="วัดกลาง", road="วุฒากาศ"), ON_SOI),
        (Address(soi="วัดกลาง", trok="ศาลเจ้า"), Address(soi="เทอดไท 5", trok="โรงเจ")),
        (Address(soi="วัดกลาง", road="เทอดไท"), Address(road="เทอดไท")),
        (Address(soi="วัดกลาง + วัดใหม่", road="เทอดไท"), ON_SOI),
        (Address(soi="เทอดไท ?", road="เทอดไท"), ON_SOI),
    ],
)
def test_agreeing_lanes_numbers_and_several_differences_teach_nothing(row, house):
    assert only_difference(row, house) is None


names = st.text("กขคงจ 0123456789/", max_size=12).map(lambda text: " ".join(text.split()))
addresses = st.builds(Address, trok=names, soi=names, road=names)


@given(addresses, addresses)
def test_a_name_found_never_joins_two_numbers_and_says_something(row, house):
    found = only_difference(row, house)
    if found:
        assert found.part in PARTS
        assert found.written != ""
        assert found.meant not in ("", found.written)
        assert numbers_agree(found.written, found.meant)
        assert found.meant == getattr(house, found.part)


def test_a_name_without_the_register_s_number_is_known_as_such():
    assert OtherName("soi", "วัดกลาง", "เทอดไท 5").leaves_number_out
    assert not OtherName("road", "เทิดไท", "เทอดไท").leaves_number_out
