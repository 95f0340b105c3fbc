"""The second factor of those who work in the register: a code of an authenticator app, or a recovery code on paper.

allauth.mfa does the work at the office's own addresses (``sign_in``). Here stand who must have one, and what makes a
session one that has shown it: the code at sign-in, or setting the factor up.
"""

import base64
import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.core.cache import cache
from django.db.models import F
from django.dispatch import receiver
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from communities.models import Person
from communities.second_factor import needs_second_factor

SHOWN = "second_factor_shown"  # in the session, with the id of the person who showed it
_OPEN = (
    "mfa_activate_totp",
    "account_reauthenticate",
    "account_change_password",
    "account_logout",
    "set_language",
)


class OfficeSecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the authenticator apps encrypted, and says in our words that a code is wrong."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Wait for the next one and type that."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code on white: the page may be dark."""
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=5, border=4, light="#fff")
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Encrypt with a key derived from the secret key, so that a copy of the database alone opens nothing."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with the secret key of now, or one of those before it."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class CodeOnce:
    """A code of the app opens once for as long as it would be taken: a period early, its own, and a period late."""

    def clean_code(self) -> str:
        """Refuse a code that has been used; allauth forgets it after one period."""
        code: str = super().clean_code()  # type: ignore[misc]  # the form beside which it stands
        if self.authenticator.type == Authenticator.Type.TOTP and not _first_use(self.user, code):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


def _first_use(person: Person, code: str) -> bool:
    digits = "".join(filter(str.isdigit, code))
    periods = 2 * settings.MFA_TOTP_TOLERANCE + 1
    return cache.add(f"second-factor-used:{person.pk}:{digits}", 1, timeout=periods * app_settings.TOTP_PERIOD)


class CodeForm(CodeOnce, AuthenticateForm):
    """The code at sign-in."""


class CodeAgainForm(CodeOnce, ReauthenticateForm):
    """The code before a step that asks once more."""


class SecondFactorFirstMiddleware:
    """Lead whoever must have a second factor to setting it up, and out again whoever has one and has not shown it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the request's way."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask nothing of the database once the session has shown the factor."""
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return self.get_response(request)
        person = request.user
        if request.session.get(SHOWN) == person.pk or not needs_second_factor(person):
            return self.get_response(request)
        if is_mfa_enabled(person, [Authenticator.Type.TOTP]):
            logout(request)
            return redirect("account_login")
        if request.path in {reverse(name) for name in _OPEN}:
            return self.get_response(request)
        return redirect("mfa_activate_totp")


@receiver(authenticator_used)
def note_shown(request: HttpRequest, user: Person, **_signal: Any) -> None:
    """The session has shown the factor."""
    request.session[SHOWN] = user.pk


class SetUpSecondFactor(ActivateTOTPView):
    """allauth's page, which also ends the sessions that know the password alone."""

    def form_valid(self, form: Form) -> HttpResponse:
        """The factor is set up, and this session has shown it."""
        answer: HttpResponse = super().form_valid(form)
        person = self.request.user
        Person.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
        person.refresh_from_db(fields=["sessions_ended"])
        update_session_auth_hash(self.request, person)
        self.request.session[SHOWN] = person.pk
        return answer
