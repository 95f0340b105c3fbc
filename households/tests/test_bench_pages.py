"""The bench: one open row after the other, each key with a form behind it; what goes wrong is said and harmless."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import CommunityCode, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.bench import sitting_of
from households.house_codes import show_house_code
from households.models import HouseNumberRecord, HouseRegistration, RowDecision
from households.row_decisions import close_row, decide_row
from households.row_reasons import Outcome, Reason
from households.rows_around import neighbours_of
from households.tagging import tag_matching
from households.tests.factories import AssignmentFactory, HouseFactory, tag_event
from households.tests.intake import line, outcomes, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def community():
    return CommunityFactory.create(code="10150007", name="ชุมชนโรงเจ 1")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


@pytest.fixture
def house_list(community):
    """Row 2 exact; 3, 4 and 5 several (no soi; houses in soi 5 and soi 7); 6 none."""
    HouseFactory(house_no="1")
    for number in ("2", "3", "4"):
        HouseFactory(house_no=number)
        HouseFactory(house_no=number, soi="เทอดไท 7")
    return received(community, line("1"), *[line(number, soi=None) for number in ("2", "3", "4")], line("99"))


def row(house_list, number):
    return house_list.records.get(row=number)


def address(house_list, **query):
    return reverse("households:list_bench", args=[house_list.pk]) + ("?row={row}".format(**query) if query else "")


def choose(desk, record, house, *, shown=None, reason="", **headers):
    form = {"deed": "choose", "row": record.pk, "house": house.pk, "shown_community": shown or "", "reason": reason}
    return desk.post(address(record.house_list), form, headers=headers)


def close(desk, record, reason="no_such_house", **headers):
    form = {"deed": "close", "row": record.pk, "reason": reason}
    return desk.post(address(record.house_list), form, headers=headers)


def later(desk, record, **headers):
    return desk.post(address(record.house_list), {"deed": "later", "row": record.pk}, headers=headers)


def undo(desk, decision, **headers):
    form = {"deed": "undo", "row": decision.record_id, "decision": decision.pk}
    return desk.post(address(decision.record.house_list), form, headers=headers)


def shown(answer):
    return answer.context["record"].row if answer.context["record"] else None


class TestTheQueue:
    def test_it_begins_with_the_first_open_row_and_leaves_exact_and_likely_rows_aside(self, desk, house_list):
        context = desk.get(address(house_list)).context
        assert (context["record"].row, context["left"]) == (3, 4)

    def test_two_registrations_of_one_address_are_told_apart_by_their_codes(self, desk, community):
        twins = HouseFactory.create_batch(2, house_no="77")
        page = desk.get(address(received(community, line("77")))).content.decode()
        assert all(show_house_code(house.house_code) in page for house in twins)

    def test_a_choice_tags_the_house_and_the_answer_is_the_next_row(self, desk, house_list, community):
        record = row(house_list, 3)
        house = record.matches.get(rank=2).house
        answer = choose(desk, record, house, **FRAGMENT)
        assert (answer.status_code, shown(answer), answer.context["left"]) == (200, 4, 3)
        assert "<html" not in answer.content.decode()
        house.refresh_from_db()
        assert house.community == community

    def test_without_javascript_it_is_the_same_form_and_a_page(self, desk, house_list):
        record = row(house_list, 3)
        answer = choose(desk, record, record.matches.get(rank=1).house)
        assert answer.url == address(house_list, row=row(house_list, 4).pk)
        page = desk.get(answer.url).content.decode()
        assert "<html" in page
        assert "Row 3: tagged 2" in page

    def test_one_key_closes_a_row_that_means_no_house(self, desk, house_list):
        assert shown(close(desk, row(house_list, 3), **FRAGMENT)) == 4
        decision = RowDecision.objects.get()
        assert (decision.outcome, decision.reason) == (Outcome.CLOSED, Reason.NO_SUCH_HOUSE)

    def test_the_same_key_says_of_a_house_struck_off_that_it_is(self, desk, house_list):
        record = row(house_list, 3)
        HouseNumberRecord.objects.filter(pk=record.pk).update(reason=Reason.STRUCK_OFF)
        page = desk.get(address(house_list, row=record.pk)).content.decode()
        deeds = page[page.index('class="deed-bar"') :]
        assert 'value="struck_confirmed"' in deeds
        assert "no_such_house" not in deeds

    def test_other_reasons_remain_within_reach(self, desk, house_list):
        page = desk.get(address(house_list)).content.decode()
        for reason in ("other_community", "mistyped", "struck_confirmed"):
            assert f'value="{reason}"' in page
        close(desk, row(house_list, 3), "mistyped")
        assert RowDecision.objects.get().reason == Reason.MISTYPED

    def test_a_row_put_off_comes_last_and_then_the_others_that_were_put_off(self, desk, house_list):
        assert shown(later(desk, row(house_list, 3), **FRAGMENT)) == 4
        assert shown(later(desk, row(house_list, 5), **FRAGMENT)) == 6
        context = desk.get(address(house_list)).context
        assert (context["record"].row, context["left"], context["put_off"]) == (4, 4, 2)
        close(desk, row(house_list, 4))
        assert shown(close(desk, row(house_list, 6), **FRAGMENT)) == 3
        assert shown(later(desk, row(house_list, 3), **FRAGMENT)) == 5
        assert shown(later(desk, row(house_list, 5), **FRAGMENT)) == 3

    def test_the_last_row_of_all_stays_when_it_is_put_off(self, desk, house_list):
        for number in (3, 4, 5):
            close(desk, row(house_list, number))
        assert shown(later(desk, row(house_list, 6), **FRAGMENT)) == 6

    def test_what_was_put_off_is_forgotten_with_the_session(self, desk, client, officer, house_list):
        later(desk, row(house_list, 3))
        client.logout()
        client.force_login(officer)
        assert shown(client.get(address(house_list))) == 3

    def test_when_all_is_decided_the_door_leads_on(self, desk, house_list):
        for number in (3, 4, 5, 6):
            answer = close(desk, row(house_list, number), **FRAGMENT)
        page = answer.content.decode()
        assert shown(answer) is None
        assert "No open rows" in page
        assert f"{reverse('households:home')}?district=1015" in page

    def test_the_likely_rows_are_the_next_door_when_there_are_any(self, desk, community, house_list):
        HouseFactory(house_no="7")
        further = received(community, line("7", subdistrict=None), line("98"))
        answer = close(desk, row(further, 3), **FRAGMENT)
        assert reverse("households:list_likely", args=[further.pk]) in answer.content.decode()

    def test_whoever_came_for_a_likely_row_goes_back_to_the_others(self, desk, community):
        HouseFactory(house_no="7")
        HouseFactory(house_no="8")
        likely = received(community, line("7", subdistrict=None), line("8", subdistrict=None))
        record = row(likely, 2)
        assert shown(desk.get(address(likely, row=record.pk))) == 2
        goal = reverse("households:list_likely", args=[likely.pk])
        assert close(desk, record, **FRAGMENT)["HX-Redirect"] == goal
        assert close(desk, row(likely, 3)).url != goal


class TestTheDistrict:
    def bench(self, district):
        return f"{reverse('households:district_bench')}?district={district.code}"

    def test_all_lists_follow_each_other(self, desk, community, house_list):
        second = received(CommunityFactory(), line("97"))
        record = row(house_list, 6)
        form = {"deed": "close", "row": record.pk, "reason": "no_such_house"}
        answer = desk.post(self.bench(community.district), form, headers=FRAGMENT)
        assert answer.context["record"] == row(second, 2)
        assert answer.context["left"] == 4

    def test_communities_without_a_code_in_force_wait(self, desk, community, house_list):
        received(CommunityFactory.create(code=None), line("97"))
        assert desk.get(self.bench(community.district)).context["left"] == 4

    def test_the_rows_of_the_own_communities_are_decided_alone(self, desk, officer, community, house_list):
        theirs = CommunityFactory()
        second = received(theirs, line("97"), line("98"))
        AssignmentFactory(community=theirs, officer=officer)
        mine = f"{self.bench(community.district)}&whose=mine"
        page = desk.get(mine)
        assert (page.context["record"], page.context["left"]) == (row(second, 2), 2)
        answer = desk.post(mine, {"deed": "close", "row": row(second, 2).pk, "reason": "no_such_house"})
        assert answer.url == f"{mine}&row={row(second, 3).pk}"

    def test_whoever_has_no_communities_is_not_asked_for_the_own_ones(self, desk, community, house_list):
        assert "whose=mine" not in desk.get(self.bench(community.district)).content.decode()

    def test_another_district_is_not_there(self, desk, house_list):
        assert desk.get(self.bench(DistrictFactory(code="1016"))).status_code == 404


class TestUndoing:
    def test_a_tag_is_taken_back_and_its_row_shown_again(self, desk, house_list):
        record = row(house_list, 3)
        house = record.matches.get(rank=1).house
        choose(desk, record, house)
        answer = undo(desk, RowDecision.objects.get(), **FRAGMENT)
        assert (shown(answer), answer.context["left"]) == (3, 4)
        house.refresh_from_db()
        assert house.community is None

    def test_enter_in_the_note_closes_no_row_for_a_reason_nobody_chose(self, desk, house_list):
        page = desk.get(address(house_list)).content.decode()

        [form] = [form for form in page.split("<form")[1:] if 'name="note"' in form.split("</form>")[0]]
        assert form[form.index("<button") :].startswith("<button disabled hidden>")

    def test_a_closed_row_is_opened_again(self, desk, house_list):
        close(desk, row(house_list, 3))
        assert shown(undo(desk, RowDecision.objects.get(), **FRAGMENT)) == 3
        assert outcomes(house_list) == ["open"] * 5

    def test_each_undoing_goes_one_decision_further_back(self, desk, house_list):
        for number in (3, 4):
            close(desk, row(house_list, number))
        rows = house_list.records
        first = undo(desk, desk.get(address(house_list)).context["sitting"].last, **FRAGMENT)
        assert shown(first) == 4
        assert shown(undo(desk, first.context["sitting"].last, **FRAGMENT)) == 3
        assert not rows.exclude(outcome=Outcome.OPEN).exists()

    def test_pressed_twice_it_undoes_once(self, desk, house_list):
        for number in (3, 4):
            close(desk, row(house_list, number))
        last = RowDecision.objects.latest("id")
        undo(desk, last, **FRAGMENT)
        again = undo(desk, last, **FRAGMENT)
        assert again.status_code == 409
        assert "taken back already" in again.content.decode()
        assert outcomes(house_list) == ["open", "closed", "open", "open", "open"]

    def test_a_colleague_s_decision_is_not_undone_here(self, desk, community, house_list):
        colleague = appoint(Role.OFFICER, community.district)
        close_row(row(house_list, 3), reason=Reason.MISTYPED, by=colleague)
        assert desk.get(address(house_list)).context["sitting"].last is None
        assert undo(desk, RowDecision.objects.get()).status_code == 404

    def test_a_row_decided_anew_since_is_left_alone(self, desk, community, house_list):
        colleague = appoint(Role.OFFICER, community.district)
        close(desk, row(house_list, 3))
        mine = RowDecision.objects.get()
        desk.post(reverse("households:row_reopen", args=[mine.record_id]))
        close_row(row(house_list, 3), reason=Reason.MISTYPED, by=colleague)
        assert undo(desk, mine).status_code == 409
        assert row(house_list, 3).outcome == Outcome.CLOSED


class TestWhatGoesWrong:
    def test_a_row_decided_meanwhile_gives_way_to_the_next_with_a_sentence(self, desk, community, house_list):
        record = row(house_list, 3)
        close_row(record, reason=Reason.MISTYPED, by=appoint(Role.OFFICER, community.district))
        answer = choose(desk, record, record.matches.get(rank=1).house, **FRAGMENT)
        assert (answer.status_code, shown(answer)) == (409, 4)
        assert "Row 3 has been decided meanwhile" in answer.content.decode()
        assert RowDecision.objects.count() == 1

    def test_a_choice_sent_twice_decides_one_row(self, desk, house_list):
        record = row(house_list, 3)
        house = record.matches.get(rank=1).house
        choose(desk, record, house)
        assert choose(desk, record, house).status_code == 409
        assert outcomes(house_list).count("tagged") == 1

    def test_coming_back_to_a_decided_row_shows_the_next_and_says_so(self, desk, house_list):
        record = row(house_list, 3)
        close(desk, record)
        answer = desk.get(address(house_list, row=record.pk))
        assert (answer.status_code, shown(answer)) == (200, 4)
        assert "has been decided meanwhile" in answer.content.decode()

    def test_a_house_that_changed_hands_since_the_page_shows_both_values(self, desk, house_list):
        record = row(house_list, 3)
        house = record.matches.get(rank=1).house
        tag_event(house, CommunityFactory.create(name="เพื่อนบ้าน"), on=datetime.date(2015, 1, 20))
        answer = choose(desk, record, house, reason="เดิม", **FRAGMENT)
        assert (answer.status_code, shown(answer)) == (409, 3)
        assert "was shown with no community and now has เพื่อนบ้าน" in answer.content.decode()
        assert "Reason for moving the house here" in answer.content.decode()

    def test_a_house_of_another_community_moves_only_with_a_reason(self, desk, community, house_list):
        record = row(house_list, 3)
        house = record.matches.get(rank=1).house
        other = CommunityFactory()
        tag_event(house, other, on=datetime.date(2015, 1, 20))
        refused = choose(desk, record, house, shown=other.pk, reason=" ", **FRAGMENT)
        assert (refused.status_code, shown(refused)) == (409, 3)
        assert "Give the reason for moving it" in refused.content.decode()
        assert shown(choose(desk, record, house, shown=other.pk, reason="ตกลงกันแล้ว", **FRAGMENT)) == 4
        house.refresh_from_db()
        assert (house.community, RowDecision.objects.get().note) == (community, "ตกลงกันแล้ว")

    def test_without_a_code_in_force_no_house_can_be_chosen_but_rows_are_closed(self, desk, house_list):
        record = row(house_list, 3)
        CommunityCode.objects.update(in_force_until=timezone.localdate() - datetime.timedelta(days=1))
        page = desk.get(address(house_list)).content.decode()
        assert "has no code in force" in page
        assert 'value="choose"' not in page
        assert choose(desk, record, record.matches.get(rank=1).house).status_code == 409
        assert shown(close(desk, record, **FRAGMENT)) == 4

    def test_a_row_of_another_list_is_not_there(self, desk, house_list, community):
        other = received(community, line("97"))
        form = {"deed": "close", "row": row(other, 2).pk, "reason": "mistyped"}
        assert desk.post(address(house_list), form).status_code == 404

    def test_a_house_of_another_district_is_not_there(self, desk, house_list):
        elsewhere = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601"))
        assert choose(desk, row(house_list, 3), elsewhere).status_code == 404

    @pytest.mark.parametrize(
        "form", [{}, {"deed": "dance"}, {"deed": "choose"}, {"deed": "choose", "house": "x"}, {"deed": "close"}]
    )
    def test_an_incomplete_form_changes_nothing(self, desk, house_list, form):
        record = row(house_list, 3)
        answer = desk.post(address(house_list), {"row": record.pk, **form}, headers=FRAGMENT)
        assert (answer.status_code, shown(answer)) == (409, 3)
        assert not RowDecision.objects.exists()

    def test_whoever_is_signed_out_meanwhile_is_led_to_the_sign_in_page(self, client, desk, house_list):
        client.logout()
        answer = close(client, row(house_list, 3), **FRAGMENT)
        assert answer.status_code == 302
        assert reverse("account_login") in answer.url


class TestSearching:
    def search(self, desk, house_list, **query):
        record = row(house_list, 6)
        return desk.get(address(house_list), {"row": record.pk, **query}, headers=FRAGMENT)

    def test_another_house_is_found_by_its_number_however_typed(self, desk, house_list):
        found = self.search(desk, house_list, q="บ้านเลขที่ ๒").context["choices"]
        assert [(one.house.house_no, one.house.soi) for one in found] == [("2", "เทอดไท 5"), ("2", "เทอดไท 7")]
        assert found[0].number_differs
        [one] = self.search(desk, house_list, q="2", lane="ซ.เทอดไท ๗").context["choices"]
        assert one.house.soi == "เทอดไท 7"

    def test_what_was_found_is_chosen_by_the_same_keys(self, desk, house_list, community):
        page = self.search(desk, house_list, q="2").content.decode()
        assert 'data-key="2"' in page
        house = HouseRegistration.objects.get(house_no="2", soi="เทอดไท 7")
        choose(desk, row(house_list, 6), house)
        house.refresh_from_db()
        assert house.community == community

    def test_a_common_number_shows_as_many_as_there_are_keys_and_asks_for_the_lane(self, desk, house_list):
        for soi in range(1, 12):
            HouseFactory(house_no="3", soi=f"วุฒากาศ {soi}", road="วุฒากาศ")
        answer = self.search(desk, house_list, q="3")
        assert len(answer.context["choices"]) == 9
        assert "More than 9 houses match" in answer.content.decode()

    def test_nonsense_is_explained(self, desk, house_list):
        assert "Type a house number" in self.search(desk, house_list, q="ที่ไหน").content.decode()


class TestWhatIsShown:
    def test_the_neighbours_stand_there_with_what_they_became(self, officer, house_list):
        tag_matching(house_list, by=officer)
        around = neighbours_of(row(house_list, 3))
        assert [line.record.row for line in around.lines] == [2, 3, 4, 5, 6]
        assert around.lines[0].house.house_no == "1"
        assert (around.lane_house.soi, around.in_lane, around.with_house) == ("เทอดไท 5", 1, 1)

    def test_the_neighbours_lane_is_named_and_marked(self, desk, house_list):
        answer = desk.get(address(house_list))
        assert [one.in_neighbours_lane for one in answer.context["choices"]] == [True, False]
        assert "in the lane of the rows around" in answer.content.decode()

    def test_what_differs_is_worded(self, desk, community, house_list):
        HouseFactory(house_no="5")
        near = received(community, line("5", soi="เทอดไท 9"))
        page = desk.get(address(near)).content.decode()
        assert '<span class="differs">เทอดไท 5</span>' in page
        assert "the list says “เทอดไท 9”, the register “เทอดไท 5”" in page

    def test_a_cell_that_names_several_houses_says_which_one_this_is(self, desk, house_list):
        record = row(house_list, 6)
        HouseNumberRecord.objects.create(
            house_list=house_list, row=6, part=2, cells=[], house_no="98", reason=Reason.NOT_FOUND
        )
        assert "(house 1 of 2)" in desk.get(address(house_list, row=record.pk)).content.decode()
        assert shown(close(desk, record, **FRAGMENT)) == 6

    def test_note_and_hint_stand_there_as_typed(self, desk, community):
        noted = received(community, line("99", note="รื้อแล้ว ปี 50"))
        noted.records.update(hint="demolished")
        page = desk.get(address(noted)).content.decode()
        assert "รื้อแล้ว ปี 50" in page

    def test_queries_do_not_grow_with_rows_and_candidates(self, desk, community):
        for soi in range(1, 20):
            HouseFactory(house_no="9/1", soi=f"เทอดไท {soi}")
        lines = [line("9/1", soi=None), line("9/9")]
        few = received(community, *lines)
        many = received(community, *lines, *[line(f"{n}/9") for n in range(1, 300)])
        numbers = set()
        for one in (few, many):
            desk.get(address(one))
            with CaptureQueriesContext(connection) as queries:
                desk.get(address(one))
            numbers.add(len(queries))
        assert len(numbers) == 1
        assert numbers.pop() <= 24


class TestThePace:
    def decided(self, officer, community, *, ages):
        """A list with rows closed so many seconds ago."""
        house_list = received(community, *[line(str(number)) for number in range(90, 90 + len(ages))])
        now = timezone.now()
        for record, age in zip(house_list.records.order_by("row"), ages, strict=True):
            RowDecision.objects.create(
                record=record,
                outcome=Outcome.CLOSED,
                reason=Reason.NO_SUCH_HOUSE,
                recorded_by=officer,
                recorded_at=now - datetime.timedelta(seconds=age),
                happened_on=timezone.localdate(),
                counted_on=timezone.localdate(),
            )
        return house_list.records.all()

    def test_a_pause_ends_the_sitting(self, officer, community):
        sitting = sitting_of(officer, self.decided(officer, community, ages=[712, 706, 700, 18, 12, 6, 0]))
        assert (sitting.done, sitting.pace) == (4, 10)

    def test_a_pause_until_now_leaves_no_sitting(self, officer, community):
        assert sitting_of(officer, self.decided(officer, community, ages=[672, 666, 660])).last is None

    @pytest.mark.parametrize("ahead", [-1, 1])
    def test_the_clock_of_this_machine_does_not_matter(self, officer, community, ahead):
        rows = self.decided(officer, community, ages=[12, 6, 0])
        with time_machine.travel(timezone.now() + datetime.timedelta(days=ahead)):
            assert sitting_of(officer, rows).done == 3

    def test_what_was_undone_does_not_count(self, desk, officer, house_list):
        close(desk, row(house_list, 3))
        undo(desk, RowDecision.objects.get())
        assert sitting_of(officer, house_list.records.all()).done == 0

    def test_rows_tagged_by_the_machine_do_not_count(self, officer, house_list):
        tag_matching(house_list, by=officer)
        assert sitting_of(officer, house_list.records.all()).done == 0
        record = row(house_list, 3)
        decide_row(record, house=record.matches.get(rank=1).house, by=officer)
        assert sitting_of(officer, house_list.records.all()).done == 1


@pytest.mark.parametrize("role", [Role.COMMUNITY_DEVELOPMENT, Role.DIRECTOR, Role.PRESIDENT])
def test_whoever_does_not_tag_finds_no_bench(client, community, house_list, role):
    client.force_login(appoint(role, community if role == Role.PRESIDENT else community.district))
    assert client.get(address(house_list)).status_code == 404
    assert client.get(reverse("households:district_bench")).status_code == 404
    assert close(client, row(house_list, 3)).status_code == 404
