"""The life of lists in the browser: chasing what is missing, sending back, receiving the corrected file."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.corrections import houses_of_gone_rows
from households.findings_in_sheets import HEADING
from households.list_life import State, ask_for_lists, lives_of
from households.models import HouseList, ListStep
from households.tagging import tag_matching
from households.tests.desk import signed_in
from households.tests.factories import HouseFactory
from households.tests.intake import line, list_file, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MISSING = reverse("households:lists_missing")


@pytest.fixture
def community():
    return CommunityFactory.create(code="10150907", name="โรงเจ 1")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


def days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


class TestMissing:
    def test_late_ones_stand_first_and_those_never_asked_last(self, desk, officer, community):
        waiting, late = (CommunityFactory.create(subdistrict=community.subdistrict) for _nth in range(2))
        ask_for_lists([waiting], letter="1", by=officer, happened_on=days_ago(40))
        ask_for_lists([late], letter="2", by=officer, due_on=days_ago(3), happened_on=days_ago(20))
        answer = desk.get(MISSING)
        assert [line.community.pk for line in answer.context["lines"]] == [late.pk, waiting.pk, community.pk]
        assert [(line.waited, line.late) for line in answer.context["lines"]] == [(20, 3), (40, 0), (0, 0)]
        assert answer.context["counts"] == {"all": 3, "missing": 2, "late": 1, "not_asked": 1, "here": 0}
        assert "3 days late" in answer.content.decode()

    def test_the_ticked_are_asked_for_by_one_letter(self, desk, community):
        others = [CommunityFactory.create(subdistrict=community.subdistrict) for _nth in range(3)]
        ticked = [community.pk, others[0].pk]
        given = {"community": ticked, "letter": "กท ๕๕๐๒/๓๑", "happened_on": "", "due_on": "31/12/2599"}
        answer = desk.post(MISSING, given, follow=True)
        assert "2 lists were asked for." in answer.content.decode()
        assert set(ListStep.objects.values_list("community", "letter")) == {(pk, "กท ๕๕๐๒/๓๑") for pk in ticked}

    def test_a_refusal_keeps_the_ticks_and_what_was_typed(self, desk, community):
        answer = desk.post(MISSING, {"community": [community.pk], "letter": "7", "due_on": "1 ม.ค. 2558"})
        assert answer.status_code == 422
        assert "The due day lies before" in answer.content.decode()
        assert answer.context["ticked"] == {community.pk}
        assert desk.post(MISSING, {"letter": "7"}).status_code == 422
        assert not ListStep.objects.exists()

    def test_a_community_of_another_district_is_not_asked(self, desk, community):
        other = CommunityFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
        desk.post(MISSING, {"community": [community.pk, other.pk]})
        assert ListStep.objects.get().community == community

    def test_when_all_lists_are_here_the_page_says_so(self, desk, community):
        received(community, line("99"))
        assert "No list is missing" in desk.get(MISSING).content.decode()

    def test_queries_do_not_grow(self, desk, officer, community):
        def queries():
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(MISSING).status_code == 200
            return len(seen)

        few = queries()
        for _nth in range(20):
            CommunityFactory.create(subdistrict=community.subdistrict)
        assert queries() == few


class TestSendingBack:
    def test_the_workbook_for_the_sender_comes_as_a_file(self, desk, community):
        house_list = received(community, line("99"))
        answer = desk.get(reverse("households:list_findings", args=[house_list.pk]))
        assert "10150907" in answer["Content-Disposition"]
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]["G1"].value == HEADING

    def test_it_is_recorded_and_shown_on_the_list_the_chase_and_at_home(self, desk, community):
        house_list = received(community, line("99"))
        address = reverse("households:list_send_back", args=[house_list.pk])
        assert "99 is not in the house register" in desk.get(address).content.decode()
        given = {"letter": "กท ๑", "note": "ซ้ำ", "happened_on": "", "due_on": "31/12/2599"}
        page = desk.post(address, given, follow=True).content.decode()
        assert "กท ๑" in page
        assert "ซ้ำ" in page
        assert lives_of(community.district)[community.pk].state == State.SENT_BACK
        for other in (MISSING, reverse("households:home")):
            assert "sent back for correction" in desk.get(other).content.decode()

    def test_a_refusal_stands_beside_its_field(self, desk, community):
        house_list = received(community, line("99"))
        answer = desk.post(reverse("households:list_send_back", args=[house_list.pk]), {"happened_on": "1 ม.ค. 2550"})
        assert answer.status_code == 422
        assert "cannot have gone back before" in answer.content.decode()

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.PRESIDENT, Role.CITY_VIEWER])
    def test_only_who_receives_lists_sends_them_back(self, client, community, role):
        house_list = received(community, line("99"))
        place = community if role == Role.PRESIDENT else None if role == Role.CITY_VIEWER else community.district
        signed_in(client, appoint(role, place))
        for name in ("list_findings", "list_send_back"):
            assert client.get(reverse(f"households:{name}", args=[house_list.pk])).status_code == 404
        assert client.get(MISSING).status_code == 404

    def test_the_development_officer_does(self, client, community):
        house_list = received(community, line("99"))
        signed_in(client, appoint(Role.COMMUNITY_DEVELOPMENT, community.district))
        page = client.get(reverse("households:list", args=[house_list.pk])).content.decode()
        for name in ("list_findings", "list_send_back"):
            assert reverse(f"households:{name}", args=[house_list.pk]) in page


class TestCorrectedFile:
    @pytest.fixture
    def first(self, community, officer):
        HouseFactory(house_no="12/3", subdistrict=community.subdistrict)
        HouseFactory(house_no="12/4", subdistrict=community.subdistrict)
        subdistrict = community.subdistrict.name_th
        first = received(community, *[line(number, subdistrict=subdistrict) for number in ("12/3", "12/4", "99")])
        tag_matching(first, by=officer)
        return first

    def send(self, desk, community, corrects, *numbers):
        data = list_file(*[line(number, subdistrict=community.subdistrict.name_th) for number in numbers])
        file = SimpleUploadedFile("corrected.xlsx", data)
        given = {"community": community.pk, "file": file, "corrects": corrects}
        return desk.post(reverse("households:list_receive"), given, follow=True)

    def test_the_list_leads_to_the_form_that_knows_what_is_corrected(self, desk, community, first):
        page = desk.get(reverse("households:list_receive"), {"corrects": first.pk}).context["form"]
        assert (page.initial["community"], page.initial["corrects"]) == (community.pk, first.pk)

    def test_a_corrected_file_takes_the_place_and_names_the_houses_that_are_gone(self, desk, community, first):
        self.send(desk, community, first.pk, "12/3")
        second = HouseList.objects.get(corrects=first)
        page = desk.get(reverse("households:list", args=[second.pk])).content.decode()
        assert "1 house was tagged from rows that the corrected list no longer has" in page
        check = desk.post(reverse("households:houses_untag") + f"?district={community.district.code}", {
            "house": [house.pk for house in houses_of_gone_rows(second)]
        })  # fmt: skip
        assert check.status_code == 200
        old = desk.get(reverse("households:list", args=[first.pk])).content.decode()
        assert reverse("households:list", args=[second.pk]) in old
        assert reverse("households:list_send_back", args=[first.pk]) not in old

    def test_only_lists_that_wait_are_offered_and_a_second_correction_is_refused(self, desk, community, first):
        form = desk.get(reverse("households:list_receive")).context["form"]
        assert list(form.fields["corrects"].queryset) == [first]
        self.send(desk, community, first.pk, "12/3")
        assert not desk.get(reverse("households:list_receive")).context["form"].fields["corrects"].queryset.exists()
        assert self.send(desk, community, first.pk, "12/4").status_code == 422
        assert HouseList.objects.count() == 2

    def test_a_list_of_another_community_is_refused_beside_its_field(self, desk, community, first):
        other = CommunityFactory.create(subdistrict=community.subdistrict)
        answer = self.send(desk, other, first.pk, "12/3")
        assert "belongs to another community" in answer.content.decode()
