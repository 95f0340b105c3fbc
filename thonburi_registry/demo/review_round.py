"""Rounds under way: presidents check their lists, one is half done, one has signed, one has not begun.

Everything is said through the actions that the phone uses, in the demo's own present.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils import timezone

from communities.models import Community, Person
from verification.delegates import name_delegate
from verification.models import CommunityReview, Reminder, ReviewRound, Verdict
from verification.presidents_review import confirm_rest, give_verdict, pledge, report_missing, sign_off, summary
from verification.rounds import open_round, remind

Kind = Verdict.Kind
KEYS = uuid.UUID("6f1d6a3c-55a5-4d0f-9b42-2d1b6f0f9d10")
DAYS_SINCE_LETTER, DAYS_TO_DEADLINE, APPEAL_DAYS = 7, 14, 15
ANNOUNCEMENT, LETTER = "ประกาศชุดสาธิต", "กท {prefix}๐๒/๖๑๒ (ชุดสาธิต)"
HOUSES_SEEN = 24
SECONDS_A_HOUSE = 7
# What is said of houses by their places on the list, with the note; the others seen so far are right.
DOUBTS: Mapping[int, tuple[Kind, str]] = {
    3: (Kind.DEMOLISHED, "รื้อแล้ว เป็นที่ว่าง"),
    7: (Kind.WRONG_NUMBER, "ป้ายหน้าบ้านเป็นเลขอื่น"),
    12: (Kind.NOT_OURS, "อยู่ฝั่งตรงข้าม เป็นของชุมชนข้างเคียง"),
    18: (Kind.UNKNOWN, "ไม่พบบ้านหลังนี้"),
}
NUMBER_THAT_STANDS = "88/1"
MISSING_HOUSE, MISSING_NOTE = "999/9", "บ้านสร้างใหม่ ยังไม่มีในบัญชี"
DELEGATE, WHY = "นางสาวมาลี ตัวอย่าง", "ประธานไปต่างจังหวัด"
REMINDER = "ขอความร่วมมือตรวจบัญชีบ้านให้แล้วเสร็จภายในกำหนด"


def review_in_second(communities: Sequence[Community], presidents: Sequence[Person], *, by: Person) -> None:
    """The first community is half done and has a delegate waiting, the second has signed, the third is due."""
    opened = _opened(communities, prefix="๙๙", by=by)
    half_done, signed, due = opened.reviews.order_by("place")
    _begin(half_done, presidents[0])
    name_delegate(half_done.community, full_name=DELEGATE, reason=WHY, by=presidents[0])
    _begin(signed, presidents[1])
    _finish(signed, presidents[1])
    remind(due, way=Reminder.Way.PAPER, text=REMINDER, by=by)


def review_in_thonburi(community: Community, president: Person, *, by: Person) -> None:
    """The president of one community is in the middle of its list."""
    _begin(_opened([community], prefix="๕๕", by=by).reviews.get(), president)


def _opened(communities: Sequence[Community], *, prefix: str, by: Person) -> ReviewRound:
    today = timezone.localdate()
    sent = today - datetime.timedelta(days=DAYS_SINCE_LETTER)
    return open_round(
        communities[0].district,
        communities=communities,
        announcement_number=ANNOUNCEMENT,
        announcement_date=sent,
        letter_number=LETTER.format(prefix=prefix),
        letter_date=sent,
        deadline=today + datetime.timedelta(days=DAYS_TO_DEADLINE),
        appeal_days=APPEAL_DAYS,
        by=by,
    )


def _begin(review: CommunityReview, president: Person) -> None:
    """The first houses of the list and one that is missing from it."""
    pledge(review, by=president)
    seen = review.houses.select_related("house").order_by("place")[:HOUSES_SEEN]
    began = timezone.now() - datetime.timedelta(seconds=SECONDS_A_HOUSE * HOUSES_SEEN)
    for listed in seen:
        said_at = began + datetime.timedelta(seconds=SECONDS_A_HOUSE * listed.place)
        kind, note = DOUBTS.get(listed.place, (Kind.RIGHT, ""))
        stands = NUMBER_THAT_STANDS if kind == Kind.WRONG_NUMBER else ""
        key = _key(review, listed.place)
        give_verdict(
            review, key=key, listed=listed, kind=kind, house_no=stands, note=note, said_at=said_at, by=president
        )
    lane = seen[0].house.soi or seen[0].house.road
    key = _key(review, "missing")
    report_missing(review, key=key, house_no=MISSING_HOUSE, lane=lane, note=MISSING_NOTE, by=president)


def _finish(review: CommunityReview, president: Person) -> None:
    """The rest of every lane, and the signature."""
    left = review.houses.filter(verdict=None).order_by("house__lane_order").values_list("house__lane_order")
    for lane_order, number in left.annotate(Count("pk")):
        key = _key(review, lane_order)
        confirm_rest(review, lane_order=lane_order, number=number, key=key, by=president)
    sign_off(review, name=president.full_name, undecided=summary(review).undecided, by=president)


def _key(review: CommunityReview, what: object) -> uuid.UUID:
    """The same key in every run of the demo."""
    return uuid.uuid5(KEYS, f"{review.round.letter_number} {review.place} {what}")
