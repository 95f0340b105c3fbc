"""The pictures of the README and docs, taken from the demo by the tests' browser: `make pictures`."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from households.models import HouseNumberRecord
from households.row_reasons import Grade, Outcome
from thonburi_registry.demo.people import PASSWORD

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
PICTURES = [
    ("officer", "households:home", "", "officer-home.png", {"width": 1280, "height": 800}),
    ("officer99", "households:district_bench", "?row={several}", "bench.png", {"width": 1280, "height": 900}),
    ("head", "reports:kpi", "", "kpi.png", {"width": 1280, "height": 800}),
    ("president", "verification:my_community", "", "president-phone.png", {"width": 390, "height": 844}),
]


@pytest.mark.django_db(transaction=True)
def test_pictures(page, live_server):
    call_command("load_demo")
    several = HouseNumberRecord.objects.filter(grade=Grade.SEVERAL, outcome=Outcome.OPEN).first()
    for username, name, query, file_name, size in PICTURES:
        page.context.clear_cookies()
        page.set_viewport_size(size)
        page.goto(live_server.url + reverse("account_login"))
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button.first")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(live_server.url + reverse(name) + query.format(several=several.pk))
        page.screenshot(path=FOLDER / file_name)
