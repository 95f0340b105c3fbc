"""The KPI pages: the picture and the months, a month's numbers as doors to their houses, the file, and issuing."""

import datetime
import io
import re
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import ClosedMonth
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.house_codes import show_house_code
from households.row_reasons import Outcome
from households.tests.factories import HouseFactory, tag_event
from reports.indicators import Indicator
from reports.models import KpiReport
from reports.tests.counting import month_figures
from reports.tests.days import FEB, JAN, MAR, day
from reports.tests.factories import check_figures, decide, issue_report, life_event, receive_list

pytestmark = pytest.mark.django_db

LETTER = {"round_no": "3", "letter_no": "กท ๕๕๐๒/๐๗๖", "letter_date": "๖ ก.พ. ๒๕๕๘"}


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", name="สวนพลู", expected=3)


@pytest.fixture
def january(here, there):
    """Three houses tagged in January; one moves in February, one is struck off, one loses its code."""
    first, second, third = HouseFactory.create_batch(3)
    for house, number in ((first, 10), (second, 20), (third, 31)):
        tag_event(house, here, on=day(JAN, number))
    tag_event(first, there, on=day(FEB, 3))
    tag_event(second, None, on=day(FEB, 4))
    life_event(third, "struck", on=day(FEB, 5))
    return [first, second, third]


@pytest.fixture
def checked(here, january):
    """The draft of January, checked by an officer."""
    return check_figures(here.district, JAN)


@pytest.fixture
def sign_in(client, here):
    """Signs a person of the role in and returns how to get a KPI page by its name."""

    def as_role(role):
        client.force_login(appoint(role, None if role == "city_viewer" else here.district))
        return lambda name, *arguments, **query: client.get(address(name, *arguments), query)

    return as_role


def address(name, *arguments):
    return reverse(f"reports:{name}", args=arguments)


def issue_page(client, month=JAN, **typed):
    return client.post(address("kpi_issue", month), typed)


# --- the months ---


def test_the_months_stand_newest_first_under_their_picture(sign_in, january):
    page = sign_in("head")("kpi").content.decode()
    places = [page.index(f"{address('kpi_month', month)}?district=1015") for month in (FEB, JAN)]
    assert places == sorted(places)
    assert "<svg" in page
    assert "7 หลัง" in page
    assert "style=" not in page


def test_an_issued_month_names_its_letter(sign_in, january, here):
    issue_report(here.district, JAN, round_no=3, letter_no="กท ๕๕๐๒/๐๗๖")
    page = sign_in("city_viewer")("kpi", district="1015").content.decode()
    assert "กท ๕๕๐๒/๐๗๖" in page
    assert "5 ก.พ. 2558" in page


def test_a_district_without_communities_says_what_belongs_here(client):
    empty = DistrictFactory(code="1020")
    client.force_login(appoint("head", empty))
    answer = client.get(address("kpi"))
    assert answer.status_code == 200
    assert '<svg class="chart' not in answer.content.decode()


def test_a_city_viewer_begins_with_a_district_that_has_communities(sign_in, january, here):
    DistrictFactory(code="1001")
    get = sign_in("city_viewer")
    assert get("kpi").context["district"] == here.district
    assert get("kpi", district="1001").context["district"].code == "1001"


@pytest.mark.parametrize("role", ["community_development", "city_viewer"])
def test_who_sees_figures_alone_has_no_doors_to_houses_and_no_file(sign_in, january, role):
    get = sign_in(role)
    for page in (get("kpi", district="1015"), get("kpi_month", JAN, district="1015")):
        assert page.status_code == 200
        assert "/houses/?" not in page.content.decode()
        assert "workbook.xlsx" not in page.content.decode()
    assert get("kpi_houses", JAN, district="1015").status_code == 404
    assert get("kpi_workbook", JAN, district="1015").status_code == 404


@pytest.mark.parametrize("role", ["officer", "director", "community_development", "city_viewer"])
def test_only_the_head_finds_the_page_of_issuing(sign_in, january, client, role):
    assert sign_in(role)("kpi_issue", JAN, district="1015").status_code == 404
    assert issue_page(client, **LETTER).status_code == 404
    assert address("kpi_issue", JAN) not in client.get(address("kpi_month", JAN), {"district": "1015"}).content.decode()


def test_a_month_is_addressed_in_either_year(sign_in, january):
    get = sign_in("head")
    assert get("kpi_month", "2558-01").context["page"].month == JAN
    assert get("kpi_month", JAN).request["PATH_INFO"] == "/reports/2015-01/"
    for nonsense in ("2558-13", "0000-01"):
        assert get("kpi").client.get(f"/reports/{nonsense}/").status_code == 404


@pytest.mark.parametrize("name", ["kpi_month", "kpi_houses", "kpi_workbook", "kpi_issue"])
def test_a_month_to_come_leads_back_with_a_sentence(sign_in, here, client, name):
    sign_in("head")
    answer = client.get(address(name, "2599-01"), {"district": "1015"}, follow=True)
    assert answer.redirect_chain == [(address("kpi") + "?district=1015", 302)]
    assert "2599" in answer.content.decode()


# --- a month ---


def test_a_month_stands_beside_the_month_before(sign_in, january):
    page = sign_in("head")("kpi_month", FEB).context["page"]
    assert (page.last_month.this_month, page.last_month.tagged) == (3, 3)
    assert (page.figures.this_month, page.figures.at_end.houses_tagged, page.figures.at_end.houses_live) == (0, 2, 1)
    assert (page.figures.moved_in, page.figures.moved_out) == (1, 2)


def test_houses_that_nobody_expected_do_not_raise_the_districts_per_cent(sign_in, january, here):
    unexpected = CommunityFactory(code="10150003", name="บางไส้ไก่", subdistrict=here.subdistrict, expected=None)
    for house in HouseFactory.create_batch(4):
        tag_event(house, unexpected, on=day(JAN, 20))
    answer = sign_in("officer")("kpi_month", JAN)
    assert answer.context["page"].figures.at_end.houses_tagged == 7
    page = re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.DOTALL)
    # The district above the table, the two communities with a number, the district under the table.
    assert re.findall(r"\d+%", page) == ["42%", "75%", "0%", "42%"]


def test_every_number_opens_as_many_houses_as_it_says(sign_in, january, here, there):
    get = sign_in("officer")
    for month in (JAN, FEB):
        for line in month_figures(here.district, month).lines:
            counts = {
                Indicator.TAGGED: line.at_end.tagged,
                Indicator.LIVE: line.at_end.live,
                Indicator.BY_MACHINE: line.at_end.tagged_by_machine,
                Indicator.BY_OFFICERS: line.at_end.tagged_by_officers,
                Indicator.THIS_MONTH: line.this_month,
                Indicator.MOVED_IN: line.moved_in,
                Indicator.MOVED_OUT: line.moved_out,
            }
            for figure, count in counts.items():
                opened = get("kpi_houses", month, community=line.at_end.community, figure=figure.value)
                assert opened.context["total"] == count == len(opened.context["page"].object_list), (month, figure)


def test_the_doors_of_a_month_are_there(sign_in, january, here):
    get = sign_in("officer")
    page = get("kpi_month", FEB).content.decode()
    for figure in ("tagged", "moved_out", "live"):
        assert f"figure={figure}" in page
    whole = get("kpi_houses", FEB)
    assert whole.context["total"] == 2
    assert show_house_code(january[0].house_code) in whole.content.decode()


@pytest.mark.parametrize("query", [{"figure": "gold"}, {"community": "x"}, {"community": "9" * 30}, {"community": "0"}])
def test_a_door_that_leads_nowhere_is_not_there(sign_in, january, query):
    assert sign_in("officer")("kpi_houses", JAN, **query).status_code == 404


def test_houses_of_another_district_are_not_there(sign_in, january, here):
    other = CommunityFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")), code="10160001")
    get = sign_in("officer")
    assert get("kpi_houses", JAN, community=other.pk).status_code == 404
    for name in ("kpi", "kpi_month", "kpi_houses", "kpi_workbook", "kpi_issue"):
        arguments = [] if name == "kpi" else [JAN]
        assert get(name, *arguments, district="1016").status_code == 404


def test_many_houses_are_shown_page_by_page(sign_in, here):
    batch = None
    for house in HouseFactory.create_batch(401):
        batch = tag_event(house, here, on=day(JAN, 9), batch=batch).batch
    get = sign_in("officer")
    first, last = get("kpi_houses", JAN), get("kpi_houses", JAN, page="2")
    assert (len(first.context["page"]), len(last.context["page"])) == (400, 1)
    assert "page=2" in first.context["next"]
    assert last.context["next"] == ""


def test_what_stands_in_the_way_is_said_before_issuing(sign_in, january, here, there):
    [_waits, settled] = receive_list(here, on=day(JAN, 5), rows=2)
    decide(settled, Outcome.CLOSED, on=day(JAN, 6))
    check_figures(here.district, JAN)
    page = sign_in("head")("kpi_month", JAN).context["page"]
    assert page.rows_waiting == 1
    assert [line.at_end.code for line in page.incomplete] == ["10150001", "10150002"]
    assert page.refusal is None


def test_the_months_that_issuing_would_pass_over_are_named(sign_in, january, here):
    check_figures(here.district, FEB)
    page = sign_in("head")("kpi_issue", FEB)
    assert page.context["page"].passed_over == [JAN]
    assert "ออกรายงานเดือนนี้จะปิดเดือนเหล่านั้นด้วย" in page.content.decode()


def test_the_pages_ask_the_database_as_often_for_many_communities_as_for_few(sign_in, january):
    get = sign_in("head")
    pages = [("kpi",), ("kpi_month", FEB), ("kpi_houses", FEB), ("kpi_issue", JAN)]
    before = [_queries(get, page) for page in pages]
    for number in range(3, 40):
        community = CommunityFactory(code=f"101500{number:02}")
        tag_event(HouseFactory(), community, on=day(FEB, 9))
        receive_list(community, on=day(FEB, 9), rows=2)
    assert [_queries(get, page) for page in pages] == before
    assert max(before) <= 30


def _queries(get, page):
    with CaptureQueriesContext(connection) as asked:
        assert get(*page).status_code == 200
    return len(asked)


# --- the file ---


def test_a_draft_is_named_and_never_kept_by_the_browser(sign_in, january):
    answer = sign_in("officer")("kpi_workbook", JAN)
    assert answer["Cache-Control"] == "private, no-store"
    name = unquote(answer["Content-Disposition"])
    assert name.startswith("attachment;")
    assert "ม.ค. 58 (ร่าง).xlsx" in name
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames


def test_the_file_of_an_issued_month_is_the_frozen_one(sign_in, january, here):
    report = issue_report(here.district, JAN)
    tag_event(HouseFactory(), here, on=day(FEB, 9))
    get = sign_in("director")
    assert get("kpi_workbook", JAN).content == bytes(report.workbook)
    page = get("kpi_month", JAN)
    assert report.workbook_sha256 in page.content.decode()
    assert page.context["page"].figures.at_end.houses_tagged == 3


# --- issuing ---


def test_the_head_looks_once_more_before_the_report_is_issued(sign_in, checked, client):
    sign_in("head")
    check = issue_page(client, **LETTER)
    assert not KpiReport.objects.exists()
    assert check.context["page"].figures.this_month == 3
    assert check.context["form"].cleaned_data["letter_date"] == datetime.date(2015, 2, 6)

    answer = client.post(address("kpi_issue", JAN), LETTER | {"seen": check.context["page"].seen}, follow=True)

    report = KpiReport.objects.get()
    assert (report.round_no, report.letter_no, report.letter_date) == (3, "กท ๕๕๐๒/๐๗๖", datetime.date(2015, 2, 6))
    assert report.workbook_sha256 in answer.content.decode()
    assert ClosedMonth.objects.get().month == JAN


def test_the_round_after_the_last_is_suggested(sign_in, january, here):
    issue_report(here.district, JAN, round_no=3)
    assert sign_in("head")("kpi_issue", FEB).context["form"].initial["round_no"] == 4


def test_a_second_press_issues_nothing_and_says_so(sign_in, checked, client):
    sign_in("head")
    seen = {"seen": issue_page(client, **LETTER).context["page"].seen}
    issue_page(client, **LETTER, **seen)
    again = client.post(address("kpi_issue", JAN), LETTER | seen, follow=True)
    assert again.redirect_chain == [(address("kpi_month", JAN) + "?district=1015", 302)]
    assert "ไม่ได้ออกซ้ำ" in again.content.decode()
    assert KpiReport.objects.count() == 1


def test_figures_that_moved_since_the_look_are_shown_again(sign_in, checked, here, client):
    sign_in("head")
    seen = issue_page(client, **LETTER).context["page"].seen
    tag_event(HouseFactory(), here, on=day(JAN, 21))
    assert issue_page(client, **LETTER, seen=seen).context["page"].refusal.code == "not_checked"
    check_figures(here.district, JAN)
    again = issue_page(client, **LETTER, seen=seen)
    assert again.context["moved"]
    assert not KpiReport.objects.exists()
    assert issue_page(client, **LETTER, seen=again.context["page"].seen).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"letter_no": " "}, "letter_no"),
        ({"letter_date": "31 ก.พ. 2558"}, "letter_date"),
        ({"letter_date": ""}, "letter_date"),
        ({"letter_date": "31 ม.ค. 2558"}, "letter_date"),
        ({"letter_date": "1 ม.ค. 2599"}, "letter_date"),
        ({"round_no": "0"}, "round_no"),
        ({"round_no": ""}, "round_no"),
        ({"round_no": "๓ ครั้ง"}, "round_no"),
    ],
)
def test_what_cannot_be_issued_is_said_at_its_field(sign_in, checked, client, typed, field):
    sign_in("head")
    answer = issue_page(client, **(LETTER | typed))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not KpiReport.objects.exists()


def test_a_round_that_is_taken_is_said_at_its_field(sign_in, january, here, client):
    issue_report(here.district, JAN, round_no=3)
    check_figures(here.district, FEB)
    sign_in("head")
    answer = issue_page(client, FEB, **(LETTER | {"letter_date": "2 มี.ค. 2558"}))
    assert list(answer.context["form"].errors) == ["round_no"]


def test_a_month_that_is_too_late_offers_no_form(sign_in, january, here, client):
    issue_report(here.district, MAR)
    page = sign_in("head")("kpi_issue", FEB)
    assert page.context["page"].refusal.code == "later_month_issued"
    assert '<form method="post" class="sheet' not in page.content.decode()
    assert issue_page(client, FEB, **LETTER).status_code == 200
    assert KpiReport.objects.count() == 1


def test_a_refusal_that_comes_late_stays_on_the_form(sign_in, checked, here, client, monkeypatch):
    def refuse(**_arguments):
        raise ValidationError("ตัวเลขไม่ตรงกัน", code="figures_disagree")

    sign_in("head")
    seen = issue_page(client, **LETTER).context["page"].seen
    monkeypatch.setattr("reports.views.issue", refuse)
    answer = issue_page(client, **LETTER, seen=seen)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["ตัวเลขไม่ตรงกัน"]


def test_the_running_month_cannot_be_issued(sign_in, january, here, time_machine):
    time_machine.move_to(datetime.datetime(2015, 3, 10, 12, tzinfo=datetime.UTC))
    page = sign_in("head")("kpi_issue", MAR).context["page"]
    assert page.refusal.code == "month_not_over"
    assert page.is_running


# --- the admin ---


def test_issued_reports_are_read_in_the_admin_and_never_changed(client, here, january):
    report = issue_report(here.district, JAN)
    client.force_login(appoint("director", here.district))
    there = reverse("admin:reports_kpireport_change", args=[report.pk])
    assert report.letter_no in client.get(reverse("admin:reports_kpireport_changelist")).content.decode()
    assert "โรงเจ 1" in client.get(there).content.decode()
    assert client.post(there, {"letter_no": "อื่น"}).status_code == 404
    assert client.get(reverse("admin:reports_kpireport_add")).status_code == 404
    client.force_login(appoint("director", DistrictFactory(code="1016")))
    assert client.get(there).status_code in (302, 404)
