import datetime
import random

import pytest

from communities.models import District, Subdistrict
from communities.tests.factories import CommunityFactory, SubdistrictFactory
from households.matching import grade_list
from households.models import HouseList, RowMatch, Sender
from households.row_reasons import Grade
from households.tests.factories import HouseFactory, alias_of
from households.tests.intake import line, received, verdicts

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


def test_the_number_of_a_soi_is_never_a_matter_of_spelling(verdict):
    HouseFactory(house_no="12/3", soi="เทอดไท 12")
    assert verdict(line("12/3", "เทอดไท 14")) == ("none", "soi_differs")
    assert verdict(line("12/3", "เทิดไท 14", "เทิดไท", count=2))[0] == Grade.NONE


def test_a_name_that_the_register_has_is_no_misspelling(verdict):
    HouseFactory(house_no="12/3", soi="วัดกลาง")
    HouseFactory(house_no="99", soi="วัดกลาด")
    assert verdict(line("12/3", "วัดกลาด"))[0] == Grade.NONE
    assert verdict(line("12/3", "วัดกลาว", count=2)) == ("likely", "lane_misspelt")


def test_two_lanes_almost_alike_are_several(verdict):
    HouseFactory(house_no="12/3", soi="วัดกลาง")
    HouseFactory(house_no="12/3", soi="วัดกลาด")
    assert verdict(line("12/3", "วัดกลาว")) == ("several", "several_houses")


def test_a_confirmed_other_name_of_a_soi_is_exact(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "วัดกลาง"))[0] == Grade.NONE
    alias_of("วัดกลาง", "เทอดไท 5")
    assert verdict(line("12/3", "ซ.วัดกลาง", count=2)) == ("exact", "by_alias")


@pytest.mark.parametrize(("registered", "written"), [("ตากสิน", "สมเด็จพระเจ้าตากสิน"), ("สมเด็จพระเจ้าตากสิน", "ตากสิน")])
def test_official_and_short_name_of_a_road_mean_each_other_and_its_sois(verdict, registered, written):
    HouseFactory(house_no="12/3", soi=f"{registered} 20", road=registered)
    HouseFactory(house_no="40", soi="", road=registered)
    alias_of("สมเด็จพระเจ้าตากสิน", "ตากสิน", part="road", ground="official")
    assert verdict(line("12/3", "20", f"ถนน{written}")) == ("exact", "by_alias")
    assert verdict(line("40", None, written, count=2)) == ("exact", "by_alias")


def test_a_name_that_fits_as_written_and_as_alias_is_several(verdict):
    HouseFactory(house_no="12/3")
    HouseFactory(house_no="12/3", soi="วัดกลาง")
    alias_of("วัดกลาง", "เทอดไท 5")
    assert verdict(line("12/3", "วัดกลาง")) == ("several", "several_houses")


def test_an_alias_of_one_sender_is_not_used_for_others(community):
    HouseFactory(house_no="12/3")
    sender = Sender.objects.create(district=community.district, name="ฝ่ายพัฒนาชุมชน")
    alias_of("วัดกลาง", "เทอดไท 5", sender=sender)
    assert verdicts(received(community, line("12/3", "วัดกลาง")))[0][0] == Grade.NONE
    HouseList.objects.update(sender=sender)
    house_list = HouseList.objects.get()
    grade_list(house_list)
    assert verdicts(house_list) == [("exact", "by_alias")]


@pytest.mark.parametrize("today", ["สำเหร่", "ดาวคะนอง"])
def test_a_sub_district_by_its_name_before_the_division_is_likely(verdict, today):
    HouseFactory(house_no="12/3", subdistrict=elsewhere(today))
    assert verdict(line("12/3", subdistrict="บุคคโล")) == ("likely", "old_subdistrict")
    assert verdict(line("12/3", subdistrict="วัดกัลยาณ์", count=2)) == ("likely", "subdistrict_differs")


def test_where_a_list_means_another_subdistrict_an_address_that_stands_in_both_is_several(community):
    HouseFactory(house_no="8", subdistrict=elsewhere("สำเหร่"))
    HouseFactory(house_no="9", subdistrict=elsewhere("สำเหร่"))
    HouseFactory(house_no="9")
    found = verdicts(received(community, line("8"), line("9")))
    assert found == [("likely", "old_subdistrict"), ("several", "several_houses")]


def test_no_house_is_found_by_the_name_of_a_new_sub_district_in_the_old_one(verdict):
    HouseFactory(house_no="12/3", subdistrict=elsewhere("บุคคโล"))
    assert verdict(line("12/3", subdistrict="สำเหร่")) == ("likely", "subdistrict_differs")


def test_another_road_that_is_not_alike_is_no_misspelling(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", road="ตากสิน")) == ("likely", "road_differs")
    assert verdict(line("12/3", "ตากสิน 5", count=2))[0] == Grade.NONE


def test_soi_and_road_swapped_are_not_exact(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "เทอดไท", "เทอดไท 5"))[0] != Grade.EXACT


def test_number_and_soi_swapped_are_not_exact(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("เทอดไท 5", "12/3"))[0] == Grade.NONE


def test_parts_in_the_wrong_column_are_read_where_they_name_themselves(verdict):
    HouseFactory(house_no="12/3")
    assert verdict(line("12/3", "ถนนเทอดไท", "ซอยเทอดไท 5")) == EXACT


def test_a_trok_in_the_soi_column_is_no_soi(verdict):
    HouseFactory(house_no="12/3", soi="เทวดา")
    assert verdict(line("12/3", "ตรอกเทวดา"))[0] != Grade.EXACT


def parts(house_list):
    """The row, part, grade, reason and number of the house meant first, of each record."""
    records = house_list.records.order_by("row", "part").prefetch_related("matches__house")
    return [(r.row, r.part, r.grade, r.reason, *[m.house.house_no for m in r.matches.all()][:1]) for r in records]


@pytest.mark.parametrize("number", ["12/3, 12/5", "12/3 และ 12/5"])
def test_two_numbers_in_one_cell_are_two_houses_of_the_row(community, number):
    for each in ("12/3", "12/5", "12/35", "12"):
        HouseFactory(house_no=each)
    assert parts(received(community, line(number))) == [(2, 1, *EXACT, "12/3"), (2, 2, *EXACT, "12/5")]


@pytest.mark.parametrize("number", ["12/3,5", "12.5", 12.5, "12/3 (รื้อ)", "ว่าง"])
def test_a_number_in_a_short_form_or_in_doubt_is_never_exact(verdict, number):
    for each in ("12/3", "12/5", "12/35", "12"):
        HouseFactory(house_no=each)
    assert verdict(line(number))[0] != Grade.EXACT


def test_a_range_is_likely_where_the_register_has_that_very_number(verdict):
    HouseFactory(house_no="12/3")
    HouseFactory(house_no="12/3-5")
    assert verdict(line("12/3-5")) == ("likely", "range")


def test_a_range_whose_parts_are_houses_becomes_a_match_a_part(community):
    for each in ("12/3", "12/4", "12/5", "12/6"):
        HouseFactory(house_no=each)
    house_list = received(community, line("12/3-5"), line("12/6", count=2))
    assert parts(house_list) == [
        (2, 1, "likely", "range", "12/3"),
        (2, 2, "likely", "range", "12/4"),
        (2, 3, "likely", "range", "12/5"),
        (3, 1, *EXACT, "12/6"),
    ]


def test_a_range_with_a_part_that_is_no_house_stays_open(community):
    HouseFactory(house_no="12/3")
    HouseFactory(house_no="12/5")
    assert parts(received(community, line("12/3-5"))) == [(2, 1, "several", "range", "12/3")]
    assert parts(received(community, line("12/7-9"))) == [(2, 1, *NOT_FOUND)]


def test_a_range_is_split_when_the_register_has_come_to_know_its_parts(community):
    for each in ("12/3", "12/4"):
        HouseFactory(house_no=each)
    house_list = received(community, line("12/3-5"))
    HouseFactory(house_no="12/5")
    grade_list(house_list)
    grade_list(house_list)
    assert [part[1:4] for part in parts(house_list)] == [(n, "likely", "range") for n in (1, 2, 3)]
    assert {record.cells[1] for record in house_list.records.all()} <= {"12/3-5"}


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


def test_lists_that_were_shuffled_or_cut_have_no_row_exact_that_is_wrong(community):
    houses = {
        (soi, number): HouseFactory(house_no=str(number), soi=soi)
        for soi in ("", "เทอดไท 1", "เทอดไท 2", "เทอดไท 11")
        for number in range(1, 15)
    }
    in_order = sorted(houses)
    unstated = set(random.Random(5).sample(in_order, 8))
    for name, order in {
        "in order": in_order,
        "shuffled": random.Random(6).sample(in_order, len(in_order)),
        "cut": in_order[20:] + in_order[:20],
    }.items():
        rows = [
            line(str(number), *((None, None) if (soi, number) in unstated else (soi or None, "เทอดไท")), count=place)
            for place, (soi, number) in enumerate(order, start=1)
        ]
        house_list = received(community, *rows, sheet=name)
        meant = dict(house_list.records.filter(matches__rank=1).values_list("row", "matches__house"))
        truth = {place: houses[key].pk for place, key in enumerate(order, start=2)}
        sure = house_list.records.filter(grade__in=[Grade.EXACT, Grade.LIKELY])
        assert [row for row in sure.values_list("row", flat=True) if meant[row] != truth[row]] == []
