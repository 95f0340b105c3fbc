"""What every test of the house relies on: the database is up, nothing is slow for safety's sake, nothing is skipped."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from thonburi_registry import database

# Playwright's event loop runs in the thread of the tests that also use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the private cluster before pytest-django reads the settings."""
    try:
        database.start_if_private()
    except database.DatabaseUnavailable as problem:
        raise pytest.UsageError(str(problem)) from problem


@pytest.fixture(autouse=True, scope="session")
def _quick_for_tests() -> Iterator[None]:
    """Hash passwords fast and find static files where they are written: argon2 is slow on purpose."""
    from django.test import override_settings

    quick: dict[str, Any] = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }
    with override_settings(**quick):
        yield
