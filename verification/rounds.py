"""Rounds: the head asks presidents whether their lists are right, puts the deadline off, reminds, and closes.

What each list holds is written down when the round is opened and stays as it was handed out (product.md R5).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.district_choice import communities_of
from communities.models import Community, District, Person
from communities.roles import Action, may
from communities.thai_calendar import buddhist_year, short_date
from communities.thai_text import clean
from households.models import HouseRegistration

from .models import CommunityReview, ListedHouse, Reminder, ReviewRound, RoundExtension
from .reminder_mail import Postman
from .round_progress import ReviewLine, lines_of

State, Way = CommunityReview.State, Reminder.Way
APPEAL_DAYS = range(1, 366)


# --- opening ---


@transaction.atomic
def open_round(
    district: District,
    *,
    communities: Iterable[Community],
    announcement_number: str,
    announcement_date: datetime.date,
    letter_number: str,
    letter_date: datetime.date,
    deadline: datetime.date,
    appeal_days: int,
    by: Person,
) -> ReviewRound:
    """Asks the presidents of the communities; each list is frozen as its live tagged houses stand now, in lane order.

    Raises ValidationError `not_the_head`, `no_communities`, `other_district`, `letter_needed`, `too_long`,
    `deadline_before_letter`, `deadline_past`, `appeal_days`; `under_review` and `no_houses` name the communities.
    """
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    _refuse_unless_head(by, district)
    chosen = _chosen(district, communities)
    _refuse_deadline(deadline, letter_date)
    if appeal_days not in APPEAL_DAYS:
        raise ValidationError(_("Leave between 1 and 365 days for an appeal."), code="appeal_days")
    _refuse_under_review(chosen)
    opened = ReviewRound.objects.create(
        district=district,
        **_next_number(district, letter_date),
        announcement_number=_bounded(announcement_number, ReviewRound, "announcement_number"),
        announcement_date=announcement_date,
        letter_number=_letter(letter_number),
        letter_date=letter_date,
        deadline=deadline,
        appeal_days=appeal_days,
        opened_by=by,
    )
    CommunityReview.objects.bulk_create(
        CommunityReview(round=opened, community=community, place=place) for place, community in enumerate(chosen, 1)
    )
    _hand_out_lists(opened)
    _refuse_without_houses(opened, chosen)
    return opened


def _chosen(district: District, communities: Iterable[Community]) -> Sequence[Community]:
    """The communities with their names of today, in the order of their codes: so their letters are numbered."""
    ids = {community.pk for community in communities}
    if not ids:
        raise ValidationError(_("Tick the communities first."), code="no_communities")
    chosen = [community for pk, community in communities_of(district).items() if pk in ids]
    if len(chosen) != len(ids):
        raise ValidationError(_("A round asks communities of one district only."), code="other_district")
    return chosen


def _next_number(district: District, letter_date: datetime.date) -> dict[str, int]:
    """Rounds are numbered by the calendar year of their letter, as the office's letters are."""
    year = buddhist_year(letter_date)
    last = ReviewRound.objects.filter(district=district, year_be=year).aggregate(last=Max("number"))["last"]
    return {"number": (last or 0) + 1, "year_be": year}


def _hand_out_lists(opened: ReviewRound) -> None:
    """Writes down every list of the round at once: 15,770 houses are one statement."""
    listed, house, review = (model._meta.db_table for model in (ListedHouse, HouseRegistration, CommunityReview))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {listed} (review_id, house_id, place)"
            " SELECT review.id, house.id, row_number() OVER"
            " (PARTITION BY review.id ORDER BY house.lane_order, house.number_order, house.id)"
            f" FROM {review} review JOIN {house} house ON house.community_id = review.community_id"
            " WHERE review.round_id = %s AND house.state = %s",
            [opened.pk, HouseRegistration.State.LIVE],
        )


def _refuse_under_review(chosen: Sequence[Community]) -> None:
    open_now = CommunityReview.objects.filter(community__in=chosen, state=State.OPEN)
    taken = set(open_now.values_list("community", flat=True))
    if taken:
        raise ValidationError(
            _("Another round is still open for: %(names)s."),
            code="under_review",
            params={"names": _names(community for community in chosen if community.pk in taken)},
        )


def _refuse_without_houses(opened: ReviewRound, chosen: Sequence[Community]) -> None:
    empty = set(opened.reviews.filter(houses=None).values_list("community", flat=True))
    if empty:
        raise ValidationError(
            _("No house is tagged yet for: %(names)s."),
            code="no_houses",
            params={"names": _names(community for community in chosen if community.pk in empty)},
        )


# --- putting off and closing ---


@transaction.atomic
def extend_round(
    round: ReviewRound,
    *,
    deadline: datetime.date,
    reason: str,
    letter_number: str = "",
    letter_date: datetime.date | None = None,
    by: Person,
) -> RoundExtension:
    """Puts the deadline off for all communities of the round that have not signed.

    Raises `not_the_head`, `closed`, `not_later`, `deadline_past`, `reason_needed`, `too_long`.
    """
    now = _locked(round)
    _refuse_unless_head(by, now.district)
    _refuse_closed(now)
    if deadline <= now.deadline:
        raise ValidationError(
            _("The new deadline must lie after the present one, %(day)s."),
            code="not_later",
            params={"day": short_date(now.deadline)},
        )
    _refuse_past(deadline)
    said = _bounded(reason, RoundExtension, "reason")
    if not said:
        raise ValidationError(_("Say why the deadline is put off."), code="reason_needed")
    extension = RoundExtension.objects.create(
        round=now,
        previous_deadline=now.deadline,
        deadline=deadline,
        reason=said,
        letter_number=_bounded(letter_number, RoundExtension, "letter_number"),
        letter_date=letter_date,
        recorded_by=by,
    )
    now.deadline = deadline
    now.save(update_fields=["deadline"])
    return extension


@transaction.atomic
def close_round(round: ReviewRound, *, by: Person, shown: int | None = None) -> ReviewRound:
    """Ends the round; what was said stays, and the communities that have not signed lapse.

    `shown` is how many unsigned ones the page showed. Raises `not_the_head`, `closed`, `number_moved` (with both).
    """
    now = _locked(round)
    _refuse_unless_head(by, now.district)
    _refuse_closed(now)
    unsigned = list(now.reviews.select_for_update().filter(state=State.OPEN).order_by("pk"))
    if shown not in (None, len(unsigned)):
        raise ValidationError(
            _("%(now)s communities have not signed by now, not %(shown)s. Look again and press once more."),
            code="number_moved",
            params={"now": len(unsigned), "shown": shown},
        )
    now.closed_by, now.closed_at = by, timezone.now()
    now.reviews.filter(state=State.OPEN).update(state=State.LAPSED, ended_by=by, ended_at=now.closed_at)
    now.save(update_fields=["closed_by", "closed_at"])
    return now


# --- reminding ---


def due_reviews(round: ReviewRound) -> Sequence[ReviewLine]:
    """The communities of an open round that have not signed, in the order of their letters; none once it is closed."""
    return [] if round.closed_at else [line for line in lines_of(round) if line.review.state == State.OPEN]


@transaction.atomic
def remind(
    review: CommunityReview,
    *,
    way: Reminder.Way,
    address: str = "",
    text: str,
    by: Person,
    shown: int | None = None,
    postman: Postman | None = None,
) -> Reminder:
    """Reminds a president and keeps that it was done; an e-mail that could not be sent is kept with the reason.

    `shown` is how many reminders of this review the page showed, so that a second press reminds nobody twice. The
    round's row alone is locked while the e-mail goes out: verdicts need not wait for it.
    Raises `not_the_office`, `closed`, `ended`, `reminded_meanwhile`, `no_address`, `text_needed`.
    """
    now = _locked(review.round)
    if not may(by, Action.ANSWER_REVIEW, now.district):
        raise ValidationError(_("Only the registry section reminds presidents."), code="not_the_office")
    _refuse_closed(now)
    _refuse_ended_or_reminded(review, shown)
    said = text.replace("\0", "").strip()
    if not said:
        raise ValidationError(_("Write what the reminder says."), code="text_needed")
    failure = ""
    if way == Way.EMAIL:
        if "@" not in address:
            raise ValidationError(_("There is no e-mail address to send it to."), code="no_address")
        failure = (postman or Postman()).deliver(said, to=address)
    return Reminder.objects.create(
        review=review,
        way=way,
        address=address if way == Way.EMAIL else "",
        text=said,
        failure=failure[: Reminder._meta.get_field("failure").max_length],
        sent_by=by,
    )


def _refuse_ended_or_reminded(review: CommunityReview, shown: int | None) -> None:
    if not CommunityReview.objects.filter(pk=review.pk, state=State.OPEN).exists():
        raise ValidationError(_("This review has ended already."), code="ended")
    if shown is not None and review.reminders.count() != shown:
        raise ValidationError(_("A reminder went out meanwhile."), code="reminded_meanwhile")


# --- judging ---


def _locked(round: ReviewRound) -> ReviewRound:
    """The round as it is now; nobody else extends, closes or reminds until the transaction ends."""
    rounds = ReviewRound.objects.select_for_update(of=("self",), no_key=True).select_related("district")
    return rounds.get(pk=round.pk)


def _refuse_unless_head(by: Person, district: District) -> None:
    if not may(by, Action.OPEN_ROUND, district):
        raise ValidationError(_("Only the head of the registry section can do this."), code="not_the_head")


def _refuse_closed(round: ReviewRound) -> None:
    if round.closed_at:
        raise ValidationError(_("The round has been closed."), code="closed")


def _refuse_deadline(deadline: datetime.date, letter_date: datetime.date) -> None:
    if deadline < letter_date:
        raise ValidationError(_("The deadline must not lie before the letter's date."), code="deadline_before_letter")
    _refuse_past(deadline)


def _refuse_past(deadline: datetime.date) -> None:
    if deadline < timezone.localdate():
        raise ValidationError(_("The deadline has passed already."), code="deadline_past")


def _letter(number: str) -> str:
    written = _bounded(number, ReviewRound, "letter_number")
    if not written:
        raise ValidationError(_("A round needs the number of its letter."), code="letter_needed")
    return written


def _bounded(text: str, of: type[ReviewRound] | type[RoundExtension], column: str) -> str:
    written, most = clean(text), getattr(of._meta.get_field(column), "max_length", 0)
    if len(written) > most:
        raise ValidationError(_("Too long: write at most %(most)s letters."), code="too_long", params={"most": most})
    return written


def _names(communities: Iterable[Community]) -> str:
    return ", ".join(str(community) for community in communities)
