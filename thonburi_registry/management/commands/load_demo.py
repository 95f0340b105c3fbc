"""``manage.py load_demo``: Thonburi's history and a second district at work, once, on an empty database."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand, doer
from communities.models import Community, District
from households.models import HouseRegistration
from thonburi_registry.demo import people, second_district, thonburi
from thonburi_registry.demo.places import SECOND_DISTRICT


class Command(OfficeCommand):
    """Idempotent: where the demo is loaded it only names the accounts. Refuses on a database with other data."""

    help = "Load the demo: Thonburi's history and a second district in the middle of the work."

    def carry_out(self, **_options: Any) -> dict[str, Any]:
        """Load the demo if the database is empty, and tell the accounts."""
        loaded = District.objects.filter(code=SECOND_DISTRICT).exists()
        if not loaded:
            _refuse_other_data()
            self.stdout.write(_("Loading the demo: the history of 44 communities and a district at work …"))
            load(progress=self.progress())
        self.tell_accounts()
        return {"loaded": not loaded, "houses": HouseRegistration.objects.count()}

    def tell_accounts(self) -> None:
        """Name the demo's accounts, their one password, and what waits for them."""
        self.stdout.write(_("Demo accounts, all with the password %(password)s:") % {"password": people.PASSWORD})
        for name, mark in (("ธนบุรี", ""), ("ตัวอย่าง", "99")):
            self.stdout.write(f"  {name}: {', '.join(people.usernames_of(mark))}")
        self.stdout.write("  กรุงเทพมหานคร: city")
        self.stdout.write(
            _(
                "To try as officer99: open rows at the bench, likely rows, claims, proposed names, possible "
                "duplicates, a list that is late and one that was sent back, a sample of automatic tags to check."
            )
        )


@transaction.atomic
def load(progress) -> None:
    """The whole demo in one transaction: a crash leaves an empty database. `progress` takes a share from 0 to 1."""
    by = doer(None)
    thonburi.rebuild_history(by=by, progress=progress)
    second_district.set_to_work(by=by)
    people.appoint_city_viewer()
    progress(1)


def _refuse_other_data() -> None:
    if Community.objects.exists() or HouseRegistration.objects.exists():
        raise ValidationError(
            _("The database holds data other than the demo's; the demo is loaded into an empty database only."),
            code="not_empty",
        )
