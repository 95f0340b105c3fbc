"""What the database itself refuses of batches, assignments, keyings, codes seen and checks at the desk."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communities.models import Community, District
from communities.tests.factories import CommunityFactory, PersonFactory, SubdistrictFactory, command_line
from households.models import (
    Assignment,
    DeskCheck,
    HouseRegistration,
    KeyingEvent,
    LifeEvent,
    ListStep,
    Reconciliation,
    RowDecision,
    SavedSearch,
    SeenCode,
    TagEvent,
    TaggingBatch,
)
from households.models.dated import DatedFact
from households.tests.factories import (
    AssignmentFactory,
    BatchFactory,
    HouseFactory,
    keying_event,
    seen_code,
    tag_event,
)
from households.tests.intake import line, received

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
DATES = {"happened_on": DAY, "counted_on": DAY}


def refused(words):
    return pytest.raises(IntegrityError, match=words)


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def house(community):
    house = HouseFactory()
    tag_event(house, community, on=DAY)
    return house


@pytest.fixture
def far():
    return CommunityFactory(subdistrict=SubdistrictFactory(district=District.objects.get(code="1016"), code="101601"))


@pytest.mark.parametrize("change", [{"kind": "withdrawn"}, {"reason": "x"}, {"happened_on": DAY}])
def test_a_batch_stays_as_it_was_recorded(house, change):
    with refused("never changed"), transaction.atomic():
        TaggingBatch.objects.update(**change)
    with refused("never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM households_taggingbatch")


def test_an_extracts_numbers_stay_as_they_were_counted(house):
    seen_code(house, "10150001", on=DAY)
    with refused("never changed"), transaction.atomic():
        Reconciliation.objects.update(agree=9)


@pytest.mark.parametrize("change", [{"order_number": "9"}, {"since": DAY}, {"community": 0}, {"officer": 0}])
def test_who_got_what_by_which_order_is_written_once(community, change):
    AssignmentFactory(community=community, officer=PersonFactory())
    others = {"community": CommunityFactory(), "officer": PersonFactory()}
    told = {name: others.get(name, value) for name, value in change.items()}
    with refused("never changed"), transaction.atomic():
        Assignment.objects.update(**told)


def test_an_assignment_ends_and_is_never_deleted(community):
    assignment = AssignmentFactory(community=community, officer=PersonFactory())
    Assignment.objects.update(until=DAY, ended_by=command_line(), ended_at=assignment.recorded_at, ended_reason="ย้าย")
    with refused("never changed"), transaction.atomic():
        assignment.delete()


def test_a_keying_names_each_house_once_in_a_statement(house, community):
    twice = [
        KeyingEvent(house=house, kind="keyed", community=each, recorded_by=command_line(), **DATES)
        for each in (community, CommunityFactory())
    ]
    with refused("each house once"), transaction.atomic():
        KeyingEvent.objects.bulk_create(twice)


def test_a_code_seen_names_each_house_once_in_a_statement(house):
    seen_code(house, "10150001", on=DAY)
    twice = [
        SeenCode(house=house, code=code, previous_code="10150001", reconciliation=Reconciliation.objects.get(), **DATES)
        for code in ("10150002", "10150003")
    ]
    with refused("each house once"), transaction.atomic():
        SeenCode.objects.bulk_create(twice)


def test_a_community_of_another_district_is_not_keyed(house, far):
    with refused("one district"), transaction.atomic():
        keying_event(house, far, on=DAY)


def test_an_extract_shows_no_code_of_another_districts_house(house, far):
    seen_code(house, "10150001", on=DAY)
    away = HouseFactory(subdistrict=far.subdistrict)
    with refused("one district"), transaction.atomic():
        seen_code(away, "10160001", on=DAY, extract=Reconciliation.objects.get())


@pytest.mark.parametrize("column", ["keyed_community", "central_code"])
def test_a_house_comes_with_nothing_keyed_or_seen(community, column):
    with refused("changes by a fact"), transaction.atomic():
        HouseFactory(**{column: community if column == "keyed_community" else "10150001"})


def test_a_house_and_a_community_stay_in_their_district(house, community, far):
    with refused("stays in its district"), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(district=far.district)
    with refused("stays in its district"), transaction.atomic():
        Community.objects.filter(pk=community.pk).update(district=far.district)


def test_a_check_takes_back_one_of_its_own_house(house, community):
    told = {"kind": "stray", "community": community, "note": "ร้าน", "recorded_by": command_line(), **DATES}
    check = DeskCheck.objects.create(house=house, **told)
    with refused("same house"), transaction.atomic():
        DeskCheck.objects.create(house=HouseFactory(), takes_back=check, **told)
    DeskCheck.objects.create(house=house, takes_back=check, **told)


@pytest.mark.parametrize("ending", [{"ended_reason": ""}, {"ended_reason": " "}])
def test_an_assignment_ends_with_a_reason(community, ending):
    assignment = AssignmentFactory(community=community, officer=PersonFactory())
    ended = {"until": DAY, "ended_by": command_line(), "ended_at": assignment.recorded_at}
    with refused("ends_with_a_reason"), transaction.atomic():
        Assignment.objects.update(**ended | ending)
    with refused("ends_with_a_reason"), transaction.atomic():
        Assignment.objects.update(ended_reason="ย้าย")


@pytest.mark.parametrize("number", ["", "  "])
def test_an_assignment_names_its_order(community, number):
    with refused("names_its_order"), transaction.atomic():
        AssignmentFactory(community=community, officer=PersonFactory(), order_number=number)


def test_a_keying_is_of_a_kind_that_somebody_knows(house, community):
    told = {"community": community, "recorded_by": command_line(), **DATES}
    with refused("known_kind"), transaction.atomic():
        KeyingEvent.objects.create(house=house, kind="guessed", **told)
    KeyingEvent.objects.create(house=house, kind="keyed", **told)


def test_a_saved_search_is_taken_off_the_list_and_never_deleted(community):
    kept = SavedSearch.objects.create(person=PersonFactory(), district=community.district, name="ซอย 5", query="q=5")
    with refused("never changed or deleted"), transaction.atomic():
        kept.delete()
    SavedSearch.objects.update(removed_at=timezone.now())


EARLIER = {"happened_on": DAY, "counted_on": DAY - datetime.timedelta(days=1)}


def test_no_fact_counts_before_its_day(house, community):
    row, by = received(community, line("12/3")).records.get(), command_line()
    extract = Reconciliation.objects.create(
        district=community.district, taken_on=DAY, agree=0, differ=0, missing=0, untagged=0, loaded_by=by
    )
    batch = BatchFactory(district=community.district, community=community)
    facts = [
        TagEvent(batch=batch, house=HouseFactory(), community=community),
        LifeEvent(house=house, kind="changed", ground="central_register", recorded_by=by),
        RowDecision(record=row, outcome="closed", reason="closed", recorded_by=by),
        ListStep(district=community.district, community=community, kind="asked_for", recorded_by=by),
        KeyingEvent(house=house, kind="keyed", community=community, recorded_by=by),
        SeenCode(house=house, code="10150001", reconciliation=extract),
        DeskCheck(house=house, kind="stray", community=community, recorded_by=by),
    ]
    assert {type(fact) for fact in facts} == set(DatedFact.__subclasses__())
    for fact in facts:
        fact.happened_on, fact.counted_on = EARLIER.values()
        with refused("counts_from_its_day"), transaction.atomic():
            fact.save()
