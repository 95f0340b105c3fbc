"""Signing in and out, by allauth's views at the office's own addresses.

Only what the office uses is mapped: nobody signs up by themselves, and a forgotten password is reset by the
administrator on a paper request, because many presidents have no e-mail.
"""

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

# The admin has its own form, which knows neither the limits on attempts nor, later, the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class OfficeAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the office."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Close allauth's sign-up, wherever it might be reached from."""
        return False


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
