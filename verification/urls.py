"""Addresses of what people decide about houses."""

from django.urls import path

from . import views

app_name = "verification"

urlpatterns = [
    path("my-community/", views.my_community, name="my_community"),
]
