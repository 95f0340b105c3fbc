"""Where Django learns of this floor of the house."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    """The register of houses, the communities' lists, matching and tagging."""

    name = "households"
    verbose_name = _("Houses and lists")

    def ready(self) -> None:
        from .reference_data import record_official_names

        post_migrate.connect(record_official_names, sender=self)
