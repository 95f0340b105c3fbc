"""Measures how long the server takes to open a community's list (product.md K5).

A page that opens a list says whose with `request.opened_list_of`; it knows nothing of what becomes of the measure.
"""

import math
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from reports.models import OpeningTime


class OpeningTimeMiddleware:
    """Stands outermost, so that the time is that of the whole request on the server; the network is not in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        answer = self.get_response(request)
        community = getattr(request, "opened_list_of", None)
        if community is not None and answer.status_code == 200 and request.resolver_match:
            OpeningTime.objects.create(
                district_id=community.district_id,
                community=community,
                page=request.resolver_match.view_name,
                milliseconds=math.ceil(1000 * (time.perf_counter() - began)),
                opened_on=timezone.localdate(),
            )
        return answer
