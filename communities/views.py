"""Accounts and their passwords, and how a person likes to read digits."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .access import OfficeRequest, needs
from .models import Appointment, Community, Person
from .notices import say_done
from .passwords import accounts_within_reach, reset_password
from .roles import Action
from .scope import reach_of
from .second_factor import reset_second_factor
from .way_back import way_back

MOST_SHOWN = 200


@require_POST
def digits(request: OfficeRequest) -> HttpResponse:
    """Shows numbers in Thai or in Arabic digits from now on, and leads back."""
    wanted = request.POST.get("digits") == "thai"
    Person.objects.filter(pk=request.user.pk).update(thai_digits=wanted)
    return redirect(way_back(request, otherwise="/"))


@needs(Action.RESET_PASSWORD)
@require_safe
def people(request: OfficeRequest) -> HttpResponse:
    """The accounts of the districts in which the person resets passwords; ?q= looks in names."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    found = _with_posts(accounts_within_reach(request.user)).order_by("full_name", "username")
    if wanted:
        found = found.filter(Q(full_name__icontains=wanted) | Q(username__icontains=wanted))
    accounts = list(found[: MOST_SHOWN + 1])
    context = {
        "q": wanted,
        "people": accounts[:MOST_SHOWN],
        "more": len(accounts) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "administers": bool(reach_of(request.user).in_districts([Action.KEEP_REFERENCE_DATA])),
    }
    return render(request, "communities/people.html", context)


def _with_posts(accounts):
    """Accounts with the posts of today, each with the place's name."""
    named = Prefetch("community", Community.objects.as_at(timezone.localdate()))
    posts = Appointment.objects.on(timezone.localdate()).select_related("district").prefetch_related(named)
    return accounts.prefetch_related(Prefetch("appointments", posts, to_attr="posts"))


@needs(Action.RESET_PASSWORD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_reset(request: OfficeRequest, pk: int) -> HttpResponse:
    """Asks before a password is reset; the answer to the POST is the slip that shows the new one, once."""
    person = get_object_or_404(_with_posts(accounts_within_reach(request.user)), pk=pk)
    context = {"person": person, "site": request.build_absolute_uri("/")}
    if request.method != "POST":
        return render(request, "communities/person_reset.html", context)
    try:
        context["password"] = reset_password(person, by=request.user)
    except ValidationError as refusal:
        return render(request, "communities/person_reset.html", context | {"refusal": refusal.messages}, status=409)
    return render(request, "communities/password_slip.html", context)


@needs(Action.KEEP_REFERENCE_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def person_second_factor(request: OfficeRequest, pk: int) -> HttpResponse:
    """Asks before the second factor of an account is taken off, on a paper request."""
    person = get_object_or_404(_with_posts(accounts_within_reach(request.user)), pk=pk)
    context = {"person": person}
    if request.method != "POST":
        return render(request, "communities/person_second_factor.html", context)
    try:
        reset_second_factor(person, by=request.user)
    except ValidationError as refusal:
        context["refusal"] = refusal.messages
        return render(request, "communities/person_second_factor.html", context, status=409)
    say_done(request, _("The second factor is off. Its owner sets another up at the next sign-in."))
    return redirect("communities:people")
