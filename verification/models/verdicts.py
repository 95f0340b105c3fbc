"""What a president says of each house, and the photos that show it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.evidence_storage import evidence_storage
from communities.models import Role
from communities.roles import Action
from communities.scope import ScopedQuerySet

from .rounds import CommunityReview, ListedHouse

_GIVERS = [(role.value, role.label) for role in (Role.PRESIDENT, Role.DELEGATE)]


class VerdictQuerySet(ScopedQuerySet["Verdict"]):
    district_path = "review__round__district"
    district_actions = (Action.ANSWER_REVIEW,)
    community_path = "review__community"
    community_actions = (Action.REVIEW_OWN_HOUSES,)

    def standing(self) -> "VerdictQuerySet":
        """Those that hold now: the last of each listed house, and missing houses that were not taken back."""
        of_listed = Q(listed__verdict=models.F("pk"))
        missing = Q(kind=Verdict.Kind.MISSING, taken_back_by=None, late=False)
        return self.filter(of_listed | missing)

    def doubtful(self) -> "VerdictQuerySet":
        """Those that ask the registry section for an answer."""
        return self.filter(kind__in=DOUBTFUL)


class Verdict(models.Model):
    """One thing said of one house: appended only. It changes nothing in the register.

    `key` is made where it was said (phone, page), so that it arrives once however often it is sent. `given_by` is whose
    word it is, `keyed_by` who wrote it down: another person for a list on paper. `house_no` and `lane` are of a missing
    house, or the number that stands at the house for a wrong one.
    """

    class Kind(models.TextChoices):
        RIGHT = "right", pgettext_lazy("verdict", "right")
        DEMOLISHED = "demolished", _("demolished")
        WRONG_NUMBER = "wrong_number", _("wrong number")
        NOT_OURS = "not_ours", _("not in my community")
        UNKNOWN = "unknown", _("do not know")
        MISSING = "missing", _("missing from the list")
        TAKEN_BACK = "taken_back", _("taken back")

    class Source(models.TextChoices):
        PHONE = "phone", _("on the phone")
        REST = "rest", _("together with the rest of the soi")
        PAPER = "paper", _("on paper")

    key = models.UUIDField(_("key"), unique=True, editable=False)
    review = models.ForeignKey(CommunityReview, models.PROTECT, related_name="verdicts", verbose_name=_("review"))
    listed = models.ForeignKey(
        ListedHouse, models.PROTECT, null=True, blank=True, related_name="verdicts", verbose_name=_("house on the list")
    )
    kind = models.CharField(_("verdict"), max_length=20, choices=Kind)
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back_by", verbose_name=_("takes back")
    )
    house_no = models.CharField(_("house number"), max_length=40, blank=True)
    lane = models.CharField(_("soi, trok or road"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    source = models.CharField(_("how it was said"), max_length=10, choices=Source)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_as = models.CharField(_("given as"), max_length=30, choices=_GIVERS)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    # The phone's own clock, which may be wrong; the order and the figures go by recorded_at.
    said_at = models.DateTimeField(_("said at, by the phone's clock"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    late = models.BooleanField(_("came after the end"), default=False)
    moved = models.BooleanField(_("house was in another community by then"), default=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="missing", listed=None, house_no__regex=r"\S")
                | Q(kind="taken_back")
                | (~Q(kind__in=["missing", "taken_back"]) & Q(listed__isnull=False)),
                name="verdict_is_of_a_house",
                violation_error_message=_("Type the number of the missing house."),
            ),
            models.CheckConstraint(
                condition=Q(kind="taken_back", takes_back__isnull=False) | (~Q(kind="taken_back") & Q(takes_back=None)),
                name="verdict_takes_back_another",
            ),
            models.CheckConstraint(
                condition=Q(source="paper") | Q(keyed_by=models.F("given_by")),
                name="verdict_on_a_phone_is_keyed_by_its_giver",
            ),
            models.CheckConstraint(condition=~Q(source="rest") | Q(kind="right"), name="the_rest_of_a_soi_is_right"),
        ]
        indexes = [models.Index(fields=["review", "kind"], name="verdicts_of_review")]

    def __str__(self) -> str:
        return f"{self.listed_id or self.house_no}: {self.kind}"


DOUBTFUL = [
    Verdict.Kind.DEMOLISHED,
    Verdict.Kind.WRONG_NUMBER,
    Verdict.Kind.NOT_OURS,
    Verdict.Kind.UNKNOWN,
    Verdict.Kind.MISSING,
]


class VerdictPhotoQuerySet(ScopedQuerySet["VerdictPhoto"]):
    district_path = "verdict__review__round__district"
    district_actions = (Action.ANSWER_REVIEW,)
    community_path = "verdict__review__community"
    community_actions = (Action.REVIEW_OWN_HOUSES,)


class VerdictPhoto(models.Model):
    """A photo to a verdict, re-encoded; what its file said of time and place is kept here and stripped from it."""

    key = models.UUIDField(_("key"), unique=True, editable=False)
    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="photos", verbose_name=_("verdict"))
    file = models.FileField(_("file"), upload_to="verdict_photos/", storage=evidence_storage, editable=False)
    thumbnail = models.FileField(
        _("small picture"), upload_to="verdict_photos/", storage=evidence_storage, editable=False
    )
    fingerprint = models.CharField(_("fingerprint of the sent file"), max_length=64, editable=False)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    taken_at = models.DateTimeField(_("taken at, by the camera's clock"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    objects = VerdictPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a verdict")
        verbose_name_plural = _("photos of verdicts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="photo_place_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict_id} {self.fingerprint[:8]}"
