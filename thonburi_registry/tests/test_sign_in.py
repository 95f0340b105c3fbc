"""Who comes in, and what stays closed."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.models import Person
from communities.tests.factories import PersonFactory

PASSWORD = "รหัสผ่าน-ทดสอบ"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody with an account and no appointment."""
    return PersonFactory(username="somchai")


def sign_in(client: Client, password: str = PASSWORD):
    """Send the sign-in form."""
    return client.post(reverse("account_login"), {"login": "somchai", "password": password})


def test_a_person_signs_in_by_name_and_password_for_a_working_day(client: Client, person: Person) -> None:
    assert sign_in(client).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session.get_expiry_age() == 8 * 60 * 60


def test_a_wrong_password_keeps_the_door_shut(client: Client, person: Person) -> None:
    assert sign_in(client, "something else").status_code == 200
    assert "_auth_user_id" not in client.session


def test_guessing_is_slowed_down(client: Client, person: Person) -> None:
    for _ in range(6):
        answer = sign_in(client, "a guess")
    assert "_auth_user_id" not in client.session
    sign_in(client)
    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 429)


def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(client: Client) -> None:
    answer = client.get(reverse("account_change_password"))
    assert answer.url == f"{reverse('account_login')}?next={reverse('account_change_password')}"


def test_nobody_signs_up_and_a_forgotten_password_is_a_matter_of_paper(client: Client) -> None:
    answers = [client.get(reverse(name)) for name in ("account_signup", "account_reset_password")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.templates[0].name for answer in answers} == {"accounts/password_forgotten.html"}
    assert not any(b'type="email"' in answer.content or b'type="password"' in answer.content for answer in answers)


def test_a_password_from_the_office_is_replaced_before_anything_else(client: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    sign_in(client)
    own_page = reverse("account_change_password")
    assert client.get(reverse("account_reset_password")).url == own_page
    assert client.get(own_page).status_code == 200
    chosen = "แม่น้ำเจ้าพระยา-2558"
    answer = client.post(own_page, {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen})
    assert answer.url == "/"
    person.refresh_from_db()
    assert not person.must_change_password


def test_signing_out_needs_the_button(client: Client, person: Person) -> None:
    client.force_login(person)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_admins_own_form_is_not_a_second_door(client: Client) -> None:
    answer = client.get(reverse("admin:login"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
