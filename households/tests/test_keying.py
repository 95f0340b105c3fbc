"""Keying into the central register: what is to key, what is recorded, what is refused, what is taken back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import CommunityCode
from communities.tests.factories import (
    CommunityFactory,
    DistrictFactory,
    PersonFactory,
    SubdistrictFactory,
    close_months,
    command_line,
)
from households.keying import Keyed, key, take_back, to_key, undo
from households.keying_run import KeyingQueue, sitting_of
from households.models import HouseRegistration, KeyingEvent
from households.tagging import tag, untag
from households.tests.factories import HouseFactory, keying_event, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JANUARY = datetime.date(2015, 1, 20)


@pytest.fixture
def here():
    return CommunityFactory.create(code="10150001", name="ชุมชนหนึ่ง")


@pytest.fixture
def there(here):
    return CommunityFactory.create(code="10150002", name="ชุมชนสอง")


@pytest.fixture
def officer():
    return PersonFactory()


def tagged(community, number="1", on=JANUARY):
    house = HouseFactory(house_no=number, subdistrict=community.subdistrict)
    tag_event(house, community, on=on)
    return fresh(house)


def fresh(house):
    return HouseRegistration.objects.get(pk=house.pk)


def numbers_to_key(district, communities=None):
    return set(to_key(district, communities).values_list("house_no", flat=True))


def code_of(refused):
    return refused.value.code


# --- what is to key ---


def test_a_tag_is_an_intention_until_it_is_keyed(here, officer):
    house = tagged(here)
    assert numbers_to_key(here.district) == {"1"}
    assert set(key({house.pk: here.pk}, by=officer).houses) == {house.pk}
    assert numbers_to_key(here.district) == set()
    assert fresh(house).keyed_community == here


def test_a_house_that_moved_is_to_key_again_in_its_new_community(here, there, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    tag_event(house, there, on=timezone.localdate())
    assert numbers_to_key(here.district, [here.pk]) == set()
    assert numbers_to_key(here.district, [there.pk]) == {"1"}
    key({house.pk: there.pk}, by=officer)
    last = KeyingEvent.objects.latest("id")
    assert (last.previous_community, last.community) == (here, there)


def test_a_code_that_was_keyed_is_to_be_taken_out_where_the_tag_went(here, there, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    untag([house.pk], by=officer, expected=1, reason="ผิดบ้าน")
    assert numbers_to_key(here.district, [here.pk]) == {"1"}
    assert numbers_to_key(here.district, [there.pk]) == set()
    key({house.pk: None}, by=officer)
    assert numbers_to_key(here.district) == set()
    assert fresh(house).keyed_community is None


def test_a_house_untagged_before_it_was_keyed_is_not_to_key(here, officer):
    house = tagged(here)
    untag([house.pk], by=officer, expected=1, reason="ผิดบ้าน")
    assert numbers_to_key(here.district) == set()


@pytest.mark.parametrize("state", ["struck", "vanished"])
def test_a_house_that_is_gone_is_not_to_key(here, state):
    house = tagged(here)
    HouseRegistration.objects.filter(pk=house.pk).update(state=state)
    assert numbers_to_key(here.district) == set()


def test_the_list_is_one_district_s(here):
    tagged(here)
    elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601")
    other = CommunityFactory.create(subdistrict=elsewhere, code="10160001")
    tagged(other, "2")
    assert numbers_to_key(here.district) == {"1"}


# --- what is recorded ---


def test_who_keyed_when_is_kept_and_counts_while_the_month_is_open(here, officer):
    close_months(here.district, datetime.date(2015, 1, 1))
    house = tagged(here, on=datetime.date(2015, 2, 2))
    key({house.pk: here.pk}, by=officer, happened_on=JANUARY)
    event = KeyingEvent.objects.get()
    assert (event.happened_on, event.counted_on, event.recorded_by) == (JANUARY, datetime.date(2015, 2, 1), officer)
    assert (event.kind, event.community, event.previous_community, event.reason) == ("keyed", here, None, "")


def test_a_keying_never_counts_before_the_one_before_it(here, there, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer, happened_on=datetime.date(2015, 2, 10))
    tag_event(house, there, on=datetime.date(2015, 2, 11))
    key({house.pk: there.pk}, by=officer, happened_on=datetime.date(2015, 2, 3))
    assert KeyingEvent.objects.latest("id").counted_on == datetime.date(2015, 2, 10)


def test_what_somebody_recorded_before_is_told_and_not_recorded_twice(here, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=command_line())
    assert key({house.pk: here.pk}, by=officer) == Keyed({}, [fresh(house)])
    assert KeyingEvent.objects.count() == 1


def test_many_houses_are_recorded_with_as_many_statements_as_few(here, officer):
    def statements(count):
        houses = {tagged(here, f"{count}/{n}").pk: here.pk for n in range(1, count + 1)}
        with CaptureQueriesContext(connection) as queries:
            assert len(key(houses, by=officer).houses) == count
        return len(queries)

    assert statements(3) == statements(60)


# --- what is refused ---


def test_a_page_that_shows_another_community_is_refused_with_both_values(here, there, officer):
    house, right = tagged(here), tagged(here, "2")
    tag_event(house, there, on=timezone.localdate())
    with pytest.raises(ValidationError) as refused:
        key({house.pk: here.pk, right.pk: here.pk}, by=officer)
    assert code_of(refused) == "stale_page"
    sentence = refused.value.messages[0]
    assert "10150001" in sentence
    assert "10150002" in sentence
    assert not KeyingEvent.objects.exists()


def test_a_house_struck_off_meanwhile_is_refused(here, officer):
    house = tagged(here)
    HouseRegistration.objects.filter(pk=house.pk).update(state="struck")
    with pytest.raises(ValidationError) as refused:
        key({house.pk: here.pk}, by=officer)
    assert code_of(refused) == "not_live"


def test_a_day_to_come_is_refused(here, officer):
    house = tagged(here)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        key({house.pk: here.pk}, by=officer, happened_on=tomorrow)
    assert code_of(refused) == "future_date"


def test_houses_of_two_districts_are_refused(here, officer):
    elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601")
    other = CommunityFactory.create(subdistrict=elsewhere, code="10160001")
    with pytest.raises(ValidationError) as refused:
        key({tagged(here).pk: here.pk, tagged(other, "2").pk: other.pk}, by=officer)
    assert code_of(refused) == "several_districts"


def test_the_database_lets_nobody_write_what_stands_there_past_the_facts(here, officer):
    house = tagged(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(keyed_community=here)
    key({house.pk: here.pk}, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyingEvent.objects.update(reason="x")


def test_keying_is_of_the_community_whatever_becomes_of_its_code(here, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    CommunityCode.objects.filter(community=here).update(in_force_until=timezone.localdate())
    assert numbers_to_key(here.district) == set()


# --- taking back ---


def test_a_keying_taken_back_leaves_what_stood_before(here, there, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    tag_event(house, there, on=timezone.localdate())
    key({house.pk: there.pk}, by=officer)
    take_back([house.pk], by=officer, reason="กดผิด")
    assert fresh(house).keyed_community == here
    assert numbers_to_key(here.district) == {"1"}
    last = KeyingEvent.objects.latest("id")
    assert (last.kind, last.reason, last.previous_community, last.community) == ("taken_back", "กดผิด", there, here)


def test_what_was_taken_back_is_not_taken_back_twice(here, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    take_back([house.pk], by=officer, reason="กดผิด")
    with pytest.raises(ValidationError) as refused:
        take_back([house.pk], by=officer, reason="กดผิด")
    assert code_of(refused) == "nothing_to_take_back"


def test_taking_back_wants_a_reason(here, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    with pytest.raises(ValidationError) as refused:
        take_back([house.pk], by=officer, reason=" ")
    assert code_of(refused) == "reason_needed"


def test_a_keying_over_which_somebody_keyed_anew_is_not_undone(here, there, officer):
    house = tagged(here)
    first = keying_event(house, here, on=JANUARY)
    tag_event(house, there, on=timezone.localdate())
    key({house.pk: there.pk}, by=officer)
    with pytest.raises(ValidationError) as refused:
        undo(first, by=officer)
    assert code_of(refused) == "nothing_to_take_back"
    assert undo(KeyingEvent.objects.latest("id"), by=officer).houses == {house.pk: here.pk}


# --- one after the other ---


@pytest.fixture
def queue(here, there):
    """Houses 1 to 3 of the first community, 4 and 5 of the second."""
    for number in ("1", "2", "3"):
        tagged(here, number)
    for number in ("4", "5"):
        tagged(there, number)
    return KeyingQueue(to_key(here.district), [here.pk, there.pk])


def run(queue, **changes):
    return KeyingQueue(queue.houses, queue.communities, **changes)


def number(house):
    return house and house.house_no


def test_the_next_house_stands_behind_in_its_community_then_in_the_next_one(queue):
    met, house = [], None
    for _turn in range(6):
        house = run(queue).after(house)
        met.append(number(house))
    assert met == ["1", "2", "3", "4", "5", "1"]
    assert queue.left == 5


def test_what_was_put_off_comes_last(queue):
    first = queue.after()
    put_off = [first.pk]
    assert [number(run(queue, put_off=put_off).after(house)) for house in (None, first)] == ["2", "2"]
    last = HouseRegistration.objects.get(house_no="5")
    assert number(run(queue, put_off=put_off).after(last)) == "2"
    others = list(HouseRegistration.objects.exclude(pk=first.pk).values_list("pk", flat=True))
    assert number(run(queue, put_off=[*others, first.pk]).after(first)) == "2"
    assert number(run(queue, put_off=put_off).after()) == "2"
    assert run(queue, put_off=put_off).left == 5


def test_the_last_house_is_followed_by_none(here, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    assert KeyingQueue(to_key(here.district), [here.pk]).after(house) is None


def test_a_sitting_counts_what_stands(queue, here, officer):
    for house in HouseRegistration.objects.filter(community=here):
        key({house.pk: here.pk}, by=officer)
    sitting = sitting_of(officer, here.district)
    assert (sitting.done, sitting.last.house.house_no) == (3, "3")
    undo(sitting.last, by=officer)
    assert sitting_of(officer, here.district).done == 2
    assert sitting_of(command_line(), here.district).done == 0


def test_tagging_again_what_was_keyed_and_untagged_needs_no_keying(here, officer):
    house = tagged(here)
    key({house.pk: here.pk}, by=officer)
    untag([house.pk], by=officer, expected=1, reason="ผิดบ้าน")
    tag([house.pk], community=here, by=officer, expected=1)
    assert numbers_to_key(here.district) == set()
