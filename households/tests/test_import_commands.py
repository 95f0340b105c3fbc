"""The commands at the command line: the last line for programs, one sentence and status 1 for bad input."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from communities.models import Community, CommunityCode
from communities.tests.factories import PersonFactory
from households.models import HouseList, HouseRegistration, LifeEvent
from households.tests.books import csv_text, extract, house, houses, xlsx
from households.tests.intake import book_file

pytestmark = pytest.mark.django_db
COMMUNITIES = [
    ["รหัสชุมชน", "ชื่อชุมชน", "รหัสแขวง", "แขวง", "ประเภท", "จำนวนบ้านที่คาด"],
    ["10150001", "ชุมชนกุฎีขาว", "101501", "วัดกัลยาณ์", "เมือง", "344"],
]


@pytest.fixture
def saved(tmp_path):
    def save(content, name="ทะเบียน.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return save


def run(*arguments):
    said = io.StringIO()
    call_command(*map(str, arguments), stdout=said, stderr=io.StringIO())
    lines = said.getvalue().splitlines()
    return lines[:-1], json.loads(lines[-1])


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_registrations_end_with_their_counts_and_the_same_file_says_that_nothing_changed(saved):
    path = saved(extract(houses(3)))
    told, counts = run("import_registrations", path)
    assert (told, counts) == ([], {"new": 3, "changed": 0, "unchanged": 0, "struck": 0, "vanished": 0, "waiting": 0})
    told, counts = run("import_registrations", path)
    assert counts == {"new": 0, "changed": 0, "unchanged": 3, "struck": 0, "vanished": 0, "waiting": 0}
    assert len(told) == 1


def test_registrations_name_what_is_worth_a_look(saved):
    rows = [*houses(2), house("10169000010", "หลังวัด", soi="?")]
    told, counts = run("import_registrations", saved(extract(rows)), "--letter", "กท 9/2558")
    assert counts["new"] == 3
    assert len(told) == 3
    assert "4" in told[0]
    assert set(LifeEvent.objects.values_list("reference", flat=True)) == {"กท 9/2558"}


def test_registrations_of_another_district_and_by_a_person(saved):
    rows = houses(1, subdistrict_code="101801", subdistrict="สมเด็จเจ้าพระยา")
    clerk = PersonFactory(username="clerk")
    run("import_registrations", saved(extract(rows)), "--district", "1018", "--by", "clerk")
    assert HouseRegistration.objects.get().district.code == "1018"
    assert LifeEvent.objects.get().recorded_by == clerk


def test_communities_end_with_their_counts_and_the_same_file_says_that_nothing_changed(saved):
    path = saved(csv_text(COMMUNITIES).encode("utf-8-sig"), "ชุมชน.csv")
    told, counts = run("import_communities", path, "--in-force-from", "20 ม.ค. 2558", "--letter", "กท 5502/6589")
    assert (told, counts) == ([], {"new": 1, "changed": 0, "unchanged": 0})
    code = CommunityCode.objects.get()
    assert (code.code, code.letter, str(code.in_force_from)) == ("10150001", "กท 5502/6589", "2015-01-20")
    told, counts = run("import_communities", path)
    assert counts == {"new": 0, "changed": 0, "unchanged": 1}
    assert len(told) == 1


@pytest.mark.parametrize("command", ["import_registrations", "import_communities"])
@pytest.mark.parametrize("kind", ["none", "folder", "device", "empty", "pdf", "headerless", "large"])
def test_a_bad_file_is_one_sentence_with_its_name(command, kind, saved, tmp_path):
    path = {
        "none": lambda: tmp_path / "none.xlsx",
        "folder": lambda: tmp_path,
        "device": lambda: "/dev/zero",
        "empty": lambda: saved(b""),
        "pdf": lambda: saved(b"%PDF-1.4 1,2"),
        "headerless": lambda: saved(xlsx([["a", "b"], ["c", "d"]])),
        "large": lambda: saved(b""),
    }[kind]()
    if kind == "large":
        os.truncate(path, 200 * 1024 * 1024)
    assert os.path.basename(path) in refusal(command, path)
    assert not Community.objects.exists()
    assert not HouseRegistration.objects.exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--in-force-from", "เมื่อวาน"], "เมื่อวาน"),
        (["--in-force-from", "2569-02-30"], "2569-02-30"),
        (["--in-force-from", "2999-01-01"], "2999"),
        (["--by", "nobody"], "nobody"),
    ],
)
def test_a_bad_option_is_one_sentence(options, named, saved):
    assert named in refusal("import_communities", saved(xlsx(COMMUNITIES)), *options)
    assert not Community.objects.exists()


def test_an_unknown_district_is_one_sentence(saved):
    assert "9999" in refusal("import_registrations", saved(extract(houses(1))), "--district", "9999")


def test_at_the_command_line_a_refusal_is_status_1_without_a_traceback(tmp_path):
    finished = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "import_communities", tmp_path / "none.xlsx"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert len(finished.stderr.splitlines()) == 1
    assert "none.xlsx" in finished.stderr


def test_a_bar_is_drawn_only_where_a_person_watches(saved):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    path = saved(extract(houses(1)))
    watched, unwatched = Terminal(), io.StringIO()
    call_command("import_registrations", str(path), stdout=io.StringIO(), stderr=watched)
    call_command("import_registrations", str(path), stdout=io.StringIO(), stderr=unwatched)
    assert "100%" in watched.getvalue()
    assert unwatched.getvalue() == ""


@pytest.fixture
def communities(saved):
    rows = [
        *COMMUNITIES[:1],
        ["10150007", "ชุมชนโรงเจ 1", "101503", "บางยี่เรือ", "เมือง", "2"],
        ["10150008", "ชุมชนโรงเจ 2", "101503", "บางยี่เรือ", "เมือง", "2"],
    ]
    run("import_communities", saved(csv_text(rows).encode(), "ชุมชน.csv"), "--in-force-from", "2015-01-01")
    run("import_registrations", saved(extract(houses(4))))


def sheet_of(*numbers, title=None):
    lines = [[number, number, "เทอดไท 5", "เทอดไท", "บางยี่เรือ"] for number in numbers]
    return [*([[title]] if title else []), ["ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง"], *lines]


@pytest.mark.usefixtures("communities")
def test_all_lists_of_a_file_end_in_one_count_and_one_file_of_outcomes(saved, tmp_path):
    sheets = {"ซอยคี่": sheet_of(1, 3), "ซอยคู่": sheet_of(2, 99), "ปก": [["บัญชีบ้าน"]]}
    path, outcomes = saved(book_file(sheets), "บัญชี.xlsx"), tmp_path / "out.csv"
    told, counts = run("import_house_list", path, "--community", "10150007", "--outcomes", outcomes)
    assert (counts["rows"], counts["tagged"], counts["none"]) == (4, 3, 1)
    lines = outcomes.read_text("utf-8").splitlines()[1:]
    assert [line.split(",")[:2] for line in lines] == [["ซอยคี่", "2"], ["ซอยคี่", "3"], ["ซอยคู่", "2"], ["ซอยคู่", "3"]]
    assert any("ปก" in line for line in told)
    again, counts = run("import_house_list", path, "--community", "10150007")
    assert (counts["tagged"], counts["unchanged"]) == (0, 3)
    assert any("บัญชี.xlsx" in line for line in again)


@pytest.mark.usefixtures("communities")
def test_a_list_that_names_another_community_is_received_with_a_word_on_both_channels(saved):
    path = saved(xlsx(sheet_of(1, title="บัญชีบ้านชุมชนโรงเจ 2")), "บัญชี.xlsx")
    said, warned = io.StringIO(), io.StringIO()
    call_command("import_house_list", str(path), community="10150007", stdout=said, stderr=warned)
    assert "โรงเจ 2" in said.getvalue()
    assert "โรงเจ 2" in warned.getvalue()


@pytest.mark.usefixtures("communities")
def test_a_file_in_which_no_column_is_known_is_one_sentence(saved):
    assert "a.csv" in refusal("import_house_list", saved(b"x,y\nz,w\n", "a.csv"), "--community", "10150007")


LIST = [["บ้านเลขที่", "ซอย"], ["12/3", "เทอดไท 5"]]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--community", "\udcff"], "community"),
        (["--community", "10150001", "--by", "\udcff"], "by"),
        (["--community", "10150001", "--sender", "ก\udcff"], "sender"),
        (["--community", "10150001", "--letter", "\udcff"], "letter"),
        (["--community", "10150001", "--sender", "ก" * 201], "sender"),
        (["--community", "10150001", "--letter", "ก" * 201], "letter"),
        (["--community", "10150001", "--outcomes", "/dev/full"], "/dev/full"),
    ],
)
def test_what_no_database_and_no_disk_takes_is_one_sentence_about_the_option(options, named, saved):
    run("import_communities", saved(xlsx(COMMUNITIES)))
    assert named in refusal("import_house_list", saved(xlsx(LIST), "list.xlsx"), *options)
    assert not HouseList.objects.exists()


def test_outcomes_never_overwrite_the_list_itself(saved):
    run("import_communities", saved(xlsx(COMMUNITIES)))
    path = saved(xlsx(LIST), "list.xlsx")
    assert "list.xlsx" in refusal("import_house_list", path, "--community", "10150001", "--outcomes", path)
    assert path.read_bytes().startswith(b"PK")


def test_a_file_whose_name_is_no_text_is_received_under_a_name_that_is(tmp_path, saved):
    run("import_communities", saved(xlsx(COMMUNITIES)))
    path = os.fsencode(tmp_path / "list") + b"\xff.xlsx"
    with open(path, "wb") as file:
        file.write(xlsx(LIST))
    run("import_house_list", os.fsdecode(path), "--community", "10150001")
    assert HouseList.objects.get().file_name == "list\ufffd.xlsx"


def test_a_sheet_named_like_a_formula_is_text_in_the_outcomes(saved, tmp_path):
    run("import_communities", saved(xlsx(COMMUNITIES)))
    path = saved(xlsx(LIST, title="=1+1"), "list.xlsx")
    run("import_house_list", path, "--community", "10150001", "--outcomes", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("'=1+1,2,")
