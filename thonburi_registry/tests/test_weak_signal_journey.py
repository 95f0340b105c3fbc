"""The president's review on a weak signal and on none, in a real browser: nothing is lost, nothing comes twice, and
nobody else finds anything on the phone."""

import io
import itertools
import threading

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from django.urls import reverse
from PIL import Image
from playwright.sync_api import ViewportSize, expect

from communities.tests.factories import CommunityFactory
from households.tests.factories import HouseFactory
from thonburi_registry.tests.conftest import PATIENCE
from thonburi_registry.tests.office import PASSWORD, give_password, sign_in
from verification.models import Verdict, VerdictPhoto
from verification.tests.factories import pledged, president_of, review_of

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = ViewportSize(width=360, height=740)
WEAK = {"offline": False, "latency": 100, "downloadThroughput": 3e6 / 8, "uploadThroughput": 3e6 / 8}
CUT = WEAK | {"offline": True}
GRAIN = 6  # as much as a photo by daylight has: a file of half a megabyte
LANES, HOUSES_A_LANE = 6, 11
SAID = ["right"] * 5 + ["demolished", "right", "wrong_number", "not_ours", "unknown"]  # of each ten houses

# Waits until the page and its files are kept; the pages forbid that a waiting expression is evaluated.
KEPT = """async () => {
    for (;;) {
        const names = await caches.keys();
        const pages = names.find((name) => name.startsWith("review-pages-"));
        const kept = pages ? await (await caches.open(pages)).keys() : [];
        const files = await (await caches.open("review-files")).keys();
        if (kept.length && files.some(({ url }) => url.includes("review_queue"))) return kept.map(({ url }) => url);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}"""
LEFT_ON_THE_PHONE = """async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


class LosingAnswers(StaticFilesHandler):
    """The site; while `to_lose` is above zero, what was sent is kept and its answer breaks off on the way."""

    to_lose = 0
    lost = threading.Event()

    def __call__(self, environ, start_response):
        """Answers, or begins to."""
        if not (environ["PATH_INFO"].endswith("/send/") and LosingAnswers.to_lose):
            return super().__call__(environ, start_response)
        LosingAnswers.to_lose -= 1
        list(super().__call__(environ, lambda *_head: None))
        LosingAnswers.lost.set()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "5000")])
        return [b'{"at": 1']


class UntilStopped(QuietWSGIRequestHandler):
    """Answers on a connection only as long as its server runs."""

    def parse_request(self):
        """Reads the request, unless its server has gone."""
        self.close_connection = True
        return not getattr(self.server, "gone", False) and super().parse_request()

    def handle_one_request(self):
        """Ends the connection behind what a phone has sent: the rest of a lost answer never comes."""
        super().handle_one_request()
        self.close_connection |= getattr(self, "path", "").endswith("/send/")


class Office(LiveServerThread):
    """The site, which can be stopped like a machine, and started again at the same address."""

    daemon = True

    def _create_server(self, connections_override=None):
        return self.server_class((self.host, self.port), UntilStopped, connections_override=connections_override)

    def terminate(self):
        """Stop; what still is connected gets no answer any more."""
        self.httpd.gone = True
        super().terminate()


@pytest.fixture
def served():
    """Starts the site on a port."""
    running = []

    def start(port=0):
        office = Office("127.0.0.1", LosingAnswers, port=port)
        office.start()
        office.is_ready.wait()
        assert not office.error
        running.append(office)
        return office

    yield start
    running[-1].terminate()


@pytest.fixture
def review():
    """66 houses in six sois, and the president who has pledged."""
    community = CommunityFactory.create()
    where = {"subdistrict": community.subdistrict, "road": "เทอดไท"}
    made = review_of(
        community,
        [
            HouseFactory(soi=f"เทอดไท {lane}", house_no=f"{number}/{lane}", **where)
            for lane in range(1, LANES + 1)
            for number in range(1, HOUSES_A_LANE + 1)
        ],
    )
    president = pledged(made, president_of(community, username="president"))
    president.set_password(PASSWORD)
    president.save()
    return made


@pytest.fixture
def phone(new_context):
    """A phone of 360 pixels."""
    return new_context(viewport=NARROW, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def photos(tmp_path):
    files = [tmp_path / f"{colour}.jpg" for colour in ("red", "blue")]
    for file in files:
        content = io.BytesIO()
        Image.effect_noise((2600, 1300), GRAIN).convert("RGB").save(content, "JPEG")
        file.write_bytes(content.getvalue())
    return files


def open_review(page, site, review):
    page.goto(site + reverse("verification:review", args=[review.pk]))
    page.evaluate(KEPT)


def row(page, listed):
    return page.locator(f"[data-listed='{listed.pk}']")


def say(page, listed, kind):
    row(page, listed).locator(f".kinds [value={kind}]").click()
    expect(row(page, listed)).to_have_attribute("data-verdict", kind)


def sign_out(page):
    page.locator("details.menu summary").click()
    page.locator("form[action$='/sign-out/'] button").click()


def waiting(page):
    return page.locator("[data-sending=waiting]")


def test_sixty_verdicts_and_two_photos_given_without_a_signal_arrive_exactly_once(phone, served, review, photos):
    server = served()
    site = f"http://127.0.0.1:{server.port}"
    sign_in(phone, site, "president")
    signal = phone.context.new_cdp_session(phone)
    signal.send("Network.emulateNetworkConditions", WEAK)
    open_review(phone, site, review)
    houses = list(review.houses.order_by("place"))[:60]
    kinds = dict(zip(houses, itertools.cycle(SAID), strict=False))
    server.terminate()
    signal.send("Network.emulateNetworkConditions", CUT)

    for nth, listed in enumerate(houses[:30]):
        if nth in (5, 7):
            row(phone, listed).locator("summary").click()
            row(phone, listed).locator("[name=note]").fill(f"หมายเหตุ {nth} <b>")
            row(phone, listed).locator("[name=photo]").set_input_files(photos[nth // 6])
        say(phone, listed, kinds[listed])
    expect(phone.locator("[data-queue-says]")).to_contain_text("32")

    phone.reload()  # from the worker
    expect(waiting(phone)).to_have_count(30)
    for listed in houses[30:]:
        say(phone, listed, kinds[listed])
    expect(waiting(phone)).to_have_count(60)
    assert not Verdict.objects.exists()

    LosingAnswers.to_lose = 1
    again = served(server.port)
    signal.send("Network.emulateNetworkConditions", WEAK)
    assert LosingAnswers.lost.wait(PATIENCE / 1000)
    again.terminate()
    assert 0 < Verdict.objects.count() < 60
    served(server.port)
    expect(phone.locator("[data-sending=saved]")).to_have_count(60)

    told = list(Verdict.objects.order_by("pk").values_list("listed", "kind"))
    assert told == [(listed.pk, kinds[listed]) for listed in houses]
    assert sorted(VerdictPhoto.objects.values_list("verdict__note", flat=True)) == ["หมายเหตุ 5 <b>", "หมายเหตุ 7 <b>"]
    assert {max(photo.width, photo.height) for photo in VerdictPhoto.objects.all()} == {2400}
    phone.reload()
    expect(phone.locator("[data-queue-says]")).to_be_hidden()
    expect(phone.locator("[data-listed]:not([data-verdict=''])")).to_have_count(60)
    assert Verdict.objects.count() == 60


def test_another_person_on_the_phone_finds_nothing_and_nothing_outlives_the_sign_out(phone, live_server, review):
    other = review_of(CommunityFactory.create(), [HouseFactory(house_no="77/7")])
    neighbour = pledged(other, president_of(other.community, username="neighbour"))
    neighbour.set_password(PASSWORD)
    neighbour.save()
    site, [first, second] = live_server.url, review.houses.order_by("place")[:2]
    sign_in(phone, site, "president")
    open_review(phone, site, review)

    # The sign-in ends while the phone is in the pocket: the president is asked, and what waits stays the president's.
    phone.context.clear_cookies()
    say(phone, first, "right")
    phone.locator("[data-queue-sign-in]").click()
    give_password(phone, "president")
    expect(row(phone, first)).to_have_attribute("data-verdict", "right")
    expect(phone.locator("[data-queue-says]")).not_to_contain_text("1")
    assert Verdict.objects.get().listed == first

    # It ends again; now somebody else signs in.
    phone.context.clear_cookies()
    say(phone, second, "demolished")
    phone.locator("[data-queue-sign-in]").click()
    give_password(phone, "neighbour")
    open_review(phone, site, other)
    expect(phone.locator("[data-listed]")).to_have_count(1)
    assert phone.evaluate("reviewStore.waiting()") == []
    kept = phone.evaluate(KEPT)
    assert [address for address in kept if f"/review/{review.pk}/" in address] == []
    assert Verdict.objects.count() == 1

    # Signing out asks while something waits, sends it, and leaves nothing.
    [listed] = other.houses.all()
    phone.context.set_offline(True)
    say(phone, listed, "right")
    for wish in ("stay", "send"):
        sign_out(phone)
        expect(phone.locator("[data-queue-leaving]")).to_be_visible()
        expect(row(phone, listed)).to_have_attribute("data-sending", "waiting")
        phone.context.set_offline(wish == "stay")
        phone.locator(f"[data-leave={wish}]").click()
    expect(phone.locator("input[name=password]")).to_be_visible()
    assert phone.evaluate(LEFT_ON_THE_PHONE) == {"databases": [], "caches": [], "workers": 0}
    assert Verdict.objects.filter(listed=listed).count() == 1
