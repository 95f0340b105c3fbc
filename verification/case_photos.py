"""The photos of a case: kept once, told where they were used before, handed out as one file (product.md V4)."""

from __future__ import annotations

import dataclasses
import datetime
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from zipstream import ZipStream

from communities.models import Person
from communities.roles import Action, may
from communities.thai_calendar import BUDDHIST_ERA

from .casework import locked
from .models import Case, CasePhoto, StopResult, VerdictPhoto
from .photos import read_photo
from .workflow import ENDED

MOST_PHOTOS = 20  # of one case
_OF_PRESIDENTS = "verdict__photos__fingerprint"
_NO_NAME_OF_A_FILE = re.compile(r'[\s\\/:*?"<>|\x00-\x1f]+')


@dataclasses.dataclass(frozen=True)
class ShownPhoto:
    """A photo of a case with the other cases, within a person's reach, that the very same file was sent to."""

    photo: CasePhoto
    also_in: Sequence[Case]


# --- adding ---


def add_photo(
    case: Case, *, key: uuid.UUID, sent: IO[bytes], by: Person, result: StopResult | None = None
) -> CasePhoto:
    """Keeps a photo to a case, or to the result of one of its visits, made anew and small.

    Sent again, with the same key or as the same file, it is the same photo. Raises ValidationError `not_your_case`,
    `ended`, `other_visit`, `too_many_photos`, `key_used`, and what `read_photo` refuses.
    """
    _refuse_person(case, by)
    if known := _known(case, key):
        return known
    read = read_photo(sent)
    with transaction.atomic():
        now = locked(case)
        if known := _known(now, key) or now.photos.filter(fingerprint=read.fingerprint).first():
            return known
        _refuse_more(now, result)
        return CasePhoto.objects.create(
            key=key,
            case=now,
            result=result,
            file=ContentFile(read.picture, name=f"{uuid.uuid4().hex}.jpg"),
            thumbnail=ContentFile(read.thumbnail, name=f"{uuid.uuid4().hex}.jpg"),
            fingerprint=read.fingerprint,
            width=read.width,
            height=read.height,
            taken_at=read.taken_at,
            latitude=read.latitude,
            longitude=read.longitude,
            sent_by=by,
        )


def may_add(case: Case, person: Person) -> bool:
    """Whether the case still takes photos, and takes them from this person."""
    allowed = any(may(person, action, case.district) for action in (Action.VISIT, Action.WORK_CASE))
    return allowed and case.state not in ENDED


def _refuse_person(case: Case, by: Person) -> None:
    if not any(may(by, action, case.district) for action in (Action.VISIT, Action.WORK_CASE)):
        raise ValidationError(_("Photos are added by those who visit or work on the case."), code="not_your_case")


def _refuse_more(case: Case, result: StopResult | None) -> None:
    if case.state in ENDED:
        raise ValidationError(_("The case has ended; it takes no more photos."), code="ended")
    if result is not None and result.stop.case_id != case.pk:
        raise ValidationError(_("That visit was made for another case."), code="other_visit")
    if case.photos.count() >= MOST_PHOTOS:
        raise ValidationError(
            _("At most %(most)s photos for one case."), code="too_many_photos", params={"most": MOST_PHOTOS}
        )


def _known(case: Case, key: uuid.UUID) -> CasePhoto | None:
    known = CasePhoto.objects.filter(key=key).first()
    if known and known.case_id != case.pk:
        raise ValidationError(_("This page was old. Look at it again and press once more."), code="key_used")
    return known


# --- the same photo elsewhere ---


def cases_with_same_photo(photo: CasePhoto | VerdictPhoto, person: Person) -> Sequence[Case]:
    """The other cases that the person may see which the very same file was sent to, by an officer or a president."""
    others = Case.objects.visible_to(person)
    if isinstance(photo, CasePhoto):
        others = others.exclude(pk=photo.case_id)
    else:
        others = others.exclude(verdict=photo.verdict_id)
    by_officers, by_presidents = Q(photos__fingerprint=photo.fingerprint), Q(**{_OF_PRESIDENTS: photo.fingerprint})
    return list(others.filter(by_officers | by_presidents).distinct().order_by("pk"))


def shown_photos(case: Case, person: Person) -> Sequence[ShownPhoto]:
    """The case's photos, the first sent first; three queries however many there are."""
    photos = list(case.photos.select_related("sent_by", "result").order_by("pk"))
    others = _others(case, {photo.fingerprint for photo in photos}, person)
    return [ShownPhoto(photo, others.get(photo.fingerprint, [])) for photo in photos]


def _others(case: Case, fingerprints: Iterable[str], person: Person) -> Mapping[str, Sequence[Case]]:
    """By fingerprint: the other cases that got the photo."""
    wanted = list(fingerprints)
    if not wanted:
        return {}
    others = Case.objects.visible_to(person).exclude(pk=case.pk)
    by_officers = others.filter(photos__fingerprint__in=wanted).values_list("photos__fingerprint", "pk")
    by_presidents = others.filter(**{f"{_OF_PRESIDENTS}__in": wanted}).values_list(_OF_PRESIDENTS, "pk")
    pairs = sorted({*by_officers.order_by(), *by_presidents.order_by()})
    found = Case.objects.in_bulk({pk for _fingerprint, pk in pairs}) if pairs else {}
    return {one: [found[pk] for fingerprint, pk in pairs if fingerprint == one] for one in wanted}


# --- one file of many ---


def photos_of_month(photos: QuerySet[CasePhoto], first_day: datetime.date) -> QuerySet[CasePhoto]:
    """Those of the photos that were sent in the month that begins on that day."""
    return photos.filter(sent_at__date__year=first_day.year, sent_at__date__month=first_day.month)


def zipped(photos: QuerySet[CasePhoto]) -> Iterator[bytes]:
    """A ZIP of the photos, made while it is sent: one photo at a time is held. They are JPEG and not squeezed again.

    A photo that the store has lost is named in a text beside the others.
    """
    rows = list(photos.select_related("case__house").order_by("case_id", "pk"))
    return _packed(rows)


def _packed(rows: Sequence[CasePhoto]) -> Iterator[bytes]:
    archive, lost = ZipStream(), []
    for photo in rows:
        name = name_in_zip(photo)
        try:
            with photo.file.storage.open(str(photo.file.name), "rb") as file:
                archive.add(file.read(), name)
        except FileNotFoundError:
            lost.append(name)
        yield from archive.all_files()
    if lost or not rows:
        words = "\r\n".join([_("Not in the store:"), *lost]) if lost else _("No photos.")
        archive.add(words.encode("utf-8-sig"), "!.txt")
    yield from archive.finalize()


def name_in_zip(photo: CasePhoto) -> str:
    """Case, house, and when it was taken, else sent, in Buddhist years: 12-2558_41-9_2558-03-11_0930_7.jpg."""
    case = photo.case
    when = timezone.localtime(photo.taken_at or photo.sent_at)
    time = f"{when.year + BUDDHIST_ERA:04}-{when:%m-%d_%H%M}"
    house = case.house.house_no if case.house else case.house_no
    parts = [str(case), house, time, str(photo.pk)]
    return "_".join(_NO_NAME_OF_A_FILE.sub("-", part).strip(".-") for part in parts if part) + ".jpg"
