"""Addresses of the project's ledger."""

from __future__ import annotations

from django.urls import path

from . import ledger_pages

app_name = "ledger"

urlpatterns = [
    path("", ledger_pages.ledger, name="ledger"),
    path("add/", ledger_pages.paper_add, name="paper_add"),
    path("step/", ledger_pages.step_add, name="step_add"),
    path("evidence.zip", ledger_pages.evidence_pack, name="evidence_pack"),
    path("<int:pk>/", ledger_pages.paper, name="paper"),
    path("<int:pk>/files/", ledger_pages.paper_files, name="paper_files"),
    path("<int:pk>/tie/", ledger_pages.paper_tie, name="paper_tie"),
    path("<int:pk>/withdraw/", ledger_pages.paper_withdraw, name="paper_withdraw"),
    path("files/<uuid:key>/", ledger_pages.paper_file, name="paper_file"),
]
