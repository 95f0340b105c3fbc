"""Where Django learns of this floor of the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Count, freeze, hand over."""

    name = "reports"
    verbose_name = _("Reports")
