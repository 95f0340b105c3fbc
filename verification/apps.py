"""Where Django learns of this floor of the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """Where people decide about doubtful houses."""

    name = "verification"
    verbose_name = _("Verification")

    def ready(self) -> None:
        from .house_history import offer_history

        offer_history()
