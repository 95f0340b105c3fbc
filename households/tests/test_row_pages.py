"""One row in the browser: its candidates, the search, closing and opening it again."""

import datetime

import pytest
from django.urls import reverse

from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory
from households import row_decisions, tagging
from households.models import HouseRegistration, RowDecision
from households.row_reasons import Outcome, Reason
from households.tests.desk import community_houses, houses, queries_of, received, row_of, typed
from households.tests.factories import HouseFactory, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestOneRow:
    def address(self, record):
        return reverse("households:row", args=[record.pk])

    def test_the_row_stands_among_its_neighbours_beside_its_candidates(self, desk, mixed_list):
        context = desk.get(self.address(row_of(mixed_list, 5))).context
        assert [row.row for row in context["around"]] == [2, 3, 4, 5, 6]
        assert [one.house.soi for one in context["suggestions"]] == ["เทอดไท 5", "เทอดไท 7"]
        assert [part.state for part in context["suggestions"][0].parts] == ["unstated", "", ""]
        assert context["left"] == 2

    def test_a_choice_tags_and_leads_to_the_next_open_row(self, desk, mixed_list, community):
        row = row_of(mixed_list, 5)
        house = row.matches.get(rank=2).house
        answer = desk.post(self.address(row), {"house": house.pk, "shown_community": ""})
        assert answer.url == self.address(row_of(mixed_list, 6))
        assert list(community_houses(community)) == ["1/4"]
        assert "Undo" in desk.get(answer.url).content.decode()

    def test_after_a_likely_row_the_other_likely_rows_are_next(self, desk, officer, community, subdistrict):
        houses(subdistrict, "1", "2")
        house_list = received(community, officer, typed("1", subdistrict=""), typed("2", subdistrict=""))
        first = row_of(house_list, 2)
        answer = desk.post(self.address(first), {"house": first.matches.get().house_id})
        assert answer.url == reverse("households:list_likely", args=[house_list.pk])

    def test_a_house_of_another_community_moves_only_with_a_reason(self, desk, officer, community, subdistrict):
        neighbour = CommunityFactory.create(subdistrict=subdistrict, name="เพื่อนบ้าน")
        (house,) = houses(subdistrict, "7/7")
        theirs = received(neighbour, officer, typed("7/7"), name="theirs.csv")
        tagging.tag_matching(theirs, by=officer)
        ours = received(community, officer, typed("7/7"), name="ours.csv")
        tagging.tag_matching(ours, by=officer)
        row = row_of(ours, 2)
        page = desk.get(self.address(row)).content.decode()
        assert "row 2 of theirs.csv" in page
        assert "row 2 of ours.csv" in page
        given = {"house": house.pk, "shown_community": neighbour.pk}
        refused = desk.post(self.address(row), given | {"reason": " "})
        assert refused.status_code == 409
        assert "Give the reason for moving it" in refused.content.decode()
        desk.post(self.address(row), given | {"reason": "ประธานทั้งสองตกลงกัน"})
        house.refresh_from_db()
        assert house.community == community
        assert row.decisions.last().note == "ประธานทั้งสองตกลงกัน"

    def test_a_house_that_changed_hands_since_the_page_shows_both_values(self, desk, mixed_list, subdistrict):
        row = row_of(mixed_list, 5)
        house = row.matches.get(rank=1).house
        neighbour = CommunityFactory.create(subdistrict=subdistrict, name="เพื่อนบ้าน")
        tag_event(house, neighbour, on=datetime.date(2015, 1, 20))
        answer = desk.post(self.address(row), {"house": house.pk, "shown_community": "", "reason": "เดิม"})
        assert answer.status_code == 409
        assert "was shown with no community and now has เพื่อนบ้าน" in answer.content.decode()
        house.refresh_from_db()
        assert house.community == neighbour

    def test_a_row_decided_meanwhile_is_not_decided_again(self, desk, officer, mixed_list):
        row = row_of(mixed_list, 6)
        row_decisions.close_row(row, reason=Reason.NO_SUCH_HOUSE, by=officer)
        house = HouseRegistration.objects.first()
        answer = desk.post(self.address(row), {"house": house.pk})
        assert answer.status_code == 409
        assert "has been decided meanwhile" in answer.content.decode()
        assert RowDecision.objects.count() == 1

    def test_a_house_of_another_district_is_not_there(self, desk, mixed_list):
        elsewhere = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
        answer = desk.post(self.address(row_of(mixed_list, 6)), {"house": elsewhere.pk})
        assert answer.status_code == 404

    def test_another_house_is_found_by_its_number_however_typed(self, desk, mixed_list):
        answer = desk.get(self.address(row_of(mixed_list, 6)), {"q": "บ้านเลขที่ ๑/๔"})
        assert [one.house.house_no for one in answer.context["found"]] == ["1/4", "1/4"]
        one = desk.get(self.address(row_of(mixed_list, 6)), {"q": "1/4", "lane": "ซ.เทอดไท ๗"}).context["found"]
        assert [found.house.soi for found in one] == ["เทอดไท 7"]
        assert one[0].number_differs
        nonsense = desk.get(self.address(row_of(mixed_list, 6)), {"q": "ที่ไหน"})
        assert "Type a house number" in nonsense.content.decode()

    def test_a_common_number_shows_twenty_and_asks_for_the_lane(self, desk, mixed_list, subdistrict):
        for soi in range(1, 24):
            houses(subdistrict, "3", soi=f"วุฒากาศ {soi}", road="วุฒากาศ")
        context = desk.get(self.address(row_of(mixed_list, 6)), {"q": "3"}).context
        assert (len(context["found"]), context["more"]) == (20, True)

    def test_closing_needs_a_reason_and_opens_again(self, desk, mixed_list):
        row = row_of(mixed_list, 6)
        close = reverse("households:row_close", args=[row.pk])
        assert desk.post(close, {"note": "ถามแล้ว"}).status_code == 422
        answer = desk.post(close, {"reason": "no_such_house", "note": "ถามประธานแล้ว"}, follow=True)
        assert reverse("households:row_reopen", args=[row.pk]) in answer.content.decode()
        row.refresh_from_db()
        assert (row.outcome, row.decisions.last().note) == (Outcome.CLOSED, "ถามประธานแล้ว")
        again = desk.post(close, {"reason": "no_such_house"})
        assert again.status_code == 409
        desk.post(reverse("households:row_reopen", args=[row.pk]))
        row.refresh_from_db()
        assert row.outcome == Outcome.OPEN
        refused = desk.post(reverse("households:row_reopen", args=[row.pk]), follow=True)
        assert "is not closed" in refused.content.decode()

    def test_without_a_code_in_force_no_house_can_be_chosen(self, desk, officer, subdistrict):
        uncoded = CommunityFactory.create(subdistrict=subdistrict, code=None)
        (house,) = houses(subdistrict, "6/1")
        house_list = received(uncoded, officer, typed("6/1", soi=""))
        page = desk.get(self.address(row_of(house_list, 2))).content.decode()
        assert "has no code in force" in page
        assert "This house" not in page
        assert desk.post(self.address(row_of(house_list, 2)), {"house": house.pk}).status_code == 409

    def test_queries_do_not_grow_with_candidates_and_rows(self, desk, officer, community, subdistrict):
        for soi in range(1, 20):
            houses(subdistrict, "9/1", soi=f"เทอดไท {soi}")
        houses(subdistrict, "9/2")
        lines = [typed("9/1", soi=""), typed("9/2", subdistrict="")]
        few = received(community, officer, *lines, typed("1/9"))
        many = received(community, officer, *lines, *[typed(f"{n}/9") for n in range(1, 300)], name="many.csv")
        numbers = {queries_of(desk, self.address(row_of(one, row))) for one in (few, many) for row in (2, 3)}
        assert len(numbers) == 1
        assert numbers.pop() <= 24
