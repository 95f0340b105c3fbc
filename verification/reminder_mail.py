"""Reminders by e-mail: what they say, and a postman who says why a letter did not go out."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from communities.thai_calendar import long_date

from .round_progress import ReviewLine

PATIENCE = 10  # seconds for a mail server that does not answer
LANGUAGE = "th"  # presidents are written to in Thai, in whatever language the officer reads the page


class Postman:
    """Delivers e-mails over one connection. A refused address stops no other; a server out of reach is asked once."""

    def __init__(self) -> None:
        self._connection: Any = get_connection(timeout=PATIENCE)
        self._out_of_reach = ""

    def deliver(self, text: str, *, to: str) -> str:
        """Sends the text and returns "", or in the server's own words why it could not be sent."""
        if not self._out_of_reach:
            self._reach()
        if self._out_of_reach:
            return self._out_of_reach
        with override(LANGUAGE):
            subject = _("Please check the houses of your community")
        try:
            self._connection.send_messages([EmailMessage(subject, text, to=[to])])
        except (
            OSError,
            ValueError,
        ) as problem:  # ValueError: a line break in the address
            self.leave()
            return _reason(problem)
        return ""

    def leave(self) -> None:
        """Closes the connection."""
        try:
            self._connection.close()
        except OSError:
            self._connection.connection = None  # it was broken already

    def _reach(self) -> None:
        try:
            self._connection.open()
        except OSError as problem:
            self._out_of_reach = _reason(problem)


def _reason(problem: Exception) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__


def opening_words() -> str:
    """What a reminder says between greeting and figures, unless the office writes something else."""
    with override(LANGUAGE):
        return _(
            "The district office asked you to check the list of your community's houses and has not received your "
            "signature yet. Please check the houses that are left and sign."
        )


def words_to(line: ReviewLine, *, words: str, address: str) -> str:
    """The whole reminder to one president: greeting, the words, how far the list is, deadline, the page's address."""
    with override(LANGUAGE):
        parts = [
            _("To %(name)s, president of %(community)s")
            % {"name": line.president or _("the president"), "community": line.community},
            words.strip(),
            _("Houses not checked yet: %(undecided)s of %(listed)s. Deadline: %(deadline)s.")
            % {
                "undecided": line.undecided,
                "listed": line.listed,
                "deadline": long_date(line.review.round.deadline),
            },
            address,
            _("Registry section, %(district)s district office") % {"district": line.review.round.district.name_th},
        ]
    return "\n\n".join(parts)
