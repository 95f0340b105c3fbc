"""An officer at a desk, as far as a server can tell: asks for pages with a signed-in session and sends their forms."""

from __future__ import annotations

import dataclasses
import html
import http.client
import re
import time
from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from communities.models import Person

_TIMEOUT = 30
TOKEN = "b" * 32
_FORM = re.compile(r"<form\b.*?</form>", re.S)
_FIELD = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(name|value|type|action)="([^"]*)"')

Fields = list[tuple[str, str]]


@dataclasses.dataclass(frozen=True)
class Page:
    """A page as it came back: its address, status, the address it redirects to, its text, and the seconds it took."""

    address: str
    status: int
    location: str
    text: str
    took: float


@dataclasses.dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, and its hidden fields and tick boxes."""

    action: str
    hidden: Fields
    boxes: Fields


class Desk:
    """A signed-in person's browser. Pages come one at a time, each over a connection of its own."""

    def __init__(self, person: Person, port: int) -> None:
        self.port = port
        self._cookies = {settings.SESSION_COOKIE_NAME: _session_of(person), settings.CSRF_COOKIE_NAME: TOKEN}

    def get(self, address: str) -> Page:
        """The page at an address of the server."""
        return self._ask("GET", address)

    def send(self, action: str, fields: Fields) -> Page:
        """The answer to a form."""
        return self._ask("POST", action, urlencode([*fields, ("csrfmiddlewaretoken", TOKEN)]))

    def _ask(self, method: str, address: str, body: str | None = None) -> Page:
        begun = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, address, body, headers)
            response = line.getresponse()
            text = response.read().decode()
            self._keep_cookies(response.headers.get_all("Set-Cookie", []))
        finally:
            line.close()
        took = time.perf_counter() - begun
        return Page(address, response.status, response.getheader("Location", ""), text, took)

    def _keep_cookies(self, headers: Sequence[str]) -> None:
        """What was just done comes back as a cookie, until a page has shown it."""
        for header in headers:
            name, _is, rest = header.partition("=")
            value = rest.partition(";")[0]
            if value in ("", '""'):
                self._cookies.pop(name, None)
            elif name != settings.CSRF_COOKIE_NAME:
                self._cookies[name] = value


def _session_of(person: Person) -> str:
    """The key of a new session of the person, as signing in leaves it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def forms_of(page: Page, action: str) -> Sequence[Form]:
    """The forms of the page whose action contains a text."""
    forms = [_read(found[0], page.address) for found in _FORM.finditer(page.text)]
    return [form for form in forms if action in form.action]


def _read(text: str, shown_at: str) -> Form:
    opening = dict(_ATTRIBUTE.findall(text[: text.index(">")]))
    fields = [dict(_ATTRIBUTE.findall(found)) for found in _FIELD.findall(text)]
    named = [(field.get("type", ""), _said(field, "name"), _said(field, "value")) for field in fields]
    return Form(
        action=html.unescape(opening.get("action", "")) or shown_at,
        hidden=[(name, value) for kind, name, value in named if kind == "hidden" and name != "csrfmiddlewaretoken"],
        boxes=[(name, value) for kind, name, value in named if kind == "checkbox" and name],
    )


def _said(field: dict[str, str], attribute: str) -> str:
    return html.unescape(field.get(attribute, ""))
