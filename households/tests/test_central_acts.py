"""What the office decided and somebody must do in the central register."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from communities.models import Appointment, Role
from communities.tests.factories import appoint
from households.central_acts import acts_to_carry_out, carry_out, take_back
from households.models import ActKeying, Reconciliation
from households.tests.factories import HouseFactory, act_of_the_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return HouseFactory.create(house_no="12/3")


@pytest.fixture
def officer(client, house):
    person = appoint(Role.OFFICER, house.district)
    client.force_login(person)
    return person


@pytest.fixture
def act(house, officer):
    return act_of_the_office(house, officer)


def test_a_struck_house_waits_until_an_officer_says_it_is_done_and_who_did(client, officer, act, house):
    page = client.get(reverse("households:central_acts"))
    assert [(line.house, line.act, line.done) for line in page.context["lines"]] == [(house, act, None)]
    client.post(reverse("households:central_act_done", args=[act.pk]))
    [line] = acts_to_carry_out(house.district, officer)
    assert line.done.recorded_by == officer


def test_said_twice_it_is_told_and_taken_back_it_waits_again(client, officer, act, house):
    carry_out(act, by=officer)
    with pytest.raises(ValidationError) as refusal:
        carry_out(act, by=officer)
    assert refusal.value.code == "done_already"
    client.post(reverse("households:central_act_take_back", args=[act.pk]))
    [line] = acts_to_carry_out(house.district, officer)
    assert line.done is None
    with pytest.raises(ValidationError) as refusal:
        take_back(act, by=officer, reason="another house")
    assert refusal.value.code == "nothing_to_take_back"
    assert ActKeying.objects.count() == 2


def test_it_is_taken_back_with_a_reason_through_action_and_database(officer, act):
    carry_out(act, by=officer)
    with pytest.raises(ValidationError) as refusal:
        take_back(act, by=officer, reason=" ")
    assert refusal.value.code == "reason_needed"
    fields = {"kind": "taken_back", "happened_on": timezone.localdate(), "recorded_by": officer}
    with pytest.raises(IntegrityError, match="act_taken_back_with_a_reason"), transaction.atomic():
        ActKeying.objects.bulk_create([ActKeying(life_event=act, **fields)])


def test_a_newer_extract_that_shows_the_house_as_before_denies_what_was_said(officer, act, house):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    carry_out(act, by=officer, happened_on=yesterday)
    assert acts_to_carry_out(house.district, officer)[0].is_settled
    numbers = dict.fromkeys(("agree", "differ", "missing", "untagged"), 0)
    extract = Reconciliation.objects.create(
        district=house.district,
        taken_on=timezone.localdate(),
        file_name="x.csv",
        fingerprint="f" * 64,
        loaded_by=officer,
        **numbers,
    )
    [line] = acts_to_carry_out(house.district, officer)
    assert (line.denied_by, line.is_settled) == (extract, False)


def test_the_house_says_in_whose_place_an_acting_registrar_approved(client, officer, act, house):
    director = appoint(Role.HEAD, house.district)
    Appointment.objects.filter(person=act.recorded_by).update(acting_for=director)
    page = client.get(reverse("households:house", args=[house.pk])).content.decode()
    assert str(director) in page


def test_what_an_extract_showed_waits_no_more(act, officer, house):
    type(house).objects.filter(pk=house.pk).update(awaits_central="")
    assert acts_to_carry_out(house.district, officer) == []
    with pytest.raises(ValidationError) as refusal:
        carry_out(act, by=officer)
    assert refusal.value.code == "waits_no_more"


def test_a_director_looks_and_says_nothing(client, act, house):
    client.force_login(appoint(Role.DIRECTOR, house.district))
    assert client.get(reverse("households:central_acts")).status_code == 200
    assert client.post(reverse("households:central_act_done", args=[act.pk])).status_code == 404
    assert not ActKeying.objects.exists()


def test_another_district_finds_nothing(client, act):
    elsewhere = HouseFactory.create(subdistrict__district__code="1099", subdistrict__code="109901").district
    client.force_login(appoint(Role.OFFICER, elsewhere))
    assert client.get(reverse("households:central_acts")).context["lines"] == []
    assert client.post(reverse("households:central_act_done", args=[act.pk])).status_code == 404


def test_what_was_said_stays(act, officer):
    said = carry_out(act, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActKeying.objects.filter(pk=said.pk).update(kind="taken_back")


def test_the_house_tells_of_the_act_with_both_names_and_the_case(client, officer, act, house):
    page = client.get(reverse("households:house", args=[house.pk])).content.decode()
    for told in (str(officer), str(act.recorded_by), "12/2569"):
        assert told in page


def test_as_many_queries_for_one_house_as_for_ten(client, officer, act, house, django_assert_num_queries):
    address = reverse("households:central_acts")
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)
    for _nth in range(9):
        act_of_the_office(HouseFactory.create(subdistrict=house.subdistrict), officer)
    with django_assert_num_queries(7):
        client.get(address)
