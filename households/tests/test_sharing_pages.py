"""Work shared out in the browser: who has what, giving by order, handing over, ending, the annex on paper."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import Community, District, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.assignments import assign, hand_over, officers_of
from households.models import Assignment
from households.tests.desk import houses, queries_of, received, signed_in, typed
from households.tests.factories import AssignmentFactory, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAGE = "households:work_shared_out"
ORDER = {"order_number": "๔๙/๒๕๕๘", "order_date": "16/1/2558"}


def today():
    return timezone.localdate()


def written(day):
    return f"{day.day}/{day.month}/{day.year + 543}"


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


@pytest.fixture
def heads_desk(client, head):
    return signed_in(client, head)


@pytest.fixture
def colleague(district):
    return appoint(Role.OFFICER, district, full_name="นายวิชัย")


@pytest.fixture
def three(subdistrict):
    return [
        CommunityFactory.create(subdistrict=subdistrict, name=f"ชุมชน {number}", expected=100 * number)
        for number in (1, 2, 3)
    ]


def give(communities, officer, by):
    return assign(
        communities,
        officer=officer,
        order_number="๔๙/๒๕๕๘",
        order_date=datetime.date(2015, 1, 16),
        since=datetime.date(2015, 1, 19),
        by=by,
    )


def lend(officer, to, by, days=9):
    until = today() + datetime.timedelta(days=days)
    return hand_over(
        officer,
        to=to,
        district=District.objects.get(code="1015"),
        since=today(),
        until=until,
        order_number="๕๒/๒๕๕๘",
        order_date=today(),
        by=by,
    )


def ticked(*pairs):
    return {"community": [f"{community.pk}:{officer.pk if officer else ''}" for community, officer in pairs]}


def working():
    return officers_of(District.objects.get(code="1015"), today())


class TestWhoHasWhat:
    def test_what_nobody_has_comes_first_then_person_by_person(self, heads_desk, head, officer, colleague, three):
        give(three[:1], officer, head)
        lend(officer, colleague, head)
        shares = {
            str(share.person or "nobody"): (share.communities, share.houses, share.stood_in)
            for share in heads_desk.get(reverse(PAGE)).context["shares"]
        }
        assert next(iter(shares)) == "nobody"
        assert shares == {
            "nobody": (2, 500, 0),
            officer.full_name: (0, 0, 0),
            colleague.full_name: (1, 100, 1),
        }

    def test_the_loads_are_houses_and_open_rows(self, heads_desk, head, officer, community, mixed_list, subdistrict):
        give([community], officer, head)
        for house in houses(subdistrict, "2", "4", "6"):
            tag_event(house, community, on=datetime.date(2015, 1, 20))
        answer = heads_desk.get(reverse(PAGE))
        share = next(one for one in answer.context["shares"] if one.person == officer)
        assert (share.houses, share.tagged, share.left, share.waiting) == (4, 3, 1, 5)
        assert answer.context["even"] == 4
        assert "the equal share, 4 houses" in answer.content.decode()

    def test_a_stand_in_is_shown_with_the_last_day(self, heads_desk, head, officer, colleague, three):
        give(three, officer, head)
        lend(officer, colleague, head, days=1)
        assert f"for {officer.full_name} until {today().day} " in heads_desk.get(reverse(PAGE)).content.decode()

    def test_whoever_left_the_post_is_marked(self, heads_desk, head, officer, three, district):
        give(three, officer, head)
        officer.appointments.update(until=today())
        assert "no longer in post" in heads_desk.get(reverse(PAGE)).content.decode()

    def test_one_persons_communities_alone(self, heads_desk, head, officer, three):
        give(three[:1], officer, head)
        for wanted, names in ((officer.pk, ["ชุมชน 1"]), ("none", ["ชุมชน 2", "ชุมชน 3"])):
            groups = heads_desk.get(reverse(PAGE), {"officer": wanted}).context["groups"]
            assert [row.progress.community.name_th for share in groups for row in share.rows] == names

    def test_the_officer_and_the_director_read_and_change_nothing(self, client, district, officer, head, three):
        given = give(three, officer, head)
        for person in (officer, appoint(Role.DIRECTOR, district)):
            desk = signed_in(client, person)
            page = desk.get(reverse(PAGE)).content.decode()
            assert "ชุมชน 1" in page
            assert "Assign by order" not in page
            assert "Hand over…" not in page
            for address in (
                reverse("households:work_assign"),
                reverse("households:work_end", args=[given[0].pk]),
                reverse("households:work_take_back", args=[given[0].pk]),
                reverse("households:work_restore", args=[given[0].pk]),
                reverse("households:work_hand_over", args=[officer.pk]),
            ):
                assert desk.post(address).status_code == 404, address
        assert Assignment.objects.filter(ended_at=None).count() == 3

    def test_another_district_is_not_there(self, client, district, officer, head, three):
        given = give(three, officer, head)
        stranger = signed_in(client, appoint(Role.HEAD, DistrictFactory(code="1016")))
        assert stranger.get(reverse(PAGE), {"district": "1015"}).status_code == 404
        assert stranger.post(reverse("households:work_assign") + "?district=1015").status_code == 404
        for name in ("work_end", "work_take_back", "work_restore"):
            assert stranger.post(reverse(f"households:{name}", args=[given[0].pk])).status_code == 404
        assert stranger.get(reverse("households:work_hand_over", args=[officer.pk])).status_code == 404

    def test_a_district_without_communities_is_told_so(self, heads_desk):
        assert "No communities yet" in heads_desk.get(reverse(PAGE)).content.decode()

    def test_queries_do_not_grow_with_communities_orders_and_rows(self, heads_desk, head, officer, three, subdistrict):
        give(three, officer, head)
        few = queries_of(heads_desk, reverse(PAGE))
        for _number in range(12):
            other = CommunityFactory.create(subdistrict=subdistrict)
            AssignmentFactory(community=other, officer=appoint(Role.OFFICER, other.district), order_number=str(other))
            received(other, officer, *[typed(f"{n}/7") for n in range(1, 40)])
        assert queries_of(heads_desk, reverse(PAGE)) == few
        assert few <= 13


def community_today(community):
    return Community.objects.as_at(today()).get(pk=community.pk)


class TestGiving:
    def ask(self, desk, officer, *pairs, **order):
        data = ticked(*pairs) | {"officer": officer.pk} | order
        return desk.post(reverse("households:work_assign"), data)

    def test_first_what_would_change_then_the_deed_and_its_undo(self, heads_desk, head, officer, colleague, three):
        give(three[:1], colleague, head)
        pairs = [(three[0], colleague), (three[1], None)]
        check = self.ask(heads_desk, officer, *pairs)
        assert check.status_code == 200
        assert (check.context["before"].houses, check.context["after"].houses) == (0, 300)
        assert Assignment.objects.count() == 1

        self.ask(heads_desk, officer, *pairs, since=written(today()), **ORDER)
        assert working() == {three[0].pk: officer, three[1].pk: officer}
        page = heads_desk.get(reverse(PAGE)).content.decode()
        assert f"2 communities were given to {officer.full_name}." in page

        given = Assignment.objects.filter(officer=officer).first()
        undo = reverse("households:work_take_back", args=[given.pk])
        assert undo in page
        heads_desk.post(undo)
        assert working() == {three[0].pk: colleague}
        heads_desk.post(undo)
        assert "has changed since" in heads_desk.get(reverse(PAGE)).content.decode()

    def test_a_stale_page_is_refused_with_the_names(self, heads_desk, head, officer, colleague, three):
        give(three[:1], colleague, head)
        answer = self.ask(heads_desk, officer, (three[0], None), (three[1], None), since=written(today()), **ORDER)
        assert answer.status_code == 422
        assert "Meanwhile somebody else shared out ชุมชน 1." in answer.content.decode()
        assert working() == {three[0].pk: colleague}

    def test_what_is_missing_is_asked_for(self, heads_desk, officer, three):
        answer = self.ask(heads_desk, officer, (three[0], None), order_number="", order_date="x", since="")
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"order_number", "order_date", "since"}
        nobody_chosen = heads_desk.post(reverse("households:work_assign"), ticked((three[0], None)))
        assert "Choose who gets the communities." in nobody_chosen.content.decode()
        nothing_ticked = {"officer": officer.pk, "community": ["", "x:1", "999999"]}
        answer = heads_desk.post(reverse("households:work_assign"), nothing_ticked)
        assert (answer.status_code, "Tick the communities first." in answer.content.decode()) == (422, True)
        assert not Assignment.objects.exists()

    def test_who_forgets_the_officer_keeps_the_ticks(self, heads_desk, three):
        answer = heads_desk.post(reverse("households:work_assign"), ticked((three[0], None), (three[2], None)))
        assert answer.status_code == 422
        assert [f'value="{one.pk}:" checked' in answer.content.decode() for one in three] == [True, False, True]

    def test_whoever_comes_without_ticks_is_led_to_who_has_what(self, heads_desk, officer):
        answer = heads_desk.get(reverse("households:work_assign"), {"officer": officer.pk})
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse(PAGE)}?officer={officer.pk}")

    def test_only_people_in_post_here_are_offered(self, heads_desk, head, officer, district, three):
        stranger = appoint(Role.OFFICER, DistrictFactory(code="1016"))
        offered = {value for value, _label in heads_desk.get(reverse(PAGE)).context["form"].fields["officer"].choices}
        assert offered == {"", officer.pk, head.pk}
        self.ask(heads_desk, stranger, (three[0], None), since=written(today()), **ORDER)
        assert not Assignment.objects.exists()

    def test_a_community_of_another_district_is_left_out(self, heads_desk, officer, three):
        elsewhere = CommunityFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
        self.ask(heads_desk, officer, (three[0], None), (elsewhere, None), since=written(today()), **ORDER)
        assert Assignment.objects.get().community == three[0]


class TestHandingOver:
    def post(self, desk, absent, to, communities, *, since, last_day, **more):
        data = ticked(*((one, absent) for one in communities)) | {"officer": to.pk, **ORDER, **more}
        data |= {"since": written(since), "last_day": written(last_day)}
        return desk.post(reverse("households:work_hand_over", args=[absent.pk]), data)

    def test_the_last_day_still_counts_and_then_the_work_comes_back(
        self, heads_desk, head, officer, colleague, three, district
    ):
        give(three, officer, head)
        last_day = today() + datetime.timedelta(days=3)
        assert heads_desk.get(reverse("households:work_hand_over", args=[officer.pk])).status_code == 200
        self.post(heads_desk, officer, colleague, three[:2], since=today(), last_day=last_day)
        assert officers_of(district, last_day)[three[0].pk] == colleague
        assert officers_of(district, last_day)[three[2].pk] == officer
        assert officers_of(district, last_day + datetime.timedelta(days=1))[three[0].pk] == officer
        page = heads_desk.get(reverse(PAGE)).content.decode()
        assert f"{colleague.full_name} stands in for {officer.full_name} in 2 communities." in page

    def test_what_begins_later_stands_there_and_can_be_taken_back(self, heads_desk, head, officer, colleague, three):
        give(three, officer, head)
        tomorrow = today() + datetime.timedelta(days=1)
        self.post(heads_desk, officer, colleague, three, since=tomorrow, last_day=tomorrow)
        answer = heads_desk.get(reverse(PAGE))
        [act] = answer.context["coming"]
        assert len(act) == 3
        heads_desk.post(reverse("households:work_take_back", args=[act[0].pk]))
        assert heads_desk.get(reverse(PAGE)).context["coming"] == []

    def test_refusals_stand_in_the_form_and_the_ticks_stay(self, heads_desk, head, officer, colleague, three):
        give(three, officer, head)
        yesterday = today() - datetime.timedelta(days=1)
        answer = self.post(heads_desk, officer, colleague, three[:1], since=today(), last_day=yesterday)
        assert answer.status_code == 422
        assert answer.context["form"].errors["last_day"] == ["The last day lies before the first."]
        assert set(answer.context["ticked"]) == {three[0].pk}
        answer = self.post(heads_desk, officer, colleague, [], since=today(), last_day=today())
        assert "nothing to hand over" in answer.content.decode()
        never = datetime.date(9999 - 543, 12, 31)
        assert self.post(heads_desk, officer, colleague, three, since=today(), last_day=never).status_code == 302

    def test_what_the_absent_officer_stands_in_for_is_pointed_at(self, heads_desk, head, officer, colleague, three):
        give(three[:1], officer, head)
        give(three[1:], colleague, head)
        lend(officer, colleague, head)
        page = heads_desk.get(reverse("households:work_hand_over", args=[colleague.pk])).content.decode()
        assert "stands in for others in 1 communities" in page

    def test_whoever_has_nothing_has_no_such_page(self, heads_desk, officer, three):
        assert heads_desk.get(reverse("households:work_hand_over", args=[officer.pk])).status_code == 404


class TestEnding:
    def test_it_ends_with_a_reason_and_its_undo(self, heads_desk, head, officer, three):
        given = give(three, officer, head)
        address = reverse("households:work_end", args=[given[0].pk])
        assert heads_desk.get(address).status_code == 200
        assert heads_desk.post(address, {"reason": ""}).status_code == 422
        heads_desk.post(address, {"reason": "ย้ายงาน"})
        assert set(working()) == {three[1].pk, three[2].pk}
        restore = reverse("households:work_restore", args=[given[0].pk])
        page = heads_desk.get(reverse(PAGE)).content.decode()
        assert restore in page
        assert f"{officer.full_name} no longer works on {community_today(three[0])}." in page
        since = given[0].since
        heads_desk.post(restore)
        assert set(working()) == {one.pk for one in three}
        assert f"works on {community_today(three[0])} again." in heads_desk.get(reverse(PAGE)).content.decode()
        assert set(Assignment.objects.on(today()).values_list("since", flat=True)) == {since}
        heads_desk.post(restore)
        assert "It has not been ended." in heads_desk.get(reverse(PAGE)).content.decode()

    def test_ended_twice_it_says_so(self, heads_desk, head, officer, three):
        given = give(three, officer, head)
        address = reverse("households:work_end", args=[given[0].pk])
        heads_desk.post(address, {"reason": "ย้ายงาน"})
        answer = heads_desk.post(address, {"reason": "ย้ายงาน"})
        assert answer.status_code == 422
        assert "already" in answer.content.decode()

    def test_a_stand_in_ended_early_gives_the_work_back(self, heads_desk, head, officer, colleague, three):
        give(three, officer, head)
        lent = lend(officer, colleague, head)
        address = reverse("households:work_end", args=[lent[0].pk])
        assert f"{officer.full_name} works on it again." in heads_desk.get(address).content.decode()
        heads_desk.post(address, {"reason": "กลับมาแล้ว"})
        assert working()[three[0].pk] == officer


class TestTheAnnex:
    def annex(self, desk, **more):
        return desk.get(reverse("households:work_annex"), {"order": "๔๙/๒๕๕๘", "date": "2015-01-16"} | more)

    def test_one_order_shows_all_its_communities_together(self, heads_desk, head, officer, colleague, three):
        give(three[:2], officer, head)
        give(three[2:], colleague, head)
        annex = self.annex(heads_desk).context["annex"]
        assert {(one.officer, community.name_th) for one, community in annex.lines} == {
            (officer, "ชุมชน 1"),
            (officer, "ชุมชน 2"),
            (colleague, "ชุมชน 3"),
        }
        assert annex.houses == 600
        assert [(order.number, order.communities) for order in heads_desk.get(reverse(PAGE)).context["orders"]] == [
            ("๔๙/๒๕๕๘", 3)
        ]

    def test_what_was_ended_and_restored_stands_there_once(self, heads_desk, head, officer, three):
        given = give(three, officer, head)
        heads_desk.post(reverse("households:work_end", args=[given[0].pk]), {"reason": "ผิด"})
        heads_desk.post(reverse("households:work_restore", args=[given[0].pk]))
        assert len(self.annex(heads_desk).context["annex"].lines) == 3

    def test_a_stand_in_has_its_last_day_on_paper(self, heads_desk, head, officer, colleague, three):
        give(three, officer, head)
        lend(officer, colleague, head)
        page = self.annex(heads_desk, order="๕๒/๒๕๕๘", date=f"{today():%Y-%m-%d}").content.decode()
        assert f"for {officer.full_name}" in page
        assert "standing in for officers who are away" in page

    def test_an_order_that_there_is_not_is_not_there(self, heads_desk, head, officer, three):
        give(three, officer, head)
        for wrong in ({"order": "1"}, {"order": "\0"}, {"date": "x"}, {"date": ""}, {"date": "2015-01-17"}):
            assert self.annex(heads_desk, **wrong).status_code == 404
