"""The president's door: it leads to the review, and outside of a round it shows no list."""

import datetime

import pytest
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from verification.tests.factories import review_of

pytestmark = pytest.mark.django_db

PAGE = "/my-community/"
A_DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def own():
    return CommunityFactory(code="10150007", name="ชุมชนโรงเจ 1")


@pytest.fixture
def president(own):
    return appoint(Role.PRESIDENT, own)


@pytest.fixture
def phone(client, president):
    client.force_login(president)
    return client


def house_of(community, **parts):
    house = HouseFactory(**parts)
    tag_event(house, community, on=A_DAY)
    return house


def test_outside_of_a_round_there_is_no_list(phone, own) -> None:
    house_of(own, house_no="777/77")
    text = phone.get("/review/", follow=True).content.decode()
    assert "ชุมชนโรงเจ 1" in text
    assert "777/77" not in text


def test_the_front_leads_into_the_only_open_review(phone, own) -> None:
    review = review_of(own, [house_of(own)])
    assert phone.get("/", follow=True).redirect_chain[-1][0] == f"/review/{review.pk}/pledge/"


def test_a_president_of_two_communities_chooses(phone, president, own) -> None:
    second = CommunityFactory(code="10150009", name="ชุมชนที่สอง")
    AppointmentFactory(person=president, role=Role.PRESIDENT, community=second)
    reviews = [review_of(community, [house_of(community)]) for community in (own, second)]
    page = phone.get("/review/", follow=True)
    assert page.redirect_chain[-1][0] == PAGE
    assert all(f"/review/{review.pk}/" in page.content.decode() for review in reviews)


def test_neither_other_communities_nor_their_reviews_are_on_the_page(phone, own) -> None:
    other = CommunityFactory(code="10150008", name="ชุมชนอื่นไกล")
    theirs = review_of(other, [house_of(other)])
    text = phone.get(PAGE).content.decode()
    assert "ชุมชนอื่นไกล" not in text
    assert f"/review/{theirs.pk}/" not in text


def test_an_ended_post_ends_the_view(phone, president) -> None:
    president.appointments.update(until=timezone.localdate())
    assert phone.get(PAGE).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_the_page_is_the_presidents_alone(client, role) -> None:
    client.force_login(appoint(role, DistrictFactory()))
    assert client.get(PAGE).status_code == 404


OFFICE_PAGES = [
    "/houses/",
    "/houses/?community=10150007",
    "/houses/tag/",
    "/houses/untag/",
    "/houses/{house}/",
    "/batches/",
    "/batches/{batch}/",
    "/batches/{batch}/undo/",
    "/register/load/",
    "/work/",
    "/lists/",
    "/lists/receive/",
    "/admin/",
    "/admin/households/houseregistration/",
    "/admin/households/houseregistration/{house}/change/",
    "/admin/communities/community/",
]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", OFFICE_PAGES)
def test_the_offices_pages_are_not_there_for_a_president(phone, own, address, method) -> None:
    house = house_of(own)
    address = address.format(house=house.pk, batch=house.tag_events.get().batch_id)
    assert getattr(phone, method)(address).status_code == 404
