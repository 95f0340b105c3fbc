"""The part of a page's view that hands its table out as a file: the page's own address with ?format= and ?purpose=."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header

from .access import OfficeRequest
from .access_log import Deed, purpose_said, record_access
from .exports import Table, csv_pieces, stamp, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMATS = ("xlsx", "csv")
# What the address of a page says beside its conditions.
NO_CONDITIONS = ("format", "purpose", "table", "after", "before", "page")


def asks_for_file(request: OfficeRequest) -> bool:
    """Whether the address asks for the page's table as a file."""
    return request.GET.get("format") in FORMATS


def asks_for_table(request: OfficeRequest, name: str) -> bool:
    """Whether the address asks for that one of the page's tables as a file; the first has the name ""."""
    return asks_for_file(request) and request.GET.get("table", "") == name


def export_response(request: OfficeRequest, table: Table) -> HttpResponseBase:
    """The table as a file in the format asked for, once its purpose is said, and recorded where it names houses.

    Without a purpose it leads back to the page and says so.
    """
    purpose = request.GET.get("purpose", "")
    try:
        _record(request, table, purpose)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_page(request))
    return as_file(table, stamp(request.user, purpose), request.GET["format"])


def _record(request: OfficeRequest, table: Table, purpose: str) -> None:
    """Raises as `record_access`."""
    if table.houses is None:
        purpose_said(purpose)
        return
    record_access(
        request.user,
        deed=Deed.EXPORTED,
        what=table.title[:120],
        district=table.district,
        community=table.community,
        houses=table.houses,
        purpose=purpose,
    )


def _page(request: OfficeRequest) -> str:
    """The page itself, under the same conditions."""
    query = request.GET.copy()
    for name in NO_CONDITIONS:
        query.pop(name, None)
    return f"{quote(request.path)}?{query.urlencode()}" if query else quote(request.path)


def as_file(table: Table, stamped: str, form: str) -> HttpResponseBase:
    """The stamped table as a download ("xlsx" or "csv"), named for what it is, where, and the Buddhist day."""
    today = timezone.localdate()
    name = f"{table.title} {table.district} {today.year + 543}-{today:%m-%d}.{form}".replace("/", "-")
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(csv_pieces(table, stamped), content_type=CSV)
    else:
        answer = FileResponse(workbook(table, stamped), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["Cache-Control"] = "private, no-store"
    return answer
