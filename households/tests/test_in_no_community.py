"""Houses that a person said to be in no community: said for many, taken back, undone, and never tagged unseen."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from communities.tests.factories import CommunityFactory, command_line
from households.matching import grade_anew
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.row_decisions import confirm_likely
from households.tag_ledger import Standing
from households.tagging import say_in_no_community, tag, tag_house, tag_matching, untag
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, outcomes, received
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
Outside = HouseRegistration.Outside


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def by():
    return command_line()


def said(*houses, reason=Outside.PRIVATE_ESTATE, **more):
    return say_in_no_community(
        [house.pk for house in houses],
        by=command_line(),
        expected=len(houses),
        reason=reason,
        happened_on=DAY,
        **more,
    )


def stands(house):
    house.refresh_from_db()
    return house.community, house.outside


def code_of(action):
    with pytest.raises(ValidationError) as refused:
        action()
    return refused.value.code


def test_it_is_said_for_many_houses_in_one_batch_with_a_reason(community):
    free, same, tagged = HouseFactory(), HouseFactory(), HouseFactory()
    struck = HouseFactory(state="struck")
    said(same)
    tag_event(tagged, community, on=DAY)
    done = said(free, same, tagged, struck, note="หมู่บ้านจัดสรร")
    assert (done.houses, done.unchanged, set(done.refused)) == (1, 1, {tagged, struck})
    assert (done.batch.kind, done.batch.reason, done.batch.community) == ("in_no_community", "หมู่บ้านจัดสรร", None)
    assert stands(free) == (None, "private_estate")
    event = TagEvent.objects.get(batch=done.batch)
    assert (event.outside, event.previous_outside, event.community, event.previous_community) == (
        "private_estate",
        "",
        None,
        None,
    )


def test_another_reason_replaces_the_one_before_and_undoing_brings_it_back():
    house = HouseFactory()
    said(house)
    changed = said(house, reason=Outside.NOT_A_DWELLING)
    assert stands(house) == (None, "not_a_dwelling")
    undo_batch(changed.batch, by=command_line())
    assert stands(house) == (None, "private_estate")


def test_the_other_reason_needs_a_note():
    house = HouseFactory()
    assert code_of(lambda: said(house, reason=Outside.OTHER, note="  ")) == "note_needed"
    assert said(house, reason=Outside.OTHER, note="ที่ราชพัสดุ").houses == 1


def test_it_is_taken_back_with_a_reason_and_that_is_undone_again(by):
    house = HouseFactory()
    said(house)
    back = untag([house.pk], by=by, expected=1, reason="เข้าชุมชนแล้ว", happened_on=DAY)
    assert (back.houses, stands(house)) == (1, (None, ""))
    undo_batch(back.batch, by=by)
    assert stands(house) == (None, "private_estate")


def test_tagging_ends_it_and_undoing_the_tag_brings_it_back(community, by):
    house = HouseFactory()
    said(house)
    batch = tag([house.pk], community=community, by=by, expected=1, happened_on=DAY).batch
    assert stands(house) == (community, "")
    undo_batch(batch, by=by)
    assert stands(house) == (None, "private_estate")


def test_undoing_skips_a_house_struck_off_since_that_would_have_to_go_back_into_that_state(community, by):
    stays, struck = HouseFactory(), HouseFactory()
    said(stays, struck)
    batch = tag([stays.pk, struck.pk], community=community, by=by, expected=2, happened_on=DAY).batch
    HouseRegistration.objects.filter(pk=struck.pk).update(state="struck")
    undone = undo_batch(batch, by=by)
    assert (undone.houses, list(undone.skipped)) == (1, [struck])


def test_a_page_that_does_not_know_it_yet_is_refused(community, by):
    house = HouseFactory(house_no="12/3")
    looked_at = {Standing(None, "", "live"): [house.pk]}
    said(house)
    with pytest.raises(ValidationError) as refused:
        tag([house.pk], community=community, by=by, expected=1, happened_on=DAY, looked_at=looked_at)
    assert refused.value.code == "stale_page"
    assert str(Outside.PRIVATE_ESTATE.label) in refused.value.messages[0]


def test_an_exact_row_does_not_tag_such_a_house_but_waits_for_a_person(community, by):
    house = HouseFactory(house_no="12/3")
    HouseFactory(house_no="12/4")
    said(house)
    house_list = received(community, line("12/3"), line("12/4"))
    row = house_list.records.get(row=house_list.records.order_by("row").first().row)
    assert (row.grade, row.reason) == ("likely", "in_no_community")
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 1
    assert stands(house) == (None, "private_estate")
    assert confirm_likely(house_list, chosen={row.pk: house.pk}, by=by, happened_on=DAY).houses == 1
    assert stands(house) == (community, "")


def test_what_is_said_after_grading_holds_and_so_does_taking_it_back(community, by):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    batch = said(house).batch
    assert tag_matching(house_list, by=by, happened_on=DAY).batch is None
    row = house_list.records.get()
    assert (row.grade, row.reason, outcomes(house_list)) == ("likely", "in_no_community", ["open"])
    undo_batch(batch, by=by)
    grade_anew(house_list)
    row.refresh_from_db()
    assert row.grade == "exact"
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 1


def test_houses_that_two_lists_claim_are_decided_among_the_claims(community, by):
    house = HouseFactory(house_no="12/3")
    other = CommunityFactory()
    received(community, line("12/3"))
    received(other, line("12/3"))
    done = said(house)
    assert (done.houses, list(done.claimed)) == (0, [house])
    tagged = tag([house.pk], community=other, by=by, expected=1, happened_on=DAY, move_reason="ย้าย")
    assert (tagged.houses, list(tagged.claimed)) == (0, [house])
    assert code_of(lambda: tag_house(house, community=other, by=by, shown_community=None)) == "claimed"
    assert not TaggingBatch.objects.exists()
