"""The letter that asks the regional registration centre for codes, on paper (product.md C2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from communities.code_requests import Asked
from communities.models import Appointment, Role
from communities.thai_calendar import long_date
from communities.thai_text import to_thai_digits

LETTER = "paper/code_request.html"
BLANK = "…………………………"


@translation.override("th")
def on_paper(asked: Asked) -> Mapping[str, object]:
    """What the letter says, every text in its final writing, digits Thai; a draft has room for number and date."""
    request, district = asked.request, asked.request.district
    posts = Appointment.objects.on(timezone.localdate()).select_related("person")
    director = posts.filter(role=Role.DIRECTOR, district=district).first()
    return {
        "number": to_thai_digits(request.letter_no) or BLANK,
        "date": to_thai_digits(long_date(request.letter_date)) if request.letter_date else BLANK,
        "office": str(district),
        "addressee": request.asked_of,
        "reason": to_thai_digits(request.reason),
        "houses_of": district.name_th,
        "count": to_thai_digits(str(len(asked.lines))),
        "lines": [
            (to_thai_digits(str(number)), to_thai_digits(str(line.community)), str(line.community.subdistrict))
            for number, line in enumerate(asked.lines, 1)
        ],
        "signer": director.person.full_name if director else BLANK,
        "signer_post": _("Director of %(district)s") % {"district": district},
    }
