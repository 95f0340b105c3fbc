"""The officer's home: every community with its stage and the next thing to do."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households import row_decisions, tagging
from households.progress import NextStep, district_progress, totals_of
from households.row_reasons import Reason
from households.tests.desk import houses, queries_of, received, row_of, signed_in, typed
from households.tests.factories import AssignmentFactory, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestHome:
    def test_every_community_has_its_row_whatever_stage_it_is_in(self, desk, mixed_list, subdistrict):
        CommunityFactory.create(subdistrict=subdistrict, code=None, name="ไม่มีรหัส")
        CommunityFactory.create(subdistrict=subdistrict, code="10150099", name="ยังไม่ส่ง", expected=120)
        answer = desk.get(reverse("households:home"))
        rows = {row.progress.community.name_th: row for row in answer.context["rows"]}
        assert {name: row.progress.status for name, row in rows.items()} == {
            "ชุมชนโรงเจ 1": "waiting",
            "ไม่มีรหัส": "no_code",
            "ยังไม่ส่ง": "not_received",
        }
        assert rows["ยังไม่ส่ง"].step["url"].endswith("?community=10150099")
        assert rows["ชุมชนโรงเจ 1"].step["url"] == reverse("households:list", args=[mixed_list.pk])
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
        steps = [row.step["url"] for row in answer.context["rows"]]
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

    def test_a_district_with_houses_alone_is_told_that_communities_come_next(self, desk, subdistrict):
        houses(subdistrict, "1")
        page = desk.get(reverse("households:home")).content.decode()
        assert "Next come the communities" in page
        assert f'class="btn first" href="{reverse("households:register_load")}"' not in page

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


@pytest.fixture
def colleague(district):
    return appoint(Role.OFFICER, district)


class TestTheOwnCommunities:
    """An officer who was given communities meets these first; the others lie folded below."""

    @pytest.fixture
    def theirs(self, subdistrict, officer, colleague):
        """One of the officer's, one of the colleague's, one that nobody has."""
        made = [
            CommunityFactory.create(subdistrict=subdistrict, code=f"1015110{n}", name=f"ชุมชน {n}", expected=10 * n)
            for n in (1, 2, 3)
        ]
        AssignmentFactory(community=made[1], officer=officer, order_number="๔๙/๒๕๕๘")
        AssignmentFactory(community=made[2], officer=colleague)
        return made

    def names(self, rows):
        return [row.progress.community.name_th for row in rows]

    def test_they_come_first_with_their_own_sums_and_their_order(self, desk, theirs):
        answer = desk.get(reverse("households:home"))
        assert self.names(answer.context["own"]) == ["ชุมชน 2"]
        assert self.names(answer.context["others"]) == ["ชุมชน 1", "ชุมชน 3"]
        assert (answer.context["own_totals"].expected, answer.context["totals"].expected) == (20, 60)
        page = answer.content.decode()
        assert "order ๔๙/๒๕๕๘" in page
        assert "The other 2 communities of the district" in page

    def test_going_on_leads_to_the_own_open_work(self, desk, theirs, officer):
        received(theirs[0], officer, typed("97"), name="a.csv")
        mine = received(theirs[1], officer, typed("98"), name="b.csv")
        assert desk.get(reverse("households:home")).context["next"].step["url"] == reverse(
            "households:list_bench", args=[mine.pk]
        )

    def test_what_is_held_as_a_stand_in_is_own_and_marked(self, desk, theirs, officer, colleague):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        AssignmentFactory(community=theirs[2], officer=officer, stands_in_for=colleague, until=tomorrow)
        answer = desk.get(reverse("households:home"))
        assert self.names(answer.context["own"]) == ["ชุมชน 2", "ชุมชน 3"]
        assert f"for {colleague.full_name} until {timezone.localdate().day} " in answer.content.decode()

    def test_what_a_colleague_stands_in_for_is_not_own_and_says_who_has_it(self, desk, theirs, officer, colleague):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        AssignmentFactory(community=theirs[1], officer=colleague, stands_in_for=officer, until=tomorrow)
        answer = desk.get(reverse("households:home"))
        assert answer.context["own"] == []
        assert f"{colleague.full_name} for {officer.full_name} until" in answer.content.decode()

    def test_whoever_has_none_is_told_so_and_goes_on_with_what_nobody_has(self, client, theirs, district, officer):
        received(theirs[1], officer, typed("98"), name="b.csv")
        orphan = received(theirs[0], officer, typed("97"), name="a.csv")
        newcomer = signed_in(client, appoint(Role.OFFICER, district))
        answer = newcomer.get(reverse("households:home"))
        assert "No community is assigned to you." in answer.content.decode()
        assert len(answer.context["rows"]) == 3
        assert answer.context["next"].step["url"] == reverse("households:list_bench", args=[orphan.pk])

    def test_the_head_goes_on_with_whatever_is_open(self, client, theirs, district, officer):
        open_list = received(theirs[1], officer, typed("98"), name="b.csv")
        head = signed_in(client, appoint(Role.HEAD, district))
        assert head.get(reverse("households:home")).context["next"].step["url"] == reverse(
            "households:list_bench", args=[open_list.pk]
        )

    def test_the_last_five_batches_are_there_with_their_undo(self, desk, theirs, officer, colleague, subdistrict):
        batches = []
        for number, by in enumerate([officer] * 6 + [colleague], start=1):
            [house] = houses(subdistrict, f"{number}/9")
            batches.append(tagging.tag([house.pk], community=theirs[1], by=by, expected=1).batch)
        answer = desk.get(reverse("households:home"))
        assert [(line.batch.pk, line.houses) for line in answer.context["lines"]] == [
            (batch.pk, 1) for batch in batches[5:0:-1]
        ]
        assert answer.context["tagged_today"] == 6
        undo = reverse("households:batch_undo", args=[batches[5].pk])
        assert undo in answer.content.decode()
        assert desk.post(undo, {"next": reverse("households:home")}).url == reverse("households:home")
        answer = desk.get(reverse("households:home"))
        assert undo not in answer.content.decode()
        assert answer.context["tagged_today"] == 6

    def test_a_walk_house_by_house_is_one_of_them_and_undone_whole(self, desk, theirs, officer, subdistrict):
        for house in houses(subdistrict, "1/9", "2/9", "3/9"):
            walked = tagging.tag_house(house, community=theirs[1], by=officer, shown_community=None).batch
        answer = desk.get(reverse("households:home"))
        assert [(line.batch.pk, line.houses) for line in answer.context["lines"]] == [(walked.pk, 3)]
        undo = reverse("households:batch_run_undo", args=[walked.pk])
        assert undo in answer.content.decode()
        desk.post(undo)
        assert undo not in desk.get(reverse("households:home")).content.decode()

    def test_queries_are_the_same_with_few_and_many(self, desk, theirs, officer, subdistrict):
        few = queries_of(desk, reverse("households:home"))
        for number in range(12):
            other = CommunityFactory.create(subdistrict=subdistrict, code=f"101512{number:02}")
            AssignmentFactory(community=other, officer=officer)
            received(other, officer, *[typed(f"{n}/7") for n in range(1, 40)])
            [house] = houses(subdistrict, f"{number + 1}/9")
            tagging.tag([house.pk], community=other, by=officer, expected=1)
        assert queries_of(desk, reverse("households:home")) == few
        assert few <= 15


class TestWhatThereIsToLookAt:
    PAGE = "households:home_to_look_at"

    def found(self, desk):
        return {
            str(one["label"]): (one["number"], one["mine"])
            for one in desk.get(reverse(self.PAGE)).context["to_look_at"]
        }

    @pytest.fixture
    def stray(self, subdistrict, community, officer):
        """Five houses of the community, the middle one tagged to another."""
        other = CommunityFactory.create(subdistrict=subdistrict, code="10151101")
        row = houses(subdistrict, "2", "4", "6", "8", "10")
        for house in row:
            to = other if house.house_no == "6" else community
            tagging.tag([house.pk], community=to, by=officer, expected=1)
        return other

    def test_strays_and_houses_to_key_are_counted(self, desk, stray):
        assert self.found(desk) == {"Strays": (1, 0), "Houses to key": (5, 5)}

    def test_of_the_own_communities_where_the_person_has_any(self, desk, stray, officer):
        AssignmentFactory(community=stray, officer=officer)
        assert self.found(desk) == {"Strays": (1, 1), "Houses to key": (1, 1)}

    def test_each_number_is_that_of_the_page_behind_it(self, desk, stray):
        for one in desk.get(reverse(self.PAGE)).context["to_look_at"]:
            if one["url"] == reverse("households:strays"):
                assert desk.get(one["url"]).context["waiting"] == one["number"]

    def test_queries_are_the_same_with_few_and_many(self, desk, stray, subdistrict, officer):
        few = queries_of(desk, reverse(self.PAGE))
        for house in houses(subdistrict, *(f"{number}/3" for number in range(1, 60))):
            tagging.tag([house.pk], community=stray, by=officer, expected=1)
        assert queries_of(desk, reverse(self.PAGE)) == few
        assert few <= 8

    def test_where_there_is_nothing_there_is_no_box(self, desk):
        assert desk.get(reverse(self.PAGE)).content.decode().strip() == ""

    def test_another_district_is_not_there(self, desk):
        DistrictFactory(code="1016")
        assert desk.get(reverse(self.PAGE), {"district": "1016"}).status_code == 404
