"""A corrected list takes the place of another: decisions are kept, only what changed is new."""

import datetime
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists
from households.corrections import houses_of_gone_rows, list_to_correct
from households.models import HouseList, HouseNumberRecord, RowDecision, TagEvent
from households.progress import district_progress
from households.row_decisions import close_row, decide_row, reopen_row
from households.row_reasons import Outcome, Reason
from households.tagging import tag_matching
from households.tests.factories import HouseFactory
from households.tests.intake import line, list_file, outcomes
from households.tests.test_tagging_races import at_once
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db

FIRST = datetime.date(2015, 1, 16)
SECOND = datetime.date(2015, 2, 3)


@pytest.fixture
def community():
    return CommunityFactory.create()


def receive(community, *rows, corrects=None, on=FIRST):
    [house_list] = house_lists.receive(
        data=list_file(*rows), file_name="list.xlsx", community=community, by=command_line(),
        received_on=on, corrects=corrects,
    ).lists  # fmt: skip
    return house_list


def tagged(house_list, on=FIRST):
    return tag_matching(house_list, by=command_line(), happened_on=on)


def numbered(house_list, house_no):
    return house_list.records.get(house_no=house_no)


def decisions_of(house_list):
    return [
        (record.house_no, record.outcome, list(record.decisions.values_list("reason", flat=True)))
        for record in house_list.records.order_by("row")
    ]


@pytest.fixture
def worked(community):
    """A list with a tagged row, one chosen by a person, one closed, one open, one whose house is tagged and goes."""
    houses = {number: HouseFactory(house_no=number) for number in ("12/3", "12/4", "12/5", "12/6")}
    HouseFactory(house_no="7"), HouseFactory(house_no="7")
    first = receive(community, line("12/3"), line("7"), line("99"), line("98"), line("12/4"))
    tagged(first)
    chosen = numbered(first, "7").matches.first().house
    decide_row(numbered(first, "7"), house=chosen, by=command_line(), happened_on=FIRST)
    close_row(numbered(first, "99"), reason=Reason.NO_SUCH_HOUSE, by=command_line(), note="ถามแล้ว", happened_on=FIRST)
    return first, houses, chosen


def test_decisions_on_rows_that_say_the_same_are_kept(community, worked):
    first, _houses, chosen = worked
    second = receive(
        community, line("12/5"), line("๑๒/๓", count=2), line("๗"), line("99"), line("98"), corrects=first, on=SECOND
    )
    assert decisions_of(second) == [
        ("12/5", Outcome.OPEN, []),
        ("๑๒/๓", Outcome.TAGGED, [Reason.ALL_PARTS]),
        ("๗", Outcome.TAGGED, [Reason.CHOSEN]),
        ("99", Outcome.CLOSED, [Reason.NO_SUCH_HOUSE]),
        ("98", Outcome.OPEN, []),
    ]
    carried = RowDecision.objects.get(record=numbered(second, "๗"))
    assert (carried.house, carried.happened_on) == (chosen, SECOND)
    assert numbered(second, "99").decisions.get().note.startswith("ถามแล้ว · ")
    assert "4" in numbered(second, "99").decisions.get().note


def test_what_waited_in_the_corrected_list_is_closed_as_replaced(community, worked):
    first, _houses, _chosen = worked
    receive(community, line("12/3"), line("12/6"), corrects=first, on=SECOND)
    assert outcomes(first) == ["tagged", "tagged", "closed", "closed", "tagged"]
    assert numbered(first, "98").decisions.get().reason == Reason.REPLACED
    assert not first.records.undecided().exists()


def test_houses_of_rows_that_are_gone_keep_their_code_and_are_named(community, worked):
    first, houses, chosen = worked
    second = receive(community, line("12/3"), line("12/6"), corrects=first, on=SECOND)
    tagged(second, on=SECOND)
    assert set(houses_of_gone_rows(second)) == {houses["12/4"], chosen}
    houses["12/4"].refresh_from_db()
    assert houses["12/4"].community == community
    assert not houses_of_gone_rows(first).exists()


def test_a_house_that_an_open_row_may_mean_is_not_named_as_gone(community, worked):
    first, _houses, _chosen = worked
    second = receive(community, line("12/3"), line("12/4", soi=None), line("7"), corrects=first, on=SECOND)
    assert not houses_of_gone_rows(second).exists()


def test_a_changed_row_is_graded_anew_and_finds_its_house_tagged(community, worked):
    first, _houses, _chosen = worked
    second = receive(community, line("12/4", note="บ้านสองชั้น"), corrects=first, on=SECOND)
    assert outcomes(second) == ["open"]
    tagged(second, on=SECOND)
    assert (outcomes(second), TagEvent.objects.count()) == (["unchanged"], 3)


def test_rows_that_say_the_same_twice_are_paired_in_their_order(community):
    HouseFactory(house_no="12/3")
    first = receive(community, line("12/3"), line("12/3"))
    tagged(first)
    second = receive(community, line("12/3"), line("12/3"), line("12/3"), corrects=first, on=SECOND)
    assert outcomes(second) == ["tagged", "unchanged", "open"]
    tagged(second, on=SECOND)
    assert outcomes(second) == ["tagged", "unchanged", "unchanged"]


def test_a_claim_stays_a_claim(community):
    HouseFactory(house_no="12/3")
    tagged(receive(CommunityFactory.create(), line("12/3")))
    first = receive(community, line("12/3"))
    tagged(first)
    second = receive(community, line("12/3"), line("12/4"), corrects=first, on=SECOND)
    assert (outcomes(first), outcomes(second)) == (["closed"], ["claimed", "open"])


def test_a_correction_is_corrected_in_its_turn(community, worked):
    first, houses, _chosen = worked
    second = receive(community, line("12/3"), line("7"), line("12/5"), corrects=first, on=SECOND)
    tagged(second, on=SECOND)
    third = receive(community, line("12/3"), line("7"), corrects=second, on=SECOND)
    assert outcomes(third) == ["tagged", "tagged"]
    assert set(houses_of_gone_rows(third)) == {houses["12/4"], houses["12/5"]}
    with pytest.raises(ValidationError) as refused:
        receive(community, line("12/6"), corrects=first, on=SECOND)
    assert refused.value.code == "corrected_already"
    assert HouseList.objects.count() == 3


@pytest.mark.parametrize(
    ("other", "on", "code"),
    [(True, SECOND, "other_community"), (False, datetime.date(2015, 1, 2), "before_the_corrected")],
)
def test_what_cannot_be_a_correction_is_refused_and_nothing_is_kept(community, worked, other, on, code):
    first, _houses, _chosen = worked
    of = CommunityFactory.create() if other else community
    with pytest.raises(ValidationError) as refused:
        receive(of, line("12/3"), corrects=first, on=on)
    assert refused.value.code == code
    assert HouseList.objects.get() == first
    assert "open" in outcomes(first)


def test_the_same_file_again_corrects_nothing(community, worked):
    first, _houses, _chosen = worked
    before = HouseNumberRecord.objects.count()
    same = receive(community, line("12/3"), line("7"), line("99"), line("98"), line("12/4"), corrects=first, on=SECOND)
    assert (same, HouseNumberRecord.objects.count(), outcomes(first)[3]) == (first, before, "open")


def test_a_correction_takes_the_same_number_of_queries_at_any_size(community):
    def queries(numbers):
        for number in numbers:
            HouseFactory(house_no=number)
        first = receive(community, *map(line, numbers))
        tagged(first)
        with CaptureQueriesContext(connection) as captured:
            receive(community, *map(line, [*numbers[1:], f"{numbers[0]}999"]), corrects=first, on=SECOND)
        return len(captured)

    assert queries(["1/1", "1/2"]) == queries([f"2/{n}" for n in range(1, 121)])


def test_what_the_corrected_list_named_is_no_longer_counted_as_listed(community, worked):
    first, _houses, _chosen = worked
    assert district_progress(community.district)[0].listed == 5
    receive(community, line("12/3"), line("7"), line("99"), corrects=first, on=SECOND)
    assert district_progress(community.district)[0].listed == 3


def test_undoing_a_batch_opens_the_row_of_the_corrected_list_alone(community, worked):
    first, _houses, _chosen = worked
    second = receive(community, line("12/3"), corrects=first, on=SECOND)
    undo_batch(first.batches.get(kind="list_exact"), by=command_line(), happened_on=SECOND)
    assert outcomes(second) == ["open"]
    assert not first.records.undecided().exists()


def test_a_row_of_a_list_that_was_corrected_is_not_opened_again(community, worked):
    first, _houses, _chosen = worked
    receive(community, line("12/3"), corrects=first, on=SECOND)
    with pytest.raises(ValidationError) as refused:
        reopen_row(numbered(first, "99"), by=command_line(), happened_on=SECOND)
    assert refused.value.code == "list_corrected"


def test_which_list_a_file_corrects_is_guessed_only_where_one_can_be_meant(community, worked):
    first, _houses, _chosen = worked
    assert list_to_correct(community) == first
    other = receive(community, line("12/6"))
    with pytest.raises(ValidationError) as refused:
        list_to_correct(community)
    assert refused.value.code == "several_to_correct"
    tagged(other)
    assert list_to_correct(community) == first
    with pytest.raises(ValidationError) as refused:
        list_to_correct(CommunityFactory.create())
    assert refused.value.code == "nothing_to_correct"


def test_at_the_command_line_a_file_corrects_the_list_that_waits_and_again_changes_nothing(community, worked, tmp_path):
    first, _houses, _chosen = worked
    code = community.codes.get().code
    path = tmp_path / "corrected.xlsx"
    path.write_bytes(list_file(line("12/3"), line("12/5")))
    for _time in range(2):
        said = io.StringIO()
        call_command("import_house_list", str(path), community=code, corrects=True, stdout=said, stderr=io.StringIO())
        assert json.loads(said.getvalue().splitlines()[-1])["rows"] == 2
    assert HouseList.objects.get(corrects=first).records.filter(outcome="tagged").count() == 2
    assert HouseList.objects.count() == 2
    other = CommunityFactory.create().codes.get().code
    with pytest.raises(CommandError, match=r"\S"):
        call_command("import_house_list", str(path), community=other, corrects=True, stderr=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_leave_one():
    community = CommunityFactory.create()
    first = receive(community, line("12/3"))
    done = at_once(
        *[lambda number=number: receive(community, line(number), corrects=first) for number in ("1", "2", "3")]
    )
    assert sorted(each if isinstance(each, str) else "kept" for each in done) == ["corrected_already"] * 2 + ["kept"]
    assert HouseList.objects.filter(corrects=first).count() == 1
