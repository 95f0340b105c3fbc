"""The book of community codes: which community a code means, and which code a community has on a day."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Community, CommunityCode
from .thai_calendar import short_date
from .thai_text import clean, to_arabic_digits


def community_of_code(text: str) -> Community:
    """The community that has or had the code; raises ValidationError `unknown_code` where none has."""
    code = to_arabic_digits(clean(text))
    found = CommunityCode.objects.filter(code=code).order_by("-in_force_from").select_related("community").first()
    if found is None:
        raise ValidationError(
            _("No community has the code %(code)s. Load the communities first or check the code."),
            code="unknown_code",
            params={"code": code or "—"},
        )
    return found.community


def require_code(community: Community, day: datetime.date) -> str:
    """The community's code in force on `day`; raises ValidationError `code_not_in_force` without one."""
    code = CommunityCode.objects.on(day).filter(community=community).values_list("code", flat=True).first()
    if code is None:
        raise ValidationError(
            _("%(community)s has no code in force on %(day)s, so no house can be tagged with it."),
            code="code_not_in_force",
            params={"community": community, "day": short_date(day)},
        )
    return code
