"""Rounds in the browser: what was asked and how far it is, opening, putting off, closing, reminding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from communities.access import OfficeRequest, needs, require
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.ids import id_in
from communities.roles import Action, may

from ..forms.rounds import ExtendForm, OpenForm, ReminderForm
from ..models import Reminder, ReviewRound
from ..reminder_mail import Postman, opening_words, words_to
from ..round_progress import (
    Candidate,
    ReviewLine,
    candidates_of,
    days_left,
    lines_of,
    rounds_of,
    suggested_deadline,
    totals_of,
)
from ..rounds import close_round, due_reviews, extend_round, open_round, remind

REFUSED = 422
APPEAL_DAYS = 15


def _round(request: OfficeRequest, pk: int, action: Action) -> ReviewRound:
    """The round, if the person may do the action in its district; Http404 otherwise."""
    rounds = ReviewRound.objects.visible_to(request.user).select_related("district", "opened_by", "closed_by")
    found = get_object_or_404(rounds, pk=pk)
    require(request.user, action, found.district)
    return found


# --- what was asked, and how far it is ---


@needs(Action.ANSWER_REVIEW)
@require_GET
def rounds(request: OfficeRequest) -> HttpResponse:
    """The district's rounds, the newest first."""
    choice = district_choice(request, Action.ANSWER_REVIEW)
    scene = {
        "choice": choice,
        "lines": rounds_of(choice.district),
        "may_open": may(request.user, Action.OPEN_ROUND, choice.district),
    }
    return render(request, "verification/rounds.html", scene)


@needs(Action.ANSWER_REVIEW)
@require_GET
def round_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Community by community: how far the list is, who speaks for it, what was reminded."""
    found = _round(request, pk, Action.ANSWER_REVIEW)
    lines = lines_of(found)
    scene = {
        "round": found,
        "lines": lines,
        "totals": totals_of(found, lines),
        "extensions": found.extensions.select_related("recorded_by").order_by("-pk"),
        "without_president": [line for line in lines if line.president is None],
        "may_open": may(request.user, Action.OPEN_ROUND, found.district),
    }
    return render(request, "verification/round.html", scene)


# --- opening ---


@needs(Action.OPEN_ROUND)
@require_http_methods(["GET", "HEAD", "POST"])
def round_open(request: OfficeRequest) -> HttpResponse:
    """The papers, the deadline and the communities of a new round; those that cannot be asked are shown with why."""
    choice = district_choice(request, Action.OPEN_ROUND)
    candidates = candidates_of(choice.district, communities_of(choice.district))
    if request.method != "POST":
        ticked = {one.community.pk for one in candidates if one.can_be_asked and one.speakers.president}
        return _open_page(request, choice, candidates, _first_papers(), ticked)
    form, ticked = OpenForm(request.POST), _ticked(request)
    opened = _open(request, choice, candidates, form, ticked) if form.is_valid() else None
    if opened is None:
        return _open_page(request, choice, candidates, form, ticked)
    asked = opened.reviews.count()
    done = ngettext(
        "The round is open: %(number)s community is asked.",
        "The round is open: %(number)s communities are asked.",
        asked,
    )
    messages.success(request, done % {"number": asked})
    return redirect("verification:round", opened.pk)


def _first_papers() -> OpenForm:
    today = timezone.localdate()
    return OpenForm(
        initial={
            "announcement_date": today,
            "letter_date": today,
            "deadline": suggested_deadline(),
            "appeal_days": APPEAL_DAYS,
        }
    )


def _ticked(request: OfficeRequest) -> set[int]:
    return {pk for text in request.POST.getlist("community") if (pk := id_in(text)) is not None}


def _open(
    request: OfficeRequest, choice: DistrictChoice, candidates: Sequence[Candidate], form: OpenForm, ticked: set[int]
) -> ReviewRound | None:
    """The round that was opened; None where it was refused, which the form then says."""
    chosen = [one.community for one in candidates if one.community.pk in ticked]
    try:
        return open_round(choice.district, communities=chosen, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None


def _open_page(
    request: OfficeRequest, choice: DistrictChoice, candidates: Sequence[Candidate], form: OpenForm, ticked: set[int]
) -> HttpResponse:
    scene = {
        "choice": choice,
        "candidates": candidates,
        "cannot": [one for one in candidates if not one.can_be_asked],
        "form": form,
        "ticked": ticked,
    }
    return render(request, "verification/round_open.html", scene, status=REFUSED if form.errors else 200)


# --- putting off and closing ---


@needs(Action.OPEN_ROUND)
@require_http_methods(["GET", "HEAD", "POST"])
def round_extend(request: OfficeRequest, pk: int) -> HttpResponse:
    """A later deadline, by a letter and for a reason."""
    found = _round(request, pk, Action.OPEN_ROUND)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            extend_round(found, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The deadline has been put off."))
            return redirect("verification:round", pk)
    scene = {"round": found, "form": form}
    return render(request, "verification/round_extend.html", scene, status=REFUSED if form.errors else 200)


@needs(Action.OPEN_ROUND)
@require_http_methods(["GET", "HEAD", "POST"])
def round_close(request: OfficeRequest, pk: int) -> HttpResponse:
    """What closing would end, and once confirmed, the end of the round."""
    found = _round(request, pk, Action.OPEN_ROUND)
    if request.method == "POST":
        try:
            close_round(found, by=request.user, shown=id_in(request.POST.get("unsigned", "")))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("verification:round_close", pk)
        messages.success(request, _("The round is closed. What was said is kept; answers and appeals go on."))
        return redirect("verification:round", pk)
    if found.closed_at:
        return redirect("verification:round", pk)
    lines = lines_of(found)
    unsigned = [line for line in lines if line.review.state == "open"]
    scene = {"round": found, "unsigned": unsigned, "totals": totals_of(found, lines), "days_left": days_left(found)}
    return render(request, "verification/round_close.html", scene)


# --- reminding ---


@needs(Action.ANSWER_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_due(request: OfficeRequest, pk: int) -> HttpResponse:
    """Who has not signed, to be printed; the ticked ones are reminded by e-mail, or recorded as reminded on paper."""
    found = _round(request, pk, Action.ANSWER_REVIEW)
    lines = due_reviews(found)
    form = ReminderForm(request.POST) if request.method == "POST" else ReminderForm(initial={"words": opening_words()})
    if form.is_bound and form.is_valid():
        _remind(request, lines, form.cleaned_data["words"])
        return redirect("verification:reminders_due", pk)
    scene = {
        "round": found,
        "lines": lines,
        "form": form,
        "days_left": days_left(found),
        "today": timezone.localdate(),
        "without_address": sum(not line.address for line in lines),
    }
    return render(request, "verification/reminders_due.html", scene, status=REFUSED if form.errors else 200)


def _remind(request: OfficeRequest, lines: Sequence[ReviewLine], words: str) -> None:
    """Reminds the presidents of the ticked lines, one after the other, and says what became of each."""
    shown = _shown(request)
    ticked = [line for line in lines if line.review.pk in shown]
    way = Reminder.Way.EMAIL if request.POST.get("way") == "email" else Reminder.Way.PAPER
    if not ticked:
        messages.error(request, _("Tick the communities first."))
        return
    address = request.build_absolute_uri(reverse("verification:my_review"))
    postman = Postman()
    outcomes: dict[str, list[str]] = {"": []}
    for line in ticked:
        text = words_to(line, words=words, address=address)
        became = _became(request, line, way, text, shown[line.review.pk], postman)
        outcomes.setdefault(became, []).append(str(line.community))
    postman.leave()
    _tell(request, way, outcomes)


def _became(
    request: OfficeRequest, line: ReviewLine, way: Reminder.Way, text: str, shown: int | None, postman: Postman
) -> str:
    """What became of a reminder: "" where it went out, else a sentence."""
    try:
        reminder = remind(
            line.review, way=way, address=line.address, text=text, by=request.user, shown=shown, postman=postman
        )
    except ValidationError as refusal:
        return refusal.messages[0]
    return _("Not sent: %(why)s") % {"why": reminder.failure} if reminder.failure else ""


def _shown(request: OfficeRequest) -> Mapping[int, int | None]:
    """The ticked reviews, each with how many reminders the page showed: "12:1"."""
    parts = (text.partition(":") for text in request.POST.getlist("review"))
    return {pk: id_in(number) for text, _colon, number in parts if (pk := id_in(text)) is not None}


def _tell(request: OfficeRequest, way: Reminder.Way, outcomes: Mapping[str, Sequence[str]]) -> None:
    went_out = len(outcomes[""])
    if went_out and way == Reminder.Way.EMAIL:
        sentence = ngettext("%(number)s e-mail was sent.", "%(number)s e-mails were sent.", went_out)
        messages.success(request, sentence % {"number": went_out})
    elif went_out:
        sentence = ngettext(
            "%(number)s reminder on paper was recorded.", "%(number)s reminders on paper were recorded.", went_out
        )
        messages.success(request, sentence % {"number": went_out})
    for became, names in outcomes.items():
        if became:
            messages.warning(request, f"{became} {', '.join(names)}")


@needs(Action.ANSWER_REVIEW)
@require_GET
def reminders_sent(request: OfficeRequest, pk: int) -> HttpResponse:
    """Every reminder of the round: to whom, how, by whom, when, and why one was not sent."""
    found = _round(request, pk, Action.ANSWER_REVIEW)
    named = communities_of(found.district)
    sent = Reminder.objects.filter(review__round=found).select_related("review", "sent_by").order_by("-pk")
    scene = {"round": found, "sent": [(named[reminder.review.community_id], reminder) for reminder in sent]}
    return render(request, "verification/reminders_sent.html", scene)
