"""What every test of the house relies on: the database is up, catalogues are compiled, nothing is slow for safety's
sake, the browser is the system's, and nothing is skipped."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from thonburi_registry import database
from thonburi_registry.catalogues import compile_changed

SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Playwright's event loop runs in the thread of the tests that also use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the private cluster and compile the catalogues before pytest-django sets Django up."""
    try:
        database.start_if_private()
    except database.DatabaseUnavailable as problem:
        raise pytest.UsageError(str(problem)) from problem
    compile_changed(database.PROJECT / "locale")


@pytest.fixture(autouse=True, scope="session")
def _quick_for_tests() -> Iterator[None]:
    """Hash passwords fast and read static files where they are written: argon2 is slow on purpose."""
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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium, which `make test` provides; Playwright's own download is not needed."""
    found = next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
    if found is None:
        pytest.fail("No Chromium on this machine: apt-get install chromium", pytrace=False)
    # Chromium's own sandbox refuses to work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": found, "args": sandbox}


def _not_run(reporter: Any) -> int:
    """Count the tests that were collected and did not show anything: skipped, or expected to fail."""
    return sum(len(reporter.stats.get(outcome, ())) for outcome in ("skipped", "xfailed", "xpassed"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A suite with a skipped test has not passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _not_run(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests ran, and that none was skipped."""
    ran = sum(len(terminalreporter.stats.get(outcome, ())) for outcome in ("passed", "failed"))
    skipped = _not_run(terminalreporter)
    terminalreporter.write_sep("=", f"{ran} tests ran, {skipped or 'none'} skipped")
