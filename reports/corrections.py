"""A later round that corrects an issued one: the issued stays, the later names it and says what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from communities.models import District
from communities.thai_calendar import month_name

from .found_later import FromBefore
from .models import KpiReport


class Correction(NamedTuple):
    """The issued report that a round corrects, and what changed in words."""

    report: KpiReport | None
    words: str


NOTHING_TO_CORRECT = Correction(None, "")


def suggested_correction(district: District, from_before: Sequence[FromBefore]) -> Correction:
    """What a round could say of the issued months whose late facts it counts; it names the newest of them."""
    issued = {
        report.month: report
        for report in KpiReport.objects.filter(district=district, month__in=[one.month for one in from_before]).defer(
            "workbook"
        )
    }
    known = [one for one in from_before if one.month in issued]
    if not known:
        return NOTHING_TO_CORRECT
    words = "; ".join(f"{month_name(one.month)}: {_in_words(one)}" for one in known)
    return Correction(issued[known[-1].month], words)


def _in_words(one: FromBefore) -> str:
    """The deeds in the words of the page that tells them."""
    return " ".join(strip_tags(render_to_string("reports/_found_deeds.html", {"found": one.found})).split())


def refuse_correction(district: District, correction: Correction) -> None:
    """Raises ValidationError `corrects_another_district`, `corrects_nothing`, `correction_unsaid`."""
    report, words = correction
    if report and report.district_id != district.pk:
        raise ValidationError(_("That report is another district's."), code="corrects_another_district")
    if words.strip() and not report:
        raise ValidationError(_("Say which report is corrected."), code="corrects_nothing")
    if report and not words.strip():
        raise ValidationError(_("Say what is corrected."), code="correction_unsaid")
