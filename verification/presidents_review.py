"""What a president or the delegate says of the community's houses, from the pledge to the signature.

Every word is kept and none changes the register: the registry section answers the doubtful ones (product.md R2–R10).
"""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import uuid
from collections.abc import Mapping
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Person, Role
from communities.roles import Action, may
from communities.scope import posts_of_today
from communities.thai_text import clean

from .models import CommunityReview, ListedHouse, Pledge, PledgeText, Verdict, VerdictPhoto
from .models.verdicts import DOUBTFUL
from .photos import read_photo

Kind, Source, State = Verdict.Kind, Verdict.Source, CommunityReview.State

OF_A_LISTED_HOUSE = [Kind.RIGHT, Kind.DEMOLISHED, Kind.WRONG_NUMBER, Kind.NOT_OURS, Kind.UNKNOWN]
MOST_PHOTOS = 10  # of one verdict
# Letters and digits that nobody takes for one another on paper; 20 of them cannot be guessed.
_SIGNS, _CODE_LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 20


@dataclasses.dataclass(frozen=True)
class Summary:
    """How many houses of the list are right, doubtful and undecided, and how many missing ones were added."""

    right: int
    doubtful: int
    added: int
    undecided: int

    @property
    def listed(self) -> int:
        """The houses on the list."""
        return self.right + self.doubtful + self.undecided

    @property
    def decided(self) -> int:
        """The houses on the list of which something is said."""
        return self.right + self.doubtful


# --- the pledge ---


@transaction.atomic
def pledge(review: CommunityReview, *, by: Person) -> Pledge:
    """The person promises to keep the list to themselves, in today's wording; once a review.

    Raises `not_the_president`.
    """
    _locked(review)
    _given_as(review, by)
    wording = PledgeText.objects.latest("version")
    return Pledge.objects.get_or_create(review=review, person=by, defaults={"wording": wording})[0]


def has_pledged(review: CommunityReview, person: Person) -> bool:
    """Whether the person has pledged for this review."""
    return Pledge.objects.filter(review=review, person=person).exists()


# --- verdicts ---


@transaction.atomic
def give_verdict(
    review: CommunityReview,
    *,
    key: uuid.UUID,
    listed: ListedHouse,
    kind: str,
    house_no: str = "",
    lane: str = "",
    note: str = "",
    said_at: datetime.datetime | None = None,
    source: Verdict.Source = Source.PHONE,
    by: Person,
    keyed_by: Person | None = None,
) -> Verdict:
    """Keeps what `by` says of a house on the list; sent again with the same key, it is the same verdict.

    After the end it is late: kept, and does not stand. `house_no` and `lane` are what stands at a house whose number
    is wrong. Raises `not_the_president`, `pledge_first`, `not_a_verdict`, `not_on_the_list`, `too_long`, `key_used`.
    """
    now = _locked(review)
    who = _who(now, by=by, keyed_by=keyed_by, source=source)
    if kind not in OF_A_LISTED_HOUSE:
        raise ValidationError(_("Choose one of the five answers."), code="not_a_verdict")
    on_list = now.houses.select_related("house").filter(pk=listed.pk).first()
    if on_list is None:
        raise ValidationError(_("This house is not on your list."), code="not_on_the_list")
    moved = _elsewhere(now, on_list.house.community_id)
    words = {"kind": Kind(kind), "listed": on_list, **_words(house_no=house_no, lane=lane, note=note)}
    return _said_once(now, key, words, **who, said_at=said_at, moved=moved)


@transaction.atomic
def report_missing(
    review: CommunityReview,
    *,
    key: uuid.UUID,
    house_no: str,
    lane: str,
    note: str,
    said_at: datetime.datetime | None = None,
    source: Verdict.Source = Source.PHONE,
    by: Person,
    keyed_by: Person | None = None,
) -> Verdict:
    """Keeps that a house of the community is not on the list.

    Raises `not_the_president`, `pledge_first`, `number_needed`, `too_long`, `key_used`.
    """
    now = _locked(review)
    who = _who(now, by=by, keyed_by=keyed_by, source=source)
    words = {"kind": Kind.MISSING, **_words(house_no=house_no, lane=lane, note=note)}
    if not words["house_no"]:
        raise ValidationError(_("Type the number of the missing house."), code="number_needed")
    return _said_once(now, key, words, **who, said_at=said_at)


@transaction.atomic
def take_back(verdict: Verdict, *, key: uuid.UUID, by: Person, keyed_by: Person | None = None) -> Verdict:
    """The verdict was a slip: its house is undecided again, a missing house is missing no more.

    Raises `not_the_president`, `pledge_first`, `not_a_verdict`, `taken_back_already`, `changed_meanwhile`, `key_used`.
    """
    now = _locked(verdict.review)
    who = _who(now, by=by, keyed_by=keyed_by, source=Source.PAPER if keyed_by else Source.PHONE)
    words = {"kind": Kind.TAKEN_BACK, "listed": verdict.listed, "takes_back": verdict}
    if known := _known(now, key, words):
        return known
    _refuse_what_stands_no_more(verdict)
    return _said_once(now, key, words, **who)


@transaction.atomic
def confirm_rest(
    review: CommunityReview,
    *,
    lane_order: str,
    number: int,
    key: uuid.UUID,
    by: Person,
    keyed_by: Person | None = None,
) -> int:
    """All houses of the lane of which nothing is said are right; returns how many these were.

    `number` is how many the page showed. Raises `not_the_president`, `pledge_first`, `number_moved` (with both).
    """
    now = _locked(review)
    who = _who(now, by=by, keyed_by=keyed_by, source=Source.PAPER if keyed_by else Source.REST)
    houses = now.houses.filter(house__lane_order=lane_order).select_related("house").order_by("place")
    keys = {listed.pk: uuid.uuid5(key, str(listed.pk)) for listed in houses}
    if sent_before := Verdict.objects.filter(review=now, key__in=keys.values()).count():
        return sent_before
    rest = [listed for listed in houses if listed.verdict_id is None]
    _refuse_moved_number(number, len(rest))
    late = now.state != State.OPEN
    Verdict.objects.bulk_create(
        Verdict(
            key=keys[listed.pk],
            review=now,
            listed=listed,
            kind=Kind.RIGHT,
            late=late,
            moved=_elsewhere(now, listed.house.community_id),
            **who,
        )
        for listed in rest
    )
    return len(rest)


def attach_photo(verdict: Verdict, *, key: uuid.UUID, sent: IO[bytes], by: Person) -> VerdictPhoto:
    """Keeps a photo to a verdict, made anew and small; sent again with the same key, it is the same photo.

    Raises `not_the_president`, `too_many_photos`, `key_used`, and what `read_photo` refuses.
    """
    review = verdict.review
    if not may(by, Action.ANSWER_REVIEW, review.community):
        _given_as(review, by)
    if known := _known_photo(verdict, key):
        return known
    read = read_photo(sent)
    with transaction.atomic():
        _locked(review)
        if known := _known_photo(verdict, key):
            return known
        if verdict.photos.count() >= MOST_PHOTOS:
            raise ValidationError(
                _("At most %(most)s photos for one house."), code="too_many_photos", params={"most": MOST_PHOTOS}
            )
        return VerdictPhoto.objects.create(
            key=key,
            verdict=verdict,
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


# --- the end ---


def summary(review: CommunityReview) -> Summary:
    """What is said of the list as it stands now; two queries."""
    listed = review.houses.aggregate(
        right=Count("pk", filter=Q(verdict__kind=Kind.RIGHT)),
        doubtful=Count("pk", filter=Q(verdict__kind__in=DOUBTFUL)),
        undecided=Count("pk", filter=Q(verdict=None)),
    )
    return Summary(**listed, added=review.verdicts.standing().filter(kind=Kind.MISSING).count())


@transaction.atomic
def sign_off(review: CommunityReview, *, name: str, undecided: int, by: Person) -> CommunityReview:
    """Ends the review with the person's typed name; its counts stay as signed and its certificate gets a code.

    `undecided` is how many the page showed; pressed twice, it is signed once. Raises `not_the_president`,
    `pledge_first`, `name_needed`, `too_long`, `ended`, `number_moved`.
    """
    now = _locked(review)
    _who(now, by=by, keyed_by=None, source=Source.PHONE)
    typed = _bounded(clean(name), "signed_name", CommunityReview)
    if not typed:
        raise ValidationError(_("Type your name to sign."), code="name_needed")
    if now.state == State.SIGNED and now.ended_by_id == by.pk:
        return now
    if now.state != State.OPEN:
        raise ValidationError(_("This review has ended already."), code="ended")
    found = summary(now)
    _refuse_moved_number(undecided, found.undecided)
    now.state, now.ended_by, now.ended_at = State.SIGNED, by, timezone.now()
    now.signed_name, now.certificate = typed, "".join(secrets.choice(_SIGNS) for _sign in range(_CODE_LENGTH))
    now.right, now.doubtful, now.added, now.undecided = found.right, found.doubtful, found.added, found.undecided
    now.save()
    return now


# --- judging ---


def _locked(review: CommunityReview) -> CommunityReview:
    """The review as it is now; nobody else changes it until the transaction ends."""
    return CommunityReview.objects.select_for_update(of=("self",)).select_related("community").get(pk=review.pk)


def _given_as(review: CommunityReview, person: Person) -> Role:
    """As what the person speaks for the community today; raises `not_the_president`."""
    held = {post.role for post in posts_of_today(person) if post.community_id == review.community_id}
    for role in (Role.PRESIDENT, Role.DELEGATE):
        if role in held:
            return role
    raise ValidationError(
        _("Only the community's president or the accepted delegate can do this."), code="not_the_president"
    )


def _who(review: CommunityReview, *, by: Person, keyed_by: Person | None, source: Verdict.Source) -> dict[str, object]:
    """Whose word it is, as what, and who wrote it down.

    Raises `not_the_president`, `not_the_office`, `pledge_first`.
    """
    given_as = _given_as(review, by)
    if source == Source.PAPER:
        if keyed_by is None or not may(keyed_by, Action.ANSWER_REVIEW, review.community):
            raise ValidationError(_("Only the registry section keys in lists on paper."), code="not_the_office")
    elif not has_pledged(review, by):
        raise ValidationError(_("Give the pledge of confidentiality first."), code="pledge_first")
    return {"given_by": by, "given_as": given_as, "keyed_by": keyed_by or by, "source": source}


def _elsewhere(review: CommunityReview, community: int | None) -> bool:
    """Whether a house of that community today has left the review's."""
    return community not in (None, review.community_id)


def _refuse_moved_number(shown: int, now: int) -> None:
    if shown != now:
        raise ValidationError(
            _("%(now)s houses are undecided by now, not %(shown)s. Look again and press once more."),
            code="number_moved",
            params={"now": now, "shown": shown},
        )


def _refuse_what_stands_no_more(verdict: Verdict) -> None:
    if verdict.kind == Kind.TAKEN_BACK:
        raise ValidationError(_("Only an answer about a house can be taken back."), code="not_a_verdict")
    if Verdict.objects.filter(takes_back=verdict).exists():
        raise ValidationError(_("This has been taken back already."), code="taken_back_already")
    replaced = verdict.listed_id and not ListedHouse.objects.filter(verdict=verdict).exists()
    if replaced and not verdict.late:
        raise ValidationError(_("Another answer has been given for this house meanwhile."), code="changed_meanwhile")


# --- writing ---


def _words(*, house_no: str, lane: str, note: str) -> dict[str, str]:
    """What was typed, as it is kept; raises `too_long`."""
    typed = {
        "house_no": clean(house_no),
        "lane": clean(lane),
        "note": note.replace("\0", "").replace("\r\n", "\n").strip(),
    }
    return {column: _bounded(text, column, Verdict) for column, text in typed.items()}


def _bounded(text: str, column: str, of: type[Verdict] | type[CommunityReview]) -> str:
    longest = getattr(of._meta.get_field(column), "max_length", 0)
    if len(text) > longest:
        raise ValidationError(_("Too long: write at most %(most)s letters."), code="too_long", params={"most": longest})
    return text


def _said_once(review: CommunityReview, key: uuid.UUID, words: Mapping[str, object], **more: object) -> Verdict:
    """The verdict of that key, written unless it came before; late where the review has ended."""
    known = _known(review, key, words)
    late = review.state != State.OPEN
    return known or Verdict.objects.create(key=key, review=review, late=late, **words, **more)


def _known(review: CommunityReview, key: uuid.UUID, words: Mapping[str, object]) -> Verdict | None:
    """The verdict that came with this key before; raises `key_used` where it said something else."""
    known = Verdict.objects.filter(key=key).first()
    if known and (known.review_id != review.pk or any(getattr(known, name) != word for name, word in words.items())):
        raise _used()
    return known


def _known_photo(verdict: Verdict, key: uuid.UUID) -> VerdictPhoto | None:
    known = VerdictPhoto.objects.filter(key=key).first()
    if known and known.verdict_id != verdict.pk:
        raise _used()
    return known


def _used() -> ValidationError:
    return ValidationError(_("This page was old. Look at it again and press once more."), code="key_used")
