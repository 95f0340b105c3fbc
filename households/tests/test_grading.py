import dataclasses

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from households.judging.grading import LIVE, STRUCK, Candidate, RowKeys, grade
from households.judging.list_grading import grade_list_rows
from households.judging.list_habits import under_lanes_written_once
from households.row_reasons import Grade, Outcome, Reason

ROW = RowKeys(soi="เทอดไท 5", road="เทอดไท", subdistrict=5)
ON_ROAD = RowKeys(road="เทอดไท", subdistrict=5)


def house(pk=1, *, trok="", soi="เทอดไท 5", road="เทอดไท", moo="", subdistrict=5, state=LIVE):
    return Candidate(pk, trok, soi, road, moo, subdistrict, state)


def verdict(row, *candidates):
    result = grade(row, candidates)
    return result.grade, result.reason


def test_a_house_that_agrees_in_all_is_exact():
    result = grade(ROW, [house()])
    assert (result.grade, result.reason, result.candidates) == (Grade.EXACT, Reason.ALL_PARTS, ((1, ()),))


def test_a_row_without_a_road_is_exact_by_its_soi():
    assert verdict(dataclasses.replace(ROW, road=""), house()) == (Grade.EXACT, Reason.ALL_PARTS)


def test_a_house_on_the_road_is_exact_when_no_soi_of_it_has_the_number():
    assert verdict(ON_ROAD, house(soi="")) == (Grade.EXACT, Reason.ON_ROAD)


@pytest.mark.parametrize("state", [LIVE, STRUCK, "vanished"])
def test_a_house_on_the_road_is_not_exact_when_a_soi_of_it_has_the_number(state):
    assert verdict(ON_ROAD, house(1, soi=""), house(2, state=state))[0] != Grade.EXACT


def test_a_struck_house_in_a_soi_makes_the_house_on_the_road_likely():
    assert verdict(ON_ROAD, house(1, soi=""), house(2, state=STRUCK)) == (Grade.LIKELY, Reason.SOI_MISSING)


def test_a_soi_of_another_road_or_subdistrict_does_not_hide_the_house_on_the_road():
    others = [house(2, soi="ตากสิน 5", road="ตากสิน"), house(3, subdistrict=3)]
    assert verdict(ON_ROAD, house(1, soi=""), *others) == (Grade.EXACT, Reason.ON_ROAD)


@pytest.mark.parametrize("row", [RowKeys(), RowKeys(subdistrict=5), RowKeys(subdistrict=5, moo="3")])
def test_a_bare_number_is_never_exact_however_rare(row):
    assert verdict(row, house())[0] == Grade.LIKELY


def test_a_missing_subdistrict_is_likely():
    assert verdict(dataclasses.replace(ROW, subdistrict=None), house()) == (Grade.LIKELY, Reason.SUBDISTRICT_MISSING)


@pytest.mark.parametrize("other", [3, 0])
def test_an_old_or_foreign_subdistrict_is_likely_at_most(other):
    row = dataclasses.replace(ROW, subdistrict=other)
    assert verdict(row, house()) == (Grade.LIKELY, Reason.SUBDISTRICT_DIFFERS)


def test_the_road_may_not_differ_while_the_soi_agrees():
    assert verdict(dataclasses.replace(ROW, road="ตากสิน"), house()) == (Grade.LIKELY, Reason.ROAD_DIFFERS)


def test_another_soi_is_another_house():
    assert verdict(ROW, house(soi="เทอดไท 7")) == (Grade.NONE, Reason.SOI_DIFFERS)


def test_a_stated_soi_does_not_mean_the_house_on_the_road():
    assert verdict(ROW, house(soi="")) == (Grade.NONE, Reason.SOI_DIFFERS)


def test_the_village_number_may_not_differ():
    row = dataclasses.replace(ROW, moo="3")
    assert verdict(row, house(moo="4")) == (Grade.LIKELY, Reason.MOO_DIFFERS)
    assert verdict(row, house(moo="")) == (Grade.EXACT, Reason.ALL_PARTS)
    assert verdict(row, house(1, moo="3"), house(2, moo="4")) == (Grade.EXACT, Reason.ALL_PARTS)
    assert verdict(ROW, house(1, moo="3"), house(2, moo="4")) == (Grade.SEVERAL, Reason.SEVERAL_HOUSES)


def test_a_trok_is_not_a_soi():
    row = RowKeys(trok="เทวดา", road="เทอดไท", subdistrict=5)
    assert verdict(row, house(soi="เทวดา"))[0] != Grade.EXACT
    assert verdict(row, house(soi="", trok="เทวดา")) == (Grade.EXACT, Reason.ALL_PARTS)
    assert verdict(row, house(soi="", trok="อื่น")) == (Grade.LIKELY, Reason.TROK_DIFFERS)


def test_a_trok_of_the_soi_hides_the_house_in_the_soi():
    assert verdict(ROW, house(trok="เทวดา")) == (Grade.LIKELY, Reason.TROK_MISSING)
    assert verdict(ROW, house(1), house(2, trok="เทวดา")) == (Grade.SEVERAL, Reason.SEVERAL_HOUSES)
    assert verdict(ROW, house(1), house(2, trok="เทวดา", state=STRUCK)) == (Grade.LIKELY, Reason.TROK_MISSING)


def test_a_trok_in_a_soi_hides_the_trok_on_the_road():
    row = RowKeys(trok="เทวดา", road="เทอดไท", subdistrict=5)
    candidates = [house(1, soi="", trok="เทวดา"), house(2, trok="เทวดา")]
    assert verdict(row, *candidates) == (Grade.SEVERAL, Reason.SEVERAL_HOUSES)


def test_a_bare_soi_without_a_road_is_likely():
    assert verdict(RowKeys(soi="5", subdistrict=5), house()) == (Grade.LIKELY, Reason.ROAD_MISSING)
    assert verdict(RowKeys(soi="5", subdistrict=5), house(soi="5", road=""))[0] == Grade.LIKELY


def test_two_live_houses_of_one_address_are_several():
    assert verdict(ROW, house(1), house(2)) == (Grade.SEVERAL, Reason.SEVERAL_HOUSES)


def test_a_house_built_anew_is_exact_beside_the_one_struck_off():
    result = grade(ROW, [house(1, state=STRUCK), house(2)])
    assert (result.grade, result.candidates) == (Grade.EXACT, ((2, ()),))


@pytest.mark.parametrize(("state", "reason"), [(STRUCK, Reason.STRUCK_OFF), ("vanished", Reason.VANISHED)])
def test_a_house_that_is_gone_is_none_and_stays_among_the_candidates(state, reason):
    result = grade(ROW, [house(state=state)])
    assert (result.grade, result.reason, result.candidates) == (Grade.NONE, reason, ((1, ()),))


def test_where_the_struck_house_stood_no_other_house_is_meant():
    candidates = [house(1, soi="", state=STRUCK), house(2)]
    assert verdict(ON_ROAD, *candidates) == (Grade.NONE, Reason.STRUCK_OFF)


@pytest.mark.parametrize(
    "doubt",
    [
        Reason.EXCEL_DATE,
        Reason.DITTO,
        Reason.RANGE,
        Reason.NUMBER_REPAIRED,
        Reason.NOTE_SPEAKS_AGAINST,
        Reason.PART_NOT_COMPARED,
        Reason.RUNNING_NUMBER,
    ],
)
@pytest.mark.parametrize("row", [ROW, ON_ROAD])
def test_a_doubt_makes_it_likely_for_its_own_reason(row, doubt):
    assert verdict(dataclasses.replace(row, doubt=doubt), house(soi=row.soi)) == (Grade.LIKELY, doubt)


def test_no_house_is_none():
    assert verdict(ROW) == (Grade.NONE, Reason.NOT_FOUND)


def test_the_best_candidate_comes_first_and_no_more_than_nine():
    candidates = [house(pk, soi=f"เทอดไท {pk}") for pk in range(10, 20)] + [house(1, road="ตากสิน")]
    shown = grade(ROW, candidates).candidates
    assert shown[0] == (1, ("road",))
    assert len(shown) == 9


def test_the_house_that_a_likely_row_means_comes_before_a_house_of_another_soi():
    row = dataclasses.replace(ROW, subdistrict=3)
    result = grade(row, [house(1, soi="เทอดไท 7", subdistrict=3), house(2)])
    assert (result.reason, result.candidates[0]) == (Reason.SUBDISTRICT_DIFFERS, (2, ("subdistrict",)))


def test_the_house_that_a_likely_row_means_comes_before_one_that_is_gone():
    row = dataclasses.replace(ROW, subdistrict=None, moo="3")
    result = grade(row, [house(1, trok="เทวดา", state=STRUCK), house(2, moo="4")])
    assert (result.reason, result.candidates[0]) == (Reason.MOO_DIFFERS, (2, ("moo",)))


# --- rows below a lane written once ---


def rows_of(*spec):
    """Rows of a list: each (soi, candidates)."""
    return [(RowKeys(soi=soi, road="เทอดไท", subdistrict=5), list(found)) for soi, found in spec]


IN_LANE, ON_THE_ROAD = [house(1)], [house(2, soi="")]


def test_empty_cells_below_a_lane_whose_houses_stand_in_it_are_doubtful():
    rows = rows_of(("เทอดไท 5", IN_LANE), ("", IN_LANE), ("", ON_THE_ROAD), ("", IN_LANE))
    assert under_lanes_written_once(rows) == {1, 2, 3}


def test_a_list_that_writes_lanes_once_is_doubtful_as_a_whole():
    spec = [("เทอดไท 5", IN_LANE), ("", IN_LANE)] * 3 + [("เทอดไท 5", IN_LANE), ("", ON_THE_ROAD)]
    assert 7 in under_lanes_written_once(rows_of(*spec))


def test_houses_on_the_road_below_a_soi_stay_certain():
    rows = rows_of(("เทอดไท 5", IN_LANE), *[("", ON_THE_ROAD)] * 5, ("", []), ("เทอดไท 7", []), ("", ON_THE_ROAD))
    assert under_lanes_written_once(rows) == set()


def test_one_accident_among_many_houses_on_the_road_is_no_habit():
    rows = rows_of(("เทอดไท 5", IN_LANE), *[("", ON_THE_ROAD)] * 6, ("", IN_LANE))
    assert under_lanes_written_once(rows) == set()


def test_a_struck_house_in_the_lane_speaks_for_the_habit_too():
    rows = rows_of(("เทอดไท 5", IN_LANE), ("", [house(3, state=STRUCK)]), ("", ON_THE_ROAD))
    assert under_lanes_written_once(rows) == {1, 2}


def test_rows_above_any_lane_or_of_another_road_are_not_judged():
    other = (RowKeys(road="ตากสิน", subdistrict=5), [house(1)])
    rows = [*rows_of(("", IN_LANE), ("เทอดไท 5", IN_LANE)), other]
    assert under_lanes_written_once(rows) == set()


def test_the_house_on_the_road_below_a_lane_written_once_is_likely():
    rows = rows_of(("เทอดไท 5", IN_LANE), ("", IN_LANE), ("", ON_THE_ROAD))
    assert [v.reason for v in grade_list_rows(rows)] == [Reason.ALL_PARTS, *[Reason.SOI_MISSING] * 2]


# --- old names of sub-districts ---


def test_where_a_list_uses_an_old_name_an_address_of_both_subdistricts_is_several():
    old_name, both = [house(1, subdistrict=7)], [house(2), house(3, subdistrict=7)]
    result = grade_list_rows([(ROW, old_name), (ROW, both), (ROW, [house(4)])])
    assert [v.reason for v in result] == [Reason.SUBDISTRICT_DIFFERS, Reason.SEVERAL_HOUSES, Reason.ALL_PARTS]
    assert {pk for pk, _differs in result[1].candidates} == {2, 3}


def test_an_address_of_two_subdistricts_is_exact_where_the_list_uses_no_old_name():
    both = [house(2), house(3, subdistrict=7)]
    other_confusion = (dataclasses.replace(ROW, subdistrict=3), [house(1, subdistrict=7)])
    assert grade_list_rows([(ROW, both)])[0].grade == Grade.EXACT
    assert grade_list_rows([other_confusion, (ROW, both)])[1].grade == Grade.EXACT


# --- whatever the register holds ---

sois = st.sampled_from(["", "5", "7", "เทอดไท 5", "เทอดไท 7", "ตากสิน 5", "สวนพลู"])
roads = st.sampled_from(["", "เทอดไท", "ตากสิน"])
troks = st.sampled_from(["", "", "เทวดา", "เทอดไท 5"])
moos = st.sampled_from(["", "", "3", "4"])
doubts = st.sampled_from(["", "", "", Reason.DITTO, Reason.EXCEL_DATE, Reason.NOTE_SPEAKS_AGAINST])
rows = st.builds(
    RowKeys, trok=troks, soi=sois, road=roads, moo=moos, subdistrict=st.sampled_from([None, 0, 3, 5]), doubt=doubts
)
candidates = st.builds(
    Candidate,
    house=st.just(0),
    trok=troks,
    soi=sois,
    road=roads,
    moo=moos,
    subdistrict=st.sampled_from([3, 5]),
    state=st.sampled_from([LIVE, LIVE, STRUCK, "vanished"]),
)
registers = st.lists(candidates, max_size=5).map(
    lambda found: [c._replace(house=pk) for pk, c in enumerate(found, start=1)]
)


@st.composite
def rows_near_houses(draw):
    """A register and a row that often says what one of its houses has."""
    register = draw(registers)
    row = draw(rows)
    if register and draw(st.booleans()):
        meant = draw(st.sampled_from(register))
        for part in draw(st.sets(st.sampled_from(["trok", "soi", "road", "moo", "subdistrict"]))):
            row = dataclasses.replace(row, **{part: getattr(meant, part)})
    return row, register


@st.composite
def rows_of_a_house(draw):
    """A register with a live house in a lane or on a road, and a row that states all of its parts or all but one."""
    meant = draw(candidates)._replace(state=LIVE, house=50, road="เทอดไท")
    row = RowKeys(meant.trok, meant.soi, meant.road, meant.moo, meant.subdistrict)
    left_out = draw(st.sampled_from([{}, {"road": ""}, {"moo": ""}, {"trok": ""}, {"soi": ""}]))
    return dataclasses.replace(row, **left_out), [*draw(registers), meant]


@given(rows_of_a_house())
def test_exact_means_one_live_house_that_agrees_in_every_part(drawn):
    row, register = drawn
    result = grade(row, register)
    assume(result.grade == Grade.EXACT)
    assert not row.doubt
    assert row.subdistrict
    assert row.soi or row.trok or row.road
    [(pk, differs)] = result.candidates
    [meant] = [c for c in register if c.house == pk]
    assert differs == ()
    assert meant.state == LIVE
    assert (row.subdistrict, row.soi, row.trok) == (meant.subdistrict, meant.soi, meant.trok)
    assert row.road in ("", meant.road) or meant.road == ""
    assert row.moo in ("", meant.moo) or meant.moo == ""
    assert not row.soi.isdigit()


@given(rows_of_a_house())
def test_exact_is_never_given_where_another_live_house_fits_as_well(drawn):
    row, register = drawn
    result = grade(row, register)
    assume(result.grade == Grade.EXACT)
    twin = next(c for c in register if c.house == result.candidates[0][0])._replace(house=99)
    assert grade(row, [*register, twin]).grade == Grade.SEVERAL


@given(rows_near_houses(), st.randoms())
def test_the_order_of_the_candidates_does_not_change_the_verdict(drawn, shuffled):
    row, register = drawn
    moved = list(register)
    shuffled.shuffle(moved)
    assert grade(row, moved) == grade(row, register)


@given(rows_near_houses(), candidates)
def test_a_further_house_never_turns_uncertain_into_exact_unless_it_is_the_one_meant(drawn, further):
    row, register = drawn
    further = further._replace(house=99)
    assume(grade(row, register).grade != Grade.EXACT)
    after = grade(row, [*register, further])
    assert after.grade != Grade.EXACT or after.candidates == ((99, ()),)


@given(rows_near_houses())
def test_a_doubt_never_makes_a_row_surer(drawn):
    row, register = drawn
    assert grade(dataclasses.replace(row, doubt=Reason.DITTO), register).grade != Grade.EXACT


DIFFERS = {
    Reason.SUBDISTRICT_DIFFERS: ("subdistrict",),
    Reason.ROAD_DIFFERS: ("road",),
    Reason.MOO_DIFFERS: ("moo",),
    Reason.TROK_DIFFERS: ("trok",),
}


@given(rows_near_houses())
def test_the_first_house_of_a_likely_row_is_live_and_differs_as_the_reason_says(drawn):
    row, register = drawn
    result = grade(row, register)
    assume(result.grade == Grade.LIKELY)
    pk, differs = result.candidates[0]
    assert differs == DIFFERS.get(result.reason, ())
    assert next(c for c in register if c.house == pk).state == LIVE


@given(rows_near_houses())
def test_every_verdict_names_its_reason_and_only_known_houses(drawn):
    row, register = drawn
    result = grade(row, register)
    shown = [pk for pk, _differs in result.candidates]
    assert result.reason in Reason
    assert len(shown) == len(set(shown)) <= 9
    assert set(shown) <= {c.house for c in register}
    assert (result.grade in (Grade.EXACT, Grade.LIKELY)) <= bool(shown)


@pytest.mark.parametrize("word", [*Grade, *Outcome, *Reason])
def test_every_grade_outcome_and_reason_is_explained_with_its_thai_words(word):
    explained = (settings.BASE_DIR / "docs" / "reasons.md").read_text(encoding="utf-8")
    with override("th"):
        assert f"| `{word.value}` | {word.label} |" in explained
