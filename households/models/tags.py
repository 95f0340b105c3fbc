"""Tags: which community a house belongs to, from when, by whom, and in which batch."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .dated import DatedFact, counts_from_its_day
from .lists import HouseList, HouseNumberRecord
from .registrations import HouseRegistration


class TaggingBatchQuerySet(ScopedQuerySet["TaggingBatch"]):
    district_path = "district"
    district_actions = (Action.SEE_HOUSES,)

    def run_of(self, batch: "TaggingBatch") -> Self:
        """All that the batch's person tagged house by house with its community on its day."""
        return self.filter(
            kind=TaggingBatch.Kind.HOUSE_BY_HOUSE,
            done_by=batch.done_by_id,
            community=batch.community_id,
            happened_on=batch.happened_on,
        )

    def one_a_run(self) -> Self:
        """Batches, of those of a walk house by house the newest alone."""
        newer = TaggingBatch.objects.filter(
            kind=TaggingBatch.Kind.HOUSE_BY_HOUSE,
            done_by=OuterRef("done_by"),
            community=OuterRef("community"),
            happened_on=OuterRef("happened_on"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(~Q(kind=TaggingBatch.Kind.HOUSE_BY_HOUSE) | ~Exists(newer))


class TaggingBatch(models.Model):
    """One act of one person: all its tags stand, and can be undone, together."""

    class Kind(models.TextChoices):
        LIST_EXACT = "list_exact", _("exact rows of a list")
        LIKELY_CONFIRMED = "likely_confirmed", _("likely rows confirmed")
        ROW_DECIDED = "row_decided", _("row decided by a person")
        CLAIM_DECIDED = "claim_decided", _("claim decided")
        BY_HAND = "by_hand", _("houses chosen by hand")
        HOUSE_BY_HOUSE = "house_by_house", _("house by house along a lane")
        IN_NO_COMMUNITY = "in_no_community", _("houses in no community")
        WITHDRAWN = "withdrawn", _("codes withdrawn")
        UNDONE = "undone", _("batch undone")

    # batches_of_district begins with it
    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False, verbose_name=_("district"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("community")
    )
    house_list = models.ForeignKey(
        HouseList, models.PROTECT, null=True, blank=True, related_name="batches", verbose_name=_("house list")
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    happened_on = models.DateField(_("happened on"))
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("done by"))
    done_at = models.DateTimeField(_("done at"), auto_now_add=True)

    objects = TaggingBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("tagging batch")
        verbose_name_plural = _("tagging batches")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["district", "id"], name="batches_of_district"),
            models.Index(
                fields=["done_by", "community", "happened_on", "id"],
                condition=Q(kind="house_by_house"),
                name="batches_of_a_run",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undone", undoes__isnull=False) | (~Q(kind="undone") & Q(undoes__isnull=True)),
                name="undoing_names_its_batch",
                violation_error_message=_("Undoing names the batch it undoes."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class TagEventQuerySet(models.QuerySet["TagEvent"]):
    def newest_of(self, houses: Collection[int]) -> "TagEventQuerySet":
        """The last tag of each of these houses (by id)."""
        return self.filter(house__in=houses).order_by("house", "-id").distinct("house")


class TagEvent(DatedFact):
    """A house came to a community, moved, left one, or was said to be in none (`outside`, the reason).

    Appended only; writes the house's community and `outside` (trigger). The same trigger proves, once a statement,
    what foreign keys would prove row by row: that batch, house, communities and list row are there. They stay as
    long as an event names them (trigger `tags_hold_…`).
    """

    batch = models.ForeignKey(
        TaggingBatch, models.PROTECT, related_name="events", db_constraint=False, verbose_name=_("tagging batch")
    )
    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        related_name="tag_events",
        db_constraint=False,
        # tags_of_house begins with it
        db_index=False,
        verbose_name=_("house registration"),
    )
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("community"),
    )
    previous_community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("previous community"),
    )
    outside = models.CharField(
        _("in no community"), max_length=20, choices=HouseRegistration.Outside, blank=True, db_default="", default=""
    )
    previous_outside = models.CharField(
        _("in no community before"),
        max_length=20,
        choices=HouseRegistration.Outside,
        blank=True,
        db_default="",
        default="",
    )
    record = models.ForeignKey(
        HouseNumberRecord,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tag_events",
        db_constraint=False,
        # tags_of_row takes its place: most tags by hand name no row
        db_index=False,
        verbose_name=_("list row"),
    )

    objects = TagEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag event")
        verbose_name_plural = _("tag events")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(community__isnull=True, previous_community__isnull=False)
                    | Q(community__isnull=False, previous_community__isnull=True)
                    | Q(community__isnull=False, previous_community__isnull=False)
                    & ~Q(community=F("previous_community"))
                    | ~Q(outside=F("previous_outside"))
                ),
                name="tag_event_changes_something",
                violation_error_message=_("A tag event changes the community."),
            ),
            models.CheckConstraint(
                condition=Q(outside="") | Q(community__isnull=True),
                name="tag_event_in_a_community_or_in_none",
                violation_error_message=_("A house is in a community or in none, not both."),
            ),
            models.CheckConstraint(
                condition=Q(outside__in=["", *HouseRegistration.Outside.values]), name="tag_event_gives_a_known_reason"
            ),
            counts_from_its_day("tag_event"),
        ]
        indexes = [
            models.Index(fields=["house", "counted_on", "id"], name="tags_of_house"),
            # What was said of houses in no community is little beside the tags; a list's grades rest on the newest.
            models.Index(fields=["id"], condition=~Q(outside=F("previous_outside")), name="words_on_houses_outside"),
            models.Index(fields=["record"], condition=Q(record__isnull=False), name="tags_of_row"),
        ]

    def __str__(self) -> str:
        return f"{self.house_id} → {self.community_id} {self.happened_on}"
