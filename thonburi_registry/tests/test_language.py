"""Thai unless somebody chose otherwise."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_browser_installed_in_english_still_gets_thai(client: Client) -> None:
    answer = client.get(reverse("account_login"), headers={"accept-language": "en-GB,en;q=0.9"})
    assert answer.headers["Content-Language"] == "th"
    assert '<html lang="th"' in answer.content.decode()


def test_the_switch_to_english_is_remembered(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": reverse("account_login")})
    assert client.get(reverse("account_login")).headers["Content-Language"] == "en"


def test_a_language_the_registry_does_not_speak_is_ignored(client: Client) -> None:
    client.cookies["django_language"] = "xx"
    assert client.get(reverse("account_login")).headers["Content-Language"] == "th"
