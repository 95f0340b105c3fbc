"""What a person put off until the end of a queue (a bench, a lane, the keying list): kept in the session, no longer."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

_KEPT_AS = "put_off"


def put_off(session: SessionBase, queue: str) -> list[int]:
    """The ids put off in this queue, in the order in which they come again."""
    return session.get(_KEPT_AS, {}).get(queue, [])


def put_off_until_the_end(session: SessionBase, queue: str, pk: int) -> None:
    """Moves the row or house (id) behind all others of the queue, also where it was put off before."""
    others = [other for other in put_off(session, queue) if other != pk]
    session[_KEPT_AS] = session.get(_KEPT_AS, {}) | {queue: [*others, pk]}
