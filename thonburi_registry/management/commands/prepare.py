"""``manage.py prepare``: bring the database, the catalogues and the static files up to date."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from thonburi_registry import catalogues


class Command(BaseCommand):
    """Does only what is not done yet, so that a second start of the site costs little."""

    help = "Bring the database, the catalogues and the static files up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step of the preparation."""
        migrate_if_needed()
        call_command("createcachetable", verbosity=0)
        for folder in settings.LOCALE_PATHS:
            catalogues.compile_changed(Path(folder))
        collect_static_if_changed()


def migrate_if_needed() -> None:
    """Apply the migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_if_changed() -> None:
    """Collect the static files unless those collected came from exactly the present ones."""
    stamp = Path(settings.STATIC_ROOT) / ".collected_from"
    present = _fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == present:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(present)


def _fingerprint_of_static_files() -> str:
    """Return a digest over name, size and time of every file that would be collected."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
