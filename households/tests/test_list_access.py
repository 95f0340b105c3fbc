"""Who finds none of the pages of lists, and who sees them and changes nothing."""

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import DistrictFactory, appoint
from households.models import HouseRegistration, RowDecision
from households.tests.desk import row_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


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
            reverse("households:list_bench", args=[house_list.pk]),
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
