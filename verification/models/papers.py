"""What proves a case: photos, the request form TR.31, and who is still registered there (domain.md section 6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from communities.evidence_storage import evidence_storage
from communities.models import District
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .cases import Case
from .visits import StopResult


class CasePhotoQuerySet(ScopedQuerySet["CasePhoto"]):
    district_path = "case__district"
    district_actions = (Action.SEE_CASES,)


class CasePhoto(models.Model):
    """A photo to a case, re-encoded; what its file said of time and place is kept here and stripped from it."""

    key = models.UUIDField(_("key"), unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="photos", verbose_name=_("case"))
    result = models.ForeignKey(
        StopResult, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name=_("result of a visit")
    )
    file = models.FileField(_("file"), upload_to="case_photos/", storage=evidence_storage, editable=False)
    thumbnail = models.FileField(_("small picture"), upload_to="case_photos/", storage=evidence_storage, editable=False)
    fingerprint = models.CharField(_("fingerprint of the sent file"), max_length=64, editable=False, db_index=True)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    taken_at = models.DateTimeField(_("taken at, by the camera's clock"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), db_default=Now(), editable=False)

    objects = CasePhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a case")
        verbose_name_plural = _("photos of cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="case_photo_place_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.fingerprint[:8]}"


class Form31Wording(models.Model):
    """The office's wording of form TR.31, with places for what a case holds; the newest of a district holds."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("wording of form TR.31")
        verbose_name_plural = _("wordings of form TR.31")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["district", "version"], name="form31_wording_once_a_version"),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="form31_wording_says_something",
                violation_error_message=_("Write the text of the form."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} v{self.version}"


class Form31QuerySet(ScopedQuerySet["Form31"]):
    district_path = "case__district"
    district_actions = (Action.WORK_CASE,)


class Form31(models.Model):
    """A request on form TR.31 as it was filled from its case: appended only, the newest of a case holds.

    The citizen number is kept encrypted; `citizen_number_shown` is what the pages show of it.
    """

    class Capacity(models.TextChoices):
        HOUSE_MASTER = "house_master", _("house master")
        OWNER = "owner", _("owner")
        AUTHORISED = "authorised", _("authorised person")
        PRESIDENT = "president", _("community president")

    case = models.ForeignKey(Case, models.PROTECT, related_name="forms", verbose_name=_("case"))
    wording = models.ForeignKey(
        Form31Wording, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wording")
    )
    written_at_place = models.CharField(_("written at"), max_length=150)
    written_on = models.DateField(_("date of the request"))
    subject = models.CharField(_("subject"), max_length=200)
    applicant_title = models.CharField(_("title"), max_length=40, blank=True)
    applicant_name = models.CharField(_("name and surname"), max_length=150)
    applicant_age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    nationality = models.CharField(_("nationality"), max_length=60, blank=True)
    citizen_number = models.BinaryField(_("citizen number, encrypted"), null=True, blank=True, editable=False)
    citizen_number_shown = models.CharField(_("citizen number"), max_length=20, blank=True, editable=False)
    lives_at = models.CharField(_("lives at"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    capacity = models.CharField(_("as"), max_length=20, choices=Capacity)
    wish = models.CharField(_("asks for"), max_length=500)
    because = models.CharField(_("because"), max_length=500)
    attachments = models.TextField(_("evidence attached, a line each"), max_length=1000, blank=True)
    witness = models.CharField(_("witness"), max_length=150, blank=True)
    officers_opinion = models.CharField(_("officer's opinion"), max_length=500, blank=True)
    text = models.TextField(_("text as printed"), editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)

    objects = Form31QuerySet.as_manager()

    class Meta:
        verbose_name = _("form TR.31")
        verbose_name_plural = _("forms TR.31")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(citizen_number=None, citizen_number_shown="")
                | (Q(citizen_number__isnull=False) & ~Q(citizen_number_shown="")),
                name="citizen_number_is_shown_masked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class SignedForm31(models.Model):
    """The signed paper, scanned, with the number and date of its receipt: appended only."""

    form = models.OneToOneField(Form31, models.PROTECT, related_name="signed", verbose_name=_("form TR.31"))
    number = models.CharField(_("number"), max_length=60)
    dated = models.DateField(_("dated"))
    file = models.FileField(_("scan"), upload_to="signed_forms/", storage=evidence_storage, editable=False)
    content_type = models.CharField(_("type of the scan"), max_length=40, editable=False)
    fingerprint = models.CharField(_("fingerprint of the scan"), max_length=64, editable=False)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    filed_at = models.DateTimeField(_("filed at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("signed form TR.31")
        verbose_name_plural = _("signed forms TR.31")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"\S"),
                name="signed_form31_has_a_number",
                violation_error_message=_("Give the number of the form."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class NumberReveal(models.Model):
    """Somebody looked at the whole citizen number of a form, and why: appended only."""

    form = models.ForeignKey(Form31, models.PROTECT, related_name="reveals", verbose_name=_("form TR.31"))
    reason = models.CharField(_("reason"), max_length=300)
    revealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("looked at by")
    )
    revealed_at = models.DateTimeField(_("looked at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("look at a citizen number")
        verbose_name_plural = _("looks at citizen numbers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="number_is_revealed_for_a_reason",
                violation_error_message=_("Say what the number is needed for."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.revealed_at:%Y-%m-%d}"


class ResidentsStatement(models.Model):
    """Who is still registered in the house, as an officer saw in the central register: appended only.

    A house is struck off only when nobody is, or when all were moved to the central house register (domain.md 6.8).
    """

    class Outcome(models.TextChoices):
        SOMEBODY = "somebody", _("somebody is still registered there")
        NOBODY = "nobody", _("nobody is registered there any more")
        CENTRAL_REGISTER = "central_register", _("moved to the central house register")

    case = models.ForeignKey(Case, models.PROTECT, related_name="residents", verbose_name=_("case"))
    outcome = models.CharField(_("who is registered there"), max_length=20, choices=Outcome)
    moved_on = models.DateField(_("moved on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("stated by")
    )
    stated_at = models.DateTimeField(_("stated at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("statement on residents")
        verbose_name_plural = _("statements on residents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome="central_register", moved_on__isnull=False))
                | (~Q(outcome="central_register") & Q(moved_on=None)),
                name="moved_to_the_central_register_on_a_day",
                violation_error_message=_("Say on which day they were moved to the central house register."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.outcome}"
