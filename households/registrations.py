"""Loading the central register's extract of a district: compared set-based with what is known, nothing erased."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person, Subdistrict
from households.dates import counting_day, refuse_future
from households.file_safety import EXTRACT
from households.register_comparison import Facts, bring_up_to_date
from households.register_extract import Extract, read_extract
from households.workbook import open_workbook


@dataclass(frozen=True)
class LoadResult:
    """What an extract did to a district's houses. Each house counts once.

    `struck`: struck off since the last extract; `changed`: address changed, or restored; `vanished`: no longer in the
    extract, and not among the others. `extract` names rows that are worth a look and stop nothing.
    """

    new: int
    changed: int
    unchanged: int
    struck: int
    vanished: int
    extract: Extract

    @property
    def changed_nothing(self) -> bool:
        """Whether the register said just what was known."""
        return not (self.new or self.changed or self.struck or self.vanished)


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
    result = _store(extract, district, by, on, letter)
    progress(1.0)
    return result


@transaction.atomic
def _store(extract: Extract, district: District, by: Person, on: datetime.date, letter: str) -> LoadResult:
    # The district's row is the lock: a second load waits, then compares with what the first one left.
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    _add_subdistricts(extract, district)
    facts = Facts(district.pk, by.pk, on, counting_day(district.pk, on), letter)
    found = bring_up_to_date(extract.copy_text, facts)
    return LoadResult(
        new=found.new,
        changed=found.changed,
        unchanged=extract.houses - found.new - found.changed - found.struck,
        struck=found.struck,
        vanished=found.vanished,
        extract=extract,
    )


def _add_subdistricts(extract: Extract, district: District) -> None:
    """Record the sub-districts that the extract names and the register does not know."""
    known = dict(Subdistrict.objects.filter(district=district).values_list("code", "name_th"))
    added = {code: name for code, name in extract.subdistricts.items() if code not in known}
    names = [*known.values(), *added.values()]
    for code, name in added.items():
        if not name or names.count(name) > 1:
            raise ValidationError(
                _("%(place)s: the sub-district %(code)s is not known, and “%(name)s” cannot be its name."),
                code="subdistrict_without_name",
                params={"place": extract.table.place(column="subdistrict"), "code": code, "name": name},
            )
    Subdistrict.objects.bulk_create(
        Subdistrict(district=district, code=code, name_th=name) for code, name in added.items()
    )
