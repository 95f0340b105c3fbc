"""The queue of the register's changes in the browser: what stands there, tagging as suggested, right as it is."""

import datetime
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.models import Assignment, DeskCheck, TaggingBatch
from households.register_changes import waiting
from households.tests.books import extract
from households.tests.desk import queries_of, signed_in
from households.tests.factories import AssignmentFactory
from households.tests.test_register_changes import Register, tag

pytestmark = pytest.mark.django_db
QUEUE = "/register/changes/"
TAG, RIGHT = "/register/changes/tag/", "/register/changes/right/"


@pytest.fixture
def register(district, subdistrict, community):
    """Houses 1 to 13 of one soi, all of the community but for 13; the second extract then brings every kind."""
    register = Register(district).has(*(str(number) for number in range(1, 14)))
    register.extract()
    tag(register, community, *(str(number) for number in range(1, 13)))
    register.has("7", soi="เทอดไท 6").has("8", now="8/8").has("9", status="จำหน่าย").extract("10")
    for number in ("3 ก", "4/1", "4/2", "5/1/1", "21"):
        register.has(number).extract()
    return register


def shown(page) -> list[tuple[str, str]]:
    return [(str(row.change.kind), row.house.house_no) for row in page.context["part"].rows]


def box(desk, number) -> str:
    rows = desk.get(QUEUE).context["part"].rows
    return next(row.box for row in rows if row.house.house_no == number)


def sentences(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def test_all_that_waits_stands_there_with_counts_by_kind(desk, register) -> None:
    page = desk.get(QUEUE)
    assert {str(kind): number for kind, number in page.context["kinds"]} == {
        "new": 1, "split": 4, "moved": 2, "struck": 1, "vanished": 1, "returned": 0,
    }  # fmt: skip
    assert shown(page)[:2] == [("new", "21"), ("split", "5/1/1")]
    assert shown(desk.get(QUEUE, {"kind": "struck"})) == [("struck", "9")]
    assert shown(desk.get(QUEUE, {"kind": "nonsense"})) == shown(page)


def test_a_row_says_what_happened_and_by_which_extract(desk, register) -> None:
    text = desk.get(QUEUE).content.decode()
    assert "another lane or sub-district" in text
    assert "เทอดไท 6" in text
    assert "<s>8</s> → <b>8/8</b>" in text
    assert "extract of the central register" in text
    assert "the house that was divided" in text


def test_a_divided_house_stands_above_its_parts_once(desk, register) -> None:
    rows = desk.get(QUEUE, {"kind": "split"}).context["part"].rows
    assert [(row.parent.house_no if row.parent else "", row.house.house_no) for row in rows] == [
        ("5", "5/1/1"), ("4", "4/2"), ("", "4/1"), ("3", "3 ก"),
    ]  # fmt: skip


def test_nothing_waiting_is_said_calmly(desk, district) -> None:
    page = desk.get(QUEUE)
    assert b"Nothing waits" in page.content
    assert page.context["total"] == 0


def test_parts_of_the_queue_meet_without_a_gap_whatever_is_settled_meanwhile(desk, register, monkeypatch) -> None:
    everything = shown(desk.get(QUEUE))
    monkeypatch.setattr("households.views.changes.ROWS_A_PAGE", 2)
    first = desk.get(QUEUE)
    desk.post(RIGHT, {"only": first.context["part"].rows[1].box})
    seen, following = shown(first), first.context["part"].next
    while following:
        page = desk.get(QUEUE, {"after": following})
        seen, following = seen + shown(page), page.context["part"].next
    assert seen == everything


@pytest.mark.parametrize("place", ["x", "1.2", "1.x.3", "9" * 60])
def test_a_made_up_place_begins_at_the_beginning(desk, register, place) -> None:
    assert shown(desk.get(QUEUE, {"after": place})) == shown(desk.get(QUEUE))


def test_the_own_communities_come_first(desk, officer, register, district) -> None:
    mine = CommunityFactory.create(subdistrict=SubdistrictFactory(district=district, code="101505"))
    register.has("2/2", "2/1", soi="ตากสิน 9", road="ตากสิน").extract()
    tag(register, mine, "2/2")
    register.has("30").extract()
    Assignment.objects.create(
        community=mine,
        officer=officer,
        since=datetime.date(2015, 1, 1),
        order_number="1",
        order_date=datetime.date(2015, 1, 1),
        recorded_by=officer,
    )
    page = desk.get(QUEUE)
    assert shown(page)[:2] == [("new", "2/1"), ("new", "30")]
    assert page.context["mine"] == 1
    assert b"Communities given to you" in page.content


def test_the_changes_of_the_own_communities_are_counted_and_shown_alone(desk, officer, register, district) -> None:
    mine = CommunityFactory.create(subdistrict=SubdistrictFactory(district=district, code="101505"))
    register.has("2/2", "2/1", soi="ตากสิน 9", road="ตากสิน").extract()
    tag(register, mine, "2/2")
    assert "whose=mine" not in desk.get(QUEUE).content.decode()
    AssignmentFactory(community=mine, officer=officer)
    assert "in my communities 1<" in desk.get(QUEUE).content.decode()
    page = desk.get(QUEUE, {"whose": "mine"})
    assert shown(page) == [("new", "2/1")]
    assert {str(kind): number for kind, number in page.context["kinds"] if number} == {"new": 1}
    assert shown(desk.get(QUEUE, {"whose": "mine", "kind": "new"})) == [("new", "2/1")]
    assert b"Nothing of this kind waits" in desk.get(QUEUE, {"whose": "mine", "kind": "struck"}).content
    desk.post(RIGHT, {"only": page.context["part"].rows[0].box})
    assert b"No changes in my communities" in desk.get(QUEUE, {"whose": "mine"}).content


def test_whoever_keeps_to_the_own_communities_does_so_after_a_decision(desk, officer, register, community) -> None:
    AssignmentFactory(community=community, officer=officer)
    row = desk.get(QUEUE, {"whose": "mine"}).context["part"].rows[0]
    assert desk.post(f"{RIGHT}?whose=mine", {"only": row.box}).url.endswith("&whose=mine")


# --- tagging as suggested ---


def test_ticked_houses_are_tagged_as_suggested_after_a_look_and_undone(desk, register, community) -> None:
    ticked = {"change": [box(desk, number) for number in ("4/1", "4/2")]}
    look = desk.post(TAG, ticked)
    [group] = look.context["groups"]
    assert (group.community, len(group.rows)) == (community, 2)
    assert not TaggingBatch.objects.filter(events__house=register["4/1"]).exists()

    done = desk.post(TAG, ticked | {"confirmed": "1"}, follow=True)
    assert register["4/1"].community == register["4/2"].community == community
    assert "2 houses" in sentences(done)
    assert ("split", "4/1") not in shown(done)

    batch = TaggingBatch.objects.latest("pk")
    desk.post(reverse("households:batch_undo", args=[batch.pk]))
    assert ("split", "4/1") in shown(desk.get(QUEUE))


def test_each_community_is_a_batch_of_its_own(desk, register, community, district) -> None:
    other = CommunityFactory.create(subdistrict=community.subdistrict)
    register.has("40", soi="ตากสิน 9", road="ตากสิน").extract()
    tag(register, other, "40")
    register.has("40/1", soi="ตากสิน 9", road="ตากสิน").extract()
    ticked = {"change": [box(desk, "40/1"), box(desk, "4/1")]}
    assert [group.community for group in desk.post(TAG, ticked).context["groups"]] == [community, other]
    before = TaggingBatch.objects.count()
    desk.post(TAG, ticked | {"confirmed": "1"})
    assert TaggingBatch.objects.count() == before + 2
    assert register["40/1"].community == other


def test_a_change_without_a_suggestion_is_named_and_left(desk, register) -> None:
    look = desk.post(TAG, {"change": [box(desk, "9"), box(desk, "4/1")]})
    assert [row.house.house_no for row in look.context["without"]] == ["9"]
    assert look.context["number"] == 1


def test_a_house_tagged_meanwhile_is_not_tagged_again(desk, register, community) -> None:
    other = CommunityFactory.create(subdistrict=community.subdistrict)
    ticked = {"change": [box(desk, "4/1"), box(desk, "4/2")], "confirmed": "1"}
    tag(register, other, "4/1")
    page = desk.post(TAG, ticked)
    assert page.context["refusal"].code == "stale_page"
    assert page.context["settled"] == 1
    assert register["4/1"].community == other
    assert register["4/2"].community is None


def test_nothing_ticked_is_said(desk, register) -> None:
    assert "Tick" in sentences(desk.post(TAG, {}, follow=True))
    assert "Tick" in sentences(desk.post(RIGHT, {"change": ["x", "1:2", "a:b:c"]}, follow=True))


# --- right as it is ---


def test_a_change_found_right_leaves_with_its_note_and_comes_back_when_that_was_a_slip(desk, register) -> None:
    page = desk.post(RIGHT + "?kind=struck", {"only": box(desk, "9"), "note": "เจ้าบ้านยื่นคำร้อง"}, follow=True)
    assert shown(page) == []
    assert DeskCheck.objects.values_list("note", "life_event__kind").get() == ("เจ้าบ้านยื่นคำร้อง", "struck")
    [undo] = [message.extra_tags for message in page.context["messages"]]
    back = desk.post(undo.removeprefix("undo:").split(" ")[0], follow=True)
    assert ("struck", "9") in shown(back)


def test_many_are_found_right_together_or_none(desk, register, community) -> None:
    boxes = [box(desk, number) for number in ("8/8", "9")]
    event = int(boxes[0].split(":")[0])
    stale = f"{event}::"
    refused = desk.post(RIGHT, {"change": [stale, boxes[1]]}, follow=True)
    assert not DeskCheck.objects.exists()
    assert sentences(refused)
    desk.post(RIGHT, {"change": boxes})
    assert DeskCheck.objects.count() == 2


def test_the_same_change_is_found_right_once(desk, register) -> None:
    one = box(desk, "9")
    desk.post(RIGHT, {"only": one})
    assert "meanwhile" in sentences(desk.post(RIGHT, {"only": one}, follow=True))
    assert DeskCheck.objects.count() == 1


# --- apart ---


def test_another_districts_changes_are_not_there(client, register, desk) -> None:
    one = box(desk, "9")
    district = DistrictFactory(code="1099")
    stranger = signed_in(client, appoint(Role.OFFICER, district))
    assert stranger.get(QUEUE).context["total"] == 0
    assert stranger.get(QUEUE, {"district": "1015"}).status_code == 404
    for address in (TAG, RIGHT, "/register/changes/take-back/?check=1"):
        joined = "&" if "?" in address else "?"
        assert stranger.post(f"{address}{joined}district=1015", {"only": one}).status_code == 404
    assert stranger.post(RIGHT, {"only": one}).status_code == 404
    assert not stranger.post(TAG, {"only": one}).context["groups"]
    assert not DeskCheck.objects.exists()


def test_a_director_looks_and_changes_nothing(client, register, district, desk) -> None:
    one = box(desk, "9")
    director = signed_in(client, appoint(Role.DIRECTOR, district))
    page = director.get(QUEUE)
    assert b"data-tick" not in page.content
    assert b"data-key" not in page.content.split(b"<main")[1]
    assert director.post(RIGHT, {"only": one}).status_code == 404


def test_the_page_asks_as_many_questions_for_a_thousand_changes_as_for_ten(desk, register) -> None:
    few = queries_of(desk, QUEUE)
    register.has(*(f"{number}/1" for number in range(100, 1200))).extract()
    assert len(waiting(register.district)) > 1000
    assert queries_of(desk, QUEUE) == few
    assert few <= 25


# --- after a load ---


def test_a_load_says_how_many_changes_it_brought_to_look_at(desk, register) -> None:
    register.has("60")
    file = SimpleUploadedFile("ทะเบียน.xlsx", extract(list(register.rows.values())))
    page = desk.post("/register/load/", {"file": file})
    assert page.context["to_look_at"] == 1
    assert f"{QUEUE}?district=1015" in page.content.decode()


def test_a_load_that_brings_nothing_to_look_at_says_nothing(desk, register) -> None:
    register.has("2/1", soi="ตากสิน 9", road="ตากสิน")
    file = SimpleUploadedFile("ทะเบียน.xlsx", extract(list(register.rows.values())))
    assert desk.post("/register/load/", {"file": file}).context["to_look_at"] == 0


def test_the_command_line_says_how_many_wait(register, tmp_path, capsys) -> None:
    register.has("60")
    file = tmp_path / "extract.xlsx"
    file.write_bytes(extract(list(register.rows.values())))
    call_command("import_registrations", str(file))
    *said, figures = capsys.readouterr().out.splitlines()
    assert re.search(r": 1\.?$", said[-1])
    assert json.loads(figures)["new"] == 1
