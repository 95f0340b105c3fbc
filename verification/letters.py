"""Letters to the presidents, each with the community's list and the square of the first sign-in (product.md F2, R11).

The letter and its list are one PDF. Its square opens an account, so a letter that was made lies in private storage only
until all of them are joined and handed out.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterable

import segno
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from pypdf import PdfWriter

from communities.access_log import record_access
from communities.first_sign_in import open_keys, replace_key
from communities.models import Appointment, ListAccess, Person, Role
from communities.thai_calendar import long_date
from communities.thai_text import to_thai_digits

from .house_list_print import list_on_paper, name_of
from .models import CommunityReview, ReviewRound
from .paper_pdf import as_pdf

TEMPLATE = "paper/letter.html"


@dataclasses.dataclass(frozen=True)
class Letter:
    """What a letter says, every text in its final writing; `square` is the QR code as SVG, "" where none is due."""

    number: str
    office: str
    date: str
    addressee: str
    announcement: str
    deadline: str
    signer: str
    signer_post: str
    place: str
    username: str
    square: SafeString | str
    address: str
    good_until: str


def president_post(review: CommunityReview) -> Appointment | None:
    """The post of the community's president today."""
    posts = Appointment.objects.on(timezone.localdate()).select_related("person", "community")
    return posts.filter(role=Role.PRESIDENT, community=review.community_id).first()


def square_is_due(post: Appointment | None) -> bool:
    """Whether a letter brings a square without being asked: nobody has signed in with one, and none is on its way."""
    return post is not None and not post.person.last_login and not open_keys(post).exists()


@transaction.atomic
@translation.override("th")
def make_letter(
    review: CommunityReview, *, by: Person, purpose: str, address_of: Callable[[str], str], anew: bool
) -> dict[str, object]:
    """What the letter of a review says, for its template, and the record that it was printed.

    `address_of` gives the address of a key's first sign-in. With `anew` the letter brings a square though another was
    made before, which ends; without, only where none was. Raises what `replace_key` and `record_access` refuse.
    """
    post = president_post(review)
    secret = ""
    if post is not None and (anew or square_is_due(post)):
        good_until = max(review.round.deadline, timezone.localdate())
        secret = replace_key(post, good_until=good_until, reason=_("printed anew"), by=by)
    house_list = list_on_paper(review, by=by, purpose=purpose)
    record_access(
        by,
        deed=ListAccess.Deed.PRINTED,
        what=_("letter to the president, round %(round)s") % {"round": review.round},
        district=review.round.district,
        community=review.community,
        houses=review.houses.count(),
        purpose=purpose,
    )
    return {"letter": _letter(review, post, address_of(secret) if secret else ""), "list": house_list}


def _letter(review: CommunityReview, post: Appointment | None, address: str) -> Letter:
    found = review.round
    district = found.district
    director = Appointment.objects.on(timezone.localdate()).filter(role=Role.DIRECTOR, district=district).first()
    announced = _("announcement %(number)s of %(day)s") % {
        "number": found.announcement_number,
        "day": long_date(found.announcement_date),
    }
    return Letter(
        number=to_thai_digits(found.letter_number),
        office=_("Office of %(district)s") % {"district": district},
        date=to_thai_digits(long_date(found.letter_date)),
        addressee=_("President of %(community)s Community") % {"community": name_of(review)}
        + (f" ({post.person})" if post else ""),
        announcement=to_thai_digits(" ".join(announced.split())),
        deadline=to_thai_digits(long_date(found.deadline)),
        signer=str(director.person) if director else "",
        signer_post=_("Director of %(district)s") % {"district": district},
        place=to_thai_digits(str(review.place)),
        username=post.person.username if post else "",
        square=square(address) if address else "",
        address=address,
        good_until=to_thai_digits(long_date(max(found.deadline, timezone.localdate()))),
    )


def square(address: str) -> SafeString:
    """The QR code of an address as SVG."""
    drawn = segno.make(address, error="m", micro=False)
    return mark_safe(drawn.svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True))  # segno's


# --- one community at a time, joined at the end ---


def keep_part(review: CommunityReview, context: dict[str, object]) -> None:
    """Keeps the letter as PDF until it is joined with the others; made again, it takes the place of the one before.

    Raises NoPrinter where no PDF can be made.
    """
    made = as_pdf(TEMPLATE, context)
    default_storage.delete(_part(review))
    default_storage.save(_part(review), ContentFile(made))


def parts_kept(reviews: Iterable[CommunityReview]) -> list[CommunityReview]:
    """The reviews whose letters are made and not yet handed out."""
    return [review for review in reviews if default_storage.exists(_part(review))]


def join_parts(round: ReviewRound) -> bytes:
    """All letters of the round that were made, as one PDF in the order of their numbers; they are kept no longer.

    Raises ValidationError `nothing_made`.
    """
    kept = parts_kept(round.reviews.order_by("place"))
    if not kept:
        raise ValidationError(_("No letter is made yet."), code="nothing_made")
    made = [_read(review) for review in kept]
    whole = joined(made).getvalue()
    for review in kept:
        default_storage.delete(_part(review))
    return whole


def joined(parts: Iterable[bytes]) -> io.BytesIO:
    """The PDFs as one, in their order; what is the same in all of them (the fonts' programs) is kept once."""
    writer, whole = PdfWriter(), io.BytesIO()
    for part in parts:
        writer.append(io.BytesIO(part))
    writer.compress_identical_objects()
    writer.write(whole)
    return whole


def _read(review: CommunityReview) -> bytes:
    with default_storage.open(_part(review)) as part:
        return part.read()


def _part(review: CommunityReview) -> str:
    return f"letters/{review.round_id}/{review.pk}.pdf"
