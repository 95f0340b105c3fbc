"""The certificate of a signed review, and its check by whoever holds the paper (product.md R6)."""

from __future__ import annotations

import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from communities.thai_calendar import long_date
from communities.thai_text import to_thai_digits

from .house_list_print import name_of
from .letters import square
from .models import CommunityReview


@translation.override("th")
def certificate_of(review: CommunityReview, *, address: str) -> dict[str, object]:
    """What the certificate of a signed review says, for its template; `address` is where it is checked."""
    return {
        "office": _("Office of %(district)s") % {"district": review.round.district},
        "community": name_of(review),
        "number": to_thai_digits(str(review.round)),
        "name": review.signed_name,
        "day": to_thai_digits(long_date(_day(review))),
        "counts": [(label, to_thai_digits(f"{number:,}")) for label, number in counts_of(review)],
        "square": square(address),
        "code": review.certificate,
        "stamp": _("Printed on %(day)s") % {"day": to_thai_digits(long_date(timezone.localdate()))},
    }


def counts_of(review: CommunityReview) -> list[tuple[str, int]]:
    """The counts as signed, with their labels."""
    return [
        (_("right"), review.right or 0),
        (_("doubtful"), review.doubtful or 0),
        (_("added"), review.added or 0),
        (_("undecided"), review.undecided or 0),
    ]


def signed_with(code: str) -> CommunityReview | None:
    """The signed review whose certificate bears the code, in whatever letters it was typed."""
    typed = "".join(code.split()).replace("-", "").upper()
    reviews = CommunityReview.objects.select_related("round__district", "community")
    return reviews.filter(certificate=typed, state=CommunityReview.State.SIGNED).first() if typed else None


def _day(review: CommunityReview) -> datetime.date:
    """The day on which it was signed."""
    return timezone.localtime(review.ended_at).date()
