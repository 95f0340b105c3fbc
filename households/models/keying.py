"""What stands in the central register: keyed there by officers, and seen there in a fresh extract (product.md O2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .dated import DatedFact, counts_from_its_day
from .registrations import HouseRegistration, LifeEvent


class KeyingEvent(DatedFact):
    """An officer keyed a house's code into the central register's screen, or took back having said so.

    `community` is whose code stands there afterwards (none: the code was taken out there), `previous_community` whose
    stood there before. Appended only; writes the house's `keyed_community` (trigger).
    """

    class Kind(models.TextChoices):
        KEYED = "keyed", _("keyed into the central register")
        TAKEN_BACK = "taken_back", _("keying taken back")

    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        related_name="keying_events",
        db_index=False,
        verbose_name=_("house registration"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("community"),
    )
    previous_community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("previous community"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("keying")
        verbose_name_plural = _("keyings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(community__isnull=True, previous_community__isnull=False)
                    | Q(community__isnull=False, previous_community__isnull=True)
                    | ~Q(community=F("previous_community"))
                ),
                name="keying_changes_something",
                violation_error_message=_("Keying changes the code in the central register."),
            ),
            models.CheckConstraint(condition=Q(kind__in=["keyed", "taken_back"]), name="keying_is_of_a_known_kind"),
            counts_from_its_day("keying"),
        ]
        indexes = [
            models.Index(fields=["house", "counted_on", "id"], name="keyings_of_house"),
            models.Index(fields=["recorded_by", "recorded_at"], name="keyings_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.house_id} ⇒ {self.community_id} {self.happened_on}"


class ReconciliationQuerySet(ScopedQuerySet["Reconciliation"]):
    district_path = "district"
    district_actions = (Action.SEE_HOUSES,)


class Reconciliation(models.Model):
    """A fresh extract that carries community codes was held against our tags: the counts of that moment, in houses.

    `agree`: same code; `differ`: another code; `missing`: tagged here, no code there; `untagged`: a code there,
    none here.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    taken_on = models.DateField(_("extract taken on"))
    file_name = models.CharField(_("file name"), max_length=255)
    fingerprint = models.CharField(_("fingerprint of the file"), max_length=64, editable=False)
    letter = models.CharField(_("letter"), max_length=200, blank=True)
    agree = models.PositiveIntegerField(_("agree"))
    differ = models.PositiveIntegerField(_("differ"))
    missing = models.PositiveIntegerField(_("missing there"))
    untagged = models.PositiveIntegerField(_("missing here"))
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("loaded by")
    )
    loaded_at = models.DateTimeField(_("loaded at"), db_default=Now(), editable=False)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.district_id} {self.taken_on}"


class SeenCode(DatedFact):
    """The extract shows another community code for a house than the extract before it ("" for none).

    Appended only; writes the house's `central_code` (trigger).
    """

    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        related_name="seen_codes",
        db_index=False,
        verbose_name=_("house registration"),
    )
    code = models.CharField(_("community code"), max_length=8, blank=True)
    previous_code = models.CharField(_("previous community code"), max_length=8, blank=True)
    reconciliation = models.ForeignKey(
        Reconciliation, models.PROTECT, related_name="seen_codes", verbose_name=_("reconciliation")
    )

    class Meta:
        verbose_name = _("code seen in the central register")
        verbose_name_plural = _("codes seen in the central register")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=F("previous_code")),
                name="seen_code_is_another",
                violation_error_message=_("A code seen again is no news."),
            ),
            counts_from_its_day("seen_code"),
        ]
        indexes = [models.Index(fields=["house", "counted_on", "id"], name="seen_codes_of_house")]

    def __str__(self) -> str:
        return f"{self.house_id}: {self.code}"


class ActKeyingQuerySet(ScopedQuerySet["ActKeying"]):
    district_path = "life_event__house__district"
    district_actions = (Action.SEE_HOUSES,)


class ActKeying(models.Model):
    """An officer carried an act of the office out in the central register, or took back having said so: appended only.

    The newest one of an act holds; the house itself waits until an extract shows the act.
    """

    class Kind(models.TextChoices):
        DONE = "done", _("carried out in the central register")
        TAKEN_BACK = "taken_back", _("taken back")

    life_event = models.ForeignKey(
        LifeEvent, models.PROTECT, related_name="act_keyings", verbose_name=_("act of the office")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reason = models.CharField(_("reason"), max_length=1000, blank=True, db_default="", default="")
    happened_on = models.DateField(_("happened on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = ActKeyingQuerySet.as_manager()

    class Meta:
        verbose_name = _("act carried out in the central register")
        verbose_name_plural = _("acts carried out in the central register")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="done") | ~models.Q(reason=""),
                name="act_taken_back_with_a_reason",
                violation_error_message=_("Give the reason for taking it back."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.life_event_id}: {self.kind}"
