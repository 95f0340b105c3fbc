"""Taking a batch back: what it brings back, what it skips, and which rows wait again."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from communities.models import CommunityCode
from communities.tests.factories import CommunityFactory, close_months, command_line
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.row_decisions import decide_row
from households.tagging import tag, tag_matching, untag
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, newest_reasons, outcomes, received, tagged_list
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def community():
    return CommunityFactory(name="วัดกัลยาณ์")


@pytest.fixture
def by():
    return command_line()


def test_undoing_brings_back_exactly_what_was(community, by):
    house_list, done = tagged_list(community, "12/3", "12/4")
    undone = undo_batch(done.batch, by=by, happened_on=DAY)
    assert (undone.houses, undone.skipped, undone.batch.undoes) == (2, [], done.batch)
    assert not HouseRegistration.objects.exclude(community=None).exists()
    assert (outcomes(house_list), newest_reasons(house_list)) == (["open", "open"], ["undone", "undone"])
    assert TagEvent.objects.count() == 4


def test_what_was_undone_can_be_tagged_again(community, by):
    house_list, done = tagged_list(community, "12/3")
    undo_batch(done.batch, by=by, happened_on=DAY)
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 1
    assert outcomes(house_list) == ["tagged"]


def test_undoing_a_move_gives_the_house_back_to_the_community_before(community, by):
    house = HouseFactory(house_no="12/3")
    before = CommunityFactory()
    tag_event(house, before, on=DAY)
    house_list = received(community, line("12/3"))
    tag_matching(house_list, by=by, happened_on=DAY)
    house.refresh_from_db()
    moved = decide_row(house_list.records.get(), house=house, by=by, reason="ตรวจแล้ว", happened_on=DAY)
    undo_batch(moved.batch, by=by, happened_on=DAY)
    house.refresh_from_db()
    assert (house.community, outcomes(house_list)) == (before, ["open"])


def test_undoing_a_withdrawal_puts_the_codes_back(community, by):
    house = HouseFactory()
    tag_event(house, community, on=DAY)
    done = untag([house.pk], by=by, expected=1, reason="ผิด", happened_on=DAY)
    undo_batch(done.batch, by=by, happened_on=DAY)
    house.refresh_from_db()
    assert house.community == community


def test_houses_changed_since_are_skipped_and_named(community, by):
    house_list, done = tagged_list(community, "12/3", "12/4")
    changed = HouseRegistration.objects.get(house_no="12/3")
    untag([changed.pk], by=by, expected=1, reason="ผิด", happened_on=DAY)
    undone = undo_batch(done.batch, by=by, happened_on=DAY)
    assert (undone.houses, undone.skipped) == (1, [changed])
    assert outcomes(house_list) == ["tagged", "open"]


def test_nothing_left_to_undo_is_refused(community, by):
    _list, done = tagged_list(community, "12/3")
    untag([HouseRegistration.objects.get().pk], by=by, expected=1, reason="ผิด", happened_on=DAY)
    with pytest.raises(ValidationError) as refused:
        undo_batch(done.batch, by=by, happened_on=DAY)
    assert refused.value.code == "nothing_to_undo"
    assert TaggingBatch.objects.filter(kind="undone").count() == 0


@pytest.mark.parametrize(("twice", "code"), [(False, "undoes_an_undoing"), (True, "undone_already")])
def test_an_undoing_is_neither_repeated_nor_undone(community, by, twice, code):
    _list, done = tagged_list(community, "12/3")
    undone = undo_batch(done.batch, by=by, happened_on=DAY)
    with pytest.raises(ValidationError) as refused:
        undo_batch(done.batch if twice else undone.batch, by=by, happened_on=DAY)
    assert refused.value.code == code


def test_a_struck_house_loses_its_code_but_does_not_get_one_back(community, by):
    HouseFactory(house_no="12/3")
    withdrawn = HouseFactory(house_no="12/4")
    house_list = received(community, line("12/3"))
    done = tag_matching(house_list, by=by, happened_on=DAY)
    tag_event(withdrawn, community, on=DAY)
    off = untag([withdrawn.pk], by=by, expected=1, reason="ผิด", happened_on=DAY)
    HouseRegistration.objects.update(state="struck")
    assert undo_batch(done.batch, by=by, happened_on=DAY).houses == 1
    with pytest.raises(ValidationError) as refused:
        undo_batch(off.batch, by=by, happened_on=DAY)
    assert refused.value.code == "nothing_to_undo"


def test_a_house_does_not_go_back_to_a_community_whose_code_has_ended(community, by):
    house = HouseFactory()
    tag_event(house, community, on=DAY)
    done = untag([house.pk], by=by, expected=1, reason="ผิด", happened_on=DAY)
    CommunityCode.objects.update(in_force_until=DAY)
    with pytest.raises(ValidationError) as refused:
        undo_batch(done.batch, by=by, happened_on=DAY)
    assert refused.value.code == "nothing_to_undo"


def test_undoing_never_lies_before_the_batch(community, by):
    _list, done = tagged_list(community, "12/3")
    undone = undo_batch(done.batch, by=by, happened_on=DAY - datetime.timedelta(days=30))
    assert undone.batch.happened_on == DAY


def test_rows_of_a_later_list_that_rested_on_the_tag_wait_again(community, by):
    _first, done = tagged_list(community, "12/3")
    second = received(community, line("12/3"), line("99"))
    tag_matching(second, by=by, happened_on=DAY)
    assert outcomes(second) == ["unchanged", "open"]
    undo_batch(done.batch, by=by, happened_on=DAY)
    assert outcomes(second) == ["open", "open"]


def test_a_row_decided_for_another_house_meanwhile_rests_on_that_one(community, by):
    house_list, done = tagged_list(community, "12/3")
    first, other = HouseRegistration.objects.get(), HouseFactory(house_no="12/4")
    undo_batch(done.batch, by=by, happened_on=DAY)
    decide_row(house_list.records.get(), house=other, by=by, happened_on=DAY)
    by_hand = tag([first.pk], community=community, by=by, expected=1, happened_on=DAY)
    undo_batch(by_hand.batch, by=by, happened_on=DAY)
    assert outcomes(house_list) == ["tagged"]


def test_a_repeated_row_waits_again_with_the_row_it_repeats(community, by):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"), line("12/3"))
    done = tag_matching(house_list, by=by, happened_on=DAY)
    undo_batch(done.batch, by=by, happened_on=DAY)
    assert outcomes(house_list) == ["open", "open"]
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 1
    assert outcomes(house_list) == ["tagged", "unchanged"]


def test_undoing_in_a_closed_month_counts_in_the_first_open_one(community, by):
    _list, done = tagged_list(community, "12/3")
    close_months(community.district, datetime.date(2015, 1, 1))
    undo_batch(done.batch, by=by, happened_on=DAY)
    event = TagEvent.objects.order_by("id").last()
    assert (event.happened_on, event.counted_on) == (DAY, datetime.date(2015, 2, 1))
