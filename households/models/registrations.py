"""House registrations and their life, as the central register tells it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District, Subdistrict
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .dated import DatedFact, counts_from_its_day


class HouseRegistrationQuerySet(ScopedQuerySet["HouseRegistration"]):
    district_path = "district"
    district_actions = (Action.SEE_HOUSES,)
    community_path = "community"
    community_actions = (Action.SEE_OWN_ADDRESSES,)

    def in_lane_order(self) -> Self:
        """Road by road, soi by soi, house numbers in their own order."""
        return self.order_by("district_id", "lane_order", "number_order", "id")


class HouseRegistration(models.Model):
    """One house registration. It is never erased: a house struck off keeps its row and its history.

    The verbatim address columns stand beside canonical keys, which the loader writes from them.
    `community` and `outside` are what the newest TagEvent says and change by a TagEvent alone (trigger).
    """

    class State(models.TextChoices):
        LIVE = "live", _("in the register")
        STRUCK = "struck", _("struck off")
        VANISHED = "vanished", _("gone from the extract")

    class AwaitsCentral(models.TextChoices):
        """What the office did that the central register does not show yet."""

        STRUCK = "struck", _("strike off in the central register")
        LIVE = "live", _("restore in the central register")
        NUMBER = "number", _("change the house number in the central register")
        STRUCK_NUMBER = "struck_number", _("change the house number and strike off in the central register")
        LIVE_NUMBER = "live_number", _("restore and change the house number in the central register")

    class Outside(models.TextChoices):
        """Why a house is in no community, as a person said (product.md T6)."""

        NO_COMMUNITY_HERE = "no_community_here", _("the city has announced no community here")
        PRIVATE_ESTATE = "private_estate", _("private estate or condominium that joined none")
        NOT_A_DWELLING = "not_a_dwelling", _("not a dwelling: office, temple, school, factory")
        OTHER = "other", _("other reason, in the note")

    # Several indexes begin with it.
    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False, verbose_name=_("district"))
    subdistrict = models.ForeignKey(Subdistrict, models.PROTECT, related_name="+", verbose_name=_("sub-district"))
    house_code = models.CharField(_("house code"), max_length=11)
    house_no = models.CharField(_("house number"), max_length=60)
    moo = models.CharField(_("village number"), max_length=20, blank=True)
    trok = models.CharField(_("trok"), max_length=120, blank=True)
    soi = models.CharField(_("soi"), max_length=120, blank=True)
    road = models.CharField(_("road"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.LIVE)
    number_key = models.CharField(max_length=60, editable=False, db_collation="C")
    number_order = models.CharField(max_length=60, editable=False, db_collation="C")
    trok_key = models.CharField(max_length=120, blank=True, editable=False, db_collation="C")
    soi_key = models.CharField(max_length=120, blank=True, editable=False, db_collation="C")
    road_key = models.CharField(max_length=120, blank=True, editable=False, db_collation="C")
    lane_order = models.CharField(max_length=400, blank=True, editable=False, db_collation="C")
    # The index `house_of_community` begins with it. Tag events alone write it: they prove that the community is there.
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("community"),
    )

    # In no community, and why: what the newest TagEvent says, as `community` (trigger).
    outside = models.CharField(
        _("in no community"), max_length=20, choices=Outside, blank=True, db_default="", default="", editable=False
    )
    # Whose code the officers say stands in the central register: what the newest KeyingEvent says (trigger).
    keyed_community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("keyed into the central register"),
    )
    # The code that the newest extract with codes shows: what the newest SeenCode says (trigger).
    central_code = models.CharField(
        _("code in the central register"), max_length=8, blank=True, db_default="", default="", editable=False
    )

    # What acts of the office did, state and number apart, until an extract shows it (trigger, and loading extracts).
    awaits_central = models.CharField(
        _("to be done in the central register"),
        max_length=20,
        choices=AwaitsCentral,
        blank=True,
        db_default="",
        default="",
        editable=False,
    )

    objects = HouseRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("house registration")
        verbose_name_plural = _("house registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "house_code"],
                name="house_code_once_a_district",
                violation_error_message=_("The district has this house code already."),
            ),
            models.CheckConstraint(
                condition=models.Q(house_code__regex=r"^[0-9]{11}$"),
                name="house_code_has_11_digits",
                violation_error_message=_("A house code has 11 digits."),
            ),
            models.CheckConstraint(
                condition=models.Q(outside="") | models.Q(community__isnull=True),
                name="house_in_a_community_or_in_none",
                violation_error_message=_("A house is in a community or in none, not both."),
            ),
        ]
        indexes = [
            models.Index(fields=["district", "number_key", "soi_key"], name="house_by_number"),
            models.Index(fields=["district", "lane_order", "number_order", "id"], name="house_in_lane_order"),
            models.Index(fields=["district", "number_order", "lane_order", "id"], name="house_in_number_order"),
            models.Index(fields=["community", "lane_order", "number_order", "id"], name="house_of_community"),
            models.Index(
                fields=["district", "lane_order", "number_order", "id"],
                condition=~models.Q(outside=""),
                name="house_in_no_community",
            ),
            # The fewer houses lack a code, the longer the way to the next one along all the others.
            models.Index(
                fields=["district", "lane_order", "number_order", "id"],
                condition=models.Q(community__isnull=True),
                name="house_untagged",
            ),
            models.Index(
                fields=["district", "state", "lane_order", "number_order", "id"],
                condition=~models.Q(state="live"),
                name="house_not_live",
            ),
            # Few, and no tag touches it unless a code was keyed: what else is to key is found by its community.
            models.Index(
                fields=["keyed_community"],
                name="house_to_take_out",
                condition=models.Q(community__isnull=True, keyed_community__isnull=False),
            ),
            models.Index(
                fields=["district", "id"], name="house_awaits_central", condition=~models.Q(awaits_central="")
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.house_no, self.soi or self.trok or self.road]))


class LaneQuerySet(ScopedQuerySet["Lane"]):
    district_path = "district"
    district_actions = (Action.SEE_HOUSES,)


class Lane(models.Model):
    """A soi, trok or road in which a district has, or had, houses: found by any part of its name.

    Its rows come from the houses (trigger): every `lane_order` of a house is the lane of that order.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False, verbose_name=_("district"))
    lane_order = models.CharField(max_length=400, blank=True, db_collation="C")
    trok = models.CharField(_("trok"), max_length=120, blank=True)
    soi = models.CharField(_("soi"), max_length=120, blank=True)
    road = models.CharField(_("road"), max_length=120, blank=True)
    trok_key = models.CharField(max_length=120, blank=True, db_collation="C")
    soi_key = models.CharField(max_length=120, blank=True, db_collation="C")
    road_key = models.CharField(max_length=120, blank=True, db_collation="C")

    objects = LaneQuerySet.as_manager()

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        constraints = [models.UniqueConstraint(fields=["district", "lane_order"], name="lane_once_a_district")]

    def __str__(self) -> str:
        return self.soi or self.trok or self.road


class LifeEvent(DatedFact):
    """Something that happened to a registration: appended, never changed (trigger).

    What an extract of the central register told has that ground and no proposer. An act of the office was proposed by
    one person and approved by another, `recorded_by`, a registrar of the district that day; it writes the house's state
    (trigger), and `reference` is the printed number of its case.
    """

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered")
        CHANGED = "changed", _("address changed")
        STRUCK = "struck", _("struck off")
        RESTORED = "restored", _("restored")
        VANISHED = "vanished", _("gone from the extract")
        SPLIT = "split", _("split")

    class Ground(models.TextChoices):
        CENTRAL_REGISTER = "central_register", _("extract of the central register")
        DEMOLISHED = "demolished", _("demolished")
        DESTROYED = "destroyed", _("destroyed")
        DUPLICATE = "duplicate", _("registered twice")
        MERGED = "merged", _("merged with another house")
        NUMBER_CORRECTED = "number_corrected", _("wrong number corrected")
        RENUMBERED = "renumbered", _("renumbered")
        SPLIT = "split", _("split into several houses")
        STRUCK_WRONGLY = "struck_wrongly", _("was struck off wrongly")

    # The index `life_of_house` begins with the house; whose deeds these are, nobody asks of a whole register.
    house = models.ForeignKey(
        HouseRegistration,
        models.PROTECT,
        related_name="life_events",
        db_index=False,
        verbose_name=_("house registration"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    ground = models.CharField(_("ground"), max_length=30, choices=Ground)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    # The house's district where a later extract renewed a register that was known; none for what the first one told.
    renewed_in = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("district whose register was renewed"),
    )
    reason = models.CharField(_("reason"), max_length=1000, blank=True, db_default="", default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("proposed by"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        ordering = ["id"]
        constraints = [
            counts_from_its_day("life_event"),
            models.CheckConstraint(
                condition=models.Q(ground="central_register", proposed_by=None)
                | (
                    ~models.Q(ground="central_register")
                    & models.Q(proposed_by__isnull=False)
                    & ~models.Q(proposed_by=models.F("recorded_by"))
                ),
                name="office_acts_by_two_people",
                violation_error_message=_("Who proposes does not approve: another registrar must decide."),
            ),
        ]
        indexes = [
            models.Index(fields=["house", "counted_on", "id"], name="life_of_house"),
            models.Index(
                fields=["renewed_in", "id"], condition=models.Q(renewed_in__isnull=False), name="renewals_of_register"
            ),
            # Few beside what extracts tell: the accounts of houses struck off are read from them.
            models.Index(
                fields=["counted_on", "id"],
                condition=~models.Q(ground="central_register"),
                name="acts_of_the_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"
