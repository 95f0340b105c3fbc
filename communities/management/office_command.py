"""What the office's commands share: they end with one line of JSON, or with one plain sentence and status 1."""

from __future__ import annotations

import abc
import datetime
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person
from communities.reference_data import COMMAND_LINE
from communities.thai_calendar import NotADate, parse_date

_BAR_WIDTH = 30
_HALF_LETTER = re.compile("[\ud800-\udfff]")


class OfficeCommand(BaseCommand, abc.ABC):
    """A command of the office. Subclasses write `carry_out`, whose result is printed as the last line.

    A refusal (`ValidationError`) or a file that cannot be read or written (`OSError`) ends the command with its
    sentence on standard error and exit status 1.
    """

    @abc.abstractmethod
    def carry_out(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Do the work and return what the last line says; anything said before goes to `self.stdout`."""

    def handle(self, *_args: str, **options: Any) -> None:
        try:
            _refuse_what_is_no_text(options)
            said = self.carry_out(**options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except OSError as problem:
            if problem.filename is None:  # not about a file that the caller named
                raise
            raise CommandError(_sentence_about(problem)) from problem
        self.stdout.write(json.dumps(said, ensure_ascii=False))

    def progress(self) -> Callable[[float], None]:
        """What shows how far the work is (0 to 1): a bar where a person watches, else nothing."""
        if not self.stderr.isatty():
            return lambda _share: None
        return self._draw_bar

    def _draw_bar(self, share: float) -> None:
        filled = round(share * _BAR_WIDTH)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        self.stderr.write(f"\r{bar} {share:4.0%}", style_func=str, ending="\n" if share >= 1 else "")
        self.stderr.flush()


def _refuse_what_is_no_text(options: Mapping[str, Any]) -> None:
    """What a terminal of another encoding sends reaches Python as halves of letters, which no database takes."""
    for name, value in options.items():
        if isinstance(value, str) and not value.isascii() and _HALF_LETTER.search(value):
            raise ValidationError(
                _("What was given for --%(option)s is not text in UTF-8."),
                code="no_text",
                params={"option": name.replace("_", "-")},
            )


def doer(username: str | None) -> Person:
    """The person of that account, or the account "command-line"; raises ValidationError `unknown_person`."""
    person = Person.objects.filter(username=username or COMMAND_LINE).first()
    if person is None:
        raise ValidationError(
            _("There is no account “%(username)s”."),
            code="unknown_person",
            params={"username": username or COMMAND_LINE},
        )
    return person


def district_of_code(code: str) -> District:
    """The district of an area code such as 1015; raises ValidationError `unknown_district`."""
    district = District.objects.filter(code=code).first()
    if district is None:
        raise ValidationError(
            _("There is no district with the code “%(code)s”."), code="unknown_district", params={"code": code}
        )
    return district


def day(text: str | None) -> datetime.date:
    """The day written as 2015-02-06, 2558-02-06 or 6 ก.พ. 2558; today for None. Raises ValidationError `not_a_date`."""
    if text is None:
        return timezone.localdate()
    try:
        return parse_date(text)
    except NotADate as problem:
        raise ValidationError(
            _("“%(text)s” is not a date; write it as 2015-02-06, 2558-02-06 or 6 ก.พ. 2558."),
            code="not_a_date",
            params={"text": text},
        ) from problem


def _sentence_about(problem: OSError) -> str:
    named = {"file": problem.filename}
    if isinstance(problem, FileNotFoundError):
        return _("There is no file %(file)s.") % named
    if isinstance(problem, IsADirectoryError):
        return _("%(file)s is a folder, not a file.") % named
    if isinstance(problem, PermissionError):
        return _("%(file)s may not be opened by this account.") % named
    return _("%(file)s cannot be opened: %(reason)s.") % {**named, "reason": problem.strerror}
