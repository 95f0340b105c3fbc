"""The key of a president's first sign-in, printed in the letter as a QR code (product.md R11)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import Appointment


class SignInKey(models.Model):
    """Opens the way to an account once, until its day. The letter alone holds the key; here lies its SHA-256."""

    post = models.ForeignKey(Appointment, models.PROTECT, related_name="+", verbose_name=_("post"))
    fingerprint = models.CharField(_("fingerprint of the key"), max_length=64, unique=True, editable=False)
    good_until = models.DateField(_("good until, that day included"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    spent_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sign-in key")
        verbose_name_plural = _("sign-in keys")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(spent_at=None, revoked_at=None),
                name="post_has_one_open_sign_in_key",
                violation_error_message=_("Another letter for this post is still good: revoke it first."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, revoked_reason__regex=r"\S"),
                name="sign_in_key_revoked_by_and_at_together",
                violation_error_message=_("Say why the letter is revoked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.good_until}"
