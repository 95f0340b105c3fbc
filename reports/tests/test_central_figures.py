"""How far the tags stand in the central register, and which houses are in none, as at any day, with their rows."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import CommunityCode
from communities.tests.factories import CommunityFactory, appoint, close_months, command_line
from households.keying import key, take_back
from households.tagging import say_in_no_community, tag
from households.tests.factories import HouseFactory, keying_event, seen_code, tag_event
from reports.figures import CentralLine
from reports.indicators import Indicator, central_figures, count_month, houses_behind
from reports.issuing import workbook_of
from reports.tests.days import FEB, JAN, MAR, day
from reports.tests.factories import issue_report, life_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", name="ชุมชนหนึ่ง", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", name="ชุมชนสอง", expected=3)


def tagged(community, on):
    house = HouseFactory()
    tag_event(house, community, on=on)
    return house


def keyed_on(community, the_day):
    return central_figures(community.district, the_day).of(community.pk).keyed


def confirmed_on(community, the_day):
    return central_figures(community.district, the_day).of(community.pk).confirmed


def in_none_on(community, the_day):
    return central_figures(community.district, the_day).in_no_community


def test_a_house_counts_as_keyed_from_the_day_of_its_keying(here):
    keying_event(tagged(here, day(JAN, 20)), here, on=day(JAN, 22))
    assert [keyed_on(here, day(JAN, number)) for number in (21, 22, 31)] == [0, 1, 1]


def test_a_house_that_moved_counts_as_keyed_when_its_new_code_is_keyed(here, there):
    house = tagged(here, day(JAN, 20))
    keying_event(house, here, on=day(JAN, 20))
    tag_event(house, there, on=day(FEB, 2))
    assert (keyed_on(here, day(FEB, 3)), keyed_on(there, day(FEB, 3))) == (0, 0)
    keying_event(house, there, on=day(FEB, 4))
    assert (keyed_on(here, day(FEB, 4)), keyed_on(there, day(FEB, 4)), keyed_on(here, day(JAN, 31))) == (0, 1, 1)


def test_a_keying_taken_back_counts_until_the_day_it_was_taken_back(here):
    house = tagged(here, day(JAN, 20))
    key({house.pk: here.pk}, by=command_line(), happened_on=day(JAN, 20))
    take_back([house.pk], by=command_line(), reason="กดผิด", happened_on=day(FEB, 5))
    assert [keyed_on(here, day(JAN, 31)), keyed_on(here, day(FEB, 4)), keyed_on(here, day(FEB, 5))] == [1, 1, 0]


def test_a_keying_found_late_counts_in_the_first_open_month(here):
    house = tagged(here, day(JAN, 20))
    close_months(here.district, JAN)
    key({house.pk: here.pk}, by=command_line(), happened_on=day(JAN, 21))
    assert (keyed_on(here, day(JAN, 31)), keyed_on(here, day(FEB, 1))) == (0, 1)


def test_a_house_counts_as_confirmed_while_the_newest_extract_shows_its_code(here):
    house = tagged(here, day(JAN, 20))
    seen_code(house, "10150001", on=day(FEB, 3))
    seen_code(house, "10150009", on=day(MAR, 3))
    assert [confirmed_on(here, the_day) for the_day in (day(FEB, 2), day(FEB, 3), day(MAR, 3))] == [0, 1, 0]


def test_a_code_that_is_no_longer_the_community_s_confirms_nothing(here):
    seen_code(tagged(here, day(JAN, 20)), "10150001", on=day(JAN, 25))
    CommunityCode.objects.filter(community=here).update(in_force_until=day(FEB, 1))
    assert (confirmed_on(here, day(JAN, 31)), confirmed_on(here, day(FEB, 1))) == (1, 0)


def test_a_house_is_in_no_community_until_it_is_tagged(here):
    house = HouseFactory(subdistrict=here.subdistrict)
    say_in_no_community([house.pk], by=command_line(), expected=1, reason="private_estate", happened_on=day(JAN, 20))
    tag([house.pk], community=here, by=command_line(), expected=1, happened_on=day(FEB, 2))
    assert [in_none_on(here, the_day) for the_day in (day(JAN, 19), day(JAN, 20), day(FEB, 1), day(FEB, 2))] == [
        0, 1, 1, 0,
    ]  # fmt: skip


def test_every_number_opens_as_many_houses(here, there):
    houses = [tagged(place, day(JAN, 20)) for place in (here, here, there)]
    for house, place in zip(houses, (here, here, there), strict=True):
        keying_event(house, place, on=day(JAN, 22))
    seen_code(houses[0], "10150001", on=day(JAN, 25))
    outside = HouseFactory(subdistrict=here.subdistrict)
    say_in_no_community(
        [outside.pk], by=command_line(), expected=1, reason="other", note="วัด", happened_on=day(JAN, 20)
    )
    life_event(outside, "struck", on=day(JAN, 26))
    central = central_figures(here.district, day(JAN, 31))
    rows = {one: houses_behind(here.district, day(JAN, 31), indicator=one) for one in Indicator}
    for community in (here, there):
        assert len(rows[Indicator.KEYED].get(community.pk, [])) == central.of(community.pk).keyed
        assert len(rows[Indicator.CONFIRMED].get(community.pk, [])) == central.of(community.pk).confirmed
    [line] = rows[Indicator.IN_NO_COMMUNITY][0]
    assert (line.house, line.is_struck, central.in_no_community) == (outside.pk, True, 1)
    assert houses_behind(here.district, day(JAN, 31), indicator=Indicator.IN_NO_COMMUNITY, community=here) == {}


def test_a_month_counted_in_one_pass_has_the_same_as_one_counted_for_these_alone(here, there):
    houses = [tagged(here, day(JAN, 20)) for _house in range(4)]
    for house in houses:
        keying_event(house, here, on=day(JAN, 21))
        seen_code(house, "10150001", on=day(JAN, 25))
    tag_event(houses[0], there, on=day(FEB, 2))  # moved: keyed here still
    tag_event(houses[1], None, on=day(FEB, 3))  # taken off
    keying_event(houses[2], None, on=day(FEB, 4))
    life_event(houses[3], "struck", on=day(FEB, 5))
    keying_event(tagged(there, day(FEB, 6)), there, on=day(FEB, 6))
    for until in (day(JAN, 20), day(JAN, 31), day(FEB, 2), day(FEB, 4), day(FEB, 28)):
        in_one_pass, alone = (
            count_month(here.district, until, until=until).central,
            central_figures(here.district, until),
        )
        for place in (here, there):
            assert in_one_pass.of(place.pk) == alone.of(place.pk)
        assert in_one_pass.in_no_community == alone.in_no_community
    assert count_month(here.district, FEB).central.of(here.pk) == CentralLine(keyed=1, confirmed=2)


def test_they_take_two_statements_at_any_size(here):
    def statements(count):
        for _house in range(count):
            keying_event(tagged(here, day(JAN, 20)), here, on=day(JAN, 20))
        with CaptureQueriesContext(connection) as queries:
            assert keyed_on(here, day(JAN, 31)) >= count
        return len(queries)

    assert statements(1) == statements(40) == 2


# --- in the month's page and workbook ---


@pytest.fixture
def head(client, here):
    person = appoint("head", here.district)
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return person


def test_the_month_s_page_shows_them_and_leads_to_their_houses(client, head, here):
    houses = [tagged(here, day(JAN, 20)) for _number in range(3)]
    for house in houses[:2]:
        keying_event(house, here, on=day(JAN, 22))
    page = client.get("/reports/2015-01/").content.decode()
    assert "The central register" in page
    assert f"figure=keyed&amp;community={here.pk}" in page
    rows = client.get("/reports/2015-01/houses/", {"figure": "keyed"})
    assert rows.context["total"] == 2
    assert client.get("/reports/2015-01/houses/", {"figure": "in_no_community"}).context["total"] == 0


def test_a_month_without_keyings_looks_as_it_always_did(client, head, here):
    tagged(here, day(JAN, 20))
    assert "The central register" not in client.get("/reports/2015-01/").content.decode()
    assert sheets_of(workbook_of(here.district, JAN))[:2] == ["ปก", "สรุป"]
    assert "ทะเบียนกลาง" not in " ".join(sheets_of(workbook_of(here.district, JAN)))


def sheets_of(workbook):
    return openpyxl.load_workbook(io.BytesIO(workbook)).sheetnames


def test_the_workbook_tells_them_on_a_sheet_of_their_own_and_keeps_its_totals(here, there):
    houses = [tagged(here, day(JAN, 20)) for _number in range(3)]
    for house in houses[:2]:
        keying_event(house, here, on=day(JAN, 22))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(here.district, JAN)), data_only=True)
    assert "ทะเบียนกลาง" in book.sheetnames[-1]
    cells = [[cell.value for cell in row] for row in book.worksheets[-1].iter_rows()]
    lines = {row[1]: row[3:7] for row in cells if row[1] in ("10150001", "10150002")}
    assert lines == {"10150001": [3, 2, 0, 1], "10150002": [0, 0, 0, 0]}
    assert cells[-2][3:7] == [3, 2, 0, 1]


def test_what_is_keyed_after_a_month_was_issued_leaves_its_report_alone(here):
    house = tagged(here, day(JAN, 20))
    report = issue_report(here.district, JAN)
    key({house.pk: here.pk}, by=command_line(), happened_on=datetime.date(2015, 1, 21))
    assert workbook_of(here.district, JAN) == bytes(report.workbook)
    assert (keyed_on(here, day(JAN, 31)), keyed_on(here, day(FEB, 1))) == (0, 1)
