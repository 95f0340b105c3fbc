"""The run along a lane: one untagged house after the other, each deed a form; what goes wrong is said and harmless."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households import tagging
from households.models import Assignment, HouseRegistration, Lane, TagEvent, TaggingBatch
from households.tests.desk import signed_in
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import SUBDISTRICT, line, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FRAGMENT = {"HX-Request": "true"}
JANUARY = datetime.date(2015, 1, 20)


@pytest.fixture
def subdistrict():
    return SubdistrictFactory(code="101503", name_th=SUBDISTRICT)


@pytest.fixture
def community(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150011", name="เหนือ")


@pytest.fixture
def other(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150012", name="ใต้")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


@pytest.fixture
def lane(subdistrict, community, other):
    """Soi 5: odd numbers 1 to 19 of one community, even ones 2 to 20 of the other; 5, 6, 11 and 12 are untagged."""
    for number in range(1, 21):
        house = HouseFactory(subdistrict=subdistrict, house_no=str(number))
        if number not in (5, 6, 11, 12):
            tag_event(house, community if number % 2 else other, on=JANUARY)
    return Lane.objects.get()


def house(number, **more):
    return HouseRegistration.objects.get(house_no=str(number), **more)


def address(lane, **more):
    query = {"district": "1015", "lane": lane.pk, "part": "101503"} | more
    return f"{reverse('households:run')}?" + "&".join(f"{name}={value}" for name, value in query.items())


def post(desk, lane, deed, number, *, more=None, headers=FRAGMENT, **query):
    form = {"deed": deed, "house": house(number).pk} | (more or {})
    return desk.post(address(lane, **query), form, headers=headers)


def choose(desk, lane, number, chosen, **more):
    return post(desk, lane, "choose", number, more={"community": chosen.pk, "shown_community": ""}, **more)


def undo(desk, lane, **more):
    event = TagEvent.objects.latest("id")
    return post(desk, lane, "undo", event.house.house_no, more={"batch": event.batch_id}, **more)


def shown(answer):
    return answer.context["house"].house_no if answer.context["house"] else None


class TestTheWay:
    def test_it_goes_from_untagged_house_to_untagged_house_in_the_order_of_their_numbers(self, desk, lane, community):
        assert shown(desk.get(address(lane))) == "5"

        answer = choose(desk, lane, 5, community)

        assert (answer.status_code, shown(answer), answer.context["left"]) == (200, "6", 3)
        assert "<html" not in answer.content.decode()
        assert house(5).community == community
        assert TaggingBatch.objects.latest("id").kind == TaggingBatch.Kind.HOUSE_BY_HOUSE

    def test_without_javascript_the_next_house_is_a_page(self, desk, lane, community):
        answer = choose(desk, lane, 5, community, headers={})

        assert answer.url == address(lane, house=house(6).pk)
        assert "<html" in desk.get(answer.url).content.decode()

    @pytest.mark.parametrize(("side", "way"), [("", "5 6 11 12"), ("odd", "5 11"), ("even", "6 12")])
    def test_one_side_or_both(self, desk, lane, community, other, side, way):
        met = [shown(desk.get(address(lane, side=side)))]
        while met[-1]:
            met.append(shown(choose(desk, lane, met[-1], community if int(met[-1]) % 2 else other, side=side)))

        assert met == [*way.split(), None]

    def test_a_house_is_shown_among_its_neighbours_on_its_side(self, desk, lane):
        beside = desk.get(address(lane, house=house(11).pk)).context["beside"]

        assert [one.house_no for one in beside] == ["5", "7", "9", "11", "13", "15", "17"]

    def test_houses_of_another_subdistrict_are_another_lane_of_the_same_name(self, desk, lane, community):
        elsewhere = SubdistrictFactory(district=community.district, code="101504")
        HouseFactory(subdistrict=elsewhere, house_no="7/1")

        assert desk.get(address(lane)).context["left"] == 4
        assert desk.get(address(lane, part="101504")).context["left"] == 1

    def test_struck_houses_and_those_in_no_community_do_not_wait(self, desk, lane, officer):
        HouseRegistration.objects.filter(house_no="5").update(state="struck")
        reason = HouseRegistration.Outside.NOT_A_DWELLING
        tagging.say_in_no_community([house(6).pk], by=officer, expected=1, reason=reason)

        answer = desk.get(address(lane))

        assert (shown(answer), answer.context["left"]) == ("11", 2)

    def test_a_house_put_off_comes_last(self, desk, lane, community, other):
        assert shown(post(desk, lane, "later", 5)) == "6"
        answer = desk.get(address(lane))
        assert (shown(answer), answer.context["left"], answer.context["put_off"]) == ("6", 4, 1)
        for number in (6, 11):
            choose(desk, lane, number, community)
        assert shown(choose(desk, lane, 12, other)) == "5"
        assert shown(post(desk, lane, "later", 5)) == "5"

    def test_at_the_end_the_next_lane_is_offered(self, desk, lane, community, subdistrict):
        HouseFactory(subdistrict=subdistrict, house_no="1", soi="เทอดไท 7")
        following = Lane.objects.get(soi="เทอดไท 7")
        for number in (5, 6, 11):
            choose(desk, lane, number, community)

        answer = choose(desk, lane, 12, community)

        assert shown(answer) is None
        assert answer.context["next_url"] == address(following)
        assert address(following).replace("&", "&amp;") in answer.content.decode()

    def test_after_the_last_lane_nothing_is_left(self, desk, lane, community):
        for number in (5, 6, 11, 12):
            answer = choose(desk, lane, number, community)

        assert answer.context["next_url"] == ""
        assert "No untagged house is left in this lane" in answer.content.decode()


class TestTheSuggestion:
    def test_enter_and_1_confirm_it_and_its_grounds_stand_below(self, desk, lane, community):
        answer = desk.get(address(lane))
        page = answer.content.decode()

        assert answer.context["suggested"] == community
        assert page.count("data-enter") == 1
        assert page.index("data-enter") < page.index("เหนือ</b>")
        for ground in ("before it on this side", "after it on this side", "across the lane"):
            assert ground in page

    def test_without_a_suggestion_enter_does_nothing_and_the_candidates_have_their_keys(
        self, desk, lane, community, other, officer
    ):
        tagging.untag([house(7).pk], by=officer, expected=1, reason="ผิด")
        tagging.tag([house(7).pk], community=other, by=officer, expected=1)

        answer = desk.get(address(lane))

        assert answer.context["suggested"] is None
        assert set(answer.context["choices"]) == {community, other}
        assert "data-enter" not in answer.content.decode()

    def test_a_list_that_names_the_house_is_told_with_its_row(self, desk, lane, community):
        row = received(community, line("5", subdistrict=None)).records.get()

        page = desk.get(address(lane)).content.decode()

        assert "a list most likely names it" in page
        assert reverse("households:row", args=[row.pk]) in page

    def test_a_house_that_two_lists_claim_leads_to_the_claim(self, desk, lane, community, other):
        for one in (community, other):
            received(one, line("5"))

        answer = desk.get(address(lane))

        assert answer.context["suggested"] is None
        assert reverse("households:claim", args=[house(5).pk]) in answer.content.decode()
        refused = choose(desk, lane, 5, community)
        assert (refused.status_code, shown(refused)) == (409, "5")
        assert house(5).community is None

    def test_a_community_without_a_code_in_force_is_not_offered(self, desk, lane, subdistrict):
        without = CommunityFactory.create(subdistrict=subdistrict, code=None, name="ใหม่")
        received(without, line("5"))

        answer = desk.get(address(lane))

        assert answer.context["suggested"] is None
        assert without not in answer.context["choices"]

    @pytest.mark.parametrize("text", ["10150012", "0012", "ใต้", "๐๐๑๒"])
    def test_another_community_is_found_by_its_code_or_name(self, desk, lane, other, text):
        assert desk.get(address(lane, house=house(5).pk, q=text)).context["choices"] == [other]

    def test_nothing_found_is_said(self, desk, lane):
        assert "No community of the district" in desk.get(address(lane, q="ไม่มี")).content.decode()


class TestInNoCommunity:
    def test_one_key_unfolds_the_reasons_and_another_says_it(self, desk, lane):
        answer = post(desk, lane, "none", 5, more={"reason": "private_estate"})

        assert shown(answer) == "6"
        assert house(5).outside == HouseRegistration.Outside.PRIVATE_ESTATE
        assert "private estate" in answer.content.decode()

    def test_another_reason_needs_a_note(self, desk, lane):
        answer = post(desk, lane, "none", 5, more={"reason": "other", "note": " "})

        assert (answer.status_code, shown(answer), answer.context["is_other_reason"]) == (409, "5", True)

        post(desk, lane, "none", 5, more={"reason": "other", "note": "ศาลาริมน้ำ"})
        assert TaggingBatch.objects.latest("id").reason == "ศาลาริมน้ำ"

    def test_enter_in_the_note_says_the_note_and_no_other_reason(self, desk, lane):
        page = desk.get(address(lane)).content.decode()

        [form] = [form for form in page.split("<form")[1:] if 'name="note"' in form.split("</form>")[0]]
        assert re.findall(r'name="reason" value="(\w+)"', form.split("</form>")[0]) == ["other"]

    def test_a_reason_that_is_none_is_refused(self, desk, lane):
        assert post(desk, lane, "none", 5, more={"reason": "why"}).status_code == 409
        assert house(5).outside == ""


class TestUndo:
    def test_the_last_deed_is_taken_back_and_its_house_shown_again(self, desk, lane, community):
        choose(desk, lane, 5, community)
        post(desk, lane, "none", 6, more={"reason": "private_estate"})

        assert shown(undo(desk, lane)) == "6"
        assert house(6).outside == ""
        answer = desk.get(address(lane))
        assert answer.context["sitting"].last.house == house(5)
        answer = post(desk, lane, "undo", 5, more={"batch": answer.context["sitting"].last.batch_id})
        assert (shown(answer), house(5).community) == ("5", None)
        assert answer.context["sitting"].last is None

    def test_a_house_of_another_lane_is_taken_back_in_its_own(self, desk, lane, community, subdistrict):
        HouseFactory(subdistrict=subdistrict, house_no="77", soi="เทอดไท 7")
        second = Lane.objects.get(soi="เทอดไท 7")
        choose(desk, lane, 5, community)

        answer = post(desk, second, "undo", 5, more={"batch": TagEvent.objects.latest("id").batch_id})

        assert answer.headers["HX-Redirect"] == address(lane, house=house(5).pk)

    def test_nobody_takes_back_what_a_colleague_did(self, desk, lane, community):
        colleague = appoint(Role.OFFICER, community.district)
        done = tagging.tag_house(house(5), community=community, by=colleague, shown_community=None)

        assert post(desk, lane, "undo", 5, more={"batch": done.batch.pk}).status_code == 404
        assert desk.get(address(lane)).context["sitting"].last is None

    def test_a_batch_of_many_houses_is_not_taken_back_by_one_key(self, desk, lane, officer):
        houses = [house(5).pk, house(6).pk]
        reason = HouseRegistration.Outside.NOT_A_DWELLING
        tagging.say_in_no_community(houses, by=officer, expected=2, reason=reason)

        assert desk.get(address(lane)).context["sitting"].last is None

    def test_undone_twice_is_said(self, desk, lane, community):
        choose(desk, lane, 5, community)
        batch = TagEvent.objects.latest("id").batch_id
        post(desk, lane, "undo", 5, more={"batch": batch})

        answer = post(desk, lane, "undo", 5, more={"batch": batch})

        assert (answer.status_code, shown(answer)) == (409, "5")


class TestTwoAtOnce:
    @pytest.fixture
    def colleague(self, community):
        return appoint(Role.OFFICER, community.district)

    def test_a_house_that_a_colleague_tagged_otherwise_is_left_and_both_values_are_said(
        self, desk, lane, community, other, colleague
    ):
        tagging.tag_house(house(5), community=other, by=colleague, shown_community=None)

        answer = choose(desk, lane, 5, community)

        assert (answer.status_code, shown(answer)) == (409, "6")
        assert "5 was shown without a community and now has: 10150012 ใต้" in answer.content.decode()
        assert house(5).community == other

    def test_a_house_that_a_colleague_said_to_be_in_none_is_left_as_well(self, desk, lane, community, colleague):
        reason = HouseRegistration.Outside.NOT_A_DWELLING
        tagging.say_in_no_community([house(5).pk], by=colleague, expected=1, reason=reason)

        answer = choose(desk, lane, 5, community)

        assert (answer.status_code, shown(answer)) == (409, "6")
        assert house(5).outside == reason

    def test_the_lock_sees_what_a_colleague_said_after_the_house_was_read(self, lane, community, officer, colleague):
        read = house(5)
        reason = HouseRegistration.Outside.NOT_A_DWELLING
        tagging.say_in_no_community([read.pk], by=colleague, expected=1, reason=reason)

        with pytest.raises(ValidationError) as refused:
            tagging.tag_house(read, community=community, by=officer, shown_community=None)

        assert refused.value.code == "stale_page"
        assert house(5).outside == reason

    def test_a_house_tagged_meanwhile_is_not_said_to_be_in_none(self, desk, lane, community, colleague):
        tagging.tag_house(house(5), community=community, by=colleague, shown_community=None)

        answer = post(desk, lane, "none", 5, more={"reason": "private_estate"})

        assert (answer.status_code, shown(answer)) == (409, "6")
        assert house(5).community == community

    def test_the_same_answer_of_a_colleague_is_no_quarrel(self, desk, lane, community, colleague):
        tagging.tag_house(house(5), community=community, by=colleague, shown_community=None)

        answer = choose(desk, lane, 5, community)

        assert (answer.status_code, shown(answer)) == (200, "6")
        assert TagEvent.objects.filter(house=house(5)).count() == 1

    def test_a_house_struck_off_meanwhile_is_left(self, desk, lane, community):
        HouseRegistration.objects.filter(house_no="5").update(state="struck")

        answer = choose(desk, lane, 5, community)

        assert (answer.status_code, shown(answer)) == (409, "6")

    def test_the_address_of_a_house_that_is_decided_shows_the_next(self, desk, lane, community, colleague):
        tagging.tag_house(house(5), community=community, by=colleague, shown_community=None)

        answer = desk.get(address(lane, house=house(5).pk))

        assert (answer.status_code, shown(answer)) == (200, "6")
        assert "now has: 10150011 เหนือ" in answer.content.decode()


class TestWrongForms:
    def test_a_form_without_a_choice_does_nothing(self, desk, lane):
        for deed, form in (("choose", {}), ("", {}), ("choose", {"community": "x"})):
            answer = post(desk, lane, deed, 5, more=form)
            assert (answer.status_code, shown(answer)) == (409, "5")
        assert not TagEvent.objects.filter(house=house(5)).exists()

    def test_a_community_of_another_district_is_not_there(self, desk, lane):
        far = SubdistrictFactory(district=DistrictFactory(code="1016"))
        assert choose(desk, lane, 5, CommunityFactory.create(subdistrict=far, code="10160001")).status_code == 404

    def test_a_house_of_another_lane_leads_to_its_own(self, desk, lane, subdistrict):
        elsewhere = HouseFactory(subdistrict=subdistrict, house_no="77", soi="เทอดไท 7")
        second = Lane.objects.get(soi="เทอดไท 7")

        assert desk.get(address(lane, house=elsewhere.pk)).url == address(second, house=elsewhere.pk)

    @pytest.mark.parametrize("query", ["lane=0", "lane=x", f"lane={10**20}", "community=99999999", "subdistrict=1"])
    def test_addresses_of_nothing_are_not_there(self, desk, lane, query):
        assert desk.get(f"{reverse('households:run')}?{query}").status_code == 404

    def test_a_lane_without_its_part_begins_where_houses_wait(self, desk, lane):
        assert shown(desk.get(f"{reverse('households:run')}?lane={lane.pk}")) == "5"

    def test_a_deed_needs_a_lane(self, desk, lane):
        assert desk.post(reverse("households:run"), {"deed": "choose"}).status_code == 404


class TestWhoMay:
    @pytest.fixture
    def far(self):
        house = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")), house_no="1")
        return Lane.objects.get(district=house.district)

    def test_lanes_and_houses_of_another_district_are_not_there(self, desk, lane, far, community):
        assert desk.get(f"{reverse('households:run')}?lane={far.pk}").status_code == 404
        assert desk.get(f"{reverse('households:run')}?district=1016").status_code == 404
        there = house(1, district=far.district_id)
        answer = desk.post(address(lane), {"deed": "choose", "house": there.pk, "community": community.pk})
        assert answer.status_code == 404
        assert TagEvent.objects.filter(house=there).count() == 0

    def test_who_may_only_see_houses_does_not_go_along_lanes(self, client, lane, community):
        client.force_login(appoint(Role.DIRECTOR, community.district))
        assert client.get(address(lane)).status_code == 404


class TestLanes:
    def test_before_the_first_extract_the_page_says_what_comes_here(self, client):
        page = signed_in(client, appoint(Role.OFFICER, DistrictFactory(code="1016"))).get(reverse("households:run"))

        assert "stand here once the central register" in page.content.decode()

    def test_lanes_with_untagged_houses_stand_with_how_many(self, desk, lane, subdistrict, community):
        tag_event(HouseFactory(subdistrict=subdistrict, house_no="1", soi="เทอดไท 7"), community, on=JANUARY)

        [(line, url)] = desk.get(reverse("households:run")).context["lanes"]

        assert (line.lane, line.left, line.houses, url) == (lane, 4, 20, address(lane))

    def test_the_lanes_of_a_community_are_those_where_it_has_houses_or_its_list_names_one(
        self, desk, lane, subdistrict, community, other
    ):
        for soi in (7, 9):
            HouseFactory(subdistrict=subdistrict, house_no="1", soi=f"เทอดไท {soi}")
        received(community, line("1", soi="เทอดไท 7", subdistrict=None))

        def lanes_of(code):
            answer = desk.get(reverse("households:run"), {"community": code})
            return [str(each.lane) for each, _url in answer.context["lanes"]]

        assert lanes_of("10150011") == ["เทอดไท 5", "เทอดไท 7"]
        assert lanes_of("10150012") == ["เทอดไท 5"]
        assert lanes_of("") == ["เทอดไท 5", "เทอดไท 7", "เทอดไท 9"]

    def test_my_communities_are_those_that_the_head_gave_me(self, desk, lane, subdistrict, community, officer):
        HouseFactory(subdistrict=subdistrict, house_no="1", soi="เทอดไท 7")
        assert "my communities" not in desk.get(reverse("households:run")).content.decode()
        Assignment.objects.create(
            community=community,
            officer=officer,
            order_number="1/2558",
            order_date=JANUARY,
            since=JANUARY,
            recorded_by=officer,
        )

        answer = desk.get(reverse("households:run"), {"community": "mine"})

        assert "my communities" in answer.content.decode()
        assert [each.lane for each, _url in answer.context["lanes"]] == [lane]

    def test_the_choice_stays_along_the_lane_and_leads_to_its_next(self, desk, lane, subdistrict, community):
        for soi in (7, 9):
            HouseFactory(subdistrict=subdistrict, house_no="1", soi=f"เทอดไท {soi}")
        tag_event(HouseFactory(subdistrict=subdistrict, house_no="2", soi="เทอดไท 9"), community, on=JANUARY)
        for number in (5, 6, 11):
            choose(desk, lane, number, community, community="10150011")

        answer = choose(desk, lane, 12, community, community="10150011")

        assert str(answer.context["next_lane"].lane) == "เทอดไท 9"
        assert "community=10150011" in answer.context["next_url"]

    def test_lanes_of_one_subdistrict(self, desk, lane, community):
        elsewhere = SubdistrictFactory(district=community.district, code="101504")
        HouseFactory(subdistrict=elsewhere, house_no="7/1")

        lanes = desk.get(reverse("households:run"), {"subdistrict": "101504"}).context["lanes"]

        assert [(line.subdistrict, line.left) for line, _url in lanes] == [(elsewhere, 1)]

    def test_many_lanes_come_page_by_page(self, desk, lane, subdistrict, monkeypatch):
        monkeypatch.setattr("households.views.run_lanes.LANES_A_PAGE", 2)
        for soi in (7, 9, 11):
            HouseFactory(subdistrict=subdistrict, house_no="1", soi=f"เทอดไท {soi}")

        met, answer = [], desk.get(reverse("households:run"))
        while True:
            met += [str(line.lane) for line, _url in answer.context["lanes"]]
            if not answer.context["next"]:
                break
            answer = desk.get(answer.context["next"])

        assert met == [f"เทอดไท {soi}" for soi in (5, 7, 9, 11)]
        assert answer.context["first"]


class TestPace:
    def test_houses_a_minute_and_only_one_at_a_time(self, desk, lane, community):
        start = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
        for place, number in enumerate((5, 6, 11)):
            with time_machine.travel(start + datetime.timedelta(seconds=3 * place), tick=False):
                answer = choose(desk, lane, number, community)

        assert (answer.context["sitting"].done, answer.context["sitting"].pace) == (3, 20)
        assert "20 houses a minute" in answer.content.decode()


class TestQueries:
    def _queries(self, desk, url, data=None):
        with CaptureQueriesContext(connection) as queries:
            answer = desk.post(url, data, headers=FRAGMENT) if data else desk.get(url, headers=FRAGMENT)
        assert answer.status_code == 200
        return len(queries)

    def test_a_step_asks_as_often_in_a_lane_of_ten_houses_as_in_one_of_a_thousand(
        self, desk, lane, community, subdistrict
    ):
        counts = []
        for many in (0, 1500):
            HouseRegistration.objects.bulk_create(
                HouseFactory.build(subdistrict=subdistrict, district=subdistrict.district, house_no=str(number))
                for number in range(1000, 1000 + many)
            )
            choose(desk, lane, shown(desk.get(address(lane))), community)
            number = shown(desk.get(address(lane)))
            form = {"deed": "choose", "house": house(number).pk, "community": community.pk, "shown_community": ""}
            counts.append((self._queries(desk, address(lane)), self._queries(desk, address(lane), form)))

        assert counts == [(15, 24)] * 2

    def test_so_does_the_page_of_lanes(self, desk, lane, subdistrict):
        counts = [self._queries(desk, reverse("households:run"))]
        for soi in range(10, 60):
            HouseFactory(subdistrict=subdistrict, house_no="1", soi=f"เทอดไท {soi}")
        counts.append(self._queries(desk, reverse("households:run")))

        assert counts == [10, 10]
