"""Batches as people look at them: each with its size, and a walk house by house as one line."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from .models import TagEvent, TaggingBatch


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the list: a batch, or all that a person tagged house by house on a day, told by its newest batch."""

    batch: TaggingBatch
    houses: int
    undone: int
    since: datetime.datetime | None = None

    @property
    def is_run(self) -> bool:
        """Whether the line stands for several batches."""
        return self.since is not None

    @property
    def is_undone(self) -> bool:
        """Whether nothing of it is left to undo."""
        return self.undone >= (self.houses if self.is_run else 1)


_RUN = ("done_by", "community", "happened_on")


def lines_of(batches: Sequence[TaggingBatch]) -> list[Line]:
    """The lines of the batches; one query tells of all walks what they hold."""
    sizes = {batch.pk: getattr(batch, "houses", 0) for batch in batches}
    newest = [batch for batch in batches if batch.kind == TaggingBatch.Kind.HOUSE_BY_HOUSE]
    runs = Q(pk__in=())
    for batch in newest:
        runs |= Q(done_by=batch.done_by_id, community=batch.community_id, happened_on=batch.happened_on)
    of_runs = TaggingBatch.objects.filter(runs, kind=TaggingBatch.Kind.HOUSE_BY_HOUSE).order_by()
    held = of_runs.values_list(*_RUN).annotate(Count("pk"), Count("undone_by"), Min("done_at"))
    told = {tuple(run[: len(_RUN)]): run[len(_RUN) :] for run in held}
    return [
        Line(batch, *told[(batch.done_by_id, batch.community_id, batch.happened_on)])
        if batch in newest
        else Line(batch, sizes[batch.pk], int(hasattr(batch, "undone_by")))
        for batch in batches
    ]


def with_sizes(found: QuerySet) -> QuerySet:
    """Batches with `houses`, the number of their tags."""
    sizes = TagEvent.objects.filter(batch=OuterRef("pk")).order_by().values("batch").annotate(n=Count("pk"))
    return found.select_related("done_by", "house_list", "undoes", "undone_by").annotate(
        houses=Coalesce(Subquery(sizes.values("n")), 0)
    )
