"""The pictures of the README and docs, taken from the demo by the tests' browser: `make pictures`."""

from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.http import urlencode
from playwright.sync_api import Page, ViewportSize

from households.models import HouseNumberRecord
from households.row_reasons import Grade, Outcome
from thonburi_registry.tests.office import DESK, PHONE, sign_in
from verification.models import CommunityReview

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
HIGH = ViewportSize(width=1280, height=900)
MOST_BYTES = 200_000


class Picture(NamedTuple):
    """Who looks at which page, and how large; `query` is the page's conditions, `of` the ids in its address."""

    file_name: str
    username: str
    address: str
    query: dict[str, str] = {}
    size: ViewportSize = DESK
    of: tuple[int, ...] = ()


PICTURES = [
    Picture("officer-home.png", "officer", "households:home"),
    Picture("lanes.png", "officer99", "households:lanes", {"holding": "strays"}, HIGH),
    Picture("finding.png", "officer99", "households:houses", {"q": "1-99 คี่ ริมคลอง 1"}),
    Picture("keying.png", "officer99", "households:keying"),
    Picture("kpi.png", "head", "reports:kpi"),
]


@pytest.mark.django_db(transaction=True)
def test_pictures(page: Page, live_server) -> None:
    call_command("load_demo")
    several = HouseNumberRecord.objects.filter(grade=Grade.SEVERAL, outcome=Outcome.OPEN).earliest("pk")
    bench = Picture("bench.png", "officer99", "households:district_bench", {"row": str(several.pk)}, HIGH)
    half_done = CommunityReview.objects.get(round__district__code="1099", place=1)
    phone = Picture("president-phone.png", "president99", "verification:review", size=PHONE, of=(half_done.pk,))
    asked = Picture("round.png", "head99", "verification:round", of=(half_done.round_id,))
    for picture in [*PICTURES, bench, phone, asked]:
        page.context.clear_cookies()
        sign_in(page, live_server.url, picture.username)
        page.set_viewport_size(picture.size)
        page.goto(f"{live_server.url}{reverse(picture.address, args=picture.of)}?{urlencode(picture.query)}")
        file = FOLDER / picture.file_name
        page.screenshot(path=file)
        assert file.stat().st_size < MOST_BYTES
