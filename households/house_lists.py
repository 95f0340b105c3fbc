"""Receiving house lists: fingerprint, read, find whose they are, keep every row as it was typed, grade."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.models import Community, Person
from communities.thai_text import clean

from . import kept_file
from .corrections import carry_over, lock_corrected
from .files.file_safety import base_name
from .list_notices import Notices
from .matching import GradedRecord, grade_records, store
from .models import HouseList, HouseNumberRecord, ListFile, Sender
from .reading.list_reading import read_part
from .reading.list_sheets import (
    Basis,
    ListPart,
    PassedSheet,
    WhyPassed,
)
from .remembered_columns import remember
from .sent_files import Contents, Sent, look_into, refuse_nothing_found, subdistricts_by_name


@dataclass(frozen=True)
class Received:
    """The lists that a file was kept as, in the order of its sheets; `new` are those not known from before."""

    lists: list[HouseList]
    new: list[HouseList]
    passed: list[PassedSheet]

    @property
    def is_new(self) -> bool:
        """Whether the file brought anything."""
        return bool(self.new)


def receive(
    *,
    data: bytes,
    file_name: str,
    community: Community,
    by: Person,
    received_on: datetime.date | None = None,
    sender: str = "",
    letter: str = "",
    sheet_name: str = "",
    corrects: HouseList | None = None,
) -> Received:
    """Keeps the lists of a community that a file holds and grades their rows; tags nothing.

    Sheets that name the community are its lists, and those that name none where no other community is named in the
    file; a sheet that names another is received only where nothing else is left, with a notice. The same sheet of the
    same file is kept once for a community, unless a person names other columns: then it is read anew, in the place of
    the list that it was. A list that `corrects` another takes its place, and people's decisions on rows that say the
    same are carried over. Raises ValidationError with one sentence when the file holds no list (not
    a workbook, no recognisable columns, no rows, too large) or the date lies in the future; nothing is stored then.
    """
    sent = Sent(data, base_name(file_name), sender, letter, received_on)
    contents = look_into(sent, district=community.district_id, sheet_name=sheet_name)
    return keep_for_community(contents, community, by=by, corrects=corrects)


def keep_for_community(
    contents: Contents, community: Community, *, by: Person, corrects: HouseList | None = None
) -> Received:
    """Keeps what is the community's of a file, see `receive`. Raises ValidationError where that is nothing."""
    refuse_nothing_found(contents)
    chosen, passed = _of_community(contents.found.parts, community.pk)
    contents.found.passed += passed
    return keep_lists(contents, {part.key: community for part in chosen}, by=by, corrects=corrects)


def _of_community(parts: Sequence[ListPart], community: int) -> tuple[list[ListPart], list[PassedSheet]]:
    """The parts of a file that are the community's lists, and the sheets of the others."""
    own = [part for part in parts if community in part.named]
    unnamed = [part for part in parts if not part.named]
    names_others = any(part.named - {community} for part in parts)
    chosen = (own if names_others else own + unnamed) if own else unnamed or list(parts)
    left = [part for part in parts if part not in chosen]
    whys = [(part, WhyPassed.OTHER_COMMUNITY if part.named else WhyPassed.NOT_NAMED) for part in left]
    return chosen, [PassedSheet(part.sheet.name, why) for part, why in whys]


def keep_lists(
    contents: Contents, communities: Mapping[str, Community], *, by: Person, corrects: HouseList | None = None
) -> Received:
    """Keeps the parts of a file as the lists of communities, by the parts' keys; a part without one is passed over.

    What a person said of the columns is remembered for the sender. Raises ValidationError, see `receive`.
    """
    chosen = [part for part in contents.found.parts if part.key in communities]
    others = [part for part in contents.found.parts if part not in chosen]
    told = {sheet.name for sheet in contents.found.passed}
    passed = contents.found.passed + [
        PassedSheet(part.sheet.name, WhyPassed.NOT_CHOSEN) for part in others if part.sheet.name not in told
    ]
    fingerprint = hashlib.sha256(contents.sent.data).hexdigest()
    made = [
        _Unsaved(contents, community, parts, passed, fingerprint, by)
        for community, parts in _joined(chosen, communities)
    ]
    if corrects is not None:
        _take_places(made, corrects)
    return _keep(contents, made, _file_of(contents, made, others, fingerprint), by=by, passed=passed)


def _joined(parts: Iterable[ListPart], communities: Mapping[str, Community]) -> list[tuple[Community, ListPart]]:
    """One part for each sheet and community: what several titles of a sheet call by one name is one list."""
    joined: dict[tuple[int, int], tuple[Community, ListPart]] = {}
    for part in parts:
        community = communities[part.key]
        key = part.place, community.pk
        if key in joined:
            first = joined[key][1]
            lines = sorted([*first.lines, *part.lines], key=lambda line: (line.at, line.table))
            part = replace(first, lines=lines, named=first.named | part.named)
        joined[key] = community, part
    return list(joined.values())


class _Unsaved:
    """A list that was read and graded, and is not stored yet."""

    def __init__(
        self,
        contents: Contents,
        community: Community,
        part: ListPart,
        passed: Sequence[PassedSheet],
        fingerprint: str,
        by: Person,
    ) -> None:
        sent = contents.sent
        self.part = part
        self.house_list = HouseList(
            district=community.district,
            community=community,
            file_name=sent.file_name[-255:],
            fingerprint=fingerprint,
            sheet=part.sheet.name[:120],
            header_row=part.headers[0].row,
            columns=dict(part.headers[0].columns),
            notices=_notices(contents, community, part, passed),
            sender=_known_sender(community.district_id, sent.sender),
            letter=sent.letter,
            received_on=sent.day,
            received_by=by,
        )
        self.records = read_part(self.house_list, part, subdistricts_by_name(community.district_id))
        self.graded: list[GradedRecord] = grade_records(self.house_list, self.records)

    def says_more_than(self, before: HouseList) -> bool:
        """Whether a person said of the sheet what nobody had said, or something else, when it was read before."""
        if self.part.basis is not Basis.SAID:
            return False
        was_guessed = any(notice["code"] == "columns_guessed" for notice in before.notices)
        now = self.house_list
        return was_guessed or (now.columns, now.header_row) != (before.columns, before.header_row)


def _notices(
    contents: Contents, community: Community, part: ListPart, passed: Sequence[PassedSheet]
) -> list[dict[str, object]]:
    """What there is to tell of the whole file and of whose list it is."""
    notices = Notices()
    if part.named and community.pk not in part.named:
        notices.add("names_other_community", names=[contents.names.get(pk, "") for pk in sorted(part.named)])
    if contents.book.outside_links:
        notices.add("outside_links")
    notices.add_sheets("sheets_passed_over", passed)
    return list(notices)


def _known_sender(district: int, name: str) -> Sender | None:
    """The sender if lists of this name came before: only then can names have been learned from it."""
    return Sender.objects.filter(district=district, name=clean(name)).first() if clean(name) else None


def _take_places(made: Sequence[_Unsaved], corrects: HouseList) -> None:
    """Says which lists of a corrected file take the place of which: sheet by sheet those that came with `corrects`.

    Where no sheet is called as one was before, the first list takes the place of `corrects`.
    """
    together = HouseList.objects.filter(community=corrects.community_id, fingerprint=corrects.fingerprint)
    before = {one.sheet: one for one in together.filter(corrected_by=None)} if len(made) > 1 else {}
    own = [each.house_list for each in made if each.house_list.community_id == corrects.community_id]
    for house_list in own:
        house_list.corrects = before.get(house_list.sheet)
    if not any(house_list.corrects for house_list in own):
        (own or [made[0].house_list])[0].corrects = corrects


def _file_of(contents: Contents, made: Sequence[_Unsaved], others: Sequence[ListPart], fingerprint: str) -> ListFile:
    """The file as it is kept: of rows that went to no list it keeps no more than of those that did."""
    tables: dict[str, kept_file.ReadTable] = {}
    for each in made:
        known = tables.get(each.part.sheet.name)
        rows = [*(known.records if known else []), *each.records]
        tables[each.part.sheet.name] = kept_file.ReadTable(each.part.sheet, each.part.headers[0].row, rows)
    for part in others:
        if part.sheet.name in tables:
            unread = [
                HouseNumberRecord(row=line.at + 1, cells=_kept_cells(line.header.kept, part.sheet.rows[line.at]))
                for line in part.houses
            ]
            known = tables[part.sheet.name]
            tables[part.sheet.name] = known._replace(records=[*known.records, *unread])
    return kept_file.keep(
        contents.sent.data,
        file_name=contents.sent.file_name,
        fingerprint=fingerprint,
        tables=list(tables.values()),
    )


def _kept_cells(kept: frozenset[int], row: Sequence[object]) -> list[object]:
    return [cell if index in kept else None for index, cell in enumerate(row)]


@transaction.atomic
def _keep(
    contents: Contents, made: Sequence[_Unsaved], file: ListFile, *, by: Person, passed: list[PassedSheet]
) -> Received:
    # The communities' rows are the lock: two clerks sending one file at once make one list.
    ids = sorted({each.house_list.community_id for each in made})
    list(Community.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    lists, new = [], []
    for each in made:
        before = _read_before(each.house_list)
        if before is not None and not each.says_more_than(before):
            lists.append(before)
            continue
        _take_place(each.house_list, before)
        _store(each, file, contents.sent.sender, by)
        lists.append(each.house_list)
        new.append(each.house_list)
    if new:
        remember(contents.known.said, contents.sheets, sender=new[0].sender, by=by)
    return Received(lists, new, passed)


def _read_before(house_list: HouseList) -> HouseList | None:
    """The list, the latest of several, that the same sheet of the same file was read as."""
    same = HouseList.objects.filter(
        community=house_list.community_id, fingerprint=house_list.fingerprint, sheet=house_list.sheet
    )
    return same.order_by("-id").first()


def _take_place(house_list: HouseList, before: HouseList | None) -> None:
    """Locks the list whose place the new one takes: what a person said, or what the sheet was read as `before`.

    Raises ValidationError `read_as_another` where these are two, else see `lock_corrected`.
    """
    corrects = house_list.corrects or before
    if corrects is None:
        return
    house_list.corrects = lock_corrected(
        corrects, community=house_list.community_id, received_on=house_list.received_on
    )
    if before is not None and before.pk != corrects.pk:
        raise ValidationError(
            _("This sheet of this file was received before as another list. Choose that one as the corrected."),
            code="read_as_another",
        )


def _store(each: _Unsaved, file: ListFile, sender: str, by: Person) -> None:
    house_list = each.house_list
    if clean(sender) and house_list.sender is None:
        house_list.sender, _is_new = Sender.objects.get_or_create(
            district_id=house_list.district_id, name=clean(sender)
        )
    if file.pk is None:
        file.save()
    house_list.file = file
    house_list.save()
    store(each.graded)
    carry_over(house_list, by=by)
