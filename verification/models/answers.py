"""What the registry section answers to a doubtful verdict, and the president's appeal (product.md R7, R10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.roles import Action
from communities.scope import ScopedQuerySet

from .verdicts import Verdict


class AnswerQuerySet(ScopedQuerySet["Answer"]):
    district_path = "verdict__review__round__district"
    district_actions = (Action.ANSWER_REVIEW,)
    community_path = "verdict__review__community"
    community_actions = (Action.REVIEW_OWN_HOUSES,)


class Answer(models.Model):
    """The section's answer to a doubtful verdict, the second one after an appeal: appended only.

    Whoever gave or wrote down the verdict, and the community's president and delegates, neither decide nor witness it
    (trigger).
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        CASE = "case", _("to be verified on the spot")

    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="answers", verbose_name=_("verdict"))
    turn = models.PositiveSmallIntegerField(_("turn"), default=1)
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    visited_on = models.DateField(_("visited on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), auto_now_add=True)
    # The last day on which it can be appealed against, that day included.
    appeal_until = models.DateField(_("appeal until"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["verdict", "turn"],
                name="verdict_is_answered_once_a_turn",
                violation_error_message=_("Somebody else has answered this meanwhile."),
            ),
            models.CheckConstraint(condition=Q(turn__in=[1, 2]), name="answer_is_the_first_or_after_an_appeal"),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | Q(reason__regex=r"\S"),
                name="refusal_says_why",
                violation_error_message=_("Say why it is refused."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict_id}: {self.outcome}"


class AnswerWitness(models.Model):
    """Somebody of the office who was there when the house was visited: appended only."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="witnesses", verbose_name=_("answer"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("witness"))

    class Meta:
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        constraints = [models.UniqueConstraint(fields=["answer", "person"], name="witness_once_an_answer")]

    def __str__(self) -> str:
        return str(self.person_id)


class AppealQuerySet(ScopedQuerySet["Appeal"]):
    district_path = "answer__verdict__review__round__district"
    district_actions = (Action.ANSWER_REVIEW,)
    community_path = "answer__verdict__review__community"
    community_actions = (Action.REVIEW_OWN_HOUSES,)


class Appeal(models.Model):
    """The president does not agree with the first answer: appended only."""

    answer = models.OneToOneField(Answer, models.PROTECT, related_name="appeal", verbose_name=_("answer"))
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="appeal_says_why",
                violation_error_message=_("Say why you do not agree."),
            )
        ]

    def __str__(self) -> str:
        return str(self.answer_id)
