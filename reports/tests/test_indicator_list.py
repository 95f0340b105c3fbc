"""The indicators as at a day: each reading is what its rows add up to, in every community, at several days."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.tests.factories import CommunityFactory, appoint, command_line
from households.row_reasons import Outcome
from households.tests.factories import HouseFactory, tag_event
from reports.indicator_list import BY_CODE, KPIS, facts_behind, readings_of
from reports.indicators import houses_behind
from reports.models import IndicatorTarget, OpeningTime
from reports.targets import set_targets
from reports.tests.days import DEC, FEB, JAN, day
from reports.tests.factories import decide, life_event, receive_list
from verification.tests.factories import review_of, signed

pytestmark = pytest.mark.django_db

DAYS = [day(DEC, 31), day(JAN, 20), day(JAN, 31), day(FEB, 28)]


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", name="สวนพลู", expected=None)


@pytest.fixture
def district(here):
    return here.district


@pytest.fixture
def history(here, there):
    """Tags in two months, one moved, one taken away, one struck off; a list that is settled in February."""
    first, second, third, fourth = HouseFactory.create_batch(4)
    for house, when in ((first, day(JAN, 10)), (second, day(JAN, 20)), (third, day(JAN, 31)), (fourth, day(FEB, 2))):
        tag_event(house, here, on=when)
    tag_event(first, there, on=day(FEB, 3))
    tag_event(second, None, on=day(FEB, 4))
    life_event(third, "struck", on=day(FEB, 5))
    [row] = receive_list(here, on=day(JAN, 5))
    decide(row, Outcome.CLOSED, on=day(FEB, 6))
    for community, milliseconds, when in ((here, 100, 4), (here, 300, 5), (there, 900, 6)):
        OpeningTime.objects.create(
            district=here.district,
            community=community,
            page="households:list",
            milliseconds=milliseconds,
            opened_on=day(FEB, when),
        )


def reading(district, code, when, community=None):
    [found] = readings_of(district, when, [BY_CODE[code]])
    return found.by_community[community.pk] if community else found.total


def test_the_indicators_tell_the_history(district, here, there, history):
    values = {one.kpi.code: one.total.value for one in readings_of(district, day(FEB, 28))}
    assert values == {
        "houses_tagged": 3,
        "houses_live": 2,
        "percent_of_plan": Decimal("50.0"),
        "houses_struck_off": 1,
        "communities_complete": 1,
        "lists_returned": 0,
        "verdicts_answered": 0,
        "cases_closed_in_time": None,
        "opening_time_median": 300,
        "opening_time_p95": 900,
    }
    assert reading(district, "houses_tagged", day(JAN, 31)).value == 3
    assert reading(district, "communities_complete", day(JAN, 31)).value == 0
    assert reading(district, "opening_time_median", day(JAN, 31)).value is None
    assert reading(district, "percent_of_plan", day(FEB, 28), there) == (None, 1, None)


@pytest.mark.parametrize("kpi", KPIS, ids=[kpi.code for kpi in KPIS])
def test_a_reading_and_its_rows_agree_in_every_community_at_every_day(kpi, district, here, there, history):
    signed(review_of(here))
    for when in [*DAYS, timezone.localdate()]:
        [found] = readings_of(district, when, [kpi])
        for community in (here, there):
            if kpi.houses:
                rows = houses_behind(district, when, indicator=kpi.houses, community=community).get(community.pk, [])
            else:
                rows = facts_behind(kpi, district, when, community.pk)
            assert len(rows) == found.by_community[community.pk].rows
        if kpi.facts:
            assert len(facts_behind(kpi, district, when)) == found.total.rows


def test_a_list_that_its_president_signed_counts_from_that_day(district, here):
    signed(review_of(here))
    today = timezone.localdate()
    assert reading(district, "lists_returned", today).value == 1
    assert reading(district, "lists_returned", today - datetime.timedelta(days=1)).value == 0


# --- the pages ---


def address(name, *arguments):
    return reverse(f"reports:{name}", args=arguments)


def test_the_page_counts_as_at_the_day_asked_for(client, district, history):
    client.force_login(appoint("officer", district))
    page = client.get(address("indicators"), {"as_at": "20 ม.ค. 2558"}).content.decode()
    assert "20 มกราคม 2558" in page
    assert f"{address('indicator', 'houses_tagged')}?district=1015&amp;as_at=2015-01-20" in page


@pytest.mark.parametrize("asked", ["32 ม.ค. 2558", "1 ม.ค. 2999"])
def test_a_day_that_cannot_be_is_told_and_today_shown(client, district, asked):
    client.force_login(appoint("officer", district))
    answer = client.get(address("indicators"), {"as_at": asked})
    assert answer.status_code == 200
    assert "notice" in answer.content.decode()


@pytest.mark.parametrize("kpi", KPIS, ids=[kpi.code for kpi in KPIS])
def test_every_number_leads_to_its_rows_with_the_same_total(client, kpi, district, here, history):
    signed(review_of(here))
    client.force_login(appoint("head", district))
    for when in (day(JAN, 20), day(FEB, 28), timezone.localdate()):
        told = client.get(address("indicator", kpi.code), {"as_at": when.isoformat()})
        for place, one, rows in told.context["lines"]:
            behind = client.get(rows.partition("#")[0])
            assert behind.status_code == 200, place
            assert behind.context["total"] == one.rows


def test_rows_of_a_day_of_another_month_are_not_there(client, district):
    client.force_login(appoint("head", district))
    assert client.get(address("kpi_houses", JAN), {"as_at": "2015-02-03"}).status_code == 404
    assert client.get(address("kpi_houses", JAN), {"as_at": "gestern"}).status_code == 404


def test_a_city_viewer_sees_readings_and_no_rows(client, district, here, history):
    client.force_login(appoint("city_viewer", None))
    told = client.get(address("indicator", "opening_time_median"), {"as_at": "2015-02-28", "district": "1015"})
    assert told.status_code == 200
    assert told.context["facts"] == []
    assert address("kpi_houses", FEB) not in told.content.decode()


def test_an_indicator_that_is_none_is_not_there(client, district):
    client.force_login(appoint("head", district))
    assert client.get(address("indicator", "nothing")).status_code == 404


def test_the_head_sets_targets_and_the_page_says_what_is_reached(client, district, history):
    head = appoint("head", district)
    client.force_login(head)
    typed = {"percent_of_plan-2": "40", "houses_tagged-2": "10", "opening_time_median-2": "500"}
    answer = client.post(f"{address('indicator_targets')}?year=2558", typed)
    assert answer.status_code == 302
    assert IndicatorTarget.objects.count() == 3
    lines = client.get(address("indicators"), {"as_at": "2015-02-28"}).context["lines"]
    assert {line["kpi"].code: line["reached"] for line in lines if line["target"] is not None} == {
        "houses_tagged": False,
        "percent_of_plan": True,
        "opening_time_median": True,
    }
    again = client.get(f"{address('indicator_targets')}?year=2558").content.decode()
    assert 'value="40"' in again


def test_a_target_that_is_no_number_is_refused_beside_its_field(client, district):
    client.force_login(appoint("head", district))
    answer = client.post(f"{address('indicator_targets')}?year=2558", {"percent_of_plan-1": "มาก"})
    assert answer.status_code == 422
    assert not IndicatorTarget.objects.exists()


# --- the time to reach the data ---


def test_opening_a_list_is_measured_and_other_pages_are_not(client, district, here):
    [row] = receive_list(here, on=day(JAN, 5))
    client.force_login(appoint("officer", district))
    client.get(reverse("households:lists"))
    client.get(reverse("households:list", args=[row.house_list_id]))
    client.get(reverse("households:list", args=[row.house_list_id + 1]))
    [measured] = OpeningTime.objects.all()
    assert (measured.community, measured.page, measured.opened_on) == (here, "households:list", timezone.localdate())
    assert 0 < measured.milliseconds < 60_000


def test_targets_are_kept_by_who_set_them(district):
    head = appoint("head", district)
    set_targets(district=district, fiscal_year_be=2558, wanted={("houses_live", 1): Decimal(5)}, by=head)
    assert IndicatorTarget.objects.get().set_by == head
    assert command_line() != head
