"""A process that dies between any two statements leaves nothing half done, and doing it again works."""

import datetime
import itertools
import os
import signal

import pytest
from django.db import connection, connections

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists, models
from households.claim_decisions import decide_claim
from households.corrections import houses_of_gone_rows
from households.tagging import tag_matching
from households.tests.factories import HouseFactory
from households.tests.intake import line, list_file, outcomes, received
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2015, 1, 20)
WRITTEN = (
    models.HouseList,
    models.HouseNumberRecord,
    models.ListFile,
    models.RowDecision,
    models.RowMatch,
    models.RememberedColumns,
    models.Sender,
    models.TagEvent,
    models.TaggingBatch,
)


def stored():
    """How much there is of everything that the actions write, and which houses have a community."""
    return [model.objects.count() for model in WRITTEN] + [
        models.HouseRegistration.objects.exclude(community=None).count(),
        list(models.HouseNumberRecord.objects.order_by("pk").values_list("outcome", flat=True)),
    ]


def killed_after(statement, action) -> bool:
    """Does the action in a process of its own that is killed after its n-th statement; False if it had fewer."""
    child = os.fork()
    if child == 0:
        _die_after(statement, action)
    _child, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how) or os.WEXITSTATUS(how) == 0, "the action failed by itself"
    return os.WIFSIGNALED(how) and os.WTERMSIG(how) == signal.SIGKILL


def _die_after(statement, action):
    """In the child: a connection of its own, and kill -9 once the n-th statement has run, at the last before COMMIT."""
    numbers = itertools.count(1)

    def count(execute, *given):
        done = execute(*given)
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    try:
        for inherited in connections.all():
            inherited.connection = None  # the parent's, not ours to close
        with connection.execute_wrapper(count):
            action()
        os._exit(0)
    finally:
        os._exit(1)


def die_everywhere(action) -> int:
    """Kills the action after each of its statements in turn; gives their number. The last run, unkilled, stands."""
    before = stored()
    for statement in itertools.count(1):
        if not killed_after(statement, action):
            return statement - 1
        assert stored() == before, f"killed after statement {statement}"
    raise AssertionError


@pytest.fixture
def community():
    for number in ("12/3", "12/4", "12/5"):
        HouseFactory(house_no=number)
    return CommunityFactory.create()


def receive(community, *rows, corrects=None):
    def action():
        house_lists.receive(
            data=list_file(*rows), file_name="l.xlsx", community=community, by=command_line(),
            received_on=DAY, sender="ฝ่ายพัฒนาชุมชน", corrects=corrects,
        )  # fmt: skip

    return action


def test_killed_while_a_list_is_received(community):
    assert die_everywhere(receive(community, line("12/3"), line("99"))) > 5
    assert outcomes(models.HouseList.objects.get()) == ["open", "open"]


def test_killed_while_a_list_is_applied(community):
    house_list = received(community, line("12/3"), line("12/4"), line("99"))
    assert die_everywhere(lambda: tag_matching(house_list, by=command_line(), happened_on=DAY)) > 5
    assert outcomes(house_list) == ["tagged", "tagged", "open"]


def test_killed_while_a_list_takes_the_place_of_another(community):
    receive(community, line("12/3"), line("12/4"), line("99"))()
    first = models.HouseList.objects.get()
    tag_matching(first, by=command_line(), happened_on=DAY)
    assert die_everywhere(receive(community, line("12/3"), line("12/5"), corrects=first)) > 10
    second = models.HouseList.objects.get(corrects=first)
    assert (outcomes(first), outcomes(second)) == (["tagged", "tagged", "closed"], ["tagged", "open"])
    assert [house.house_no for house in houses_of_gone_rows(second)] == ["12/4"]


def test_killed_while_a_batch_is_undone(community):
    house_list = received(community, line("12/3"), line("12/4"))
    batch = tag_matching(house_list, by=command_line(), happened_on=DAY).batch
    assert die_everywhere(lambda: undo_batch(batch, by=command_line(), happened_on=DAY)) > 5
    assert outcomes(house_list) == ["open", "open"]


def test_killed_while_a_claim_is_decided(community):
    other = CommunityFactory.create()
    first, second = received(community, line("12/3")), received(other, line("12/3"))
    for house_list in (first, second):
        tag_matching(house_list, by=command_line(), happened_on=DAY)
    house = models.HouseRegistration.objects.get(house_no="12/3")

    def settle():
        decide_claim(house, in_favour_of=other, reason="ตรวจแล้ว", by=command_line(), happened_on=DAY)

    assert die_everywhere(settle) > 5
    house.refresh_from_db()
    assert (house.community_id, outcomes(second)) == (other.pk, ["tagged"])
