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

    def test_rows_stand_soi_by_soi_and_none_is_ticked(self, desk, likely_list):
        answer = desk.get(self.address(likely_list))
        lanes = answer.context["lanes"].lanes
        assert [[row.record.row for row in lane.rows] for lane in lanes] == [[2, 3], [4]]
        assert "checked" not in answer.content.decode().split("<main")[1].split("<script")[0]
        assert "<mark>ตลาดพลู</mark>" in answer.content.decode()

    def test_only_the_ticked_rows_are_tagged(self, desk, likely_list, community):
        row = row_of(likely_list, 3)
        answer = desk.post(self.address(likely_list), {"row": [shown_pair(row)]})
        assert answer.url == self.address(likely_list)
        assert list(community_houses(community)) == ["1/2"]
        assert TaggingBatch.objects.get().kind == TaggingBatch.Kind.LIKELY_CONFIRMED

    def test_the_tick_of_a_soi_stands_for_its_rows_without_javascript(self, desk, likely_list, community):
        pairs = [shown_pair(row_of(likely_list, number)) for number in (2, 3)]
        desk.post(self.address(likely_list), {"lane": ["1"], "lane-1": pairs, "lane-2": "9-9"})
        assert list(community_houses(community)) == ["1/1", "1/2"]

    def test_after_the_last_one_the_list_is_next(self, desk, likely_list):
        pairs = [shown_pair(row) for row in likely_list.records.all()]
        answer = desk.post(self.address(likely_list), {"row": pairs}, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("households:list", args=[likely_list.pk])
        assert "Every row is tagged or closed" in answer.content.decode()

    def test_nothing_ticked_is_said(self, desk, likely_list):
        answer = desk.post(self.address(likely_list), {"row": ["nonsense", "1-", "9-9-9"]})
        assert answer.status_code == 409
        assert "Tick the rows that are right." in answer.content.decode()

    def test_a_stale_page_shows_both_values_and_keeps_the_other_ticks(self, desk, district, likely_list):
        first, second = row_of(likely_list, 2), row_of(likely_list, 3)
        colleague = appoint(Role.OFFICER, district, full_name="เพื่อนร่วมงาน")
        row_decisions.close_row(first, reason=Reason.MISTYPED, by=colleague)
        answer = desk.post(self.address(likely_list), {"row": [shown_pair(first), shown_pair(second)]})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert [moved.now.record.pk for moved in answer.context["moved"]] == [first.pk]
        assert "เพื่อนร่วมงาน" in page
        assert f'value="{shown_pair(second)}" data-tick checked' in page
        assert not TaggingBatch.objects.exists()

    def test_a_house_taken_meanwhile_is_named_and_can_no_longer_be_ticked(self, desk, likely_list, subdistrict):
        row = row_of(likely_list, 2)
        pair = shown_pair(row)
        neighbour = CommunityFactory.create(subdistrict=subdistrict, name="เพื่อนบ้าน")
        tag_event(row.matches.get(rank=1).house, neighbour, on=datetime.date(2015, 1, 20))
        answer = desk.post(self.address(likely_list), {"row": [pair]})
        assert answer.status_code == 409
        assert [moved.now.record.pk for moved in answer.context["moved"]] == [row.pk]
        assert f'value="{pair}"' not in answer.content.decode()
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
