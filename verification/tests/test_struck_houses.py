"""The account of struck-off houses: page, workbook and paper, and what a later month changes of it."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint, close_months, command_line
from households.models import LifeEvent
from households.tests.factories import HouseFactory, tag_event
from verification.paper_pdf import as_page, can_print
from verification.strike_off import approve, propose
from verification.struck_houses import account_of, account_on_paper, months_with_lines
from verification.workflow import State

from .case_factories import case_of, proved
from .test_strike_off import registrar_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory.create(name="ชุมชนวัดตัวอย่าง")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


@pytest.fixture
def registrar(community):
    return registrar_of(community.district)


@pytest.fixture
def strike(community, officer, registrar):
    """Strikes off a new house of the community; `on` is the true day."""

    def strike(on, kind="demolished", **house):
        house = HouseFactory(subdistrict=community.subdistrict, **house)
        tag_event(house, community, on=timezone.localdate())
        house.refresh_from_db()
        case = proved(case_of(house, kind, state=State.TR31_FILED, by=officer))
        return approve(propose(case, act="strike_off", happened_on=on, by=officer), by=registrar)

    return strike


def this_month():
    """The first day of this month."""
    return timezone.localdate().replace(day=1)


def test_a_line_names_house_day_case_papers_and_both_people(strike, community, officer, registrar):
    struck = strike(this_month(), house_no="12/3")
    account = account_of(community.district, this_month())
    [line] = account.lines
    assert (line.number, line.house.house_no, line.community) == (1, "12/3", community)
    assert (line.event.proposed_by, line.event.recorded_by) == (officer, registrar)
    assert (line.case, line.event.reference) == (struck.case, str(struck.case))
    assert (line.form.number, line.visited_on) == ("31/2569", timezone.localdate())
    assert not line.counts_later
    assert [number for _label, number in account.totals] == [1]


def test_a_month_that_is_closed_sends_the_line_to_the_first_open_day_with_its_true_date(strike, community):
    last = this_month() - datetime.timedelta(days=3)
    month = last.replace(day=1)
    close_months(community.district, month)
    strike(last)
    assert not account_of(community.district, month).lines
    account = account_of(community.district, this_month())
    [line] = account.lines
    assert (line.event.happened_on, line.event.counted_on, line.counts_later) == (last, this_month(), True)
    assert account.late == [month]


def test_a_restored_house_stays_in_the_account_and_is_marked(strike, community, officer, registrar):
    case = strike(this_month()).case
    today = timezone.localdate()
    approve(propose(case, act="restore", happened_on=today, reason="ผิดหลัง", by=officer), by=registrar)
    account = account_of(community.district, this_month())
    assert ([line.restored_on for line in account.lines], account.standing) == ([today], 0)


def test_what_the_central_register_struck_off_stands_apart(strike, community):
    house = HouseFactory(subdistrict=community.subdistrict)
    event = LifeEvent.objects.create(
        house=house,
        kind="struck",
        ground="central_register",
        happened_on=this_month(),
        counted_on=this_month(),
        recorded_by=command_line(),
    )
    account = account_of(community.district, this_month())
    assert (account.lines, account.central) == ([], [event])
    assert months_with_lines(community.district) == []


def test_it_is_by_month_and_community_and_of_one_district(strike, community):
    strike(this_month())
    strike(this_month(), "destroyed")
    other = CommunityFactory.create(subdistrict=community.subdistrict)
    assert len(account_of(community.district, this_month(), community.pk).lines) == 2
    assert not account_of(community.district, this_month(), other.pk).lines
    assert not account_of(DistrictFactory(code="1099"), this_month()).lines
    assert months_with_lines(community.district) == [(this_month(), 2)]


def test_it_asks_as_many_questions_at_any_length(strike, community, django_assert_max_num_queries):
    for _each in range(3):
        strike(this_month())
    with django_assert_max_num_queries(8):
        account_of(community.district, this_month())


# --- pages ---


def test_every_line_opens_its_evidence(client, strike, community, officer):
    case = strike(this_month()).case
    client.force_login(officer)
    page = client.get(reverse("verification:struck_houses")).content.decode()
    assert reverse("verification:case", args=[case.pk]) in page
    assert client.get(reverse("verification:case", args=[case.pk])).status_code == 200


def test_community_development_sees_no_house_code(client, strike, community):
    house = strike(this_month(), house_code="10159123456").case.house
    client.force_login(appoint(Role.COMMUNITY_DEVELOPMENT, community.district))
    page = client.get(reverse("verification:struck_houses")).content.decode()
    assert house.house_no in page
    assert "912345" not in page


@pytest.mark.parametrize("query", [{"month": "x"}, {"community": "999999"}, {"district": "1099"}])
def test_what_is_not_there_is_not_found(client, officer, query):
    client.force_login(officer)
    DistrictFactory(code="1099")
    assert client.get(reverse("verification:struck_houses"), query).status_code == 404


def test_a_month_without_a_strike_off_says_so(client, officer):
    client.force_login(officer)
    page = client.get(reverse("verification:struck_houses"), {"month": "2558-03"})
    assert "ไม่มีบ้านที่จำหน่าย" in page.content.decode()


def test_the_page_says_that_the_issued_figures_stay(client, strike, community, officer):
    last = this_month() - datetime.timedelta(days=3)
    close_months(community.district, last.replace(day=1))
    strike(last)
    client.force_login(officer)
    assert "ตัวเลขที่รายงานแล้วไม่เปลี่ยน" in client.get(reverse("verification:struck_houses")).content.decode()


def test_a_workbook_is_handed_out_for_a_purpose_and_recorded(client, strike, community, officer):
    strike(this_month(), house_no="12/3")
    client.force_login(officer)
    address = reverse("verification:struck_houses_export")
    assert client.post(address, {"form": "xlsx", "purpose": " "}).status_code == 302
    assert not ListAccess.objects.exists()
    answer = client.post(address, {"form": "xlsx", "purpose": "ส่งผู้อำนวยการเขต"})
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values for cell in row]
    texts = " ".join(map(str, cells))
    assert "12/3" in cells
    assert "ส่งผู้อำนวยการเขต" in texts
    assert str(officer) in texts
    access = ListAccess.objects.get()
    assert (access.deed, access.houses, access.purpose) == (ListAccess.Deed.EXPORTED, 1, "ส่งผู้อำนวยการเขต")


def test_the_paper_carries_stamp_true_date_and_thai_digits(client, strike, community, officer):
    last = this_month() - datetime.timedelta(days=3)
    close_months(community.district, last.replace(day=1))
    strike(last, house_no="12/3")
    account = account_of(community.district, this_month())
    paper = account_on_paper(account, by=officer, purpose="เก็บเข้าแฟ้ม", with_codes=False)
    page = as_page("paper/struck_houses.html", {"account": paper})
    for text in ("๑๒/๓", "เก็บเข้าแฟ้ม", str(officer), "ตัวเลขที่รายงานแล้วไม่เปลี่ยน"):
        assert text in page
    client.force_login(officer)
    answer = client.post(reverse("verification:struck_houses_export"), {"form": "pdf", "purpose": "เก็บเข้าแฟ้ม"})
    assert answer["Content-Type"].startswith("application/pdf" if can_print() else "text/html")
    assert ListAccess.objects.get().deed == ListAccess.Deed.PRINTED
