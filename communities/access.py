"""Doors of pages: what a person may not reach is not there (404), never merely forbidden."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from .roles import Action, may
from .scope import reach_of

if TYPE_CHECKING:
    from .models import Community, District, Person

View = Callable[..., HttpResponseBase]


class OfficeRequest(HttpRequest):
    """The request of a signed-in person: LoginRequiredMiddleware lets no other request reach a page of the office."""

    user: Person
    # Whose list the page opens: how long that took is an indicator (product.md K5).
    opened_list_of: Community | None


def needs(*actions: Action) -> Callable[[View], View]:
    """Makes a page 404 for whoever may do none of the actions anywhere.

    It stands outermost, so that a wrong method tells nobody that the page exists.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reach = reach_of(request.user)
            if not (reach.in_districts(actions) or reach.in_communities(actions)):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def require(person: Person, action: Action, place: District | Community) -> None:
    """Raises Http404 unless the person may do the action at the place."""
    if not may(person, action, place):
        raise Http404
