"""The page of the head's desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import district_choice
from communities.roles import Action, may
from communities.thai_calendar import short_month

from .curve import Step, picture
from .dashboards import ORDERS, aims, desk_of
from .months import Month, expected_of, in_the_picture, months_of
from .views import MONTHS_IN_PICTURE

SORTED_BY = {
    "left": _("most left first"),
    "open": _("most open first"),
    "age": _("oldest first"),
    "code": _("by code"),
}


@needs(Action.SEE_EVERYONES_WORK)
@require_safe
def desk(request: OfficeRequest) -> HttpResponse:
    """Where the district is, what is late and who needs help; ?order= sorts the communities."""
    choice = district_choice(request, Action.SEE_EVERYONES_WORK)
    district, today = choice.district, timezone.localdate()
    order = request.GET.get("order", "left")
    order = order if order in ORDERS else "left"
    months = months_of(district, today)
    expected = expected_of(district, today)
    drawn = in_the_picture(months, MONTHS_IN_PICTURE)
    scene = {
        "choice": choice,
        "district": district,
        "day": today,
        "desk": desk_of(district, today, order),
        "today": months[-1],
        "expected": expected,
        "chart": _chart(drawn, expected, aims(district, drawn, expected)),
        "orders": [(name, label, name == order) for name, label in SORTED_BY.items()],
        "answers_reviews": may(request.user, Action.ANSWER_REVIEW, district),
    }
    return render(request, "reports/desk.html", scene)


def _chart(months: list[Month], expected: int | None, aimed: list[int | None]) -> dict[str, object]:
    drawn = picture([Step(month.tagged, month.this_month) for month in months], expected, aimed)
    names = [short_month(month.month) for month in months]
    aimed_at = any(aim is not None for aim in aimed)
    return {"picture": drawn, "aimed": aimed_at, "columns": list(zip(months, names, drawn.columns, strict=True))}
