"""Other names of lanes: what decisions propose, what a person confirms, and what is withdrawn again."""

import pytest
from django.apps.registry import Apps
from django.core.exceptions import ValidationError

from communities.models import District
from communities.tests.factories import CommunityFactory, PersonFactory, command_line
from households.aliases import alias_behind, confirm_alias, dismiss_proposal, rows_helped, withdraw_alias
from households.learned_names import learned
from households.matching import grade_anew
from households.models import Alias, HouseNumberRecord, RowDecision, Sender
from households.other_names import OtherName
from households.reference_data import record_official_names
from households.row_decisions import decide_row
from households.row_reasons import Grade, Outcome, Reason
from households.tagging import tag_matching
from households.tests.factories import HouseFactory
from households.tests.intake import line, outcomes, received, verdicts
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

WAT_KLANG = OtherName("soi", "วัดกลาง", "เทอดไท 5")


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def by():
    return PersonFactory()


@pytest.fixture
def district(community):
    return community.district


def rows_of_soi(community, *numbers, soi="ซ.วัดกลาง", road="เทอดไท", sender=None, **more):
    """The undecided rows of a list whose clerk names the soi otherwise, by house number."""
    house_list = received(community, *[line(number, soi=soi, road=road, **more) for number in numbers])
    house_list.sender = sender
    house_list.save(update_fields=["sender"])
    return list(house_list.records.order_by("row"))


def decided(community, *numbers, by, means="เทอดไท 5", **more):
    """Rows that a person settled with houses of the lane meant."""
    houses = [HouseFactory(house_no=number, soi=means, road="เทอดไท") for number in numbers]
    rows = rows_of_soi(community, *numbers, **more)
    return [decide_row(row, house=house, by=by) for row, house in zip(rows, houses, strict=True)]


def proposed(district):
    return [proposal.name for proposal in learned(district).proposals]


def refused_with(code, action, *args, **more):
    before = Alias.objects.count()
    with pytest.raises(ValidationError) as refused:
        action(*args, **more)
    assert refused.value.code == code
    assert Alias.objects.count() == before


def sender(district, name="ฝ่ายพัฒนาชุมชนฯ"):
    return Sender.objects.create(district=district, name=name)


# --- what is proposed ---


def test_the_second_same_decision_proposes_the_name(community, district, by):
    decided(community, "12/3", by=by)
    assert proposed(district) == []
    decided(community, "12/4", by=by)
    [proposal] = learned(district).proposals
    assert proposal.name == WAT_KLANG
    assert proposal.houses == 2
    assert [(line.record.house_no, line.house.soi) for line in proposal.rows] == [
        ("12/4", "เทอดไท 5"),
        ("12/3", "เทอดไท 5"),
    ]


def test_the_same_house_in_two_lists_is_one_decision(community, district, by):
    house = HouseFactory(house_no="12/3")
    for _time in range(2):
        [row] = rows_of_soi(CommunityFactory(), "12/3")
        house.refresh_from_db()
        decide_row(row, house=house, by=by, reason="ย้าย")
    assert proposed(district) == []


def test_a_decision_that_was_undone_counts_no_more(community, district, by):
    _first, second = decided(community, "12/3", "12/4", by=by)
    undo_batch(second.batch, by=by)
    assert proposed(district) == []


def test_soi_12_never_becomes_another_name_of_soi_14(community, district, by):
    decided(community, "12/3", "12/4", by=by, soi="เทอดไท 12", means="เทอดไท 14")
    assert learned(district) == type(learned(district))([], [])


def test_a_name_without_the_number_needs_the_right_sub_district(community, district, by):
    decided(community, "12/3", "12/4", by=by, subdistrict=None)
    assert proposed(district) == []


def test_a_house_with_another_number_than_the_row_s_is_no_evidence(community, district, by):
    houses = [HouseFactory(house_no=number) for number in ("12/8", "12/9")]
    for row, house in zip(rows_of_soi(community, "12/3", "12/4"), houses, strict=True):
        decide_row(row, house=house, by=by)
    assert proposed(district) == []


def test_one_name_decided_to_two_lanes_is_a_contradiction_and_no_proposal(community, district, by):
    decided(community, "12/3", "12/4", by=by)
    decided(community, "13/1", "13/2", by=by, means="เทอดไท 7")
    result = learned(district)
    assert result.proposals == []
    [clash] = result.contradictions
    assert (clash.written, clash.meanings, clash.is_registered) == (
        "วัดกลาง",
        [("เทอดไท 5", 2), ("เทอดไท 7", 2)],
        False,
    )


def test_a_lane_of_the_register_is_never_another_lane_s_name(community, district, by):
    HouseFactory(house_no="99", soi="วัดกลาง", road="เทอดไท")
    decided(community, "12/3", "12/4", by=by)
    result = learned(district)
    assert result.proposals == []
    assert result.contradictions[0].is_registered


def test_a_misspelt_road_is_learned_as_the_road_s_name(community, district, by):
    decided(community, "12/3", "12/4", by=by, soi="เทิดไท 5", road="เทิดไท")
    assert proposed(district) == [OtherName("road", "เทิดไท", "เทอดไท")]


def test_it_is_told_how_many_waiting_rows_would_find_their_house(community, district, by):
    decided(community, "12/3", "12/4", by=by)
    for number in ("20", "21"):
        HouseFactory(house_no=number, soi="เทอดไท 5")
    rows_of_soi(community, "20", "21", "22")
    assert [scope.would_match for scope in learned(district).proposals[0].scopes] == [2]


def test_it_is_told_for_a_road_whose_name_stands_in_its_soi(community, district, by):
    decided(community, "12/3", "12/4", by=by, soi="เทิดไท 5", road="เทิดไท")
    HouseFactory(house_no="20", soi="เทอดไท 7")
    rows_of_soi(community, "20", soi="เทิดไท 7", road="เทิดไท")
    assert [scope.would_match for scope in learned(district).proposals[0].scopes] == [1]


def test_a_name_that_one_sender_alone_writes_may_be_limited_to_that_sender(community, district, by):
    development = sender(district)
    decided(community, "12/3", "12/4", by=by, sender=development)
    assert [scope.sender for scope in learned(district).proposals[0].scopes] == [None, development]
    decided(community, "12/5", by=by, sender=sender(district, "ประธานชุมชน"))
    assert [scope.sender for scope in learned(district).proposals[0].scopes] == [None]


def test_another_district_s_decisions_teach_nothing_here(community, by):
    decided(community, "12/3", "12/4", by=by)
    assert proposed(District.objects.get(code="1016")) == []


def test_the_number_of_queries_does_not_grow(community, district, by, django_assert_num_queries):
    decided(community, "12/3", "12/4", by=by, sender=sender(district))
    with django_assert_num_queries(8):
        learned(district)
    for nth in range(5):
        decided(community, f"3{nth}/1", f"3{nth}/2", by=by, soi=f"วัด{'กขคงจ'[nth]}ใหม่", means=f"เทอดไท {nth + 20}")
    with django_assert_num_queries(8):
        assert len(learned(district).proposals) == 6


# --- confirming, refusing, withdrawing ---


@pytest.fixture
def both_decided(community, by):
    return decided(community, "12/3", "12/4", by=by)


def test_a_confirmed_name_is_in_use_and_proposed_no_more(both_decided, district, by):
    alias = confirm_alias(district, name=WAT_KLANG, by=by)
    assert list(Alias.objects.in_use().filter(ground="decisions")) == [alias]
    assert (alias.confirmed_by, alias.sender, alias.pairs) == (by, None, [("วัดกลาง", "เทอดไท 5")])
    assert proposed(district) == []


def test_a_name_may_be_confirmed_for_one_sender_s_lists(community, district, by):
    development = sender(district)
    decided(community, "12/3", "12/4", by=by, sender=development)
    assert confirm_alias(district, name=WAT_KLANG, by=by, sender=development).sender == development


def test_what_decisions_do_not_propose_is_not_confirmed(both_decided, district, by):
    for name in (OtherName("soi", "วัดกลาง", "เทอดไท 7"), OtherName("road", "วัดกลาง", "เทอดไท 5")):
        refused_with("not_proposed", confirm_alias, district, name=name, by=by)
    refused_with("not_proposed", confirm_alias, district, name=WAT_KLANG, by=by, sender=sender(district))


def test_a_name_is_confirmed_once(both_decided, district, by):
    confirm_alias(district, name=WAT_KLANG, by=by)
    refused_with("in_use_already", confirm_alias, district, name=WAT_KLANG, by=by)


def test_a_name_in_use_cannot_mean_another_lane_as_well(both_decided, community, district, by):
    confirm_alias(district, name=WAT_KLANG, by=by)
    decided(community, "13/1", "13/2", by=by, means="เทอดไท 7")
    other = OtherName("soi", "วัดกลาง", "เทอดไท 7")
    assert proposed(district) == []
    assert learned(district).contradictions[0].meanings == [("เทอดไท 7", 2), ("เทอดไท 5", 0)]
    refused_with("means_another", confirm_alias, district, name=other, by=by)


def test_a_refused_name_is_not_proposed_again_but_may_be_taken_into_use(both_decided, community, district, by):
    refused = dismiss_proposal(district, name=WAT_KLANG, by=by, reason="สะกดผิด")
    assert refused.was_refused
    assert not Alias.objects.in_use().filter(written="วัดกลาง").exists()
    decided(community, "12/5", by=by)
    assert proposed(district) == []
    refused_with("not_proposed", dismiss_proposal, district, name=WAT_KLANG, by=by)
    assert confirm_alias(district, name=WAT_KLANG, by=by).withdrawn_at is None


def test_a_withdrawn_name_says_by_whom_and_why(both_decided, district, by):
    alias = withdraw_alias(confirm_alias(district, name=WAT_KLANG, by=by), by=by, reason=" คนละซอย ")
    assert (alias.withdrawn_by, alias.withdrawn_reason, alias.was_refused) == (by, "คนละซอย", False)
    assert proposed(district) == []
    refused_with("withdrawn_already", withdraw_alias, alias, by=by, reason="อีกครั้ง")
    refused_with("reason_needed", withdraw_alias, confirm_alias(district, name=WAT_KLANG, by=by), by=by, reason=" ")


# --- what an alias did ---


def matched_by_alias(community, *numbers, **more):
    rows = rows_of_soi(community, *numbers, **more)
    HouseNumberRecord.objects.filter(pk__in=[row.pk for row in rows]).update(
        reason=Reason.BY_ALIAS, outcome=Outcome.TAGGED
    )
    return rows


def test_the_rows_that_a_name_helped_are_counted(both_decided, community, district, by):
    alias = confirm_alias(district, name=WAT_KLANG, by=by)
    matched_by_alias(community, "40", "41")
    road = Alias.objects.get(district=district, written="ตากสิน")
    matched_by_alias(community, "42", soi="สมเด็จพระเจ้าตากสิน 3", road=None)
    assert rows_helped(district) == {alias.pk: 2, road.pk: 1}


def test_the_name_behind_a_row_is_the_one_in_use_at_that_time(both_decided, community, district, by):
    alias = confirm_alias(district, name=WAT_KLANG, by=by)
    [row] = matched_by_alias(community, "40")
    aliases = list(Alias.objects.filter(district=district))
    at = RowDecision.objects.latest("pk").recorded_at
    assert alias_behind(row, aliases, at=at) is None
    assert alias_behind(row, aliases, at=alias.confirmed_at) == alias
    gone = withdraw_alias(alias, by=by, reason="คนละซอย")
    assert alias_behind(row, [gone], at=gone.withdrawn_at) is None


# --- official names ---


def test_official_names_of_roads_are_known_from_the_start():
    alias = Alias.objects.get(district__code="1015", written="ตากสิน")
    assert alias.pairs == [("ตากสิน", "สมเด็จพระเจ้าตากสิน"), ("สมเด็จพระเจ้าตากสิน", "ตากสิน")]
    assert (alias.ground, alias.confirmed_by) == ("official", command_line())


def test_official_names_are_recorded_once_and_stay_withdrawn(by):
    before = Alias.objects.count()
    alias = withdraw_alias(Alias.objects.get(written="ตากสิน"), by=by, reason="คนละถนน")
    record_official_names()
    assert Alias.objects.count() == before
    confirm_alias(alias.district, name=OtherName("road", alias.written, alias.meant), by=by)
    assert Alias.objects.in_use().get(written="ตากสิน").ground == "official"


def test_no_official_name_is_recorded_in_a_state_from_before_there_were_names():
    Alias.objects.all().delete()
    record_official_names(apps=Apps())
    assert not Alias.objects.exists()


# --- from decisions to certainty, and back ---


def test_what_two_decisions_taught_makes_the_next_list_certain_until_it_is_withdrawn(community, district, by):
    decided(community, "12/3", "12/4", by=by)
    for number in ("20", "21"):
        HouseFactory(house_no=number, soi="เทอดไท 5", road="เทอดไท")
    waiting = received(community, line("20", soi="ซ.วัดกลาง"))
    assert verdicts(waiting) != [(Grade.EXACT, Reason.BY_ALIAS)]

    alias = confirm_alias(district, name=WAT_KLANG, by=by)
    grade_anew(waiting)
    assert verdicts(waiting) == [(Grade.EXACT, Reason.BY_ALIAS)]
    following = received(CommunityFactory(), line("21", soi="ซ.วัดกลาง"))
    assert verdicts(following) == [(Grade.EXACT, Reason.BY_ALIAS)]
    assert tag_matching(following, by=by).houses == 1
    assert rows_helped(district) == {alias.pk: 1}

    withdraw_alias(alias, by=by, reason="คนละซอย")
    grade_anew(waiting)
    assert verdicts(waiting)[0][0] != Grade.EXACT
    assert outcomes(following) == [Outcome.TAGGED]


def test_a_name_of_one_sender_helps_no_other_sender_s_list(community, district, by):
    development, president = sender(district), sender(district, "ประธานชุมชน")
    decided(community, "12/3", "12/4", by=by, sender=development)
    HouseFactory(house_no="20", soi="เทอดไท 5", road="เทอดไท")
    theirs, another = (
        received(community, line("20", soi="วัดกลาง")),
        received(CommunityFactory(), line("20", soi="วัดกลาง")),
    )
    for house_list, its_sender in ((theirs, development), (another, president)):
        house_list.sender = its_sender
        house_list.save(update_fields=["sender"])
    confirm_alias(district, name=WAT_KLANG, by=by, sender=development)
    for house_list in (theirs, another):
        grade_anew(house_list)
    assert verdicts(theirs) == [(Grade.EXACT, Reason.BY_ALIAS)]
    assert verdicts(another)[0][0] != Grade.EXACT


def test_the_short_and_the_official_name_of_a_road_are_one(community):
    HouseFactory(house_no="7", soi="สมเด็จพระเจ้าตากสิน 23", road="สมเด็จพระเจ้าตากสิน")
    HouseFactory(house_no="8", soi="ตากสิน 5", road="ตากสิน")
    house_list = received(
        community,
        line("7", soi="ซ.ตากสิน 23", road="ถ.ตากสิน"),
        line("8", soi="สมเด็จพระเจ้าตากสิน 5", road="สมเด็จพระเจ้าตากสิน"),
    )
    assert verdicts(house_list) == [(Grade.EXACT, Reason.BY_ALIAS)] * 2
