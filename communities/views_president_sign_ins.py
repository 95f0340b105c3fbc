"""The office's pages of how presidents and delegates sign in: letters made, used, revoked, and the slip."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import segno
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from .access import OfficeRequest, needs
from .first_sign_in import replace_key, sign_out_everywhere, take_back
from .forms import BuddhistDateField
from .models import Appointment, Community, Person, SignInKey
from .models.people import OF_A_COMMUNITY
from .notices import say_done
from .pin_sign_in import is_closed, reopen
from .roles import Action
from .scope import reach_of

LETTER_IS_GOOD_FOR = datetime.timedelta(days=30)


class LetterForm(forms.Form):
    """Until when another letter is good."""

    good_until = BuddhistDateField(label=gettext_lazy("Good until, that day included"))


def posts_answered_for(person: Person) -> QuerySet[Appointment]:
    """The presidents' and delegates' posts of today in the districts whose reviews the person answers."""
    districts = reach_of(person).in_districts([Action.ANSWER_REVIEW])
    today = timezone.localdate()
    return (
        Appointment.objects.on(today)
        .filter(role__in=OF_A_COMMUNITY, community__district__in=districts, person__is_active=True)
        .select_related("person")
        .prefetch_related(Prefetch("community", Community.objects.as_at(today)))
    )


@needs(Action.ANSWER_REVIEW)
@require_safe
def president_sign_ins(request: OfficeRequest) -> HttpResponse:
    """Every president and delegate of the district, with the state of the letter and the last sign-in."""
    posts = _with_newest_key(posts_answered_for(request.user))
    posts.sort(key=lambda post: (str(post.community), post.role != "president", post.person.full_name))
    return render(request, "communities/president_sign_ins.html", {"posts": posts})


@needs(Action.ANSWER_REVIEW)
@require_safe
def president_sign_in(request: OfficeRequest, pk: int) -> HttpResponse:
    """One president's or delegate's sign-in, and what the office can do about it."""
    return _shown(request, _post(request, pk))


@needs(Action.ANSWER_REVIEW)
@sensitive_variables("secret", "address")
@never_cache
@require_POST
def president_letter(request: OfficeRequest, pk: int) -> HttpResponse:
    """Makes another key; the answer is the slip to print, the only place where the key stands."""
    post = _post(request, pk)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _shown(request, post, form=form)
    until = form.cleaned_data["good_until"]
    try:
        secret = replace_key(post, good_until=until, reason=_("another letter was made"), by=request.user)
    except ValidationError as refusal:
        return _shown(request, post, refusal=refusal)
    address = request.build_absolute_uri(reverse("communities:first_sign_in", args=[secret]))
    context = {"post": post, "qr": _drawn(address), "address": address, "good_until": until}
    return render(request, "communities/president_sign_in_slip.html", context)


@needs(Action.ANSWER_REVIEW)
@require_POST
def president_take_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ends letter, PIN and phones, with a reason."""
    post = _post(request, pk)
    reason = request.POST.get("reason", "").replace("\0", "")
    return _done(
        request,
        post,
        lambda: take_back(post, reason=reason, by=request.user),
        _("Letter and PIN have ended, and every phone is signed out."),
    )


@needs(Action.ANSWER_REVIEW)
@require_POST
def president_sign_out(request: OfficeRequest, pk: int) -> HttpResponse:
    """Signs all phones out; the PIN stays."""
    post = _post(request, pk)
    return _done(
        request,
        post,
        lambda: sign_out_everywhere(post.person, by=request.user),
        _("Every phone is signed out. The PIN stays."),
    )


@needs(Action.ANSWER_REVIEW)
@require_POST
def president_reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Opens an account that wrong PINs have closed."""
    post = _post(request, pk)
    return _done(
        request,
        post,
        lambda: reopen(post.person, by=request.user),
        _("The account is open again. The PIN stays."),
    )


def _done(request: OfficeRequest, post: Appointment, deed: Callable[[], None], sentence: str) -> HttpResponse:
    try:
        deed()
    except ValidationError as refusal:
        return _shown(request, post, refusal=refusal)
    say_done(request, sentence)
    return redirect("communities:president_sign_in", post.pk)


def _post(request: OfficeRequest, pk: int) -> Appointment:
    return get_object_or_404(posts_answered_for(request.user), pk=pk)


def _shown(
    request: OfficeRequest,
    post: Appointment,
    *,
    form: LetterForm | None = None,
    refusal: ValidationError | None = None,
) -> HttpResponse:
    good_until = timezone.localdate() + LETTER_IS_GOOD_FOR
    context = {
        "post": _with_newest_key([post])[0],
        "keys": SignInKey.objects.filter(post=post).select_related("made_by", "revoked_by"),
        "form": form or LetterForm(initial={"good_until": good_until}),
        "refusal": refusal.messages if refusal else [],
        "closed": is_closed(post.person),
        "has_pin": post.person.has_usable_password(),
        "today": timezone.localdate(),
    }
    return render(request, "communities/president_sign_in.html", context, status=409 if form or refusal else 200)


def _with_newest_key(posts: QuerySet[Appointment] | list[Appointment]) -> list[Appointment]:
    """The posts, each with its newest `key` (or None), the `state` of that, and whether the account is `closed`."""
    listed = list(posts)
    newest = SignInKey.objects.filter(post__in=listed).values("post").annotate(newest=Max("pk")).values("newest")
    keys = {key.post_id: key for key in SignInKey.objects.filter(pk__in=newest)}
    for post in listed:
        shown = post.__dict__
        shown["key"] = keys.get(post.pk)
        shown["state"] = _state(keys.get(post.pk))
        shown["closed"] = is_closed(post.person)
        shown["signs_in"] = post.person.has_usable_password()
    return listed


def _state(key: SignInKey | None) -> str:
    if key is None:
        return "none"
    if key.revoked_at:
        return "revoked"
    if key.spent_at:
        return "used"
    return "made" if key.good_until >= timezone.localdate() else "passed"


def _drawn(address: str) -> SafeString:
    """The QR code as SVG: it stands up to a coffee stain (level M: 15 of 100 signs), four modules of white around."""
    drawn = segno.make(address, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=5, border=4, svgclass=None, lineclass=None, light="#fff"))
