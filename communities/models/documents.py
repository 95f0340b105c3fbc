"""The papers of the office's work: letters in and out, orders, announcements, minutes, photos (product.md F4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..evidence_storage import evidence_storage
from ..roles import Action
from ..scope import ScopedQuerySet
from .places import District


class DocumentQuerySet(ScopedQuerySet["Document"]):
    district_path = "district"
    district_actions = (Action.SEE_LEDGER,)


class Document(models.Model):
    """A paper of the office. Its number is text as written; two papers may carry one number (domain.md section 7)."""

    class Kind(models.TextChoices):
        LETTER_OUT = "letter_out", _("letter sent")
        LETTER_IN = "letter_in", _("letter received")
        MEMO = "memo", _("internal memo")
        ORDER = "order", _("order")
        ANNOUNCEMENT = "announcement", _("announcement")
        MINUTES = "minutes", _("minutes of a meeting")
        PROJECT = "project", _("project document")
        PHOTOS = "photos", _("photos")
        EMAIL = "email", _("e-mail")
        OTHER = "other", _("other paper")

    class Urgency(models.TextChoices):
        NORMAL = "normal", _("not urgent")
        URGENT = "urgent", _("urgent")
        VERY_URGENT = "very_urgent", _("very urgent")
        MOST_URGENT = "most_urgent", _("most urgent")

    district = models.ForeignKey(District, models.PROTECT, related_name="documents", verbose_name=_("district"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    number = models.CharField(_("number"), max_length=80, blank=True, help_text=_("As it stands on the paper."))
    # The number in Arabic digits without words and spaces: by it a paper is found in any writing.
    number_key = models.CharField(max_length=80, blank=True, editable=False, db_index=True)
    dated = models.DateField(_("dated"))
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency, default=Urgency.NORMAL)
    subject = models.CharField(_("subject"), max_length=300)
    party = models.CharField(_("from or to whom"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["dated", "id"]
        indexes = [models.Index(fields=["district", "dated"], name="documents_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None, withdrawn_because="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="document_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(subject__regex=r"\S"),
                name="document_has_a_subject",
                violation_error_message=_("Say what the paper is about."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.subject


class DocumentFileQuerySet(ScopedQuerySet["DocumentFile"]):
    district_path = "document__district"
    district_actions = (Action.SEE_LEDGER,)


class DocumentFile(models.Model):
    """A scan or file of a document, kept in the office's private store: appended only."""

    key = models.UUIDField(_("key"), unique=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="files", verbose_name=_("document"))
    file = models.FileField(_("file"), upload_to="documents/", storage=evidence_storage, editable=False)
    name = models.CharField(_("name of the file"), max_length=200)
    content_type = models.CharField(_("type of the file"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64, db_index=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), db_default=Now(), editable=False)

    objects = DocumentFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a document")
        verbose_name_plural = _("files of documents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "fingerprint"],
                name="file_once_a_document",
                violation_error_message=_("This file is with the document already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
