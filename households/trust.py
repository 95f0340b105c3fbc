"""How far the machine's tags can be trusted: random samples of them, checked again by hand, and what they prove."""

from __future__ import annotations

import dataclasses
import datetime
import random

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person

from .certainty import Proof, floored_per_cent
from .models import Sample, SampledRow, TagEvent, TaggingBatch
from .models.dated import NEWEST_FIRST
from .row_reasons import Outcome

Finding = SampledRow.Finding
MOST_ROWS = 500


@dataclasses.dataclass(frozen=True)
class Precision:
    """What people found who checked tags by hand from `since` to `until`.

    A row of which they could not tell counts as not right: a figure built on it never claims too much.
    """

    proof: Proof
    unclear: int
    since: datetime.date | None
    until: datetime.date | None

    @property
    def wrong(self) -> int:
        return self.proof.wrong - self.unclear

    @property
    def at_least(self) -> str:
        """The bound in per cent, rounded down: 94.1."""
        return floored_per_cent(self.proof.at_least)

    def __add__(self, other: Precision) -> Precision:
        days = [day for day in (self.since, self.until, other.since, other.until) if day]
        return Precision(
            self.proof + other.proof,
            self.unclear + other.unclear,
            since=min(days, default=None),
            until=max(days, default=None),
        )


NOTHING_CHECKED = Precision(Proof(0, 0), 0, None, None)


# --- actions ---


def can_draw(district: District) -> bool:
    """Whether there is any tag of the machine that was never drawn before; one query."""
    return _never_drawn(machine_tags(district)).exists()


@transaction.atomic
def draw_sample(*, district: District, size: int, by: Person) -> Sample:
    """Draws rows by lot among all that the machine tagged as exact in the district, that are still so and were never
    drawn before; fewer than `size` where there are no more. The order of checking is drawn with them.

    Raises `sample_size`, `sample_unfinished` (finish the one begun: who could choose between samples could choose
    its result), `nothing_to_draw`.
    """
    if not 1 <= size <= MOST_ROWS:
        raise ValidationError(_("A sample has 1 to %(most)s rows."), code="sample_size", params={"most": MOST_ROWS})
    # The district's row is the lock: two people who draw at once get one sample.
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    if unfinished_sample(district):
        raise ValidationError(
            _("A sample is being checked. Finish it before another is drawn."), code="sample_unfinished"
        )
    tags = list(_never_drawn(machine_tags(district)).order_by("pk").values_list("record", "house"))
    if not tags:
        raise ValidationError(
            _("There is no tag of the machine left that was not checked before."), code="nothing_to_draw"
        )
    sample = Sample.objects.create(district=district, drawn_from=len(tags), drawn_by=by)
    drawn = random.SystemRandom().sample(tags, min(size, len(tags)))
    SampledRow.objects.bulk_create(
        SampledRow(sample=sample, place=place, record_id=record, house_id=house)
        for place, (record, house) in enumerate(drawn, start=1)
    )
    return sample


@transaction.atomic
def record_finding(row: SampledRow, *, finding: str, by: Person, note: str = "") -> SampledRow:
    """Keeps what the person found who compared the row with its house; a later look replaces an earlier one.

    Raises `not_a_finding`.
    """
    if finding not in Finding.values:
        raise ValidationError(_("Choose what you found."), code="not_a_finding")
    row = SampledRow.objects.select_for_update(no_key=True).get(pk=row.pk)
    row.finding = Finding(finding)
    row.note = note.strip()
    row.checked_by, row.checked_at = by, timezone.now()
    row.save(update_fields=["finding", "note", "checked_by", "checked_at"])
    return row


def machine_tags(district: District) -> QuerySet[TagEvent]:
    """The tags that came from exact rows of lists without a person's look, and stand to this day."""
    newest = TagEvent.objects.filter(house=OuterRef("house")).order_by(*NEWEST_FIRST).values("pk")[:1]
    return TagEvent.objects.filter(
        pk=Subquery(newest),
        batch__district=district,
        batch__kind=TaggingBatch.Kind.LIST_EXACT,
        record__outcome=Outcome.TAGGED,
    )


def _never_drawn(tags: QuerySet[TagEvent]) -> QuerySet[TagEvent]:
    return tags.exclude(record__in=SampledRow.objects.values("record"))


# --- what is under way ---


def unfinished_sample(district: District) -> Sample | None:
    """The district's sample that still has rows to check."""
    return Sample.objects.filter(district=district, rows__finding="").distinct().first()


def row_to_check(sample: Sample) -> SampledRow | None:
    """The next row in the drawn order; None when all were checked."""
    return sample.rows.filter(finding="").first()


# --- figures ---


def precision_of(district: District) -> Precision:
    """All that was found in the district so far, over all samples."""
    return sum(precision_by_month(district).values(), NOTHING_CHECKED)


def precision_by_month(district: District) -> dict[datetime.date, Precision]:
    """What was found in each month (its first day), the newest first; months without a check are left out."""
    months = (
        SampledRow.objects.filter(sample__district=district)
        .exclude(finding="")
        .annotate(month=TruncMonth("checked_at"))
        .values("month")
        .annotate(
            checked=Count("pk"),
            right=Count("pk", filter=Q(finding=Finding.RIGHT)),
            unclear=Count("pk", filter=Q(finding=Finding.UNCLEAR)),
            since=Min("checked_at"),
            until=Max("checked_at"),
        )
        .order_by("-month")
    )
    return {
        timezone.localtime(found["month"]).date(): Precision(
            Proof(found["right"], found["checked"]),
            found["unclear"],
            since=timezone.localdate(found["since"]),
            until=timezone.localdate(found["until"]),
        )
        for found in months
    }


def sentence_of(precision: Precision) -> str:
    """The figures in one sentence, for a report."""
    if not precision.proof.of:
        return _("Accuracy of automatic tagging: no sample was checked by hand yet.")
    return _(
        "Accuracy of automatic tagging: %(right)s of %(of)s checked by hand are right, at least %(bound)s%% of all."
    ) % {
        "right": f"{precision.proof.right:,}",
        "of": f"{precision.proof.of:,}",
        "bound": precision.at_least,
    }


def wrong_tags(district: District) -> QuerySet[SampledRow]:
    """The tags that were found to be wrong, the newest first."""
    return SampledRow.objects.filter(sample__district=district, finding=Finding.WRONG).order_by("-checked_at", "-pk")
