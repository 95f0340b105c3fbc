"""One row in the browser: its neighbours, its candidates, what was decided, and its doors."""

import pytest
from django.urls import reverse

from households import row_decisions
from households.models import HouseNumberRecord
from households.row_reasons import Outcome, Reason
from households.templatetags.houses import typed_place
from households.tests.desk import houses, queries_of, received, row_of, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_row_in_one_line_names_each_part_once_however_it_was_typed():
    typed_in_full = HouseNumberRecord(soi="ซ.เทอดไท 5", road="ถนนเทอดไท", subdistrict_text="แขวงบางยี่เรือ")
    bare = HouseNumberRecord(moo="3", soi="เทอดไท 5", road="เทอดไท")
    assert typed_place(typed_in_full) == "ซ.เทอดไท 5 · ถนนเทอดไท · แขวงบางยี่เรือ"
    assert typed_place(bare) == "หมู่ 3 · ซอยเทอดไท 5 · ถนนเทอดไท"


class TestOneRow:
    def address(self, record):
        return reverse("households:row", args=[record.pk])

    def test_the_row_stands_among_its_neighbours_beside_its_candidates(self, desk, mixed_list):
        context = desk.get(self.address(row_of(mixed_list, 5))).context
        assert [line.record.row for line in context["around"].lines] == [2, 3, 4, 5, 6]
        assert [one.house.soi for one in context["suggestions"]] == ["เทอดไท 5", "เทอดไท 7"]
        assert [part.state for part in context["suggestions"][0].parts] == ["unstated", "", ""]
        assert [one.in_neighbours_lane for one in context["suggestions"]] == [True, False]

    def test_an_open_row_has_a_door_to_the_bench_and_a_closed_one_can_be_opened_again(self, desk, officer, mixed_list):
        row = row_of(mixed_list, 6)
        bench = reverse("households:list_bench", args=[mixed_list.pk])
        assert f"{bench}?row={row.pk}" in desk.get(self.address(row)).content.decode()
        row_decisions.close_row(row, reason=Reason.NO_SUCH_HOUSE, by=officer)
        reopen = reverse("households:row_reopen", args=[row.pk])
        assert reopen in desk.get(self.address(row)).content.decode()
        desk.post(reopen)
        row.refresh_from_db()
        assert row.outcome == Outcome.OPEN
        assert "is not closed" in desk.post(reopen, follow=True).content.decode()

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
