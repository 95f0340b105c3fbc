"""Signing in and out, by allauth's views at the office's own addresses.

Only what the office uses is mapped: nobody signs up by themselves, and a forgotten password is reset by the
administrator on a paper request, because many presidents have no e-mail. Whoever gets a password that way chooses
another before anything else. Presidents come in by the key in their letter (``communities.first_sign_in``).
"""

from collections.abc import Callable
from typing import Any, cast

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.signals import password_changed
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from communities.first_sign_in import session_seconds
from communities.models import Person
from communities.pin_sign_in import check_choice, choose, count_try, forget_tries, may_use_pin
from communities.pins import plain_digits
from communities.scope import posts_of_today
from thonburi_registry.second_factor import SetUpSecondFactor


class OfficeAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the office; those of presidents may have a PIN, which is counted strictly."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Close allauth's sign-up, wherever it might be reached from."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go to the own start page: the new password is chosen and work begins."""
        return str(settings.LOGIN_REDIRECT_URL)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Count a try at a PIN before it is looked at; whichever digits the keyboard gives mean the same."""
        typed = credentials.get("password", "")
        holder = Person.objects.filter(username=credentials.get("username"), signs_in_with_pin=True).first()
        if holder is None:
            return super().authenticate(request, **credentials)
        count_try(holder)
        found = super().authenticate(request, **credentials | {"password": plain_digits(typed) or typed})
        if found is not None:
            forget_tries(holder)
        return found

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """Let presidents and delegates take a PIN; everybody else keeps to the validators."""
        if not isinstance(user, Person):
            return super().clean_password(password, user)
        check_choice(password, user)
        return password

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep in mind whether it is a PIN."""
        choose(cast(Person, user), password)


class OfficeLoginForm(LoginForm):
    """The sign-in form, kind to the keyboard of a phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = _("Password or PIN")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; a president's phone stays signed in for weeks, a desk for a working day."""
        answer: HttpResponse = super().login(request, redirect_url)
        if request.user.is_authenticated:
            request.session.set_expiry(session_seconds(request.user))
        return answer


class NewPasswordFirstMiddleware:
    """Lead a person who signed in by letter or with a password from the office to the choice of an own one.

    Whoever has come to a post at the office keeps neither a PIN nor a session of weeks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the request's way."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let only choosing, signing out and the language pass until the password is the person's own."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        person = request.user
        if _outlasts_a_working_day(request) and _works_at_a_desk(person):
            logout(request)
            return redirect("account_login")
        choice = _choice_to_make(person)
        if choice and request.path not in {reverse(choice), reverse("account_logout"), reverse("set_language")}:
            return redirect(choice)
        return self.get_response(request)


def _outlasts_a_working_day(request: HttpRequest) -> bool:
    return request.session.get_expiry_age() > settings.SESSION_COOKIE_AGE


def _works_at_a_desk(person: Person) -> bool:
    return bool(posts_of_today(person)) and not may_use_pin(person)


def _choice_to_make(person: Person) -> str:
    """The name of the page on which the person must choose a PIN or password before anything else, or nothing."""
    if person.signs_in_with_pin and _works_at_a_desk(person):
        return "account_change_password"
    if not person.must_change_password:
        return ""
    return "account_change_password" if person.has_usable_password() else "communities:choose_pin"


@receiver(password_changed)
def note_own_password(request: HttpRequest, user: Person, **_signal: Any) -> None:
    """Give the session the length that fits the password's owner."""
    request.session.set_expiry(session_seconds(user))


@login_not_required
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Say how the office resets a password: on paper."""
    return render(request, "accounts/password_forgotten.html")


urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-in/inactive/", views.account_inactive, name="account_inactive"),
    path("sign-in/again/", views.reauthenticate, name="account_reauthenticate"),
    path("sign-in/forgotten/", password_forgotten, name="account_reset_password"),
    # allauth's pages link to this name; there is nothing to sign up for, so it tells whom to ask.
    path("sign-in/no-account/", password_forgotten, name="account_signup"),
    path("sign-out/", views.logout, name="account_logout"),
    path("password/", views.password_change, name="account_change_password"),
    # The second factor: an authenticator app and recovery codes (see ``second_factor``).
    path("sign-in/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/code-again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/set-up/", never_cache(SetUpSecondFactor.as_view()), name="mfa_activate_totp"),
    path("second-factor/take-off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", never_cache(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
