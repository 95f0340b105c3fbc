"""The demo's accounts: one for each role in both districts, all with one password that `load_demo` prints."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password

from communities.models import Appointment, Community, District, Person, Role
from communities.models.people import HEADS

PASSWORD = "demo-thonburi-2558"
SINCE = datetime.date(2014, 10, 1)


@dataclasses.dataclass(frozen=True)
class DemoAccount:
    """An account of the demo and the post that its person holds."""

    username: str
    full_name: str
    role: Role


def accounts_of(mark: str) -> list[DemoAccount]:
    """The accounts of a district; `mark` is put behind every user name, "" for Thonburi."""
    return [
        DemoAccount(f"officer{mark}", "นางสาวสมพร ตัวอย่าง", Role.OFFICER),
        DemoAccount(f"officer{mark}b", "นายวิชัย ตัวอย่าง", Role.OFFICER),
        DemoAccount(f"head{mark}", "นางอรุณี ตัวอย่าง", Role.HEAD),
        DemoAccount(f"director{mark}", "นายธนา ตัวอย่าง", Role.DIRECTOR),
        DemoAccount(f"development{mark}", "นางสาวกานดา ตัวอย่าง", Role.COMMUNITY_DEVELOPMENT),
        DemoAccount(f"president{mark}", "นายบุญมี ตัวอย่าง", Role.PRESIDENT),
        DemoAccount(f"admin{mark}", "นายเอก ตัวอย่าง", Role.ADMINISTRATOR),
    ]


# The presidents of further communities of the second district; one can be written to.
MORE_PRESIDENTS = {"president99b": "นางทองใบ ตัวอย่าง", "president99c": "นายประเสริฐ ตัวอย่าง"}
ADDRESS = "president99c@example.org"


def usernames_of(mark: str) -> list[str]:
    """The user names of a district's accounts."""
    more = MORE_PRESIDENTS if mark else ()
    return [*(account.username for account in accounts_of(mark)), *more]


def appoint_presidents(communities: Sequence[Community]) -> list[Person]:
    """Creates the further presidents, one for each of the communities."""
    password = make_password(PASSWORD)
    presidents = Person.objects.bulk_create(
        [
            Person(username=username, full_name=full_name, password=password)
            for username, full_name in MORE_PRESIDENTS.items()
        ]
    )
    Person.objects.filter(pk=presidents[-1].pk).update(email=ADDRESS)
    Appointment.objects.bulk_create(
        Appointment(person=person, role=Role.PRESIDENT, community=community, since=SINCE)
        for person, community in zip(presidents, communities, strict=True)
    )
    return presidents


def appoint(accounts: list[DemoAccount], district: District, community: Community) -> dict[str, Person]:
    """Creates the accounts with their posts; the president's is at `community`. Returns people by user name."""
    password = make_password(PASSWORD)
    people = Person.objects.bulk_create(
        [Person(username=account.username, full_name=account.full_name, password=password) for account in accounts]
    )
    Appointment.objects.bulk_create(
        [_post(account, person, district, community) for account, person in zip(accounts, people, strict=True)]
    )
    return {person.username: person for person in people}


def _post(account: DemoAccount, person: Person, district: District, community: Community) -> Appointment:
    place = {"community": community} if account.role == Role.PRESIDENT else {"district": district}
    return Appointment(person=person, role=account.role, since=SINCE, is_registrar=account.role in HEADS, **place)


def appoint_city_viewer() -> None:
    """The city's account, which sees figures of every district."""
    city = Person.objects.create(username="city", full_name="นางสาวเมือง ตัวอย่าง", password=make_password(PASSWORD))
    Appointment.objects.create(person=city, role=Role.CITY_VIEWER, since=SINCE)
