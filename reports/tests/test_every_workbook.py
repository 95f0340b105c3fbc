"""Every workbook that leaves the office, computed anew by LibreOffice: no error cell, totals as they are stored."""

import io
import json
import zipfile

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from communities.tests.taken import PURPOSE, taken
from households.tests.desk import received, signed_in, typed
from households.tests.factories import HouseFactory, act_of_the_office, tag_event
from reports.models import KpiReport
from reports.tests.days import FEB, JAN, day
from reports.tests.factories import issue_report, life_event
from reports.tests.test_whole_workbook import compare

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]


@pytest.fixture
def community():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=4)


@pytest.fixture
def district(community):
    return community.district


@pytest.fixture
def history(community):
    """Houses tagged in two months, one struck off in February, one today by the office; January is issued."""
    there = CommunityFactory(code="10150002", name="สวนพลู", expected=None)
    first, second, third, fourth = HouseFactory.create_batch(4)
    for house, number in ((first, 10), (second, 20), (third, 31), (fourth, 31)):
        tag_event(house, community, on=day(JAN, number))
    issue_report(community.district, JAN)
    tag_event(first, there, on=day(FEB, 3))
    life_event(third, "struck", on=day(FEB, 5))
    act_of_the_office(fourth, appoint(Role.OFFICER, community.district))


@pytest.fixture
def head(client, district):
    return signed_in(client, appoint(Role.HEAD, district))


def months_workbook(head, month, **query):
    return head.get(reverse("reports:kpi_workbook", args=[month]), query).getvalue()


def struck_off_account(head, district):
    address = f"{reverse('verification:struck_houses_export')}?district={district.code}"
    return head.post(address, {"form": "xlsx", "purpose": PURPOSE}).getvalue()


def evidence_index(head, district):
    period = {"since": "1 ม.ค. 2558", "until": "31 ธ.ค. 2558", "purpose": PURPOSE}
    pack = head.get(reverse("ledger:evidence_pack"), period | {"district": district.code})
    with zipfile.ZipFile(io.BytesIO(pack.getvalue())) as files:
        (index,) = (name for name in files.namelist() if name.endswith(".xlsx") and "/" not in name)
        return files.read(index)


def findings(head, community):
    sent = received(community, appoint(Role.OFFICER, community.district), typed("999/1"), typed("=1+1"))
    return head.get(reverse("households:list_findings", args=[sent.pk])).getvalue()


def workbooks(head, district, community):
    """All of them by name."""
    today = timezone.localdate()
    pages = {
        "communities": reverse("reports:kpi_month", args=[FEB]),
        "houses_behind": reverse("reports:kpi_houses", args=[FEB]),
        "indicators": reverse("reports:indicators"),
        "houses": reverse("households:houses"),
        "progress": reverse("households:work_progress"),
    }
    return {
        "issued": months_workbook(head, JAN),
        "draft": months_workbook(head, FEB),
        "as_at": months_workbook(head, FEB, as_at="2015-02-04"),
        "this_month": months_workbook(head, today.replace(day=1)),
        "struck_off": struck_off_account(head, district),
        "evidence": evidence_index(head, district),
        "findings": findings(head, community),
        **{name: taken(head, page, "xlsx", district=district.code).getvalue() for name, page in pages.items()},
    }


def figures(capsys, as_at):
    call_command("figures", "--as-at", as_at)
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_no_workbook_has_an_error_cell_and_every_stored_value_is_the_computed_one(
    head, district, community, history, all_recalculated
):
    with translation.override("en"):
        made = workbooks(head, district, community)
    assert all(content.startswith(b"PK") for content in made.values()), made.keys()
    anew = all_recalculated(made)
    compared = {name: compare(content, anew[name]) for name, content in made.items()}
    for name, book in anew.items():
        texts = [cell for sheet in book for row in sheet.values for cell in row if isinstance(cell, str)]
        assert texts, name
        assert not [
            text for text in texts if text.startswith(("#REF", "#NAME", "#VALUE", "#DIV", "#N/A", "#NUM", "Err:"))
        ]
    assert min(compared[name] for name in ("issued", "draft", "as_at", "this_month")) > 20


@pytest.mark.parametrize(
    ("month", "query", "as_at"),
    [(JAN, {}, "2015-01-31"), (FEB, {}, "2015-02-28"), (FEB, {"as_at": "2015-02-04"}, "2015-02-04")],
)
def test_a_workbooks_totals_are_the_figures_as_at_its_day(head, history, month, query, as_at, capsys):
    said = json.loads(figures(capsys, as_at))
    book = openpyxl.load_workbook(io.BytesIO(months_workbook(head, month, **query)), data_only=True)
    tiles = [cell.value for cell in book["ปก"][8]]
    assert tiles[0] == said["houses_tagged"]
    assert tiles[6] == f"{said['communities_complete']} / {said['communities_total']}"
    (live,) = (sheet for sheet in book if sheet.title.startswith("2 "))
    totals = [row for row in live.values if row[2] == "ทั้งเขต"]
    assert totals[0][3] == said["houses_live"]


def test_the_account_of_a_workbook_ends_with_its_day(head, history, district):
    today = timezone.localdate()
    book = openpyxl.load_workbook(io.BytesIO(months_workbook(head, today.replace(day=1))), data_only=True)
    assert [row[0] for row in book["บ้านที่จำหน่าย"].values if isinstance(row[0], int)] == [1]
    before = openpyxl.load_workbook(io.BytesIO(months_workbook(head, FEB)), data_only=True)
    assert not [row[0] for row in before["บ้านที่จำหน่าย"].values if isinstance(row[0], int)]


def test_the_workbook_of_a_day_within_an_issued_month_is_a_draft_and_that_of_its_last_day_the_issued_one(
    head, history, tmp_path
):
    kept = bytes(KpiReport.objects.get().workbook)
    assert months_workbook(head, JAN, as_at="2015-01-31") == months_workbook(head, JAN) == kept
    assert months_workbook(head, JAN, as_at="2015-01-15") != kept
    assert head.get(reverse("reports:kpi_workbook", args=[JAN]), {"as_at": "2015-02-01"}).status_code == 404
    output = tmp_path / "kpi.xlsx"
    call_command("kpi_workbook", "--month", "2558-01", "--as-at", "2558-01-31", "--output", str(output))
    assert output.read_bytes() == kept


def test_the_summary_on_paper_is_a_pdf_for_whoever_sees_figures(client, district, history):
    viewer = signed_in(client, appoint(Role.CITY_VIEWER, None))
    answer = viewer.get(reverse("reports:kpi_summary", args=[JAN]), {"district": district.code})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
