"""Pages of the letter's address: what it opens, and the choice of a PIN."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from .access import OfficeRequest
from .first_sign_in import look_at_key, session_seconds, spend_key
from .models import Appointment, Community, Person
from .pin_sign_in import check_choice, choose
from .pins import LONGEST, SHORTEST

# No address with a key in it is told to anybody, the office's own server included (whose log might keep it). With
# "no-referrer" browsers would also hide where a form comes from, and the guard against forged forms refuses that.
KEEPS_THE_KEY = "strict-origin"


@login_not_required
@sensitive_variables("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Says what the letter opens; only its button, a POST, spends the key, signs in and leads to a PIN."""
    try:
        answer = _spent(request, secret) if request.method == "POST" else _offered(request, secret)
    except ValidationError as refusal:
        answer = _refused(request, refusal)
    answer["Referrer-Policy"] = KEEPS_THE_KEY
    return answer


def _offered(request: HttpRequest, secret: str) -> HttpResponse:
    post = look_at_key(secret)
    return render(request, "communities/first_sign_in.html", {"community": _community_of(post)})


def _community_of(post: Appointment) -> Community:
    return get_object_or_404(Community.objects.as_at(timezone.localdate()), pk=post.community_id)


def _spent(request: HttpRequest, secret: str) -> HttpResponse:
    person = spend_key(secret).person
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(session_seconds(person))
    return redirect("communities:choose_pin")


def _refused(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    """One calm sentence. Of a key that never was, nothing is told but that it opens nothing."""
    context = {"refusal": refusal.messages, "signs_in": refusal.code == "spent"}
    status = 404 if refusal.code == "unknown" else 410
    return render(request, "communities/first_sign_in_ended.html", context, status=status)


class PinForm(forms.Form):
    """A PIN of the person's own, typed twice; a password is taken as well."""

    pin = forms.CharField(label=gettext_lazy("PIN"), max_length=128, strip=False)
    again = forms.CharField(label=gettext_lazy("The same again"), max_length=128, strip=False)

    def __init__(self, *args: Any, person: Person, letters: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        keyboard = {} if letters else {"inputmode": "numeric"}
        for field in self.fields.values():
            field.widget = forms.PasswordInput({"autocomplete": "new-password", "required": True, **keyboard})
        if letters:
            self.fields["pin"].label = _("Password")
            self.fields["pin"].help_text = _("At least 10 signs, not digits alone.")
        else:
            self.fields["pin"].help_text = _("%(shortest)d to %(longest)d digits that nobody guesses.") % {
                "shortest": SHORTEST,
                "longest": LONGEST,
            }

    def clean_pin(self) -> str:
        """Refuses a PIN or password that is easy to guess."""
        typed = self.cleaned_data["pin"]
        check_choice(typed, self.person)
        return typed

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        typed = super().clean() or {}
        if "pin" in typed and "again" in typed and typed["pin"] != typed["again"]:
            self.add_error("again", _("This is not the same as above. Type both again."))
        return typed


@sensitive_post_parameters("pin", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_pin(request: OfficeRequest) -> HttpResponse:
    """Whoever came by letter chooses a PIN or password, sees the user name once more, and goes on."""
    if request.user.has_usable_password():
        return redirect("account_change_password")
    letters = request.GET.get("as") == "password"
    form = PinForm(request.POST or None, person=request.user, letters=letters)
    if request.method != "POST" or not form.is_valid():
        return render(request, "communities/choose_pin_at_sign_in.html", {"form": form, "letters": letters})
    choose(request.user, form.cleaned_data["pin"])
    update_session_auth_hash(request, request.user)
    request.session.set_expiry(session_seconds(request.user))
    return redirect(settings.LOGIN_REDIRECT_URL)
