"""A community's list is asked for, received, sent back, corrected and done; what is missing is known."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, command_line
from households import house_lists
from households.list_life import State, ask_for_lists, lives_of, send_back, steps_of
from households.models import ListStep
from households.row_decisions import close_row
from households.row_reasons import Reason
from households.tests.intake import line, list_file

pytestmark = pytest.mark.django_db

ASKED, RECEIVED, BACK, DUE, RETURNED = (
    datetime.date(2015, *day) for day in ((1, 15), (1, 20), (1, 22), (1, 30), (2, 3))
)


@pytest.fixture
def community():
    return CommunityFactory.create()


def life(community):
    return lives_of(community.district)[community.pk]


def receive(community, *rows, on=RECEIVED, corrects=None):
    [house_list] = house_lists.receive(
        data=list_file(*map(line, rows)), file_name="l.xlsx", community=community, by=command_line(),
        received_on=on, corrects=corrects,
    ).lists  # fmt: skip
    return house_list


def ask(*communities, on=ASKED, due_on=DUE):
    return ask_for_lists(communities, letter="กท ๕๕๐๒/๓๑", due_on=due_on, by=command_line(), happened_on=on)


def refused(action):
    with pytest.raises(ValidationError) as problem:
        action()
    return problem.value.code


def test_a_list_lives_from_being_asked_for_to_being_done(community):
    assert life(community).state == State.NOT_ASKED
    ask(community)
    assert (life(community).state, life(community).since, life(community).due_on) == (State.ASKED_FOR, ASKED, DUE)
    first = receive(community, "98", "99")
    assert (life(community).state, life(community).is_missing) == (State.RECEIVED, False)
    send_back(first, letter="กท ๕๕๐๒/๔๐", note="เลขที่ไม่พบ", due_on=DUE, by=command_line(), happened_on=BACK)
    assert (life(community).state, life(community).letter) == (State.SENT_BACK, "กท ๕๕๐๒/๔๐")
    second = receive(community, "98", on=RETURNED, corrects=first)
    assert (life(community).state, life(community).since) == (State.CORRECTED, RETURNED)
    close_row(second.records.get(), reason=Reason.NO_SUCH_HOUSE, by=command_line())
    assert life(community).state == State.DONE
    assert [(step.state, step.day) for step in steps_of(second)] == [
        (State.ASKED_FOR, ASKED),
        (State.RECEIVED, RECEIVED),
        (State.SENT_BACK, BACK),
        (State.CORRECTED, RETURNED),
    ]
    assert steps_of(first)[-1].house_list == second.pk


def test_days_waited_and_days_late_are_counted_only_while_it_is_missing(community):
    ask(community)
    assert (life(community).days_waited(RETURNED), life(community).days_late(RETURNED)) == (19, 4)
    assert life(community).days_late(DUE) == 0
    receive(community, "99")
    assert life(community).days_late(RETURNED) == 0


def test_a_list_asked_for_again_after_one_came_is_missing_again(community):
    receive(community, "99")
    ask(community, on=BACK)
    assert life(community).state == State.ASKED_FOR


def test_a_list_asked_for_again_on_its_day_is_missing_however_the_servers_clock_goes(community):
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        receive(community, "99")
    ask(community, on=RECEIVED)
    assert life(community).state == State.ASKED_FOR


def test_a_list_sent_back_that_officers_settled_meanwhile_is_done(community):
    house_list = receive(community, "99")
    send_back(house_list, by=command_line(), happened_on=BACK)
    close_row(house_list.records.get(), reason=Reason.NO_SUCH_HOUSE, by=command_line())
    assert life(community).state == State.DONE


def test_of_two_lists_the_one_with_waiting_rows_says_where_the_community_is(community):
    waiting = receive(community, "98")
    done = receive(community, "99", on=BACK)
    close_row(done.records.get(), reason=Reason.NO_SUCH_HOUSE, by=command_line())
    assert (life(community).state, life(community).house_list) == (State.RECEIVED, waiting.pk)


def test_many_communities_are_asked_by_one_statement_and_read_by_one(community, django_assert_num_queries):
    others = [CommunityFactory.create(subdistrict=community.subdistrict) for _number in range(30)]
    ask(community, *others)
    assert ListStep.objects.count() == 31
    with django_assert_num_queries(1):
        lives = lives_of(community.district)
    assert {one.state for one in lives.values()} == {State.ASKED_FOR}


def test_what_cannot_be_is_refused_and_nothing_is_recorded(community):
    house_list = receive(community, "99")
    elsewhere = CommunityFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
    later = datetime.date(2999, 1, 1)
    assert refused(lambda: ask()) == "no_community"
    assert refused(lambda: ask(community, elsewhere)) == "several_districts"
    assert refused(lambda: ask(community, on=later)) == "future_date"
    assert refused(lambda: ask(community, on=RETURNED, due_on=DUE)) == "due_before"
    assert refused(lambda: send_back(house_list, by=command_line(), happened_on=ASKED)) == "sent_before_received"
    second = receive(community, "98", on=RETURNED, corrects=house_list)
    assert refused(lambda: send_back(house_list, by=command_line())) == "list_corrected"
    close_row(second.records.get(), reason=Reason.NO_SUCH_HOUSE, by=command_line())
    assert refused(lambda: send_back(second, by=command_line())) == "nothing_waits"
    assert not ListStep.objects.exists()
