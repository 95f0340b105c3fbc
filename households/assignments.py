"""Who works on which community: given by an order, handed over for a time, ended; and who it is on a day."""

from __future__ import annotations

import datetime

from django.db.models import Exists, F, OuterRef, Q

from communities.models import District, Person

from .models import Assignment


def officers_of(district: District, day: datetime.date) -> dict[int, Person]:
    """Who works on each community of the district on `day`, by the community's id; one query.

    Whoever stands in goes before the officer who is away. A community that nobody has been given is left out.
    """
    held = Assignment.objects.on(day).filter(community__district=district).select_related("officer")
    stand_ins_last = held.order_by(F("stands_in_for").asc(nulls_first=True))
    return {assignment.community_id: assignment.officer for assignment in stand_ins_last}


def communities_of_officer(person: Person, day: datetime.date) -> set[int]:
    """Ids of the communities on which the person works on `day`, in whichever district; one query.

    Those handed over to a stand-in are the stand-in's while that lasts.
    """
    standing_in = Assignment.objects.on(day).filter(community=OuterRef("community"), stands_in_for__isnull=False)
    own = Assignment.objects.on(day).filter(officer=person)
    theirs = own.filter(Q(stands_in_for__isnull=False) | ~Exists(standing_in))
    return set(theirs.values_list("community", flat=True))
