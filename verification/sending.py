"""What a phone sends of a review when it has a signal: words in their order, each with a key of its own.

A phone that got no answer sends again, so every word may come twice: its key makes it one. Each word is judged and
kept by itself; the answer says of each what became of it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from communities.models import Person

from . import presidents_review
from .models import CommunityReview, ListedHouse, Verdict

MOST_WORDS = 50  # of one message
MOST_BYTES = 256 * 1024  # of a message without photos
MOST_PHOTO_BYTES = 21 * 1024 * 1024  # of a message with a photo; the photo itself is judged by photos.py

Word = Mapping[str, Any]
Receipt = dict[str, object]
SAVED, LATE, MOVED, REFUSED = "saved", "late", "moved", "refused"
_CLOCKS = range(1970, 2100)  # years that a phone's clock may show and that every time zone can say


def receive_words(review: CommunityReview, words: Sequence[object], *, by: Person) -> list[Receipt]:
    """Keeps or refuses each word, in their order; the receipts stand in the same order.

    A receipt has the word's `key` and its `state`: saved, late (kept, came after the end), moved (kept, the house is
    in another community by now) or refused; the last three with a `sentence`, a refusal with its `code` too.
    """
    return [_receipt(word, lambda word: _keep(review, word, by=by)) for word in words]


def receive_photo(review: CommunityReview, word: Word, sent: IO[bytes] | None, *, by: Person) -> Receipt:
    """Keeps or refuses a photo; `word` has its `key` and, as `of`, the key of the verdict that it shows."""

    def keep(word: Word) -> Receipt:
        if sent is None:
            raise _unreadable()
        presidents_review.attach_photo(_verdict_of(review, word, "of"), key=_key(word), sent=sent, by=by)
        return {"state": SAVED}

    return _receipt(word, keep)


def _receipt(word: object, keep: Callable[[Word], Receipt]) -> Receipt:
    if not isinstance(word, Mapping):
        word = {}
    try:
        kept = keep(word)
    except ValidationError as problem:
        code = getattr(problem, "code", None) or "refused"
        kept = {"state": REFUSED, "code": code, "sentence": " ".join(problem.messages)}
    return {"key": _text(word, "key"), **kept}


def _keep(review: CommunityReview, word: Word, *, by: Person) -> Receipt:
    try:
        deed = _DEEDS[_text(word, "deed")]
    except KeyError as unknown:
        raise _unreadable() from unknown
    return deed(review, word, by)


# --- what can be said ---


def _say(review: CommunityReview, word: Word, by: Person) -> Receipt:
    listed = ListedHouse.objects.filter(review=review, pk=_number(word, "listed")).first()
    if listed is None:
        raise ValidationError(_("This house is not on your list."), code="not_on_the_list")
    return _became(
        presidents_review.give_verdict(review, listed=listed, kind=_text(word, "kind"), **_typed(word), by=by)
    )


def _miss(review: CommunityReview, word: Word, by: Person) -> Receipt:
    return _became(presidents_review.report_missing(review, **_typed(word), by=by))


def _take_back(review: CommunityReview, word: Word, by: Person) -> Receipt:
    return _became(presidents_review.take_back(_verdict_of(review, word, "takes"), key=_key(word), by=by))


def _confirm_rest(review: CommunityReview, word: Word, by: Person) -> Receipt:
    number = presidents_review.confirm_rest(
        review, lane_order=_text(word, "lane_order"), number=_number(word, "number"), key=_key(word), by=by
    )
    late = review.verdicts.filter(source=Verdict.Source.REST, late=True, given_by=by).exists()
    return {"number": number, **({"state": LATE, "sentence": _late()} if late else {"state": SAVED})}


_DEEDS: Mapping[str, Callable[[CommunityReview, Word, Person], Receipt]] = {
    "verdict": _say,
    "missing": _miss,
    "undo": _take_back,
    "rest": _confirm_rest,
}


def _became(verdict: Verdict) -> Receipt:
    if verdict.late:
        return {"state": LATE, "sentence": _late()}
    if verdict.moved:
        sentence = _("Kept. This house is in another community by now; the registry section will look at it.")
        return {"state": MOVED, "sentence": sentence}
    return {"state": SAVED}


def _late() -> str:
    return _("Kept, but it came after the end of the review. The registry section will decide about it.")


# --- reading what a phone wrote: nothing in it is believed ---


def _verdict_of(review: CommunityReview, word: Word, name: str) -> Verdict:
    """The verdict whose key the word names: said by itself, or of its house when the rest of a lane was confirmed."""
    said = _uuid(word, name)
    keys = [said, uuid.uuid5(said, str(word.get("listed", "")))]
    verdict = review.verdicts.filter(key__in=keys).first()
    if verdict is None:
        raise ValidationError(_("What this belongs to has not been accepted."), code="nothing_to_join")
    return verdict


def _typed(word: Word) -> dict[str, Any]:
    said_at = _said_at(_text(word, "said_at"))
    return {"key": _key(word), "said_at": said_at, **{name: _text(word, name) for name in ("house_no", "lane", "note")}}


def _said_at(text: str) -> datetime.datetime | None:
    """The time by the phone's clock, however wrong; None for what is no time."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and moment.year in _CLOCKS else None


def _key(word: Word) -> uuid.UUID:
    return _uuid(word, "key")


def _uuid(word: Word, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(_text(word, name))
    except ValueError as problem:
        raise _unreadable() from problem


def _number(word: Word, name: str) -> int:
    """A whole number that a column can hold."""
    text = str(word.get(name, ""))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _unreadable()
    return int(text)


def _text(word: Word, name: str) -> str:
    value = word.get(name, "")
    return value.replace("\0", "") if isinstance(value, str) else ""


def _unreadable() -> ValidationError:
    return ValidationError(_("The page was too old to be understood. Open it again with a signal."), code="unreadable")
