"""The month's Daily Plan entry: filled from the figures, written anew, approved, keyed in, late or not."""

import datetime
import json
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import District
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from reports.daily_plan import PLAN, approve_entry, newest_entry, percent_of, submit_entry, suggest, write_entry
from reports.daily_plan_clock import clock_of, clocks_of
from reports.models import DailyPlanEntry, IndicatorTarget
from reports.targets import set_targets, target_at, targets_of
from reports.tests.days import DEC, FEB, JAN, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=4)


@pytest.fixture
def district(place) -> District:
    return place.district


@pytest.fixture
def head(district):
    return appoint("head", district)


@pytest.fixture
def officer(district):
    return appoint("officer", district)


@pytest.fixture
def tagged(place):
    """A house tagged in December, one on 20 January, one on 28 January."""
    for when in (day(DEC, 10), day(JAN, 20), day(JAN, 28)):
        tag_event(HouseFactory(), place, on=when)


def write(district, by, month=JAN, *, seen=None, on=None, **more):
    texts = {"result": "ลงรหัสแล้ว", "reporter": "นางสาวรายงาน"} | more
    return write_entry(district=district, month=month, reported_on=on or day(month, 23), seen=seen, by=by, **texts)


def code_of(refused) -> str:
    return refused.value.code


# --- what it is filled with ---


def test_the_entry_counts_up_to_the_day_of_its_report(district, officer, head, tagged):
    set_targets(district=district, fiscal_year_be=2558, wanted={(PLAN, 2): Decimal(60)}, by=head)
    entry = write(district, officer)
    assert (entry.this_month, entry.cumulative, entry.expected) == (1, 2, 4)
    assert (percent_of(entry), entry.target) == (Decimal("50.00"), 60)
    assert entry.counted_until == day(JAN, 23)


def test_a_report_after_the_month_counts_the_whole_month_and_no_more(district, officer, tagged):
    assert write(district, officer, on=day(FEB, 3)).counted_until == day(JAN, 31)


def test_the_suggested_text_is_thai_and_tells_the_figures(district, tagged):
    suggested = suggest(district, JAN, day(JAN, 25))
    assert "จำนวน 1 หลัง รวมสะสม 2 หลัง" in suggested.result
    assert "ร้อยละ 50.00 ของเป้าหมาย 4 หลัง" in suggested.result
    assert "ยังไม่ได้รับบัญชีข้อมูลบ้านจาก 1 ชุมชน" in suggested.obstacles
    assert suggested.remedies


def test_without_expected_houses_no_share_is_told():
    district = DistrictFactory(code="1099")
    suggested = suggest(district, JAN, day(JAN, 25))
    assert percent_of(suggested.figures) is None
    assert "ร้อยละ" not in suggested.result


# --- its way ---


def test_an_entry_is_written_approved_and_keyed_in_and_every_writing_stays(district, officer, head, tagged):
    write(district, officer)
    write(district, officer, seen=1, result="แก้แล้ว")
    approve_entry(district=district, month=JAN, seen=2, by=head)
    submit_entry(district=district, month=JAN, submitted_on=day(JAN, 26), seen=3, by=officer)
    entry = newest_entry(district, JAN)
    assert (entry.version, entry.state, entry.result, entry.cumulative) == (4, "submitted", "แก้แล้ว", 2)
    assert entry.reported_on == day(JAN, 26)
    written = DailyPlanEntry.objects.filter(district=district).order_by("version")
    assert [one.state for one in written] == ["draft", "draft", "approved", "submitted"]


def test_a_writing_is_never_changed(district, officer):
    write(district, officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        DailyPlanEntry.objects.update(result="อื่น")


def test_who_looked_at_an_older_writing_is_told(district, officer, head):
    write(district, officer)
    with pytest.raises(ValidationError) as refused:
        write(district, officer)
    assert code_of(refused) == "written_meanwhile"
    with pytest.raises(ValidationError) as refused:
        approve_entry(district=district, month=JAN, seen=7, by=head)
    assert code_of(refused) == "written_meanwhile"


def test_only_the_head_approves(district, officer):
    write(district, officer)
    with pytest.raises(ValidationError) as refused:
        approve_entry(district=district, month=JAN, seen=1, by=officer)
    assert code_of(refused) == "not_allowed"


def test_a_draft_is_not_keyed_in_and_what_is_keyed_in_stays(district, officer, head):
    write(district, officer)
    with pytest.raises(ValidationError) as refused:
        submit_entry(district=district, month=JAN, submitted_on=day(JAN, 23), seen=1, by=officer)
    assert code_of(refused) == "not_approved"
    approve_entry(district=district, month=JAN, seen=1, by=head)
    submit_entry(district=district, month=JAN, submitted_on=day(JAN, 23), seen=2, by=officer)
    with pytest.raises(ValidationError) as refused:
        write(district, officer, seen=3)
    assert code_of(refused) == "submitted_already"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"result": "  "}, "result_missing"),
        ({"reporter": ""}, "reporter_missing"),
        ({"on": day(DEC, 31)}, "month_not_begun"),
        ({"on": datetime.date(2500, 1, 1)}, "future_date"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(district, officer, wrong, code):
    with pytest.raises(ValidationError) as refused:
        write(district, officer, **wrong)
    assert code_of(refused) == code
    assert not DailyPlanEntry.objects.exists()


def test_others_do_not_write(district):
    with pytest.raises(ValidationError) as refused:
        write(district, appoint("director", district))
    assert code_of(refused) == "not_allowed"


# --- the clock ---


def test_the_clock_says_what_is_missing(district, officer, head):
    assert clock_of(district, JAN, day(JAN, 5)).missing == ["write", "approve", "submit"]
    write(district, officer)
    assert clock_of(district, JAN, day(JAN, 5)).missing == ["approve", "submit"]
    approve_entry(district=district, month=JAN, seen=1, by=head)
    assert clock_of(district, JAN, day(JAN, 5)).missing == ["submit"]
    submit_entry(district=district, month=JAN, submitted_on=day(JAN, 23), seen=2, by=officer)
    assert clock_of(district, JAN, day(FEB, 5)).missing == []


def test_an_entry_is_late_when_it_was_keyed_in_after_the_25th_or_not_at_all(district, officer, head):
    assert not clock_of(district, JAN, day(JAN, 25)).is_late
    assert clock_of(district, JAN, day(JAN, 26)).is_late
    write(district, officer)
    approve_entry(district=district, month=JAN, seen=1, by=head)
    submit_entry(district=district, month=JAN, submitted_on=day(JAN, 23), seen=2, by=officer)
    assert not clock_of(district, JAN, day(FEB, 5)).is_late


def test_the_clock_reminds_before_the_last_working_day(district):
    # 25 January 2558 is a Sunday: Friday 23 is the last working day.
    assert not clock_of(district, JAN, day(JAN, 19)).reminds
    assert clock_of(district, JAN, day(JAN, 20)).reminds
    assert clock_of(district, JAN, day(JAN, 20)).days_left == 3


def test_the_months_stand_newest_first_at_the_same_price(district, officer):
    write(district, officer, DEC)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert [one.month for one in clocks_of(district, day(JAN, 9))] == [JAN, DEC]
    with CaptureQueriesContext(connection) as many:
        assert len(clocks_of(district, day(JAN, 9).replace(year=2018))) == 38
    assert len(few) == len(many) == 2


# --- targets ---


def test_the_newest_target_of_a_quarter_holds_and_the_older_stays(district, head):
    set_targets(
        district=district, fiscal_year_be=2558, wanted={(PLAN, 1): Decimal(30), (PLAN, 2): Decimal(60)}, by=head
    )
    assert (
        set_targets(
            district=district, fiscal_year_be=2558, wanted={(PLAN, 1): Decimal(30), (PLAN, 2): Decimal(55)}, by=head
        )
        == 1
    )
    assert targets_of(district, 2558) == {(PLAN, 1): 30, (PLAN, 2): 55}
    assert target_at(district, PLAN, day(JAN, 9)) == 55
    assert IndicatorTarget.objects.count() == 3


def test_only_the_head_sets_targets_and_none_below_nothing(district, head, officer):
    for by, target, code in ((officer, 1, "not_allowed"), (head, -1, "below_zero")):
        with pytest.raises(ValidationError) as refused:
            set_targets(district=district, fiscal_year_be=2558, wanted={(PLAN, 1): Decimal(target)}, by=by)
        assert code_of(refused) == code


# --- the pages ---


def address(name, *arguments):
    return reverse(f"reports:{name}", args=arguments)


def test_an_officer_writes_the_head_approves_the_officer_keys_in(client, district, officer, head, tagged):
    client.force_login(officer)
    page = client.get(address("daily_plan_write", JAN)).content.decode()
    assert "รวมสะสม 3 หลัง" in page
    typed = {"result": "ทำแล้ว", "reporter": "นายหนึ่ง", "reported_on": "23 ม.ค. 2558", "seen": ""}
    assert client.post(address("daily_plan_write", JAN), typed).status_code == 302
    page = client.get(address("daily_plan_month", JAN)).content.decode()
    assert "ทำแล้ว" in page
    assert address("daily_plan_approve", JAN) not in page
    client.force_login(head)
    assert address("daily_plan_approve", JAN) in client.get(address("daily_plan_month", JAN)).content.decode()
    client.post(address("daily_plan_approve", JAN), {"seen": "1"})
    client.force_login(officer)
    client.post(address("daily_plan_submit", JAN), {"seen": "2", "submitted_on": "23 ม.ค. 2558"})
    assert newest_entry(district, JAN).state == "submitted"
    assert client.get(address("daily_plan_write", JAN)).status_code == 302


def test_a_stale_page_says_so_and_keeps_what_was_typed(client, district, officer):
    write(district, officer)
    client.force_login(officer)
    typed = {"result": "พิมพ์ไว้", "reporter": "นายหนึ่ง", "reported_on": "23 ม.ค. 2558", "seen": ""}
    answer = client.post(address("daily_plan_write", JAN), typed)
    assert answer.status_code == 422
    assert "พิมพ์ไว้" in answer.content.decode()
    assert DailyPlanEntry.objects.count() == 1


def test_the_clock_stands_on_the_first_page(client, district, officer):
    client.force_login(officer)
    with time_machine.travel(datetime.datetime(2015, 1, 20, 9, tzinfo=datetime.UTC), tick=False):
        page = client.get(address("daily_plan")).content.decode()
    assert "วันทำการที่เหลือ" in page
    assert "วันที่ 25 เป็นวันหยุด" in page


def test_a_city_viewer_reads_and_does_not_write(client, district, officer):
    write(district, officer)
    client.force_login(appoint("city_viewer", None))
    assert client.get(address("daily_plan_month", JAN), {"district": district.code}).status_code == 200
    assert client.get(address("daily_plan_write", JAN), {"district": district.code}).status_code == 404
    assert client.post(address("daily_plan_submit", JAN), {"district": district.code}).status_code == 404


# --- the command ---


def told(*arguments):
    out = StringIO()
    call_command("daily_plan", *arguments, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_command_tells_the_entry_or_what_the_figures_suggest(district, officer, tagged):
    suggested = told("--month", "2558-01")
    assert (suggested["state"], suggested["cumulative"], suggested["missing"]) == (
        None,
        3,
        ["write", "approve", "submit"],
    )
    write(district, officer)
    entry = told("--month", "2015-01")
    assert (entry["state"], entry["cumulative"], entry["per_cent"]) == ("draft", 2, 50.0)
    assert (entry["due"], entry["wanted_by"], entry["late"]) == ("2015-01-25", "2015-01-23", True)


def test_a_month_that_is_none_ends_the_command_in_a_sentence(district):
    with pytest.raises(CommandError, match="2558-13"):
        told("--month", "2558-13")
