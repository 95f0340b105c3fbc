"""Where photos and scanned papers are kept: a private folder, or the office's own S3-compatible store by setting."""

from __future__ import annotations

from typing import cast

from django.core.files.storage import Storage, storages
from django.utils.functional import LazyObject


class _EvidenceStorage(LazyObject):
    """Asks for the store at its first use, as Django's default storage does."""

    def _setup(self) -> None:
        self._wrapped = storages["evidence"]


_kept = _EvidenceStorage()


def evidence_storage() -> Storage:
    """The store of STORAGES["evidence"]; models name this function, so that no migration names a store."""
    return cast(Storage, _kept)
