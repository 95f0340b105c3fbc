"""Names of roads that every office knows: the official and the short name of one road."""

from __future__ import annotations

from django.apps import apps as installed_apps
from django.apps.registry import Apps

from communities.reference_data import COMMAND_LINE, record_reference_data

from .models import Alias

# Short or older spelling, official name, as keys of roads; by the district's code. Only names of which nobody doubts.
OFFICIAL_NAMES_OF_ROADS = {
    "1015": {
        "ตากสิน": "สมเด็จพระเจ้าตากสิน",
        "อรุณอัมรินทร์": "อรุณอมรินทร์",
    },
}


def record_official_names(apps: Apps = installed_apps, **_signal: object) -> None:
    """Adds names never recorded before; one that an officer withdrew stays withdrawn. Runs after every migrate.

    `apps` is the state that was migrated to: one from before there were aliases has no place for names.
    """
    if "alias" not in apps.all_models["households"]:
        return
    record_reference_data(apps)  # the district and the account; this floor is told of a migration before the one below
    alias_model = apps.get_model("households", "Alias")
    by = apps.get_model("communities", "Person").objects.get(username=COMMAND_LINE)
    for code, names in OFFICIAL_NAMES_OF_ROADS.items():
        district = apps.get_model("communities", "District").objects.get(code=code)
        official = alias_model.objects.filter(district=district, ground=Alias.Ground.OFFICIAL)
        recorded = set(official.values_list("written", "meant"))
        alias_model.objects.bulk_create(
            alias_model(
                district=district,
                part=Alias.Part.ROAD,
                written=short,
                meant=name,
                ground=Alias.Ground.OFFICIAL,
                confirmed_by=by,
            )
            for short, name in names.items()
            if (short, name) not in recorded
        )
