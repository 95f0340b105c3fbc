"""The key that signs sessions, for a machine where nobody has set ``SECRET_KEY``."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def kept_in(folder: Path) -> str:
    """Return the key kept in ``folder``, made at the first call and readable for its owner alone.

    Written beside its place and linked there: of several processes at once, all return the first one's key.
    """
    place = folder / "secret_key"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, place)
        draft.unlink()
    return place.read_text()
