"""Two officers key the same houses at the same moment: real transactions on connections of their own."""

import pytest

from communities.tests.factories import CommunityFactory, PersonFactory, command_line
from households.keying import key, take_back
from households.models import HouseRegistration, KeyingEvent, SeenCode
from households.registrations import load
from households.tagging import untag
from households.tests.books import HEADER, extract, house
from households.tests.factories import HouseFactory, tag_event
from households.tests.test_tagging_races import DAY, at_once, held_open, waits_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    return CommunityFactory.create(code="10150001")


def tagged(community, *numbers):
    houses = [HouseFactory(subdistrict=community.subdistrict, house_no=number) for number in numbers]
    for one in houses:
        tag_event(one, community, on=DAY)
    return houses


def events():
    return list(KeyingEvent.objects.order_by("id").values_list("house__house_no", "kind", "community"))


def test_two_officers_who_key_the_same_house_record_it_once(community):
    [one] = tagged(community, "1")
    officers = [command_line(), PersonFactory()]
    done = at_once(*[lambda by=by: len(key({one.pk: community.pk}, by=by).houses) for by in officers])
    assert sorted(done) == [0, 1]
    assert events() == [("1", "keyed", community.pk)]


def test_overlapping_lists_ticked_in_opposite_order_neither_deadlock_nor_double(community):
    houses = tagged(community, *[str(number) for number in range(1, 31)])
    ids = [one.pk for one in houses]
    first, second = dict.fromkeys(ids[:20], community.pk), dict.fromkeys(reversed(ids[10:]), community.pk)
    by = command_line()
    done = at_once(lambda: len(key(first, by=by).houses), lambda: len(key(second, by=by).houses))
    assert sum(done) == 30
    assert KeyingEvent.objects.count() == 30


def test_keying_waits_for_the_tagging_that_takes_the_code_off_and_is_refused_then(community):
    [one] = tagged(community, "1")
    by = command_line()
    with held_open(lambda: untag([one.pk], by=by, expected=1, reason="ผิดบ้าน")) as let_go:
        assert waits_for(let_go, lambda: key({one.pk: community.pk}, by=by)) == "stale_page"
    assert events() == []


def test_a_keying_is_taken_back_once(community):
    [one] = tagged(community, "1")
    key({one.pk: community.pk}, by=command_line())
    by = [command_line(), PersonFactory()]
    done = at_once(*[lambda who=who: len(take_back([one.pk], by=who, reason="กดผิด").houses) for who in by])
    assert sorted(map(str, done)) == ["1", "nothing_to_take_back"]
    assert [kind for _house, kind, _community in events()] == ["keyed", "taken_back"]


def test_an_extract_with_codes_and_an_officer_who_keys_meet_without_deadlock(community):
    rows = [[*house(f"1015900{number:04d}", str(number)), "10150001"] for number in range(1, 41)]
    by, district = command_line(), community.district
    load(source=extract([row[:-1] for row in rows]), file_name="t.xlsx", district=district, by=by, on=DAY)
    for one in HouseRegistration.objects.all():
        tag_event(one, community, on=DAY)
    # Other addresses for half of them: the load changes houses as well as their codes.
    moved = [[*row[:4], "เทอดไท 9", *row[5:]] if at % 2 else row for at, row in enumerate(rows)]
    source = extract(moved, header=(*HEADER, "รหัสชุมชน"))
    ids = list(HouseRegistration.objects.order_by("-pk").values_list("pk", flat=True))
    done = at_once(
        lambda: load(source=source, file_name="u.xlsx", district=district, by=by).changed,
        lambda: len(key(dict.fromkeys(ids, community.pk), by=by).houses),
    )
    assert done == [20, 40]
    assert (SeenCode.objects.count(), KeyingEvent.objects.count()) == (40, 40)


def test_two_loads_of_the_same_codes_see_them_once(community):
    rows = [[*house(f"1015900{number:04d}", str(number)), "10150001"] for number in range(1, 11)]
    source, by = extract(rows, header=(*HEADER, "รหัสชุมชน")), command_line()
    at_once(*[lambda: load(source=source, file_name="t.xlsx", district=community.district, by=by)] * 2)
    assert SeenCode.objects.count() == 10
