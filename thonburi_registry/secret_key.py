"""The key that signs sessions, for a machine where nobody has set ``SECRET_KEY``."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def kept_in(folder: Path) -> str:
    """Return the key kept in ``folder``, made at the first call and readable for its owner alone.

    Written beside its place and linked there: of several processes at once, all return the first one's key.
    """
    place = folder / "secret_key"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=folder) as draft:  # made for its owner alone
            draft.write(secrets.token_urlsafe(64))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, place)
    return place.read_text()
