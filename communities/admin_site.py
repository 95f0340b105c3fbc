"""The admin's front door: open to whom a role gives something to see there, not there at all for anybody else."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class OfficeAdminConfig(AdminConfig):
    """Django's admin with the office's own site."""

    default_site = "communities.admin_site.OfficeAdminSite"


class OfficeAdminSite(admin.AdminSite):
    """Whether a person is staff follows from the roles; the column of that name decides nothing."""

    site_title = _("Reference data")
    site_header = _("Reference data")
    index_title = _("Accounts and reference data")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may see at least one table here."""
        person = request.user
        return person.is_active and any(table.has_view_permission(request) for table in self._registry.values())

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A page of the admin; 404, as everywhere, for a signed-in person who may not see it."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied as refusal:
                raise Http404 from refusal

        return update_wrapper(inner, guarded)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in, the office's: it knows the limits on attempts and, later, the second factor."""
        # Not above: Django reads this module before there are models.
        from django.contrib.auth.views import redirect_to_login

        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not self.has_permission(request):
            raise Http404
        return HttpResponseRedirect(reverse("admin:index"))
