"""Issued reports and the project's ledger in Django's admin, to read."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.admin_dates import dated
from communities.models import Document, DocumentFile
from households.admin import ReadOnlyInScope

from .models import ElectoralRoll, Figure, KpiReport, ProjectStep


class FigureInline(admin.TabularInline):
    """The report's lines, for whoever may read the report."""

    model = Figure
    extra = 0
    fields = ["code", "name", "expected", "listed", "this_month", "moved_in", "moved_out", "tagged", "is_complete"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may read reports."""
        return request.user.has_perm("reports.view_kpireport")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(KpiReport)
class KpiReportAdmin(ReadOnlyInScope):
    list_display = [
        "district",
        dated("month", _("month")),
        "round_no",
        "letter_no",
        dated("letter_date", _("letter date")),
    ]
    list_select_related = ["district"]
    search_fields = ["letter_no"]
    inlines = [FigureInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The reports in the person's own scope, without the bytes of their workbooks."""
        return super().get_queryset(request).defer("workbook")


@admin.register(Document)
class DocumentAdmin(ReadOnlyInScope):
    list_display = ["district", "kind", "number", dated("dated", _("dated")), "subject"]
    list_select_related = ["district"]
    list_filter = ["kind"]
    search_fields = ["number_key", "subject"]


@admin.register(DocumentFile)
class DocumentFileAdmin(ReadOnlyInScope):
    list_display = ["document", "name", "content_type", "size"]
    list_select_related = ["document"]
    exclude = ["file"]


@admin.register(ProjectStep)
class ProjectStepAdmin(ReadOnlyInScope):
    list_display = ["district", "number", "title", dated("happened_on", _("on"))]
    list_select_related = ["district"]


@admin.register(ElectoralRoll)
class ElectoralRollAdmin(ReadOnlyInScope):
    list_display = [
        "district",
        "community_code",
        "community_name",
        dated("election_day", _("election day")),
        "letter_no",
        "house_count",
    ]
    list_select_related = ["district"]
    search_fields = ["letter_no", "community_name"]
    exclude = ["workbook"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rolls in the person's own scope, without the bytes of their workbooks."""
        return super().get_queryset(request).defer("workbook")
