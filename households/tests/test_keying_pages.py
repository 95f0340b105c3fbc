"""The keying list in the browser: each key is a form; as a list it is ticked with a check; as a file stamped."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint, command_line
from households.keying import key
from households.models import Assignment, HouseRegistration, KeyingEvent
from households.tests.desk import queries_of, signed_in
from households.tests.factories import HouseFactory, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JANUARY = datetime.date(2015, 1, 20)
FRAGMENT = {"HX-Request": "true"}
RUN, LIST = (reverse(f"households:{name}") for name in ("keying", "keying_list"))


@pytest.fixture
def other(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="ชุมชนสวนพลู")


def tagged(community, *numbers, **address):
    houses = [HouseFactory(subdistrict=community.subdistrict, house_no=number, **address) for number in numbers]
    for house in houses:
        tag_event(house, community, on=JANUARY)
    return houses


def post(desk, deed, house, query="", headers=None, **more):
    return desk.post(RUN + query, {"deed": deed, "house": house.pk, **more}, headers=headers)


def keyed(desk, house, community, **more):
    return post(desk, "keyed", house, community=community.pk if community else "", **more)


def shown(answer):
    house = answer.context["house"]
    return house and house.house_no


def assign(community, officer):
    return Assignment.objects.create(
        community=community,
        officer=officer,
        since=JANUARY,
        order_number="1/2558",
        order_date=JANUARY,
        recorded_by=command_line(),
    )


class TestHouseByHouse:
    def test_the_house_and_what_to_type_stand_there(self, desk, community):
        tagged(community, "1/1")
        page = desk.get(RUN)
        house = HouseRegistration.objects.get()
        assert (shown(page), page.context["left"]) == ("1/1", 1)
        assert f'data-copy="{house.house_code}"' in page.content.decode()
        assert 'data-copy="10150007"' in page.content.decode()

    def test_keyed_leads_to_the_next_house(self, desk, community, officer):
        first, second = tagged(community, "1", "2")
        answer = keyed(desk, first, community)
        assert (answer.status_code, answer.url) == (302, f"{RUN}?district=1015&house={second.pk}")
        event = KeyingEvent.objects.get()
        assert (event.house, event.community, event.recorded_by) == (first, community, officer)
        assert shown(desk.get(answer.url)) == "2"

    def test_with_javascript_the_next_house_alone_is_the_answer(self, desk, community):
        first, _second = tagged(community, "1", "2")
        answer = keyed(desk, first, community, headers=FRAGMENT)
        assert (answer.status_code, shown(answer)) == (200, "2")
        assert b"<html" not in answer.content
        assert answer.context["sitting"].last.house == first

    def test_later_puts_the_house_behind_all_others(self, desk, community):
        first, second = tagged(community, "1", "2")
        assert shown(post(desk, "later", first, headers=FRAGMENT)) == "2"
        assert shown(keyed(desk, second, community, headers=FRAGMENT)) == "1"

    @pytest.mark.parametrize(("page", "query"), [(RUN, ""), (RUN, "?soi=5"), (LIST, "")])
    def test_nothing_to_key_under_conditions_leads_to_all_of_the_district(
        self, desk, community, other, officer, page, query
    ):
        assign(other, officer)
        tagged(community, "1")
        answer = desk.get(page + query)
        assert "Look in all of the district" in answer.content.decode()
        assert f'href="{page}?district=1015&amp;whose=all"' in answer.content.decode()
        assert answer.context["left"] == 0

    @pytest.mark.parametrize("page", [RUN, LIST])
    def test_nothing_to_key_in_the_district_leads_to_the_reconciliation(self, desk, page):
        answer = desk.get(page).content.decode()
        assert "Houses come here as soon as they are tagged" in answer
        assert f'href="{reverse("households:reconciliation")}"' in answer

    def test_undo_takes_the_last_keying_back_and_shows_its_house(self, desk, community):
        first, _second = tagged(community, "1", "2")
        keyed(desk, first, community)
        event = KeyingEvent.objects.get()
        answer = post(desk, "undo", first, headers=FRAGMENT, keying=event.pk)
        assert (shown(answer), KeyingEvent.objects.latest("id").kind) == ("1", "taken_back")
        again = post(desk, "undo", first, headers=FRAGMENT, keying=event.pk)
        assert again.status_code == 409
        assert "taken back already" in again.context["refusal"]

    def test_nobody_takes_back_what_another_keyed(self, desk, community):
        [house] = tagged(community, "1")
        key({house.pk: community.pk}, by=command_line())
        assert post(desk, "undo", house, keying=KeyingEvent.objects.get().pk).status_code == 404

    def test_a_house_that_moved_meanwhile_is_refused_with_both_values_and_stays(self, desk, community, other):
        first, _second = tagged(community, "1", "2")
        tag_event(first, other, on=timezone.localdate())
        answer = keyed(desk, first, community, headers=FRAGMENT)
        assert (answer.status_code, shown(answer)) == (409, "1")
        assert "10150007" in answer.context["refusal"]
        assert "10150008" in answer.context["refusal"]
        assert not KeyingEvent.objects.exists()

    def test_a_house_that_a_colleague_keyed_meanwhile_is_told_with_the_name(self, desk, community):
        first, _second = tagged(community, "1", "2")
        key({first.pk: community.pk}, by=command_line())
        answer = keyed(desk, first, community, headers=FRAGMENT)
        assert (answer.status_code, shown(answer)) == (409, "2")
        assert "keyed meanwhile by" in answer.context["refusal"]

    def test_a_key_pressed_twice_is_one_keying_and_no_reproach(self, desk, community):
        first, _second = tagged(community, "1", "2")
        keyed(desk, first, community)
        assert keyed(desk, first, community, headers=FRAGMENT).status_code == 200
        assert KeyingEvent.objects.count() == 1

    def test_a_code_to_take_out_is_said_so(self, desk, community):
        [house] = tagged(community, "1")
        key({house.pk: community.pk}, by=command_line())
        tag_event(house, None, on=timezone.localdate())
        page = desk.get(RUN)
        assert (page.context["community"], page.context["stood"].pk) == (None, community.pk)
        assert keyed(desk, house, None).status_code == 302
        assert shown(desk.get(RUN)) is None

    def test_a_deed_that_is_none_is_refused(self, desk, community):
        [house] = tagged(community, "1")
        assert post(desk, "", house).status_code == 409

    def test_an_officer_begins_with_the_own_communities(self, desk, community, other, officer):
        tagged(community, "1")
        tagged(other, "2")
        assert [desk.get(RUN).context["left"], desk.get(RUN, {"whose": "all"}).context["left"]] == [2, 2]
        assign(other, officer)
        page = desk.get(RUN)
        assert (shown(page), page.context["left"]) == ("2", 1)
        assert desk.get(RUN, {"whose": "all"}).context["left"] == 2

    def test_one_community_or_one_soi_is_asked_for(self, desk, community, other):
        tagged(community, "1")
        tagged(other, "2", soi="เทอดไท 7")
        assert shown(desk.get(RUN, {"community": "10150008"})) == "2"
        assert shown(desk.get(RUN, {"soi": "เทอดไท 7"})) == "2"
        assert desk.get(RUN, {"soi": '"'}).context["refusal"]

    def test_a_house_of_another_district_is_not_there(self, desk, community):
        elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601")
        there = CommunityFactory.create(subdistrict=elsewhere, code="10160001")
        [house] = tagged(there, "9")
        assert keyed(desk, house, there).status_code == 404
        assert desk.get(RUN, {"district": "1016"}).status_code == 404
        assert shown(desk.get(RUN, {"house": house.pk})) is None

    def test_a_director_keys_nothing(self, client, district, community):
        director = signed_in(client, appoint(Role.DIRECTOR, district))
        assert [director.get(address).status_code for address in (RUN, LIST)] == [404] * 2


class TestAsAList:
    def tick(self, desk, houses, community, **more):
        boxes = [f"{house.pk}:{community.pk}" for house in houses]
        return desk.post(LIST, {"house": boxes, **more})

    def test_ticking_shows_a_check_first_and_records_after_it(self, desk, community):
        houses = tagged(community, "1", "2", "3")
        check = self.tick(desk, houses[:2], community)
        assert (check.status_code, check.context["number"]) == (200, 2)
        assert not KeyingEvent.objects.exists()
        done = self.tick(desk, houses[:2], community, sure="1")
        assert (done.status_code, KeyingEvent.objects.count()) == (302, 2)
        assert desk.get(LIST).context["left"] == 1

    def test_a_stale_page_is_refused_and_the_other_ticks_stay(self, desk, community, other):
        houses = tagged(community, "1", "2")
        tag_event(houses[0], other, on=timezone.localdate())
        answer = self.tick(desk, houses, community, sure="1")
        assert answer.status_code == 409
        assert answer.content.decode().count(" checked") == 1
        assert not KeyingEvent.objects.exists()

    def test_nothing_ticked_is_told(self, desk, community):
        tagged(community, "1")
        answer = desk.post(LIST, {}, follow=True)
        assert "Tick the houses" in answer.content.decode()

    def test_houses_of_another_district_are_passed_over(self, desk, community):
        elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601")
        there = CommunityFactory.create(subdistrict=elsewhere, code="10160001")
        [house] = tagged(there, "9")
        assert self.tick(desk, [house], there, sure="1").status_code == 302
        assert not KeyingEvent.objects.exists()

    def test_pages_follow_each_other_through_the_communities(self, desk, community, other):
        tagged(community, *[f"{number}/1" for number in range(1, 31)])
        tagged(other, *[f"{number}/2" for number in range(1, 31)])
        met, address = [], LIST
        while address:
            page = desk.get(address)
            met += [house.house_no for _place, houses in page.context["groups"] for house in houses]
            address = f"{LIST}?after={page.context['next'].pk}" if page.context["next"] else ""
        assert met == [f"{n}/{place}" for place in (1, 2) for n in range(1, 31)]


class TestAsAFile:
    def cells(self, answer):
        sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
        return [list(row) for row in sheet.iter_rows()]

    def test_it_is_stamped_with_name_time_and_purpose(self, desk, community, officer):
        tagged(community, "1")
        answer = desk.get(LIST, {"format": "xlsx", "purpose": "คีย์ที่ฝ่ายทะเบียน"})
        stamp = self.cells(answer)[1][0].value
        assert str(officer) in stamp
        assert "คีย์ที่ฝ่ายทะเบียน" in stamp
        assert str(timezone.localdate().year + 543) in stamp
        assert answer["Content-Disposition"].startswith("attachment")

    def test_without_a_purpose_there_is_no_file(self, desk, community):
        tagged(community, "1")
        answer = desk.get(LIST, {"format": "xlsx", "purpose": " "}, follow=True)
        assert answer.redirect_chain
        assert "what the list is printed or exported for" in answer.content.decode()

    def test_what_looks_like_a_formula_stays_text(self, desk, community):
        [house] = tagged(community, "1")
        HouseRegistration.objects.filter(pk=house.pk).update(road="=1+1", soi="+66", house_no="@SUM(A1)")
        answer = desk.get(LIST, {"format": "xlsx", "purpose": '=HYPERLINK("x")'})
        assert {cell.data_type for row in self.cells(answer) for cell in row if cell.value is not None} == {"s"}

    def test_it_holds_the_houses_asked_for_and_no_others(self, desk, community, other):
        [house] = tagged(community, "1")
        tagged(other, "2")
        elsewhere = SubdistrictFactory(district=DistrictFactory(code="1016"), code="101601")
        tagged(CommunityFactory.create(subdistrict=elsewhere, code="10160001"), "9")
        answer = desk.get(LIST, {"format": "xlsx", "community": "10150007", "purpose": "x"})
        rows = [[cell.value for cell in row] for row in self.cells(answer)][4:-2]
        code = f"{house.house_code[:4]}-{house.house_code[4:10]}-{house.house_code[10:]}"
        assert [row[:2] for row in rows] == [[code, "10150007"]]


@pytest.mark.parametrize("address", [RUN, LIST])
def test_a_page_asks_as_little_of_many_houses_as_of_few(desk, community, other, officer, address):
    tagged(community, *[f"{number}/1" for number in range(1, 6)])
    assign(community, officer)
    key({HouseRegistration.objects.first().pk: community.pk}, by=officer)
    few = queries_of(desk, address)
    tagged(community, *[f"{number}/3" for number in range(1, 60)])
    tagged(other, *[f"{number}/2" for number in range(1, 60)])
    assert queries_of(desk, address) == few
    assert few <= 15
