"""The three dates that every fact carries."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# A thing's facts backwards. Recorded and counting order are one; this one every table of facts has an index for, by
# which the newest is found even while the planner knows nothing yet of a table that was just filled.
NEWEST_FIRST = ("-counted_on", "-id")


class DatedFact(models.Model):
    """A fact with its true day, the clock's time, and the day it counts in figures (architecture, law 3).

    `counted_on` is `happened_on` while that month is open in the district, else the first open day after it;
    the database refuses a row that would count in a closed month.
    """

    happened_on = models.DateField(_("happened on"))
    counted_on = models.DateField(_("counted on"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())

    class Meta:
        abstract = True


def counts_from_its_day(facts: str) -> models.CheckConstraint:
    """The rule that no fact of a table counts before the day on which it happened; `facts` begins its name."""
    return models.CheckConstraint(condition=Q(counted_on__gte=F("happened_on")), name=f"{facts}_counts_from_its_day")
