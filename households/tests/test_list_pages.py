"""All lists and one list in the browser: what became of the rows, applying, the outcomes file."""

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.models import HouseRegistration, TaggingBatch
from households.row_reasons import Outcome
from households.tests.desk import houses, queries_of, received, signed_in, typed
from households.tests.factories import tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestLists:
    def test_the_newest_stands_first_with_its_counts(self, desk, officer, community, mixed_list):
        newer = received(community, officer, typed("1/1"), name="newer.csv")
        rows = desk.get(reverse("households:lists")).context["rows"]
        assert [row["list"].pk for row in rows] == [newer.pk, mixed_list.pk]
        assert [rows[1]["counts"][name] for name in ("exact", "likely", "several", "none", "rows")] == [2, 1, 1, 1, 5]
        assert rows[1]["counts"]["waiting"] == 5

    def test_one_community_at_a_time(self, desk, officer, subdistrict, community, mixed_list):
        other = CommunityFactory.create(subdistrict=subdistrict)
        received(other, officer, typed("1/1"))
        rows = desk.get(reverse("households:lists"), {"community": community.pk}).context["rows"]
        assert [row["list"].pk for row in rows] == [mixed_list.pk]

    def test_no_lists_yet(self, desk):
        page = desk.get(reverse("households:lists")).content.decode()
        assert "No lists yet" in page
        assert reverse("households:list_receive") in page

    def test_queries_do_not_grow(self, desk, officer, community, mixed_list):
        few = queries_of(desk, reverse("households:lists"))
        for number in range(20):
            received(community, officer, typed(f"{number + 1}/8"), name=f"{number}.csv")
        assert queries_of(desk, reverse("households:lists")) == few


class TestOneList:
    def page(self, desk, house_list, **query):
        return desk.get(reverse("households:list", args=[house_list.pk]), query)

    def test_grades_and_outcomes_add_up_to_the_rows(self, desk, mixed_list):
        counts = self.page(desk, mixed_list).context["counts"]
        assert [counts[grade] for grade in ("exact", "likely", "several", "none")] == [2, 1, 1, 1]
        assert sum(counts[outcome.value] for outcome in Outcome) == counts["rows"] == 5

    def test_what_was_recognised_and_passed_over_is_shown(self, desk, mixed_list):
        context = self.page(desk, mixed_list).context
        assert [column["means"] for column in context["recognised"]][:2] == ["บ้านเลขที่", "ซอย"]
        assert [cell["text"] for cell in context["first_rows"]["rows"][0]["cells"]][:3] == ["1", "1/1", "เทอดไท 5"]
        assert [(row["row"], str(row["why"])) for row in context["passed_over"]] == [(7, "a total")]

    @pytest.mark.parametrize(
        ("query", "rows"),
        [
            ({"grade": "exact"}, [2, 3]),
            ({"outcome": "open", "grade": "none"}, [6]),
            ({"reason": "several_houses"}, [5]),
            ({"grade": "nonsense"}, [2, 3, 4, 5, 6]),
            ({"after": "4"}, [5, 6]),
            ({"before": "4"}, [2, 3]),
            ({"after": "x"}, [2, 3, 4, 5, 6]),
            ({"outcome": "closed"}, []),
        ],
    )
    def test_rows_are_filtered_and_paged(self, desk, mixed_list, query, rows):
        lines = self.page(desk, mixed_list, **query).context["lines"]
        assert [line.record.row for line in lines] == rows

    def test_the_houses_that_one_row_names_stay_on_one_page(self, desk, officer, community, monkeypatch):
        monkeypatch.setattr("households.views.lists.ROWS_A_PAGE", 1)
        named = received(community, officer, typed("1/1"), typed("1/2 และ 1/3"), typed("1/4"))
        shown = [self.page(desk, named, after=str(row)).context["lines"] for row in (1, 2, 3)]
        assert [[line.record.number_keys[0] for line in page] for page in shown] == [["1/1"], ["1/2", "1/3"], ["1/4"]]

    def test_pages_follow_each_other_without_gap_or_overlap(self, desk, officer, community):
        long_list = received(community, officer, *[typed(f"{n}/3") for n in range(1, 451)])
        address, seen = reverse("households:list", args=[long_list.pk]), []
        while address:
            context = desk.get(address).context
            seen += [line.record.row for line in context["lines"]]
            address = context["following"] and reverse("households:list", args=[long_list.pk]) + context["following"]
        assert seen == list(range(2, 452))
        last = desk.get(reverse("households:list", args=[long_list.pk]), {"after": 401})
        before = desk.get(reverse("households:list", args=[long_list.pk]) + last.context["previous"]).context
        assert [before["lines"][0].record.row, before["lines"][-1].record.row] == [202, 401]
        assert before["place"] == (201, 400, 450)

    def test_queries_do_not_grow_with_rows(self, desk, officer, community, subdistrict):
        houses(subdistrict, *[f"{n}/3" for n in range(1, 120)])
        short = received(community, officer, typed("999"), *[typed(f"{n}/3") for n in range(1, 10)], name="short.csv")
        long = received(community, officer, *[typed(f"{n}/3") for n in range(1, 501)], name="long.csv")
        few, many = [queries_of(desk, reverse("households:list", args=[one.pk])) for one in (short, long)]
        assert few == many <= 24

    def test_applying_tags_the_exact_and_offers_undo(self, desk, mixed_list, community):
        page = self.page(desk, mixed_list).content.decode()
        assert "Tag the 2 certain houses with 10150007 ชุมชนโรงเจ 1" in page
        answer = desk.post(reverse("households:list_apply", args=[mixed_list.pk]), follow=True)
        batch = TaggingBatch.objects.get()
        result = answer.content.decode()
        assert "2 houses were tagged with 10150007 ชุมชนโรงเจ 1." in result
        assert reverse("households:batch_undo", args=[batch.pk]) in result
        assert "Confirm 1 likely rows" in result
        assert "Decide 2 open rows" in result
        assert HouseRegistration.objects.filter(community=community).count() == 2

    def test_repeats_and_claims_are_counted_apart_before_and_after(self, desk, officer, community, subdistrict):
        mine, theirs = houses(subdistrict, "5/1", "5/2")
        tag_event(theirs, CommunityFactory.create(subdistrict=subdistrict), on=datetime.date(2015, 1, 20))
        house_list = received(community, officer, typed("5/1"), typed("5/1"), typed("5/2"))
        assert self.page(desk, house_list).context["to_tag"] == {"houses": 1, "unchanged": 1, "claims": 1}
        answer = desk.post(reverse("households:list_apply", args=[house_list.pk]), follow=True)
        assert "1 row names a house tagged before." in answer.content.decode()
        assert "1 row names a house of another community" in answer.content.decode()
        mine.refresh_from_db()
        theirs.refresh_from_db()
        assert mine.community == community
        assert theirs.community != community

    def test_without_a_code_in_force_the_page_explains_and_has_no_button(self, desk, officer, subdistrict):
        uncoded = CommunityFactory.create(subdistrict=subdistrict, code=None, name="ไม่มีรหัส")
        houses(subdistrict, "6/1")
        house_list = received(uncoded, officer, typed("6/1"))
        page = self.page(desk, house_list).content.decode()
        assert "has no code in force" in page
        assert reverse("households:list_apply", args=[house_list.pk]) not in page
        answer = desk.post(reverse("households:list_apply", args=[house_list.pk]), follow=True)
        assert "no code in force" in answer.content.decode()
        assert not TaggingBatch.objects.exists()


class TestOutcomesFile:
    def lines(self, client, house_list):
        answer = client.get(reverse("households:list_outcomes", args=[house_list.pk]))
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"].startswith("attachment")
        return answer.content.decode().splitlines()

    def test_every_row_has_its_line_with_the_house(self, desk, mixed_list):
        lines = self.lines(desk, mixed_list)
        assert lines[0] == "sheet,row,grade,outcome,house_code,reason,candidates"
        assert len(lines) == 6
        assert HouseRegistration.objects.get(house_no="1/1").house_code in lines[1]

    def test_whoever_may_not_see_houses_gets_no_house_codes(self, client, district, mixed_list):
        sender = signed_in(client, appoint(Role.COMMUNITY_DEVELOPMENT, district))
        lines = self.lines(sender, mixed_list)
        assert lines[1] == ",2,exact,open,,all_parts,"
        codes = HouseRegistration.objects.values_list("house_code", flat=True)
        assert not [code for code in codes for line in lines if code in line]
