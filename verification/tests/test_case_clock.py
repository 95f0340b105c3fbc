"""How long cases take: working days, who is late, and the KPI."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification.case_clock import age_of, by_person_and_step, closed_within, hands_for, late_cases
from verification.models import Case, StatusChange
from verification.workflow import LATE_AFTER, State, Who

from .case_factories import case_of

pytestmark = pytest.mark.django_db

THURSDAY = datetime.date(2026, 11, 19)
LATER = datetime.date(2026, 12, 8)  # the 7th makes up for the King's birthday, a Saturday


def at(day, hour=9):
    """The moment of the day by the office's clock."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


@pytest.fixture
def officer():
    return appoint(Role.OFFICER, CommunityFactory.create().district)


@pytest.fixture
def district(officer):
    return officer.appointments.get().district


def received(officer, day, **fields):
    """A case that was received on the day and has waited since."""
    return case_of(by=officer, opened_at=at(day), state_since=at(day), **fields)


def moved(case, move, before, after, day, by):
    """The case moved on the day."""
    StatusChange.objects.create(
        case=case,
        move=move,
        state_before=before,
        state_after=after,
        kind_before=case.kind,
        kind_after=case.kind,
        done_by=by,
        done_at=at(day),
    )
    case.refresh_from_db()
    return case


@pytest.mark.parametrize(
    ("today", "days", "late_by"),
    [
        (datetime.date(2026, 11, 19), 0, 0),
        (datetime.date(2026, 11, 22), 1, 0),  # Friday; the weekend does not count
        (datetime.date(2026, 11, 24), 3, 0),
        (datetime.date(2026, 11, 25), 4, 1),
        (LATER, 12, 9),  # Monday the 7th is no working day
    ],
)
def test_a_case_grows_old_on_working_days_alone(officer, today, days, late_by):
    age = age_of(received(officer, THURSDAY), today)
    assert (age.days, age.here, age.limit, age.late_by) == (days, days, LATE_AFTER[State.RECEIVED], late_by)


def test_what_has_ended_is_never_late(officer):
    case = moved(received(officer, THURSDAY), "withdraw", "received", "withdrawn", datetime.date(2026, 11, 20), officer)
    age = age_of(case, LATER)
    assert (age.days, age.limit, age.late_by) == (1, None, 0)
    assert late_cases(Case.objects.all(), LATER) == []


def test_the_late_ones_are_named_with_who_moved_them_last_and_who_must_act(officer, django_assert_num_queries):
    other = appoint(Role.OFFICER, officer.appointments.get().district)
    oldest = received(officer, datetime.date(2026, 11, 2))
    taken_up = received(officer, datetime.date(2026, 11, 2))
    moved(taken_up, "take_up", "received", "under_review", datetime.date(2026, 11, 10), other)
    received(officer, datetime.date(2026, 11, 23))
    with django_assert_num_queries(2):
        late = late_cases(Case.objects.all(), datetime.date(2026, 11, 24))
    assert [(one.case, one.last_by, one.age.late_by) for one in late] == [(oldest, officer, 13), (taken_up, other, 5)]
    assert late[0].hands == [Who.OFFICER, Who.HEAD]
    assert [(who, dict(states), total) for who, states, total in by_person_and_step(late)] == [
        (officer, {"received": 1}, 1),
        (other, {"under_review": 1}, 1),
    ]


@pytest.mark.parametrize(
    ("state", "hands"),
    [
        (State.CONFIRMED, [Who.OFFICER, Who.HEAD]),
        (State.VISIT_PLANNED, [Who.OFFICER, Who.HEAD, Who.COMMUNITY_DEVELOPMENT]),
        (State.PROPOSED, [Who.REGISTRAR]),
        (State.RESTORING, [Who.REGISTRAR]),
        (State.STANDS, []),
    ],
)
def test_the_way_forward_lies_in_the_hands_that_the_table_names(state, hands):
    assert hands_for(Case(state=state, kind="demolished")) == hands


def test_the_kpi_counts_each_case_once_in_the_month_of_its_end(officer, district):
    october = datetime.date(2026, 10, 1)
    ends = {datetime.date(2026, 10, 2): 1, datetime.date(2026, 10, 30): 19, datetime.date(2026, 11, 2): 20}
    for day in ends:
        moved(received(officer, october), "withdraw", "received", "withdrawn", day, officer)
    received(officer, october)
    elsewhere = HouseFactory(subdistrict__code="109901", subdistrict__district=DistrictFactory(code="1099"))
    far = case_of(elsewhere, opened_at=at(october), state_since=at(october))
    moved(far, "withdraw", "received", "withdrawn", datetime.date(2026, 10, 2), officer)

    kpi = closed_within(district, datetime.date(2026, 10, 15), limit=10)
    assert (kpi.closed, kpi.in_time, kpi.share) == (2, 1, 50)
    assert kpi.median == (1 + 19) / 2
    assert closed_within(district, datetime.date(2026, 11, 1), limit=20).share == 100
    nothing = closed_within(district, datetime.date(2026, 9, 1))
    assert (nothing.closed, nothing.share, nothing.median, nothing.limit) == (0, None, None, 30)


def test_the_page_shows_the_late_by_person_and_step(client, officer, district):
    day = timezone.localdate() - datetime.timedelta(days=40)
    case = received(officer, day)
    client.force_login(officer)
    page = client.get(reverse("verification:cases_late"))
    assert [one.case for one in page.context["late"]] == [case]
    assert str(officer) in page.content.decode()
    assert not client.get(reverse("verification:cases_late"), {"state": "proposed"}).context["late"]
    assert client.get(reverse("verification:cases_late"), {"person": officer.pk}).context["late"]
    client.force_login(appoint(Role.OFFICER, DistrictFactory(code="1099")))
    assert not client.get(reverse("verification:cases_late")).context["late"]
