"""Two officers at the same moment: real transactions on connections of their own."""

import datetime
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from communities.tests.factories import CommunityFactory, command_line
from households import tagging
from households.claim_decisions import decide_claim
from households.house_lists import receive
from households.models import HouseList, HouseRegistration, RowDecision, TagEvent, TaggingBatch
from households.row_decisions import close_row, confirm_likely, decide_row
from households.row_reasons import Reason
from households.tagging import tag, tag_matching, untag
from households.tests.factories import HouseFactory
from households.tests.intake import line, list_file, outcomes, received
from households.trust import draw_sample
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2015, 1, 20)
LONG = 120  # seconds: what is waited for comes at once, only later on a busy machine


def at_once(*actions):
    """Runs the actions together, each on its own connection; gives what each returned, or the code of its refusal."""
    start = threading.Barrier(len(actions))

    def run(action):
        start.wait(LONG)
        try:
            return action()
        except ValidationError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as officers:
        return list(officers.map(run, actions))


@contextmanager
def held_open(action):
    """Does the action in a transaction that another thread keeps open until the block ends."""
    done, leave, problems = threading.Event(), threading.Event(), []

    def hold():
        try:
            with transaction.atomic():
                action()
                done.set()
                leave.wait(LONG)
        except Exception as problem:
            problems.append(problem)
        finally:
            done.set()
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert done.wait(LONG)

    def let_go():
        leave.set()
        holder.join(LONG)
        assert problems == []

    try:
        yield let_go
    finally:
        let_go()


def waits_for(let_go, action):
    """Starts the action, sees that it waits for a lock, lets the other officer finish; gives what it returned."""
    with ThreadPoolExecutor(1) as officers:
        second = officers.submit(lambda: at_once(action)[0])
        until_somebody_waits()
        let_go()
        return second.result(LONG)


def until_somebody_waits():
    until = time.monotonic() + LONG
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    pytest.fail("nobody waited for a lock")


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def by():
    return command_line()


def houses(*numbers):
    return [HouseFactory(house_no=number) for number in numbers]


def apply(house_list, by):
    return lambda: tag_matching(house_list, by=by, happened_on=DAY)


NUMBERS = [f"12/{n}" for n in range(1, 21)]


def test_one_list_applied_twice_at_once_tags_each_house_once(community, by):
    houses(*NUMBERS)
    house_list = received(community, *map(line, NUMBERS))
    done = at_once(*[apply(house_list, by)] * 4)
    assert sorted(each.houses for each in done) == [0, 0, 0, 20]
    assert (TagEvent.objects.count(), RowDecision.objects.count(), TaggingBatch.objects.count()) == (20, 20, 1)


def test_two_communities_that_claim_the_same_houses_at_once_get_one_tag_and_one_claim(community, by):
    houses(*NUMBERS)
    first = received(community, *map(line, NUMBERS))
    second = received(CommunityFactory(), *map(line, reversed(NUMBERS)))
    done = at_once(apply(first, by), apply(second, by))
    assert sorted(each.houses for each in done) == [0, 20]
    assert sorted([set(outcomes(first)).pop(), set(outcomes(second)).pop()]) == ["claimed", "tagged"]
    assert TagEvent.objects.count() == 20
    assert HouseRegistration.objects.exclude(community=None).values("community").distinct().count() == 1


def test_the_second_community_waits_and_then_claims(community, by):
    [house] = houses("12/3")
    first, second = received(community, line("12/3")), received(CommunityFactory(), line("12/3"))
    with held_open(apply(first, by)) as let_go:
        assert waits_for(let_go, apply(second, by)).houses == 0
    house.refresh_from_db()
    assert (house.community, outcomes(second)) == (community, ["claimed"])


def test_two_batches_by_hand_over_the_same_houses_in_other_orders_do_not_lock_each_other_out(community, by):
    chosen = [house.pk for house in houses(*NUMBERS)]
    other = CommunityFactory()
    done = at_once(
        lambda: tag(chosen, community=community, by=by, expected=20, happened_on=DAY),
        lambda: tag(chosen[::-1], community=other, by=by, expected=20, happened_on=DAY),
    )
    assert sorted(each.houses for each in done) == [0, 20]
    assert TagEvent.objects.count() == 20


def test_a_batch_undone_twice_at_once_goes_back_once(community, by):
    houses(*NUMBERS)
    batch = apply(received(community, *map(line, NUMBERS)), by)().batch
    done = at_once(*[lambda: undo_batch(batch, by=by, happened_on=DAY)] * 3)
    assert sorted(each if isinstance(each, str) else "done" for each in done) == ["done", *["undone_already"] * 2]
    assert TagEvent.objects.count() == 40


def test_a_batch_by_hand_undone_twice_at_once_goes_back_once(community, by):
    chosen = [house.pk for house in houses(*NUMBERS)]
    batch = tag(chosen, community=community, by=by, expected=20, happened_on=DAY).batch
    with held_open(lambda: undo_batch(batch, by=by, happened_on=DAY)) as let_go:
        assert waits_for(let_go, lambda: undo_batch(batch, by=by, happened_on=DAY)) == "undone_already"
    assert TagEvent.objects.count() == 40


def test_undoing_while_another_community_tags_leaves_every_house_with_one_history(community, by):
    houses(*NUMBERS)
    batch = apply(received(community, *map(line, NUMBERS)), by)().batch
    second = received(CommunityFactory(), *map(line, NUMBERS))
    undone, _tagged = at_once(lambda: undo_batch(batch, by=by, happened_on=DAY), apply(second, by))
    assert undone.houses == 20
    for house in HouseRegistration.objects.all():
        events = house.tag_events.order_by("id").values_list("previous_community", "community")
        before = None
        for previous, now in events:
            assert previous == before
            before = now
        assert house.community_id == before
    assert set(outcomes(second)) in ({"tagged"}, {"claimed"})


def test_undoing_waits_for_a_withdrawal_and_then_skips_its_house(community, by):
    first, second = houses("12/3", "12/4")
    batch = apply(received(community, line("12/3"), line("12/4")), by)().batch
    withdraw = lambda: untag([first.pk], by=by, expected=1, reason="ผิด", happened_on=DAY)  # noqa: E731
    with held_open(withdraw) as let_go:
        undone = waits_for(let_go, lambda: undo_batch(batch, by=by, happened_on=DAY))
    assert (undone.houses, undone.skipped) == (1, [first])
    second.refresh_from_db()
    assert second.community is None


def test_a_row_closed_while_its_list_is_applied_is_either_tagged_or_closed(community, by):
    houses("12/3")
    house_list = received(community, line("12/3"))
    row = house_list.records.get()
    closing = lambda: close_row(row, reason=Reason.OTHER_COMMUNITY, by=by, happened_on=DAY)  # noqa: E731
    with held_open(closing) as let_go:
        assert waits_for(let_go, apply(house_list, by)).houses == 0
    assert outcomes(house_list) == ["closed"]
    assert not TagEvent.objects.exists()


def test_a_row_is_decided_by_one_of_two_officers(community, by):
    first, second = houses("12/3", "12/3")
    row = received(community, line("12/3")).records.get()
    done = at_once(
        lambda: decide_row(row, house=first, by=by, happened_on=DAY),
        lambda: decide_row(row, house=second, by=by, happened_on=DAY),
    )
    assert "decided_already" in done
    assert TagEvent.objects.count() == 1


def test_likely_rows_are_confirmed_by_one_of_two_officers(community, by):
    [house] = houses("12/3")
    house_list = received(community, line("12/3", subdistrict=None))
    chosen = {house_list.records.get().pk: house.pk}
    done = at_once(*[lambda: confirm_likely(house_list, chosen=chosen, by=by, happened_on=DAY)] * 2)
    assert "stale_page" in done
    assert TagEvent.objects.count() == 1


def test_deciding_a_row_while_its_list_is_applied_does_not_lock_either_out(community, by):
    [house] = houses("12/3")
    house_list = received(community, line("12/3"))
    row = house_list.records.get()
    done = at_once(lambda: decide_row(row, house=house, by=by, happened_on=DAY), apply(house_list, by))
    assert done[0] == "decided_already" or done[1].houses == 0
    assert TagEvent.objects.count() == 1


@pytest.fixture
def claim(community, by):
    """A house, the list that has it, and the list that claims it."""
    [house] = houses("12/3")
    first, second = received(community, line("12/3")), received(CommunityFactory(), line("12/3"))
    apply(first, by)()
    apply(second, by)()
    house.refresh_from_db()
    return house, first, second


def settle(house, house_list, by):
    return lambda: (
        decide_claim(house, in_favour_of=house_list.community, reason="ตรวจแล้ว", by=by, happened_on=DAY).houses
    )


def test_a_claim_is_decided_by_one_of_two_officers(claim, by):
    house, first, second = claim
    done = at_once(settle(house, second, by), settle(house, first, by))
    assert "claim_settled" in done or "stale_page" in done
    house.refresh_from_db()
    won = house.community_id == second.community_id
    assert done[0] == 1 if won else done[1] == 0
    assert outcomes(second) == (["tagged"] if won else ["closed"])
    assert RowDecision.objects.filter(record__house_list=second).count() == 2


def test_a_claim_waits_while_its_row_is_decided_and_then_shows_what_happened(claim, by):
    house, first, second = claim
    row = second.records.get()
    moving = lambda: decide_row(row, house=house, by=by, reason="ตกลงกัน", happened_on=DAY)  # noqa: E731
    with held_open(moving) as let_go:
        assert waits_for(let_go, settle(house, first, by)) == "stale_page"
    assert TagEvent.objects.count() == 2


def test_a_list_is_received_while_another_of_the_community_is_applied(community, by):
    houses(*NUMBERS)
    house_list = received(community, *map(line, NUMBERS))

    def receive_without_waiting():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
        return received(community, line("12/1"), line("12/2"))

    with held_open(apply(house_list, by)):
        [further] = at_once(receive_without_waiting)
    assert further.records.count() == 2


def test_a_house_struck_off_while_its_list_is_graded_is_not_tagged(community, by, monkeypatch):
    [house] = houses("12/3")
    house_list = received(community, line("12/3"))
    locked = tagging.locked_houses

    def struck_before_the_lock(ids):
        at_once(lambda: HouseRegistration.objects.filter(pk=house.pk).update(state="struck"))
        return locked(ids)

    monkeypatch.setattr(tagging, "locked_houses", struck_before_the_lock)
    assert apply(house_list, by)().houses == 0
    assert outcomes(house_list) == ["open"]


def test_of_two_samples_drawn_at_once_there_is_one(community, by):
    houses("12/3", "12/4")
    apply(received(community, line("12/3"), line("12/4")), by)()
    draw = lambda: len(draw_sample(district=community.district, size=1, by=by).rows.all())  # noqa: E731
    assert sorted(map(str, at_once(draw, draw))) == ["1", "sample_unfinished"]


def test_a_correction_that_comes_while_the_corrected_list_is_applied_leaves_no_row_half_done(community, by):
    houses("12/3", "12/4")
    first = received(community, line("12/3"), line("99"))

    def correct():
        data = list_file(line("12/3"), line("12/4"))
        receive(data=data, file_name="l.xlsx", community=community, by=by, corrects=first)

    at_once(correct, apply(first, by))
    second = HouseList.objects.get(corrects=first)
    apply(second, by)()
    assert outcomes(first)[1] == "closed"
    assert set(outcomes(second)) <= {"tagged", "unchanged"}
    assert HouseRegistration.objects.filter(community=community).count() == 2
    assert TagEvent.objects.count() == 2
