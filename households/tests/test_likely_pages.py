"""Confirming likely rows in the browser."""

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households import row_decisions
from households.models import TaggingBatch
from households.row_reasons import Reason
from households.tests.desk import community_houses, houses, queries_of, received, row_of, shown_pair, typed
from households.tests.factories import tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestLikelyRows:
    @pytest.fixture
    def likely_list(self, community, subdistrict, officer):
        """Rows 2 and 3 in soi 5, row 4 in soi 6, all without a sub-district."""
        houses(subdistrict, "1/1", "1/2")
        houses(subdistrict, "1/3", soi="เทอดไท 6")
        lines = [typed("1/1", subdistrict=""), typed("1/2", subdistrict=""), typed("1/3", "เทอดไท 6", subdistrict="")]
        return received(community, officer, *lines)

    def address(self, house_list):
        return reverse("households:list_likely", args=[house_list.pk])

    def confirm(self, desk, house_list, *ticked, shown=None, **headers):
        pairs = [shown_pair(row) for row in ticked]
        form = {"row": pairs, "shown": [shown_pair(row) for row in shown] if shown else pairs}
        return desk.post(self.address(house_list), form, headers=headers)

    def test_one_soi_stands_there_ticked_and_the_others_behind_doors(self, desk, likely_list):
        answer = desk.get(self.address(likely_list))
        likely = answer.context["likely"]
        assert [(row.record.row, row.is_ticked) for row in likely.rows] == [(2, True), (3, True)]
        assert [(lane.house.soi, lane.rows) for lane in likely.other_lanes] == [("เทอดไท 6", 1)]
        assert "<mark>ตลาดพลู</mark>" in answer.content.decode()
        other = desk.get(self.address(likely_list), {"from": likely.other_lanes[0].first_row}).context["likely"]
        assert [row.record.row for row in other.rows] == [4]

    def test_rows_of_another_soi_are_never_confirmed_with_the_one_shown(self, desk, likely_list, community):
        page = desk.get(self.address(likely_list)).content.decode()
        assert shown_pair(row_of(likely_list, 4)) not in page

    def test_a_long_soi_is_shown_in_parts(self, desk, officer, community, subdistrict):
        houses(subdistrict, *[f"{n}/4" for n in range(1, 41)])
        house_list = received(community, officer, *[typed(f"{n}/4", subdistrict="") for n in range(1, 41)])
        first = desk.get(self.address(house_list)).context["likely"]
        assert (len(first.rows), first.lane.rows) == (30, 40)
        rest = desk.get(self.address(house_list), {"from": first.next_row}).context["likely"]
        assert [row.record.row for row in rest.rows] == list(range(32, 42))

    def test_only_the_ticked_rows_are_tagged_and_the_next_soi_follows(self, desk, likely_list, community):
        first, second, third = likely_list.records.order_by("row")
        answer = self.confirm(desk, likely_list, second, shown=[first, second])
        assert answer.url == f"{self.address(likely_list)}?from={third.pk}"
        assert list(community_houses(community)) == ["1/2"]
        assert TaggingBatch.objects.get().kind == TaggingBatch.Kind.LIKELY_CONFIRMED

    def test_a_row_that_was_unticked_does_not_come_back_ticked(self, desk, likely_list):
        first, second, _third = likely_list.records.order_by("row")
        self.confirm(desk, likely_list, second, shown=[first, second])
        again = desk.get(self.address(likely_list)).context["likely"]
        assert [(row.record.row, row.is_ticked) for row in again.rows] == [(2, False)]

    def test_the_next_soi_is_the_answer_itself_with_what_was_done_and_its_undoing(self, desk, likely_list, community):
        first, second, third = likely_list.records.order_by("row")
        answer = self.confirm(desk, likely_list, first, second, **{"HX-Request": "true"})
        assert "<html" not in answer.content.decode()
        assert [row.record for row in answer.context["likely"].rows] == [third]
        undo = {"undo": answer.context["done"]["undo"]}
        back = desk.post(self.address(likely_list), undo, headers={"HX-Request": "true"})
        assert [row.record for row in back.context["likely"].rows] == [first, second]
        assert not community_houses(community)
        again = desk.post(self.address(likely_list), undo, headers={"HX-Request": "true"})
        assert again.status_code == 409

    def test_after_the_last_one_the_list_is_next(self, desk, likely_list):
        answer = self.confirm(desk, likely_list, *likely_list.records.all())
        assert answer.url == reverse("households:list", args=[likely_list.pk])
        assert "Every row is tagged or closed" in desk.get(answer.url).content.decode()

    def test_nothing_ticked_is_said(self, desk, likely_list):
        answer = desk.post(self.address(likely_list), {"row": ["nonsense", "1-", "9-9-9"]})
        assert answer.status_code == 409
        assert "Tick the rows that are right." in answer.content.decode()

    def test_a_stale_page_shows_both_values_and_keeps_the_other_ticks(self, desk, district, likely_list):
        first, second = row_of(likely_list, 2), row_of(likely_list, 3)
        colleague = appoint(Role.OFFICER, district, full_name="เพื่อนร่วมงาน")
        row_decisions.close_row(first, reason=Reason.MISTYPED, by=colleague)
        answer = self.confirm(desk, likely_list, first, second)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert [moved.now.record.pk for moved in answer.context["moved"]] == [first.pk]
        assert "เพื่อนร่วมงาน" in page
        assert f'value="{shown_pair(second)}" data-tick checked' in page
        assert not TaggingBatch.objects.exists()

    def test_a_house_taken_meanwhile_is_named_and_can_no_longer_be_ticked(self, desk, likely_list, subdistrict):
        row = row_of(likely_list, 2)
        neighbour = CommunityFactory.create(subdistrict=subdistrict, name="เพื่อนบ้าน")
        tag_event(row.matches.get(rank=1).house, neighbour, on=datetime.date(2015, 1, 20))
        answer = self.confirm(desk, likely_list, row)
        assert answer.status_code == 409
        assert [moved.now.record.pk for moved in answer.context["moved"]] == [row.pk]
        assert f'name="row" value="{shown_pair(row)}"' not in answer.content.decode()
        assert "เพื่อนบ้าน" in answer.content.decode()

    def test_a_made_up_house_is_refused(self, desk, likely_list):
        answer = desk.post(self.address(likely_list), {"row": [f"{row_of(likely_list, 2).pk}-999999999"]})
        assert answer.status_code == 409
        assert not TaggingBatch.objects.exists()

    def test_queries_do_not_grow_with_rows(self, desk, officer, community, subdistrict):
        houses(subdistrict, *[f"{n}/4" for n in range(1, 150)])
        short = received(community, officer, *[typed(f"{n}/4", subdistrict="") for n in range(1, 4)], name="a.csv")
        long = received(community, officer, *[typed(f"{n}/4", subdistrict="") for n in range(1, 150)], name="b.csv")
        few, many = [queries_of(desk, self.address(one)) for one in (short, long)]
        assert few == many <= 16
