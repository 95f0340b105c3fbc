"""Work shared out in the browser: who has which communities, giving them by order, handing over, ending."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import OfficeRequest, needs, require
from communities.district_choice import DistrictChoice, district_choice
from communities.ids import id_in
from communities.models import Community, District, Person
from communities.notices import say_done
from communities.roles import Action, may
from communities.thai_calendar import NotADate, parse_date
from communities.way_back import way_back

from ..assignments import assign, end, hand_over, people_in_post, restore, take_back
from ..forms.sharing import EndForm, HandOverForm, OfficerForm, OrderForm
from ..models import Assignment
from ..progress import district_progress, totals_of
from ..work_shares import Share, ShareRow, annex_of, coming_in, held_in, orders_of, share_rows, shares_of

REFUSED = 422


def _today() -> datetime.date:
    return timezone.localdate()


def _page_of(district: District) -> str:
    return f"{reverse('households:work_shared_out')}?{urlencode({'district': district.code})}"


def _rows_of(district: District) -> list[ShareRow]:
    return share_rows(district_progress(district), held_in(district, _today()))


# --- who has what ---


@needs(Action.SEE_HOUSES)
@require_GET
def work_shared_out(request: OfficeRequest) -> HttpResponse:
    """The communities with their officers, and how heavy each officer's share is; ?officer= shows one person's."""
    return _page(request, district_choice(request, Action.SEE_HOUSES), ticked={}, status=200)


def _page(
    request: OfficeRequest, choice: DistrictChoice, *, ticked: dict[int, int | None], status: int
) -> HttpResponse:
    rows = _rows_of(choice.district)
    shares = shares_of(choice.district, rows, _today())
    shown = _share_named(request, shares)
    may_assign = may(request.user, Action.ASSIGN_WORK, choice.district)
    even = _even(shares)
    context = {
        "choice": choice,
        "today": _today(),
        "totals": totals_of(row.progress for row in rows),
        "shares": shares,
        "groups": [shown] if shown else [share for share in shares if share.rows],
        "shown": shown,
        "not_assigned": sum(row.held is None for row in rows),
        "stood_in": sum(share.stood_in for share in shares),
        "even": even,
        **_scale(shares, even),
        "orders": orders_of(rows),
        "coming": coming_in(choice.district, _today()),
        "may_assign": may_assign,
        "form": OfficerForm(people=people_in_post(choice.district, _today())) if may_assign else None,
        "ticked": ticked,
    }
    return render(request, "households/work_shared_out.html", context, status=status)


def _share_named(request: OfficeRequest, shares: Sequence[Share]) -> Share | None:
    """The share that ?officer= names ("none": what nobody has)."""
    wanted = request.GET.get("officer", "")
    if not wanted:
        return None
    named = (share for share in shares if wanted == (str(share.person.pk) if share.person else "none"))
    return next(named, None)


def _even(shares: Sequence[Share]) -> int | None:
    """How many houses each would have if all who work had the same."""
    people = sum(share.person is not None and share.in_post for share in shares)
    return sum(share.houses for share in shares) // people if people else None


def _scale(shares: Sequence[Share], even: int | None) -> dict[str, object]:
    """By how many houses the bars of all are measured, and where the equal share lies on them."""
    heaviest = max([share.houses for share in shares] + [even or 0], default=0)
    return {"heaviest": heaviest, "even_place": f"{100 * even / heaviest:.2f}%" if even and heaviest else ""}


# --- giving communities by an order ---


@needs(Action.ASSIGN_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def work_assign(request: OfficeRequest) -> HttpResponse:
    """Shows what giving the ticked communities to the officer would change; once confirmed with an order, does it.

    Whoever comes by a link, or by changing the language on what was posted, is led to who has what.
    """
    if request.method != "POST":
        return redirect(f"{reverse('households:work_shared_out')}?{request.GET.urlencode()}")
    choice = district_choice(request, Action.ASSIGN_WORK)
    people = people_in_post(choice.district, _today())
    rows = {row.progress.community.pk: row for row in _rows_of(choice.district)}
    shown = _shown(request)
    chosen = [rows[pk] for pk in shown if pk in rows]
    asked = OfficerForm(request.POST, people=people)
    if not asked.is_valid() or not chosen:
        return _asked_for_too_little(request, choice, asked, shown)
    form = OrderForm(request.POST, people=people) if "order_number" in request.POST else _empty_order(asked, people)
    if form.is_bound and form.is_valid():
        communities = [row.progress.community for row in chosen]
        given = _give(request, form, communities, shown)
        if given:
            return redirect(_page_of(choice.district))
    officer = asked.chosen_officer()
    shares = shares_of(choice.district, list(rows.values()), _today())
    context = {
        "choice": choice,
        "form": form,
        "officer": officer,
        "chosen": chosen,
        "shown": shown,
        "before": next((share for share in shares if share.person == officer), Share(officer, [])),
        "after": Share(officer, [row for row in rows.values() if row.officer == officer or row in chosen]),
    }
    return render(request, "households/work_assign.html", context, status=REFUSED if form.errors else 200)


def _shown(request: OfficeRequest) -> dict[int, int | None]:
    """The ticked communities, each with whoever had it when the page was made: "12:7", or "12:" for nobody."""
    parts = (text.partition(":") for text in request.POST.getlist("community"))
    return {pk: id_in(officer) for text, _colon, officer in parts if (pk := id_in(text)) is not None}


def _asked_for_too_little(
    request: OfficeRequest, choice: DistrictChoice, asked: OfficerForm, shown: dict[int, int | None]
) -> HttpResponse:
    """The page again, saying what is missing; what was ticked stays ticked."""
    if not asked.is_valid():
        messages.error(request, asked.errors["officer"].as_data()[0].messages[0])
    else:
        messages.error(request, _("Tick the communities first."))
    return _page(request, choice, ticked=shown, status=REFUSED)


def _empty_order(asked: OfficerForm, people: Sequence[Person]) -> OrderForm:
    initial = {"officer": asked.cleaned_data["officer"], "order_date": _today(), "since": _today()}
    return OrderForm(people=people, initial=initial)


def _give(
    request: OfficeRequest, form: OrderForm, communities: Sequence[Community], shown: dict[int, int | None]
) -> list[Assignment]:
    """What was given; nothing where it was refused, which the form then says."""
    officer = form.chosen_officer()
    order = {name: form.cleaned_data[name] for name in ("order_number", "order_date", "since")}
    try:
        given = assign(communities, officer=officer, by=request.user, shown=shown, **order)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return []
    done = ngettext(
        "%(number)s community was given to %(name)s.", "%(number)s communities were given to %(name)s.", len(given)
    )
    sentence = done % {"number": len(given), "name": officer.full_name}
    say_done(request, sentence, undo_at=reverse("households:work_take_back", args=[given[0].pk]))
    return given


# --- handing over for a time ---


@needs(Action.ASSIGN_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def work_hand_over(request: OfficeRequest, officer: int) -> HttpResponse:
    """An absent officer's communities with their open work, and who stands in for how long."""
    choice = district_choice(request, Action.ASSIGN_WORK)
    rows = _rows_of(choice.district)
    own = [row for row in rows if row.held and row.held.own.officer_id == officer]
    standing_in = [row for row in rows if row.held and row.held.stand_in and row.held.stand_in.officer_id == officer]
    if not own:
        raise Http404
    absent = own[0].held.own.officer  # type: ignore[union-attr]  # held, or it were not among them
    people = [person for person in people_in_post(choice.district, _today()) if person != absent]
    posted = request.method == "POST"
    form = HandOverForm(request.POST if posted else None, people=people, initial=_first_days())
    ticked = _shown(request) if posted else {row.progress.community.pk: absent.pk for row in own}
    if posted and form.is_valid() and _hand_over(request, form, absent, choice.district, own, ticked):
        return redirect(_page_of(choice.district))
    context = {
        "choice": choice,
        "form": form,
        "officer": absent,
        "share": Share(absent, own),
        "standing_in": standing_in,
        "ticked": ticked,
    }
    return render(request, "households/work_hand_over.html", context, status=REFUSED if form.errors else 200)


def _first_days() -> dict[str, datetime.date]:
    return {"order_date": _today(), "since": _today()}


def _hand_over(
    request: OfficeRequest,
    form: HandOverForm,
    officer: Person,
    district: District,
    own: Sequence[ShareRow],
    ticked: dict[int, int | None],
) -> list[Assignment]:
    """What was handed over; nothing where it was refused, which the form then says."""
    order = {name: form.cleaned_data[name] for name in ("order_number", "order_date", "since")}
    chosen = [row.progress.community for row in own if row.progress.community.pk in ticked]
    to = form.chosen_officer()
    try:
        lent = hand_over(
            officer,
            to=to,
            district=district,
            until=form.first_day_back(),
            by=request.user,
            communities=chosen,
            **order,
        )
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return []
    done = ngettext(
        "%(to)s stands in for %(officer)s in %(number)s community.",
        "%(to)s stands in for %(officer)s in %(number)s communities.",
        len(lent),
    )
    sentence = done % {"to": to.full_name, "officer": officer.full_name, "number": len(lent)}
    say_done(request, sentence, undo_at=reverse("households:work_take_back", args=[lent[0].pk]))
    return lent


# --- ending, and taking back ---


def _to_change(request: OfficeRequest, pk: int) -> Assignment:
    """The assignment, if the person may share work out where it is; 404 else."""
    visible = Assignment.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("community__district", "officer", "stands_in_for"), pk=pk)
    require(request.user, Action.ASSIGN_WORK, found.community.district)
    return found


@needs(Action.ASSIGN_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def work_end(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ends an assignment or a standing-in today, with a reason."""
    assignment = _to_change(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _end(request, form, assignment):
        return redirect(_page_of(assignment.community.district))
    context = {
        "assignment": assignment,
        "district": assignment.community.district,
        "community": _community_of(assignment),
        "form": form,
    }
    return render(request, "households/work_end.html", context, status=REFUSED if form.errors else 200)


def _community_of(assignment: Assignment) -> Community:
    """The community as it is called today."""
    return Community.objects.as_at(_today()).get(pk=assignment.community_id)


def _named(assignment: Assignment) -> dict[str, object]:
    return {"name": assignment.officer.full_name, "community": _community_of(assignment)}


def _end(request: OfficeRequest, form: EndForm, assignment: Assignment) -> bool:
    try:
        end(assignment, reason=form.cleaned_data["reason"], by=request.user)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    sentence = _("It ended: %(name)s no longer works on %(community)s.") % _named(assignment)
    say_done(request, sentence, undo_at=reverse("households:work_restore", args=[assignment.pk]))
    return True


@needs(Action.ASSIGN_WORK)
@require_POST
def work_take_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes back the whole act that made the assignment."""
    assignment = _to_change(request, pk)
    try:
        made = take_back(assignment, by=request.user)
    except ValidationError as refusal:
        return _refused(request, assignment, refusal)
    done = ngettext(
        "Taken back: %(number)s community is as before.", "Taken back: %(number)s communities are as before.", len(made)
    )
    messages.success(request, done % {"number": len(made)})
    return _back(request, assignment)


@needs(Action.ASSIGN_WORK)
@require_POST
def work_restore(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes back that an assignment was ended."""
    assignment = _to_change(request, pk)
    try:
        restore(assignment, by=request.user)
    except ValidationError as refusal:
        return _refused(request, assignment, refusal)
    messages.success(request, _("%(name)s works on %(community)s again.") % _named(assignment))
    return _back(request, assignment)


def _refused(request: OfficeRequest, assignment: Assignment, refusal: ValidationError) -> HttpResponse:
    for sentence in refusal.messages:
        messages.error(request, sentence)
    return _back(request, assignment)


def _back(request: OfficeRequest, assignment: Assignment) -> HttpResponse:
    return redirect(way_back(request, otherwise=_page_of(assignment.community.district)))


# --- on paper ---


@needs(Action.SEE_HOUSES)
@require_GET
def work_annex(request: OfficeRequest) -> HttpResponse:
    """The annex of an order (?order= its number, ?date= its date): which communities it gives to whom, for A4."""
    choice = district_choice(request, Action.SEE_HOUSES)
    number = request.GET.get("order", "")
    annex = annex_of(choice.district, number, _date_in(request)) if number.isprintable() else None
    if annex is None:
        raise Http404
    context: dict[str, Any] = {
        "choice": choice,
        "annex": annex,
        "lent": any(a.stands_in_for_id for a, _c in annex.lines),
    }
    return render(request, "households/work_annex.html", context)


def _date_in(request: OfficeRequest) -> datetime.date:
    try:
        return parse_date(request.GET.get("date", ""))
    except NotADate:
        raise Http404 from None
