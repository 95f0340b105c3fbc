import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.models import CommunityCode, District
from communities.tests.factories import CommunityFactory, SubdistrictFactory, close_months, command_line
from households.house_lists import receive
from households.models import HouseRegistration, LifeEvent, RowDecision, TagEvent, TaggingBatch
from households.row_decisions import close_row, reopen_row
from households.row_reasons import Reason
from households.tagging import tag, tag_matching, untag
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, list_file, newest_reasons, outcomes, received, tagged_list
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def community():
    return CommunityFactory(name="วัดกัลยาณ์")


@pytest.fixture
def by():
    return command_line()


def code_of(refused):
    return refused.value.code


# --- tag_matching ---


def test_exact_rows_are_tagged_in_one_batch_and_cite_their_row(community, by):
    house_list, done = tagged_list(community, "12/3", "12/4")
    assert (done.houses, done.unchanged, outcomes(house_list)) == (2, 0, ["tagged", "tagged"])
    assert (done.batch.kind, done.batch.community, done.batch.house_list) == ("list_exact", community, house_list)
    for event in TagEvent.objects.all():
        assert event.record.house_no == event.house.house_no
        assert (event.community, event.previous_community, event.happened_on, event.counted_on) == (
            community,
            None,
            DAY,
            DAY,
        )
    assert HouseRegistration.objects.filter(community=community).count() == 2


def test_only_exact_rows_are_tagged(community, by):
    HouseFactory(house_no="1")
    HouseFactory.create_batch(2, house_no="2")
    HouseFactory(house_no="3", state="struck")
    HouseFactory(house_no="4")
    rows = [line("1", subdistrict=None), line("2"), line("3"), line("4", note="รื้อแล้ว"), line("5"), line("6/1, 7")]
    house_list = received(community, *rows)
    done = tag_matching(house_list, by=by, happened_on=DAY)
    assert (done.batch, done.houses) == (None, 0)
    assert outcomes(house_list) == ["open"] * 7
    assert not TagEvent.objects.exists()
    assert not RowDecision.objects.exists()


def test_a_house_of_another_community_is_claimed_and_never_moved(community, by):
    house = HouseFactory(house_no="12/3")
    other = CommunityFactory()
    tag_event(house, other, on=DAY)
    house_list = received(community, line("12/3"))
    done = tag_matching(house_list, by=by, happened_on=DAY)
    house.refresh_from_db()
    assert (done.houses, house.community) == (0, other)
    assert (outcomes(house_list), newest_reasons(house_list)) == (["claimed"], ["tagged_elsewhere"])


def test_a_claim_is_settled_by_tagging_again_once_the_other_community_let_go(community, by):
    house = HouseFactory(house_no="12/3")
    tag_event(house, CommunityFactory(), on=DAY)
    house_list = received(community, line("12/3"))
    tag_matching(house_list, by=by, happened_on=DAY)
    assert tag_matching(house_list, by=by, happened_on=DAY).batch is None
    assert RowDecision.objects.count() == 1
    untag([house.pk], by=by, expected=1, reason="ผิดชุมชน", happened_on=DAY)
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 1
    assert outcomes(house_list) == ["tagged"]


def test_a_house_that_has_the_community_already_is_unchanged(community, by):
    house = HouseFactory(house_no="12/3")
    tag_event(house, community, on=DAY)
    house_list = received(community, line("12/3"))
    done = tag_matching(house_list, by=by, happened_on=DAY)
    assert (done.batch, done.unchanged, outcomes(house_list)) == (None, 1, ["unchanged"])
    assert newest_reasons(house_list) == ["tagged_before"]


def test_a_house_listed_twice_is_tagged_once(community, by):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"), line("๑๒/๓"))
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 1
    assert (outcomes(house_list), newest_reasons(house_list)) == (["tagged", "unchanged"], ["all_parts", "repeated"])
    assert TagEvent.objects.count() == 1


def test_the_same_list_tagged_again_does_nothing(community, by):
    house_list, _done = tagged_list(community, "12/3", "12/4")
    again = tag_matching(house_list, by=by, happened_on=DAY)
    assert (again.batch, again.houses, again.unchanged) == (None, 0, 0)
    assert (TagEvent.objects.count(), RowDecision.objects.count(), TaggingBatch.objects.count()) == (2, 2, 1)


def test_the_same_file_received_again_tags_nothing_more(community, by):
    HouseFactory(house_no="12/3")
    data = list_file(line("12/3"))
    for _time in range(2):
        [house_list] = receive(data=data, file_name="a.xlsx", community=community, by=by).lists
        tag_matching(house_list, by=by, happened_on=DAY)
    assert TagEvent.objects.count() == 1


@pytest.mark.parametrize(("state", "reason"), [("struck", "struck_off"), ("vanished", "vanished")])
def test_a_house_struck_off_after_grading_is_not_tagged(community, by, state, reason):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    HouseRegistration.objects.filter(pk=house.pk).update(state=state)
    LifeEvent.objects.create(
        house=house, kind=state, ground="central_register", happened_on=DAY, counted_on=DAY, recorded_by=by
    )
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 0
    row = house_list.records.get()
    assert (row.outcome, row.grade, row.reason) == ("open", "none", reason)


def test_a_twin_registered_after_grading_makes_the_row_several(community, by):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    twin = HouseFactory(house_no="12/3")
    LifeEvent.objects.create(
        house=twin, kind="registered", ground="central_register", happened_on=DAY, counted_on=DAY, recorded_by=by
    )
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 0
    house.refresh_from_db()
    assert house.community is None
    assert house_list.records.get().grade == "several"


def test_a_house_struck_off_without_an_event_is_left_open(community, by):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    HouseRegistration.objects.filter(pk=house.pk).update(state="struck")
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 0
    assert outcomes(house_list) == ["open"]


@pytest.mark.parametrize("day", [datetime.date(2014, 9, 30), datetime.date(2013, 1, 1)])
def test_nothing_is_tagged_before_the_code_is_in_force(community, by, day):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    with pytest.raises(ValidationError) as refused:
        tag_matching(house_list, by=by, happened_on=day)
    assert code_of(refused) == "code_not_in_force"
    assert "วัดกัลยาณ์" in refused.value.messages[0]
    assert not TagEvent.objects.exists()


def test_nothing_is_tagged_once_the_code_has_ended(community, by):
    CommunityCode.objects.update(in_force_until=DAY)
    house_list = received(community, line("12/3"))
    with pytest.raises(ValidationError) as refused:
        tag_matching(house_list, by=by, happened_on=DAY)
    assert code_of(refused) == "code_not_in_force"


def test_tagging_takes_the_same_number_of_queries_at_any_size(community, by, django_assert_max_num_queries):
    tagged_list(community, *[f"12/{n}" for n in range(1, 4)])
    for number in range(4, 60):
        HouseFactory(house_no=f"12/{number}")
    more = received(community, *[line(f"12/{n}") for n in range(1, 60)])
    with django_assert_max_num_queries(12):
        assert tag_matching(more, by=by, happened_on=DAY).houses == 56


# --- the day it counts ---


def test_a_fact_of_a_closed_month_counts_on_the_first_open_day(community, by):
    close_months(community.district, datetime.date(2015, 1, 1), datetime.date(2015, 2, 1))
    tagged_list(community, "12/3")
    event, decision = TagEvent.objects.get(), RowDecision.objects.get()
    assert (event.happened_on, event.counted_on) == (DAY, datetime.date(2015, 3, 1))
    assert (decision.happened_on, decision.counted_on) == (DAY, datetime.date(2015, 3, 1))


def test_a_month_closed_in_another_district_stays_open_here(community, by):
    close_months(District.objects.get(code="1016"), datetime.date(2015, 1, 1))
    tagged_list(community, "12/3")
    assert TagEvent.objects.get().counted_on == DAY


def test_a_fact_never_counts_before_the_one_before_it_of_the_same_house(community, by):
    tagged_list(community, "12/3")
    house = HouseRegistration.objects.get()
    earlier = DAY - datetime.timedelta(days=10)
    untag([house.pk], by=by, expected=1, reason="ผิด", happened_on=earlier)
    assert list(TagEvent.objects.values_list("happened_on", "counted_on")) == [(DAY, DAY), (earlier, DAY)]


def test_where_the_fact_before_counts_in_a_month_closed_since_the_first_open_day_after_it_is_taken(community, by):
    tagged_list(community, "12/3", on=datetime.date(2015, 2, 10))
    close_months(community.district, datetime.date(2015, 2, 1))
    house = HouseRegistration.objects.get()
    untag([house.pk], by=by, expected=1, reason="ผิด", happened_on=DAY)
    newest = TagEvent.objects.order_by("id").last()
    assert (newest.happened_on, newest.counted_on) == (DAY, datetime.date(2015, 3, 1))


def test_a_decision_never_counts_before_the_one_before_it_of_the_same_row(community, by):
    house_list = received(community, line("12/3"))
    row = house_list.records.get()
    close_row(row, reason=Reason.NO_SUCH_HOUSE, by=by, happened_on=DAY)
    reopen_row(row, by=by, happened_on=DAY - datetime.timedelta(days=5))
    assert list(RowDecision.objects.values_list("counted_on", flat=True)) == [DAY, DAY]


TOMORROW = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    "action",
    [
        lambda community, house, by, day: tag_matching(received(community, line("77/7")), by=by, happened_on=day),
        lambda community, house, by, day: tag([house.pk], community=community, by=by, expected=1, happened_on=day),
        lambda community, house, by, day: untag([house.pk], by=by, expected=1, reason="ผิด", happened_on=day),
        lambda community, house, by, day: undo_batch(TaggingBatch.objects.get(), by=by, happened_on=day),
    ],
)
def test_no_fact_lies_in_the_future(community, by, action):
    house = HouseFactory(house_no="12/3")
    tag_event(house, CommunityFactory(), on=DAY)
    with pytest.raises(ValidationError) as refused:
        action(community, house, by, timezone.localdate() + TOMORROW)
    assert code_of(refused) == "future_date"
    assert TagEvent.objects.count() == 1


@time_machine.travel(datetime.datetime(2015, 1, 20, 18, tzinfo=datetime.UTC), tick=False)
def test_without_a_date_the_day_in_bangkok_is_taken(community, by):
    tagged_list(community, "12/3", on=None)
    assert TagEvent.objects.get().happened_on == datetime.date(2015, 1, 21)


# --- by hand ---


def test_chosen_houses_are_tagged_and_the_unfit_left_alone(community, by):
    free, same, elsewhere = HouseFactory(), HouseFactory(), HouseFactory()
    struck, vanished = HouseFactory(state="struck"), HouseFactory(state="vanished")
    tag_event(same, community, on=DAY)
    tag_event(elsewhere, CommunityFactory(), on=DAY)
    done = tag(
        [house.pk for house in (free, same, elsewhere, struck, vanished)],
        community=community,
        by=by,
        expected=5,
        happened_on=DAY,
    )
    assert (done.houses, done.unchanged, set(done.refused)) == (1, 1, {elsewhere, struck, vanished})
    assert TagEvent.objects.count() == 3


def test_a_moved_count_tags_nothing(community, by):
    house = HouseFactory()
    with pytest.raises(ValidationError) as refused:
        tag([house.pk], community=community, by=by, expected=2, happened_on=DAY)
    assert code_of(refused) == "count_moved"
    with pytest.raises(ValidationError) as refused:
        untag([house.pk], by=by, expected=2, reason="ผิด", happened_on=DAY)
    assert code_of(refused) == "count_moved"
    assert not TaggingBatch.objects.exists()


def test_houses_of_another_district_are_not_among_those_to_tag(community, by):
    other = SubdistrictFactory(district=District.objects.get(code="1016"), code="101601")
    house = HouseFactory(subdistrict=other)
    with pytest.raises(ValidationError) as refused:
        tag([house.pk], community=community, by=by, expected=1, happened_on=DAY)
    assert code_of(refused) == "count_moved"


def test_tagging_by_hand_needs_a_code_in_force(by):
    with pytest.raises(ValidationError) as refused:
        tag([HouseFactory().pk], community=CommunityFactory(code=None), by=by, expected=1, happened_on=DAY)
    assert code_of(refused) == "code_not_in_force"


def test_codes_are_taken_off_with_a_reason(community, by):
    house, bare = HouseFactory(), HouseFactory()
    tag_event(house, community, on=DAY)
    with pytest.raises(ValidationError) as refused:
        untag([house.pk], by=by, expected=1, reason="  ", happened_on=DAY)
    assert code_of(refused) == "reason_needed"
    done = untag([house.pk, bare.pk], by=by, expected=2, reason="ไม่ใช่ชุมชนนี้", happened_on=DAY)
    house.refresh_from_db()
    assert (done.houses, done.unchanged, done.batch.reason, house.community) == (1, 1, "ไม่ใช่ชุมชนนี้", None)


def test_codes_of_two_districts_are_not_taken_off_in_one_batch(community, by):
    other = SubdistrictFactory(district=District.objects.get(code="1016"), code="101601")
    here, there = HouseFactory(), HouseFactory(subdistrict=other)
    tag_event(here, community, on=DAY)
    tag_event(there, CommunityFactory(subdistrict=other), on=DAY)
    with pytest.raises(ValidationError) as refused:
        untag([here.pk, there.pk], by=by, expected=2, reason="ผิด", happened_on=DAY)
    assert code_of(refused) == "several_districts"


def test_a_code_taken_off_by_a_person_is_not_put_back_by_the_list(community, by):
    house_list, _done = tagged_list(community, "12/3")
    untag(list(HouseRegistration.objects.values_list("pk", flat=True)), by=by, expected=1, reason="ผิด", happened_on=DAY)
    assert tag_matching(house_list, by=by, happened_on=DAY).houses == 0
