"""Addresses of what people decide about houses."""

from django.urls import path

from .views import my_community

app_name = "verification"

urlpatterns = [
    path("my-community/", my_community.my_community, name="my_community"),
]
