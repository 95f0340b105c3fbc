"""The sign-in and the review page as an old phone meets them: Lighthouse's scores, and the bytes of the first visit.

Lighthouse (the npm package) is installed anew into a temporary folder and drives the system's Chromium with its own
default phone: a processor four times slower, 1.6 Mbit/s. The server is gunicorn as `make run` starts it; the review
has 358 houses, of which nothing is said yet. The first visit is counted on the way, by a relay that sees
all that comes back: the page, its files, and what the service worker fetches to keep them.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright

from benchmarks.load import served
from benchmarks.measuring import Table
from benchmarks.officed_city import founded
from benchmarks.scratch import migrated, scratch
from communities.models import Appointment, District, Person, Role
from communities.reference_data import COMMAND_LINE
from households.made_city import fill_districts
from households.models import HouseRegistration
from verification.models import CommunityReview, ListedHouse, ReviewRound
from verification.presidents_review import pledge

HOUSES = 358
LIMITS = {"accessibility": 95, "best-practices": 95, "performance": 90}
KILOBYTES, KILOBYTES_WITHOUT_FONTS = 200, 120
_KEPT = """async () => {
    for (;;) {
        const names = await caches.keys();
        const pages = names.find((name) => name.startsWith("review-pages-"));
        if (pages && (await (await caches.open(pages)).keys()).length) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}"""
_QUIET = 1500  # milliseconds in which the worker fetches what is left


def main(_share: float) -> bool:
    """Score both pages and count the first visit; returns whether all limits held."""
    with migrated(), scratch(), tempfile.TemporaryDirectory() as folder:
        review, president = _review()
        client = Client()
        client.force_login(president)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        table = Table(f"A review of {HOUSES} houses on a phone")
        with served() as port:
            site = f"http://127.0.0.1:{port}"
            lighthouse = _install(Path(folder))
            _score(table, "sign-in", lighthouse, f"{site}/sign-in/")
            _score(table, "review", lighthouse, f"{site}/review/{review.pk}/", cookie)
            _first_visit(table, port, f"/review/{review.pk}/", cookie)
    return not table.broken


def _review() -> tuple[CommunityReview, Person]:
    """A community, its president who has pledged, and its list."""
    by = Person.objects.get(username=COMMAND_LINE)
    today = timezone.localdate()
    district = District.objects.order_by("code")[0]
    fill_districts([district], houses=2 * HOUSES, by=by)
    community = founded(district, 1, by)
    president = Person.objects.create(username="president", full_name="ประธาน", password="!")
    Appointment.objects.create(person=president, role=Role.PRESIDENT, community=community, since=today)
    review_round = ReviewRound.objects.create(
        district=district,
        number=1,
        year_be=today.year + 543,
        announcement_date=today,
        letter_number="1",
        letter_date=today,
        deadline=today,
        opened_by=by,
    )
    review = CommunityReview.objects.create(round=review_round, community=community, place=1)
    houses = HouseRegistration.objects.filter(district=district).order_by("lane_order", "number_order")[:HOUSES]
    ListedHouse.objects.bulk_create(
        ListedHouse(review=review, house=house, place=place) for place, house in enumerate(houses, 1)
    )
    pledge(review, by=president)
    return review, president


# --- Lighthouse ---


def _install(folder: Path) -> list[str]:
    """The command of a Lighthouse that was installed into the folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is not installed: apt-get install npm")
    subprocess.run([npm, "install", "--silent", "--prefix", str(folder), "lighthouse"], check=True, cwd=folder)
    return [str(folder / "node_modules" / ".bin" / "lighthouse")]


def _score(table: Table, page: str, lighthouse: list[str], address: str, cookie: str = "") -> None:
    sent = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
    headers = [f"--extra-headers={json.dumps(sent)}"]
    wanted = [f"--only-categories={','.join(LIMITS)}", "--output=json", "--quiet"]
    flags = ["--chrome-flags=--headless=new --no-sandbox"]
    run = subprocess.run(
        [*lighthouse, address, *headers, *wanted, *flags],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"CHROME_PATH": _browser()},
    )
    report = json.loads(run.stdout)
    for category, limit in LIMITS.items():
        table.at_least(f"{page}: {category}", 100 * report["categories"][category]["score"], limit)


def _browser() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("No Chromium on this machine: apt-get install chromium")
    return found


# --- bytes ---


def _first_visit(table: Table, port: int, path: str, cookie: str) -> None:
    fonts: list[float] = []
    with _relay(port) as (door, counted), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        site = f"http://127.0.0.1:{door}"
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        _note_fonts(page, fonts)
        page.goto(site + path)
        page.evaluate(_KEPT)
        page.wait_for_timeout(_QUIET)
        browser.close()
    table.at_most("first visit: kB over the wire", sum(counted) / 1000, KILOBYTES)
    table.at_most("first visit: kB without fonts", (sum(counted) - sum(fonts)) / 1000, KILOBYTES_WITHOUT_FONTS)


def _note_fonts(page: Any, fonts: list[float]) -> None:
    """Collect the bytes of each font as Chromium received them."""
    session = page.context.new_cdp_session(page)
    asked: set[str] = set()

    def ask(event: dict[str, Any]) -> None:
        if event.get("type") == "Font":
            asked.add(event["requestId"])

    def come(event: dict[str, Any]) -> None:
        if event["requestId"] in asked:
            fonts.append(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", ask)
    session.on("Network.loadingFinished", come)
    session.send("Network.enable")


@contextmanager
def _relay(port: int) -> Iterator[tuple[int, list[int]]]:
    """Passes connections on to the port; gives the port to call and the sizes of all that came back."""
    counted: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_accept, args=(door, port, counted), daemon=True).start()
        yield door.getsockname()[1], counted


def _accept(door: socket.socket, port: int, counted: list[int]) -> None:
    while True:
        try:
            caller, _address = door.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=_pass_on, args=(caller, server, []), daemon=True).start()
        threading.Thread(target=_pass_on, args=(server, caller, counted), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, counted: list[int]) -> None:
    try:
        while piece := source.recv(65536):
            counted.append(len(piece))
            target.sendall(piece)
    except OSError:
        pass
    finally:
        target.close()
