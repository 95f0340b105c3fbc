from hypothesis import given
from hypothesis import strategies as st

from households.reading.column_guess import guess_columns

SUBDISTRICTS = {"บางยี่เรือ", "ตลาดพลู"}


def table(count=10):
    return [
        [number, f"{number * 3}/{number}", "นางสมศรี", f"ซ.เทอดไท {number}", "เทอดไท", "แขวงตลาดพลู"]
        for number in range(1, count + 1)
    ]


def test_columns_are_guessed_from_what_stands_in_them():
    guess = guess_columns([["บัญชีบ้าน"], [], *table()], SUBDISTRICTS)
    assert guess.columns == {"house_no": 1, "soi": 3, "road": 4, "subdistrict": 5}
    assert (guess.first_row, guess.is_certain) == (2, True)


def test_whole_addresses_are_one_column():
    rows = [[number, f"{number}/3 ซ.เทอดไท 5 แขวงตลาดพลู"] for number in range(1, 10)]
    guess = guess_columns(rows, SUBDISTRICTS)
    assert (guess.columns, guess.is_certain) == ({"address": 1}, True)


def test_two_columns_of_house_numbers_are_never_certain():
    rows = [[f"{number}/1", f"{number}/2", "เทอดไท 5"] for number in range(1, 10)]
    assert not guess_columns(rows, SUBDISTRICTS).is_certain


def test_numbers_without_any_lane_are_never_certain():
    assert not guess_columns([[number * 7] for number in range(1, 10)], SUBDISTRICTS).is_certain


def test_text_without_numbers_is_no_list():
    assert guess_columns([["สวัสดี", "ครับ"]] * 10, SUBDISTRICTS) is None
    assert guess_columns([], SUBDISTRICTS) is None


cells = st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.dates() | st.sampled_from(["12/3", "ซอย 5"])


@given(st.lists(st.lists(cells, max_size=6), max_size=12))
def test_whatever_is_guessed_lies_within_the_table(rows):
    guess = guess_columns(rows, SUBDISTRICTS)
    if guess:
        assert len(set(guess.columns.values())) == len(guess.columns)
        assert max(guess.columns.values()) < max(map(len, rows))
        assert 0 <= guess.first_row < len(rows)
