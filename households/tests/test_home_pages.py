"""The officer's home: every community with its stage and the next thing to do."""

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory
from households import row_decisions, tagging
from households.progress import NextStep, district_progress, totals_of
from households.row_reasons import Reason
from households.tests.desk import houses, queries_of, received, row_of, typed
from households.tests.factories import tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestHome:
    def test_every_community_has_its_row_whatever_stage_it_is_in(self, desk, mixed_list, subdistrict):
        CommunityFactory.create(subdistrict=subdistrict, code=None, name="ไม่มีรหัส")
        CommunityFactory.create(subdistrict=subdistrict, code="10150099", name="ยังไม่ส่ง", expected=120)
        answer = desk.get(reverse("households:home"))
        rows = {row["progress"].community.name_th: row for row in answer.context["rows"]}
        assert {name: row["progress"].status for name, row in rows.items()} == {
            "ชุมชนโรงเจ 1": "waiting",
            "ไม่มีรหัส": "no_code",
            "ยังไม่ส่ง": "not_received",
        }
        assert rows["ยังไม่ส่ง"]["step"]["url"].endswith("?community=10150099")
        assert rows["ชุมชนโรงเจ 1"]["step"]["url"] == reverse("households:list", args=[mixed_list.pk])
        assert answer.context["next"] is rows["ชุมชนโรงเจ 1"]

    def test_the_next_step_moves_on_with_the_work(self, officer, mixed_list, district):
        def step():
            return district_progress(district)[0].next_step

        assert step()[0] is NextStep.APPLY
        tagging.tag_matching(mixed_list, by=officer)
        assert step()[0] is NextStep.CONFIRM
        likely = row_of(mixed_list, 4)
        row_decisions.confirm_likely(mixed_list, chosen={likely.pk: likely.matches.get(rank=1).house_id}, by=officer)
        assert (step()[0], step()[1].to_decide) == (NextStep.DECIDE, 2)
        for number in (5, 6):
            row_decisions.close_row(row_of(mixed_list, number), reason=Reason.NO_SUCH_HOUSE, by=officer)
        assert step() is None
        assert district_progress(district)[0].status == "complete"

    def test_the_open_rows_and_the_claims_have_their_doors(self, desk, officer, mixed_list, subdistrict):
        other = CommunityFactory.create(subdistrict=subdistrict, code="10150008")
        tagging.tag_matching(mixed_list, by=officer)
        theirs = received(other, officer, typed("1/1"), name="theirs.csv")
        tagging.tag_matching(theirs, by=officer)
        answer = desk.get(reverse("households:home"))
        page = answer.content.decode()
        steps = [row["step"]["url"] for row in answer.context["rows"]]
        assert steps == [
            reverse("households:list_likely", args=[mixed_list.pk]),
            f"{reverse('households:claims')}?district=1015",
        ]
        assert f"{reverse('households:district_bench')}?district=1015" in page

    def test_machine_and_officers_are_told_apart(self, officer, mixed_list, district):
        tagging.tag_matching(mixed_list, by=officer)
        row = row_of(mixed_list, 5)
        row_decisions.decide_row(row, house=row.matches.first().house, by=officer)
        totals = totals_of(district_progress(district))
        assert (totals.by_machine, totals.by_officers, totals.tagged, totals.expected) == (2, 1, 3, 4)

    def test_both_numbers_stand_there_where_the_list_is_not_as_expected(self, desk, mixed_list):
        assert "5 on the list" in desk.get(reverse("households:home")).content.decode()

    def test_a_corrected_list_sent_again_does_not_count_houses_twice(self, officer, community, mixed_list, district):
        received(community, officer, typed("1/1"), typed("๑/๒", soi="ซ.เทอดไท๕"), typed("1/9"), name="again.csv")
        assert district_progress(district)[0].listed == 6

    def test_more_tagged_than_expected_is_said(self, desk, community, subdistrict):
        for house in houses(subdistrict, "2", "4", "6", "8", "10"):
            tag_event(house, community, on=datetime.date(2015, 1, 20))
        assert "more than expected" in desk.get(reverse("households:home")).content.decode()

    def test_an_empty_district_is_told_the_first_step(self, desk):
        page = desk.get(reverse("households:home")).content.decode()
        assert "No communities yet" in page
        assert reverse("households:register_load") in page

    def test_several_districts_are_a_switch_and_another_is_not_there(self, desk, officer, community):
        second, third = DistrictFactory(code="1016"), DistrictFactory(code="1017")
        CommunityFactory.create(subdistrict=SubdistrictFactory(district=second), name="บางกอกใหญ่")
        officer.appointments.create(role=Role.OFFICER, district=second, since=datetime.date(2015, 1, 1))
        page = desk.get(reverse("households:home"), {"district": "1016"}).content.decode()
        assert "บางกอกใหญ่" in page
        assert "?district=1015" in page
        assert desk.get(reverse("households:home"), {"district": third.code}).status_code == 404

    def test_queries_do_not_grow_with_communities_lists_and_rows(self, desk, officer, subdistrict, mixed_list):
        few = queries_of(desk, reverse("households:home"))
        for _number in range(12):
            other = CommunityFactory.create(subdistrict=subdistrict)
            received(other, officer, *[typed(f"{n}/7") for n in range(1, 40)])
        assert queries_of(desk, reverse("households:home")) == few
        assert few <= 20
