import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from communities.models import (
    Appointment,
    ClosedMonth,
    Community,
    CommunityCode,
    CommunityName,
    CommunityType,
    CommunityTyping,
    ExpectedHouses,
)
from communities.tests.factories import CommunityFactory, PersonFactory, command_line

pytestmark = pytest.mark.django_db

BEGIN, MIDDLE, END = datetime.date(2015, 1, 1), datetime.date(2015, 3, 1), datetime.date(2015, 6, 1)


@pytest.fixture
def community():
    return CommunityFactory(code=None, name="วัดกัลยาณ์", since=datetime.date(2014, 10, 1))


def code(community, text="10150099", since=BEGIN, until=None):
    return CommunityCode.objects.create(
        community=community, code=text, in_force_from=since, in_force_until=until, recorded_by=command_line()
    )


def as_at(community, day):
    return Community.objects.as_at(day).get(pk=community.pk)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (BEGIN - datetime.timedelta(days=1), False),
        (BEGIN, True),
        (END - datetime.timedelta(days=1), True),
        (END, False),
    ],
)
def test_a_row_is_in_force_from_its_first_day_up_to_the_day_before_its_end(community, day, holds):
    code(community, until=END)
    assert CommunityCode.objects.on(day).exists() is holds
    assert (as_at(community, day).code is not None) is holds


def test_a_code_may_be_followed_by_another_without_a_gap(community):
    code(community, until=MIDDLE)
    code(community, "10150100", since=MIDDLE)
    assert [as_at(community, day).code for day in (BEGIN, MIDDLE)] == ["10150099", "10150100"]


@pytest.mark.parametrize("since", [BEGIN, BEGIN - datetime.timedelta(days=1), END - datetime.timedelta(days=1)])
def test_a_community_has_one_code_at_a_time(community, since):
    code(community, until=END)
    with pytest.raises(IntegrityError, match="community_has_one_code"), transaction.atomic():
        code(community, "10150100", since=since)


def test_a_code_means_one_community_at_a_time(community):
    code(community, until=END)
    with pytest.raises(IntegrityError, match="code_means_one_community"), transaction.atomic():
        code(CommunityFactory(code=None), since=MIDDLE)
    code(CommunityFactory(code=None), since=END)


@pytest.mark.parametrize("until", [BEGIN, BEGIN - datetime.timedelta(days=1)])
def test_a_period_runs_forward(community, until):
    with pytest.raises(IntegrityError, match="community_code_period_runs_forward"), transaction.atomic():
        code(community, until=until)


def test_one_official_name_at_a_time_and_any_number_of_others(community):
    row = {"community": community, "in_force_from": BEGIN, "recorded_by": command_line()}
    with pytest.raises(IntegrityError, match="community_has_one_official_name"), transaction.atomic():
        CommunityName.objects.create(**row, name_th="อีกชื่อ")
    for other in ("สามัคคี", "ศาลเจ้านอก"):
        CommunityName.objects.create(**row, name_th=other, kind=CommunityName.Kind.OTHER)
    assert as_at(community, MIDDLE).name_th == "วัดกัลยาณ์"
    assert str(community) == "วัดกัลยาณ์"


def test_one_type_and_one_expected_number_at_a_time(community):
    row = {"community": community, "in_force_from": BEGIN, "recorded_by": command_line()}
    kind = CommunityType.objects.first()
    CommunityTyping.objects.create(**row, community_type=kind)
    with pytest.raises(IntegrityError, match="community_has_one_type"), transaction.atomic():
        CommunityTyping.objects.create(**row, community_type=kind)
    with pytest.raises(IntegrityError, match="community_has_one_expectation"), transaction.atomic():
        ExpectedHouses.objects.create(**row, houses=5)


def test_before_its_first_day_a_community_is_called_by_its_first_name_but_has_no_code(community):
    code(community)
    early = as_at(community, datetime.date(2014, 1, 1))
    assert (early.code, early.label_code, early.name_th, early.expected) == (None, "10150099", "วัดกัลยาณ์", 10)


def test_after_its_last_day_a_code_no_longer_holds_and_the_label_stays(community):
    code(community, until=MIDDLE)
    late = as_at(community, END)
    assert (late.code, late.label_code) == (None, "10150099")


def test_the_name_of_the_day_is_the_newest_begun(community):
    CommunityName.objects.update(in_force_until=MIDDLE)
    CommunityName.objects.create(community=community, name_th="ชื่อใหม่", in_force_from=MIDDLE, recorded_by=command_line())
    assert [as_at(community, day).name_th for day in (BEGIN, MIDDLE, END)] == ["วัดกัลยาณ์", "ชื่อใหม่", "ชื่อใหม่"]


def test_the_constraints_speak_a_sentence_before_the_database_does(community):
    code(community)
    second = CommunityCode(community=community, code="10150100", in_force_from=MIDDLE, recorded_by=command_line())
    with pytest.raises(ValidationError):
        second.full_clean()


PLACES = {
    "president": {"community"},
    "city_viewer": set(),
    "officer": {"district"},
    "head": {"district"},
    "community_development": {"district"},
    "director": {"district"},
    "administrator": {"district"},
}


@pytest.mark.parametrize("given", [set(), {"district"}, {"community"}, {"district", "community"}])
@pytest.mark.parametrize("role", PLACES)
def test_a_post_has_the_place_that_its_role_asks_for(community, role, given):
    places = {"district": community.district, "community": community}
    post = Appointment(person=PersonFactory(), role=role, since=BEGIN, **{name: places[name] for name in given})
    if given == PLACES[role]:
        post.save()
        return
    with pytest.raises(IntegrityError, match="appointment_place_fits_role"), transaction.atomic():
        post.save()


def test_a_post_ends_after_it_began(community):
    with pytest.raises(IntegrityError, match="appointment_period_runs_forward"), transaction.atomic():
        Appointment.objects.create(
            person=PersonFactory(), role="officer", district=community.district, since=BEGIN, until=BEGIN
        )


def test_a_month_is_closed_once_and_by_its_first_day(community):
    row = {"district": community.district, "closed_by": command_line()}
    ClosedMonth.objects.create(**row, month=BEGIN)
    with pytest.raises(IntegrityError, match="month_closed_once"), transaction.atomic():
        ClosedMonth.objects.create(**row, month=BEGIN)
    with pytest.raises(IntegrityError, match="closed_month_is_a_first_day"), transaction.atomic():
        ClosedMonth.objects.create(**row, month=datetime.date(2015, 2, 2))


@pytest.mark.parametrize("rows", [CommunityCode, CommunityName, CommunityTyping, ExpectedHouses, Appointment])
def test_what_was_true_of_a_community_is_never_deleted(rows):
    with pytest.raises(IntegrityError, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {rows._meta.db_table}")
