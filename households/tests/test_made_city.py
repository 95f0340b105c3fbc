"""A made-up city: the same at every run, in an empty database only, its houses as a register's are."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from communities.models import District, Subdistrict
from communities.tests.factories import CommunityFactory, PersonFactory, command_line
from households.addresses import read_address
from households.house_numbers import parse
from households.made_city import MOST_HOUSES_A_DISTRICT, make_city
from households.models import HouseRegistration, LifeEvent

pytestmark = pytest.mark.django_db
HOUSES = 5_000


def made(houses=HOUSES):
    said = io.StringIO()
    call_command("make_city", houses=houses, stdout=said, stderr=io.StringIO())
    return json.loads(said.getvalue().splitlines()[-1])


def test_every_district_gets_its_share_of_houses_and_each_house_its_event():
    figures = made()
    assert (figures["districts"], figures["houses"]) == (50, HOUSES)
    assert figures["subdistricts"] == Subdistrict.objects.count()
    for district in District.objects.all():
        assert HouseRegistration.objects.filter(district=district).count() == HOUSES / 50
    assert LifeEvent.objects.filter(kind="registered").count() == HOUSES
    struck = HouseRegistration.objects.filter(state="struck").count()
    assert struck == LifeEvent.objects.filter(kind="struck").count() == HOUSES / 100


def test_houses_have_the_keys_that_the_loader_would_give_them():
    made()
    for house in HouseRegistration.objects.order_by("?").select_related("subdistrict")[:50]:
        address = read_address(trok=house.trok, soi=house.soi, road=house.road)
        assert (house.trok_key, house.soi_key, house.road_key) == (address.trok, address.soi, address.road)
        assert house.number_key == parse(house.house_no).key
        assert house.subdistrict.district_id == house.district_id
        assert "\t" in house.lane_order


def test_no_number_stands_twice_in_a_lane():
    made()
    houses = HouseRegistration.objects.values_list("district", "road_key", "soi_key", "number_key")
    assert len(set(houses)) == HOUSES


def _all():
    return list(HouseRegistration.objects.order_by("house_code").values_list("house_code", "house_no", "soi", "road"))


@pytest.mark.django_db(transaction=True)
def test_the_city_is_the_same_at_every_run():
    made(500)
    first = _all()
    call_command("flush", interactive=False, verbosity=0)
    made(500)
    assert _all() == first


@pytest.mark.parametrize("other", [PersonFactory, CommunityFactory.create])
def test_a_database_that_holds_anything_else_is_refused(other):
    other()
    with pytest.raises(CommandError):
        made()
    assert not HouseRegistration.objects.exists()


def test_a_second_city_is_refused():
    made()
    with pytest.raises(CommandError):
        made()
    assert HouseRegistration.objects.count() == HOUSES


@pytest.mark.parametrize("houses", [0, 49, 50 * MOST_HOUSES_A_DISTRICT + 1])
def test_a_city_of_no_sensible_size_is_refused(houses):
    with pytest.raises(ValidationError) as refused:
        make_city(houses=houses, by=command_line())
    assert refused.value.code == "too_many_houses"
