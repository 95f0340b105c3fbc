"""Cases: what was reported of a house, and every step of finding out and putting right (product.md V1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet
from households.models import HouseRegistration, LifeEvent, TaggingBatch

from ..workflow import ENDED, Kind, Move, State, ways
from .verdicts import Verdict


class OccurrenceQuerySet(ScopedQuerySet["Occurrence"]):
    district_path = "district"
    district_actions = (Action.SEE_CASES,)


class Occurrence(models.Model):
    """One event that struck many houses, such as a fire: their cases are handled together."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    name = models.CharField(_("what happened"), max_length=150)
    place = models.CharField(_("where"), max_length=200, blank=True)
    happened_on = models.DateField(_("happened on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of many houses")
        verbose_name_plural = _("events of many houses")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=r"\S"),
                name="occurrence_says_what",
                violation_error_message=_("Say what happened."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class CaseQuerySet(ScopedQuerySet["Case"]):
    district_path = "district"
    district_actions = (Action.SEE_CASES,)
    community_path = "community"
    community_actions = (Action.REVIEW_OWN_HOUSES,)

    def open(self) -> "CaseQuerySet":
        """Those that still wait for somebody."""
        return self.exclude(state__in=ENDED)


class Case(models.Model):
    """A report about a house, from its arrival to its end. Its number runs by Buddhist year in each district.

    `state`, `kind` and `state_since` are what the newest StatusChange says (trigger); all else stays as it was
    received, but for the words of the request, which may be completed, and what was caused in the end.
    """

    class Source(models.TextChoices):
        PRESIDENT = "president", _("community president")
        OFFICER = "officer", _("registry officer")
        COMMUNITY_DEVELOPMENT = "community_development", _("community development section")
        CITIZEN = "citizen", _("citizen")

    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False, verbose_name=_("district"))
    year_be = models.PositiveSmallIntegerField(_("Buddhist year"))
    number = models.PositiveIntegerField(_("running number"))
    kind = models.CharField(_("what is the matter"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.RECEIVED)
    state_since = models.DateTimeField(_("in this state since"), db_default=Now(), editable=False)
    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("house registration"),
    )
    # Of a house that no list has: the number and lane as they were reported.
    house_no = models.CharField(_("house number"), max_length=40, blank=True)
    lane = models.CharField(_("soi, trok or road"), max_length=120, blank=True)
    # Whose president sees state and outcome.
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("community")
    )
    source = models.CharField(_("reported by"), max_length=30, choices=Source)
    verdict = models.OneToOneField(
        Verdict, models.PROTECT, null=True, blank=True, related_name="case", verbose_name=_("verdict")
    )
    told = models.TextField(_("what was reported"), max_length=2000, blank=True)
    reporter_name = models.CharField(_("name of the reporter"), max_length=150, blank=True)
    reporter_phone = models.CharField(_("telephone of the reporter"), max_length=40, blank=True)
    receipt = models.CharField(_("receipt number"), max_length=20, null=True, blank=True, unique=True, editable=False)
    occurrence = models.ForeignKey(
        Occurrence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("event of many houses"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), db_default=Now(), editable=False)
    life_event = models.ForeignKey(
        LifeEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("life event")
    )
    batch = models.ForeignKey(
        TaggingBatch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tagging batch")
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "year_be", "number"], name="case_number_once_a_year"),
            models.UniqueConstraint(
                fields=["house", "kind"],
                condition=~Q(state__in=sorted(ENDED)),
                name="one_open_case_of_a_kind_a_house",
                violation_error_message=_("A case of this kind is open for the house already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="missing", house=None, house_no__regex=r"\S")
                | (~Q(kind="missing") & Q(house__isnull=False, house_no="", lane="")),
                name="case_is_of_a_house",
                violation_error_message=_("Say which house, or the number of the missing one."),
            ),
            models.CheckConstraint(
                condition=~Q(source="citizen") | Q(receipt__isnull=False), name="citizen_has_a_receipt"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["struck_off", "restoring", "restored", "corrected"])
                | Q(life_event__isnull=False)
                | (Q(state="corrected", batch__isnull=False)),
                name="case_ends_by_an_act",
                violation_error_message=_("A house is struck off or corrected by an approved proposal."),
            ),
        ]
        indexes = [
            models.Index(fields=["district", "state", "state_since"], name="cases_by_state"),
            models.Index(fields=["house"], name="cases_of_house", condition=Q(house__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year_be}"

    @property
    def has_ended(self) -> bool:
        """Whether it waits for nobody any more."""
        return self.state in ENDED


class StatusChange(models.Model):
    """A move of a case: appended only. It writes the case's state and kind (trigger), by the table of moves."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="changes", verbose_name=_("case"))
    move = models.CharField(_("move"), max_length=20, choices=Move)
    state_before = models.CharField(_("state before"), max_length=20, choices=State)
    state_after = models.CharField(_("state after"), max_length=20, choices=State)
    kind_before = models.CharField(_("what was the matter before"), max_length=20, choices=Kind)
    kind_after = models.CharField(_("what is the matter"), max_length=20, choices=Kind)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("done by"))
    done_at = models.DateTimeField(_("done at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("move of a case")
        verbose_name_plural = _("moves of cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *[Q(move=move, state_before=before, state_after=after) for move, before, after in ways()],
                    _connector=Q.OR,
                ),
                name="move_is_in_the_table",
                violation_error_message=_("The case cannot go from there to there."),
            ),
            models.CheckConstraint(
                condition=Q(move="reclassify") | Q(kind_before=models.F("kind_after")),
                name="kind_changes_by_reclassifying",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.state_before} → {self.state_after}"
