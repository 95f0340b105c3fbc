"""The request form TR.31 of a case: filled, printed, and its signed paper taken back in (product.md F1; domain.md 6).

The office writes the wording itself: a text with places in braces for what the case holds. A form keeps the text as it
was printed, but for the citizen number, which stands there only on paper.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from communities.models import District, Person
from communities.roles import Action, may
from communities.thai_calendar import long_date
from communities.thai_text import to_thai_digits
from households.house_codes import show_house_code

from . import citizen_numbers
from .casework import locked
from .house_list_print import lane_in_words
from .models import Case, Form31, Form31Wording, NumberReveal, SignedForm31
from .photos import read_photo
from .workflow import Kind

LARGEST_SCAN = 20 * 1024 * 1024
MOST_PAGES = 20
PDF, JPEG = "application/pdf", "image/jpeg"
PRINTED = gettext_lazy("printed on the form")

DEFAULT_SUBJECT = "ขอจำหน่ายทะเบียนบ้าน"
DEFAULT_TEXT = """\
ข้าพเจ้า {ผู้ร้อง} อายุ {อายุ} ปี สัญชาติ {สัญชาติ} เลขประจำตัวประชาชน {เลขประจำตัว} \
อยู่ที่ {ที่อยู่} โทรศัพท์ {โทรศัพท์} ในฐานะ {ฐานะ}
มีความประสงค์ขอ{ความประสงค์}
เนื่องจาก{เหตุ} ทั้งนี้ ตาม พ.ร.บ. การทะเบียนราษฎร พ.ศ. ๒๕๓๔
ข้าพเจ้าขอรับรองว่าข้อความข้างต้นเป็นความจริงทุกประการ"""

# What may stand in braces, and what comes there.
PLACES: dict[str, object] = {
    "ผู้ร้อง": gettext_lazy("title, name and surname of the applicant"),
    "อายุ": gettext_lazy("age"),
    "สัญชาติ": gettext_lazy("nationality"),
    "เลขประจำตัว": gettext_lazy("citizen number"),
    "ที่อยู่": gettext_lazy("where the applicant lives"),
    "โทรศัพท์": gettext_lazy("telephone"),
    "ฐานะ": gettext_lazy("as whom the applicant asks"),
    "ความประสงค์": gettext_lazy("what is asked for"),
    "เหตุ": gettext_lazy("the reason"),
    "บ้านเลขที่": gettext_lazy("number and lane of the house"),
    "เลขรหัสประจำบ้าน": gettext_lazy("house code"),
    "เขต": gettext_lazy("district"),
}
NUMBER_PLACE = "{เลขประจำตัว}"
EXAMPLE = {
    "ผู้ร้อง": "นางทองใบ ตัวอย่าง",
    "อายุ": "67",
    "สัญชาติ": "ไทย",
    "ที่อยู่": "99/9 ซอยตัวอย่าง 1 แขวงตัวอย่าง เขตตัวอย่าง",
    "โทรศัพท์": "",
    "ฐานะ": "เจ้าบ้าน",
    "ความประสงค์": "จำหน่ายทะเบียนบ้าน บ้านเลขที่ 99/9 เลขรหัสประจำบ้าน 1015-900001-1",
    "เหตุ": "บ้านหลังดังกล่าวได้รื้อถอนแล้ว",
    "บ้านเลขที่": "99/9 ซอยตัวอย่าง 1",
    "เลขรหัสประจำบ้าน": "1015-900001-1",
    "เขต": "เขตตัวอย่าง",
}
# All that a page of a scan needs to be seen; scripts, links, attached files and notes of programmes stay behind.
_SEEN_OF_A_PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Resources", "/Contents", "/Rotate", "/UserUnit"}
)
# All that a reader raises for a PDF that is broken, or not what its head says.
_BROKEN = (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError)
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_TO_FILL_BY_HAND = "…………………………"
_BECAUSE = {
    Kind.DEMOLISHED: "บ้านหลังดังกล่าวได้รื้อถอนแล้ว",
    Kind.DESTROYED: "บ้านหลังดังกล่าวถูกทำลายแล้ว",
    Kind.DUPLICATE: "บ้านหลังดังกล่าวมีทะเบียนบ้านซ้ำกัน",
    Kind.MERGED: "บ้านหลังดังกล่าวได้รวมเป็นหลังเดียวกับบ้านหลังอื่น",
}


# --- the office's wording ---


@dataclasses.dataclass(frozen=True)
class Wording:
    """Subject and text of the form; `kept` is the office's own version, None for the first wording."""

    subject: str
    text: str
    kept: Form31Wording | None = None


def wording_of(district: District) -> Wording:
    """The wording that holds in the district today."""
    own = Form31Wording.objects.filter(district=district).order_by("-version").first()
    return Wording(own.subject, own.text, own) if own else Wording(DEFAULT_SUBJECT, DEFAULT_TEXT)


@transaction.atomic
def write_wording(district: District, *, subject: str, text: str, by: Person) -> Form31Wording:
    """Keeps a new wording, for forms filled from now on. Raises `not_allowed`, `unknown_place`, `words_needed`,
    `open_brace`.
    """
    if not may(by, Action.KEEP_WORDING, district):
        raise ValidationError(_("Only the head of the section writes the wording."), code="not_allowed")
    if not subject.strip() or not text.strip():
        raise ValidationError(_("Write the text of the form."), code="words_needed")
    _refuse_other_places(text)
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    last = Form31Wording.objects.filter(district=district).order_by("-version").first()
    version = last.version + 1 if last else 1
    return Form31Wording.objects.create(
        district=district, version=version, subject=subject.strip(), text=text.strip(), written_by=by
    )


def _refuse_other_places(text: str) -> None:
    """Raises `unknown_place`, `open_brace`."""
    unknown = [name for name in _IN_BRACES.findall(text) if name not in PLACES]
    if unknown:
        raise ValidationError(
            _("There is nothing for {%(name)s} in a case. What may stand in braces is listed below."),
            code="unknown_place",
            params={"name": unknown[0][:60]},
        )
    if set("{}") & set(_IN_BRACES.sub("", text)):
        raise ValidationError(_("A brace is opened and not closed, or closed and not opened."), code="open_brace")


def as_example(text: str) -> list[str]:
    """The paragraphs of a wording with a made-up case, to look at before it is kept. Raises as `write_wording`."""
    _refuse_other_places(text)
    shown = to_thai_digits(filled(text, EXAMPLE).replace(NUMBER_PLACE, _TO_FILL_BY_HAND))
    return [line.strip() for line in shown.splitlines() if line.strip()]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled, empty ones with dots to write on; that of the citizen number stays a place."""

    def fill(found: re.Match[str]) -> str:
        if found[0] == NUMBER_PLACE:
            return found[0]
        return values.get(found[1], "").strip() or _TO_FILL_BY_HAND

    return _IN_BRACES.sub(fill, text)


# --- filling ---


@translation.override("th")
def suggested(case: Case) -> dict[str, Any]:
    """What the form begins with, from the case: the person goes through it before it is kept."""
    return {
        "written_at_place": f"สำนักงาน{case.district}",
        "written_on": timezone.localdate(),
        "subject": wording_of(case.district).subject,
        "applicant_name": case.reporter_name if case.source == Case.Source.CITIZEN else "",
        "phone": case.reporter_phone if case.source == Case.Source.CITIZEN else "",
        "nationality": "ไทย",
        "capacity": Form31.Capacity.HOUSE_MASTER,
        "wish": f"จำหน่ายทะเบียนบ้าน บ้านเลขที่ {_address(case)} เลขรหัสประจำบ้าน {_code(case)}".strip(),
        "because": _BECAUSE.get(Kind(case.kind), ""),
        "attachments": "\n".join(_attached(case)),
    }


def _address(case: Case) -> str:
    if case.house is None:
        return f"{case.house_no} {case.lane}".strip()
    parts = [case.house.house_no, lane_in_words(case.house), str(case.house.subdistrict), str(case.district)]
    return " ".join(filter(None, parts))


def _code(case: Case) -> str:
    return show_house_code(case.house.house_code) if case.house else ""


def _attached(case: Case) -> list[str]:
    photos = case.photos.count()
    return [
        "คำร้องขอให้ตรวจสอบ",
        "บัญชีข้อมูลบ้านของชุมชน",
        *([f"ภาพถ่าย {photos} ภาพ"] if photos else []),
        "สำเนาทะเบียนบ้านฉบับเจ้าบ้าน",
    ]


@transaction.atomic
def fill_form31(case: Case, *, citizen_number: str = "", by: Person, **fields: Any) -> Form31:
    """Keeps the form as filled; the newest of a case holds. `fields` are those of Form31 that a person writes.

    Sent twice, it is kept once.

    Raises `not_allowed`, `has_ended`, `not_a_citizen_number`, and what the form's own rules say.
    """
    case = _open_to(case, by)
    number = citizen_numbers.checked(citizen_number)
    wording = wording_of(case.district)
    form = Form31(
        case=case,
        wording=wording.kept,
        citizen_number=citizen_numbers.sealed(number),
        citizen_number_shown=citizen_numbers.masked(number),
        made_by=by,
        **fields,
    )
    form.text = to_thai_digits(filled(wording.text, _values(form, case)))
    form.full_clean(exclude=["case", "wording", "made_by"])
    last = case.forms.select_related("signed").order_by("-pk").first()
    if last and not hasattr(last, "signed") and _says_the_same(last, form, fields):
        return last
    form.save()
    return form


def _says_the_same(one: Form31, other: Form31, names: Iterable[str]) -> bool:
    """Whether both say the same; a sealed number is told by opening it, for each seal differs."""
    if any(getattr(one, name) != getattr(other, name) for name in (*names, "text", "citizen_number_shown")):
        return False
    try:
        return citizen_numbers.opened(one.citizen_number) == citizen_numbers.opened(other.citizen_number)
    except ValidationError:
        return False


def _values(form: Form31, case: Case) -> dict[str, str]:
    with translation.override("th"):
        return {
            "ผู้ร้อง": f"{form.applicant_title}{form.applicant_name}",
            "อายุ": str(form.applicant_age or ""),
            "สัญชาติ": form.nationality,
            "ที่อยู่": form.lives_at,
            "โทรศัพท์": form.phone,
            "ฐานะ": str(form.get_capacity_display()) if form.capacity else "",
            "ความประสงค์": form.wish,
            "เหตุ": form.because,
            "บ้านเลขที่": _address(case),
            "เลขรหัสประจำบ้าน": _code(case),
            "เขต": str(case.district),
        }


def _open_to(case: Case, by: Person) -> Case:
    """The case, held. Raises `not_allowed`, `has_ended`."""
    case = locked(case)
    if not may(by, Action.WORK_CASE, case.district):
        raise ValidationError(_("Only the registry section fills form TR.31."), code="not_allowed")
    if case.has_ended:
        raise ValidationError(_("The case has ended."), code="has_ended")
    return case


# --- on paper ---


@dataclasses.dataclass(frozen=True)
class FormOnPaper:
    """The form as it is printed, every text in its final writing."""

    case: str
    place: str
    date: str
    subject: str
    addressee: str
    paragraphs: list[str]
    attachments: list[str]
    applicant: str
    witness: str
    opinion: str


def form_on_paper(form: Form31, *, number: str = "") -> FormOnPaper:
    """The form for its template; `number` is the citizen number as it is to stand there, "" for dots to write on."""
    case = form.case
    text = form.text.replace(NUMBER_PLACE, to_thai_digits(number) or _TO_FILL_BY_HAND)
    return FormOnPaper(
        case=to_thai_digits(str(case)),
        place=to_thai_digits(form.written_at_place),
        date=to_thai_digits(long_date(form.written_on)),
        subject=to_thai_digits(form.subject),
        addressee=f"นายทะเบียนท้องถิ่น{case.district}",
        paragraphs=[line.strip() for line in text.splitlines() if line.strip()],
        attachments=[to_thai_digits(line.strip()) for line in form.attachments.splitlines() if line.strip()],
        applicant=f"{form.applicant_title}{form.applicant_name}",
        witness=form.witness,
        opinion=to_thai_digits(form.officers_opinion),
    )


@transaction.atomic
def reveal_number(form: Form31, *, reason: str, by: Person) -> str:
    """The whole citizen number as it is written, for a reason that is recorded; "" where the form has none.

    Raises `not_allowed`, `reason_needed`, `key_lost`.
    """
    if not may(by, Action.WORK_CASE, form.case.district):
        raise ValidationError(_("Only the registry section looks at citizen numbers."), code="not_allowed")
    if form.citizen_number is None:
        return ""
    if not reason.strip():
        raise ValidationError(_("Say what the number is needed for."), code="reason_needed")
    NumberReveal.objects.create(form=form, reason=reason.strip(), revealed_by=by)
    return citizen_numbers.written_out(citizen_numbers.opened(form.citizen_number))


# --- the signed paper ---


@dataclasses.dataclass(frozen=True)
class _Scan:
    content: bytes
    content_type: str
    fingerprint: str


def file_signed(form: Form31, *, number: str, dated: datetime.date, sent: IO[bytes], by: Person) -> SignedForm31:
    """Keeps the signed paper, a PDF or a photo, with its number and date; sent twice, it is kept once.

    Raises `not_allowed`, `has_ended`, `number_needed`, `in_the_future`, `signed_already`, `empty`, `too_large`,
    `not_a_scan`, `unreadable`, `too_many_pages`, `locked`, and what `read_photo` refuses.
    """
    scan = _read_scan(sent)
    with transaction.atomic():
        _open_to(form.case, by)
        known = SignedForm31.objects.filter(form=form).first()
        if known and known.fingerprint == scan.fingerprint:
            return known
        if known:
            raise ValidationError(
                _("The signed paper is here already. Fill the form anew to take in another."), code="signed_already"
            )
        if not number.strip():
            raise ValidationError(_("Give the number of the form."), code="number_needed")
        if dated > timezone.localdate():
            raise ValidationError(_("The day lies in the future."), code="in_the_future")
        ending = ".pdf" if scan.content_type == PDF else ".jpg"
        return SignedForm31.objects.create(
            form=form,
            number=number.strip(),
            dated=dated,
            file=ContentFile(scan.content, f"{uuid.uuid4().hex}{ending}"),
            content_type=scan.content_type,
            fingerprint=scan.fingerprint,
            filed_by=by,
        )


def _read_scan(sent: IO[bytes]) -> _Scan:
    content = sent.read(LARGEST_SCAN + 1)
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(content) > LARGEST_SCAN:
        raise ValidationError(_("The scan is larger than 20 MB."), code="too_large")
    fingerprint = hashlib.sha256(content).hexdigest()
    if content.lstrip()[:5] == b"%PDF-":
        return _Scan(_pages_alone(content), PDF, fingerprint)
    try:
        return _Scan(read_photo(io.BytesIO(content)).picture, JPEG, fingerprint)
    except ValidationError as refusal:
        if refusal.code != "not_a_photo":
            raise
        raise ValidationError(_("That is neither a PDF nor a photo."), code="not_a_scan") from refusal


def _pages_alone(content: bytes) -> bytes:
    """The pages of a PDF written anew, without scripts, links, forms and attached files."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise ValidationError(_("The PDF is locked with a password."), code="locked")
        if not 1 <= len(reader.pages) <= MOST_PAGES:
            raise ValidationError(
                _("The PDF must have 1 to %(most)s pages."), code="too_many_pages", params={"most": MOST_PAGES}
            )
        writer = PdfWriter()
        for page in reader.pages:
            for key in set(page) - _SEEN_OF_A_PAGE:
                del page[NameObject(key)]
            writer.add_page(page)
        out = io.BytesIO()
        writer.write(out)
    except _BROKEN as problem:
        raise ValidationError(_("The PDF is damaged and cannot be read."), code="unreadable") from problem
    return out.getvalue()
