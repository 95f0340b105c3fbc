"""Factories of places and people."""

import datetime

import factory
from factory.django import DjangoModelFactory

from communities import models
from communities.reference_data import COMMAND_LINE

LONG_AGO = datetime.date(2014, 10, 1)


def command_line() -> models.Person:
    """The account that stands behind the command line."""
    return models.Person.objects.get(username=COMMAND_LINE)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person

    username = factory.Sequence(lambda n: f"person{n}")
    full_name = factory.Sequence(lambda n: f"นางสาวตัวอย่าง คนที่ {n}")
    password = factory.django.Password("รหัสผ่าน-ทดสอบ")


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = models.District
        django_get_or_create = ["code"]

    code = "1015"
    name_th = factory.LazyAttribute(lambda d: f"เขต {d.code}")


class SubdistrictFactory(DjangoModelFactory):
    class Meta:
        model = models.Subdistrict
        django_get_or_create = ["code"]

    district = factory.SubFactory(DistrictFactory)
    code = factory.LazyAttribute(lambda s: f"{s.district.code}03")
    name_th = factory.LazyAttribute(lambda s: f"แขวง {s.code}")


class CommunityFactory(DjangoModelFactory):
    """A community with a code in force, an official name and an expected number.

    `code=None` and `expected=None` leave theirs out.
    """

    class Meta:
        model = models.Community
        skip_postgeneration_save = True

    subdistrict = factory.SubFactory(SubdistrictFactory)
    district = factory.SelfAttribute("subdistrict.district")

    @classmethod
    def create(cls, **kwargs):
        facts = {
            key: kwargs.pop(key, default)
            for key, default in {"code": "next", "name": "ชุมชนตัวอย่าง", "expected": 10, "since": LONG_AGO}.items()
        }
        community = super().create(**kwargs)
        _record_facts(community, **facts)
        return community


def _record_facts(community, *, code, name, expected, since):
    row = {"community": community, "in_force_from": since, "recorded_by": command_line()}
    models.CommunityName.objects.create(**row, name_th=name)
    if expected is not None:
        models.ExpectedHouses.objects.create(**row, houses=expected)
    if code == "next":
        code = f"{10150000 + community.pk}"
    if code is not None:
        models.CommunityCode.objects.create(**row, code=code)


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Appointment

    person = factory.SubFactory(PersonFactory)
    since = LONG_AGO


def appoint(role, place, **person) -> models.Person:
    """A new person who holds `role` at the district or community `place` since long ago."""
    where = {place._meta.model_name: place} if place else {}
    return AppointmentFactory(person=PersonFactory(**person), role=role, **where).person


def close_months(district, *months):
    """Closes these months (their first days) in the district."""
    for month in months:
        models.ClosedMonth.objects.create(district=district, month=month, closed_by=command_line())
