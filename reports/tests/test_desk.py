"""The head's desk: the answer first, what waits with the pages of its rows, the communities worst first."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.models import HouseRegistration
from households.tests.factories import HouseFactory, tag_event
from reports.daily_plan import PLAN
from reports.dashboards import aims, desk_of
from reports.months import Month
from reports.targets import set_targets
from reports.tests.days import DEC, JAN, day
from reports.tests.factories import receive_list
from verification.tests.case_factories import case_of
from verification.tests.factories import review_of, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", name="สวนพลู", expected=1)


@pytest.fixture
def district(here):
    return here.district


@pytest.fixture
def at_work(here, there):
    """One of four houses tagged here with a list that waits; the one house tagged there, its president has signed."""
    for community in (here, there):
        tag_event(HouseFactory(), community, on=day(JAN, 10))
    receive_list(here, on=day(JAN, 5), rows=3)
    signed(review_of(there))
    return here


def line_of(desk, community):
    return next(line for line in desk.lines if line.progress.community == community)


def test_the_community_with_most_left_stands_first_and_says_what_is_open(district, here, there, at_work):
    desk = desk_of(district, day(JAN, 9))
    assert [line.progress.community for line in desk.lines] == [here, there]
    first, second = desk.lines
    assert (first.left, first.heat, first.progress.waiting, first.age) == (3, 3, 3, 4)
    assert (second.left, second.heat, second.age) == (0, 0, None)
    assert (second.review.is_signed, first.review) == (True, None)


def test_each_order_puts_its_worst_first(district, here, there, at_work):
    for order in ("left", "open", "age", "code"):
        assert desk_of(district, day(JAN, 9), order).lines[0].progress.community == here


def test_what_waits_is_counted_as_its_page_shows_it(client, district, here, at_work):
    case = case_of(HouseRegistration.objects.first(), community=here)
    client.force_login(appoint("head", district))
    told = client.get(reverse("desk")).context["desk"]
    late = {thing.number: client.get(thing.address).status_code for thing in told.late}
    assert set(late.values()) == {200}
    assert line_of(told, here).cases.number == 1
    assert [(one.state, one.number) for one in told.cases] == [(case.state, 1)]
    page = client.get(reverse("desk")).content.decode()
    assert f"{reverse('verification:cases')}?district=1015&amp;community={here.pk}" in page


def test_the_desk_asks_as_often_for_many_communities_as_for_few(client, district, at_work):
    client.force_login(appoint("head", district))
    counts = []
    for turn in (8, 9):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("desk"))
        counts.append(len(asked))
        for number in range(5):
            more = CommunityFactory(code=f"10150{turn}0{number}", name=f"ชุมชน {number}", expected=9)
            receive_list(more, on=timezone.localdate())
            tag_event(HouseFactory(), more, on=timezone.localdate())
    assert counts[0] == counts[1]


def test_the_aims_are_the_quarters_share_of_the_expected_houses(district):
    head = appoint("head", district)
    set_targets(district=district, fiscal_year_be=2558, wanted={(PLAN, 1): 30, (PLAN, 2): 60}, by=head)
    months = [Month(month, 0, 0, 0) for month in (DEC, JAN, datetime.date(2015, 4, 1))]
    assert aims(district, months, 15_770) == [4731, 9462, None]
    assert aims(district, months, None) == [None, None, None]


def test_an_empty_district_says_what_belongs_here(client):
    client.force_login(appoint("director", DistrictFactory(code="1016")))
    page = client.get(reverse("desk")).content.decode()
    assert "ไม่มีเรื่องล่าช้าและไม่มีเรื่องค้าง" in page
    assert "ชุมชนของเขตจะแสดงที่นี่" in page


def test_an_order_that_is_none_is_the_usual_one(client, district, at_work):
    client.force_login(appoint("head", district))
    assert client.get(reverse("desk"), {"order": "nothing"}).status_code == 200


def test_the_heads_first_page_is_the_desk_and_the_officers_is_not(client, district):
    client.force_login(appoint("head", district))
    assert client.get(reverse("front")).url == reverse("desk")
    client.force_login(appoint("officer", district))
    assert client.get(reverse("front")).url == reverse("households:home")
