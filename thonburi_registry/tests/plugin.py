"""What every test of the house relies on: the database is up, catalogues are compiled, nothing is slow for safety's
sake, the browser is the system's, and nothing is skipped."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from thonburi_registry import database
from thonburi_registry.catalogues import compile_changed

# A busy machine is no fault of the code, and what was green once stays green: the same examples are tried at every run.
# `pytest --hypothesis-profile=explore` looks for others.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("office", settings.get_profile("explore"), derandomize=True)
settings.load_profile("office")

# Playwright's event loop runs in the thread of the tests that also use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# What tests write need not outlive a power cut: no commit waits for the disk. And they strike houses off at will.
os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off -c office.loads_extract=on")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the private cluster and compile the catalogues before pytest-django sets Django up."""
    try:
        database.start_if_private()
    except database.DatabaseUnavailable as problem:
        raise pytest.UsageError(str(problem)) from problem
    compile_changed(database.PROJECT / "locale")


@pytest.fixture(autouse=True, scope="session")
def _quick_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hash passwords fast and read static files where they are written: argon2 is slow on purpose."""
    from django.core.signals import setting_changed
    from django.test import override_settings
    from django.utils.functional import empty

    from communities.evidence_storage import evidence_storage

    def ask_again(setting: str, **_signal: object) -> None:
        if setting == "STORAGES":
            evidence_storage()._wrapped = empty  # as Django does with its default storage

    setting_changed.connect(ask_again)
    quick: dict[str, Any] = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        "STATIC_ROOT": tmp_path_factory.mktemp("static_collected"),  # WhiteNoise warns of one that is not there
    }
    with override_settings(**quick):
        yield


# Facts are never emptied, but a test with transactions of its own ends by emptying every table.
ALLOW_EMPTYING = """
DO $$
DECLARE
    guard record;
BEGIN
    FOR guard IN
        SELECT tgrelid::regclass AS guarded, tgname FROM pg_trigger
        WHERE tgname LIKE '%_is_never_emptied' AND tgenabled <> 'D'
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', guard.guarded, guard.tgname);
    END LOOP;
END $$
"""
# The background vacuum finds tables empty that a test is just filling, and the planner would believe it for the rest
# of the run: a query over a district's history took seconds instead of a tenth.
COUNT_NO_EMPTY_TABLES = """
DO $$
DECLARE
    counted regclass;
BEGIN
    FOR counted IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reloptions IS NULL
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', counted);
    END LOOP;
END $$
"""


@pytest.fixture(autouse=True, scope="session")
def _tables_are_made_for_tests() -> Iterator[None]:
    """Switch off, each time the test database is made or emptied, what guards and counts the tables of an office."""
    from django.db import connections
    from django.db.models.signals import post_migrate

    def switch_off(app_config: Any, using: str, **_signal: object) -> None:
        if app_config.label == "communities":
            with connections[using].cursor() as cursor:
                cursor.execute(ALLOW_EMPTYING)
                cursor.execute(COUNT_NO_EMPTY_TABLES)

    post_migrate.connect(switch_off)
    yield
    post_migrate.disconnect(switch_off)


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
