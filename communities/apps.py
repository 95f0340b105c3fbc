"""Where Django learns of this floor of the house."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    """Places, people in their roles, official documents, Thai text and time."""

    name = "communities"
    verbose_name = _("Communities and people")

    def ready(self) -> None:
        from .reference_data import record_reference_data

        post_migrate.connect(record_reference_data, sender=self)
