"""The key of a president's letter: made, looked at, spent once, revoked; and the PIN that follows."""

import contextlib
import datetime
import logging
import threading

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.first_sign_in import (
    fingerprint,
    look_at_key,
    make_key,
    open_keys,
    replace_key,
    revoke_key,
    sign_out_everywhere,
    spend_key,
    take_back,
)
from communities.models import Appointment, Person, Role, SignInKey
from communities.pin_sign_in import TRIES_BEFORE_WAITING, TRIES_IN_ALL, WAIT, choose, may_use_pin, reopen
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    DistrictFactory,
    PersonFactory,
    SubdistrictFactory,
    appoint,
)

PIN = "739146"
MONTH = datetime.timedelta(days=30)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def district(db):
    return DistrictFactory(code="1015")


@pytest.fixture
def community(district):
    return CommunityFactory.create(subdistrict=SubdistrictFactory(district=district), name="สวนพลู")


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def post(community):
    person = PersonFactory(username="bunmi", full_name="นายบุญมี ตัวอย่าง")
    person.set_unusable_password()
    person.save()
    return AppointmentFactory(person=person, role=Role.PRESIDENT, community=community)


@pytest.fixture
def letter(post, officer):
    """The secret of a letter that is good for a month."""
    return make_key(post, good_until=timezone.localdate() + MONTH, by=officer)


def address(secret):
    return reverse("communities:first_sign_in", args=[secret])


def arrived(secret, pin=PIN):
    """A phone that has opened the letter, pressed the button and chosen a PIN."""
    phone = Client()
    phone.post(address(secret))
    phone.post(reverse("communities:choose_pin"), {"pin": pin, "again": pin})
    return phone


@contextlib.contextmanager
def refused_with(code):
    with pytest.raises(ValidationError) as refusal:
        yield
    assert refusal.value.code == code


def signed_in(client):
    return "_auth_user_id" in client.session and client.get(reverse("communities:people")).status_code != 302


def sign_in(pin, username="bunmi", phone=None):
    phone = phone or Client()
    answer = phone.post(reverse("account_login"), {"login": username, "password": pin})
    return phone, answer


class TestMaking:
    def test_only_the_fingerprint_is_kept(self, letter, post):
        [key] = SignInKey.objects.all()
        assert key.fingerprint == fingerprint(letter)
        assert letter not in str(SignInKey.objects.values().get())
        assert len(letter) >= 22  # 128 bits in an address
        assert letter.replace("-", "").replace("_", "").isalnum()

    def test_a_post_has_one_open_key(self, letter, post, officer):
        with refused_with("open_key"):
            make_key(post, good_until=timezone.localdate(), by=officer)

    def test_a_key_whose_day_has_passed_gives_way(self, post, officer):
        make_key(post, good_until=timezone.localdate(), by=officer)
        with time_machine.travel(timezone.now() + DAY, tick=False):
            make_key(post, good_until=timezone.localdate(), by=officer)
        assert open_keys(post).count() == 1

    def test_another_letter_ends_the_one_before(self, letter, post, officer):
        second = replace_key(post, good_until=timezone.localdate(), reason="หาย", by=officer)
        with refused_with("revoked"):
            spend_key(letter)
        assert spend_key(second) == post

    def test_what_is_refused(self, post, officer, district, community):
        today = timezone.localdate()
        with refused_with("day_has_passed"):
            make_key(post, good_until=today - DAY, by=officer)
        with refused_with("not_president"):
            make_key(officer.appointments.get(), good_until=today, by=officer)
        with refused_with("not_yours"):
            make_key(post, good_until=today, by=appoint(Role.OFFICER, DistrictFactory(code="1016")))
        with refused_with("not_yours"):
            make_key(post, good_until=today, by=appoint(Role.DIRECTOR, district))
        AppointmentFactory(person=post.person, role=Role.OFFICER, district=district)
        with refused_with("other_posts"):
            make_key(post, good_until=today, by=officer)
        former = AppointmentFactory(role=Role.PRESIDENT, community=community, until=today)
        with refused_with("post_ended"):
            make_key(former, good_until=today, by=officer)


class TestSpending:
    def test_looking_spends_nothing_and_the_second_time_is_refused(self, letter, post):
        assert look_at_key(letter) == look_at_key(letter) == post
        assert spend_key(letter) == post
        for deed in (look_at_key, spend_key):
            with refused_with("spent"):
                deed(letter)

    def test_its_last_day_is_included(self, letter, post):
        with time_machine.travel(timezone.now() + MONTH, tick=False):
            assert look_at_key(letter) == post
        with time_machine.travel(timezone.now() + MONTH + DAY, tick=False), refused_with("expired"):
            spend_key(letter)

    @pytest.mark.parametrize("how", ["ended", "to begin", "closed", "officer"])
    def test_the_post_must_hold_today_and_be_the_only_one(self, letter, post, district, how):
        if how == "ended":
            Appointment.objects.filter(pk=post.pk).update(until=timezone.localdate())
        elif how == "to begin":
            Appointment.objects.filter(pk=post.pk).update(since=timezone.localdate() + DAY)
        elif how == "closed":
            Person.objects.filter(pk=post.person_id).update(is_active=False)
        else:
            AppointmentFactory(person=post.person, role=Role.OFFICER, district=district)
        with refused_with("post_ended"):
            spend_key(letter)

    def test_what_opened_the_account_before_ends(self, letter, post, officer):
        old_phone = arrived(letter)
        another = make_key(post, good_until=timezone.localdate(), by=officer)
        assert signed_in(old_phone)
        spend_key(another)
        assert not signed_in(old_phone)
        assert not signed_in(sign_in(PIN)[0])

    def test_nothing_like_a_key_is_unknown(self, db):
        for secret in ("x", "ก" * 50, "\ud800", "a" * 5000):
            with refused_with("unknown"):
                spend_key(secret)


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_at_the_same_moment_one_gets_in(letter):
    start, outcomes = threading.Barrier(2), []

    def press():
        try:
            start.wait()
            spend_key(letter)
            outcomes.append("in")
        except ValidationError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    phones = [threading.Thread(target=press) for _phone in range(2)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert sorted(outcomes) == ["in", "spent"]


class TestPage:
    def test_robots_that_preview_a_link_spend_nothing(self, client, letter):
        for ask in (client.get, client.head, client.options):
            ask(address(letter))
        assert SignInKey.objects.get().spent_at is None
        assert "_auth_user_id" not in client.session

    def test_it_names_the_community_and_nobody(self, client, letter):
        answer = client.get(address(letter))
        page = answer.content.decode()
        assert "สวนพลู" in page
        assert "บุญมี" not in page
        assert "bunmi" not in page
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer["Cache-Control"]

    def test_the_button_signs_in_for_weeks_and_leads_to_the_choice_of_a_pin(self, client, letter, settings):
        answer = client.post(address(letter))
        assert answer.url == reverse("communities:choose_pin")
        assert answer["Referrer-Policy"] == "strict-origin"
        assert client.get("/").url == reverse("communities:choose_pin")
        assert client.get(reverse("account_change_password")).url == reverse("communities:choose_pin")
        assert "bunmi" in client.get(reverse("communities:choose_pin")).content.decode()
        client.post(reverse("communities:choose_pin"), {"pin": PIN, "again": PIN})
        assert client.get("/").url not in {reverse("communities:choose_pin"), reverse("account_change_password")}
        assert client.session.get_expiry_age() == settings.PHONE_SESSION_AGE == 60 * 24 * 60 * 60

    @pytest.mark.parametrize("ended", ["spent", "revoked", "expired", "unknown"])
    def test_a_letter_that_opens_nothing_says_in_a_sentence_what_to_do(self, client, letter, post, officer, ended):
        later = timezone.now()
        if ended == "spent":
            spend_key(letter)
        elif ended == "revoked":
            revoke_key(SignInKey.objects.get(), reason="หาย", by=officer)
        elif ended == "expired":
            later += MONTH + DAY
        with time_machine.travel(later, tick=False):
            answers = [ask(address("x" * 32 if ended == "unknown" else letter)) for ask in (client.get, client.post)]
        for answer in answers:
            assert answer.status_code == (404 if ended == "unknown" else 410)
            assert len(answer.context["refusal"]) == 1
            assert "สวนพลู" not in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_the_key_stands_in_no_log(self, client, letter, caplog):
        spend_key(letter)
        client.get(address(letter))
        client.put(address(letter))
        Client(enforce_csrf_checks=True).post(address(letter))
        [ours] = [handler for handler in logging.getLogger("django").handlers if handler.filters]
        for record in caplog.records:
            ours.filter(record)
        said = "\n".join(record.getMessage() for record in caplog.records)
        assert "/arrive/…" in said
        assert letter not in said


class TestChoosing:
    @pytest.fixture
    def phone(self, client, letter):
        client.post(address(letter))
        return client

    @pytest.mark.parametrize("pin", ["12345", "123456", "111111", "254107", "bunmi", "short"])
    def test_what_is_easy_to_guess_is_refused(self, phone, pin):
        answer = phone.post(reverse("communities:choose_pin"), {"pin": pin, "again": pin})
        assert answer.status_code == 200
        assert answer.context["form"].errors["pin"]

    def test_both_must_be_the_same(self, phone):
        answer = phone.post(reverse("communities:choose_pin"), {"pin": PIN, "again": "739147"})
        assert answer.context["form"].errors["again"]

    def test_a_password_is_taken_as_well(self, phone):
        chosen = "แม่น้ำเจ้าพระยา-2558"
        phone.post(reverse("communities:choose_pin") + "?as=password", {"pin": chosen, "again": chosen})
        assert not Person.objects.get(username="bunmi").signs_in_with_pin
        assert signed_in(sign_in(chosen)[0])

    def test_thai_digits_are_the_same_pin(self, phone):
        phone.post(reverse("communities:choose_pin"), {"pin": "๗๓๙๑๔๖", "again": "๗๓๙๑๔๖"})
        assert signed_in(sign_in(PIN)[0])
        assert signed_in(sign_in("๗๓๙๑๔๖")[0])

    def test_an_officer_keeps_to_passwords(self, client, officer):
        assert not may_use_pin(officer)
        client.force_login(officer)
        answer = client.post(
            reverse("account_change_password"),
            {"oldpassword": "รหัสผ่าน-ทดสอบ", "password1": PIN, "password2": PIN},
        )
        assert answer.context["form"].errors["password1"]

    def test_a_president_changes_the_pin_on_the_page_of_passwords(self, phone, settings):
        phone.post(reverse("communities:choose_pin"), {"pin": PIN, "again": PIN})
        page = reverse("account_change_password")
        answer = phone.post(page, {"oldpassword": PIN, "password1": "860391", "password2": "860391"})
        assert answer.url == "/"
        assert phone.session.get_expiry_age() == settings.PHONE_SESSION_AGE
        assert signed_in(sign_in("860391")[0])

    def test_who_comes_to_the_office_gives_up_the_pin_and_the_long_session(self, letter, post, district):
        phone = arrived(letter)
        AppointmentFactory(person=post.person, role=Role.OFFICER, district=district)
        assert phone.get("/").url == reverse("account_login")
        again, _answer = sign_in(PIN)
        assert again.session.get_expiry_age() == 8 * 60 * 60
        assert again.get("/").url == reverse("account_change_password")


class TestWrongPins:
    @pytest.fixture(autouse=True)
    def limit_of_the_account_alone(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

    @pytest.fixture
    def person(self, post):
        choose(post.person, PIN)
        return post.person

    def wrong(self, times):
        for _try in range(times):
            answer = sign_in("000001")[1]
        return answer

    def test_a_wait_follows_the_fifth_and_even_the_right_one_waits(self, person):
        self.wrong(TRIES_BEFORE_WAITING)
        phone, answer = sign_in(PIN)
        assert not signed_in(phone)
        assert answer.context["form"].non_field_errors()
        with time_machine.travel(timezone.now() + WAIT, tick=False):
            assert signed_in(sign_in(PIN)[0])
        person.refresh_from_db()
        assert (person.wrong_in_a_row, person.wait_until) == (0, None)

    def test_after_the_tenth_only_the_office_opens_it(self, person, officer):
        moment = timezone.now()
        for _try in range(TRIES_IN_ALL):
            with time_machine.travel(moment, tick=False):
                self.wrong(1)
            moment += WAIT
        with time_machine.travel(moment + 30 * DAY, tick=False):
            assert not signed_in(sign_in(PIN)[0])
            reopen(person, by=officer)
            assert signed_in(sign_in(PIN)[0])
        assert LogEntry.objects.get().user == officer

    def test_others_on_the_same_line_are_not_kept_out(self, person, community):
        self.wrong(TRIES_IN_ALL)
        appoint(Role.DELEGATE, community, username="neighbour")
        assert signed_in(sign_in("รหัสผ่าน-ทดสอบ", "neighbour")[0])

    def test_a_wrong_pin_now_and_then_does_no_harm(self, person):
        for _day in range(4):
            self.wrong(TRIES_BEFORE_WAITING - 1)
            assert signed_in(sign_in(PIN)[0])


class TestEnding:
    def test_an_open_letter_is_revoked_with_a_reason(self, letter, officer):
        key = SignInKey.objects.get()
        with refused_with("reason_missing"):
            revoke_key(key, reason=" ", by=officer)
        revoke_key(key, reason="หายทางไปรษณีย์", by=officer)
        with refused_with("revoked"):
            revoke_key(key, reason="อีกครั้ง", by=officer)
        with refused_with("revoked"):
            spend_key(letter)

    def test_revoking_a_used_letter_ends_pin_and_phone_at_once(self, letter, officer):
        phone = arrived(letter)
        assert signed_in(phone)
        revoke_key(SignInKey.objects.get(), reason="โทรศัพท์หาย", by=officer)
        assert not signed_in(phone)
        assert not signed_in(sign_in(PIN)[0])
        assert "โทรศัพท์หาย" in LogEntry.objects.get().change_message

    def test_signing_out_everywhere_leaves_the_pin(self, letter, post, officer):
        phone = arrived(letter)
        sign_out_everywhere(post.person, by=officer)
        assert not signed_in(phone)
        assert signed_in(sign_in(PIN)[0])

    def test_everything_is_taken_back_in_one_act(self, letter, post, officer):
        phone = arrived(letter)
        another = make_key(post, good_until=timezone.localdate(), by=officer)
        take_back(post, reason="พ้นตำแหน่ง", by=officer)
        assert not signed_in(phone)
        with refused_with("revoked"):
            spend_key(another)

    def test_another_office_ends_nothing(self, letter, post, district):
        for stranger in (appoint(Role.HEAD, DistrictFactory(code="1016")), appoint(Role.DIRECTOR, district)):
            for deed in (
                lambda by=stranger: revoke_key(SignInKey.objects.get(), reason="x", by=by),
                lambda by=stranger: take_back(post, reason="x", by=by),
                lambda by=stranger: sign_out_everywhere(post.person, by=by),
                lambda by=stranger: reopen(post.person, by=by),
            ):
                with refused_with("not_yours"):
                    deed()


class TestOffice:
    @pytest.fixture
    def desk(self, officer):
        desk = Client()
        desk.force_login(officer)
        return desk

    def test_the_list_says_how_each_sign_in_stands(self, desk, letter, post, community):
        appoint(Role.DELEGATE, community)
        states = [row.state for row in desk.get(reverse("communities:president_sign_ins")).context["posts"]]
        assert states == ["made", "none"]
        arrived(letter)
        [row, _none] = desk.get(reverse("communities:president_sign_ins")).context["posts"]
        assert (row.state, row.signs_in) == ("used", True)
        assert row.person.last_login

    def test_queries_do_not_grow_with_presidents(self, desk, community, django_assert_max_num_queries):
        for _number in range(20):
            appoint(Role.DELEGATE, community)
        with django_assert_max_num_queries(10):
            desk.get(reverse("communities:president_sign_ins"))

    def test_another_letter_comes_as_a_slip_whose_code_works(self, desk, letter, post):
        until = timezone.localdate() + MONTH
        answer = desk.post(reverse("communities:president_letter", args=[post.pk]), {"good_until": until.isoformat()})
        page = answer.content.decode()
        assert "<svg" in page
        assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0]
        assert "bunmi" in page
        assert "no-store" in answer["Cache-Control"]
        secret = answer.context["address"].rstrip("/").rpartition("/")[2]
        assert Client().post(address(secret)).status_code == 302
        assert Client().post(address(letter)).status_code == 410

    def test_what_is_refused_is_said_on_the_page(self, desk, post):
        slip = reverse("communities:president_letter", args=[post.pk])
        assert desk.post(slip, {"good_until": "2015-01-01"}).status_code == 409
        assert desk.post(slip, {"good_until": "never"}).status_code == 409
        taken_back = desk.post(reverse("communities:president_take_back", args=[post.pk]), {"reason": ""})
        assert taken_back.status_code == 409
        assert not SignInKey.objects.exists()

    @pytest.mark.parametrize("deed", ["take_back", "sign_out", "reopen"])
    def test_the_buttons_do_what_they_say(self, desk, letter, post, deed):
        phone = arrived(letter)
        answer = desk.post(reverse(f"communities:president_{deed}", args=[post.pk]), {"reason": "โทรศัพท์หาย"})
        assert answer.status_code == 302
        assert signed_in(phone) == (deed == "reopen")
        assert desk.get(answer.url).status_code == 200

    def test_presidents_of_another_district_are_not_there(self, post):
        stranger = Client()
        stranger.force_login(appoint(Role.OFFICER, DistrictFactory(code="1016")))
        assert stranger.get(reverse("communities:president_sign_ins")).context["posts"] == []
        assert stranger.get(reverse("communities:president_sign_in", args=[post.pk])).status_code == 404
        for deed in ("letter", "take_back", "sign_out", "reopen"):
            assert stranger.post(reverse(f"communities:president_{deed}", args=[post.pk])).status_code == 404
