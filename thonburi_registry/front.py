"""The address without a page's name: whoever comes in is led to the page where their work begins."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest
from thonburi_registry.navigation import entries_for


@require_safe
def front(request: OfficeRequest) -> HttpResponse:
    """Lead to the first page of the person's bar; without a post of today, say whom to ask."""
    entries = entries_for(request.user, request.path)
    if entries:
        return redirect(entries[0]["url"])
    return render(request, "accounts/no_post.html")
