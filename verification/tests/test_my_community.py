"""The president's page: the own community's addresses and nothing else."""

import datetime

import pytest

from communities.models import Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory, tag_event

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


def numbers_on(page) -> list[str]:
    return [house.house_no for lane in page.context["lanes"] for house in lane.houses]


def test_the_own_houses_stand_lane_by_lane_with_their_number(phone, own) -> None:
    for number, soi in (("10", "เทอดไท 5"), ("2", "เทอดไท 5"), ("7", "เทอดไท 6")):
        house_of(own, house_no=number, soi=soi)
    page = phone.get(PAGE)
    assert [[house.house_no for house in lane.houses] for lane in page.context["lanes"]] == [["2", "10"], ["7"]]
    assert page.context["houses"] == 3


def test_neither_house_codes_nor_ids_nor_other_communities_are_on_the_page(phone, own) -> None:
    other = CommunityFactory(code="10150008", name="ชุมชนอื่นไกล")
    mine = house_of(own, house_no="1", house_code="10159000017")
    theirs = house_of(other, house_no="99/99", house_code="10159000025")
    untagged = HouseFactory(house_no="88/88")
    text = phone.get(PAGE).content.decode()
    for hidden in (mine.house_code, "1015-900001-7", theirs.house_code, "99/99", "88/88", "ชุมชนอื่นไกล", "10150008"):
        assert hidden not in text
    assert f"/houses/{mine.pk}" not in text
    assert untagged.house_code not in text


def test_a_house_struck_off_is_not_among_them(phone, own) -> None:
    house = house_of(own, house_no="1")
    type(house).objects.filter(pk=house.pk).update(state="struck")
    page = phone.get(PAGE)
    assert numbers_on(page) == []
    assert page.context["houses"] == 0


@pytest.mark.parametrize(("typed", "found"), [("41/5", ["41/5"]), ("๔๑/๕", ["41/5"]), ("9", []), ("บ้านยาย", [])])
def test_a_number_is_looked_for_in_any_digits(phone, own, typed, found) -> None:
    house_of(own, house_no="41/5")
    house_of(own, house_no="41/6")
    page = phone.get(PAGE, {"number": typed})
    assert numbers_on(page) == found
    assert page.context["houses"] == 2


def test_another_community_in_the_address_is_not_there(phone) -> None:
    CommunityFactory(code="10150008")
    assert phone.get(PAGE, {"community": "10150008"}).status_code == 404


def test_a_president_of_two_communities_chooses(phone, president, own) -> None:
    second = CommunityFactory(code="10150009", name="ชุมชนที่สอง")
    AppointmentFactory(person=president, role=Role.PRESIDENT, community=second)
    house_of(own, house_no="1")
    house_of(second, house_no="2")
    assert numbers_on(phone.get(PAGE)) == ["1"]
    assert numbers_on(phone.get(PAGE, {"community": "10150009"})) == ["2"]


def test_an_ended_post_ends_the_view(phone, president) -> None:
    president.appointments.update(until=datetime.date(2015, 6, 1))
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


def test_the_page_asks_as_many_questions_for_many_houses_as_for_few(phone, own, django_assert_max_num_queries) -> None:
    house_of(own)
    phone.get(PAGE)
    with django_assert_max_num_queries(1000) as few:
        phone.get(PAGE)
    for _number in range(60):
        house_of(own)
    with django_assert_max_num_queries(len(few)):
        assert len(numbers_on(phone.get(PAGE))) == 61
