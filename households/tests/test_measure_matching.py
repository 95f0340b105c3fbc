"""Matching measured on rows of known truth: what counts as right, what is told, and what is refused."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from communities.tests.factories import CommunityFactory, SubdistrictFactory, command_line
from households.house_lists import receive
from households.models import HouseList
from households.row_reasons import Grade
from households.tests.factories import HouseFactory
from households.tests.intake import SUBDISTRICT, line, list_file

pytestmark = pytest.mark.django_db
HEADER = "community,file,row,kind,house_code"


@pytest.fixture
def community():
    return CommunityFactory.create(subdistrict=SubdistrictFactory(code="101503", name_th=SUBDISTRICT), code="10150001")


@pytest.fixture
def houses(community):
    return [HouseFactory(subdistrict=community.subdistrict, house_no=f"{n}/1") for n in range(1, 4)]


@pytest.fixture
def truth(tmp_path):
    def write(*lines, header=HEADER, encoding="utf-8-sig"):
        path = tmp_path / "truth.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
        return path

    return write


def received(community, *rows, file_name="list.xlsx"):
    [house_list] = receive(data=list_file(*rows), file_name=file_name, community=community, by=command_line()).lists
    return house_list


def measured(path):
    said = io.StringIO()
    call_command("measure_matching", truth=path, stdout=said)
    lines = said.getvalue().splitlines()
    return lines[:-1], json.loads(lines[-1])


def refusal(path):
    with pytest.raises(CommandError) as refused:
        call_command("measure_matching", truth=path, stdout=io.StringIO())
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_right_rows_wrong_rows_and_houses_found_are_counted_by_grade_and_kind(community, houses, truth):
    received(community, line("1/1"), line("2/1"), line("3/1", subdistrict=None), line("99"))
    path = truth(
        f"10150001,list.xlsx,2,clean,{houses[0].house_code}",
        f"10150001,list.xlsx,3,clean,{houses[2].house_code}",
        f"10150001,list.xlsx,4,gap,{houses[2].house_code}",
        "10150001,list.xlsx,5,absent,",
    )
    told, figures = measured(path)
    assert (figures["lists"], figures["rows"], figures["rows_missing"], figures["rows_beyond"]) == (1, 4, 0, 0)
    exact = figures["grades"]["exact"]
    assert (exact["rows"], exact["right"], exact["wrong"], exact["precision"]) == (2, 1, 1, 0.5)
    assert figures["grades"]["likely"]["right"] == 1
    assert figures["grades"]["none"]["right"] == 1
    assert figures["houses"] == 2
    assert figures["recall"] == {"exact": 0.5, "exact_or_likely": 1.0}
    assert figures["kinds"]["clean"]["grades"]["exact"]["wrong"] == 1
    assert figures["kinds"]["absent"]["recall"]["exact"] is None
    (wrong,) = figures["wrong"]
    assert (wrong["row"], wrong["house_code"], wrong["meant"]) == (3, houses[1].house_code, [houses[2].house_code])
    assert any("list.xlsx" in one and houses[1].house_code in one for one in told)


def test_a_precision_comes_with_what_so_many_rows_prove(community, houses, truth):
    received(community, *[line(f"{n}/1") for n in range(1, 4)])
    path = truth(*[f"10150001,list.xlsx,{n + 2},clean,{house.house_code}" for n, house in enumerate(houses)])
    assert measured(path)[1]["grades"]["exact"]["at_least"] == pytest.approx(0.05 ** (1 / 3), abs=1e-4)


def test_several_lines_for_a_row_are_several_houses_that_it_means(community, houses, truth):
    received(community, line("1/1"))
    path = truth(*[f"10150001,list.xlsx,2,twins,{house.house_code}" for house in houses[:2]])
    figures = measured(path)[1]
    assert figures["grades"]["exact"]["right"] == 1
    assert figures["houses"] == 2
    assert figures["recall"]["exact"] == 0.5


def test_a_house_struck_off_is_meant_by_no_row(community, houses, truth):
    received(community, line("1/1"))
    path = truth(f"10150001,list.xlsx,2,struck,struck:{houses[0].house_code}")
    figures = measured(path)[1]
    assert figures["grades"]["exact"]["wrong"] == 1
    assert figures["houses"] == 0


def test_several_is_right_where_the_house_meant_is_shown(community, houses, truth):
    twin = HouseFactory(subdistrict=community.subdistrict, house_no="1/1")
    received(community, line("1/1"), line("1/1"))
    path = truth(f"10150001,list.xlsx,2,twin,{twin.house_code}", f"10150001,list.xlsx,3,other,{houses[2].house_code}")
    several = measured(path)[1]["grades"]["several"]
    assert (several["rows"], several["right"]) == (2, 1)


def test_rows_on_one_side_only_and_lists_never_received_are_told(community, houses, truth):
    received(community, line("1/1"), line("2/1"))
    path = truth(
        f"10150001,list.xlsx,2,clean,{houses[0].house_code}",
        f"10150001,list.xlsx,77,lost,{houses[2].house_code}",
        "10150001,other.xlsx,2,clean,",
    )
    figures = measured(path)[1]
    assert (figures["rows"], figures["rows_missing"], figures["rows_beyond"]) == (1, 1, 1)
    assert figures["lists_missing"] == ["10150001 other.xlsx"]
    assert figures["houses"] == 2


def test_of_a_corrected_list_the_correction_is_measured(community, houses, truth):
    first = received(community, line("1/1"))
    second = received(community, line("2/1"))
    HouseList.objects.filter(pk=second.pk).update(corrects=first)
    figures = measured(truth(f"10150001,list.xlsx,2,clean,{houses[1].house_code}"))[1]
    assert figures["grades"]["exact"]["right"] == 1


def test_what_people_decided_does_not_change_the_measure(community, houses, truth):
    house_list = received(community, line("3/1", subdistrict=None))
    house_list.records.update(outcome="closed")
    figures = measured(truth(f"10150001,list.xlsx,2,gap,{houses[2].house_code}"))[1]
    assert figures["grades"]["likely"]["right"] == 1


@pytest.mark.parametrize("lists", [1, 4])
def test_the_queries_do_not_grow_with_rows(community, houses, truth, lists, django_assert_num_queries):
    received(community, *[line(f"{n}/1") for n in range(1, 4) for _again in range(lists)])
    path = truth(f"10150001,list.xlsx,2,clean,{houses[0].house_code}")
    with django_assert_num_queries(4):
        measured(path)


@pytest.mark.parametrize(
    ("lines", "header", "says"),
    [
        ([], HEADER, "truth.csv"),
        (["10150001,list.xlsx,2,"], "community,file,row,house_code", "kind"),
        (["10150001,list.xlsx,two,clean,1"], HEADER, "two"),
        (["10159999,list.xlsx,2,clean,1"], HEADER, "10159999"),
        (["10150001,never.xlsx,2,clean,1"], HEADER, "truth.csv"),
        (['10150001,"list.xlsx"x,2,clean,1'], HEADER, "truth.csv"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(community, truth, lines, header, says):
    assert says in refusal(truth(*lines, header=header))


def test_what_is_no_csv_is_refused_in_one_sentence(community, tmp_path):
    for name, content in (("a.xlsx", list_file(line("1/1"))), ("b.csv", b"a,b\x00\n")):
        path = tmp_path / name
        path.write_bytes(content)
        assert name in refusal(path)
    assert "no-such.csv" in refusal(tmp_path / "no-such.csv")


def test_every_grade_has_a_line(community, houses, truth):
    received(community, line("1/1"))
    told, _figures = measured(truth(f"10150001,list.xlsx,2,clean,{houses[0].house_code}"))
    for grade in Grade:
        assert any(str(grade.label) in one for one in told)
