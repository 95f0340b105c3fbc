"""Signing in and out, by allauth's views at the office's own addresses.

Only what the office uses is mapped: nobody signs up by themselves, and a forgotten password is reset by the
administrator on a paper request, because many presidents have no e-mail. Whoever gets a password that way chooses
another before anything else.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse


class OfficeAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the office."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Close allauth's sign-up, wherever it might be reached from."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go to the own start page: the new password is chosen and work begins."""
        return str(settings.LOGIN_REDIRECT_URL)


class NewPasswordFirstMiddleware:
    """Lead a person who signed in with a password from the office to the choice of an own one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the request's way."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let only choosing, signing out and the language pass until the password is the person's own."""
        if getattr(request.user, "must_change_password", False) and request.path not in _always_open():
            return redirect("account_change_password")
        return self.get_response(request)


def _always_open() -> set[str]:
    return {reverse(name) for name in ("account_change_password", "account_logout", "set_language")}


@receiver(password_changed)
def note_own_password(user: AbstractBaseUser, **_signal: Any) -> None:
    """Note that the person has chosen the password by now."""
    get_user_model()._default_manager.filter(pk=user.pk).update(must_change_password=False)


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
]
