"""The KPI's tables as files: a month's communities, the houses behind a figure, the indicators."""

import pytest
from django.urls import reverse
from django.utils import translation

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from communities.tests.taken import PURPOSE, csv_of, same_in_both, taken
from households.tests.desk import signed_in
from households.tests.factories import HouseFactory, tag_event
from reports.indicator_list import KPIS
from reports.indicators import Indicator
from reports.tests.days import FEB, JAN, day
from reports.tests.factories import life_event

pytestmark = pytest.mark.django_db

MONTH, HOUSES = (reverse(f"reports:{name}", args=[FEB]) for name in ("kpi_month", "kpi_houses"))
INDICATORS = reverse("reports:indicators")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", name="สวนพลู", expected=None)


@pytest.fixture
def history(here, there):
    """Three houses tagged in January; in February one moves, and one is struck off."""
    first, second, third = HouseFactory.create_batch(3)
    for house, number in ((first, 10), (second, 20), (third, 31)):
        tag_event(house, here, on=day(JAN, number))
    tag_event(first, there, on=day(FEB, 3))
    life_event(third, "struck", on=day(FEB, 5))


@pytest.fixture
def head(client, here):
    return signed_in(client, appoint(Role.HEAD, here.district))


def column(headings, rows, name):
    return [row[headings.index(name)] for row in rows]


def indicator_page(kpi):
    return reverse("reports:indicator", args=[kpi.code])


def test_a_month_has_a_row_a_community_with_its_numbers(head, history):
    headings, rows = same_in_both(head, MONTH)
    page = head.get(MONTH).context["page"]
    assert len(rows) == len(page.figures.lines) == 2
    assert column(headings, rows, "Community") == ["โรงเจ 1", "สวนพลู"]
    assert column(headings, rows, "In all") == ["2", "1"]
    assert column(headings, rows, "Moved in") == ["0", "1"]
    assert (column(headings, rows, "Expected"), column(headings, rows, "%")) == (["4", ""], ["50", ""])
    assert not ListAccess.objects.exists()


@pytest.mark.parametrize("figure", Indicator)
def test_the_houses_behind_each_figure_are_as_many_as_it_says(head, history, figure, monkeypatch):
    monkeypatch.setattr("reports.views.HOUSES_A_PAGE", 1)
    _headings, rows = same_in_both(head, HOUSES, figure=figure.value)
    assert len(rows) == head.get(HOUSES, {"figure": figure.value}).context["total"]
    assert ListAccess.objects.latest("pk").houses == len(rows)


def test_the_houses_of_one_community_as_at_a_day(head, history, here):
    query = {"figure": "tagged", "community": here.pk, "as_at": "2015-02-02"}
    _headings, rows, last = csv_of(head, HOUSES, **query)
    assert len(rows) == head.get(HOUSES, query).context["total"] == 3
    assert "โรงเจ 1" in last[3]
    access = ListAccess.objects.get()
    assert (access.community, access.purpose) == (here, PURPOSE)


def test_the_indicators_as_at_a_day(head, history):
    headings, rows = same_in_both(head, INDICATORS, as_at="2015-02-28")
    lines = head.get(INDICATORS, {"as_at": "2015-02-28"}).context["lines"]
    assert column(headings, rows, "Indicator") == [str(line["kpi"].name) for line in lines]
    shown = ["" if line["reading"].value is None else float(line["reading"].value) for line in lines]
    assert [cell and float(cell) for cell in column(headings, rows, "Reading")] == shown


@pytest.mark.parametrize("kpi", KPIS, ids=[kpi.code for kpi in KPIS])
def test_each_indicator_by_community_and_the_rows_behind_it(head, history, kpi):
    page = head.get(indicator_page(kpi)).context
    headings, rows, _last = csv_of(head, indicator_page(kpi))
    assert column(headings, rows, "Rows behind it") == [str(one.rows) for _place, one, _address in page["lines"]]
    assert len(csv_of(head, indicator_page(kpi), table="rows")[1]) == page["total"]


def test_who_sees_figures_alone_takes_figures_and_no_rows(client, here, history):
    viewer = signed_in(client, appoint(Role.CITY_VIEWER, None))
    for page in (MONTH, INDICATORS, *map(indicator_page, KPIS)):
        assert taken(viewer, page, district="1015").status_code == 200
    headings, _rows, _last = csv_of(viewer, indicator_page(KPIS[0]), district="1015", table="rows")
    assert "Rows behind it" in headings
    assert taken(viewer, HOUSES, district="1015").status_code == 404
    assert not ListAccess.objects.exists()


def test_another_districts_figures_are_not_there(client, history):
    stranger = signed_in(client, appoint(Role.HEAD, DistrictFactory(code="1016")))
    for page in (MONTH, HOUSES, INDICATORS, indicator_page(KPIS[0])):
        assert taken(stranger, page, district="1015").status_code == 404
