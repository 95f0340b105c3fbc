"""Addresses of the accounts' pages."""

from django.urls import path

from . import views

app_name = "communities"

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:pk>/password/", views.person_reset, name="person_reset"),
    path("digits/", views.digits, name="digits"),
]
