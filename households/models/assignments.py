"""Which officer works on which community, by whose order (product.md T7)."""

import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.roles import Action
from communities.scope import ScopedQuerySet

_SOME_WORD = r"\S"
PERIOD = Func("since", "until", RangeBoundary(), function="DATERANGE", output_field=DateRangeField())


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    district_path = "community__district"
    district_actions = (Action.SEE_LISTS,)

    def on(self, day: datetime.date) -> "AssignmentQuerySet":
        """Those that hold on `day`; the last day itself is not included."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Assignment(models.Model):
    """An officer works on a community from a day until (not including) another, by an order of the head.

    One that `stands_in_for` somebody holds beside that officer's own and goes before it while it lasts.
    Never deleted: it ends, by somebody and with a reason; `meant_until` is the end that it had before that.
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer"))
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands in for"),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=100)
    order_date = models.DateField(_("date of the order"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    # One act writes one moment, on the rows that it makes and on those that it ends: so it can be taken back whole.
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    meant_until = models.DateField(_("was to last until"), null=True, blank=True)
    ended_reason = models.CharField(_("reason of ending"), max_length=300, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")) | Q(until=F("since"), ended_at__isnull=False),
                name="assignment_period_runs_forward",
                violation_error_message=_("The last day must come after the first."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, until__isnull=False),
                name="assignment_ended_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="") | Q(ended_at__isnull=False, ended_reason__regex=_SOME_WORD),
                name="assignment_ends_with_a_reason",
                violation_error_message=_("Say why it ends."),
            ),
            models.CheckConstraint(
                condition=Q(order_number__regex=_SOME_WORD),
                name="assignment_names_its_order",
                violation_error_message=_("Work is shared out by an order: write its number."),
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | ~Q(stands_in_for=F("officer")),
                name="nobody_stands_in_for_themselves",
                violation_error_message=_("Somebody else must stand in."),
            ),
            ExclusionConstraint(
                name="community_has_one_officer",
                expressions=[("community", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(stands_in_for=None),
                violation_error_message=_("The community has an officer in that period."),
            ),
            ExclusionConstraint(
                name="community_has_one_stand_in",
                expressions=[("community", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(stands_in_for__isnull=False),
                violation_error_message=_("Somebody stands in for the community's officer in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} · {self.community_id}"

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which it holds, as people say it; None while no end is set."""
        return self.until - datetime.timedelta(days=1) if self.until else None
