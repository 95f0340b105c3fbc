"""What an officer types to find houses: numbers, codes and names taken apart, and what they mean in a district."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_text import to_thai_digits
from households.house_numbers import HouseNumber
from households.place_names import LaneNames, Named, Places, bears
from households.search_box import (
    LONGEST,
    CitizenNumber,
    HouseCode,
    Kind,
    Name,
    Numbers,
    Parity,
    TooLong,
    readings,
    readings_of_lane,
    words_of_names,
)

COMMUNITIES = [
    Named(1, "10150007", "โรงเจ 1"),
    Named(2, "10150008", "โรงเจ 2"),
    Named(3, "10150009", "ชุมชนสวนพลู"),
]
LANES = [
    LaneNames("a", "", "เทอดไท 5", "เทอดไท"),
    LaneNames("b", "", "เทอดไท 50", "เทอดไท"),
    LaneNames("c", "", "เทอดไท 5/1", "เทอดไท"),
    LaneNames("d", "", "", "เทอดไท"),
    LaneNames("e", "เทวดา", "", "ตากสิน"),
    LaneNames("f", "", "ตากสิน 5", "ตากสิน"),
    LaneNames("g", "", "สวนพลู 3", "สวนพลู"),
]
PLACES = Places(LANES, COMMUNITIES, [Named(9, "101503", "บางยี่เรือ")])


def understood(text):
    return PLACES.understand(readings(text))


def lanes_in(text):
    found = understood(text)
    return "".join(sorted(found.lanes)) if found and found.lanes else ""


def meant(numbers: Numbers, *candidates: str) -> list[str]:
    """Those of the house numbers that the typed ones mean."""
    found = []
    for text in candidates:
        main, _slash, rest = text.partition("/")
        sub, _slash, sub2 = rest.partition("/")
        order = HouseNumber(int(main), int(sub) if sub else None, int(sub2) if sub2 else None).order
        digit = order[numbers.telling - 1]
        fits = {Parity.ALL: True, Parity.ODD: digit in "13579", Parity.EVEN: digit in "02468"}[numbers.parity]
        if numbers.first <= order < numbers.end and fits:
            found.append(text)
    return found


@pytest.mark.parametrize(
    ("typed", "houses"),
    [
        ("12", ["12", "12/1", "12/3", "12/3/4", "12/40"]),
        ("12/3", ["12/3", "12/3/4"]),
        ("12/", ["12/1", "12/3", "12/3/4", "12/40"]),
        ("11-12", ["11", "12", "12/1", "12/3", "12/3/4", "12/40"]),
        ("12/1-12/3", ["12/1", "12/3", "12/3/4"]),
        ("12/1-3", ["12/1", "12/3", "12/3/4"]),
        ("11–13 คี่", ["11", "13"]),
        ("odd 1 ถึง 13", ["1", "11", "13"]),
        ("12/1-12/40 คู่", ["12/40"]),
        ("120", ["120"]),
    ],
)
def test_numbers_mean_themselves_and_what_lies_below_them(typed, houses):
    numbers = understood(typed).numbers
    everything = ("1", "11", "12", "12/1", "12/3", "12/3/4", "12/40", "13", "120", "121/1")
    assert meant(numbers, *everything) == houses


@pytest.mark.parametrize(
    ("typed", "lanes"),
    [
        ("เทอดไท 5", "a"),
        ("ซ.เทอดไท๕", "a"),
        ("ดไท", "abcd"),
        ("ถนนเทอดไท", "abcd"),
        ("ซอยเทอดไท", "abc"),
        ("ซอย 5", "af"),
        ("ซ.5 ถนนตากสิน", "f"),
        ("เทวดา", "e"),
        ("12/3 เทอดไท 5", "a"),
        ("เทอดไท 5 12/3", "a"),
        ("12 เทอดไท", "abcd"),
        ("1–99 odd in ซอยเทอดไท 5", "a"),
        ("เทอดไท 5/1", "c"),
        ("12 ซ 5 ถนนเทอดไท", "a"),
    ],
)
def test_a_lane_is_meant_by_its_name_or_any_part_of_it_beside_a_number(typed, lanes):
    assert lanes_in(typed) == lanes


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("12/3 เทอดไท 5", "12/3"), ("เทอดไท 5 12/3", "12/3"), ("โรงเจ 41/", "41/…"), ("1-99 คี่ เทอดไท 5", "1–99")],
)
def test_the_number_is_told_from_the_number_of_a_name(typed, shown):
    assert understood(typed).numbers.shown == shown


def test_a_name_with_its_number_is_a_house_number_where_no_lane_is_called_so():
    assert understood("เทอดไท 7").numbers.shown == "7"
    assert understood("เทอดไท 5").numbers is None


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("โรงเจ 1", {1}),
        ("โรงเจ", {1, 2}),
        ("10150008", {2}),
        ("ชุมชนสวนพลู", {3}),
        ("41/ โรงเจ 2", {2}),
        ("โรงเจ 2 เทอดไท 5", {2}),
        ("878 10150008", {2}),
        ("12345 10150008", {2}),
    ],
)
def test_a_community_is_meant_by_name_part_or_code(typed, ids):
    assert understood(typed).ids(Kind.COMMUNITY) == ids


def test_a_name_of_several_kinds_of_places_tells_the_others():
    [name] = understood("สวนพลู").names
    assert (name.kind, name.also) == (Kind.COMMUNITY, (Kind.LANE,))
    [lane] = understood("ถนนสวนพลู").names
    assert (lane.kind, lane.also) == (Kind.LANE, ())


def test_a_sub_district_is_meant_where_nothing_else_bears_the_name():
    assert understood("แขวงบางยี่เรือ").ids(Kind.SUBDISTRICT) == {9}
    assert understood("12 บางยี่เรือ").ids(Kind.SUBDISTRICT) == {9}


@pytest.mark.parametrize("typed", ["1015-900001-7", "10159000017", "๑๐๑๕ ๙๐๐๐๐๑ ๗", "รหัสประจำบ้าน 1015-900001-7"])
def test_a_house_code_is_one_however_it_is_grouped(typed):
    [(code,)] = readings(typed)
    assert code == HouseCode(code.typed, "10159000017")


@pytest.mark.parametrize("typed", ["1-2345-67890-12-3", "1234567890123", "๑ ๒๓๔๕ ๖๗๘๙๐ ๑๒ ๓"])
def test_a_citizen_number_is_refused_and_not_kept(typed):
    with pytest.raises(CitizenNumber) as refusal:
        readings(typed)
    assert "2345" not in str(refusal.value)


@pytest.mark.parametrize("typed", ["ไม่มีที่นี่", "99-1", "12/3/4/5", "123456789", "1-5 7-9"])
def test_what_means_nothing_is_not_understood(typed):
    assert understood(typed) is None


def test_likely_names_are_proposed_for_one_that_nothing_bears():
    assert PLACES.alike(Name("เทิดไท 5", "เทิดไท 5"))[0] == "เทอดไท 5"


@pytest.mark.parametrize("typed", ["12 ซอย", "12 ถนน", "12 ชุมชน"])
def test_a_word_that_announces_a_name_still_being_typed_is_passed_over(typed):
    assert understood(typed).numbers.shown == "12"


@pytest.mark.parametrize("read", [readings, readings_of_lane])
def test_more_than_anybody_types_is_refused(read):
    with pytest.raises(TooLong):
        read("1" * (LONGEST + 1))


@pytest.mark.parametrize(
    ("typed", "lanes"), [("5", "af"), ("เทอดไท 5", "a"), ("ซ.5 ถ.เทอดไท", "a"), ("โรงเจ", ""), ("ชุมชนสวนพลู", "")]
)
def test_the_field_of_lanes_means_lanes_alone(typed, lanes):
    found = PLACES.understand(readings_of_lane(typed))
    assert "".join(sorted(found.lanes) if found and found.lanes else ()) == lanes


@pytest.mark.parametrize(
    ("key", "part", "is_borne"),
    [
        ("เทอดไท 5", "ไท 5", True),
        ("เทอดไท 50", "ไท 5", False),
        ("เทอดไท 5/1", "ไท 5", False),
        ("เทอดไท 15", "5", False),
        ("เทอดไท 5", "5", True),
        ("เทอดไท 5 แยก 2", "เทอดไท 5", True),
    ],
)
def test_a_number_in_a_name_is_whole(key, part, is_borne):
    assert bears(key, part) == is_borne


@given(st.text(max_size=LONGEST))
def test_any_text_is_read_or_refused(text):
    try:
        for reading in readings(text):
            assert reading
            PLACES.understand([reading])
    except CitizenNumber:
        pass


@given(
    st.integers(1, 99_999), st.one_of(st.none(), st.integers(1, 99_999)), st.sampled_from(["", " เทอดไท 5", " โรงเจ 1"])
)
def test_every_number_means_at_least_itself_in_any_digits_and_beside_any_name(main, sub, place):
    number = HouseNumber(main, sub)
    for typed in (f"{number}{place}", to_thai_digits(f"{number}{place}"), f"{place.strip()} {number}".strip()):
        numbers = understood(typed).numbers
        assert numbers is not None
        assert numbers.first <= number.order < numbers.end


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_a_range_means_the_numbers_between_its_ends_and_no_others(one, other, house):
    first, last = sorted((one, other))
    numbers = understood(f"{first}-{last}").numbers if first < last else understood(str(first)).numbers
    order = HouseNumber(house).order
    assert (numbers.first <= order < numbers.end) == (first <= house <= last)


@given(st.sampled_from(LANES), st.data())
def test_any_part_of_a_lanes_name_leads_to_it(lane, data):
    name = data.draw(st.sampled_from([key for key in (lane.trok, lane.soi, lane.road) if key]))
    letters = name.rstrip("0123456789/ ")
    begin = data.draw(st.integers(0, len(letters) - 2))
    part = letters[begin : data.draw(st.integers(begin + 2, len(letters)))]
    words = words_of_names(readings_of_lane(part))
    # The superset that the database gives always holds the lane.
    assert all(any(word in key for key in (lane.trok, lane.soi, lane.road)) for word in words)
    found = PLACES.understand(readings_of_lane(part))
    assert found is None or lane.order in found.lanes
