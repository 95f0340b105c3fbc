"""What no page offers and somebody posts all the same: it is refused or left out, and never breaks a page."""

import datetime

import pytest
from django.urls import reverse

from communities.tests.factories import CommunityFactory
from households.models import DeskCheck, HouseRegistration, TaggingBatch
from households.tagging import tag
from households.tests.desk import houses
from households.tests.factories import HouseFactory, tag_event
from households.tests.test_tag_pages import CODE, OUTSIDE, TAG, UNTAG, boxes, carried

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
NUL = "a\0b"


@pytest.fixture
def stray(subdistrict, community):
    neighbour = CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="โรงเจ 2")
    row = houses(subdistrict, "1", "3", "5")
    for house, theirs in zip(row, (community, neighbour, community), strict=True):
        tag_event(house, theirs, on=DAY)
    return HouseRegistration.objects.get(pk=row[1].pk)


def found_right(desk, stray, **more):
    told = {"note": "ร้าน", "shown_community": stray.community_id} | more
    return desk.post(reverse("households:stray_right", args=[stray.pk]), told)


@pytest.mark.parametrize("elsewhere", ["x", "households:home", "0", "//evil.example", "https://evil.example", "\0"])
def test_a_way_back_that_is_no_address_here_leads_to_the_page_itself(desk, stray, elsewhere):
    answer = found_right(desk, stray, next=elsewhere)
    assert (answer.status_code, answer.url) == (302, f"{reverse('households:strays')}?district=1015")


@pytest.mark.parametrize(("note", "kept"), [("ก" * 5000, "ก" * 500), (f" {NUL} ", "ab")])
def test_a_note_that_no_field_lets_anybody_type_is_kept_as_far_as_it_can_be(desk, stray, note, kept):
    assert found_right(desk, stray, note=note).status_code == 302
    assert DeskCheck.objects.get().note == kept


def test_a_note_of_nothing_that_can_be_kept_is_none(desk, stray):
    found_right(desk, stray, note="\0 \0")
    assert not DeskCheck.objects.exists()


def test_a_subdistrict_that_cannot_be_is_not_there(desk, stray):
    HouseFactory(subdistrict=stray.subdistrict)
    address = reverse("households:run")
    assert desk.get(address, {"subdistrict": NUL}).status_code == 404
    assert desk.get(address, {"after": "1", "part": NUL}).status_code == 200


@pytest.mark.parametrize("address", [TAG, UNTAG, OUTSIDE])
def test_a_look_that_cannot_be_read_any_more_is_taken_anew(desk, officer, community, subdistrict, address):
    [house] = houses(subdistrict, "1")
    if address == UNTAG:
        tag([house.pk], community=community, by=officer, expected=1)
    before = TaggingBatch.objects.count()
    look = desk.post(address, boxes(house) | CODE)
    page = desk.post(address, carried(look, reason="private_estate", seen="made:up"))
    assert page.context["check"].total == 1
    assert TaggingBatch.objects.count() == before


@pytest.mark.parametrize("address", [TAG, UNTAG, OUTSIDE])
def test_the_same_form_posted_twice_is_done_once(desk, officer, community, subdistrict, address):
    [house] = houses(subdistrict, "1")
    if address == UNTAG:
        tag([house.pk], community=community, by=officer, expected=1)
    before = TaggingBatch.objects.count()
    form = carried(desk.post(address, boxes(house) | CODE), reason="private_estate")
    assert desk.post(address, form).status_code == 302
    assert desk.post(address, form).context["refusal"].code == "stale_page"
    assert TaggingBatch.objects.count() == before + 1
