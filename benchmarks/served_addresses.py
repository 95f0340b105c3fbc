"""The addresses of the server under load: those of the house, and two views to measure the others by."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from communities.models import District
from thonburi_registry.urls import urlpatterns as of_the_house


@login_not_required
def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing, through all middleware."""
    return HttpResponse()


def one_query(request: HttpRequest) -> HttpResponse:
    """A signed-in person and one query, through all middleware: the least that any page of the office does."""
    assert request.user.is_authenticated
    return HttpResponse(f"{request.user}: {District.objects.filter(code='1015').count()}")


urlpatterns = [path("empty/", empty), path("one-query/", one_query), *of_the_house]
