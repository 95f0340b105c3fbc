"""Progress by person and day: the numbers, the rows behind each, who sees whose, and what waits how long."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import Community, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households import keying, row_decisions, tagging
from households.models import HouseRegistration
from households.row_reasons import Reason
from households.tests.desk import houses, queries_of, received, row_of, signed_in, typed
from households.tests.factories import AssignmentFactory
from households.undoing import undo_batch
from households.work_done import DayOfWork, Deed, Span, people_at_work, rows_behind, work_of
from households.work_picture import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAGE = "households:work_progress"
MONDAY, TUESDAY, WEDNESDAY = (datetime.date(2015, 1, number) for number in (19, 20, 21))
JANUARY = Span(datetime.date(2015, 1, 1), datetime.date(2015, 1, 31))


@pytest.fixture
def colleague(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def heads_desk(client, district):
    return signed_in(client, appoint(Role.HEAD, district))


def tag(chosen, community, by, day):
    ids = [house.pk for house in chosen]
    return tagging.tag(ids, community=community, by=by, expected=len(ids), happened_on=day).batch


def key(chosen, by, day):
    return keying.key({house.pk: house.community_id for house in chosen}, by=by, happened_on=day)


@pytest.fixture
def worked(community, subdistrict, officer, colleague):
    """The officer tags 3 and 2 houses and keys 4, the colleague tags 4, takes them back, and decides 2 rows."""
    first = houses(subdistrict, "2", "4", "6", "8", "10")
    second = houses(subdistrict, "1", "3", "5", "7")
    tag(first[:3], community, officer, MONDAY)
    tag(first[3:], community, officer, TUESDAY)
    undo_batch(tag(second, community, colleague, MONDAY), by=colleague, happened_on=WEDNESDAY)
    key(HouseRegistration.objects.filter(community=community).order_by("pk")[:4], officer, TUESDAY)
    house_list = received(community, officer, typed("9"), typed("99"), typed("98"))
    for number in (3, 4):
        row_decisions.close_row(
            row_of(house_list, number), reason=Reason.NO_SUCH_HOUSE, by=colleague, happened_on=TUESDAY
        )


def figures(desk, **query):
    answer = desk.get(reverse(PAGE), {"month": "2015-01"} | query)
    return {one.work.person: dict(one.work.days) for one in answer.context["people"] if one.work.total}


class TestTheNumbers:
    def test_by_person_and_day(self, heads_desk, worked, officer, colleague):
        assert figures(heads_desk) == {
            officer: {MONDAY: DayOfWork(tagged=3), TUESDAY: DayOfWork(tagged=2, keyed=4)},
            colleague: {
                MONDAY: DayOfWork(tagged=4),
                TUESDAY: DayOfWork(decided=2),
                WEDNESDAY: DayOfWork(undone=4),
            },
        }

    def test_what_the_machine_decided_is_nobodys_decision(self, district, officer, mixed_list):
        tagging.tag_matching(mixed_list, by=officer, happened_on=timezone.localdate())
        today = Span(timezone.localdate(), timezone.localdate())
        [work] = work_of(district, today, [officer])
        assert work.total == DayOfWork(tagged=2)

    def test_a_keying_taken_back_and_a_code_taken_off_are_no_tags(self, district, worked, officer, community):
        chosen = list(HouseRegistration.objects.filter(community=community).order_by("pk")[:1])
        tagging.untag([chosen[0].pk], by=officer, expected=1, reason="ผิด", happened_on=WEDNESDAY)
        [work] = work_of(district, Span(WEDNESDAY, WEDNESDAY), [officer])
        assert work.total == DayOfWork()

    def test_another_district_and_other_days_do_not_count(self, district, worked, officer):
        elsewhere = DistrictFactory(code="1016")
        assert not work_of(elsewhere, JANUARY, [officer])[0].total
        february = Span(datetime.date(2015, 2, 1), datetime.date(2015, 2, 28))
        assert not work_of(district, february, [officer])[0].total

    def test_every_number_has_as_many_rows_behind_it(self, district, worked):
        people = people_at_work(district)
        seen = 0
        for one in work_of(district, JANUARY, people):
            for day, done in one.days.items():
                for deed in Deed:
                    rows = rows_behind(deed, district, Span(day, day), [one.person])
                    assert rows.count() == getattr(done, deed)
                    seen += rows.count()
        assert seen == 3 + 2 + 4 + 4 + 2 + 4

    def test_five_queries_whatever_there_is(self, district, worked, subdistrict, officer, django_assert_num_queries):
        many = houses(subdistrict, *(f"{n}/5" for n in range(1, 60)))
        for nth, house in enumerate(many[:20]):
            community = CommunityFactory.create(subdistrict=subdistrict, code=f"101511{nth:02}")
            tag([house], community, officer, MONDAY + datetime.timedelta(days=nth % 9))
        with django_assert_num_queries(5):
            work_of(district, JANUARY, people_at_work(district))


class TestTheDoors:
    def test_every_door_of_the_page_leads_to_as_many_rows(self, heads_desk, worked):
        page = heads_desk.get(reverse(PAGE), {"month": "2015-01"}).content.decode()
        doors = re.findall(r'href="(/work/progress/rows/[^"]+)">([\d,]+)</a>', page)
        assert len(doors) == 4 + 2 + 3 + 3 + 3
        for address, number in doors:
            answer = heads_desk.get(address.replace("&amp;", "&"))
            assert answer.context["number"] == len(answer.context["rows"]) == int(number)

    def test_the_rows_name_house_community_person_and_batch(self, heads_desk, worked, officer, community):
        days = {"from": "2015-01-01", "to": "2015-01-31"}
        for what in Deed.values:
            page = heads_desk.get(reverse("households:work_done"), days | {"what": what}).content.decode()
            assert str(Community.objects.as_at(MONDAY).get(pk=community.pk)) in page or what == "undone"
        tagged = heads_desk.get(reverse("households:work_done"), days | {"person": officer.pk})
        assert {row.house.house_no for row in tagged.context["rows"]} == {"2", "4", "6", "8", "10"}

    def test_many_rows_come_page_by_page(self, heads_desk, community, subdistrict, officer):
        tag(houses(subdistrict, *(f"{n}/5" for n in range(1, 131))), community, officer, MONDAY)
        query = {"from": "2015-01-19", "to": "2015-01-19"}
        first = heads_desk.get(reverse("households:work_done"), query).context
        second = heads_desk.get(reverse("households:work_done"), query | {"before": first["next"]}).context
        assert (len(first["rows"]), len(second["rows"]), second["next"]) == (100, 30, None)
        assert (first["number"], second["number"]) == (130, 130)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"from": ""},
            {"to": "x"},
            {"from": "0001-01-01"},
            {"what": "x"},
            {"person": "999999"},
            {"person": "x"},
            {"district": "1016"},
        ],
    )
    def test_what_there_is_not_is_not_there(self, heads_desk, worked, wrong):
        query = {"from": "2015-01-01", "to": "2015-01-31"} | wrong
        assert heads_desk.get(reverse("households:work_done"), query).status_code == 404


class TestWhoSeesWhose:
    def test_an_officer_sees_the_own_work_alone(self, desk, worked, officer, colleague):
        assert list(figures(desk)) == [officer]
        days = {"from": "2015-01-01", "to": "2015-01-31"}
        assert desk.get(reverse("households:work_done"), days).context["number"] == 5
        assert desk.get(reverse("households:work_done"), days | {"person": colleague.pk}).status_code == 404

    def test_the_director_sees_everyones(self, client, worked, district, officer, colleague):
        director = signed_in(client, appoint(Role.DIRECTOR, district))
        assert set(figures(director)) == {officer, colleague}

    def test_another_district_is_not_there(self, heads_desk):
        DistrictFactory(code="1016")
        assert heads_desk.get(reverse(PAGE), {"district": "1016"}).status_code == 404


class TestWhichDays:
    def test_the_last_fortnight_else_31_days_else_a_month(self, heads_desk):
        today = timezone.localdate()
        for query, length in (({}, 14), ({"days": "31"}, 31), ({"days": "9999"}, 14), ({"month": "x"}, 14)):
            span = heads_desk.get(reverse(PAGE), query).context["span"]
            assert (span.last, len(span.days)) == (today, length)
        assert heads_desk.get(reverse(PAGE), {"month": "ม.ค. 2558"}).context["span"] == JANUARY
        for never in ("0001-01", "9000-01"):
            assert heads_desk.get(reverse(PAGE), {"month": never}).context["month"] is None

    def test_where_nothing_was_done_the_last_work_is_a_step_away(self, heads_desk, worked):
        page = heads_desk.get(reverse(PAGE)).content.decode()
        assert "Nothing was done in these days" in page
        assert "month=2015-01" in page

    def test_a_district_at_its_beginning_is_fine(self, heads_desk):
        assert "Nothing was done in these days" in heads_desk.get(reverse(PAGE)).content.decode()


class TestWhatWaits:
    def test_the_oldest_first_with_its_officer_and_its_days(self, heads_desk, officer, community, mixed_list):
        AssignmentFactory(community=community, officer=officer)
        mixed_list.received_on = timezone.localdate() - datetime.timedelta(days=9)
        mixed_list.save()
        fresh = CommunityFactory.create(subdistrict=community.subdistrict, code="10151101", name="ใหม่")
        received(fresh, officer, typed("97"), name="b.csv")
        lines = heads_desk.get(reverse(PAGE)).context["waiting"]
        assert [(line.progress.community.pk, line.waited) for line in lines] == [(community.pk, 9), (fresh.pk, 0)]
        assert lines[0].held.officer == officer
        assert (lines[0].in_stage, lines[0].since_batch) == (9, None)

    def test_an_officer_sees_what_waits_in_the_own_communities(self, desk, officer, community, mixed_list):
        other = CommunityFactory.create(subdistrict=community.subdistrict, code="10151101")
        received(other, officer, typed("97"), name="b.csv")
        AssignmentFactory(community=community, officer=officer)
        assert [line.progress.community.pk for line in desk.get(reverse(PAGE)).context["waiting"]] == [community.pk]


def test_the_page_asks_no_more_where_there_is_more(heads_desk, worked, subdistrict, officer, mixed_list):
    address = reverse(PAGE) + "?month=2015-01"
    few = queries_of(heads_desk, address)
    for number in range(1, 13):
        other = CommunityFactory.create(subdistrict=subdistrict, code=f"101511{number:02}")
        person = appoint(Role.OFFICER, other.district)
        AssignmentFactory(community=other, officer=person)
        tag(houses(subdistrict, *(f"{number}/{n}" for n in range(20, 40))), other, person, TUESDAY)
        received(other, officer, *[typed(f"{n}/7") for n in range(1, 20)])
    assert queries_of(heads_desk, address) == few
    assert few <= 17


class TestThePicture:
    def test_a_column_a_day_and_the_highest_is_written(self):
        shown = picture(JANUARY.days, {"tagged": {MONDAY: 10, TUESDAY: 40}, "keyed": {TUESDAY: 20}}, 40)
        assert [(column.kind, column.number, column.said) for column in shown.columns] == [
            ("tagged", 10, False),
            ("tagged", 40, True),
            ("keyed", 20, True),
        ]
        heights = [column.height for column in shown.columns]
        assert heights[1] == 2 * heights[2]
        assert len(shown.days) == 7

    def test_each_day_of_a_fortnight_is_named_and_a_day_without_work_has_no_column(self):
        fortnight = Span(MONDAY, MONDAY + datetime.timedelta(days=13)).days
        shown = picture(fortnight, {"tagged": {}}, 0)
        assert (len(shown.days), shown.columns) == (14, ())
