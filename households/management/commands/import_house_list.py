"""Receive a community's house list, grade its rows and tag what is exact."""

from __future__ import annotations

import argparse
import datetime
import pathlib
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.code_book import community_of_code
from communities.management.office_command import OfficeCommand, day, doer
from communities.models import Person
from households import house_lists, tagging
from households.corrections import list_to_correct
from households.dates import refuse_future
from households.files.file_safety import HOUSE_LIST, base_name, read_bytes
from households.list_notices import sentences
from households.models import HouseList
from households.outcomes import lines_of_run, write_lines
from households.row_reasons import Grade, Outcome
from households.tag_ledger import Tagged
from households.trust import precision_of, sentence_of

# Of a sender's name and of a letter's number, as their columns take them.
_LONGEST = 200


class Command(OfficeCommand):
    """Last line: JSON with rows, exact, likely, several, none, tagged, unchanged, open (claimed rows are open)."""

    help = "Receive a community's house list, grade its rows and tag the exact ones."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=pathlib.Path)
        parser.add_argument("--community", required=True, help="the community's code")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")
        parser.add_argument("--outcomes", type=pathlib.Path, help="write each row's outcome to this CSV file")
        parser.add_argument("--effective-on", help="the day the tags are true from (default: today)")
        parser.add_argument("--by", help="the person who does it (default: the command line's account)")
        parser.add_argument("--sender", default="", help="who sent the list")
        parser.add_argument("--letter", default="", help="number of the letter it came with")
        parser.add_argument(
            "--corrects", action="store_true", help="the file corrects the community's list that is not settled yet"
        )
        parser.add_argument("--sheet", default="", help="the sheet to read (default: all lists of the community)")

    def carry_out(self, *, file: pathlib.Path, dry_run: bool, outcomes: pathlib.Path | None, **options: Any) -> dict:
        """Receive and tag in one transaction, which a dry run takes back."""
        by, effective_on = doer(options["by"]), day(options["effective_on"])
        refuse_future(effective_on)
        community = community_of_code(options["community"])
        for name in ("sender", "letter"):
            _refuse_long(name, options[name])
        file_name = base_name(file.name)
        data = read_bytes(file, file_name=file_name, limits=HOUSE_LIST)
        if outcomes and outcomes.exists() and outcomes.samefile(file):
            raise ValidationError(
                _("The outcomes would overwrite the list %(file)s itself."),
                code="outcomes_over_list",
                params={"file": file_name},
            )
        with transaction.atomic():
            received = house_lists.receive(
                data=data,
                file_name=file_name,
                community=community,
                by=by,
                received_on=effective_on,
                sender=options["sender"],
                letter=options["letter"],
                sheet_name=options["sheet"],
                corrects=list_to_correct(community) if options["corrects"] else None,
            )
            runs = [(house_list, self.tag_exact(house_list, by, effective_on)) for house_list in received.lists]
            lines = [line for house_list, tagged in runs for line in lines_of_run(house_list, tagged.batch)]
            if outcomes:
                _write(lines, outcomes)
            transaction.set_rollback(dry_run)
        self.say_notices(received.lists)
        self.say(received.is_new or any(tagged.houses for _list, tagged in runs), file_name, dry_run)
        self.stdout.write(sentence_of(precision_of(community.district)))
        return _counts(lines)

    def tag_exact(self, house_list: HouseList, by: Person, effective_on: datetime.date) -> Tagged:
        """Tag the exact rows; a community without a code in force keeps its list and gets no tags."""
        try:
            with transaction.atomic():
                return tagging.tag_matching(house_list, by=by, happened_on=effective_on)
        except ValidationError as refusal:
            if refusal.code != "code_not_in_force":
                raise
            self.stderr.write(" ".join(refusal.messages))
            return Tagged(None, 0)

    def say_notices(self, lists: list[HouseList]) -> None:
        """Tell what the reader came upon; what speaks against the lists being this community's also as an error."""
        said = {sentence.text: sentence for house_list in lists for sentence in sentences(house_list)}
        for sentence in said.values():
            self.stdout.write(sentence.text)
            if sentence.code == "names_other_community":
                self.stderr.write(sentence.text)

    def say(self, changed: bool, file_name: str, dry_run: bool) -> None:
        """Tell what a script need not know: a file known already, a run that stored nothing."""
        if not changed:
            self.stdout.write(_("%(file)s has been received before; nothing changed.") % {"file": file_name})
        if dry_run:
            self.stdout.write(_("Dry run: nothing was stored."))


def _refuse_long(name: str, text: str) -> None:
    if len(text) > _LONGEST:
        raise ValidationError(
            _("What was given for --%(option)s is longer than %(most)s letters."),
            code="too_long",
            params={"option": name, "most": _LONGEST},
        )


def _write(lines: list[dict[str, Any]], outcomes: pathlib.Path) -> None:
    """Raises OSError with the file's name, also where the disk is full."""
    try:
        with outcomes.open("w", encoding="utf-8", newline="") as target:
            write_lines(lines, target)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(outcomes)) from problem


def _counts(lines: list[dict[str, Any]]) -> dict[str, int]:
    grades = Counter(line["grade"] for line in lines)
    outcomes = Counter(line["outcome"] for line in lines)
    return {
        "rows": len(lines),
        **{grade.value: grades[grade] for grade in Grade},
        "tagged": outcomes[Outcome.TAGGED],
        "unchanged": outcomes[Outcome.UNCHANGED],
        "open": outcomes[Outcome.OPEN] + outcomes[Outcome.CLAIMED],
    }
