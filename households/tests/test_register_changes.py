"""What the register changed since the first extract: what waits for a look, of which kind, and what settles it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, command_line
from households import desk_checks, tagging
from households.models import HouseRegistration, LifeEvent
from households.newest_changes import newest_waiting
from households.register_changes import Kind, newest_renewal, waiting
from households.registrations import load
from households.tests.books import extract, house
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db
NO_COMMUNITY = HouseRegistration.Outside.NOT_A_DWELLING


class Register:
    """A district's register that comes extract by extract: a house by its number, with what is said of it."""

    def __init__(self, district):
        self.district = district
        self.rows = {}
        self.codes = {}

    def extract(self, *gone):
        """The next extract, without the houses that are gone."""
        for number in gone:
            del self.rows[number]
        load(
            source=extract(list(self.rows.values())),
            file_name="ทะเบียน.xlsx",
            district=self.district,
            by=command_line(),
            on=datetime.date(2015, 1, 20),
        )

    def has(self, *numbers, **parts):
        """The houses with these numbers stand in the extract like this; `now` is another number for a known house."""
        for number in numbers:
            code = self.codes.setdefault(number, f"1015{8000000 + len(self.codes):07d}")
            self.rows[number] = house(code, parts.get("now", number), **{k: v for k, v in parts.items() if k != "now"})
        return self

    def __getitem__(self, number):
        return HouseRegistration.objects.get(house_code=self.codes[number])

    def number_of(self, pk):
        code = HouseRegistration.objects.get(pk=pk).house_code
        return next(number for number, one in self.codes.items() if one == code)

    @property
    def changes(self):
        """Kind and number of all that waits, the newest first."""
        return [(str(change.kind), self.number_of(change.house)) for change in waiting(self.district)]


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def community(district):
    return CommunityFactory.create(subdistrict=SubdistrictFactory(district=district))


@pytest.fixture
def other(community):
    return CommunityFactory.create(subdistrict=community.subdistrict)


@pytest.fixture
def register(district, community):
    """The first extract: houses 1, 3, 5, 7 and 12 of one soi, tagged; 2/1 of another, in no community."""
    register = Register(district).has("1", "3", "5", "7", "12").has("2/1", soi="ตากสิน 9", road="ตากสิน")
    register.extract()
    tag(register, community, "1", "3", "5", "7", "12")
    return register


def tag(register, community, *numbers, **more):
    houses = [register[number].pk for number in numbers]
    return tagging.tag(houses, community=community, by=command_line(), expected=len(houses), **more).batch


def untag(register, number):
    return tagging.untag([register[number].pk], by=command_line(), expected=1, reason="รื้อแล้ว").batch


def say_right(register, number):
    event = waiting_of(register, number).event
    shown = register[number].community_id
    return desk_checks.change_is_right(
        LifeEvent.objects.get(pk=event), by=command_line(), note="ถามแล้ว", shown_community=shown
    )


def waiting_of(register, number):
    return next(change for change in waiting(register.district) if change.house == register[number].pk)


# --- what waits ---


def test_nothing_of_the_first_extract_waits(register) -> None:
    assert register.changes == []
    assert newest_renewal(register.district) == 0


def test_a_new_house_waits_in_a_lane_that_has_tagged_houses(register, community) -> None:
    register.has("9").has("2/3", soi="ตากสิน 9", road="ตากสิน").extract()
    assert register.changes == [("new", "9")]
    assert waiting_of(register, "9").communities == {community.pk}


def test_a_new_house_in_a_trok_of_a_tagged_soi_is_near_enough(register) -> None:
    register.has("40", trok="หลังวัด").extract()
    assert register.changes == [("new", "40")]


def test_a_lane_of_the_same_name_in_another_sub_district_is_another_lane(register) -> None:
    register.has("9", subdistrict_code="101507", subdistrict="ดาวคะนอง").extract()
    assert register.changes == []


def test_a_new_house_waits_as_soon_as_its_lane_has_its_first_tag(register, community) -> None:
    register.has("2/3", soi="ตากสิน 9", road="ตากสิน").extract()
    tag(register, community, "2/1")
    assert register.changes == [("new", "2/3")]


@pytest.mark.parametrize(
    ("new", "parent"),
    [
        (["12/1", "12/2"], "12"),
        (["12 ก"], "12"),
        (["12/3/1"], "12"),
        (["5/1 ก"], "5"),
    ],
)
def test_a_new_house_that_divides_a_tagged_ones_number_stands_with_it(register, community, new, parent) -> None:
    register.has(*new).extract()
    found = waiting(register.district)
    assert {change.kind for change in found} == {Kind.SPLIT}
    assert {change.parent for change in found} == {register[parent].pk}
    assert {change.communities for change in found} == {frozenset({community.pk})}
    assert len(found) == len(new)


def test_the_nearest_parent_counts(register, community) -> None:
    register.has("12/3").extract()
    tag(register, community, "12/3")
    register.has("12/3/1").extract()
    assert waiting_of(register, "12/3/1").parent == register["12/3"].pk


def test_the_parts_of_a_range_stand_with_it_also_when_it_is_gone(register, other) -> None:
    register.has("14/3-5").extract()
    tag(register, other, "14/3-5")
    register.has("14/3", "14/4", "14/5", "14/6").extract("14/3-5")
    parts = [change for change in waiting(register.district) if change.kind == Kind.SPLIT]
    assert sorted(register.number_of(change.house) for change in parts) == ["14/3", "14/4", "14/5"]
    assert {change.parent for change in parts} == {register["14/3-5"].pk}
    assert {change.communities for change in parts} == {frozenset({other.pk})}
    assert ("vanished", "14/3-5") in register.changes
    assert ("new", "14/6") in register.changes


def test_a_parent_struck_off_and_untagged_still_tells_its_community(register, community) -> None:
    register.has("12", status="จำหน่าย").extract()
    untag(register, "12")
    register.has("12/1").extract()
    split = waiting_of(register, "12/1")
    assert (split.kind, split.parent, split.communities) == (Kind.SPLIT, register["12"].pk, {community.pk})


def test_parts_of_one_house_stand_together_whenever_they_came(register) -> None:
    register.has("12/1").extract()
    register.has("9").extract()
    register.has("12/2").extract()
    assert register.changes == [("split", "12/2"), ("split", "12/1"), ("new", "9")]


def test_an_address_changed_since_the_tag_shows_before_and_after(register) -> None:
    register.has("7", now="7/2").extract()
    change = waiting_of(register, "7")
    assert (change.kind, change.differences, change.elsewhere) == (Kind.MOVED, {"house_no": ("7", "7/2")}, False)


@pytest.mark.parametrize("parts", [{"soi": "เทอดไท 6"}, {"subdistrict_code": "101507", "subdistrict": "ดาวคะนอง"}])
def test_a_house_that_came_to_another_lane_or_sub_district_is_worse(register, parts) -> None:
    register.has("7", **parts).extract()
    assert waiting_of(register, "7").elsewhere


def test_another_spelling_of_the_same_address_does_not_wait(register) -> None:
    register.has("7", now="๗", soi="ซ.เทอดไท ๕", road="ถนนเทอดไท").extract()
    assert register.changes == []


def test_an_untagged_house_may_change_its_address(register) -> None:
    register.has("2/1", soi="ตากสิน 11", road="ตากสิน").extract()
    assert register.changes == []


def test_a_house_said_to_be_in_no_community_waits_when_it_moves(register) -> None:
    house = register["2/1"].pk
    tagging.say_in_no_community([house], by=command_line(), expected=1, reason=NO_COMMUNITY)
    register.has("2/1", soi="ตากสิน 11", road="ตากสิน").extract()
    assert register.changes == [("moved", "2/1")]


def test_tagged_houses_struck_off_and_gone_wait_and_untagged_ones_do_not(register) -> None:
    register.has("3", status="จำหน่าย").has("9").extract("5")
    register.extract("2/1")
    assert sorted(register.changes) == [("new", "9"), ("struck", "3"), ("vanished", "5")]


# --- changed twice, changed back ---


def test_a_house_changed_twice_is_one_change_from_first_to_last(register) -> None:
    register.has("7", now="7/2").extract()
    register.has("7", now="7/3", soi="เทอดไท 6").extract()
    [change] = waiting(register.district)
    assert change.differences == {"house_no": ("7", "7/3"), "soi": ("เทอดไท 5", "เทอดไท 6")}


def test_a_house_changed_back_needs_nobody(register) -> None:
    register.has("7", now="7/2", soi="เทอดไท 6").extract()
    register.has("7", soi="เทอดไท 6").extract()
    assert waiting_of(register, "7").differences == {"soi": ("เทอดไท 5", "เทอดไท 6")}
    register.has("7").extract()
    assert register.changes == []


def test_a_house_struck_off_then_restored_needs_nobody_while_it_kept_its_code(register) -> None:
    register.has("3", status="จำหน่าย").extract()
    register.has("3").extract()
    assert register.changes == []


def test_a_house_gone_then_struck_off_waits_once_as_it_is_now(register) -> None:
    register.extract("3")
    register.has("3", status="จำหน่าย").extract()
    assert register.changes == [("struck", "3")]


def test_a_house_that_lost_its_code_when_struck_off_waits_when_it_returns(register, community) -> None:
    register.has("3", status="จำหน่าย").extract()
    untag(register, "3")
    assert register.changes == []
    register.has("3").extract()
    assert register.changes == [("returned", "3")]
    assert waiting_of(register, "3").communities == {community.pk}


# --- what settles it ---


def test_a_new_house_is_settled_by_its_tag_and_waits_again_when_that_is_undone(register, community) -> None:
    register.has("9").extract()
    batch = tag(register, community, "9")
    assert register.changes == []
    undo_batch(batch, by=command_line())
    assert register.changes == [("new", "9")]


def test_a_new_house_said_to_be_in_no_community_is_settled(register) -> None:
    register.has("9").extract()
    house = register["9"].pk
    said = tagging.say_in_no_community([house], by=command_line(), expected=1, reason=NO_COMMUNITY)
    assert register.changes == []
    assert said.batch is not None
    undo_batch(said.batch, by=command_line())
    assert register.changes == [("new", "9")]


def test_a_house_whose_code_was_taken_off_by_a_person_after_it_came_does_not_wait(register, community) -> None:
    register.has("9").extract()
    tag(register, community, "9")
    untag(register, "9")
    assert register.changes == []


def test_a_changed_address_is_settled_by_a_move_and_waits_again_when_that_is_undone(register, other) -> None:
    register.has("7", soi="เทอดไท 6").extract()
    batch = tag(register, other, "7", move_reason="ย้ายซอย")
    assert register.changes == []
    undo_batch(batch, by=command_line())
    assert register.changes == [("moved", "7")]


def test_a_house_struck_off_is_settled_by_taking_its_code_off(register) -> None:
    register.has("3", status="จำหน่าย").extract()
    untag(register, "3")
    assert register.changes == []


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("9", lambda register: register.has("9")),
        ("12/1", lambda register: register.has("12/1")),
        ("7", lambda register: register.has("7", now="7/2")),
        ("3", lambda register: register.has("3", status="จำหน่าย")),
    ],
)
def test_a_person_may_say_that_it_is_right_so_and_take_that_back(register, number, change) -> None:
    change(register).extract()
    check = say_right(register, number)
    assert register.changes == []
    desk_checks.take_back(check, by=command_line())
    assert [one for _kind, one in register.changes] == [number]


def test_what_happens_after_it_was_right_waits_anew(register) -> None:
    register.has("7", now="7/2").extract()
    say_right(register, "7")
    register.has("7", now="7/3").extract()
    assert waiting_of(register, "7").differences == {"house_no": ("7/2", "7/3")}
    register.has("7", now="7/3", status="จำหน่าย").extract()
    assert register.changes == [("struck", "7")]


# --- apart, and fast ---


def test_the_same_extract_again_changes_nothing_of_the_queue(register) -> None:
    register.has("9").has("7", now="7/2").extract("5")
    before = waiting(register.district)
    register.extract()
    assert waiting(register.district) == before


def test_each_district_has_its_own_first_extract(register) -> None:
    elsewhere = SubdistrictFactory.create(district=DistrictFactory(code="1099")).district
    rows = [house(f"1099{900000 + n:07d}", str(n), subdistrict_code="109903") for n in range(1, 4)]
    load(source=extract(rows), file_name="ทะเบียน.xlsx", district=elsewhere, by=command_line())
    assert waiting(elsewhere) == []
    assert not LifeEvent.objects.filter(renewed_in=elsewhere).exists()


def test_the_queue_asks_as_many_questions_for_many_changes_as_for_few(register) -> None:
    register.has("9", "12/1").has("7", now="7/2").has("3", status="จำหน่าย").extract()
    waiting(register.district)
    few = _queries(register)
    register.has(*(f"{number}/1" for number in range(21, 1200, 2))).extract()
    assert len(waiting(register.district)) > 500
    assert _queries(register) == few <= 6


def _queries(register) -> int:
    with CaptureQueriesContext(connection) as queries:
        waiting(register.district)
    return len(queries)


# --- the newest of it, as pages ask ---


def test_of_a_long_queue_the_newest_are_found_and_it_says_that_older_ones_wait(register, monkeypatch) -> None:
    monkeypatch.setattr("households.newest_changes._EVENTS_AT_ONCE", 2)
    register.has("12/1", "12/2", "21", "7/1").has("3", now="3/9").extract("5")
    everything = waiting(register.district)
    newest = newest_waiting(register.district, most=3)
    assert len(newest.changes) == 3 < len(everything)
    assert not newest.is_all
    assert newest_waiting(register.district, most=len(everything)).changes == everything
    assert newest_waiting(register.district, most=len(everything)).is_all


@pytest.mark.parametrize("kind", Kind)
def test_the_newest_of_a_kind_are_sought_among_that_kind(register, kind) -> None:
    register.has("12/1", "21").has("3", now="3/9").has("5", status="จำหน่าย").extract("5")
    everything = [change for change in waiting(register.district) if change.kind == kind]
    newest = newest_waiting(register.district, kind=kind, most=50)
    assert (newest.changes, newest.is_all) == (everything, True)


def test_an_old_change_of_the_own_communities_is_found_behind_many_new_ones(register, other) -> None:
    register.has("50", "52", soi="วุฒากาศ 9", road="วุฒากาศ").extract()
    tag(register, other, "50")
    register.has("54", soi="วุฒากาศ 9", road="วุฒากาศ").extract()
    register.has("21", "23", "25").extract()
    newest = newest_waiting(register.district, own={other.pk}, most=2)
    assert other.pk in {community for change in newest.changes for community in change.communities}
    assert (newest.all_of_own, newest.is_all) == (True, False)


def test_a_change_that_is_none_hides_no_other(register, monkeypatch) -> None:
    monkeypatch.setattr("households.newest_changes._EVENTS_AT_ONCE", 1)
    register.has("12/1").extract()
    for spelling in ("เทอดไท  5", "เทอดไท5"):
        register.has("3", soi=spelling).extract()
    assert [change.house for change in newest_waiting(register.district, most=1).changes] == [register["12/1"].pk]
