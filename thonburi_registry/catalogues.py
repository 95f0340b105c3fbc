"""Makes the catalogues that Django reads (.mo) from those that people edit (.po), without GNU gettext."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_changed(folder: Path) -> int:
    """Compile each catalogue below ``folder`` that is newer than its compiled form; returns how many that were."""
    changed = [source for source in folder.rglob("*.po") if _is_newer(source, source.with_suffix(".mo"))]
    for source in changed:
        _compile(source)
    return len(changed)


def _is_newer(source: Path, compiled: Path) -> bool:
    return not compiled.exists() or source.stat().st_mtime_ns > compiled.stat().st_mtime_ns


def _compile(source: Path) -> None:
    """Write the compiled form beside its place and move it there: a reader meets the old or the new, never a half."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    draft = source.with_suffix(f".{os.getpid()}.mo")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(source.with_suffix(".mo"))
