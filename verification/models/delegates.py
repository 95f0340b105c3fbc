"""Delegates: named by the president, accepted by the office (product.md R8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Appointment, Community
from communities.roles import Action
from communities.scope import ScopedQuerySet


class DelegateNamingQuerySet(ScopedQuerySet["DelegateNaming"]):
    district_path = "community__district"
    district_actions = (Action.ANSWER_REVIEW,)
    community_path = "community"
    community_actions = (Action.NAME_DELEGATE,)


class DelegateNaming(models.Model):
    """The president names a person; the office accepts, which makes the post, or refuses and says why."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    full_name = models.CharField(_("full name"), max_length=150)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("named by"))
    named_at = models.DateTimeField(_("named at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    post = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("post")
    )
    refused_reason = models.CharField(_("reason of the refusal"), max_length=300, blank=True)

    objects = DelegateNamingQuerySet.as_manager()

    class Meta:
        verbose_name = _("naming of a delegate")
        verbose_name_plural = _("namings of delegates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(decided_at=None),
                name="one_delegate_is_named_at_a_time",
                violation_error_message=_("A delegate has been named; the district office has not answered yet."),
            ),
            models.CheckConstraint(
                condition=Q(full_name__regex=r"\S"),
                name="delegate_has_a_name",
                violation_error_message=_("Type the delegate's full name."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, post=None, refused_reason="")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & (Q(post__isnull=False, refused_reason="") | Q(post=None, refused_reason__regex=r"\S"))
                ),
                name="naming_is_accepted_or_refused_with_a_reason",
                violation_error_message=_("Say why the delegate is refused."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} · {self.community_id}"
