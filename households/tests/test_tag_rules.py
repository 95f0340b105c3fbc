"""What the database itself refuses of tag events: proved once a statement, as foreign keys would row by row."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from communities.models import Community, District
from communities.tests.factories import CommunityFactory, SubdistrictFactory
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.tests.factories import BatchFactory, HouseFactory, tag_event
from households.tests.intake import line, received

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
NOWHERE = 10**9
ELSEWHERE = "1016"


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def batch(community):
    return BatchFactory(district=community.district, community=community)


@pytest.fixture
def batch_of_none(community):
    return BatchFactory(district=community.district, kind=TaggingBatch.Kind.IN_NO_COMMUNITY)


def told(batch, house, community, record=None, **more):
    facts = {"batch_id": batch, "house_id": house, "community_id": community, "record_id": record}
    facts |= {"happened_on": DAY, "counted_on": DAY}
    return TagEvent(**facts | more)


def refused(words=None):
    return pytest.raises(IntegrityError, match=words)


def there():
    return SubdistrictFactory(district=District.objects.get(code=ELSEWHERE), code=f"{ELSEWHERE}01")


@pytest.mark.parametrize(
    ("missing", "words"),
    [("batch", "are there"), ("house", "is there"), ("community", "are there"), ("record", "are there")],
)
def test_an_event_names_what_is_there(batch, community, missing, words):
    named = {"batch": batch.pk, "house": HouseFactory().pk, "community": community.pk} | {missing: NOWHERE}
    with refused(words), transaction.atomic():
        told(**named).save()
    assert not TagEvent.objects.exists()


def test_one_event_that_names_nothing_stops_all_of_its_statement(batch, community):
    events = [told(batch.pk, HouseFactory().pk, community.pk) for _number in range(5)]
    with refused("is there"), transaction.atomic():
        TagEvent.objects.bulk_create([*events, told(batch.pk, NOWHERE, community.pk)])
    assert not HouseRegistration.objects.exclude(community=None).exists()


def test_the_community_before_is_one_that_the_house_had(batch, community):
    with refused("names the community"), transaction.atomic():
        told(batch.pk, HouseFactory().pk, community.pk, previous_community_id=NOWHERE).save()


def test_a_statement_names_each_house_once(batch, community):
    house = HouseFactory()
    with refused("each house once"), transaction.atomic():
        TagEvent.objects.bulk_create([told(batch.pk, house.pk, community.pk) for _twice in range(2)])


def test_houses_of_two_districts_in_one_statement_lie_each_in_that_of_their_batch(batch, community):
    other = CommunityFactory(subdistrict=there())
    here, away = HouseFactory(), HouseFactory(subdistrict=other.subdistrict)
    another = BatchFactory(district=other.district, community=other)
    with refused("in one district"), transaction.atomic():
        TagEvent.objects.bulk_create([told(batch.pk, away.pk, community.pk), told(another.pk, here.pk, other.pk)])
    TagEvent.objects.bulk_create([told(batch.pk, here.pk, community.pk), told(another.pk, away.pk, other.pk)])
    assert set(HouseRegistration.objects.values_list("pk", "community")) == {
        (here.pk, community.pk),
        (away.pk, other.pk),
    }


def test_a_code_is_not_taken_off_a_house_by_a_batch_of_another_district(batch, community):
    house = HouseFactory(subdistrict=there())
    with refused("one district"), transaction.atomic():
        told(batch.pk, house.pk, None, outside="private_estate").save()


@pytest.mark.parametrize("outside", ["private_estate", "other"])
def test_a_house_struck_off_is_not_said_to_be_in_no_community(batch, outside):
    with refused("struck off"), transaction.atomic():
        told(batch.pk, HouseFactory(state="struck").pk, None, outside=outside).save()


def test_an_event_names_why_the_house_was_in_no_community(batch, batch_of_none, community):
    house = HouseFactory()
    told(batch_of_none.pk, house.pk, None, outside="private_estate").save()
    with refused("names the community"), transaction.atomic():
        told(batch.pk, house.pk, community.pk).save()
    told(batch.pk, house.pk, community.pk, previous_outside="private_estate").save()
    house.refresh_from_db()
    assert (house.community, house.outside) == (community, "")


def test_a_house_is_in_a_community_or_in_none(batch, community):
    with refused("in_a_community_or_in_none"), transaction.atomic():
        told(batch.pk, HouseFactory().pk, community.pk, outside="private_estate").save()


def test_why_a_house_is_in_no_community_is_not_changed_directly(batch_of_none):
    house = HouseFactory()
    with refused("by a tag event"), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(outside="private_estate")
    told(batch_of_none.pk, house.pk, None, outside="private_estate").save()
    with refused("by a tag event"), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(outside="")


@pytest.mark.parametrize("standing", [{"community_id": NOWHERE}, {"outside": "private_estate"}])
def test_a_house_comes_without_a_community(standing):
    with refused("by a tag event"), transaction.atomic():
        HouseFactory(**standing)


@pytest.mark.parametrize("model", [HouseRegistration, TaggingBatch, Community])
@pytest.mark.parametrize("change", ["DELETE FROM {} WHERE id = %s", "UPDATE {} SET id = id + 1000000 WHERE id = %s"])
def test_what_an_event_names_stays(batch, community, model, change):
    house = HouseFactory()
    tag_event(house, community, on=DAY, batch=batch)
    named = {HouseRegistration: house, TaggingBatch: batch, Community: community}[model]
    table = model._meta.db_table
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(change.format(table), [named.pk])
    assert model.objects.filter(pk=named.pk).exists()


def test_the_row_that_an_event_names_stays(batch, community):
    row = received(community, line("12/3")).records.get()
    told(batch.pk, HouseFactory().pk, community.pk, record=row.pk).save()
    for change in ("DELETE FROM {} WHERE id = %s", "UPDATE {} SET id = id + 1000000 WHERE id = %s"):
        with refused("tag events name"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(row._meta.db_table), [row.pk])


@pytest.mark.parametrize("left", ["before", "after"])
def test_a_community_stays_that_a_house_ever_had(community, left):
    house, other = HouseFactory(), CommunityFactory()
    tag_event(house, community, on=DAY)
    tag_event(house, other, on=DAY)
    named = {"before": community, "after": other}[left]
    with refused("tag events name"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM communities_community WHERE id = %s", [named.pk])


def test_a_house_that_no_event_names_may_go():
    HouseFactory().delete()
    assert not HouseRegistration.objects.exists()


@pytest.mark.parametrize("other", [True, False])
def test_a_batch_for_a_community_tags_with_no_other_and_takes_no_code_off(batch, community, other):
    house, another = HouseFactory(), CommunityFactory() if other else None
    tag_event(house, community, on=DAY, batch=batch)
    event = told(batch.pk, house.pk, another and another.pk, previous_community_id=community.pk)
    with refused("names that community"), transaction.atomic():
        event.save()
    tag_event(house, another, on=DAY)


def test_one_event_of_another_community_stops_all_of_its_statement(batch, community):
    events = [told(batch.pk, HouseFactory().pk, community.pk) for _number in range(5)]
    with refused("names that community"), transaction.atomic():
        TagEvent.objects.bulk_create([*events, told(batch.pk, HouseFactory().pk, CommunityFactory().pk)])
    assert not HouseRegistration.objects.exclude(community=None).exists()


def test_a_reason_that_nobody_knows_keeps_no_house_out(batch_of_none):
    with refused("known_reason"), transaction.atomic():
        told(batch_of_none.pk, HouseFactory().pk, None, outside="abroad").save()
