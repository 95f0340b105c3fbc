"""The officer's work on lists in the browser: home, receiving, applying, confirming, deciding; and who may not."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households import house_lists, row_decisions, tagging
from households.models import HouseList, HouseNumberRecord, HouseRegistration, RowDecision, TaggingBatch
from households.progress import NextStep, district_progress, totals_of
from households.row_reasons import Outcome, Reason
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db

HEADER = "ลำดับ,บ้านเลขที่,ซอย,ถนน,แขวง,หมายเหตุ"
SUBDISTRICT = "ตลาดพลู"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def subdistrict(district):
    return SubdistrictFactory(district=district, code="101505", name_th=SUBDISTRICT)


@pytest.fixture
def community(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150007", name="ชุมชนโรงเจ 1", expected=4)


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def desk(client, officer):
    """The officer's browser, in English."""
    return signed_in(client, officer)


def signed_in(client, person):
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def typed(number, soi="เทอดไท 5", road="เทอดไท", subdistrict=SUBDISTRICT, note=""):
    return f"1,{number},{soi},{road},{subdistrict},{note}"


def file_of(*lines) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def received(community, by, *lines, name="list.csv") -> HouseList:
    return house_lists.receive(data=file_of(*lines), file_name=name, community=community, by=by).lists[0]


def houses(subdistrict, *numbers, **address) -> list[HouseRegistration]:
    return [HouseFactory(subdistrict=subdistrict, house_no=number, **address) for number in numbers]


@pytest.fixture
def mixed_list(community, subdistrict, officer):
    """Rows 2 and 3 exact, 4 likely (no sub-district), 5 several (no soi), 6 none; 7 is a total."""
    houses(subdistrict, "1/1", "1/2", "1/3", "1/4")
    houses(subdistrict, "1/4", soi="เทอดไท 7")
    return received(
        community,
        officer,
        typed("1/1"),
        typed("1/2"),
        typed("1/3", subdistrict=""),
        typed("1/4", soi=""),
        typed("99"),
        ",รวม 5 หลัง,,,,",
    )


def row_of(house_list, number) -> HouseNumberRecord:
    return house_list.records.get(row=number)


def shown_pair(record) -> str:
    return f"{record.pk}-{record.matches.get(rank=1).house_id}"


def queries_of(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


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
        assert (step()[0], step()[1].first_to_decide) == (NextStep.DECIDE, row_of(mixed_list, 5).pk)
        for number in (5, 6):
            row_decisions.close_row(row_of(mixed_list, number), reason=Reason.NO_SUCH_HOUSE, by=officer)
        assert step() is None
        assert district_progress(district)[0].status == "complete"

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


class TestReceiving:
    def send(self, desk, community, data, name="บัญชี.csv", **fields):
        given = {"community": community.pk, "file": SimpleUploadedFile(name, data), **fields}
        return desk.post(reverse("households:list_receive"), given)

    def test_a_list_is_kept_with_its_letter_and_leads_to_what_was_recognised(self, desk, community, officer):
        answer = self.send(
            desk,
            community,
            file_of(typed("1/1")),
            sender="ฝ่ายพัฒนาชุมชน",
            letter="กท ๕๕๐๒/๓๑",
            received_on="15 ม.ค. 2558",
        )
        kept = HouseList.objects.get()
        assert answer.url == reverse("households:list", args=[kept.pk])
        assert (str(kept.sender), kept.letter, kept.received_by) == ("ฝ่ายพัฒนาชุมชน", "กท ๕๕๐๒/๓๑", officer)
        assert kept.received_on == datetime.date(2015, 1, 15)
        assert not TaggingBatch.objects.exists()

    def test_the_community_of_the_address_is_chosen_already(self, desk, community):
        answer = desk.get(reverse("households:list_receive"), {"community": "10150007"})
        assert answer.context["form"].initial["community"] == community.pk

    def test_an_empty_date_means_today(self, desk, community):
        self.send(desk, community, file_of(typed("1/1")), received_on="")
        assert HouseList.objects.get().received_on == timezone.localdate()

    def test_the_same_file_again_leads_to_the_known_list_and_says_so(self, desk, community):
        first = self.send(desk, community, file_of(typed("1/1")))
        second = self.send(desk, community, file_of(typed("1/1")))
        assert second.url == first.url
        assert "received before" in desk.get(second.url).content.decode()
        assert HouseList.objects.count() == 1

    @pytest.mark.parametrize(
        ("data", "fields", "field"),
        [
            (b"<html>no list</html>", {}, "file"),
            (b"", {}, "file"),
            (HEADER.encode(), {}, "file"),
            (b"PK\x03\x04 torn", {}, "file"),
            (file_of(typed("1/1")), {"received_on": "1 ม.ค. 2999"}, "received_on"),
            (file_of(typed("1/1")), {"received_on": "yesterday"}, "received_on"),
            (file_of(typed("1/1")), {"received_on": f"1 ก{' ' * 50_000}2558"}, "received_on"),
        ],
    )
    def test_what_is_no_list_gets_a_sentence_and_nothing_is_stored(self, desk, community, data, fields, field):
        answer = self.send(desk, community, data, sender="ผู้ส่ง", **fields)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert 'value="ผู้ส่ง"' in answer.content.decode()
        assert not HouseList.objects.exists()

    def test_a_file_that_is_too_large_is_never_read(self, desk, community, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path
        limit = settings.LIST_UPLOAD_LIMIT_BYTES
        answer = self.send(desk, community, b"0" * (limit + 100_000), name="ใหญ่.xlsx", sender="ผู้ส่ง")
        assert answer.status_code == 422
        assert [str(error) for error in answer.context["form"].errors["file"]] == [
            "ใหญ่.xlsx is larger than 20 MB. Nothing was stored; send the list alone, without pictures."
        ]
        assert 'value="ผู้ส่ง"' in answer.content.decode()
        assert list(tmp_path.iterdir()) == []

    def test_a_file_just_above_the_limit_is_refused_though_its_form_is_not(self, desk, community, settings):
        answer = self.send(desk, community, b"0" * (settings.LIST_UPLOAD_LIMIT_BYTES + 1))
        assert answer.status_code == 422
        assert "larger than 20 MB" in answer.content.decode()

    def test_the_token_is_still_asked_for(self, officer, community):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(officer)
        assert self.send(strict, community, file_of(typed("1/1"))).status_code == 403

    def test_a_community_elsewhere_cannot_be_chosen(self, desk):
        elsewhere = CommunityFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
        assert self.send(desk, elsewhere, file_of(typed("1/1"))).status_code == 422
        assert not HouseList.objects.exists()


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
        assert "1 rows name houses tagged before." in answer.content.decode()
        assert "1 rows name houses of another community" in answer.content.decode()
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


def community_houses(community):
    return (
        HouseRegistration.objects.filter(community=community)
        .order_by("number_order")
        .values_list("house_no", flat=True)
    )


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


class TestWhoMayNot:
    def addresses(self, house_list):
        row = row_of(house_list, 5)
        shown = [
            reverse("households:home"),
            reverse("households:lists"),
            reverse("households:list", args=[house_list.pk]),
            reverse("households:list_outcomes", args=[house_list.pk]),
            reverse("households:row", args=[row.pk]),
        ]
        done = [
            reverse("households:list_apply", args=[house_list.pk]),
            reverse("households:list_likely", args=[house_list.pk]),
            reverse("households:row", args=[row.pk]),
            reverse("households:row_close", args=[row.pk]),
            reverse("households:row_reopen", args=[row.pk]),
        ]
        return shown, done

    def test_a_president_finds_none_of_these_pages(self, client, community, mixed_list):
        president = signed_in(client, appoint(Role.PRESIDENT, community))
        shown, done = self.addresses(mixed_list)
        receive = reverse("households:list_receive")
        assert {president.get(address).status_code for address in [*shown, receive]} == {404}
        assert {president.post(address, {"house": 1}).status_code for address in [*done, receive]} == {404}

    @pytest.mark.parametrize("role", [Role.COMMUNITY_DEVELOPMENT, Role.DIRECTOR])
    def test_whoever_does_not_tag_sees_lists_and_changes_nothing(self, client, district, mixed_list, role):
        person = signed_in(client, appoint(role, district))
        shown, done = self.addresses(mixed_list)
        assert {person.get(address).status_code for address in shown} == {200}
        house = HouseRegistration.objects.first().pk
        assert {person.post(address, {"house": house, "reason": "mistyped"}).status_code for address in done} == {404}
        assert not RowDecision.objects.exists()

    def test_a_community_development_officer_sees_no_house_and_no_button(self, client, district, mixed_list):
        person = signed_in(client, appoint(Role.COMMUNITY_DEVELOPMENT, district))
        shown, done = self.addresses(mixed_list)
        codes = list(HouseRegistration.objects.values_list("house_code", flat=True))
        for address in shown:
            page = person.get(address, {"q": "1/1"} if "/rows/" in address else {}).content.decode()
            assert not [code for code in codes if code in page]
            assert "/houses/" not in page
            assert not [deed for deed in done if f'action="{deed}"' in page]
        row = person.get(reverse("households:row", args=[row_of(mixed_list, 5).pk])).content.decode()
        assert "เทอดไท 7" not in row

    def test_a_director_receives_nothing(self, client, district, community):
        director = signed_in(client, appoint(Role.DIRECTOR, district))
        assert director.get(reverse("households:list_receive")).status_code == 404
        assert director.post(reverse("households:list_receive")).status_code == 404

    def test_an_officer_of_another_district_finds_nothing_of_this_one(self, client, mixed_list):
        stranger = signed_in(client, appoint(Role.OFFICER, DistrictFactory(code="1016")))
        shown, done = self.addresses(mixed_list)
        assert {stranger.get(address).status_code for address in shown[2:]} == {404}
        assert {stranger.post(address, {"house": 1}).status_code for address in done} == {404}
        assert stranger.get(reverse("households:home"), {"district": "1015"}).status_code == 404
