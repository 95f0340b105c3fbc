"""The figures and the workbook at the command line: JSON on the last line, or one sentence and status 1."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command

from communities.tests.factories import CommunityFactory, DistrictFactory, command_line
from households.row_reasons import Outcome
from households.tagging import say_in_no_community
from households.tests.factories import HouseFactory, keying_event, seen_code, tag_event
from reports.tests.days import FEB, JAN, day
from reports.tests.factories import decide, issue_report, life_event, receive_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(code="10150001", name="ชุมชนหนึ่ง", expected=4)


def say(capsys, *arguments):
    call_command(*arguments)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        call_command(*arguments)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_figures_of_a_day_are_told_community_by_community(community, capsys):
    houses = HouseFactory.create_batch(3)
    for house, number in zip(houses, (10, 20, 31), strict=True):
        tag_event(house, community, on=day(JAN, number))
    life_event(houses[0], "struck", on=day(JAN, 25))
    [record] = receive_list(community, on=day(JAN, 5))
    decide(record, Outcome.CLOSED, on=day(JAN, 20))

    said = say(capsys, "figures", "--as-at", "30 ม.ค. 2558")

    [line] = said.pop("communities")
    assert said == {
        "district": "1015",
        "as_at": "2015-01-30",
        "houses_tagged": 2,
        "houses_live": 1,
        "houses_keyed": 0,
        "houses_confirmed": 0,
        "houses_in_no_community": 0,
        "communities_complete": 1,
        "communities_total": 1,
    }
    assert (line["code"], line["name"], line["tagged"], line["live"]) == ("10150001", "ชุมชนหนึ่ง", 2, 1)
    assert (line["expected"], line["listed"], line["is_complete"]) == (4, 1, True)
    assert (line["tagged_by_machine"], line["tagged_by_officers"]) == (0, 2)


def test_what_stands_in_the_central_register_and_what_is_in_no_community_is_told(community, capsys):
    houses = HouseFactory.create_batch(3)
    for house in houses[:2]:
        tag_event(house, community, on=day(JAN, 20))
        keying_event(house, community, on=day(JAN, 21))
    seen_code(houses[0], "10150001", on=day(JAN, 25))
    say_in_no_community(
        [houses[2].pk], by=command_line(), expected=1, reason="not_a_dwelling", happened_on=day(JAN, 22)
    )

    said = say(capsys, "figures", "--as-at", "30 ม.ค. 2558")

    assert (said["houses_tagged"], said["houses_keyed"], said["houses_confirmed"]) == (2, 2, 1)
    assert said["houses_in_no_community"] == 1
    assert [(line["keyed"], line["confirmed"]) for line in said["communities"]] == [(2, 1)]
    before = say(capsys, "figures", "--as-at", "20 ม.ค. 2558")
    assert (before["houses_tagged"], before["houses_keyed"], before["houses_in_no_community"]) == (2, 0, 0)


@pytest.mark.parametrize("written", ["2015-01-20", "2558-01-20", "20 ม.ค. 2558", "20/1/2558"])
def test_the_day_may_be_written_in_both_years(community, capsys, written):
    tag_event(HouseFactory(), community, on=day(JAN, 20))
    assert say(capsys, "figures", "--as-at", written)["houses_tagged"] == 1


def test_the_figures_of_today_are_told_without_a_day(community, capsys):
    tag_event(HouseFactory(), community, on=day(JAN, 20))
    assert say(capsys, "figures")["houses_tagged"] == 1


def test_the_figures_of_another_district_are_its_own(community, capsys):
    tag_event(HouseFactory(), community, on=day(JAN, 20))
    DistrictFactory(code="1016")
    said = say(capsys, "figures", "--district", "1016")
    assert (said["houses_tagged"], said["communities"]) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--as-at", "2599-01-01"], "2599"),
        (["--as-at", "tomorrow"], "tomorrow"),
        (["--as-at", "31 ก.พ. 2558"], "31 ก.พ. 2558"),
        (["--district", "9999"], "9999"),
    ],
)
def test_figures_that_cannot_be_told_are_refused_in_a_sentence(community, arguments, named):
    assert named in refusal("figures", *arguments)


def test_a_draft_workbook_is_written_and_named(community, capsys, tmp_path):
    tag_event(HouseFactory(), community, on=day(JAN, 20))
    output = tmp_path / "รายงาน.xlsx"
    said = say(capsys, "kpi_workbook", "--month", "2558-01", "--output", str(output))
    assert said == {
        "file": str(output),
        "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
        "issued": False,
    }
    assert output.read_bytes().startswith(b"PK")


def test_an_issued_workbook_is_written_as_it_was_frozen(community, capsys, tmp_path):
    tag_event(HouseFactory(), community, on=day(JAN, 20))
    report = issue_report(community.district, JAN)
    tag_event(HouseFactory(), community, on=day(FEB, 2))
    output = tmp_path / "kpi.xlsx"
    said = say(capsys, "kpi_workbook", "--month", "ม.ค. 2558", "--output", str(output))
    assert (said["issued"], said["sha256"]) == (True, report.workbook_sha256)
    assert output.read_bytes() == bytes(report.workbook)


@pytest.mark.parametrize(
    ("month", "named"), [("2599-01", "2599"), ("2558-13", "2558-13"), ("January", "January"), ("58-01", "58-01")]
)
def test_a_month_that_has_no_workbook_is_refused_in_a_sentence(community, tmp_path, month, named):
    output = tmp_path / "kpi.xlsx"
    assert named in refusal("kpi_workbook", "--month", month, "--output", str(output))
    assert not output.exists()


def test_a_workbook_goes_into_no_folder_that_is_not_there(community, tmp_path):
    nowhere = tmp_path / "no such folder" / "kpi.xlsx"
    assert str(nowhere) in refusal("kpi_workbook", "--month", "2558-01", "--output", str(nowhere))
