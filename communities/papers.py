"""Keeping the papers of the office: recorded as they stand, with their scans, withdrawn but never deleted (F4)."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import uuid
import zipfile
from pathlib import PurePosixPath, PureWindowsPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .document_numbers import number_key
from .models import District, Document, DocumentFile, Person
from .roles import Action, may
from .thai_calendar import buddhist_year
from .thai_text import clean

LARGEST_FILE = 20 * 1024**2
LONGEST_NAME = 200
PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    PDF: ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
}
OPENS_IN_BROWSER = frozenset({PDF, "image/jpeg", "image/png", "image/webp"})
_BEGINNINGS = {b"%PDF-": PDF, b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclasses.dataclass(frozen=True)
class SameNumber:
    """Another paper of the same number; of one year the number was perhaps given or typed twice."""

    document: Document
    same_year: bool


def record_document(
    *,
    district: District,
    kind: str,
    dated: datetime.date,
    subject: str,
    by: Person,
    number: str = "",
    urgency: str = Document.Urgency.NORMAL,
    party: str = "",
    note: str = "",
) -> Document:
    """Records a paper of the district; a number that another paper has is no reason to refuse it.

    Raises ValidationError `not_allowed`, `future_date`, and those of the fields.
    """
    _refuse_stranger(district, by)
    if dated > timezone.localdate():
        raise ValidationError(_("A paper cannot be dated in the future."), code="future_date")
    document = Document(
        district=district,
        kind=kind,
        number=clean(number),
        number_key=number_key(number),
        dated=dated,
        urgency=urgency,
        subject=clean(subject),
        party=clean(party),
        note=note.strip(),
        recorded_by=by,
    )
    document.full_clean(exclude=["recorded_at"])
    document.save()
    return document


def add_file(document: Document, *, upload: UploadedFile, by: Person) -> DocumentFile:
    """Keeps a scan or file with the paper, known by what it holds and not by its name.

    Raises ValidationError `not_allowed`, `withdrawn`, `file_too_large`, `file_empty`, `file_kind`, `file_there`.
    """
    _refuse_stranger(document.district, by)
    _refuse_withdrawn(document)
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationError(_("A file may have at most 20 MB."), code="file_too_large")
    content = upload.read()
    if not content:
        raise ValidationError(_("The file is empty."), code="file_empty")
    content_type = type_of(content)
    fingerprint = hashlib.sha256(content).hexdigest()
    if document.files.filter(fingerprint=fingerprint).exists():
        raise ValidationError(_("This file is with the document already."), code="file_there")
    key = uuid.uuid4()
    return DocumentFile.objects.create(
        key=key,
        document=document,
        file=ContentFile(content, name=f"{key}{ENDINGS[content_type]}"),
        name=_name_of(upload, content_type),
        content_type=content_type,
        size=len(content),
        fingerprint=fingerprint,
        sent_by=by,
    )


def type_of(content: bytes) -> str:
    """The type that the content itself shows. Raises ValidationError `file_kind` for what the ledger does not keep."""
    for beginning, content_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return content_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    found = _type_in_zip(content) if content.startswith(b"PK\x03\x04") else _type_of_text(content)
    if found is None:
        raise ValidationError(
            _("The ledger keeps PDF, pictures (JPEG, PNG, WebP), Excel and Word files, e-mail and plain text."),
            code="file_kind",
        )
    return found


def _type_in_zip(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "xl/workbook.xml" in names:
        return f"{_OFFICE}spreadsheetml.sheet"
    return f"{_OFFICE}wordprocessingml.document" if "word/document.xml" in names else None


def _type_of_text(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    head = text.replace("\r\n", "\n").split("\n\n")[0].casefold()
    is_mail = all(f"\n{word}:" in f"\n{head}" for word in ("from", "date"))
    return "message/rfc822" if is_mail else "text/plain"


def _name_of(upload: UploadedFile, content_type: str) -> str:
    """The sender's name of the file, with the ending of what it holds."""
    stem = PurePosixPath(PureWindowsPath(clean(upload.name or "")).name).stem or "paper"
    ending = ENDINGS[content_type]
    return stem[: LONGEST_NAME - len(ending)] + ending


@transaction.atomic
def withdraw_document(document: Document, *, reason: str, by: Person) -> None:
    """Marks a paper as recorded wrongly; it stays to be read, with the reason.

    Raises ValidationError `not_allowed`, `withdrawn`, `reason_missing`, `too_long`.
    """
    _refuse_stranger(document.district, by)
    locked = Document.objects.select_for_update().get(pk=document.pk)
    _refuse_withdrawn(locked)
    said = clean(reason)
    if not said:
        raise ValidationError(_("Say why the paper is withdrawn."), code="reason_missing")
    if len(said) > LONGEST_NAME:
        raise ValidationError(_("Say it in at most 200 letters."), code="too_long")
    locked.withdrawn_by, locked.withdrawn_at, locked.withdrawn_because = by, timezone.now(), said
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])


def same_number(document: Document) -> list[SameNumber]:
    """The district's other papers of this number that stand, the oldest first; none for a paper without a number."""
    if not document.number_key:
        return []
    others = Document.objects.filter(
        district=document.district_id, number_key=document.number_key, withdrawn_at=None
    ).exclude(pk=document.pk)
    year = buddhist_year(document.dated)
    return [SameNumber(other, buddhist_year(other.dated) == year) for other in others]


def _refuse_stranger(district: District, by: Person) -> None:
    if not may(by, Action.KEEP_LEDGER, district):
        raise ValidationError(_("Only those who keep the district's ledger may do this."), code="not_allowed")


def _refuse_withdrawn(document: Document) -> None:
    if document.withdrawn_at:
        raise ValidationError(_("The paper is withdrawn."), code="withdrawn")
