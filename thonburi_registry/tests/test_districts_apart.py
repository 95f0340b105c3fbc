"""Two districts full of data, strictly apart (product.md X1): no page, search, count, file or export of one district
shows anything of the other, and the ids of the other are not there, whether asked for or posted.

It walks the addresses of `test_urls_by_role`, so that a new page is covered as soon as it stands in that table.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
import zipfile

import pytest

from communities.models import Community, District, Person, Role
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    SubdistrictFactory,
    appoint,
)
from households import house_lists, keying, tagging
from households.house_codes import show_house_code
from households.list_life import ask_for_lists
from households.models import (
    Alias,
    Assignment,
    DeskCheck,
    HouseList,
    HouseRegistration,
    KeyingEvent,
    LifeEvent,
    Reconciliation,
    RowDecision,
    SavedSearch,
    SeenCode,
    TagEvent,
    TaggingBatch,
)
from households.registrations import load
from households.tests.books import extract, house
from households.trust import draw_sample, unfinished_sample
from households.undoing import undo_batch

from .test_urls_by_role import DEVELOPMENT, DIRECTOR, HEAD, OF_A_MONTH, OFFICER, REACHED_BY, STRANGER, addresses, people

__all__ = ["addresses", "people"]

pytestmark = pytest.mark.django_db
HERE, THERE = "1015", "1016"
# A word that stands in every name, lane, letter and file of its district, and nowhere else.
WORDS = {HERE: "จำปาเทศ", THERE: "พิกุลทอง"}
A_DAY = datetime.date(2015, 1, 20)
# Facts that a deed would leave behind.
FACTS = (TagEvent, KeyingEvent, DeskCheck, RowDecision)
# They lead out of the office's pages, change how pages look, or lead to the first page of whoever is signed in.
LEFT_OUT = {"account_logout", "set_language", "communities:digits", "front", "account_login"}
# It offers the communities of all districts in which the person receives lists, whichever the address names.
OF_ALL_DISTRICTS = {"mfa_authenticate", "households:list_receive"}
OF_A_DISTRICT = set(OF_A_MONTH)


@dataclasses.dataclass(frozen=True)
class Full:
    """A district with houses in every state, lists in every state, and people."""

    district: District
    community: Community
    officer: Person
    head: Person

    @property
    def marks(self) -> list[str]:
        """What would give the district away on a page."""
        codes = HouseRegistration.objects.filter(district=self.district).values_list("house_code", flat=True)
        return [WORDS[self.district.code], *codes, *map(show_house_code, codes)]


def furnished(code: str) -> Full:
    """The district with this code, full of data that carry its word."""
    word = WORDS[code]
    district = DistrictFactory.create(code=code)
    subdistrict = SubdistrictFactory.create(district=district, code=f"{code}77", name_th=f"แขวง{word}")
    communities = [
        CommunityFactory.create(subdistrict=subdistrict, code=f"{code}07{nth}0", name=f"{word} {nth}") for nth in (1, 2)
    ]
    officer, head = (appoint(role, district, full_name=f"นาย{word} {role}") for role in (Role.OFFICER, Role.HEAD))
    register = _Register(district, word)
    register.arrives(officer)
    _share_out(communities, officer, word)
    _lists_come(communities, officer, word)
    _is_worked(register, communities, officer)
    register.changes()
    register.arrives(officer, letter=f"หนังสือ{word}")
    return Full(district, communities[0], officer, head)


class _Register:
    """The district's houses by their numbers in one soi, as extracts tell them."""

    def __init__(self, district: District, word: str) -> None:
        self.district, self.word = district, word
        self.rows: dict[str, list] = {}
        for number in [*map(str, range(1, 25)), "30", "30 ก"]:
            self.add(number)
        self.add("20 again", now="20")

    def add(self, number: str, **parts) -> None:
        code, nth = self.district.code, len(self.rows)
        place = {"soi": f"{self.word} 5", "road": self.word, "subdistrict_code": f"{code}77"}
        place |= {"subdistrict": f"แขวง{self.word}"} | parts
        self.rows[number] = house(f"{code}7{nth:05}0", place.pop("now", number), **place)

    def changes(self) -> None:
        """Each in its way: new, divided, renumbered, moved, struck off, gone."""
        codes = {number: row[0] for number, row in self.rows.items()}
        self.add("26")
        self.add("3/1")
        for number, parts in {"7": {"now": "7/9"}, "9": {"soi": f"{self.word} 6"}, "11": {"status": "จำหน่าย"}}.items():
            self.add(number, **parts)
            self.rows[number][0] = codes[number]
        del self.rows["13"]

    def arrives(self, by: Person, letter: str = "") -> None:
        load(
            source=extract(list(self.rows.values())),
            file_name=f"ทะเบียน{self.word}.xlsx",
            district=self.district,
            by=by,
            on=A_DAY,
            letter=letter,
        )

    def ids(self, *numbers: str) -> list[int]:
        codes = [self.rows[number][0] for number in numbers]
        return list(HouseRegistration.objects.filter(house_code__in=codes).values_list("pk", flat=True))


def _share_out(communities, officer, word) -> None:
    for community in communities:
        Assignment.objects.create(
            community=community,
            officer=officer,
            since=A_DAY,
            order_number=f"คำสั่ง{word}",
            order_date=A_DAY,
            recorded_by=officer,
        )
    SavedSearch.objects.create(person=officer, district=communities[0].district, name=word, query="state=untagged")


def _lists_come(communities, officer, word) -> None:
    """Exact, likely, several and none; the second community claims a house of the first."""
    ask_for_lists(communities, letter=f"ขอ{word}", by=officer, due_on=A_DAY, happened_on=A_DAY)
    soi = f"{word} 5"
    first = [(number, soi, f"แขวง{word}") for number in ("1", "3", "5", "7", "9", "11", "13")]
    others = [("15", soi, ""), ("20", soi, f"แขวง{word}"), ("99", soi, f"แขวง{word}")]
    second = [("2", soi, f"แขวง{word}"), ("1", soi, f"แขวง{word}")]
    for community, lines in zip(communities, (first + others, second), strict=True):
        text = "ลำดับ,บ้านเลขที่,ซอย,ถนน,แขวง,หมายเหตุ\n" + "".join(
            f"1,{number},{lane},{word},{place},{word}\n" for number, lane, place in lines
        )
        came = house_lists.receive(
            data=text.encode(),
            file_name=f"{word}.csv",
            community=community,
            by=officer,
            sender=f"ฝ่าย{word}",
            letter=f"ส่ง{word}",
        )
        tagging.tag_matching(came.lists[0], by=officer, happened_on=A_DAY)


def _is_worked(register, communities, officer) -> None:
    """By hand: a stray, a batch undone, houses in no community, codes keyed and seen, a sample, another name."""
    first, second = communities
    _tag(register.ids("17", "19", "21"), first, officer)
    _tag(register.ids("23"), second, officer)
    undo_batch(_tag(register.ids("24"), second, officer), by=officer)
    temple = HouseRegistration.Outside.OTHER
    outside = register.ids("22")
    tagging.say_in_no_community(outside, by=officer, expected=1, reason=temple, note=register.word, happened_on=A_DAY)
    keyed, *_others = register.ids("17")
    keying.key({keyed: first.pk}, by=officer)
    _seen(keyed, first, officer, register.word)
    if unfinished_sample(register.district) is None:
        draw_sample(district=register.district, size=2, by=officer)
    Alias.objects.create(
        district=register.district,
        part="soi",
        written=f"ตรอก{register.word}",
        meant=f"{register.word} 5",
        ground="decisions",
        confirmed_by=officer,
    )


def _tag(houses, community, officer) -> TaggingBatch:
    tagged = tagging.tag(houses, community=community, by=officer, expected=len(houses), happened_on=A_DAY)
    assert tagged.batch is not None
    return tagged.batch


def _seen(pk, community, officer, word) -> None:
    counts = {"agree": 1, "differ": 0, "missing": 5, "untagged": 0}
    told = Reconciliation.objects.create(
        district=community.district, taken_on=A_DAY, file_name=f"{word}.csv", loaded_by=officer, **counts
    )
    SeenCode.objects.create(
        house_id=pk, code=community.codes.get().code, reconciliation=told, happened_on=A_DAY, counted_on=A_DAY
    )


@pytest.fixture
def districts(people) -> tuple[Full, Full]:
    """Both districts full; the first also holds the things that the table of addresses names."""
    here, there = furnished(HERE), furnished(THERE)
    for role in (OFFICER, HEAD, DEVELOPMENT, DIRECTOR):
        Person.objects.filter(pk=people[role].pk).update(full_name=f"{WORDS[HERE]} {role}")
    return here, there


def text_of(answer) -> str:
    """All that the answer says, also within a workbook or an archive."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", errors="replace")


def told(text: str, marks: list[str]) -> list[str]:
    return [mark for mark in marks if mark in text]


def walked(client, addresses, *, query: str = ""):
    """Each page that answers the person, by its name, with its text."""
    for name, address in addresses.items():
        if name in LEFT_OUT:
            continue
        joined = f"{address}{'&' if '?' in address else '?'}{query}" if query else address
        answer = client.get(joined, follow=True)
        assert answer.status_code < 500, name
        if answer.status_code == 200:
            yield name, text_of(answer)


@pytest.mark.parametrize("role", [OFFICER, HEAD, DEVELOPMENT, DIRECTOR])
def test_no_page_nor_file_of_a_district_tells_anything_of_another(client, people, addresses, districts, role) -> None:
    here, there = districts
    client.force_login(people[role])
    pages = dict(walked(client, addresses, query="district=1015"))
    assert len(pages) > 10
    assert {name: found for name, text in pages.items() if (found := told(text, there.marks))} == {}
    if role != DEVELOPMENT:
        assert told(pages["households:houses"], here.marks)


def test_whoever_works_in_both_sees_one_at_a_time(client, districts, addresses) -> None:
    here, there = districts
    both = appoint(Role.HEAD, here.district, full_name="นางสองเขต")
    AppointmentFactory(person=both, role=Role.HEAD, district=there.district)
    client.force_login(both)
    for code, other in ((HERE, there), (THERE, here)):
        pages = dict(walked(client, _without_things(addresses), query=f"district={code}"))
        assert told(pages["households:houses"], [WORDS[code]])
        assert {name: found for name, text in pages.items() if (found := told(text, other.marks))} == {}


def _without_things(addresses) -> dict[str, str]:
    """The pages that list what one may see; those of one thing of the first district are left out."""
    listing = {name for name, reached_by in REACHED_BY.items() if STRANGER in reached_by} - OF_ALL_DISTRICTS
    return {name: address for name, address in addresses.items() if name in listing}


def test_the_things_of_another_district_are_not_there(client, districts, addresses) -> None:
    """Neither to be looked at nor to be changed; a page that knows one method says so of any id, also of none."""
    client.force_login(districts[1].officer)
    things = [name for name in addresses if STRANGER not in REACHED_BY[name] and OFFICER in REACHED_BY[name]]
    assert len(things) > 15
    found = {}
    for name in things:
        address = addresses[name] + ("?district=1015" if name in OF_A_DISTRICT else "")
        answers = {client.get(address).status_code, client.post(address).status_code}
        if not {404} <= answers <= {404, 405}:
            found[name] = answers
    assert found == {}


def test_every_page_of_another_district_is_not_there(client, districts, addresses) -> None:
    client.force_login(districts[1].officer)
    listing = {name: address for name, address in _without_things(addresses).items() if name.startswith("households:")}
    found = {}
    for name, address in listing.items():
        joined = f"{address}{'&' if '?' in address else '?'}district={HERE}"
        for ask in (client.get, client.post):
            # The address of a check, asked for without its form, leads to its list: that one is not there either.
            if ask(joined, follow=True).status_code not in (404, 405):
                found[name] = joined
    assert found == {}


# What an address of a thing looks like; a page that leads to one of the other district has shown that it exists.
_THINGS = {
    r"/houses/(\d+)/": HouseRegistration,
    r"/lists/(\d+)/": HouseList,
    r"/batches/(\d+)/": TaggingBatch,
}


def test_no_search_finds_what_lies_in_another_district(client, people, districts, addresses) -> None:
    _here, there = districts
    client.force_login(people[HEAD])
    words = WORDS[THERE]
    sought = HouseRegistration.objects.filter(district=there.district, community__isnull=False)[0]
    code = there.community.codes.get().code
    searches = [
        {"q": sought.house_code},
        {"q": show_house_code(sought.house_code)},
        {"q": f"{sought.house_no} {words}"},
        {"q": words},
        {"q": code},
        {"soi": words},
        {"community": code},
        {"officer": str(there.officer.pk)},
        {"subdistrict": f"{THERE}77"},
        {"after": str(sought.pk)},
        {"before": str(sought.pk)},
        {"house": str(sought.pk)},
    ]
    ids = {model: set(model.objects.filter(district=there.district).values_list("pk", flat=True)) for model in _ids()}
    found = {}
    for search in searches:
        for name, address in _without_things(addresses).items():
            if name in LEFT_OUT:
                continue
            answer = client.get(address.split("?")[0], {"district": HERE} | search, follow=True)
            assert answer.status_code < 500, name
            text = text_of(answer)
            for pattern, model in _THINGS.items():
                if ids[model] & set(map(int, re.findall(pattern, text))):
                    found[name] = search
    assert found == {}


def _ids():
    return _THINGS.values()


def test_no_deed_of_one_district_touches_a_house_of_another(client, districts, addresses) -> None:
    here, there = districts
    client.force_login(there.head)
    house = HouseRegistration.objects.filter(district=here.district, community__isnull=True, state="live")[0]
    tagged = HouseRegistration.objects.filter(district=here.district, community__isnull=False)[0]
    event = LifeEvent.objects.filter(renewed_in=here.district)[0]
    shown = f"{tagged.pk}:{tagged.community_id}"
    bodies = [
        {"house": [f"{house.pk}:", str(house.pk)], "community": there.community.codes.get().code, "expected": "1"},
        {"house": [shown], "community": there.community.codes.get().code, "expected": "1", "reason": "ย้าย"},
        {"house": [shown], "expected": "1", "reason": "ถอน", "outside": "other", "note": "x"},
        {"change": [f"{event.pk}:{tagged.community_id}:{there.community.pk}"], "confirmed": "1"},
        {"only": [f"{event.pk}::{there.community.pk}"], "confirmed": "1"},
    ]
    before = {model: model.objects.count() for model in FACTS}
    for body in bodies:
        for name, address in _without_things(addresses).items():
            if name in LEFT_OUT or name.startswith("account_"):
                continue
            assert client.post(address.split("?")[0], body).status_code < 500, name
    assert {model: model.objects.count() for model in FACTS} == before
