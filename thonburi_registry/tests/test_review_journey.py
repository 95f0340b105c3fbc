"""A president checks 358 houses in 15 sois on a phone of 360 px: few taps, nothing that bars anybody."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import ViewportSize, expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households.models import HouseRegistration
from households.tests.factories import HouseFactory
from thonburi_registry.tests.office import faults, sign_in
from verification.models import Verdict
from verification.tests.factories import review_of

pytestmark = pytest.mark.django_db(transaction=True)

SMALL_PHONE = ViewportSize(width=360, height=740)
HOUSES, SOIS, DOUBTFUL = 358, 15, 8
MOST_TAPS = 60
KINDS = ["demolished", "wrong_number", "not_ours", "unknown"]
PATIENCE = 60  # seconds


@pytest.fixture
def review():
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(), name="ชุมชนโรงเจ 1")
    built = [
        HouseFactory.build(
            subdistrict=community.subdistrict,
            district=community.district,
            house_no=f"{41 + nth // 90}/{1 + nth}",
            soi=f"เทอดไท {1 + nth * SOIS // HOUSES}",
        )
        for nth in range(HOUSES)
    ]
    houses = HouseRegistration.objects.bulk_create(built)
    appoint(Role.PRESIDENT, community, username="president")
    return review_of(community, houses)


class Thumb:
    """Taps, and counts them."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, where):
        self.taps += 1
        self.page.locator(where).click() if isinstance(where, str) else where.click()


def until(done):
    """Wait until the office has what the phone sends in its own time."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def doubt(thumb, listed, kind):
    house = thumb.page.locator(f"#house-{listed}")
    thumb.tap(house.locator(f".kinds [value={kind}]"))
    expect(house).to_have_attribute("data-verdict", kind)
    note = house.locator("textarea")
    thumb.tap(note)
    note.fill("รื้อเมื่อปีที่แล้ว")
    thumb.tap(house.locator("[data-save]"))


def test_358_houses_with_8_doubtful_ones_take_at_most_60_taps(page, live_server, review):
    # Given a president who opens the registry for the first time
    page.set_viewport_size(SMALL_PHONE)
    sign_in(page, live_server.url, "president")
    page.goto(live_server.url + reverse("front"))
    assert faults(page) == []
    thumb = Thumb(page)
    thumb.tap("main .btn.first")
    expect(page.locator(".review-house")).to_have_count(HOUSES)
    assert faults(page) == []

    # When eight houses are doubtful, each with a note
    doubtful = list(review.houses.order_by("place").values_list("pk", flat=True))[:: HOUSES // DOUBTFUL][:DOUBTFUL]
    for nth, listed in enumerate(doubtful):
        doubt(thumb, listed, KINDS[nth % len(KINDS)])
        until(lambda nth=nth: Verdict.objects.filter(note="รื้อเมื่อปีที่แล้ว").count() == nth + 1)

    # And what is left of each soi is right
    for nth in range(1, SOIS + 1):
        thumb.tap(f"#lane-{nth} [data-rest-form] button")
        expect(page.locator(f"#lane-{nth} .review-house[data-verdict='']")).to_have_count(0)
    until(lambda: not review.houses.filter(verdict=None).exists())

    # And the president signs
    thumb.tap("[data-to-signature]")
    thumb.tap("#name")
    page.fill("#name", "นายบุญมี ตัวอย่าง")
    assert faults(page) == []
    thumb.tap("[data-sign-form] button")
    expect(page.locator(".review-counts")).to_be_visible()

    # Then all of it is kept, in few taps
    review.refresh_from_db()
    assert (review.state, review.right, review.doubtful, review.undecided) == ("signed", HOUSES - DOUBTFUL, DOUBTFUL, 0)
    assert page.locator(".review-house").count() == DOUBTFUL
    assert faults(page) == []
    assert thumb.taps <= MOST_TAPS
