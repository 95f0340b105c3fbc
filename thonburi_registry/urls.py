"""Every address of the registry."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from reports.desk_pages import desk
from thonburi_registry.front import front

urlpatterns = [
    path("", front, name="front"),
    path("", include("thonburi_registry.sign_in")),
    path("desk/", desk, name="desk"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("communities.urls")),
    path("", include("households.urls")),
    path("", include("verification.urls")),
    path("reports/", include("reports.urls")),
    path("ledger/", include("reports.ledger_urls")),
    path("codes/", include("reports.code_urls")),
    path("rolls/", include("reports.roll_urls")),
    path("admin/", admin.site.urls),
]
