"""Cases in Django's admin: to look things up, never to change them. The office works in its own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.admin_dates import dated
from households.admin import ReadOnlyInScope

from .models import Case, Proposal, StatusChange


class StatusChangeInline(admin.TabularInline):
    """The moves of the case, for whoever may read the case."""

    model = StatusChange
    extra = 0
    fields = ["move", "state_before", "state_after", "reason", "done_by"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may read cases."""
        return request.user.has_perm("verification.view_case")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a case is moved on its page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Case)
class CaseAdmin(ReadOnlyInScope):
    list_display = ["__str__", "district", "kind", "state", "source", dated("opened_at", _("opened at"))]
    list_select_related = ["district"]
    list_filter = ["state", "kind"]
    search_fields = ["number"]
    inlines = [StatusChangeInline]


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyInScope):
    list_display = [
        "case",
        "act",
        dated("happened_on", _("happened on")),
        "proposed_by",
        "decision",
        "decided_by",
    ]
    list_select_related = ["case", "proposed_by", "decided_by"]
    list_filter = ["act", "decision"]
