import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.models import CommunityCode, District
from communities.tests.factories import CommunityFactory, SubdistrictFactory, command_line
from households.models import HouseRegistration, RowDecision, TagEvent, TaggingBatch
from households.row_decisions import CLOSING_REASONS, close_row, confirm_likely, decide_row, reopen_row
from households.row_reasons import Reason
from households.tagging import tag_matching
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, outcomes, received
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def by():
    return command_line()


@pytest.fixture
def likely(community):
    """A list with two likely rows and the house of each."""
    houses = [HouseFactory(house_no=number) for number in ("12/3", "12/4")]
    house_list = received(community, *[line(house.house_no, subdistrict=None) for house in houses])
    return house_list, dict(zip(house_list.records.order_by("row").values_list("pk", flat=True), houses, strict=True))


def ids(chosen):
    return {row: house.pk for row, house in chosen.items()}


def refused_with(code, action, *args, **more):
    events, decisions = TagEvent.objects.count(), RowDecision.objects.count()
    with pytest.raises(ValidationError) as refused:
        action(*args, **more)
    assert refused.value.code == code
    assert (TagEvent.objects.count(), RowDecision.objects.count()) == (events, decisions)


# --- confirming the likely ---


def test_confirmed_rows_are_tagged_as_the_officer_s_decision(likely, community, by):
    house_list, chosen = likely
    done = confirm_likely(house_list, chosen=ids(chosen), by=by, happened_on=DAY)
    assert (done.houses, done.batch.kind, outcomes(house_list)) == (2, "likely_confirmed", ["tagged", "tagged"])
    assert set(RowDecision.objects.values_list("reason", "recorded_by")) == {("confirmed", by.pk)}
    assert HouseRegistration.objects.filter(community=community).count() == 2


def test_some_rows_may_be_confirmed_and_the_others_wait(likely, by):
    house_list, chosen = likely
    [first, *_] = chosen
    confirm_likely(house_list, chosen={first: chosen[first].pk}, by=by, happened_on=DAY)
    assert outcomes(house_list) == ["tagged", "open"]


def test_a_page_that_shows_another_house_is_stale(likely, by):
    house_list, chosen = likely
    [first, second] = chosen
    shown = {first: chosen[second].pk, second: chosen[second].pk}
    refused_with("stale_page", confirm_likely, house_list, chosen=shown, by=by, happened_on=DAY)


def test_nothing_chosen_is_refused(likely, by):
    refused_with("stale_page", confirm_likely, likely[0], chosen={}, by=by, happened_on=DAY)


def test_rows_decided_meanwhile_make_the_page_stale(likely, by):
    house_list, chosen = likely
    confirm_likely(house_list, chosen=ids(chosen), by=by, happened_on=DAY)
    refused_with("stale_page", confirm_likely, house_list, chosen=ids(chosen), by=by, happened_on=DAY)


def test_rows_of_another_list_are_not_confirmed_with_this_one(likely, community, by):
    _own_list, chosen = likely
    other = received(CommunityFactory(), line("1"))
    refused_with("stale_page", confirm_likely, other, chosen=ids(chosen), by=by, happened_on=DAY)


@pytest.mark.parametrize("state", ["struck", "vanished"])
def test_one_house_gone_meanwhile_stops_them_all(likely, by, state):
    house_list, chosen = likely
    HouseRegistration.objects.filter(house_no="12/4").update(state=state)
    refused_with("taken_meanwhile", confirm_likely, house_list, chosen=ids(chosen), by=by, happened_on=DAY)


def test_one_house_taken_by_another_community_stops_them_all(likely, by):
    house_list, chosen = likely
    tag_event(HouseRegistration.objects.get(house_no="12/4"), CommunityFactory(), on=DAY)
    refused_with("taken_meanwhile", confirm_likely, house_list, chosen=ids(chosen), by=by, happened_on=DAY)


def test_two_rows_that_mean_one_house_tag_it_once(community, by):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3", subdistrict=None), line("12/3", road=None, subdistrict=None))
    chosen = dict.fromkeys(house_list.records.values_list("pk", flat=True), house.pk)
    done = confirm_likely(house_list, chosen=chosen, by=by, happened_on=DAY)
    assert (done.houses, done.unchanged, sorted(outcomes(house_list))) == (1, 1, ["tagged", "unchanged"])
    assert TagEvent.objects.count() == 1


def test_confirming_needs_a_code_in_force(likely, by):
    house_list, chosen = likely
    CommunityCode.objects.update(in_force_until=DAY)
    refused_with("code_not_in_force", confirm_likely, house_list, chosen=ids(chosen), by=by, happened_on=DAY)


def test_confirming_is_undone_as_a_batch(likely, by):
    house_list, chosen = likely
    done = confirm_likely(house_list, chosen=ids(chosen), by=by, happened_on=DAY)
    undo_batch(done.batch, by=by, happened_on=DAY)
    assert outcomes(house_list) == ["open", "open"]
    assert not HouseRegistration.objects.exclude(community=None).exists()


# --- one row ---


@pytest.fixture
def open_row(community):
    """A row that fits two houses, and the two."""
    houses = HouseFactory.create_batch(2, house_no="12/3")
    return received(community, line("12/3")).records.get(), houses


def test_a_person_chooses_the_house_of_a_row(open_row, community, by):
    row, [_first, second] = open_row
    done = decide_row(row, house=second, by=by, happened_on=DAY)
    row.refresh_from_db()
    second.refresh_from_db()
    assert (done.houses, row.outcome, second.community) == (1, "tagged", community)
    assert row.decisions.get().reason == "chosen"
    assert TagEvent.objects.get().record == row


def test_a_row_is_decided_once(open_row, by):
    row, [first, second] = open_row
    decide_row(row, house=first, by=by, happened_on=DAY)
    refused_with("decided_already", decide_row, row, house=second, by=by, happened_on=DAY)
    refused_with("decided_already", close_row, row, reason=Reason.NO_SUCH_HOUSE, by=by, happened_on=DAY)


def test_a_house_of_another_community_moves_only_with_a_reason(open_row, community, by):
    row, [first, _second] = open_row
    other = CommunityFactory()
    tag_event(first, other, on=DAY)
    first.refresh_from_db()
    refused_with("reason_needed", decide_row, row, house=first, by=by, reason=" ", happened_on=DAY)
    done = decide_row(row, house=first, by=by, reason="ตรวจพื้นที่แล้ว", happened_on=DAY)
    event = TagEvent.objects.order_by("id").last()
    assert (event.previous_community, event.community, done.batch.reason) == (other, community, "ตรวจพื้นที่แล้ว")


def test_a_house_that_moved_since_the_person_saw_it_is_not_taken(open_row, by):
    row, [first, _second] = open_row
    tag_event(HouseRegistration.objects.get(pk=first.pk), CommunityFactory(), on=DAY)
    refused_with("stale_page", decide_row, row, house=first, by=by, reason="ตรวจพื้นที่แล้ว", happened_on=DAY)


def test_a_house_that_came_to_the_same_community_meanwhile_is_no_surprise(open_row, community, by):
    row, [first, _second] = open_row
    tag_event(HouseRegistration.objects.get(pk=first.pk), community, on=DAY)
    assert decide_row(row, house=first, by=by, happened_on=DAY).unchanged == 1


@pytest.mark.parametrize("state", ["struck", "vanished"])
def test_a_house_that_is_gone_is_not_chosen(open_row, by, state):
    row, [first, _second] = open_row
    HouseRegistration.objects.filter(pk=first.pk).update(state=state)
    refused_with("not_live", decide_row, row, house=first, by=by, happened_on=DAY)


def test_a_house_of_another_district_is_not_chosen(open_row, by):
    row, _houses = open_row
    other = SubdistrictFactory(district=District.objects.get(code="1016"), code="101601")
    refused_with("other_district", decide_row, row, house=HouseFactory(subdistrict=other), by=by, happened_on=DAY)


def test_choosing_needs_a_code_in_force(open_row, by):
    row, [first, _second] = open_row
    before = datetime.date(2014, 9, 30)
    refused_with("code_not_in_force", decide_row, row, house=first, by=by, happened_on=before)


def test_a_house_that_has_the_community_already_settles_the_row_unchanged_and_can_be_undone(open_row, community, by):
    row, [first, _second] = open_row
    tag_event(first, community, on=DAY)
    done = decide_row(row, house=first, by=by, happened_on=DAY)
    assert (done.houses, done.unchanged, outcomes(row.house_list)) == (0, 1, ["unchanged"])
    undo_batch(done.batch, by=by, happened_on=DAY)
    first.refresh_from_db()
    assert (first.community, outcomes(row.house_list)) == (community, ["open"])


@pytest.mark.parametrize("reason", CLOSING_REASONS)
def test_a_row_is_closed_with_a_reason_and_opened_again(open_row, by, reason):
    row, _houses = open_row
    close_row(row, reason=reason, by=by, note="ถามประธานแล้ว", happened_on=DAY)
    row.refresh_from_db()
    assert (row.outcome, row.decisions.get().note) == ("closed", "ถามประธานแล้ว")
    assert not TaggingBatch.objects.exists()
    reopen_row(row, by=by, happened_on=DAY)
    row.refresh_from_db()
    assert (row.outcome, row.decisions.count()) == ("open", 2)


def test_a_row_is_closed_for_no_other_reason(open_row, by):
    refused_with("not_a_closing_reason", close_row, open_row[0], reason=Reason.NOT_FOUND, by=by, happened_on=DAY)


def test_only_a_closed_row_is_opened_again(open_row, by):
    row, [first, _second] = open_row
    refused_with("not_closed", reopen_row, row, by=by, happened_on=DAY)
    decide_row(row, house=first, by=by, happened_on=DAY)
    refused_with("not_closed", reopen_row, row, by=by, happened_on=DAY)


def test_a_closed_row_is_left_alone_by_the_machine(community, by):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    close_row(house_list.records.get(), reason=Reason.OTHER_COMMUNITY, by=by, happened_on=DAY)
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 0
    assert outcomes(house_list) == ["closed"]


@pytest.mark.parametrize(
    "action",
    [
        lambda row, house, by, day: decide_row(row, house=house, by=by, happened_on=day),
        lambda row, house, by, day: close_row(row, reason=Reason.MISTYPED, by=by, happened_on=day),
        lambda row, house, by, day: reopen_row(row, by=by, happened_on=day),
        lambda row, house, by, day: confirm_likely(row.house_list, chosen={row.pk: house.pk}, by=by, happened_on=day),
    ],
)
def test_no_decision_lies_in_the_future(open_row, by, action):
    row, [first, _second] = open_row
    refused_with("future_date", action, row, first, by, timezone.localdate() + datetime.timedelta(days=1))
