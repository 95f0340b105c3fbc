"""Rounds in which presidents are asked whether their lists are right (domain.md, steps 13 and 16)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.roles import Action
from communities.scope import ScopedQuerySet
from households.models import HouseRegistration

_SOME_WORD = r"\S"


class ReviewRoundQuerySet(ScopedQuerySet["ReviewRound"]):
    district_path = "district"
    district_actions = (Action.ANSWER_REVIEW,)


class ReviewRound(models.Model):
    """A district asks its presidents by an announcement and a letter; they answer until the deadline, that day too."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    number = models.PositiveSmallIntegerField(_("number in the year"))
    year_be = models.PositiveSmallIntegerField(_("Buddhist year"))
    announcement_number = models.CharField(_("number of the announcement"), max_length=60, blank=True)
    announcement_date = models.DateField(_("date of the announcement"))
    letter_number = models.CharField(_("number of the letter"), max_length=60)
    letter_date = models.DateField(_("date of the letter"))
    deadline = models.DateField(_("deadline"))
    appeal_days = models.PositiveSmallIntegerField(_("days for an appeal"), default=15)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of review")
        verbose_name_plural = _("rounds of review")
        ordering = ["-year_be", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year_be", "number"],
                name="round_number_once_a_year",
                violation_error_message=_("There is a round of that number in that year already."),
            ),
            models.CheckConstraint(
                condition=Q(deadline__gte=F("letter_date")),
                name="round_ends_after_its_letter",
                violation_error_message=_("The deadline must not lie before the letter's date."),
            ),
            models.CheckConstraint(
                condition=Q(letter_number__regex=_SOME_WORD),
                name="round_names_its_letter",
                violation_error_message=_("A round needs the number of its letter."),
            ),
            models.CheckConstraint(
                condition=Q(appeal_days__gte=1, appeal_days__lte=365),
                name="round_leaves_time_to_appeal",
                violation_error_message=_("Leave between 1 and 365 days for an appeal."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="round_closed_by_and_at_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year_be}"


class RoundExtension(models.Model):
    """The deadline was put off, by a letter and for a reason: appended only."""

    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="extensions", verbose_name=_("round of review"))
    previous_deadline = models.DateField(_("deadline before"))
    deadline = models.DateField(_("new deadline"))
    letter_number = models.CharField(_("number of the letter"), max_length=60, blank=True)
    letter_date = models.DateField(_("date of the letter"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("extension of a round")
        verbose_name_plural = _("extensions of rounds")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline__gt=F("previous_deadline")),
                name="extension_puts_the_deadline_off",
                violation_error_message=_("The new deadline must lie after the present one."),
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=_SOME_WORD),
                name="extension_says_why",
                violation_error_message=_("Say why the deadline is put off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} → {self.deadline}"


class CommunityReviewQuerySet(ScopedQuerySet["CommunityReview"]):
    district_path = "round__district"
    district_actions = (Action.ANSWER_REVIEW,)
    community_path = "community"
    community_actions = (Action.REVIEW_OWN_HOUSES,)


class CommunityReview(models.Model):
    """One community's sheet of a round: its list of houses as it was handed out, until the president signs it."""

    class State(models.TextChoices):
        OPEN = "open", _("under review")
        SIGNED = "signed", _("signed off")
        LAPSED = "lapsed", _("closed without a signature")

    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="reviews", verbose_name=_("round of review"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    place = models.PositiveSmallIntegerField(_("running number of the letter"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    signed_name = models.CharField(_("name as signed"), max_length=150, blank=True)
    # The counts as signed; later verdicts change them no more.
    right = models.PositiveIntegerField(_("right"), null=True, blank=True)
    doubtful = models.PositiveIntegerField(_("doubtful"), null=True, blank=True)
    added = models.PositiveIntegerField(_("added"), null=True, blank=True)
    undecided = models.PositiveIntegerField(_("undecided"), null=True, blank=True)
    certificate = models.CharField(
        _("code of the certificate"), max_length=24, null=True, blank=True, unique=True, editable=False
    )

    objects = CommunityReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a community")
        verbose_name_plural = _("reviews of communities")
        ordering = ["round", "place"]
        constraints = [
            models.UniqueConstraint(fields=["round", "community"], name="community_once_a_round"),
            models.UniqueConstraint(fields=["round", "place"], name="letter_number_once_a_round"),
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(state="open"),
                name="community_is_under_one_review",
                violation_error_message=_("The community is under review in another round."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None, ended_by=None)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="review_ended_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=(~Q(state="signed") & Q(signed_name="", certificate=None))
                | Q(
                    state="signed",
                    signed_name__regex=_SOME_WORD,
                    certificate__isnull=False,
                    right__isnull=False,
                    doubtful__isnull=False,
                    added__isnull=False,
                    undecided__isnull=False,
                ),
                name="review_is_signed_whole",
                violation_error_message=_("Type your name to sign."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.community_id}"


class ListedHouse(models.Model):
    """A house on the list that was handed out: its place there, and the verdict that stands (trigger)."""

    review = models.ForeignKey(CommunityReview, models.PROTECT, related_name="houses", verbose_name=_("review"))
    house = models.ForeignKey(HouseRegistration, models.PROTECT, related_name="+", verbose_name=_("house registration"))
    place = models.PositiveIntegerField(_("number on the list"))
    verdict = models.ForeignKey(
        "verification.Verdict",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("verdict that stands"),
    )

    class Meta:
        verbose_name = _("house on a list")
        verbose_name_plural = _("houses on lists")
        ordering = ["review", "place"]
        constraints = [
            models.UniqueConstraint(fields=["review", "house"], name="house_once_a_list"),
            models.UniqueConstraint(fields=["review", "place"], name="place_once_a_list"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} #{self.place}"


class Reminder(models.Model):
    """A president was reminded, on paper or by e-mail: appended only."""

    class Way(models.TextChoices):
        PAPER = "paper", _("on paper")
        EMAIL = "email", _("by e-mail")

    review = models.ForeignKey(CommunityReview, models.PROTECT, related_name="reminders", verbose_name=_("review"))
    way = models.CharField(_("way"), max_length=10, choices=Way)
    address = models.CharField(_("sent to"), max_length=254, blank=True)
    text = models.TextField(_("text"))
    failure = models.CharField(_("why it was not sent"), max_length=300, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="paper", address="") | Q(way="email", address__contains="@"),
                name="reminder_by_email_has_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.way} {self.sent_at:%Y-%m-%d}"
