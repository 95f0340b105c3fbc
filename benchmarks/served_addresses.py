"""The addresses of the server under load: those of the house, and an empty view to measure the others by."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from thonburi_registry.urls import urlpatterns as of_the_house


@login_not_required
def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing, through all middleware."""
    return HttpResponse()


urlpatterns = [path("empty/", empty), *of_the_house]
