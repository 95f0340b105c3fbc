"""Accounts, passwords given on paper, and a person's digits."""

import datetime
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Person, Role
from communities.passwords import LETTERS, accounts_within_reach, reset_password, temporary_password
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    PersonFactory,
    SubdistrictFactory,
    appoint,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def community(district):
    return CommunityFactory.create(subdistrict=SubdistrictFactory(district=district), name="ชุมชนโรงเจ 1")


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district, full_name="หัวหน้าฝ่าย")


@pytest.fixture
def desk(client, head):
    client.force_login(head)
    return client


def reset_of(person):
    return reverse("communities:person_reset", args=[person.pk])


class TestAccounts:
    def test_people_with_a_post_of_today_in_the_district_are_listed(self, desk, district, community, head):
        president = appoint(Role.PRESIDENT, community, full_name="ประธาน")
        officer = appoint(Role.OFFICER, district, full_name="เจ้าหน้าที่")
        appoint(Role.OFFICER, DistrictFactory(code="1016"), full_name="คนอื่น")
        former = PersonFactory(full_name="คนเก่า")
        AppointmentFactory(person=former, role=Role.OFFICER, district=district, until=datetime.date(2015, 1, 1))
        appoint(Role.OFFICER, district, full_name="ปิดบัญชี", is_active=False)
        answer = desk.get(reverse("communities:people"))
        assert set(answer.context["people"]) == {president, officer, head}
        assert "ชุมชนโรงเจ 1" in answer.content.decode()

    @pytest.mark.parametrize(("typed", "found"), [("สมศรี", 1), ("SOMSRI", 1), ("ไม่มี", 0), (" ", 3)])
    def test_names_and_user_names_are_searched(self, desk, district, typed, found):
        appoint(Role.OFFICER, district, full_name="นางสมศรี ใจดี", username="somsri15")
        appoint(Role.OFFICER, district, full_name="นายสมชาย ใจดี", username="somchai15")
        answer = desk.get(reverse("communities:people"), {"q": typed})
        assert len(answer.context["people"]) == found

    def test_the_list_ends_somewhere_and_says_so(self, desk, district):
        for _number in range(201):
            appoint(Role.OFFICER, district)
        context = desk.get(reverse("communities:people")).context
        assert (len(context["people"]), context["more"]) == (200, True)

    def test_queries_do_not_grow_with_people(self, desk, district, community):
        appoint(Role.PRESIDENT, community)
        numbers = []
        for more in (0, 40):
            for _number in range(more):
                appoint(Role.PRESIDENT, CommunityFactory.create(subdistrict=community.subdistrict))
            with CaptureQueriesContext(connection) as queries:
                desk.get(reverse("communities:people"))
            numbers.append(len(queries))
        assert numbers[0] == numbers[1] <= 12

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.COMMUNITY_DEVELOPMENT, Role.DIRECTOR])
    def test_others_find_no_accounts(self, client, district, head, role):
        client.force_login(appoint(role, district))
        assert client.get(reverse("communities:people")).status_code == 404
        assert client.post(reset_of(head)).status_code == 404

    def test_a_president_finds_no_accounts(self, client, community, head):
        client.force_login(appoint(Role.PRESIDENT, community))
        assert client.get(reverse("communities:people")).status_code == 404
        assert client.post(reset_of(head)).status_code == 404


class TestNewPassword:
    def test_the_slip_shows_it_once_and_it_opens_only_the_choice_of_another(self, desk, community):
        president = appoint(Role.PRESIDENT, community, username="president7", full_name="ประธานสมหมาย")
        answer = desk.post(reset_of(president))
        page = answer.content.decode()
        shown = answer.context["password"]
        assert shown in page
        assert "ประธานสมหมาย" in page
        assert "president7" in page
        assert "no-store" in answer["Cache-Control"]
        assert shown not in desk.get(reset_of(president)).content.decode()
        theirs = Client()
        theirs.post(reverse("account_login"), {"login": "president7", "password": shown})
        assert theirs.get("/").url == reverse("account_change_password")

    def test_looking_at_the_page_changes_nothing(self, desk, community):
        president = appoint(Role.PRESIDENT, community)
        before = president.password
        assert desk.get(reset_of(president)).status_code == 200
        president.refresh_from_db()
        assert president.password == before

    def test_open_sessions_of_the_account_end(self, desk, district):
        officer = appoint(Role.OFFICER, district)
        theirs = Client()
        theirs.force_login(officer)
        desk.post(reset_of(officer))
        assert theirs.get(reverse("account_change_password")).url.startswith(reverse("account_login"))

    def test_who_did_it_is_written_down_without_the_password(self, head, community):
        president = appoint(Role.PRESIDENT, community)
        shown = reset_password(president, by=head)
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id) == (head, str(president.pk))
        assert shown not in entry.change_message

    def test_the_own_password_has_its_own_page(self, desk, head):
        answer = desk.post(reset_of(head))
        assert answer.status_code == 409
        assert "password" not in answer.context
        with pytest.raises(ValidationError) as refusal:
            reset_password(head, by=head)
        assert refusal.value.code == "own_password"

    @pytest.mark.parametrize("elsewhere", ["district", "city", "community"])
    def test_a_post_elsewhere_keeps_the_password_out_of_reach(self, head, district, elsewhere):
        officer = appoint(Role.OFFICER, district)
        other = DistrictFactory(code="1016")
        if elsewhere == "district":
            AppointmentFactory(person=officer, role=Role.OFFICER, district=other)
        elif elsewhere == "city":
            AppointmentFactory(person=officer, role=Role.CITY_VIEWER)
        else:
            theirs = CommunityFactory.create(subdistrict=SubdistrictFactory(district=other))
            AppointmentFactory(person=officer, role=Role.PRESIDENT, community=theirs)
        with pytest.raises(ValidationError) as refusal:
            reset_password(officer, by=head)
        assert refusal.value.code == "post_elsewhere"
        officer.refresh_from_db()
        assert not officer.must_change_password

    def test_a_person_of_another_district_is_not_there(self, desk):
        stranger = appoint(Role.OFFICER, DistrictFactory(code="1016"))
        assert desk.get(reset_of(stranger)).status_code == 404
        assert desk.post(reset_of(stranger)).status_code == 404

    def test_nobody_resets_who_has_no_right_to(self, district):
        officer = appoint(Role.OFFICER, district)
        assert not accounts_within_reach(officer).exists()
        with pytest.raises(ValidationError):
            reset_password(appoint(Role.OFFICER, district), by=officer)

    def test_letters_cannot_be_taken_for_each_other(self):
        words = {temporary_password() for _try in range(200)}
        assert len(words) == 200
        assert all(re.fullmatch(rf"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{2}}", word) for word in words)
        assert not set("o0il1") & set(LETTERS)


class TestDigits:
    def test_the_choice_is_kept_and_leads_back(self, desk, head):
        answer = desk.post(reverse("communities:digits"), {"digits": "thai", "next": "/people/?q=x"})
        assert answer.url == "/people/?q=x"
        assert Person.objects.get(pk=head.pk).thai_digits
        desk.post(reverse("communities:digits"), {"digits": "arabic"})
        assert not Person.objects.get(pk=head.pk).thai_digits

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
    def test_it_never_leads_to_another_site(self, desk, elsewhere):
        assert desk.post(reverse("communities:digits"), {"digits": "thai", "next": elsewhere}).url == "/"

    def test_it_changes_nothing_by_being_looked_at(self, desk):
        assert desk.get(reverse("communities:digits")).status_code == 405


class TestFirstPage:
    @pytest.mark.parametrize(
        ("role", "begins"),
        [
            (Role.OFFICER, "households:home"),
            (Role.HEAD, "desk"),
            (Role.COMMUNITY_DEVELOPMENT, "households:home"),
            (Role.DIRECTOR, "desk"),
            (Role.ADMINISTRATOR, "communities:people"),
        ],
    )
    def test_work_begins_on_the_own_page(self, client, district, role, begins):
        client.force_login(appoint(role, district))
        assert client.get("/").url == reverse(begins)

    def test_a_president_comes_to_the_own_community(self, client, community):
        client.force_login(appoint(Role.PRESIDENT, community))
        assert client.get("/").url == reverse("verification:my_review")

    def test_whoever_has_no_post_today_is_told_so(self, client):
        client.force_login(PersonFactory())
        answer = client.get("/")
        assert answer.status_code == 200
        assert answer.templates[0].name == "accounts/no_post.html"
