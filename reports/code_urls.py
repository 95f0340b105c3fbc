"""Addresses of the community codes and the letters that ask for them."""

from __future__ import annotations

from django.urls import path

from . import code_pages

app_name = "codes"

urlpatterns = [
    path("", code_pages.codes, name="codes"),
    path("requests/add/", code_pages.request_add, name="request_add"),
    path("requests/<int:pk>/", code_pages.request_page, name="request"),
    path("requests/<int:pk>/letter.pdf", code_pages.request_letter, name="request_letter"),
    path("requests/<int:pk>/send/", code_pages.request_send, name="request_send"),
    path("requests/<int:pk>/answer/", code_pages.request_answer, name="request_answer"),
    path("requests/<int:pk>/withdraw/", code_pages.request_withdraw, name="request_withdraw"),
]
