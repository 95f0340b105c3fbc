"""Five hundred presidents open the link of their letter within ten seconds, over HTTP on loopback.

The server is gunicorn as `make run` starts it, with two workers. Each phone comes at a moment of its own: it opens the
page (GET) and presses the button (POST), which spends the key and signs in. An error is any other answer than the page
and the way to the choice of a PIN, and any broken connection.
"""

from __future__ import annotations

import datetime
import http.client
import random
import statistics
import threading
import time
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from benchmarks.load import Log, served
from benchmarks.measuring import Table
from benchmarks.officed_city import appointed, founded
from benchmarks.officer import TOKEN, Desk
from benchmarks.scratch import migrated, scratch
from communities.first_sign_in import make_key
from communities.models import Appointment, District, Person, Role, SignInKey, Subdistrict
from communities.reference_data import COMMAND_LINE

_PRESIDENTS = 500
_SECONDS = 10.0


class Phone(Desk):
    """A phone that nobody has signed in on yet."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._cookies = {settings.CSRF_COOKIE_NAME: TOKEN}


class Arrival(threading.Thread):
    """One president: waits for the moment, opens the letter's address, presses the button."""

    def __init__(self, address: str, port: int, moment: float, log: Log) -> None:
        super().__init__(daemon=True)
        self.address, self.phone, self.moment, self.log = address, Phone(port), moment, log

    def run(self) -> None:
        """Opens and presses."""
        time.sleep(max(0.0, self.moment - time.monotonic()))
        try:
            self.log.note("opening the letter", self.phone.get(self.address))
            pressed = self.phone.send(self.address, [])
            self.log.note("pressing the button", pressed)
            self.log.did("signed in" if pressed.location == reverse("communities:choose_pin") else "kept out")
        except (OSError, http.client.HTTPException) as why:
            self.log.broke(why)


def main(share: float) -> bool:
    """That share of the presidents in that share of the time; returns whether nobody was kept out."""
    number, seconds = round(_PRESIDENTS * share), _SECONDS * share
    table = Table(f"{number} presidents open their letters within {seconds:g} s over HTTP")
    with migrated(), scratch():
        addresses = _letters(number)
        with served() as port:
            log = _arrive(addresses, port, seconds)
        _tell(table, log, number)
        table.at_least("keys spent", SignInKey.objects.filter(spent_at__isnull=False).count(), number)
    return not table.broken


def _letters(number: int) -> list[str]:
    """The addresses in the letters of that many presidents, each of a community of its own."""
    district = District.objects.order_by("code")[0]
    Subdistrict.objects.create(district=district, code=f"{district.code}01", name_th="แขวงตัวอย่าง")
    by = Person.objects.get(username=COMMAND_LINE)
    officer = appointed(district, 1)
    today = timezone.localdate()
    secrets = []
    for nth in range(1, number + 1):
        person = Person.objects.create(username=f"president{nth}", full_name=f"ประธาน {nth}", password="!")
        post = Appointment.objects.create(
            person=person, role=Role.PRESIDENT, community=founded(district, nth, by), since=today
        )
        secrets.append(make_key(post, good_until=today + datetime.timedelta(days=1), by=officer))
    return [reverse("communities:first_sign_in", args=[secret]) for secret in secrets]


def _arrive(addresses: Sequence[str], port: int, seconds: float) -> Log:
    log, begin, chance = Log(), time.monotonic() + 1, random.Random(4)
    arrivals = [Arrival(address, port, begin + chance.uniform(0, seconds), log) for address in addresses]
    for arrival in arrivals:
        arrival.start()
    for arrival in arrivals:
        arrival.join()
    return log


def _tell(table: Table, log: Log, number: int) -> None:
    for kind, times in sorted(log.times.items()):
        if len(times) > 1:
            table.told(f"{kind}: median, ms", statistics.median(times) * 1000)
            table.told(f"{kind}: p95, ms", statistics.quantiles(times, n=20)[-1] * 1000)
            table.told(f"{kind}: longest, ms", max(times) * 1000)
    for error in log.errors[:5]:
        print(f"  {error}")
    table.at_most("errors", len(log.errors), 0)
    table.at_least("presidents signed in", log.deeds["signed in"], number)
