"""A process that dies between any two statements of an officer's act leaves nothing half done."""

import datetime

import pytest

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint, command_line
from households import models
from households.assignments import assign, hand_over
from households.keying import key, take_back
from households.models import HouseRegistration
from households.registrations import load
from households.tagging import say_in_no_community, tag, tag_house, untag
from households.tests import test_crashes
from households.tests.books import HEADER, extract, house
from households.tests.factories import HouseFactory
from households.tests.test_crashes import die_everywhere
from households.undoing import undo_batch, undo_run

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2015, 1, 20)
WRITTEN = (
    models.TaggingBatch,
    models.TagEvent,
    models.KeyingEvent,
    models.Reconciliation,
    models.SeenCode,
    models.LifeEvent,
    models.Assignment,
)


@pytest.fixture(autouse=True)
def what_is_stored(monkeypatch):
    """Everything that these acts write, and how each house and assignment stands."""
    monkeypatch.setattr(
        test_crashes,
        "stored",
        lambda: [
            [model.objects.count() for model in WRITTEN],
            list(
                HouseRegistration.objects.order_by("pk").values_list(
                    "community", "outside", "keyed_community", "central_code", "state"
                )
            ),
            list(models.Assignment.objects.order_by("pk").values_list("officer", "until", "ended_by")),
        ],
    )


@pytest.fixture
def community():
    return CommunityFactory.create(code="10150001")


@pytest.fixture
def ids():
    return [HouseFactory(house_no=number, house_code=f"1015900000{number}").pk for number in "12345"]


def tagged(ids, community):
    return tag(ids, community=community, by=command_line(), expected=len(ids), happened_on=DAY).batch


def test_killed_while_houses_are_tagged_moved_and_taken_off(ids, community):
    by, other = command_line(), CommunityFactory()
    assert die_everywhere(lambda: tagged(ids, community)) > 3
    assert die_everywhere(lambda: tag(ids, community=other, by=by, expected=5, move_reason="ย้าย", happened_on=DAY))
    assert die_everywhere(lambda: untag(ids, by=by, expected=5, reason="ผิด", happened_on=DAY)) > 3
    reason = HouseRegistration.Outside.NOT_A_DWELLING
    assert die_everywhere(lambda: say_in_no_community(ids, by=by, expected=5, reason=reason, happened_on=DAY)) > 3


def test_killed_while_a_batch_and_a_walk_are_undone(ids, community):
    by = command_line()
    batch = tagged(ids[:3], community)
    assert die_everywhere(lambda: undo_batch(batch, by=by)) > 5
    walk = [
        tag_house(HouseRegistration.objects.get(pk=pk), community=community, by=by, shown_community=None).batch
        for pk in ids
    ]
    assert die_everywhere(lambda: undo_run(walk[0], by=by)) > 10
    assert not HouseRegistration.objects.exclude(community=None).exists()


def test_killed_while_houses_are_keyed_and_that_is_taken_back(ids, community):
    by = command_line()
    tagged(ids, community)
    assert die_everywhere(lambda: key(dict.fromkeys(ids, community.pk), by=by)) > 2
    assert die_everywhere(lambda: take_back(ids, by=by, reason="ผิด")) > 2


def test_killed_while_an_extract_with_codes_is_loaded(ids, community):
    tagged(ids, community)
    rows = [[*house(f"1015900000{number}", number), "10150001"] for number in "123"]
    source = extract(rows, header=(*HEADER, "รหัสชุมชน"))
    loading = {"source": source, "file_name": "t.xlsx", "district": community.district, "by": command_line()}
    assert die_everywhere(lambda: load(**loading)) > 8
    assert models.SeenCode.objects.count() == 3


def test_killed_while_communities_are_given_and_handed_over(community):
    first, second = (appoint(Role.OFFICER, community.district) for _person in range(2))
    order = {"order_number": "๔๙/๒๕๕๘", "order_date": DAY, "since": DAY, "by": command_line()}
    assert die_everywhere(lambda: assign([community], officer=first, **order)) > 3
    until = DAY + datetime.timedelta(days=5)
    assert die_everywhere(lambda: hand_over(first, to=second, district=community.district, until=until, **order)) > 3
    assert die_everywhere(lambda: assign([community], officer=second, **order)) > 3
