"""An officer answers what a president doubts: one by one by keys, and several alike at once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households.tests.factories import HouseFactory
from thonburi_registry.tests.office import DESK, PHONE, faults, sign_in
from verification.models import Answer, Verdict
from verification.tests.factories import president_of, review_of, verdict_on

pytestmark = pytest.mark.django_db(transaction=True)
BY_KEYS = [("a", "accepted"), ("c", "case"), ("a", "accepted")]
LONG_NOTE = "บ้านหลังนี้รื้อไปตั้งแต่ปีที่แล้ว เจ้าของย้ายไปต่างจังหวัด " * 6


@pytest.fixture
def doubts():
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(), name="ชุมชนโรงเจ 1")
    houses = [HouseFactory(subdistrict=community.subdistrict, house_no=f"{n}") for n in range(1, 9)]
    review = review_of(community, houses)
    president = president_of(community)
    appoint(Role.OFFICER, community.district, username="officer")
    kinds = [Verdict.Kind.DEMOLISHED, Verdict.Kind.NOT_OURS, *[Verdict.Kind.UNKNOWN] * 6]
    return [
        verdict_on(listed, kind, by=president, note=LONG_NOTE)
        for listed, kind in zip(review.houses.all(), kinds, strict=True)
    ]


def test_five_are_answered_by_keys_and_three_alike(page, live_server, doubts):
    sign_in(page, live_server.url, "officer")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        page.goto(live_server.url + reverse("verification:answers"))
        assert faults(page) == []
    for nth, (key, _outcome) in enumerate(BY_KEYS):
        page.keyboard.press(key)
        expect(page.locator(f"#verdict-{doubts[nth].pk}")).to_have_count(0)
        expect(page.locator(f"#verdict-{doubts[nth + 1].pk}")).to_be_focused()
    # Enter in the reason decides nothing; the refusal takes the reason.
    page.keyboard.press("n")
    page.keyboard.type("บ้านยังอยู่")
    page.keyboard.press("Enter")
    page.locator(f"#verdict-{doubts[3].pk} button[value=refused]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#verdict-{doubts[3].pk}")).to_have_count(0)
    # Where the keys listen, the following line has the focus.
    expect(page.locator(f"#verdict-{doubts[4].pk}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator(f"#verdict-{doubts[5].pk}")).to_have_count(0)
    page.locator("[data-tick-all]").check()
    page.locator(".selection-bar button[value=accepted]").click()
    expect(page.locator("[data-rows]")).to_have_count(0)
    given = list(Answer.objects.order_by("verdict").values_list("outcome", "reason"))
    assert [outcome for outcome, _reason in given] == [
        *[outcome for _key, outcome in BY_KEYS],
        "refused",
        "accepted",
        "case",
        "accepted",
        "accepted",
    ]
    assert given[3][1] == "บ้านยังอยู่"
