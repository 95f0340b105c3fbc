"""The second factor of officers and heads: set up first, asked at every sign-in, reset by the administrator."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.second_factor import reset_second_factor
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    SubdistrictFactory,
    appoint,
)
from thonburi_registry.tests.office import PASSWORD

SET_UP = "mfa_activate_totp"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def district(db):
    return DistrictFactory(code="1015")


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district, username="officer")


def code_of(secret):
    """What the app shows now; the newest of those that are taken, so that it lives on."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[-1]))


def with_password(username="officer"):
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    return browser, answer


@pytest.fixture
def set_up(officer):
    """The browser in which the officer set the factor up, and the app's secret."""
    browser, _answer = with_password()
    again = browser.get(reverse(SET_UP)).url
    browser.post(again, {"password": PASSWORD})
    secret = browser.get(reverse(SET_UP)).context["form"].secret
    answer = browser.post(reverse(SET_UP), {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return browser, secret


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR])
def test_whoever_works_in_the_register_sets_it_up_first(client, district, role):
    client.force_login(appoint(role, district))
    for name in ("front", "communities:people", "mfa_index", "communities:digits"):
        assert client.get(reverse(name)).url == reverse(SET_UP)
    assert client.get(reverse("account_logout")).status_code == 200


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.COMMUNITY_DEVELOPMENT, Role.PRESIDENT, Role.CITY_VIEWER])
def test_others_come_in_by_password_alone(client, district, role):
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(district=district))
    client.force_login(appoint(role, {Role.PRESIDENT: community, Role.CITY_VIEWER: None}.get(role, district)))
    assert client.get("/").url != reverse(SET_UP)


def test_nobody_is_asked_where_it_is_not_required(client, officer, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(officer)
    assert client.get("/").url == reverse("households:home")


def test_setting_it_up_asks_for_the_password_and_shows_a_code_that_the_pages_allow(officer):
    browser, _answer = with_password()
    assert browser.get(reverse(SET_UP)).url.startswith(reverse("account_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = browser.get(reverse(SET_UP))
    assert 'src="data:image/svg+xml;base64,' in answer.content.decode()
    assert "data:" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    refused = browser.post(reverse(SET_UP), {"code": "000000"})
    assert refused.context["form"].errors["code"]


def test_work_begins_once_it_is_set_up_and_the_secret_is_kept_encrypted(set_up):
    browser, secret = set_up
    assert len(browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert browser.get("/").url == reverse("households:home")
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    pages = {name: browser.get(reverse(name)) for name in ("mfa_index", "mfa_deactivate_totp")}
    assert {answer.status_code for answer in pages.values()} == {200}


def test_setting_it_up_ends_sessions_that_know_the_password_alone(officer, settings, request):
    elsewhere, _answer = with_password()
    request.getfixturevalue("set_up")
    assert elsewhere.get("/").url.startswith(reverse("account_login"))


def test_every_sign_in_asks_for_a_code(set_up):
    browser, answer = with_password()
    assert answer.url == reverse("mfa_authenticate")
    assert browser.get("/").url.startswith(reverse("account_login"))
    assert browser.post(answer.url, {"code": "000000"}).status_code == 200
    assert browser.post(answer.url, {"code": code_of(set_up[1])}).status_code == 302
    assert browser.get("/").url == reverse("households:home")
    assert browser.session.get_expiry_age() <= 8 * 60 * 60


def test_a_code_opens_once(set_up):
    code = code_of(set_up[1])
    for expected in (302, 200):
        browser, answer = with_password()
        assert browser.post(answer.url, {"code": code}).status_code == expected


def test_a_code_that_was_used_stays_used_for_as_long_as_it_is_taken(set_up):
    code = code_of(set_up[1])
    for seconds, expected in ((0, 302), (31, 200)):
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=seconds)):
            browser, answer = with_password()
            assert browser.post(answer.url, {"code": code}).status_code == expected


def test_a_recovery_code_opens_once(set_up):
    code = set_up[0].get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for expected in (302, 200):
        browser, answer = with_password()
        assert browser.post(answer.url, {"code": code}).status_code == expected


def test_guessing_codes_is_slowed_down(set_up):
    browser, answer = with_password()
    for _guess in range(6):
        browser.post(answer.url, {"code": "000000"})
    assert browser.post(answer.url, {"code": code_of(set_up[1])}).status_code == 200
    assert "_auth_user_id" not in browser.session


def test_a_session_that_never_showed_it_goes_no_further(set_up, officer):
    officer.refresh_from_db()
    browser = Client()
    browser.force_login(officer)
    assert browser.get("/").url == reverse("account_login")
    assert "_auth_user_id" not in browser.session


class TestReset:
    @pytest.fixture
    def administrator(self, district, settings):
        return appoint(Role.ADMINISTRATOR, district)

    def test_the_administrator_takes_it_off_and_it_is_written_down(self, set_up, officer, administrator, settings):
        settings.SECOND_FACTOR_REQUIRED = False  # of the administrator, here
        desk = Client()
        desk.force_login(administrator)
        page = reverse("communities:person_second_factor", args=[officer.pk])
        assert page in desk.get(reverse("communities:people")).content.decode()
        assert desk.get(page).status_code == 200
        assert Authenticator.objects.filter(user=officer).exists()
        assert desk.post(page).url == reverse("communities:people")
        settings.SECOND_FACTOR_REQUIRED = True
        assert not Authenticator.objects.filter(user=officer).exists()
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id) == (administrator, str(officer.pk))
        assert set_up[0].get("/").url.startswith(reverse("account_login"))
        browser, _answer = with_password()
        assert browser.get("/").url == reverse(SET_UP)

    def test_what_is_refused(self, officer, administrator):
        stranger = appoint(Role.ADMINISTRATOR, DistrictFactory(code="1016"))
        elsewhere = appoint(Role.OFFICER, officer.appointments.get().district)
        AppointmentFactory(person=elsewhere, role=Role.OFFICER, district=DistrictFactory(code="1016"))
        for person, by, code in (
            (administrator, administrator, "own_second_factor"),
            (officer, stranger, "not_yours"),
            (elsewhere, administrator, "not_yours"),
            (officer, administrator, "no_second_factor"),
        ):
            with pytest.raises(ValidationError) as refusal:
                reset_second_factor(person, by=by)
            assert refusal.value.code == code

    def test_the_refusal_is_said_on_the_page(self, administrator, officer, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        desk = Client()
        desk.force_login(administrator)
        assert desk.post(reverse("communities:person_second_factor", args=[officer.pk])).status_code == 409

    def test_a_head_resets_passwords_but_no_second_factor(self, district, officer, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        desk = Client()
        desk.force_login(appoint(Role.HEAD, district))
        page = reverse("communities:person_second_factor", args=[officer.pk])
        assert page not in desk.get(reverse("communities:people")).content.decode()
        assert desk.post(page).status_code == 404
