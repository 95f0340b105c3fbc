"""The communities' house lists as they came, what each row was taken to mean, and what was decided."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District, Subdistrict
from communities.roles import Action
from communities.scope import ScopedQuerySet

from ..row_reasons import UNDECIDED, Grade, Hint, Outcome, Reason
from .dated import DatedFact, counts_from_its_day
from .registrations import HouseRegistration
from .senders import Sender


class HouseListQuerySet(ScopedQuerySet["HouseList"]):
    district_path = "district"
    district_actions = (Action.SEE_LISTS,)


class ListFile(models.Model):
    """The workbook that a list came in, kept so that it can go back in the sender's own layout.

    Where it had columns that nobody needs (names, telephones), `content` is a copy with these emptied.
    """

    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    name = models.CharField(_("file name"), max_length=255)
    content = models.BinaryField(_("content"))
    emptied = models.JSONField(_("columns emptied"), default=list)

    class Meta:
        verbose_name = _("file of a list")
        verbose_name_plural = _("files of lists")

    def __str__(self) -> str:
        return self.name


class HouseList(models.Model):
    """A list of a community's house numbers, as received: one sheet of one file.

    `notices` is what the reader has to tell about the sheet (hidden rows, formulas without a value …), each a
    code with its facts. A list that `corrects` another took its place.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    file_name = models.CharField(_("file name"), max_length=255)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    header_row = models.PositiveIntegerField(_("header row"))
    columns = models.JSONField(_("columns recognised"))
    passed_over = models.JSONField(_("rows passed over"), default=list)
    graded_up_to = models.PositiveBigIntegerField(_("newest life event when last graded"), default=0)
    alias_changes = models.PositiveIntegerField(_("changes of aliases when last graded"), default=0)
    outside_changes = models.PositiveBigIntegerField(_("newest word on houses in no community when graded"), default=0)
    notices = models.JSONField(_("notices"), default=list)
    file = models.ForeignKey(
        ListFile, models.PROTECT, null=True, blank=True, related_name="lists", verbose_name=_("file of a list")
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    sender = models.ForeignKey(
        Sender, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sender")
    )
    letter = models.CharField(_("letter"), max_length=200, blank=True)
    received_on = models.DateField(_("received on"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received at"), db_default=Now(), editable=False)

    objects = HouseListQuerySet.as_manager()

    class Meta:
        verbose_name = _("house list")
        verbose_name_plural = _("house lists")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                # A person may say of the same sheet other columns: that reading takes the place of the one before.
                fields=["community", "fingerprint", "sheet"],
                condition=Q(corrects=None),
                name="list_received_once",
                violation_error_message=_("This very file has been received for the community already."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_read_anew(self) -> bool:
        """Whether the list took the place of another that was read from the same file."""
        return self.corrects is not None and self.corrects.fingerprint == self.fingerprint


class ListStep(DatedFact):
    """A step in the life of a community's list that is no list itself: asked for, sent back. Appended only."""

    class Kind(models.TextChoices):
        ASKED_FOR = "asked_for", _("asked for")
        SENT_BACK = "sent_back", _("sent back for correction")

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    house_list = models.ForeignKey(
        HouseList, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("house list")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    letter = models.CharField(_("letter"), max_length=200, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("step of a list")
        verbose_name_plural = _("steps of lists")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="sent_back") | Q(house_list__isnull=False),
                name="list_sent_back_is_named",
                violation_error_message=_("What is sent back is a list."),
            ),
            counts_from_its_day("list_step"),
        ]
        indexes = [models.Index(fields=["community", "id"], name="steps_of_community")]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.kind}"


class HouseNumberRecordQuerySet(ScopedQuerySet["HouseNumberRecord"]):
    district_path = "house_list__district"
    district_actions = (Action.SEE_LISTS,)

    def undecided(self) -> Self:
        """The rows that wait for a person."""
        return self.filter(outcome__in=UNDECIDED)


class HouseNumberRecord(models.Model):
    """A row of a list: its cells verbatim, its keys, the grade of its match and what became of it.

    A row whose cell names several houses is several records, `part` 1, 2, 3 …, each with one of the numbers.
    `hint` is what a note in the row says of the house: something to verify, never done by itself.
    `outcome` is what the newest RowDecision says (trigger), "open" before the first.
    """

    house_list = models.ForeignKey(HouseList, models.PROTECT, related_name="records", verbose_name=_("house list"))
    row = models.PositiveIntegerField(_("row"))
    part = models.PositiveSmallIntegerField(_("part of the row"), default=1)
    is_hidden = models.BooleanField(_("hidden in the sheet"), default=False)
    cells = models.JSONField(_("cells as typed"))
    house_no = models.CharField(_("house number"), max_length=200, blank=True)
    moo = models.CharField(_("village number"), max_length=200, blank=True)
    trok = models.CharField(_("trok"), max_length=200, blank=True)
    soi = models.CharField(_("soi"), max_length=200, blank=True)
    road = models.CharField(_("road"), max_length=200, blank=True)
    subdistrict_text = models.CharField(_("sub-district as typed"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    hint = models.CharField(_("hint"), max_length=20, choices=Hint, blank=True)
    number_keys = ArrayField(models.CharField(max_length=60), verbose_name=_("readings of the number"), default=list)
    trok_key = models.CharField(max_length=200, blank=True, editable=False, db_collation="C")
    soi_key = models.CharField(max_length=200, blank=True, editable=False, db_collation="C")
    road_key = models.CharField(max_length=200, blank=True, editable=False, db_collation="C")
    subdistrict = models.ForeignKey(
        Subdistrict, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sub-district")
    )
    doubt = models.CharField(_("doubt in reading"), max_length=40, choices=Reason, blank=True)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, default=Grade.NONE)
    reason = models.CharField(_("reason"), max_length=40, choices=Reason)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)

    objects = HouseNumberRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("list row")
        verbose_name_plural = _("list rows")
        ordering = ["house_list_id", "row", "part"]
        constraints = [models.UniqueConstraint(fields=["house_list", "row", "part"], name="list_row_once")]
        indexes = [models.Index(fields=["house_list", "outcome", "grade"], name="rows_by_outcome")]

    def __str__(self) -> str:
        return f"{self.row}: {self.house_no}"


class RowMatch(models.Model):
    """A house that a row may mean, best first, and the parts of the address in which the two differ."""

    record = models.ForeignKey(HouseNumberRecord, models.PROTECT, related_name="matches", verbose_name=_("list row"))
    house = models.ForeignKey(
        HouseRegistration, models.PROTECT, related_name="matches", verbose_name=_("house registration")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    differs = ArrayField(models.CharField(max_length=20), verbose_name=_("differs in"), default=list)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["record_id", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["record", "house"], name="house_matched_once_a_row"),
            models.UniqueConstraint(fields=["record", "rank"], name="match_rank_once_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} ~ {self.house_id}"


class RowDecision(DatedFact):
    """What became of a row, by machine or person: appended only; writes the row's outcome (trigger)."""

    record = models.ForeignKey(HouseNumberRecord, models.PROTECT, related_name="decisions", verbose_name=_("list row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=40, choices=Reason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("house registration"),
    )
    batch = models.ForeignKey(
        "households.TaggingBatch", models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
        # decisions_of_person begins with it
        db_index=False,
    )

    class Meta:
        verbose_name = _("decision on a row")
        verbose_name_plural = _("decisions on rows")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["tagged", "unchanged"]) | Q(house__isnull=False),
                name="tagged_row_names_its_house",
                violation_error_message=_("A row that tags a house names it."),
            ),
            counts_from_its_day("row_decision"),
        ]
        indexes = [
            models.Index(fields=["record", "counted_on", "id"], name="decisions_of_row"),
            models.Index(fields=["recorded_by", "recorded_at"], name="decisions_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.outcome}"
