"""The tables of the officers' pages as files: the page's rows, its filter, its count; recorded where houses leave."""

import datetime

import pytest
from django.urls import reverse

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from communities.tests.taken import PURPOSE, csv_of, same_in_both, taken
from households import tagging
from households.models import HouseRegistration
from households.row_lines import all_row_lines
from households.tests.desk import houses, received, signed_in, typed
from households.tests.factories import HouseFactory, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HOUSES, LISTS, WORK, DONE, QUALITY, ROWS, LISTS_BEHIND = (
    reverse(f"households:{name}")
    for name in ("houses", "lists", "work_progress", "work_done", "quality", "quality_rows", "quality_lists")
)
OF_HOUSES = [HOUSES, DONE, ROWS]
DAYS = {"from": "2015-01-01", "to": "2015-01-31"}
JANUARY = datetime.date(2015, 1, 20)


def column(headings, rows, name):
    return [row[headings.index(name)] for row in rows]


@pytest.fixture
def worked(community, mixed_list, officer):
    """The officer tagged the list's exact rows in January."""
    return tagging.tag_matching(mixed_list, by=officer, happened_on=JANUARY).batch


class TestHouses:
    def test_all_that_match_are_taken_in_the_order_of_the_page(self, desk, subdistrict, monkeypatch):
        monkeypatch.setattr("households.views.finding.ROWS_A_PAGE", 2)
        houses(subdistrict, "2", "10", "1", "3")
        page = desk.get(HOUSES).context["page"]
        assert (len(page.houses), page.number) == (2, 4)
        headings, rows = same_in_both(desk, HOUSES)
        assert column(headings, rows, "House number") == ["1", "2", "3", "10"]
        assert len(rows) == page.number

    def test_the_filter_of_the_page_holds_and_is_said(self, desk, subdistrict, community):
        tagged, *_others = houses(subdistrict, "1/1", "1/2", "9")
        tag_event(tagged, community, on=JANUARY)
        conditions = {"q": "1", "state": "untagged"}
        headings, rows, last = csv_of(desk, HOUSES, **conditions)
        assert column(headings, rows, "House number") == ["1/2"]
        assert desk.get(HOUSES, conditions).context["page"].number == len(rows) == 1
        assert "untagged" in last[3]

    def test_a_row_says_what_the_page_says(self, desk, subdistrict, community):
        [house] = houses(subdistrict, "12/3", soi="เทอดไท 5")
        tag_event(house, community, on=JANUARY)
        headings, rows = same_in_both(desk, HOUSES)
        shown = dict(zip(headings, rows[0], strict=True))
        code = house.house_code
        assert shown["House code"] == f"{code[:4]}-{code[4:10]}-{code[10:]}"
        assert (shown["Soi"], shown["Community code"], shown["Community"]) == ("เทอดไท 5", "10150007", "ชุมชนโรงเจ 1")
        assert shown["Sub-district"] == subdistrict.name_th

    def test_a_condition_that_cannot_be_read_takes_no_house(self, desk, subdistrict):
        houses(subdistrict, "1")
        assert csv_of(desk, HOUSES, q="1-1-1-1", state="others")[1] == []

    def test_a_formula_in_a_register_runs_nowhere(self, desk, subdistrict):
        [house] = houses(subdistrict, "1")
        HouseRegistration.objects.filter(pk=house.pk).update(road='=HYPERLINK("x")', soi="＋1")
        headings, rows, _last = csv_of(desk, HOUSES)
        assert column(headings, rows, "Road") == ['\'=HYPERLINK("x")']
        assert column(headings, rows, "Soi") == ["'＋1"]

    def test_it_is_sent_in_pieces(self, desk, subdistrict):
        houses(subdistrict, "1")
        assert taken(desk, HOUSES).streaming

    def test_the_form_keeps_the_conditions_and_not_the_page(self, desk, subdistrict):
        houses(subdistrict, "1")
        page = desk.get(HOUSES, {"state": "untagged", "after": "0"}).content.decode()
        form = page[page.index('class="export') :]
        form = form[: form.index("</form>")]
        assert 'name="state" value="untagged"' in form
        assert 'name="after"' not in form


class TestListsAndRows:
    @pytest.mark.usefixtures("mixed_list")
    def test_every_list_of_the_filter_with_its_counts(self, desk, officer, subdistrict, community, monkeypatch):
        monkeypatch.setattr("households.views.lists.LISTS_AT_ONCE", 1)
        other = CommunityFactory.create(subdistrict=subdistrict, name="อื่น")
        received(other, officer, typed("1/1"))
        headings, rows = same_in_both(desk, LISTS)
        assert column(headings, rows, "Community") == ["อื่น", "ชุมชนโรงเจ 1"]
        assert column(headings, rows, "Rows") == ["1", "5"]
        _headings, rows, last = csv_of(desk, LISTS, community=community.pk)
        assert len(rows) == len(desk.get(LISTS, {"community": community.pk}).context["rows"]) == 1
        assert "10150007" in last[3]
        assert not ListAccess.objects.exists()

    def test_the_rows_under_the_filters(self, desk, community, mixed_list):
        page = reverse("households:list", args=[mixed_list.pk])
        headings, rows = same_in_both(desk, page)
        assert column(headings, rows, "Row") == ["2", "3", "4", "5", "6"]
        assert len(rows) == desk.get(page).context["place"][2]
        headings, exact, last = csv_of(desk, page, grade="exact")
        assert column(headings, exact, "House number") == ["1/1", "1/2"]
        assert column(headings, exact, "House in the register") == ["1/1 เทอดไท 5", "1/2 เทอดไท 5"]
        assert "match: exact" in last[3]
        assert ListAccess.objects.latest("pk").community == community

    def test_rows_without_their_houses_for_who_sees_none(self, client, district, mixed_list):
        development = signed_in(client, appoint(Role.COMMUNITY_DEVELOPMENT, district))
        headings, rows, _last = csv_of(development, reverse("households:list", args=[mixed_list.pk]))
        assert len(rows) == 5
        assert not {"House in the register", "House code"} & set(headings)

    def test_rows_come_in_order_however_many_are_read_at_once(self, mixed_list):
        lines = [line.record.row for line in all_row_lines(mixed_list.records.all(), at_once=2)]
        assert lines == [2, 3, 4, 5, 6]


class TestWorkAndQuality:
    def test_the_days_of_each_person(self, desk, officer, worked):
        headings, rows = same_in_both(desk, WORK, month="2015-01")
        assert column(headings, rows, "houses tagged") == ["2"]
        days = desk.get(WORK, {"month": "2015-01"}).context["people"]
        assert len(rows) == sum(len(person.days) for person in days)

    def test_what_waits(self, client, district, worked):
        head = signed_in(client, appoint(Role.HEAD, district))
        headings, rows = same_in_both(head, WORK, table="waiting")
        assert column(headings, rows, "Rows waiting") == ["3"]
        assert column(headings, rows, "Officer") == ["not assigned"]
        assert len(rows) == len(head.get(WORK).context["waiting"])

    @pytest.mark.parametrize("deed", ["tagged", "decided", "keyed", "undone"])
    def test_the_rows_behind_a_number(self, desk, worked, deed):
        headings, rows = same_in_both(desk, DONE, what=deed, **DAYS)
        assert len(rows) == desk.get(DONE, {"what": deed, **DAYS}).context["number"]
        if deed == "tagged":
            assert sorted(column(headings, rows, "House number")) == ["1/1", "1/2"]

    @pytest.mark.parametrize("by", ["community", "sender"])
    def test_the_quality_of_lists(self, desk, mixed_list, by):
        headings, rows = same_in_both(desk, QUALITY, by=by)
        assert len(rows) == len(desk.get(QUALITY, {"by": by}).context["lines"])
        assert column(headings, rows, "exact, per cent") == ["40"]

    def test_the_rows_and_lists_behind_it(self, desk, community, mixed_list):
        headings, rows = same_in_both(desk, ROWS, grade="exact")
        assert column(headings, rows, "House number") == ["1/1", "1/2"]
        assert len(rows) == desk.get(ROWS, {"grade": "exact"}).context["total"]
        _headings, lists = same_in_both(desk, LISTS_BEHIND, community=community.pk)
        assert len(lists) == len(desk.get(LISTS_BEHIND, {"community": community.pk}).context["lists"]) == 1


@pytest.mark.parametrize("address", OF_HOUSES)
def test_what_names_houses_is_recorded_with_its_number_and_purpose(desk, worked, officer, address):
    query = DAYS if address == DONE else {}
    _headings, rows, _last = csv_of(desk, address, **query)
    access = ListAccess.objects.get()
    assert (access.person, access.deed, access.houses, access.purpose) == (officer, "exported", len(rows), PURPOSE)
    assert rows


@pytest.mark.parametrize("address", [HOUSES, LISTS, WORK, QUALITY, ROWS, LISTS_BEHIND])
def test_another_districts_rows_do_not_come_and_its_tables_are_not_there(client, worked, address):
    elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601")
    stranger = signed_in(client, appoint(Role.OFFICER, elsewhere.district))
    assert taken(stranger, address, district="1015").status_code == 404
    assert csv_of(stranger, address)[1] == []


def test_whoever_sees_no_houses_takes_none(client, district, subdistrict):
    HouseFactory(subdistrict=subdistrict)
    for role in (Role.COMMUNITY_DEVELOPMENT, Role.ADMINISTRATOR):
        assert taken(signed_in(client, appoint(role, district)), HOUSES).status_code == 404
    assert not ListAccess.objects.exists()
