"""Where a deed leads back to: the page from which it was posted."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, *, otherwise: str) -> str:
    """The posted `next` if it is a page of this site, else `otherwise`: nobody is led elsewhere by a forged form.

    It begins at the root: any other text would be taken for the name of a view.
    """
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours and back.startswith("/") else otherwise
