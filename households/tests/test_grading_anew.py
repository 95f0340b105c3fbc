"""Grading a list again: after the register or the other names changed, and never without need."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.tests.factories import CommunityFactory, command_line
from households.matching import grade_anew, grade_list
from households.models import HouseRegistration, LifeEvent, RowMatch
from households.row_reasons import Grade, Reason
from households.tests.factories import HouseFactory, alias_of
from households.tests.intake import HEADER, line, received, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory()


def change(house, kind, **columns):
    HouseRegistration.objects.filter(pk=house.pk).update(**columns)
    day = datetime.date(2015, 1, 20)
    LifeEvent.objects.create(
        house=house, kind=kind, ground="central_register", happened_on=day, counted_on=day, recorded_by=command_line()
    )


def test_rows_are_graded_anew_after_the_register_changed(community):
    house = HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"))
    change(house, LifeEvent.Kind.STRUCK, state="struck")
    grade_anew(house_list)
    assert verdicts(house_list) == [("none", "struck_off")]


def test_rows_are_not_graded_again_while_the_register_stands_still(community, django_assert_num_queries):
    house_list = received(community, line("12/3"))
    with django_assert_num_queries(1):
        grade_anew(house_list)


def test_grading_again_gives_the_same_matches(community):
    HouseFactory.create_batch(3, house_no="12/3")
    house_list = received(community, line("12/3"), line("12/3", None))
    before = list(RowMatch.objects.order_by("record", "rank").values_list("record", "house", "rank", "differs"))
    grade_list(house_list)
    assert list(RowMatch.objects.order_by("record", "rank").values_list("record", "house", "rank", "differs")) == before


def test_a_settled_row_keeps_its_grade_and_still_tells_what_empty_cells_mean(community):
    for number in ("1", "2", "3"):
        HouseFactory(house_no=number)
    HouseFactory(house_no="4", soi="")
    house_list = received(community, line("1"), line("2", None), line("3", None), line("4", None))
    house_list.records.filter(row__in=[3, 4]).update(outcome="closed", reason=Reason.CHOSEN)
    grade_list(house_list)
    assert verdicts(house_list)[1:] == [("likely", "chosen"), ("likely", "chosen"), ("likely", "soi_missing")]


def test_grading_takes_the_same_number_of_queries_at_any_size(community, django_assert_num_queries):
    HouseFactory(house_no="12/3")
    house_list = received(community, *[line(f"12/{n}") for n in range(1, 60)], header=HEADER)
    with django_assert_num_queries(9):
        grade_list(house_list)


def test_as_many_queries_grade_a_list_of_500_rows_as_one_of_50(community):
    HouseFactory(house_no="12/3")
    alias_of("วัดกลาง", "เทอดไท 5")

    def queries(rows):
        house_list = received(community, *[line(f"{rows}/{n}", count=n) for n in range(1, rows + 1)])
        with CaptureQueriesContext(connection) as captured:
            grade_list(house_list)
        return len(captured)

    assert queries(500) == queries(50) <= 12


def test_rows_are_graded_anew_after_an_alias_was_confirmed_or_withdrawn(community):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3", "วัดกลาง"))
    confirmed = alias_of("วัดกลาง", "เทอดไท 5")
    grade_anew(house_list)
    assert verdicts(house_list) == [("exact", "by_alias")]
    confirmed.withdrawn_by, confirmed.withdrawn_at = command_line(), timezone.now()
    confirmed.save()
    grade_anew(house_list)
    assert verdicts(house_list)[0][0] == Grade.NONE
