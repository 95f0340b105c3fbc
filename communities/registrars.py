"""Who is a registrar of a district on a day: a head or director whose appointment says so, acting ones included."""

from __future__ import annotations

import datetime

from .models import Appointment, District, Person
from .models.people import HEADS, AppointmentQuerySet


def registrars_of(district: District, day: datetime.date) -> AppointmentQuerySet:
    """The appointments by which somebody is registrar of the district on the day, each with its person."""
    held = Appointment.objects.on(day).filter(district=district, role__in=HEADS, is_registrar=True)
    return held.filter(person__is_active=True).select_related("person", "acting_for")


def is_registrar(person: Person, district: District, day: datetime.date) -> bool:
    """Whether the person is a registrar of the district on the day; the database judges by the same rule."""
    return registrars_of(district, day).filter(person=person).exists()
