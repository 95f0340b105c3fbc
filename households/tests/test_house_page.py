"""One house's page: what it is now, what waits, what can be done, and its whole history at a bounded cost."""

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint, command_line
from households import desk_checks, keying, tagging
from households.models import (
    Assignment,
    DeskCheck,
    HouseList,
    HouseRegistration,
    KeyingEvent,
    LifeEvent,
    Reconciliation,
    SeenCode,
    TaggingBatch,
)
from households.register_changes import waiting
from households.tests.desk import houses, queries_of, received, signed_in, typed
from households.tests.factories import HouseFactory, tag_event
from households.tests.test_register_changes import Register, tag
from households.undoing import undo_batch
from households.views import house as house_page

pytestmark = pytest.mark.django_db
A_DAY = datetime.date(2015, 1, 20)


def address(house) -> str:
    return reverse("households:house", args=[house.pk])


def page_of(desk, house, **query):
    return desk.get(address(house), query)


def drawn(page) -> list[str]:
    return [entry.template.rsplit("/", 1)[1] for entry in page.context["entries"]]


@pytest.fixture
def house(subdistrict):
    return HouseFactory(subdistrict=subdistrict, house_no="12")


# --- what it is now ---


def test_an_untagged_house_says_so_and_what_is_suggested(desk, subdistrict, community) -> None:
    before, house, after = houses(subdistrict, "11", "13", "15")
    for neighbour in (before, after):
        tag_event(neighbour, community, on=A_DAY)
    page = page_of(desk, house)
    assert page.context["now"].suggested == community
    assert b"before it on this side" in page.content
    assert page.context["tag_form"]["community"].value() == "10150007"


def test_a_tagged_house_says_its_community_and_the_officer_who_works_on_it(desk, house, community, officer) -> None:
    tag_event(house, community, on=A_DAY)
    assert b"nobody has been given this community" in page_of(desk, house).content
    Assignment.objects.create(
        community=community,
        officer=officer,
        since=A_DAY,
        order_number="1",
        order_date=A_DAY,
        recorded_by=officer,
    )
    page = page_of(desk, house)
    assert page.context["now"].officer == officer
    assert str(officer) in page.content.decode()


def test_a_house_in_no_community_says_why(desk, house, officer) -> None:
    temple = HouseRegistration.Outside.NOT_A_DWELLING
    tagging.say_in_no_community([house.pk], by=officer, expected=1, reason=temple, note="วัด")
    text = page_of(desk, house).content.decode()
    assert "not a dwelling: office, temple, school, factory" in text
    assert "วัด" in text


def test_what_stands_in_the_central_register_is_said(desk, house, community, officer) -> None:
    other = CommunityFactory.create(subdistrict=community.subdistrict, code="10150008")
    tag_event(house, community, on=A_DAY)
    assert page_of(desk, house).context["now"].keying == "to_key"
    keying.key({house.pk: community.pk}, by=officer)
    assert page_of(desk, house).context["now"].keying == "keyed"
    seen(house, "10150007")
    assert b"the same code as here" in page_of(desk, house).content
    tag_event(house, other, on=A_DAY)
    page = page_of(desk, house)
    assert page.context["now"].keying == "to_key"
    assert b"another code than here" in page.content


def seen(house, code) -> None:
    found = {"agree": 1, "differ": 0, "missing": 0, "untagged": 0}
    told = Reconciliation.objects.create(
        district=house.district, taken_on=A_DAY, file_name="กรมการปกครอง.csv", loaded_by=command_line(), **found
    )
    house.refresh_from_db()
    SeenCode.objects.create(
        house=house,
        code=code,
        previous_code=house.central_code,
        reconciliation=told,
        happened_on=A_DAY,
        counted_on=A_DAY,
    )


def test_its_neighbours_on_its_side_stand_beside_it(desk, subdistrict, community) -> None:
    lane = houses(subdistrict, *(str(number) for number in range(1, 30)))
    tag_event(lane[14], community, on=A_DAY)
    page = page_of(desk, lane[12])
    beside = page.context["now"].cells
    assert [cell.house.house_no for cell in beside] == ["5", "7", "9", "11", "13", "15", "17", "19", "21"]
    assert [cell.badge.community for cell in beside if cell.badge] == [community]
    assert page.content.decode().count('aria-current="page"') >= 1


def test_a_house_with_a_number_that_nobody_can_read_has_a_page(desk, subdistrict, house) -> None:
    odd = HouseFactory(subdistrict=subdistrict, house_no="ไม่มีเลขที่", number_key="?ไม่มีเลขที่", number_order="~ไม่มีเลขที่")
    assert page_of(desk, odd).status_code == 200


# --- what waits, and what can be done ---


def test_a_change_of_the_register_is_shown_and_found_right_from_the_page(desk, district, community) -> None:
    register = Register(district).has("1", "3", "5")
    register.extract()
    tag(register, community, "1", "3", "5")
    register.has("3", now="3/1").extract()
    page = page_of(desk, register["3"])
    assert page.context["now"].change.differences[0]["after"] == "3/1"
    box = page.context["now"].change.box
    here = address(register["3"])
    done = desk.post("/register/changes/right/?district=1015", {"only": box, "next": here})
    assert done["Location"] == here
    assert waiting(district) == []
    assert page_of(desk, register["3"]).context["now"].change is None


def test_a_new_house_shows_the_change_that_waits_for_it(desk, district, community) -> None:
    register = Register(district).has("12")
    register.extract()
    tag(register, community, "12")
    register.has("12/1", "14").extract()
    page = page_of(desk, register["12/1"])
    assert page.context["now"].change.parent == register["12"]
    assert page.context["now"].suggested == community
    assert page_of(desk, register["14"]).context["now"].change.change.kind == "new"


def test_the_forms_post_what_the_page_showed(desk, house, community) -> None:
    untagged = page_of(desk, house).content.decode()
    assert f'name="house" value="{house.pk}:"' in untagged
    tag_event(house, community, on=A_DAY)
    tagged = page_of(desk, house).content.decode()
    assert tagged.count(f'name="house" value="{house.pk}:{community.pk}"') == 2


def test_a_director_is_offered_no_deeds(client, district, house, community) -> None:
    tag_event(house, community, on=A_DAY)
    page = page_of(signed_in(client, appoint(Role.DIRECTOR, district)), house)
    assert b'name="house"' not in page.content


# --- its history ---


def test_the_history_tells_everything_of_every_kind(desk, house, community, officer) -> None:
    received(community, officer, typed("12"))
    tagging.tag_matching(community_list(community), by=officer, happened_on=A_DAY)
    batch = TaggingBatch.objects.latest("pk")
    keying.key({house.pk: community.pk}, by=officer, happened_on=A_DAY)
    seen(house, "10150007")
    event = life(house, LifeEvent.Kind.CHANGED, before={"soi": "เทอดไท 4"}, after={"soi": "เทอดไท 5"})
    check = desk_checks.change_is_right(event, by=officer, note="ป้ายเปลี่ยน", shown_community=community.pk)
    desk_checks.take_back(check, by=officer)
    undo_batch(batch, by=officer)
    page = page_of(desk, house)
    assert sorted(drawn(page)) == [
        "_desk_check.html", "_desk_check.html", "_keying.html", "_life_event.html", "_list_row.html",
        "_seen_code.html", "_tag.html", "_tag.html",
    ]  # fmt: skip
    text = page.content.decode()
    for said in ("ป้ายเปลี่ยน", "Taken back", "undone by", "keyed into the central register", "กรมการปกครอง.csv"):
        assert said in text


def community_list(community):
    return HouseList.objects.get(community=community)


def life(house, kind, **told):
    return LifeEvent.objects.create(
        house=house,
        kind=kind,
        ground=LifeEvent.Ground.CENTRAL_REGISTER,
        renewed_in=house.district,
        happened_on=A_DAY,
        counted_on=A_DAY,
        recorded_by=command_line(),
        **told,
    )


def test_a_note_of_a_list_row_is_said_at_the_top_on_every_page_of_the_history(desk, house, community, officer) -> None:
    received(community, officer, typed("12", note="รื้อแล้ว"))
    for number in range(60):
        life(house, LifeEvent.Kind.CHANGED, before={"moo": f"{number}"}, after={"moo": f"{number + 1}"})
    for page in ("1", "2"):
        assert page_of(desk, house, page=page).context["hints"]


def test_a_long_history_is_read_page_by_page(desk, house) -> None:
    for number in range(120):
        life(house, LifeEvent.Kind.CHANGED, before={"moo": f"{number}"}, after={"moo": f"{number + 1}"})
    first, last = page_of(desk, house), page_of(desk, house, page="3")
    assert (len(first.context["entries"]), first.context["newer"], first.context["older"]) == (50, None, 2)
    assert (len(last.context["entries"]), last.context["newer"], last.context["older"]) == (20, 2, None)
    assert first.context["entries"][0].facts["event"].after == {"moo": "120"}
    for made_up in ("0", "99", "x", "9" * 40):
        assert page_of(desk, house, page=made_up).status_code == 200


def test_the_page_costs_the_same_whatever_the_houses_history(desk, district, community, officer) -> None:
    """A new house that waits for a look costs the most: everything is asked of it."""
    register = Register(district).has("12", "14")
    register.extract()
    tag(register, community, "12", "14")
    register.has("12/1").extract()
    house = register["12/1"]
    received(community, officer, typed("12/1"))
    few = queries_of(desk, address(house))
    burden(house, community, officer)
    page = page_of(desk, house)
    assert page.context["number_of_entries"] > 500
    assert page.context["now"].change is not None
    assert queries_of(desk, address(house)) == few <= 28


def burden(house, community, officer) -> None:
    """Some 550 facts of all kinds; the house is untagged in the end and still waits."""
    other = CommunityFactory.create(subdistrict=community.subdistrict, code="10150099")
    for number in range(110):
        life(house, LifeEvent.Kind.CHANGED, before={"moo": f"{number}"}, after={"moo": f"{number + 1}"})
        tagged = tagging.tag([house.pk], community=community, by=officer, expected=1, happened_on=A_DAY)
        KeyingEvent.objects.create(
            house=house, kind="keyed", community=community, previous_community=[None, other][number > 0],
            happened_on=A_DAY, counted_on=A_DAY, recorded_by=officer,
        )  # fmt: skip
        KeyingEvent.objects.create(
            house=house, kind="taken_back", community=other, previous_community=community, reason="พิมพ์ผิด",
            happened_on=A_DAY, counted_on=A_DAY, recorded_by=officer,
        )  # fmt: skip
        assert tagged.batch is not None
        undo_batch(tagged.batch, by=officer)
    for number in range(20):
        seen(house, f"1015{number:04}")
        DeskCheck.objects.create(
            house=house, kind="stray", note="ดูแล้ว", happened_on=A_DAY, counted_on=A_DAY, recorded_by=officer
        )


def test_a_claimed_and_tagged_house_costs_no_more_than_the_limit(desk, house, community, officer) -> None:
    other = CommunityFactory.create(subdistrict=community.subdistrict, code="10150099")
    tag_event(house, other, on=A_DAY)
    received(community, officer, typed("12"))
    tagging.tag_matching(community_list(community), by=officer)
    assert page_of(desk, house).context["now"].is_claimed
    assert page_of(desk, house).context["tag_form"] is None
    assert queries_of(desk, address(house)) <= 25


def test_paper_says_which_entries_of_a_long_history_stand_on_it(desk, community, house, monkeypatch):
    monkeypatch.setattr(house_page, "ENTRIES_A_PAGE", 2)
    for day in (20, 21, 22):
        tag_event(house, community if day != 21 else None, on=datetime.date(2015, 1, day))
    page = page_of(desk, house, page=2)
    number = page.context["number_of_entries"]
    assert number > 2
    assert f"On this paper: entries 3 to {min(number, 4)} of {number}, the newest first." in page.content.decode()
