"""Houses of a review drawn at random and checked again by somebody else (product.md R10).

What is found changes neither the verdict nor the register: it tells the head how far a list can be trusted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community, District, Person
from communities.roles import Action, may

from .models import CommunityReview, DrawnHouse, Recheck, RecheckSample, ReviewRound

Result = Recheck.Result
USUAL_NUMBER, MOST_HOUSES = 10, 100


@transaction.atomic
def draw_sample(review: CommunityReview, *, number: int, reason: str, by: Person) -> RecheckSample:
    """Draws that many houses at random from those of the list that something is said of, fewer where there are fewer.

    Houses that an earlier sample of the review holds are left out. Raises `not_allowed`, `not_a_number`,
    `reason_needed`, `nothing_to_draw`.
    """
    now = CommunityReview.objects.select_for_update(of=("self",)).select_related("round__district").get(pk=review.pk)
    if not may(by, Action.OPEN_ROUND, now.round.district):
        raise ValidationError(_("Only the head has houses checked again."), code="not_allowed")
    if not 1 <= number <= MOST_HOUSES:
        raise ValidationError(
            _("Draw between 1 and %(most)s houses."), code="not_a_number", params={"most": MOST_HOUSES}
        )
    if not reason.strip():
        raise ValidationError(_("Say why houses are checked again."), code="reason_needed")
    before = DrawnHouse.objects.filter(sample__review=now).values("verdict__listed")
    decided = now.houses.filter(verdict__isnull=False).exclude(pk__in=before)
    drawn = list(decided.order_by("?").values_list("verdict", flat=True)[:number])
    if not drawn:
        raise ValidationError(_("There is no house left to draw."), code="nothing_to_draw")
    sample = RecheckSample.objects.create(review=now, reason=reason.strip(), drawn_by=by)
    DrawnHouse.objects.bulk_create(DrawnHouse(sample=sample, verdict_id=verdict) for verdict in drawn)
    return sample


@transaction.atomic
def record_recheck(drawn: DrawnHouse, *, result: str, note: str = "", shown: int | None, by: Person) -> Recheck:
    """Records what was found at a drawn house; the newest result of a house stands.

    `shown` is the result (id) that the page showed, None for none. Raises `not_allowed`, `not_a_result`,
    `note_needed`, `checks_own`, `changed_meanwhile`.
    """
    sample = RecheckSample.objects.select_for_update(of=("self",)).get(pk=drawn.sample_id)
    if not may(by, Action.ANSWER_REVIEW, sample.review.round.district):
        raise ValidationError(_("Only the registry section checks houses again."), code="not_allowed")
    if result not in Result.values:
        raise ValidationError(_("Choose what was found."), code="not_a_result")
    if result == Result.DIFFERS and not note.strip():
        raise ValidationError(_("Say what is different there."), code="note_needed")
    if not may_check(sample, by):
        raise ValidationError(
            _("Whoever drew the sample or keyed in the list does not check it: somebody else must."), code="checks_own"
        )
    last = drawn.rechecks.order_by("-pk").values_list("pk", flat=True).first()
    if last != shown:
        raise ValidationError(
            _("Somebody else has recorded this house meanwhile. Look again."), code="changed_meanwhile"
        )
    return Recheck.objects.create(drawn=drawn, result=result, note=note.strip(), checked_by=by)


def may_check(sample: RecheckSample, person: Person) -> bool:
    """Whether the person neither drew the sample nor had a hand in the list: by the database's own rule."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT may_check(%s, %s)", [sample.pk, person.pk])
        [allowed] = cursor.fetchone() or [False]
    return bool(allowed)


@dataclasses.dataclass(frozen=True)
class SampleLine:
    """A sample and how far it is: the counts of what was found."""

    sample: RecheckSample
    community: Community
    drawn: int
    agrees: int
    differs: int
    unclear: int

    @property
    def checked(self) -> int:
        """How many of the houses have been looked at."""
        return self.agrees + self.differs + self.unclear


def samples_of(district: District) -> Sequence[SampleLine]:
    """The district's samples, the newest first; three queries."""
    return _lines(RecheckSample.objects.filter(review__round__district=district))


def samples_of_round(round: ReviewRound) -> Sequence[SampleLine]:
    """The samples of one round, the newest first; three queries."""
    return _lines(RecheckSample.objects.filter(review__round=round))


def _lines(samples: QuerySet[RecheckSample]) -> Sequence[SampleLine]:
    found: dict[int, list[str | None]] = {}
    newest = Recheck.objects.filter(drawn=OuterRef("pk")).order_by("-pk").values("result")[:1]
    drawn = DrawnHouse.objects.filter(sample__in=samples).annotate(result=Subquery(newest))
    for sample, result in drawn.values_list("sample", "result"):
        found.setdefault(sample, []).append(result)
    ordered = list(samples.select_related("review", "drawn_by").order_by("-pk"))
    named = Community.objects.as_at(timezone.localdate()).in_bulk({sample.review.community_id for sample in ordered})
    return [
        SampleLine(
            sample,
            named[sample.review.community_id],
            len(found[sample.pk]),
            *(found[sample.pk].count(result.value) for result in Result),
        )
        for sample in ordered
    ]


def drawn_houses(sample: RecheckSample) -> Sequence[DrawnHouse]:
    """The houses of a sample in the order of the list, each with its results, the newest first; two queries."""
    rechecks = Recheck.objects.select_related("checked_by").order_by("-pk")
    drawn = sample.houses.select_related("verdict__listed__house", "verdict__given_by")
    return list(
        drawn.prefetch_related(Prefetch("rechecks", queryset=rechecks)).order_by("verdict__listed__place", "pk")
    )
