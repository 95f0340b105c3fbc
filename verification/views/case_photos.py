"""The photos of cases in the browser: shown, added, handed out one by one and as one file."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs, require
from communities.access_log import Deed, record_access
from communities.district_choice import district_choice
from communities.models import Community, District
from communities.roles import Action
from communities.thai_calendar import BUDDHIST_ERA

from ..case_photos import MOST_PHOTOS, add_photo, may_add, photos_of_month, shown_photos, zipped
from ..models import Case, CasePhoto
from ..photos_served import photo_answer

_MONTH = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")


def photos_part(request: OfficeRequest, case: Case) -> dict[str, Any]:
    """What `verification/_photos.html` shows of a case."""
    photos = shown_photos(case, request.user)
    return {
        "photos": photos,
        "may_add_photos": may_add(case, request.user) and len(photos) < MOST_PHOTOS,
        "photos_key": uuid.uuid4(),
        "photos_purpose": _("file of the case"),
    }


@needs(Action.SEE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def case_photos(request: OfficeRequest, pk: int) -> HttpResponse:
    """The photos of a case; what is posted joins them."""
    case = _case(request, pk)
    if request.method == "POST":
        _keep(request, case)
        return redirect(f"{reverse('verification:case', args=[pk])}#photos")
    return render(request, "verification/case_photos.html", {"case": case, **photos_part(request, case)})


@needs(Action.SEE_CASES)
@require_safe
def case_photo(request: OfficeRequest, pk: int, photo: int, picture: str) -> HttpResponse:
    """A photo of a case; `picture` is the column: file or thumbnail."""
    found = get_object_or_404(CasePhoto.objects.visible_to(request.user), pk=photo, case=pk)
    return photo_answer(request, found, picture)


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def case_photos_zip(request: OfficeRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """All photos of a case as one file, recorded with what it is for (?purpose=)."""
    case = _case(request, pk)
    photos = CasePhoto.objects.visible_to(request.user).filter(case=case)
    what = _("Photos of case %(case)s") % {"case": case}
    try:
        _record(request, photos, what, case.district, case.community)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("verification:case_photos", pk)
    return _file(photos, f"photos-{str(case).replace('/', '-')}.zip")


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def month_photos_zip(request: OfficeRequest) -> HttpResponse | StreamingHttpResponse:
    """All photos that were sent to the district's cases in ?month=2558-03, recorded with what for (?purpose=)."""
    district = district_choice(request, Action.SEE_CASES).district
    month = request.GET.get("month", "")
    try:
        first_day = _first_day(month)
        of_district = CasePhoto.objects.visible_to(request.user).filter(case__district=district)
        photos = photos_of_month(of_district, first_day)
        _record(request, photos, _("Photos of cases, %(month)s") % {"month": month}, district)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(f"{reverse('verification:cases')}?district={district.code}")
    return _file(photos, f"photos-{month}.zip")


def _case(request: OfficeRequest, pk: int) -> Case:
    cases = Case.objects.visible_to(request.user).select_related("district", "house", "community")
    case = get_object_or_404(cases, pk=pk)
    # A president sees the case of the own community, but none of its photos.
    require(request.user, Action.SEE_CASES, case.district)
    return case


def _keep(request: OfficeRequest, case: Case) -> None:
    """Keep each photo of the form; one that is refused says why and does not keep the others back."""
    key = _key(request)
    kept = 0
    for nth, sent in enumerate(request.FILES.getlist("photo")):
        try:
            add_photo(case, key=uuid.uuid5(key, f"photo {nth}"), sent=sent, by=request.user)
        except ValidationError as refusal:
            messages.error(request, f"{sent.name}: {refusal.messages[0]}")
        else:
            kept += 1
    if kept:
        done = ngettext("%(number)s photo is kept.", "%(number)s photos are kept.", kept)
        messages.success(request, done % {"number": kept})


def _key(request: OfficeRequest) -> uuid.UUID:
    """The key of the page as it was drawn, so that a form sent twice adds once."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _first_day(month: str) -> datetime.date:
    """The first day of a month of a Buddhist year. Raises ValidationError `no_month`."""
    if not (found := _MONTH.fullmatch(month)):
        raise ValidationError(_("Say which month, such as 2558-03."), code="no_month")
    return datetime.date(int(found[1]) - BUDDHIST_ERA, int(found[2]), 1)


def _record(
    request: OfficeRequest,
    photos: QuerySet[CasePhoto],
    what: str,
    district: District,
    community: Community | None = None,
) -> None:
    record_access(
        request.user,
        deed=Deed.EXPORTED,
        what=what,
        district=district,
        community=community,
        houses=photos.order_by().values("case").distinct().count(),
        purpose=request.GET.get("purpose", ""),
    )


def _file(photos: QuerySet[CasePhoto], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(zipped(photos), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
