import datetime

import pytest

from communities.models import District, Subdistrict
from communities.tests.factories import CommunityFactory, SubdistrictFactory, command_line
from households.matching import grade_anew, grade_list
from households.models import HouseRegistration, LifeEvent, RowMatch
from households.row_reasons import Grade, Reason
from households.tests.factories import HouseFactory
from households.tests.intake import HEADER, line, received, verdicts

pytestmark = pytest.mark.django_db

EXACT = ("exact", "all_parts")
NOT_FOUND = ("none", "not_found")


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def verdict(community):
    """The grade and reason of the last of the rows, received as one list."""

    def _verdict(*rows, **file):
        return verdicts(received(community, *rows, **file))[-1]

    return _verdict


def elsewhere(name="ตลาดพลู"):
    return Subdistrict.objects.get(name_th=name)


@pytest.mark.parametrize(
    "number", ["12/3", " 12 / 3", "๑๒/๓", "เลขที่ 12/3", "'12/3", "12\\3", "１２／３", "12/\u200b3", "12\u00a0/3"]
)
@pytest.mark.parametrize("soi", ["เทอดไท 5", "5", "ซ.เทอดไท๕", "ซอยเทอด\u200bไท5"])
def test_a_house_is_found_however_its_parts_are_written(verdict, number, soi):
    HouseFactory(house_no="12/3")
    assert verdict(line(number, soi, " ถนนเทอดไท", "แขวงบางยี่เรือ ")) == EXACT


@pytest.mark.parametrize("written", ["เทอดไท ซอย 5", "เทอดไท ๕", "ซ.5"])
def test_a_soi_whose_own_word_stands_inside_is_never_taken_for_another(verdict, written):
    HouseFactory(house_no="12/3", soi="เทอดไท 15")
    HouseFactory(house_no="12/3", soi="เทอดไท 55")
    HouseFactory(house_no="12/3", soi="เทอดไท 5/5")
    assert verdict(line("12/3", written))[0] != Grade.EXACT


def test_a_slash_in_the_name_of_a_soi_tells_two_sois_apart(verdict):
    HouseFactory(house_no="5", soi="อิสรภาพ 17", road="อิสรภาพ")
    HouseFactory(house_no="5", soi="อิสรภาพ 17/1", road="อิสรภาพ")
    house_list = received(CommunityFactory(), line("5", "อิสรภาพ 17/1", "อิสรภาพ"))
    [match] = RowMatch.objects.filter(record__house_list=house_list)
    assert match.house.soi == "อิสรภาพ 17/1"
    assert verdicts(house_list) == [EXACT]


def test_a_bare_number_is_never_exact_however_rare(verdict):
    HouseFactory(house_no="98765/4")
    assert verdict(line("98765/4", None, None, None))[0] == Grade.LIKELY
    assert verdict(line("98765/4", None, None)) == ("likely", "road_missing")


def test_a_list_that_names_its_subdistrict_in_the_title_only_is_likely(verdict):
    HouseFactory(house_no="12/3")
    header = ("ลำดับ", "บ้านเลขที่", "ซอย", "ถนน")
    title = [["บัญชีบ้าน แขวงบางยี่เรือ เขตธนบุรี"]]
    assert verdict([1, "12/3", "เทอดไท 5", "เทอดไท"], header=header, above=title) == ("likely", "subdistrict_missing")


@pytest.mark.parametrize("named", ["ตลาดพลู", "คลองสาน", "ตลาดพลู/บางยี่เรือ", "แขวงตลาดพลู เขตธนบุรี", "101503"])
def test_an_old_or_foreign_or_unreadable_subdistrict_is_likely_at_most(verdict, named):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", subdistrict=named)) == ("likely", "subdistrict_differs")


def test_a_dash_for_the_subdistrict_says_nothing(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", subdistrict="-")) == ("likely", "subdistrict_missing")


def test_the_same_lane_of_two_subdistricts_is_told_apart_by_the_row(community):
    HouseFactory(house_no="12/3", subdistrict=elsewhere())
    here = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    assert [match.house for match in RowMatch.objects.filter(record__house_list=house_list)] == [here]


def test_another_district_s_house_is_never_a_candidate(verdict):
    other = SubdistrictFactory(district=District.objects.get(code="1016"), code="101601", name_th="บางยี่เรือ")
    HouseFactory(house_no="12/3", subdistrict=other)
    assert verdict(line("12/3")) == NOT_FOUND


def test_a_misspelt_road_is_likely_while_the_soi_agrees(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", road="เทิดไท")) == ("likely", "lane_misspelt")


def test_a_misspelt_soi_is_likely(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "เทิดไท 5")) == ("likely", "lane_misspelt")


def test_another_road_that_is_not_alike_is_no_misspelling(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", road="ตากสิน")) == ("likely", "road_differs")
    assert verdict(line("12/3", "ตากสิน 5", count=2))[0] == Grade.NONE


def test_soi_and_road_swapped_are_not_exact(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "เทอดไท", "เทอดไท 5"))[0] != Grade.EXACT


def test_number_and_soi_swapped_are_not_exact(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("เทอดไท 5", "12/3")) == ("none", "unreadable_number")


def test_parts_in_the_wrong_column_are_read_where_they_name_themselves(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "ถนนเทอดไท", "ซอยเทอดไท 5")) == EXACT


def test_a_trok_in_the_soi_column_is_no_soi(verdict):
    HouseFactory(house_no="12/3", soi="เทวดา")
    assert verdict(line("12/3", "ตรอกเทวดา"))[0] != Grade.EXACT


@pytest.mark.parametrize("number", ["12/3, 12/5", "12/3 และ 12/5", "12/3,5", "12.5", 12.5, "12/3 (รื้อ)", "ว่าง"])
def test_two_numbers_in_one_cell_are_never_one_house(verdict, number):
    for each in ("12/3", "12/5", "12/35", "12"):
        HouseFactory(house_no=each)
    assert verdict(line(number)) == ("none", "unreadable_number")


def test_a_range_is_likely_even_where_the_register_has_that_very_number(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3-5"))[0] == Grade.NONE
    HouseFactory(house_no="12/3-5")
    assert verdict(line("12/3-5", count=2)) == ("likely", "range")


def test_a_number_that_became_a_date_is_likely_or_several(verdict):
    day = datetime.date(2015, 3, 12)
    assert verdict(line(day)) == NOT_FOUND
    HouseFactory(house_no="12/3")
    assert verdict(line(day, count=2)) == ("likely", "excel_date")
    HouseFactory(house_no="3/12")
    assert verdict(line(day, count=3)) == ("several", "several_houses")


@pytest.mark.parametrize("note", ["รื้อแล้ว", "ย้ายไปอยู่ที่อื่น", "ยกเลิก", "ไม่ใช่ชุมชนเรา", "ซ้ำ"])
def test_a_note_against_the_house_makes_the_row_likely(verdict, note):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", note=note)) == ("likely", "note_speaks_against")


def test_a_ditto_finds_the_house_of_the_lane_above_and_is_likely(community):
    HouseFactory(house_no="12/3")
    below = HouseFactory(house_no="12/4")
    HouseFactory(house_no="12/4", soi="เทอดไท 7")
    house_list = received(community, line("12/3"), line("12/4", '"'))
    assert verdicts(house_list) == [EXACT, ("likely", "ditto")]
    assert house_list.records.get(row=3).matches.get(rank=1).house == below


def test_under_a_heading_the_house_on_the_road_is_not_exact(community):
    HouseFactory(house_no="12/3", soi="")
    house_list = received(community, ["ซอยเทอดไท 5"], line("12/3", None))
    assert verdicts(house_list)[0][0] != Grade.EXACT


def test_below_a_soi_written_once_the_house_on_the_road_is_not_exact(community):
    for number in ("1", "2", "3"):
        HouseFactory(house_no=number)
    HouseFactory(house_no="4", soi="")
    house_list = received(community, line("1"), line("2", None), line("3", None), line("4", None))
    assert verdicts(house_list) == [EXACT, *[("likely", "soi_missing")] * 3]


def test_houses_on_the_road_stay_exact_below_rows_of_a_soi(community):
    HouseFactory(house_no="1")
    for number in ("2", "3"):
        HouseFactory(house_no=number, soi="")
    house_list = received(community, line("1"), line("2", None), line("3", None))
    assert verdicts(house_list) == [EXACT, *[("exact", "on_road")] * 2]


def test_two_registrations_of_one_address_are_several(verdict):
    HouseFactory.create_batch(2, house_no="12/3")
    assert verdict(line("12/3")) == ("several", "several_houses")


def test_a_struck_house_is_none_and_stays_among_the_candidates(community):
    struck = HouseFactory(house_no="12/3", state="struck")
    house_list = received(community, line("12/3"))
    assert verdicts(house_list) == [("none", "struck_off")]
    assert house_list.records.get().matches.get().house == struck


def test_a_vanished_house_is_none(verdict):
    HouseFactory(house_no="12/3", state="vanished")
    assert verdict(line("12/3")) == ("none", "vanished")


def test_a_live_house_beside_the_struck_one_is_exact(verdict):
    HouseFactory(house_no="12/3", state="struck")
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3")) == EXACT


def test_the_second_row_of_a_house_listed_twice_says_so(community):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"), line(" ๑๒/๓", "5"))
    assert verdicts(house_list) == [EXACT, ("exact", "repeated")]


def test_a_row_without_a_house_number_has_its_reason(verdict):
    assert verdict(line(None)) == ("none", "no_number")


def test_likely_rows_show_what_differs(community):
    HouseFactory(house_no="12/3", road="เทอดไท", soi="เทอดไท 5")
    house_list = received(community, line("12/3", road="เทิดไท"))
    assert house_list.records.get().matches.get().differs == ["road"]


def test_wild_cards_in_a_soi_match_nothing(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "%", "เทอดไท"))[0] != Grade.EXACT
    assert verdict(line("12/3", "เทอดไท _", "เทอดไท", count=2))[0] != Grade.EXACT


# --- a register that moves on ---


def change(house, kind, **columns):
    HouseRegistration.objects.filter(pk=house.pk).update(**columns)
    day = datetime.date(2015, 1, 20)
    LifeEvent.objects.create(
        house=house, kind=kind, ground="central_register", happened_on=day, counted_on=day, recorded_by=command_line()
    )


def test_rows_are_graded_anew_after_the_register_changed(community):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    change(house, LifeEvent.Kind.STRUCK, state="struck")
    grade_anew(house_list)
    assert verdicts(house_list) == [("none", "struck_off")]


def test_rows_are_not_graded_again_while_the_register_stands_still(community, django_assert_num_queries):
    house_list = received(community, line("12/3"))
    with django_assert_num_queries(1):
        grade_anew(house_list)


def test_grading_again_gives_the_same_matches(community):
    HouseFactory.create_batch(3, house_no="12/3")
    house_list = received(community, line("12/3"), line("12/3", None))
    before = list(RowMatch.objects.order_by("record", "rank").values_list("record", "house", "rank", "differs"))
    grade_list(house_list)
    assert list(RowMatch.objects.order_by("record", "rank").values_list("record", "house", "rank", "differs")) == before


def test_a_settled_row_keeps_its_grade_and_still_tells_what_empty_cells_mean(community):
    for number in ("1", "2", "3"):
        HouseFactory(house_no=number)
    HouseFactory(house_no="4", soi="")
    house_list = received(community, line("1"), line("2", None), line("3", None), line("4", None))
    house_list.records.filter(row__in=[3, 4]).update(outcome="closed", reason=Reason.CHOSEN)
    grade_list(house_list)
    assert verdicts(house_list)[1:] == [("likely", "chosen"), ("likely", "chosen"), ("likely", "soi_missing")]


def test_grading_takes_the_same_number_of_queries_at_any_size(community, django_assert_num_queries):
    HouseFactory(house_no="12/3")
    house_list = received(community, *[line(f"12/{n}") for n in range(1, 60)], header=HEADER)
    with django_assert_num_queries(9):
        grade_list(house_list)
