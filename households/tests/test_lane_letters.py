"""Letters of communities: short, telling, and never twice in a district."""

from hypothesis import given
from hypothesis import strategies as st

from households.lane_letters import Known, letters_of


def letters(*names):
    known = {nth: Known(name, f"1015{nth:04}") for nth, name in enumerate(names, start=1)}
    return list(letters_of(known).values())


def test_a_number_at_the_end_of_a_name_is_kept():
    assert letters("ชุมชนโรงเจ 1", "โรงเจ ๒") == ["ร1", "ร2"]


def test_a_name_without_a_number_has_two_consonants():
    assert letters("ตากสินสัมพันธ์") == ["ตก"]


def test_names_that_begin_alike_are_told_apart_by_where_they_differ():
    assert letters("กุฎีขาว", "กุฎีจีน") == ["กข", "กจ"]
    assert letters("วัดบุปผาราม", "วัดประยูรวงศ์") == ["วบ", "วย"]


def test_a_number_that_two_names_end_with_needs_another_consonant():
    assert letters("ตัวอย่าง 1", "ตลาด 1") == ["ตว1", "ตล1"]


def test_a_silenced_consonant_is_no_letter():
    assert letters("วงศ์ยอ") == ["วง"]
    assert "ศ" not in "".join(letters("วงศ์", "วงศ์วง"))


def test_names_that_say_nothing_have_the_end_of_the_code():
    assert letters("", "...") == ["01", "02"]
    assert letters("บ", "บ", "บ") == ["บ", "02", "03"]


def test_latin_names_have_capital_letters():
    assert letters("riverside") == ["RI"]


def test_a_districts_worth_of_names_has_at_most_three_signs():
    temples = ("บุปผาราม", "ประยูรวงศ์", "กัลยาณ์", "ประดิษฐาราม", "ใหญ่ศรีสุพรรณ", "หิรัญรูจี")
    others = ("กุฎีขาว", "กุฎีจีน", "โรงคราม", "ตากสินสัมพันธ์", "ตรอกเทวดา", "พัฒนาบ้านล่าง", "สวนพลู", "บางไส้ไก่")
    real = (*others, *(f"วัด{name}" for name in temples))
    found = letters(*real, "โรงเจ 1", "โรงเจ 2", *(f"ตัวอย่าง {number}" for number in range(17, 45)))
    assert len(set(found)) == len(found) == 44
    assert max(map(len, found)) <= 3


NAMES = st.text(alphabet="กขวดตร ์ัา12ชุมชนab", max_size=12)


@given(st.lists(NAMES, max_size=30))
def test_no_letters_are_given_twice_and_none_are_empty(names):
    found = letters(*names)
    assert len(set(found)) == len(names)
    assert all(found)


@given(st.lists(NAMES, max_size=8))
def test_the_same_communities_have_the_same_letters(names):
    assert letters(*names) == letters(*names)
