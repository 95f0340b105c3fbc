"""Addresses of the electoral rolls."""

from __future__ import annotations

from django.urls import path

from . import roll_pages

app_name = "rolls"

urlpatterns = [
    path("", roll_pages.rolls, name="rolls"),
    path("issue/", roll_pages.roll_issue, name="roll_issue"),
    path("<int:pk>/", roll_pages.roll, name="roll"),
    path("<int:pk>/export/", roll_pages.roll_export, name="roll_export"),
]
