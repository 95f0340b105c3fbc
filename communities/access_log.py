"""Who saw, printed or exported which list of houses: written by whoever hands a list out (product.md A2, S3)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Community, District, ListAccess, Person

LONGEST_PURPOSE = 200
Deed = ListAccess.Deed


def purpose_said(purpose: str) -> str:
    """What a list leaves the screen for. Raises ValidationError `purpose_needed`, `too_long`."""
    said = purpose.strip()
    if not said:
        raise ValidationError(_("Say what the list is printed or exported for."), code="purpose_needed")
    if len(said) > LONGEST_PURPOSE:
        raise ValidationError(
            _("Say in at most %(longest)s letters what the file is for."),
            code="too_long",
            params={"longest": LONGEST_PURPOSE},
        )
    return said


def record_access(
    person: Person,
    *,
    deed: Deed,
    what: str,
    district: District,
    community: Community | None = None,
    houses: int,
    purpose: str = "",
) -> ListAccess:
    """Records that the person saw, printed or exported `houses` houses of a list.

    Raises ValidationError `purpose_needed` where a list leaves the screen for nothing, `too_long`.
    """
    said = purpose.strip() if deed == Deed.SEEN else purpose_said(purpose)
    return ListAccess.objects.create(
        person=person, deed=deed, what=what, district=district, community=community, houses=houses, purpose=said
    )
