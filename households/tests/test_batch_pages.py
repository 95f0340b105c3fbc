"""Batches: found by who, day, community and kind; a walk house by house is one line, and undone house or whole."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.models import HouseRegistration, TaggingBatch
from households.tagging import say_in_no_community, tag, tag_house
from households.tests.desk import houses, queries_of
from households.tests.factories import HouseFactory
from households.undoing import undo_batch, undo_run
from households.views import batches as batch_pages

pytestmark = pytest.mark.django_db

BATCHES = "/batches/"
Outside = HouseRegistration.Outside


@pytest.fixture
def other(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="ชุมชนโรงเจ 2")


@pytest.fixture
def colleague(district):
    return appoint(Role.OFFICER, district)


def tagged(community, by, *chosen):
    return tag([house.pk for house in chosen], community=community, by=by, expected=len(chosen)).batch


def walk(community, by, chosen):
    return [tag_house(house, community=community, by=by, shown_community=None).batch for house in chosen]


def lines(page):
    return [(line.batch.kind, line.houses, line.undone) for line in page.context["lines"]]


def test_a_walk_house_by_house_is_one_line_a_person_community_and_day(
    desk, officer, colleague, community, other, subdistrict
):
    built = houses(subdistrict, *map(str, range(1, 10)))
    walk(community, officer, built[:3])
    walk(other, officer, built[3:5])
    by_hand = tagged(community, colleague, built[5])
    walk(community, colleague, built[6:7])
    mine = walk(community, officer, built[7:9])
    undo_batch(mine[0], by=officer)
    assert lines(desk.get(BATCHES)) == [
        ("undone", 1, 0),
        ("house_by_house", 5, 1),
        ("house_by_house", 1, 0),
        ("by_hand", 1, 0),
        ("house_by_house", 2, 0),
    ]
    assert by_hand in desk.get(BATCHES).context["batches"]


def test_walks_of_two_days_are_two_lines(desk, officer, community, subdistrict):
    first, second = houses(subdistrict, "1", "2")
    yesterday = timezone.now() - datetime.timedelta(days=1)
    with time_machine.travel(yesterday, tick=False):
        walk(community, officer, [first])
    walk(community, officer, [second])
    assert lines(desk.get(BATCHES)) == [("house_by_house", 1, 0)] * 2


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"who": "mine"}, 2),
        ({"community": "10150008"}, 1),
        ({"kind": "in_no_community"}, 1),
        ({"day": "2015-01-20"}, 1),
        ({"day": "2015-01-21"}, 2),
        ({"day": "2015-01-22"}, 0),
        ({"day": "rubbish", "community": "nobody", "kind": "x"}, 3),
    ],
)
def test_batches_are_narrowed_down(client, district, subdistrict, community, other, asked, number):
    with time_machine.travel(datetime.datetime(2015, 1, 20, 5, tzinfo=datetime.UTC), tick=False) as clock:
        officer, colleague = appoint(Role.OFFICER, district), appoint(Role.OFFICER, district)
        one, two, three = houses(subdistrict, "1", "2", "3")
        tagged(community, officer, one)
        # In Bangkok this is the day after.
        clock.move_to(datetime.datetime(2015, 1, 20, 18, tzinfo=datetime.UTC))
        tagged(other, officer, two)
        say_in_no_community([three.pk], by=colleague, expected=1, reason=Outside.PRIVATE_ESTATE)
        client.force_login(officer)
        page = client.get(BATCHES, asked)
        assert len(page.context["lines"]) == number


def test_pages_of_batches_go_on_where_the_page_before_ended(desk, officer, community, subdistrict):
    built = houses(subdistrict, *map(str, range(1, 64)))
    walk(community, officer, built[:2])
    made = [tagged(community, officer, house) for house in built[2:]]
    first = desk.get(BATCHES)
    assert [line.batch for line in first.context["lines"]] == made[::-1][:50]
    second = desk.get(BATCHES, {"before": first.context["next"].pk})
    assert [line.houses for line in second.context["lines"]] == [1] * 11 + [2]
    assert second.context["next"] is None


def test_the_list_asks_the_same_number_of_queries_for_few_batches_and_for_many(desk, officer, community, subdistrict):
    built = houses(subdistrict, *map(str, range(1, 300)))
    walk(community, officer, built[:5])
    tagged(community, officer, built[5])
    few = queries_of(desk, BATCHES)
    walk(community, officer, built[6:250])
    for house in built[250:]:
        tagged(community, officer, house)
    assert queries_of(desk, BATCHES) == few <= 12


def test_each_house_of_a_walk_is_undone_alone_and_all_of_them_together(desk, officer, community, subdistrict):
    built = houses(subdistrict, "1", "2", "3")
    *_others, newest = walk(community, officer, built)
    page = desk.get(reverse("households:batch_run", args=[newest.pk]))
    assert (page.context["number"], page.context["left"]) == (3, 3)
    undos = re.findall(r'action="(/batches/\d+/undo/)"', page.content.decode())
    assert len(undos) == 3
    desk.post(undos[0])
    assert not HouseRegistration.objects.get(house_no="3").community_id
    desk.post(reverse("households:batch_run_undo", args=[newest.pk]))
    assert not HouseRegistration.objects.exclude(community=None).exists()
    page = desk.get(reverse("households:batch_run", args=[newest.pk]))
    assert (page.context["number"], page.context["left"]) == (3, 0)
    again = desk.post(reverse("households:batch_run_undo", args=[newest.pk]), follow=True)
    assert "nothing left to undo" in again.content.decode()


def test_undoing_a_walk_skips_and_names_what_changed_since_and_who_did_it(
    desk, officer, colleague, community, other, subdistrict
):
    stays, moved = houses(subdistrict, "1", "2")
    newest = walk(community, officer, [stays, moved])[-1]
    tag([moved.pk], community=other, by=colleague, expected=1, move_reason="ประธานสองชุมชนตกลงกัน")
    done = desk.post(reverse("households:batch_run_undo", args=[newest.pk]), follow=True)
    said = done.content.decode()
    assert "1 house is as before" in said
    assert f"{moved} (by {colleague})" in said
    assert set(HouseRegistration.objects.values_list("house_no", "community")) == {("1", None), ("2", other.pk)}


def test_undoing_a_walk_leaves_other_walks_alone(officer, colleague, community, other, subdistrict):
    built = houses(subdistrict, *map(str, range(1, 5)))
    mine = walk(community, officer, built[:2])
    walk(other, officer, built[2:3])
    walk(community, colleague, built[3:])
    assert undo_run(mine[0], by=officer).houses == 2
    assert HouseRegistration.objects.exclude(community=None).count() == 2


def test_a_batch_of_another_kind_is_no_walk(desk, officer, community, subdistrict):
    [house] = houses(subdistrict, "1")
    batch = tagged(community, officer, house)
    assert desk.get(reverse("households:batch_run", args=[batch.pk])).status_code == 404
    with pytest.raises(ValidationError) as refused:
        undo_run(batch, by=officer)
    assert refused.value.code == "no_run"


def test_another_districts_walk_is_not_there(desk, officer):
    there = SubdistrictFactory(district=DistrictFactory(code="1099"))
    newest = walk(CommunityFactory(subdistrict=there), officer, [HouseFactory(subdistrict=there)])[-1]
    for name in ("batch_run", "batch"):
        assert desk.get(reverse(f"households:{name}", args=[newest.pk])).status_code == 404
    assert desk.post(reverse("households:batch_run_undo", args=[newest.pk])).status_code == 404
    assert not TaggingBatch.objects.filter(kind="undone").exists()


def test_the_batch_names_who_changed_the_houses_it_skipped(desk, officer, colleague, community, other, subdistrict):
    stays, moved = houses(subdistrict, "1", "2")
    batch = tagged(community, officer, stays, moved)
    tag([moved.pk], community=other, by=colleague, expected=1, move_reason="ตกลงกัน")
    done = desk.post(reverse("households:batch_undo", args=[batch.pk]), follow=True)
    assert f"{moved} (by {colleague})" in done.content.decode()
    [event] = done.context["changed_since"].values()
    assert (event.house_id, event.batch.done_by) == (moved.pk, colleague)


def test_a_batch_shows_why_houses_are_in_no_community(desk, officer, community, subdistrict):
    [house] = houses(subdistrict, "1")
    say_in_no_community([house.pk], by=officer, expected=1, reason=Outside.NOT_A_DWELLING)
    back = tagged(community, officer, house)
    page = desk.get(reverse("households:batch", args=[back.pk]))
    assert "not a dwelling" in page.content.decode()


def test_paper_says_how_many_of_the_batchs_houses_stand_on_it(desk, officer, community, subdistrict, monkeypatch):
    monkeypatch.setattr(batch_pages, "HOUSES_A_PAGE", 2)
    chosen = houses(subdistrict, "1", "2", "3")
    done = tag([house.pk for house in chosen], community=community, by=officer, expected=3)
    page = desk.get(reverse("households:batch", args=[done.batch.pk])).content.decode()
    assert "On this paper: 2 of the batch’s 3 houses." in page
