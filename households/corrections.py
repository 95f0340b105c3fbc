"""A corrected list takes the place of the one it corrects: only what changed is new, people's decisions are kept.

Rows of both lists are the same where they say the same: number, lane, sub-district and note; the running number, the
place in the list and the way of writing do not matter. Rows that say the same twice are paired in their order.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from communities.models import Community, Person
from communities.thai_calendar import short_date
from communities.thai_text import clean

from .dates import counting_day
from .models import HouseList, HouseNumberRecord, HouseRegistration, RowDecision, RowMatch, TagEvent
from .models.dated import NEWEST_FIRST
from .row_reasons import UNDECIDED, Outcome, Reason
from .tag_ledger import Decided, append_decisions, locked_list

LONGEST_NOTE = 500


def open_to_correction(lists: QuerySet[HouseList]) -> QuerySet[HouseList]:
    """Those of the lists that no later list has corrected."""
    return lists.filter(corrected_by=None)


def list_to_correct(community: Community) -> HouseList:
    """The one list of the community that a corrected file must mean: the only one, or the only one not settled.

    Raises ValidationError `nothing_to_correct`, `several_to_correct`: which is meant is then for a person to say.
    """
    lists = list(open_to_correction(HouseList.objects.filter(community=community)).order_by("id"))
    if not lists:
        raise ValidationError(
            _("%(community)s has no list yet that could be corrected."),
            code="nothing_to_correct",
            params={"community": community},
        )
    if len(lists) > 1:
        waiting = HouseNumberRecord.objects.undecided().filter(house_list__in=lists).values("house_list")
        lists = [one for one in lists if one.pk in set(waiting.values_list("house_list", flat=True))] or lists
    if len(lists) > 1:
        raise ValidationError(
            _("%(community)s has %(lists)s lists: receive the corrected file on the page, which asks for which it is."),
            code="several_to_correct",
            params={"community": community, "lists": len(lists)},
        )
    return lists[0]


def lock_corrected(corrected: HouseList, *, community: int, received_on: datetime.date) -> HouseList:
    """The list that a new one corrects, locked. Call it under the community's lock.

    Raises ValidationError `other_community`, `corrected_already`, `before_the_corrected`.
    """
    locked = locked_list(corrected.pk)
    if locked.community_id != community:
        raise ValidationError(_("The corrected list belongs to another community."), code="other_community")
    later = HouseList.objects.filter(corrects=locked.pk).first()
    if later is not None:
        raise ValidationError(
            _("The list of %(day)s was corrected already by the one of %(later)s: correct that one."),
            code="corrected_already",
            params={"day": short_date(locked.received_on), "later": short_date(later.received_on)},
        )
    if received_on < locked.received_on:
        raise ValidationError(
            _("A corrected list cannot have come before the list of %(day)s that it corrects."),
            code="before_the_corrected",
            params={"day": short_date(locked.received_on)},
        )
    return locked


def carry_over(house_list: HouseList, *, by: Person) -> None:
    """Gives the graded rows of a corrected list what was decided of the same rows before, and closes the rest there.

    Rows that changed or are new wait, as do those nobody had decided. Houses tagged for rows that are gone keep their
    code: `houses_of_gone_rows` names them. Call it in the transaction that keeps the list.
    """
    corrected = house_list.corrects
    if corrected is None:
        return
    before = list(_rows(corrected))
    same = _pairs(before, _rows(house_list))
    _append_carried(corrected, {old: new for old, new in same.items() if old.outcome != Outcome.OPEN}, house_list, by)
    append_decisions(
        [Decided(old.pk, Outcome.CLOSED, Reason.REPLACED) for old in before if old.outcome in UNDECIDED],
        district=corrected.district_id,
        by=by,
        happened_on=house_list.received_on,
    )


def _rows(house_list: HouseList) -> QuerySet[HouseNumberRecord]:
    return house_list.records.defer("cells").order_by("row", "part")


def _pairs(
    before: Iterable[HouseNumberRecord], now: Iterable[HouseNumberRecord]
) -> dict[HouseNumberRecord, HouseNumberRecord]:
    """Each row of before with the row that says the same now."""
    waiting: dict[tuple, list[HouseNumberRecord]] = defaultdict(list)
    for record in now:
        waiting[_said(record)].append(record)
    return {old: found.pop(0) for old in before if (found := waiting.get(_said(old)))}


def _said(record: HouseNumberRecord) -> tuple:
    """What a row says, however it is written; a number that cannot be read is its text."""
    number = tuple(record.number_keys) or clean(record.house_no)
    where = record.subdistrict_id or clean(record.subdistrict_text)
    lane = record.trok_key, record.soi_key, record.road_key, record.moo
    return number, record.doubt, lane, where, clean(record.note)


APPEND_CARRIED = """
INSERT INTO households_rowdecision
    (record_id, outcome, reason, house_id, note, batch_id, happened_on, counted_on, recorded_by_id)
SELECT c.record, d.outcome, d.reason, d.house_id, c.note, d.batch_id,
       GREATEST(%(happened_on)s, d.happened_on), GREATEST(%(counted_on)s, d.counted_on), %(by)s
FROM unnest(%(records)s::bigint[], %(decisions)s::bigint[], %(notes)s::text[]) AS c(record, decision, note)
JOIN households_rowdecision d ON d.id = c.decision
"""


def _append_carried(
    corrected: HouseList, same: dict[HouseNumberRecord, HouseNumberRecord], house_list: HouseList, by: Person
) -> None:
    """One statement for all rows: the newest decision of each row of before, repeated for the row of now."""
    newest = {
        decision.record_id: decision
        for decision in RowDecision.objects.filter(record__house_list=corrected)
        .order_by("record_id", "-id")
        .distinct("record_id")
    }
    decided = [(newest[old.pk], old, new) for old, new in same.items() if old.pk in newest]
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND_CARRIED,
            {
                "happened_on": house_list.received_on,
                "counted_on": counting_day(house_list.district_id, house_list.received_on),
                "by": by.pk,
                "records": [new.pk for _decision, _old, new in decided],
                "decisions": [decision.pk for decision, _old, _new in decided],
                "notes": [_note(decision.note, old, corrected) for decision, old, _new in decided],
            },
        )


def _note(note: str, old: HouseNumberRecord, corrected: HouseList) -> str:
    carried = _("carried over from row %(row)s of the list of %(day)s") % {
        "row": old.row,
        "day": short_date(corrected.received_on),
    }
    return f"{note} · {carried}"[:LONGEST_NOTE] if note else carried


def earlier_lists(house_list: HouseList) -> list[HouseList]:
    """The lists whose place this one took, the newest first."""
    earlier: list[HouseList] = []
    while house_list.corrects is not None:
        house_list = house_list.corrects
        earlier.append(house_list)
    return earlier


def houses_of_gone_rows(house_list: HouseList) -> QuerySet[HouseRegistration]:
    """Houses that carry the community's code because of a row of an earlier list which this list no longer has.

    A house that an open row of this list may mean is not among them.
    """
    newest = TagEvent.objects.filter(house=OuterRef("pk")).order_by(*NEWEST_FIRST)
    tagged = HouseRegistration.objects.filter(community=house_list.community_id).annotate(
        tagged_for=Subquery(newest.values("record__house_list")[:1])
    )
    settled = RowDecision.objects.filter(
        record__house_list=house_list, record__outcome__in=[Outcome.TAGGED, Outcome.UNCHANGED, Outcome.CLAIMED]
    )
    may_be_meant = RowMatch.objects.filter(record__house_list=house_list, record__outcome__in=UNDECIDED)
    return (
        tagged.filter(tagged_for__in=[one.pk for one in earlier_lists(house_list)])
        .exclude(pk__in=settled.exclude(house=None).values("house"))
        .exclude(pk__in=may_be_meant.values("house"))
        .order_by("pk")
    )
