"""What the database itself refuses, whoever asks: admin, shell and bulk statements included."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from communities.models import ClosedMonth, CommunityCode, District
from communities.tests.factories import CommunityFactory, SubdistrictFactory, command_line
from households.models import HouseNumberRecord, HouseRegistration, LifeEvent, RowDecision, TagEvent, TaggingBatch
from households.row_reasons import Outcome, Reason
from households.tests.factories import BatchFactory, HouseFactory, tag_event
from households.tests.intake import line, received

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
FACTS = [TagEvent, LifeEvent, RowDecision]
DATES = {"happened_on": DAY, "counted_on": DAY}


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def house():
    return HouseFactory(house_no="12/3")


@pytest.fixture
def row(community):
    return received(community, line("12/3")).records.get()


@pytest.fixture
def facts(community, house, row):
    """One fact of each kind."""
    tag_event(house, community, on=DAY)
    LifeEvent.objects.create(
        house=house, kind="registered", ground="central_register", recorded_by=command_line(), **DATES
    )
    decide(row, Outcome.CLOSED)


def decide(row, outcome, **more):
    reason = Reason.NO_SUCH_HOUSE
    return RowDecision.objects.create(
        **({"record": row, "outcome": outcome, "reason": reason, "recorded_by": command_line()} | DATES | more)
    )


def refused(words=None):
    return pytest.raises(IntegrityError, match=words)


@pytest.mark.parametrize("model", FACTS)
@pytest.mark.parametrize("change", ["UPDATE {} SET happened_on = happened_on", "DELETE FROM {}"])
def test_a_fact_is_neither_changed_nor_deleted(facts, model, change):
    with refused("added to, never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(model._meta.db_table))
    with refused(), transaction.atomic():
        model.objects.update(counted_on=DAY)


@pytest.mark.parametrize("model", FACTS)
def test_a_table_of_facts_is_never_emptied(facts, model):
    """The guard sleeps in the test database, whose tables are emptied between tests, so it is woken first."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_never_emptied")
        with refused("added to, never changed"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
    assert model.objects.exists()


def test_a_closed_month_stays_closed(community):
    ClosedMonth.objects.create(district=community.district, month=DAY.replace(day=1), closed_by=command_line())
    with refused(), transaction.atomic():
        ClosedMonth.objects.update(month=datetime.date(2015, 2, 1))
    with refused(), transaction.atomic():
        ClosedMonth.objects.all().delete()


def test_no_fact_counts_in_a_closed_month(community, house, row):
    ClosedMonth.objects.create(district=community.district, month=DAY.replace(day=1), closed_by=command_line())
    with refused("closed"), transaction.atomic():
        tag_event(house, community, on=DAY)
    with refused("closed"), transaction.atomic():
        decide(row, Outcome.CLOSED)
    with refused("closed"), transaction.atomic():
        LifeEvent.objects.create(
            house=house, kind="struck", ground="central_register", recorded_by=command_line(), **DATES
        )
    decide(row, Outcome.CLOSED, counted_on=datetime.date(2015, 2, 1))


def test_one_fact_of_a_closed_month_among_many_stops_them_all(community, house):
    ClosedMonth.objects.create(district=community.district, month=DAY.replace(day=1), closed_by=command_line())
    batch = BatchFactory(district=community.district, community=community)
    events = [
        TagEvent(batch=batch, house=each, community=community, happened_on=DAY, counted_on=counted)
        for each, counted in [(house, datetime.date(2015, 2, 1)), (HouseFactory(), DAY)]
    ]
    with refused("closed"), transaction.atomic():
        TagEvent.objects.bulk_create(events)
    assert not TagEvent.objects.exists()


def test_the_community_of_a_house_is_not_changed_directly(community, house):
    with refused("by a tag event"), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(community=community)
    tag_event(house, community, on=DAY)
    with refused("by a tag event"), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(community=None)
    house.refresh_from_db()
    assert house.community == community


def test_other_columns_of_a_tagged_house_may_change(community, house):
    tag_event(house, community, on=DAY)
    HouseRegistration.objects.filter(pk=house.pk).update(state="struck", road="ตากสิน")


def test_a_house_is_not_tagged_with_a_community_of_another_district(house):
    other = SubdistrictFactory(district=District.objects.get(code="1016"), code="101601")
    with refused("one district"), transaction.atomic():
        tag_event(house, CommunityFactory(subdistrict=other), on=DAY)


def test_a_house_struck_off_is_not_tagged(community):
    with refused("struck off"), transaction.atomic():
        tag_event(HouseFactory(state="struck"), community, on=DAY)


def test_a_house_struck_off_may_lose_its_code(community, house):
    tag_event(house, community, on=DAY)
    HouseRegistration.objects.filter(pk=house.pk).update(state="struck")
    tag_event(house, None, on=DAY)


@pytest.mark.parametrize("day", [datetime.date(2014, 9, 30), datetime.date(2015, 6, 1)])
def test_a_community_without_a_code_in_force_is_not_tagged(community, house, day):
    CommunityCode.objects.update(in_force_until=datetime.date(2015, 6, 1))
    with refused("code in force"), transaction.atomic():
        tag_event(house, community, on=day)


def test_a_tag_names_the_community_that_the_house_had(community, house):
    tag_event(house, community, on=DAY)
    batch = BatchFactory(district=community.district, community=community)
    with refused("names the community"), transaction.atomic():
        TagEvent.objects.create(batch=batch, house=house, community=CommunityFactory(), **DATES)


def test_a_tag_changes_something(community, house):
    batch = BatchFactory(district=community.district, community=community)
    with refused("tag_event_changes_something"), transaction.atomic():
        TagEvent.objects.create(batch=batch, house=house, community=None, previous_community=None, **DATES)
    tag_event(house, community, on=DAY)
    with refused("tag_event_changes_something"), transaction.atomic():
        TagEvent.objects.create(batch=batch, house=house, community=community, previous_community=community, **DATES)


@pytest.mark.parametrize("outcome", [Outcome.TAGGED, Outcome.UNCHANGED])
def test_a_row_that_tags_names_its_house(row, outcome):
    with refused("tagged_row_names_its_house"), transaction.atomic():
        decide(row, outcome)


def test_a_row_has_the_outcome_of_its_newest_decision(row):
    decide(row, Outcome.CLOSED)
    row.refresh_from_db()
    assert row.outcome == Outcome.CLOSED
    RowDecision.objects.bulk_create(
        RowDecision(record=row, outcome=outcome, reason=Reason.UNDONE, recorded_by=command_line(), **DATES)
        for outcome in (Outcome.CLAIMED, Outcome.OPEN)
    )
    row.refresh_from_db()
    assert row.outcome == Outcome.OPEN


def test_a_batch_is_undone_once(community):
    batch = BatchFactory(district=community.district, community=community)
    BatchFactory(district=community.district, kind=TaggingBatch.Kind.UNDONE, undoes=batch)
    with refused(), transaction.atomic():
        BatchFactory(district=community.district, kind=TaggingBatch.Kind.UNDONE, undoes=batch)


@pytest.mark.parametrize("kind", [TaggingBatch.Kind.UNDONE, TaggingBatch.Kind.BY_HAND])
def test_undoing_names_its_batch_and_nothing_else_does(community, kind):
    batch = BatchFactory(district=community.district, community=community)
    undoes = None if kind == TaggingBatch.Kind.UNDONE else batch
    with refused("undoing_names_its_batch"), transaction.atomic():
        BatchFactory(district=community.district, kind=kind, undoes=undoes)


@pytest.mark.parametrize("code", ["1015900001", "101590000111", "1015-900001", "๑๐๑๕๙๐๐๐๐๑๐"])
def test_a_house_code_has_eleven_digits(code):
    with pytest.raises(Exception, match=r"house_code_has_11_digits|too long"), transaction.atomic():
        HouseFactory(house_code=code)


def test_a_house_code_stands_once_in_a_district(house):
    with refused("house_code_once_a_district"), transaction.atomic():
        HouseFactory(house_code=house.house_code)


def test_a_row_of_a_list_is_kept_once(row):
    with refused("list_row_once"), transaction.atomic():
        HouseNumberRecord.objects.create(house_list=row.house_list, row=row.row, cells=[], reason=Reason.NOT_FOUND)
