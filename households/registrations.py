"""Loading the central register's extract of a district: compared set-based with what is known, nothing erased."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from communities.models import District, Person
from communities.subdistricts import known_or_added
from households.dates import counting_day, refuse_future
from households.files.file_safety import EXTRACT
from households.reconciling import HOUSES_SEEN_OTHERWISE, Reconciled, reconcile_staged, stage_codes
from households.register_comparison import Differences, Facts, bring_up_to_date
from households.register_extract import Extract, read_extract
from households.workbook import open_workbook

# What houses are sought by, and the share of new ones from which the planner's old statistics mislead it.
_SOUGHT_BY = ("district_id", "subdistrict_id", "number_key", "trok_key", "soi_key", "road_key", "state")
_MANY = 0.1


@dataclass(frozen=True)
class LoadResult:
    """What an extract did to a district's houses. Each house counts once.

    `struck`: struck off since the last extract; `changed`: address changed, or restored; `vanished`: no longer in the
    extract, and not among the others. `waiting`: of these, how many still show there what the office has changed here
    since; its acts stay. `extract` names rows that are worth a look and stop nothing. `reconciled` is how
    its community codes compare with the tags; None without that column.
    """

    new: int
    changed: int
    unchanged: int
    struck: int
    vanished: int
    waiting: int
    extract: Extract
    reconciled: Reconciled | None = None

    @property
    def changed_nothing(self) -> bool:
        """Whether the register said just what was known."""
        told_news = self.reconciled is not None and self.reconciled.is_news
        return not (self.new or self.changed or self.struck or self.vanished or told_news)


def load(
    *,
    source: bytes | Path,
    file_name: str,
    district: District,
    by: Person,
    on: datetime.date | None = None,
    letter: str = "",
    progress: Callable[[float], None] = lambda _share: None,
) -> LoadResult:
    """Bring the district's registrations to what the extract of day `on` (default today) says.

    Every difference leaves a LifeEvent on the ground "central register". A house that is not in the extract becomes
    "vanished" and keeps its row; a house keeps its community whatever changes. Raises ValidationError with one
    sentence (file, rows, column) and `OSError` for a path that cannot be read; nothing is stored then.
    """
    on = on or timezone.localdate()
    refuse_future(on)
    book = open_workbook(source, file_name=file_name, limits=EXTRACT)
    progress(0.3)
    extract = read_extract(book, district_code=district.code)
    progress(0.5)
    result = _store(extract, district, by, on, letter, source)
    if result.new > extract.houses * _MANY:
        _renew_statistics()
    progress(1.0)
    return result


def _renew_statistics() -> None:
    """Tells the database's planner of the new houses at once: lists are matched before it would notice by itself."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE households_houseregistration ({', '.join(_SOUGHT_BY)})")


@transaction.atomic
def _store(
    extract: Extract, district: District, by: Person, on: datetime.date, letter: str, source: bytes | Path
) -> LoadResult:
    # The district's row is the lock: a second load waits, then compares with what the first one left.
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    known_or_added(district, extract.subdistricts, place=extract.table.place(column="subdistrict"))
    facts = Facts(district.pk, by.pk, on, counting_day(district.pk, on), letter)
    found, reconciled = _bring_up_to_date(extract, facts, source)
    return LoadResult(
        new=found.new,
        changed=found.changed,
        unchanged=extract.houses - found.new - found.changed - found.struck,
        struck=found.struck,
        vanished=found.vanished,
        waiting=found.waiting,
        extract=extract,
        reconciled=reconciled,
    )


def _bring_up_to_date(extract: Extract, facts: Facts, source: bytes | Path) -> tuple[Differences, Reconciled | None]:
    if extract.codes_text is None:
        return bring_up_to_date(extract.copy_text, facts), None
    stage_codes(extract.codes_text)
    found = bring_up_to_date(extract.copy_text, facts, also_changing=HOUSES_SEEN_OTHERWISE)
    return found, reconcile_staged(facts, file_name=extract.table.file_name, fingerprint=_fingerprint(source))


def _fingerprint(source: bytes | Path) -> str:
    return hashlib.sha256(source if isinstance(source, bytes) else source.read_bytes()).hexdigest()
