"""The register in Django's admin: to look things up, never to change them. The office works in its own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.admin_dates import dated

from .models import HouseList, HouseRegistration, TaggingBatch


class ReadOnlyInScope(admin.ModelAdmin):
    """Rows that the person's roles open, to read; an administrator of accounts has no such role."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows in the person's own scope."""
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: every change is an action with its own record."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(HouseRegistration)
class HouseRegistrationAdmin(ReadOnlyInScope):
    list_display = ["house_code", "house_no", "trok", "soi", "road", "subdistrict", "state"]
    list_select_related = ["subdistrict"]
    list_filter = ["state"]
    # Exact, because these two columns have an index and the register is large.
    search_fields = ["house_code__exact", "number_key__exact"]
    ordering = ["district", "lane_order", "number_order", "id"]


@admin.register(HouseList)
class HouseListAdmin(ReadOnlyInScope):
    list_display = ["file_name", "district", dated("received_on", _("received on")), "sender", "letter"]
    list_select_related = ["district"]
    search_fields = ["file_name", "letter"]


@admin.register(TaggingBatch)
class TaggingBatchAdmin(ReadOnlyInScope):
    list_display = [
        "kind",
        "district",
        dated("happened_on", _("happened on")),
        "done_by",
        dated("done_at", _("done at")),
    ]
    list_select_related = ["district", "done_by"]
    list_filter = ["kind"]
