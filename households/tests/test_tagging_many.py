"""Many houses at once: moved with a reason only, refused when they changed since they were shown, in few queries."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.tests.factories import CommunityFactory, command_line
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.stale_pages import refuse_changed
from households.tag_ledger import Standing
from households.tagging import tag, tag_house, untag
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
UNTAGGED = Standing(None, "", "live")


@pytest.fixture
def community():
    return CommunityFactory(name="วัดกัลยาณ์")


@pytest.fixture
def other():
    return CommunityFactory(name="โรงเจ 1")


@pytest.fixture
def by():
    return command_line()


def refusal_of(action):
    with pytest.raises(ValidationError) as refused:
        action()
    return refused.value


def test_houses_of_another_community_move_only_with_a_reason(community, other, by):
    free, elsewhere = HouseFactory(), HouseFactory()
    tag_event(elsewhere, other, on=DAY)
    ids = [free.pk, elsewhere.pk]
    left = tag(ids, community=community, by=by, expected=2, happened_on=DAY, move_reason=" ")
    assert (left.houses, left.moved, list(left.refused), left.batch.reason) == (1, 0, [elsewhere], "")
    moved = tag(ids, community=community, by=by, expected=2, happened_on=DAY, move_reason="ประธานตกลงกัน")
    assert (moved.houses, moved.moved, moved.unchanged, list(moved.refused)) == (1, 1, 1, [])
    assert moved.batch.reason == "ประธานตกลงกัน"
    event = TagEvent.objects.get(batch=moved.batch)
    assert (event.previous_community, event.community) == (other, community)


def test_a_list_page_that_showed_another_community_is_refused_with_both(community, other, by):
    house, same = HouseFactory(house_no="12/3"), HouseFactory()
    tag_event(house, other, on=DAY)
    shown = {house.pk: None, same.pk: None}
    refusal = refusal_of(lambda: tag([house.pk, same.pk], community=community, by=by, expected=2, shown=shown))
    assert refusal.code == "stale_page"
    assert "12/3" in refusal.messages[0]
    assert "โรงเจ 1" in refusal.messages[0]
    assert refusal_of(lambda: untag([house.pk], by=by, expected=1, reason="ผิด", shown=shown)).code == "stale_page"
    assert TagEvent.objects.count() == 1


@pytest.mark.parametrize("change", ["community", "state", "another house"])
def test_just_the_houses_that_were_looked_at_are_tagged_as_they_stood(community, other, by, change):
    house, another = HouseFactory(), HouseFactory()
    looked_at = {UNTAGGED: [house.pk]}
    chosen = [another.pk] if change == "another house" else [house.pk]
    if change == "community":
        tag_event(house, other, on=DAY)
    if change == "state":
        HouseRegistration.objects.filter(pk=house.pk).update(state="struck")
    refusal = refusal_of(lambda: tag(chosen, community=community, by=by, expected=1, looked_at=looked_at))
    assert refusal.code == "stale_page"
    assert not TaggingBatch.objects.filter(community=community).exists()


def test_what_stands_as_it_was_looked_at_is_tagged(community, by):
    chosen = [HouseFactory().pk for _number in range(3)]
    done = tag(chosen, community=community, by=by, expected=3, looked_at={UNTAGGED: chosen[::-1]})
    assert done.houses == 3


def test_a_refusal_names_the_first_houses_and_says_how_many_there_are(in_english):
    chosen = [HouseFactory().pk for _number in range(12)]
    refusal = refusal_of(lambda: refuse_changed({UNTAGGED: chosen}, {UNTAGGED._replace(state="struck"): chosen}))
    assert "12" in refusal.messages[0]
    assert refusal.messages[0].count("struck off") == 10


def test_a_house_named_twice_counts_once(community, by):
    house = HouseFactory()
    assert tag([house.pk, house.pk], community=community, by=by, expected=1).houses == 1


# --- one house of a walk ---


def test_a_house_of_a_walk_is_a_batch_of_its_own(community, by):
    house = HouseFactory()
    done = tag_house(house, community=community, by=by, shown_community=None)
    assert (done.houses, done.batch.kind, done.batch.community) == (1, "house_by_house", community)
    again = tag_house(house, community=community, by=by, shown_community=None)
    assert (again.houses, again.unchanged, again.batch) == (0, 1, None)


def test_a_walk_does_not_tag_what_another_officer_tagged_meanwhile_nor_move(community, other, by):
    house = HouseFactory(house_no="12/3")
    tag_event(house, other, on=DAY)
    stale = refusal_of(lambda: tag_house(house, community=community, by=by, shown_community=None))
    assert (stale.code, "โรงเจ 1" in stale.messages[0]) == ("stale_page", True)
    moving = refusal_of(lambda: tag_house(house, community=community, by=by, shown_community=other.pk))
    assert moving.code == "reason_needed"


@pytest.mark.parametrize("state", ["struck", "vanished"])
def test_a_walk_does_not_tag_a_house_that_is_no_longer_there(community, by, state):
    house = HouseFactory(state=state)
    assert refusal_of(lambda: tag_house(house, community=community, by=by, shown_community=None)).code == "not_live"


# --- cost ---


def many(number):
    one = HouseFactory()
    told = HouseRegistration.objects.filter(pk=one.pk).values().get()
    facts = {name: value for name, value in told.items() if name not in ("id", "house_code")}
    made = HouseRegistration.objects.bulk_create(
        HouseRegistration(**facts, house_code=f"{20150000000 + place}") for place in range(number)
    )
    with connection.cursor() as cursor:
        # As a load leaves them: of tables filled and rolled back by other tests the planner knows that they are empty.
        cursor.execute("ANALYZE households_houseregistration")
    return [house.pk for house in made]


def test_ten_thousand_houses_take_as_many_queries_as_ten(community, other, by):
    chosen = many(10_010)
    counts = []
    for ids in (chosen[:10], chosen[10:]):
        with CaptureQueriesContext(connection) as asked:
            assert tag(ids, community=community, by=by, expected=len(ids)).houses == len(ids)
        with CaptureQueriesContext(connection) as moved:
            said = {"community": other, "by": by, "expected": len(ids), "move_reason": "ย้าย"}
            assert tag(ids, **said).moved == len(ids)
        with CaptureQueriesContext(connection) as taken:
            assert untag(ids, by=by, expected=len(ids), reason="ผิด").houses == len(ids)
        counts.append((len(asked), len(moved), len(taken)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 8
