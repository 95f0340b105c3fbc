"""Give a person a post, with an account where there is none: how an office gets its first administrator."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.code_book import community_of_code
from communities.management.office_command import OfficeCommand, day, district_of_code
from communities.models import Appointment, Community, District, Person, Role
from communities.models.people import OF_A_COMMUNITY, OF_THE_CITY
from communities.passwords import temporary_password


class Command(OfficeCommand):
    """Last line: JSON with username, role and, for a new account, the temporary password, shown this once."""

    help = "Give a person a post, with an account where there is none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="the person's full name (default: the user name)")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--district", default="1015", help="the district's area code")
        parser.add_argument("--community", default="", help="the community's code, for a president")
        parser.add_argument("--since", help="first day of the post (default: today)")
        parser.add_argument("--order", default="", help="number of the order or letter")
        parser.add_argument("--registrar", action="store_true", help="a head or director who is registrar")
        parser.add_argument("--acting-for", default="", help="user name of the head or director in whose place")

    @transaction.atomic
    def carry_out(self, *, username: str, name: str, role: str, **options: Any) -> dict[str, Any]:
        """Create the account if it is new, and the appointment."""
        person, temporary = _account(username, name)
        post = Appointment(person=person, role=role, since=day(options["since"]), order=options["order"])
        post.district, post.community = _place(role, options["district"], options["community"])
        post.is_registrar, post.acting_for = options["registrar"], _known(options["acting_for"])
        post.full_clean()
        post.save()
        return {"username": username, "role": role} | ({"temporary_password": temporary} if temporary else {})


def _account(username: str, name: str) -> tuple[Person, str]:
    known = Person.objects.filter(username=username).first()
    if known:
        return known, ""
    temporary = temporary_password()
    person = Person(username=username, full_name=name or username, must_change_password=True)
    person.set_password(temporary)
    person.full_clean()
    person.save()
    return person, temporary


def _known(username: str) -> Person | None:
    """The person of that user name, None for no name. Raises CommandError."""
    known = Person.objects.filter(username=username).first()
    if username and known is None:
        raise CommandError(_("There is no account “%(name)s”.") % {"name": username})
    return known


def _place(role: str, district: str, code: str) -> tuple[District | None, Community | None]:
    if role in OF_THE_CITY:
        return None, None
    if role in OF_A_COMMUNITY:
        return None, community_of_code(code)
    return district_of_code(district), None
