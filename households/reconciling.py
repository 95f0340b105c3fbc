"""A fresh extract's community codes held against our tags: what agrees, what differs, what is missing on either side.

The extract says what stands in the central register. That is kept as codes seen, beside the tags and the keyings, and
changes neither; whoever looks at a list here takes the extract's word for its houses, keys again, or tags.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Count, F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import CommunityCode, District, Person
from communities.thai_calendar import short_date

from .keying import LIVE, Kind, append_keyings
from .models import HouseRegistration, KeyingEvent, Reconciliation
from .models.registrations import HouseRegistrationQuerySet
from .register_comparison import Facts
from .tag_ledger import locked_houses


class Finding(models.TextChoices):
    """How a live house stands, the extract's code beside ours."""

    AGREE = "agree", gettext_lazy("agree")
    DIFFER = "differ", gettext_lazy("differ")
    MISSING = "missing", gettext_lazy("missing there")
    UNTAGGED = "untagged", gettext_lazy("missing here")


_SAME_CODE = Q(own__code=F("central_code"))
# Not the opposite of the same code: of a negated condition on codes Django makes a search in each house's community.
_OTHER_CODE = Q(own__code__isnull=True) | Q(own__code__lt=F("central_code")) | Q(own__code__gt=F("central_code"))
_STANDS: Mapping[Finding, Q] = {
    Finding.AGREE: _SAME_CODE,
    Finding.DIFFER: Q(community__isnull=False) & ~Q(central_code="") & _OTHER_CODE,
    Finding.MISSING: Q(community__isnull=False, central_code=""),
    Finding.UNTAGGED: Q(community__isnull=True) & ~Q(central_code=""),
}


def houses_found(district: District, finding: Finding) -> HouseRegistrationQuerySet:
    """The live houses of the district that stand so now: by the tags of today and the codes of the newest extract."""
    return _compared(district).filter(_STANDS[finding])


def counts_of_findings(district: District) -> dict[Finding, int]:
    """How many live houses stand in each way now, as `houses_found` lists them; one query."""
    counted = {finding.value: Count("pk", filter=stands) for finding, stands in _STANDS.items()}
    found = _compared(district).filter(Q(community__isnull=False) | ~Q(central_code="")).aggregate(**counted)
    return {Finding(name): number for name, number in found.items()}


def _compared(district: District) -> HouseRegistrationQuerySet:
    """The district's live houses, each beside the code (`own`) that its community has today."""
    today = timezone.localdate()
    in_force = Q(community__codes__in_force_from__lte=today) & (
        Q(community__codes__in_force_until__isnull=True) | Q(community__codes__in_force_until__gt=today)
    )
    return HouseRegistration.objects.filter(district=district, state=LIVE).annotate(
        own=FilteredRelation("community__codes", condition=in_force)
    )


# --- an extract comes ---


@dataclasses.dataclass(frozen=True)
class Reconciled:
    """How many live houses stood in which way when the extract was loaded, and how many codes it showed anew.

    `row` is what was recorded; it is None where this very file had told all this before.
    """

    agree: int
    differ: int
    missing: int
    untagged: int
    seen: int
    row: Reconciliation | None

    @property
    def is_news(self) -> bool:
        """Whether anything was recorded."""
        return self.row is not None

    @property
    def counts(self) -> dict[str, int]:
        """The four numbers by name."""
        return {finding.value: getattr(self, finding.value) for finding in Finding}


# A query for `register_comparison.bring_up_to_date`: the houses of which the staged codes say something new.
HOUSES_SEEN_OTHERWISE = """
SELECT seen.id FROM staged_code s
JOIN households_houseregistration seen ON seen.district_id = %(district)s AND seen.house_code = s.house_code
WHERE seen.central_code <> s.code
"""

_COUNT = """
SELECT count(*) FILTER (WHERE live AND own.code = s.code),
       count(*) FILTER (WHERE live AND tagged AND s.code <> '' AND own.code IS DISTINCT FROM s.code),
       count(*) FILTER (WHERE live AND tagged AND s.code = ''),
       count(*) FILTER (WHERE live AND NOT tagged AND s.code <> ''),
       count(*) FILTER (WHERE h.central_code <> s.code)
FROM staged_code s
JOIN households_houseregistration h ON h.district_id = %(district)s AND h.house_code = s.house_code
CROSS JOIN LATERAL (SELECT h.state = 'live' AS live, h.community_id IS NOT NULL AS tagged) stands
LEFT JOIN communities_communitycode own ON own.community_id = h.community_id AND own.in_force_from <= %(today)s
     AND (own.in_force_until IS NULL OR own.in_force_until > %(today)s)
"""

# The codes seen of a house count in the order in which they were seen: never before the one before.
_SEE = """
INSERT INTO households_seencode (house_id, code, previous_code, reconciliation_id, happened_on, counted_on)
SELECT h.id, s.code, h.central_code, %(reconciliation)s, %(happened_on)s,
       GREATEST(%(counted_on)s, (SELECT max(e.counted_on) FROM households_seencode e WHERE e.house_id = h.id))
FROM staged_code s
JOIN households_houseregistration h ON h.district_id = %(district)s AND h.house_code = s.house_code
WHERE h.central_code <> s.code
ORDER BY h.id
"""


def stage_codes(codes_text: str) -> None:
    """Lays the extract's codes ready (`register_extract.Extract.codes_text`) until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staged_code (house_code text, code text) ON COMMIT DROP")
        cursor.copy_expert("COPY staged_code (house_code, code) FROM STDIN", io.StringIO(codes_text))
        cursor.execute("ANALYZE staged_code")


def reconcile_staged(facts: Facts, *, file_name: str, fingerprint: str) -> Reconciled:
    """Records what the staged codes say anew, and their comparison with the tags.

    Must run after `bring_up_to_date` in its transaction. The same file again keeps the day on which it was taken, and
    records nothing unless a code or a number has become another since. Raises ValidationError `older_extract` where
    one of a later day was loaded before: its codes would give way to those of the past.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"district": facts.district, "today": timezone.localdate()})
        *counts, seen = cursor.fetchone()
        found = dict(zip(Finding.values, counts, strict=True))
        row = _record(facts, found, seen, file_name, fingerprint)
        if row and seen:
            cursor.execute(_SEE, dataclasses.asdict(facts) | {"reconciliation": row.pk})
        cursor.execute("DROP TABLE staged_code")
    return Reconciled(**found, seen=seen, row=row)


def _record(
    facts: Facts, found: Mapping[str, int], seen: int, file_name: str, fingerprint: str
) -> Reconciliation | None:
    before = newest_reconciliation(facts.district)
    known = Reconciliation.objects.filter(district=facts.district, fingerprint=fingerprint).order_by("id").first()
    if before and known and not seen and found == {name: getattr(before, name) for name in Finding.values}:
        return None
    taken_on = known.taken_on if known else facts.happened_on
    _refuse_older(taken_on, before)
    return Reconciliation.objects.create(
        district_id=facts.district,
        taken_on=taken_on,
        file_name=file_name[:255],
        fingerprint=fingerprint,
        letter=facts.letter,
        loaded_by_id=facts.by,
        **found,
    )


def _refuse_older(taken_on: datetime.date, before: Reconciliation | None) -> None:
    if before and taken_on < before.taken_on:
        raise ValidationError(
            _(
                "This extract is of %(day)s, and one of %(newer)s with community codes was loaded since. Nothing was"
                " stored: take a fresh extract."
            ),
            code="older_extract",
            params={"day": short_date(taken_on), "newer": short_date(before.taken_on)},
        )


def newest_reconciliation(district: int) -> Reconciliation | None:
    """The last extract with codes that the district (id) loaded."""
    return Reconciliation.objects.filter(district=district).order_by("-id").first()


# --- the extract's word ---


@dataclasses.dataclass(frozen=True)
class WordTaken:
    """The houses (ids) of which now stands what the extract shows; how many were keyed after it and wait for the next.

    `unknown` show a code that no community of the district has: nothing can be recorded of them.
    """

    houses: Collection[int]
    keyed_since: int = 0
    unknown: Sequence[HouseRegistration] = ()


@transaction.atomic
def take_extracts_word(houses: Iterable[int], *, by: Person) -> WordTaken:
    """Records that in the central register stands what the newest extract shows of these houses (ids).

    So a house that was keyed in vain is to key again, one that others keyed is to key no more, and one that has no
    community here and a code there is to be taken out. Raises `no_extract`, `several_districts`.
    """
    locked = locked_houses(houses)
    district = _district_of(locked.values())
    extract = newest_reconciliation(district) if district else None
    if extract is None:
        raise ValidationError(_("No extract with community codes has been loaded yet."), code="no_extract")
    keyed_since = _keyed_since(extract, locked)
    communities = dict(
        CommunityCode.objects.on(timezone.localdate())
        .filter(community__district=district)
        .values_list("code", "community")
    )
    stands = {
        pk: communities.get(house.central_code)
        for pk, house in locked.items()
        if pk not in keyed_since and house.keyed_community_id != communities.get(house.central_code)
    }
    _append(locked, stands, extract, by)
    unknown = [
        house for pk, house in locked.items() if house.central_code not in {*communities, ""} and pk not in stands
    ]
    return WordTaken(stands, len(keyed_since), unknown)


def _district_of(houses: Iterable[HouseRegistration]) -> int | None:
    districts = {house.district_id for house in houses}
    if len(districts) > 1:
        raise ValidationError(_("Choose houses of one district at a time."), code="several_districts")
    return districts.pop() if districts else None


def _keyed_since(extract: Reconciliation, houses: Iterable[int]) -> set[int]:
    """Those of the houses (ids) that were keyed after the extract was taken: it cannot show that yet."""
    last = KeyingEvent.objects.filter(house__in=list(houses)).order_by("house", "-id").distinct("house")
    return {event.house_id for event in last if is_later(event.happened_on, event.recorded_at, extract)}


def is_later(happened_on: datetime.date, recorded_at: datetime.datetime, extract: Reconciliation) -> bool:
    """Whether what was keyed then cannot be in the extract: on a later day, or on its day after it was loaded.

    Both moments are told by the database's clock.
    """
    return (happened_on, recorded_at) > (extract.taken_on, extract.loaded_at)


def _append(
    locked: Mapping[int, HouseRegistration], stands: Mapping[int, int | None], extract: Reconciliation, by: Person
) -> None:
    """Whose keying the extract denies, is taken back; of whom nothing was known, is recorded as keyed."""
    reason = _("as the extract of %(day)s shows") % {"day": short_date(extract.taken_on)}
    for kind in Kind:
        chosen = {
            pk: community
            for pk, community in stands.items()
            if (locked[pk].keyed_community_id is None) == (kind == Kind.KEYED)
        }
        append_keyings(locked, chosen, kind=kind, by=by, happened_on=timezone.localdate(), reason=reason)
