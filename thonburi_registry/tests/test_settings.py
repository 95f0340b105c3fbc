"""The settings hold on the office's server as well as on a clerk's machine."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from thonburi_registry import database


def run_manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as another process would, with further variables."""
    ours = {name: text for name, text in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=database.PROJECT,
        env=ours | environment,
        capture_output=True,
        text=True,
    )


def test_djangos_deployment_check_is_clean_in_production() -> None:
    production = {
        "THONBURI_PRODUCTION": "1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "registry.example.go.th",
    }
    checked = run_manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_debugging_is_never_on_in_production() -> None:
    shown = run_manage(
        "diffsettings",
        THONBURI_PRODUCTION="1",
        DJANGO_DEBUG="1",
        SECRET_KEY="x",
        ALLOWED_HOSTS="registry.example.go.th",
    )
    assert "\nDEBUG = True" not in f"\n{shown.stdout}"
    assert "SECURE_SSL_REDIRECT = True" in shown.stdout


def test_the_office_names_its_own_server_by_database_url() -> None:
    shown = run_manage("diffsettings", DATABASE_URL="postgres://registry:secret@db.example:6432/houses")
    assert "'HOST': 'db.example'" in shown.stdout
    assert "'CONN_MAX_AGE': 60" in shown.stdout


def test_sarabun_is_served_from_its_package() -> None:
    for weight in ("Regular", "SemiBold", "Bold"):
        assert finders.find(f"fonts/sarabun/Sarabun-{weight}.ttf")


@pytest.mark.django_db
def test_pages_forbid_foreign_and_inline_code(client: Client) -> None:
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_formulas_are_escaped_in_exports() -> None:
    assert settings.IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT
