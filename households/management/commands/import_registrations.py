"""Load the central register's extract of a district."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand, district_of_code, doer
from communities.tables import few
from households.register_changes import newest_renewal, waiting_since
from households.registrations import LoadResult, load


class Command(OfficeCommand):
    """Last line: JSON with new, changed, unchanged, struck, vanished, waiting; with codes also `reconciliation`."""

    help = "Load the central register's extract of a district's houses (CSV or workbook)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--district", default="1015", help="the district's area code (default: 1015)")
        parser.add_argument("--by", help="the person who does it (default: the command line's account)")
        parser.add_argument("--letter", default="", help="number of the letter it came with")

    def carry_out(self, **options: Any) -> dict[str, Any]:
        district = district_of_code(options["district"])
        known_until = newest_renewal(district)
        result = load(
            source=options["file"],
            file_name=options["file"].name,
            district=district,
            by=doer(options["by"]),
            letter=options["letter"],
            progress=self.progress(),
        )
        for sentence in _worth_a_look(result):
            self.stdout.write(sentence)
        if to_look_at := len(waiting_since(district, known_until)):
            said = _("Changes that now wait for a look on the page “Changes of the register”: %(count)s.")
            self.stdout.write(said % {"count": to_look_at})
        told = {
            name: getattr(result, name) for name in ("new", "changed", "unchanged", "struck", "vanished", "waiting")
        }
        if result.reconciled is None:
            return told
        return told | {"reconciliation": result.reconciled.counts | {"seen": result.reconciled.seen}}


def _worth_a_look(result: LoadResult) -> list[str]:
    """Sentences for the person at the screen, before the line for programs."""
    extract = result.extract
    sentences = []
    if result.changed_nothing:
        sentences.append(_("Nothing changed: the register says what is known already."))
    if result.reconciled and not result.reconciled.is_news:
        sentences.append(_("Its community codes are those that the same file showed before."))
    if extract.unreadable_numbers:
        rows = few(extract.unreadable_numbers)
        sentences.append(_("House numbers that could not be read, to be checked: row %(rows)s.") % {"rows": rows})
    if extract.unclear_addresses:
        rows = few(extract.unclear_addresses)
        sentences.append(_("Lanes or roads that could not be read, to be checked: row %(rows)s.") % {"rows": rows})
    if extract.other_offices:
        counted = {"count": extract.other_offices}
        sentences.append(_("Houses whose code was issued by another office: %(count)s.") % counted)
    return sentences
