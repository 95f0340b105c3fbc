"""The page of strays: what it says of each, finding one right and taking that back, moving one, and scope."""

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.models import DeskCheck, HouseRegistration
from households.tests.desk import queries_of, received, signed_in, typed
from households.tests.factories import AssignmentFactory, HouseFactory, tag_event

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 20)
STRAYS = reverse("households:strays")


@pytest.fixture
def neighbour(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="โรงเจ 2")


@pytest.fixture
def stray(subdistrict, community, neighbour):
    return _row_with_stray(subdistrict, community, neighbour, "เทอดไท 5")


def _row_with_stray(subdistrict, community, neighbour, soi):
    houses = [HouseFactory(subdistrict=subdistrict, house_no=number, soi=soi) for number in ("1", "3", "5")]
    for house, theirs in zip(houses, (community, neighbour, community), strict=True):
        tag_event(house, theirs, on=DAY)
    return houses[1]


def page_of(client, **query):
    answer = client.get(STRAYS, query)
    assert answer.status_code == 200
    return answer.content.decode()


def find_right(client, house, community, note="ร้านของชุมชน"):
    address = reverse("households:stray_right", args=[house.pk])
    return client.post(address, {"note": note, "shown_community": community.pk}, follow=True).content.decode()


def test_a_stray_is_shown_with_its_neighbours_and_who_tagged_it(desk, stray):
    page = page_of(desk)
    for said in ("10150008 โรงเจ 2", "10150007 ชุมชนโรงเจ 1", "houses chosen by hand", "To look at 1"):
        assert said.casefold() in page.casefold()


def test_a_tag_that_came_from_a_list_names_its_row(desk, subdistrict, community, neighbour, officer, stray):
    stray_from_list = HouseFactory(subdistrict=subdistrict, house_no="4")
    for number in ("2", "6"):
        tag_event(HouseFactory(subdistrict=subdistrict, house_no=number), community, on=DAY)
    house_list = received(neighbour, officer, typed("4"), name="โรงเจ2.csv")
    desk.post(reverse("households:list_apply", args=[house_list.pk]))
    stray_from_list.refresh_from_db()
    assert stray_from_list.community_id == neighbour.pk
    assert "โรงเจ2.csv" in page_of(desk)


def test_a_claimed_stray_leads_to_its_claim(desk, community, officer, stray):
    received(community, officer, typed("3"))
    page = page_of(desk)
    assert reverse("households:claim", args=[stray.pk]) in page
    assert "Move to its neighbours" not in page


def test_a_stray_is_found_right_and_that_is_taken_back(desk, neighbour, stray):
    said = find_right(desk, stray, neighbour)
    check = DeskCheck.objects.get()
    back = reverse("households:desk_check_take_back", args=[check.pk])
    assert "No strays" in said
    assert back in said
    assert "ร้านของชุมชน" in page_of(desk, found="right")
    assert "to be looked at again" in desk.post(back, follow=True).content.decode()
    assert "โรงเจ 2" in page_of(desk)
    assert "No stray was found right yet" in page_of(desk, found="right")
    assert "taken back already" in desk.post(back, follow=True).content.decode()


@pytest.mark.parametrize(("note", "said"), [(" ", "Say why"), ("x", "shown with")])
def test_a_refusal_is_said(desk, community, neighbour, stray, note, said):
    assert said in find_right(desk, stray, neighbour if note == " " else community, note)
    assert not DeskCheck.objects.exists()


def test_a_stray_is_offered_to_its_neighbours_community_by_the_ordinary_check(desk, community, neighbour, stray):
    page = page_of(desk)
    assert f'value="{stray.pk}:{neighbour.pk}"' in page
    assert 'name="community" value="10150007"' in page


def test_as_many_queries_for_few_strays_as_for_many(desk, subdistrict, community, neighbour, stray):
    few = queries_of(desk, STRAYS)
    for soi in range(100, 140):
        _row_with_stray(subdistrict, community, neighbour, f"เทอดไท {soi}")
    assert queries_of(desk, STRAYS) == few
    assert few <= 15


def test_the_director_sees_strays_and_changes_nothing(client, district, neighbour, stray):
    director = signed_in(client, appoint(Role.DIRECTOR, district))
    assert "It is right so" not in page_of(director)
    assert director.post(reverse("households:stray_right", args=[stray.pk])).status_code == 404


def test_another_district_is_not_there(client, district, neighbour, stray, officer):
    check = DeskCheck.objects.create(
        house=stray, kind="stray", community=neighbour, happened_on=DAY, counted_on=DAY, recorded_by=officer
    )
    stranger = signed_in(client, appoint(Role.OFFICER, DistrictFactory(code="1016")))
    assert stranger.get(STRAYS, {"district": "1015"}).status_code == 404
    assert stranger.post(reverse("households:stray_right", args=[stray.pk])).status_code == 404
    assert stranger.post(reverse("households:desk_check_take_back", args=[check.pk])).status_code == 404
    assert HouseRegistration.objects.get(pk=stray.pk).community_id == neighbour.pk


def test_the_strays_of_the_own_communities_are_counted_and_shown_alone(
    desk, subdistrict, community, neighbour, officer
):
    _row_with_stray(subdistrict, community, neighbour, "เทอดไท 5")
    others = [CommunityFactory.create(subdistrict=subdistrict) for _each in "ab"]
    elsewhere = _row_with_stray(subdistrict, *others, "เทอดไท 7")
    AssignmentFactory(community=neighbour, officer=officer)
    assert "In my communities 1".casefold() in page_of(desk).casefold()
    assert reverse("households:house", args=[elsewhere.pk]) in page_of(desk)
    assert reverse("households:house", args=[elsewhere.pk]) not in page_of(desk, whose="mine")


def test_whoever_has_no_communities_is_not_asked_for_the_own_ones(desk, stray):
    assert "whose=mine" not in page_of(desk)
