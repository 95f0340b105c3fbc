"""The pages between ticking houses and changing them: what becomes of which, and how they stood, carried along."""

import datetime
import re

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households import tag_check
from households.models import HouseRegistration, TaggingBatch
from households.tagging import say_in_no_community, tag
from households.tests.desk import houses, received, typed
from households.tests.factories import HouseFactory, tag_event
from households.tests.test_tagging_many import many

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
TAG, UNTAG, OUTSIDE = "/houses/tag/", "/houses/untag/", "/houses/in-no-community/"
Outside = HouseRegistration.Outside
CODE = {"community": "10150007"}


@pytest.fixture
def other(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="ชุมชนโรงเจ 2")


@pytest.fixture
def colleague(district):
    return appoint(Role.OFFICER, district)


def boxes(*chosen):
    return {"house": [f"{house.pk}:{house.community_id or ''}" for house in chosen]}


def carried(page, **more):
    """What the page's first form would post."""
    form = re.search(r'<form[^>]*method="post".*?</form>', page.content.decode().split("<main", 1)[1], re.DOTALL)[0]
    posted = {}
    for field in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and value and 'type="hidden"' in field:
            posted.setdefault(name[1], []).append(value[1])
    return posted | more


def of(page):
    return {group.fate.value: group.number for group in page.context["check"].in_order}


def test_the_check_says_of_each_house_what_becomes_of_it(desk, officer, community, other, subdistrict):
    new, same, moved, back, struck, gone, claimed = houses(subdistrict, *"1234567")
    tag_event(same, community, on=DAY)
    tag_event(moved, other, on=DAY)
    say_in_no_community([back.pk], by=officer, expected=1, reason=Outside.NOT_A_DWELLING)
    HouseRegistration.objects.filter(pk=struck.pk).update(state="struck")
    HouseRegistration.objects.filter(pk=gone.pk).update(state="vanished")
    for each in (community, other):
        received(each, officer, typed("7"))
    page = desk.post(TAG, boxes(new, same, moved, back, struck, gone, claimed) | CODE)
    fates = ["new", "returning", "elsewhere", "same", "claimed", "struck", "vanished"]
    assert of(page) == dict.fromkeys(fates, 1)
    said = page.content.decode()
    assert f'href="{reverse("households:claims")}?district=1015"' in said
    assert "ชุมชนโรงเจ 2" in said
    assert "not a dwelling" in said


def test_the_heading_says_which_code_and_how_many_houses(desk, community, subdistrict):
    page = desk.post(TAG, boxes(*houses(subdistrict, "1", "2", "3")) | CODE)
    heading = re.sub(r"\s+", " ", re.search(r"<h1.*?</h1>", page.content.decode(), re.DOTALL)[0])
    assert "10150007" in heading
    assert "ชุมชนโรงเจ 1" in heading
    assert "3 houses" in heading


def test_houses_of_other_communities_move_by_a_button_and_a_reason_of_their_own(desk, community, other, subdistrict):
    free, moved = houses(subdistrict, "1", "2")
    tag_event(moved, other, on=DAY)
    moved.refresh_from_db()
    look = desk.post(TAG, boxes(free, moved) | CODE)
    without = desk.post(TAG, carried(look, move="1", move_reason=" "))
    assert without.context["moving"].errors["move_reason"]
    assert not TaggingBatch.objects.filter(kind="by_hand", community=community).exists()
    done = desk.post(TAG, carried(look, move="1", move_reason="ประธานตกลงกัน"), follow=True)
    assert "1 of them moved" in done.content.decode()
    assert HouseRegistration.objects.filter(community=community).count() == 2


def test_without_that_button_they_stay(desk, community, other, subdistrict):
    free, moved = houses(subdistrict, "1", "2")
    tag_event(moved, other, on=DAY)
    moved.refresh_from_db()
    desk.post(TAG, carried(desk.post(TAG, boxes(free, moved) | CODE), move_reason="ไม่ได้กดปุ่มย้าย"))
    moved.refresh_from_db()
    assert moved.community == other
    assert HouseRegistration.objects.filter(community=community).count() == 1


def test_a_ticked_row_that_showed_something_else_is_told_with_both(desk, community, other, subdistrict, colleague):
    [house] = houses(subdistrict, "12/3")
    tag([house.pk], community=other, by=colleague, expected=1)
    page = desk.post(TAG, boxes(house) | CODE)
    assert page.context["refusal"].code == "stale_page"
    assert "12/3" in page.context["refusal"].messages[0]
    assert "ชุมชนโรงเจ 2" in page.context["refusal"].messages[0]


@pytest.mark.parametrize("address", [TAG, UNTAG, OUTSIDE])
def test_a_check_that_no_longer_holds_is_refused_with_both_and_shows_what_is_now(
    desk, officer, colleague, community, other, subdistrict, address
):
    house, another = houses(subdistrict, "1", "2")
    if address == UNTAG:
        tag([house.pk, another.pk], community=community, by=officer, expected=2)
    look = desk.post(address, {"house": [house.pk, another.pk]} | CODE)
    tag([house.pk], community=other, by=colleague, expected=1, move_reason="ย้าย")
    before = TaggingBatch.objects.count()
    late = desk.post(address, carried(look, reason="private_estate"))
    refusal = late.context["refusal"]
    assert refusal.code == "stale_page"
    assert "ชุมชนโรงเจ 2" in refusal.messages[0]
    assert TaggingBatch.objects.count() == before
    anew = desk.post(address, carried(late, reason="private_estate"), follow=True)
    assert TaggingBatch.objects.count() == before + 1
    assert anew.redirect_chain


def test_all_that_match_are_refused_when_one_came_and_one_went(desk, officer, community, other, subdistrict):
    first, *_rest = houses(subdistrict, "1", "2", "3")
    look = desk.post(f"{TAG}?state=untagged", {"matching": "3"} | CODE)
    tag([first.pk], community=other, by=officer, expected=1)
    houses(subdistrict, "4")
    late = desk.post(f"{TAG}?state=untagged", carried(look))
    assert late.context["refusal"].code == "stale_page"
    assert "not among them" in late.context["refusal"].messages[0]
    assert not HouseRegistration.objects.filter(community=community).exists()


def test_a_number_that_moved_is_refused_with_both_numbers(desk, community, subdistrict):
    houses(subdistrict, "1", "2")
    look = desk.post(f"{TAG}?state=untagged", {"matching": "2"} | CODE)
    houses(subdistrict, "3")
    late = desk.post(f"{TAG}?state=untagged", carried(look))
    assert late.context["refusal"].code == "count_moved"
    assert "2 houses and now 3" in late.context["refusal"].messages[0]


def test_more_than_anybody_looks_through_at_once_is_refused(desk, community, subdistrict, monkeypatch):
    monkeypatch.setattr(tag_check, "MOST_AT_ONCE", 2)
    houses(subdistrict, "1", "2", "3")
    for address in (TAG, UNTAG, OUTSIDE):
        page = desk.post(f"{address}?state=untagged", {"matching": "1000+"} | CODE, follow=True)
        assert "at most 2 are changed at once" in page.content.decode()


def test_a_check_of_thousands_carries_them_in_little(desk, community):
    many(3000)
    page = desk.post(f"{TAG}?state=untagged", {"matching": "1000+"} | CODE)
    assert page.context["check"].gets == 3001
    assert len(page.context["seen"]) < 3000
    desk.post(f"{TAG}?state=untagged", carried(page))
    assert HouseRegistration.objects.filter(community=community).count() == 3001


# --- in no community ---


def test_houses_are_said_to_be_in_no_community_with_a_reason_and_it_is_undone(desk, subdistrict):
    one, two = houses(subdistrict, "1", "2")
    look = desk.post(OUTSIDE, boxes(one, two))
    without = desk.post(OUTSIDE, carried(look))
    assert without.context["form"].errors["reason"]
    other_reason = desk.post(OUTSIDE, carried(look, reason="other"))
    assert other_reason.context["form"].errors["note"]
    done = desk.post(OUTSIDE, carried(look, reason="not_a_dwelling", note="วัด"), follow=True)
    assert set(HouseRegistration.objects.values_list("outside", flat=True)) == {"not_a_dwelling"}
    desk.post(re.search(r'action="(/batches/\d+/undo/)"', done.content.decode())[1])
    assert set(HouseRegistration.objects.values_list("outside", flat=True)) == {""}


def test_it_is_taken_back_on_the_page_that_takes_codes_off(desk, officer, community, subdistrict):
    outside, tagged, bare = houses(subdistrict, "1", "2", "3")
    say_in_no_community([outside.pk], by=officer, expected=1, reason=Outside.NOT_A_DWELLING)
    tag([tagged.pk], community=community, by=officer, expected=1)
    check = desk.post(UNTAG, {"house": [outside.pk, tagged.pk, bare.pk]}).context["check"]
    assert (check.tagged, check.by_outside, check.changes, check.untagged) == (1, {"not_a_dwelling": 1}, 2, 1)
    look = desk.post(UNTAG, boxes(outside))
    assert "Take back that 1 house is in no community" in look.content.decode()
    desk.post(UNTAG, carried(look, reason="เป็นบ้านคน"))
    assert not HouseRegistration.objects.exclude(outside="").exists()


def test_houses_with_a_code_are_left_alone_and_named(desk, officer, community, subdistrict):
    [tagged] = houses(subdistrict, "12/3")
    tag([tagged.pk], community=community, by=officer, expected=1)
    page = desk.post(OUTSIDE, {"house": [tagged.pk]})
    assert of(page) == {"elsewhere": 1}
    assert "Take codes off first" in page.content.decode()


def test_another_districts_house_is_not_among_those_chosen(desk):
    there = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099")))
    page = desk.post(OUTSIDE, {"house": [there.pk], "expected": 1, "reason": "private_estate"}, follow=True)
    there.refresh_from_db()
    assert (there.outside, page.status_code) == ("", 200)


@pytest.mark.parametrize("address", [TAG, UNTAG, OUTSIDE])
def test_a_check_asks_the_same_number_of_queries_for_few_houses_and_for_many(
    desk, community, django_assert_max_num_queries, address
):
    def asked():
        with django_assert_max_num_queries(1000) as seen:
            assert desk.post(f"{address}?state=untagged", {"matching": "1"} | CODE).status_code == 200
        return len(seen)

    many(10)
    asked()
    few = asked()
    HouseRegistration.objects.all().delete()
    many(2000)
    assert asked() == few <= 20


@pytest.mark.parametrize("check", [TAG, UNTAG, OUTSIDE])
def test_the_address_of_a_check_leads_to_the_list_it_was_posted_from(desk, check):
    page = desk.get(check, {"state": "untagged", "q": "12/3"})
    assert page.status_code == 302
    assert page["Location"] == "/houses/?state=untagged&q=12%2F3"


def test_another_language_chosen_on_a_check_leads_back_to_where_the_houses_were_ticked(desk, community, subdistrict):
    house = houses(subdistrict, "1")[0]
    page = desk.post(f"{TAG}?state=untagged", boxes(house) | CODE | {"next": "/lanes/?soi=1"})
    assert '<input type="hidden" name="next" value="/lanes/?soi=1">' in page.content.decode().split("<main", 1)[0]


def test_a_check_that_only_moves_houses_asks_for_the_move(desk, community, other, subdistrict):
    house = houses(subdistrict, "1")[0]
    tag_event(house, other, on=DAY)
    said = desk.post(TAG, boxes(house) | CODE).content.decode()
    assert "Move 1 house to 10150007" in said
    assert "to 0 houses" not in said
