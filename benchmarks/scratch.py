"""Databases for measuring, made beside the real one and dropped afterwards. The real one is never touched."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection

_MIGRATED = f"bench_{os.getpid()}_migrated"
_SCRATCH = f"bench_{os.getpid()}"
_COPY = f"bench_{os.getpid()}_copy"


@contextmanager
def migrated() -> Iterator[None]:
    """Make the database that every `scratch` is a copy of: all tables, the reference data, nothing else."""
    real = settings.DATABASES["default"]["NAME"]
    _run(f'CREATE DATABASE "{_MIGRATED}"')
    try:
        _connect_to(_MIGRATED)
        call_command("migrate", verbosity=0, skip_checks=True)
        yield
    finally:
        _connect_to(real)
        _run(f'DROP DATABASE IF EXISTS "{_MIGRATED}"')


@contextmanager
def scratch() -> Iterator[None]:
    """A fresh copy to work in, connected to as long as the block runs."""
    connection.close()
    _run(f'CREATE DATABASE "{_SCRATCH}" TEMPLATE "{_MIGRATED}"')
    try:
        _work_in(_SCRATCH)
        yield
    finally:
        _connect_to(_MIGRATED)
        _run(f'DROP DATABASE "{_SCRATCH}"')


@contextmanager
def second_copy() -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """A copy of the scratch database as it is now, to be made larger beside it.

    Yields what connects to the scratch database and what connects to the copy; each starts a new session.
    """
    connection.close()
    _run(f'CREATE DATABASE "{_COPY}" TEMPLATE "{_SCRATCH}"')
    try:
        yield functools.partial(_work_in, _SCRATCH), functools.partial(_work_in, _COPY)
    finally:
        _connect_to(_SCRATCH)
        _run(f'DROP DATABASE "{_COPY}"')


def _work_in(name: str) -> None:
    _connect_to(name)
    connection.ensure_connection()


def _connect_to(name: str) -> None:
    """Point Django at another database of the same server, as its own test runner does."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _run(statement: str) -> None:
    """Run a statement outside of any database of ours."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
