"""A president opens the letter on the phone, chooses a PIN, and signs in with it another day."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.first_sign_in import make_key
from communities.models import Appointment, Person, Role
from thonburi_registry.tests.office import PHONE, Office, faults, give_password, open_office

pytestmark = pytest.mark.django_db(transaction=True)

PIN = "739146"


@pytest.fixture
def office(tmp_path) -> Office:
    return open_office(tmp_path)


def test_a_letter_leads_to_a_pin_and_to_the_first_page(page: Page, live_server, office: Office) -> None:
    post = Appointment.objects.get(role=Role.PRESIDENT, community=office.community)
    by = Person.objects.get(username=Role.OFFICER)
    secret = make_key(post, good_until=timezone.localdate(), by=by)
    address = live_server.url + reverse("communities:first_sign_in", args=[secret])
    page.set_viewport_size(PHONE)
    found = []

    page.goto(address)
    page.goto(address)  # twice looked at, and still unspent
    found += faults(page)
    page.locator("main button.first").click()
    expect(page).to_have_url(re.compile("my-pin"))
    expect(page.locator("main")).to_contain_text("president")
    found += faults(page)
    page.fill("input[name=pin]", "123456")
    page.fill("input[name=again]", "123456")
    page.locator("main button.first").click()
    expect(page.locator(".form-errors")).to_be_visible()
    found += faults(page)
    page.fill("input[name=pin]", PIN)
    page.fill("input[name=again]", PIN)
    page.locator("main button.first").click()
    expect(page).not_to_have_url(re.compile("my-pin|arrive"))
    found += faults(page)

    page.context.clear_cookies()
    page.goto(address)
    expect(page.locator("main a.first")).to_be_visible()
    found += faults(page)
    page.locator("main a.first").click()
    give_password(page, "president", PIN)
    found += faults(page)
    assert found == []
