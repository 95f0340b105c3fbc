"""Which reviews a president or delegate may open, and for how long (product.md R1, R9)."""

from __future__ import annotations

import datetime

from django.db.models import DateField, DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.query import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from communities.access import OfficeRequest
from communities.models import Person
from communities.roles import Action
from communities.scope import reach_of

from .models import Answer, CommunityReview


def reviews_open_to(person: Person) -> QuerySet[CommunityReview]:
    """The reviews of the communities that the person speaks for today, the newest first.

    A review stays until its round is closed, then until the last day on which an appeal is possible; with the post it
    is gone at once.
    """
    own = reach_of(person).in_communities([Action.REVIEW_OWN_HOUSES])
    today = timezone.localdate()
    appealable = Answer.objects.filter(verdict__review=OuterRef("pk"), appeal_until__gte=today)
    not_over = Q(round__closed_at=None) | Q(round__closed_at__date__gte=_first_day_of_appeals(today))
    reviews = CommunityReview.objects.filter(not_over | Exists(appealable), community__in=own)
    return reviews.select_related("round", "community").order_by("-round__opened_at", "-pk")


def _first_day_of_appeals(today: datetime.date) -> ExpressionWrapper:
    """A round that was closed on this day or later still takes appeals."""
    span = ExpressionWrapper(F("round__appeal_days") * Value(datetime.timedelta(days=1)), DurationField())
    return ExpressionWrapper(Value(today, DateField()) - span, DateTimeField())


def own_review(request: OfficeRequest, pk: int) -> CommunityReview:
    """The review, if the person may open it today; Http404 for any other and for none."""
    return get_object_or_404(reviews_open_to(request.user), pk=pk)
