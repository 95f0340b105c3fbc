"""Factories of houses, lists and tags."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from communities.models import District, Role
from communities.tests.factories import (
    LONG_AGO,
    AppointmentFactory,
    CommunityFactory,
    SubdistrictFactory,
    command_line,
)
from households import models
from households.addresses import lane_order, read_address
from households.house_numbers import parse
from households.register import strike_off


class HouseFactory(DjangoModelFactory):
    """A live house; its keys follow from the verbatim address as the loader would write them."""

    class Meta:
        model = models.HouseRegistration

    subdistrict = factory.SubFactory(SubdistrictFactory)
    district = factory.SelfAttribute("subdistrict.district")
    house_code = factory.Sequence(lambda n: f"1015{9000010 + n:07d}")
    house_no = factory.Sequence(lambda n: f"{n + 1}")
    soi = "เทอดไท 5"
    road = "เทอดไท"
    trok = ""
    number_key = factory.LazyAttribute(lambda h: parse(h.house_no).key)
    number_order = factory.LazyAttribute(lambda h: parse(h.house_no).order)
    trok_key = factory.LazyAttribute(lambda h: _address(h).trok)
    soi_key = factory.LazyAttribute(lambda h: _address(h).soi)
    road_key = factory.LazyAttribute(lambda h: _address(h).road)
    lane_order = factory.LazyAttribute(lambda h: lane_order(_address(h)))


def _address(house):
    return read_address(trok=house.trok, soi=house.soi, road=house.road)


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = models.TaggingBatch

    kind = models.TaggingBatch.Kind.BY_HAND
    happened_on = datetime.date(2015, 1, 20)
    done_by = factory.LazyFunction(command_line)


def tag_event(house, community, *, on, batch=None):
    """A tag recorded directly as `on` (true day and counting day), past the tagging actions."""
    house.refresh_from_db()
    batch = batch or BatchFactory(district=house.district, community=community, happened_on=on)
    return models.TagEvent.objects.create(
        batch=batch,
        house=house,
        community=community,
        previous_community=house.community,
        happened_on=on,
        counted_on=on,
    )


def alias_of(written, meant, *, part="soi", ground="decisions", sender=None):
    """A confirmed other name of a lane, both names as keys."""
    return models.Alias.objects.create(
        district=District.objects.get(code="1015"),
        part=part,
        written=written,
        meant=meant,
        sender=sender,
        ground=ground,
        confirmed_by=command_line(),
    )


class AssignmentFactory(DjangoModelFactory):
    """An officer has a community since long ago, by an order; `stands_in_for` makes it a hand-over."""

    class Meta:
        model = models.Assignment

    community = factory.SubFactory(CommunityFactory)
    since = LONG_AGO
    order_number = "๔๙/๒๕๕๘"
    order_date = LONG_AGO
    recorded_by = factory.LazyFunction(command_line)


def keying_event(house, community, *, on, by=None):
    """A keying recorded directly as `on` (true day and counting day), past the keying actions."""
    house.refresh_from_db()
    return models.KeyingEvent.objects.create(
        house=house,
        kind=models.KeyingEvent.Kind.KEYED,
        community=community,
        previous_community=house.keyed_community,
        happened_on=on,
        counted_on=on,
        recorded_by=by or command_line(),
    )


def seen_code(house, code, *, on, extract=None):
    """A code that an extract of the day showed for the house, recorded directly."""
    house.refresh_from_db()
    extract = extract or models.Reconciliation.objects.create(
        district=house.district,
        taken_on=on,
        file_name="extract.csv",
        fingerprint=f"{on}",
        agree=0,
        differ=0,
        missing=0,
        untagged=0,
        loaded_by=command_line(),
    )
    return models.SeenCode.objects.create(
        house=house,
        code=code,
        previous_code=house.central_code,
        reconciliation=extract,
        happened_on=on,
        counted_on=on,
    )


def act_of_the_office(house, proposed_by, **fields):
    """The house, struck off as demolished on the word of the proposer, by a registrar of its own."""
    registrar = AppointmentFactory(role=Role.DIRECTOR, district=house.district, is_registrar=True).person
    given = {"ground": "demolished", "happened_on": timezone.localdate(), "reference": "12/2569", **fields}
    return strike_off(house, proposed_by=proposed_by, by=registrar, **given)
