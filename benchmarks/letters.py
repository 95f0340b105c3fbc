"""A round's letters: one PDF a community, joined at the end, in seconds of the processor."""

from __future__ import annotations

import datetime
import time

from pypdf import PdfReader

from benchmarks.measuring import Table
from verification.house_list_print import LaneOnPaper, ListOnPaper
from verification.letters import TEMPLATE, Letter, joined, square
from verification.paper_pdf import as_pdf

COMMUNITIES = 44
HOUSES = 15_770
HOUSES_A_LANE = 24
MOST_SECONDS = 60.0
MOST_SECONDS_A_REQUEST = 10.0


def main(share: float) -> bool:
    """Make the letters of as many communities as `share` says, each with its share of the houses, and join them."""
    communities = max(1, round(COMMUNITIES * share))
    as_pdf(TEMPLATE, _letter(0, 1))  # the fonts are read once a process
    begun, slowest, parts = time.process_time(), 0.0, []
    for place in range(communities):
        at = time.process_time()
        parts.append(as_pdf(TEMPLATE, _letter(place, HOUSES // COMMUNITIES + (place < HOUSES % COMMUNITIES))))
        slowest = max(slowest, time.process_time() - at)
    at = time.process_time()
    whole = joined(parts)
    slowest = max(slowest, time.process_time() - at)
    took = time.process_time() - begun
    table = Table(f"Letters to {communities} presidents with their lists of houses")
    table.told("pages", len(PdfReader(whole).pages))
    table.told("size of the joined file, kB", whole.getbuffer().nbytes / 1024)
    table.at_most("all letters, seconds of the processor", took, MOST_SECONDS * share)
    table.at_most("the slowest request, seconds of the processor", slowest, MOST_SECONDS_A_REQUEST)
    return not table.broken


def _letter(place: int, houses: int) -> dict[str, object]:
    numbers = [f"{number}\t{41 + number // 90}/{number}" for number in range(1, houses + 1)]
    starts = range(0, houses, HOUSES_A_LANE)
    lanes = [LaneOnPaper(f"ซอยเทอดไท {1 + at // HOUSES_A_LANE}", numbers[at : at + HOUSES_A_LANE]) for at in starts]
    today = datetime.date(2015, 2, 10).isoformat()
    address = f"https://registry.example/arrive/{place:032}/"
    letter = Letter(
        number="กท ๕๕๐๒/๖๑๒",
        office="สำนักงานเขตธนบุรี",
        date=today,
        addressee="ประธานชุมชนโรงเจ 1",
        announcement="ประกาศ",
        deadline=today,
        signer="นายธนา ตัวอย่าง",
        signer_post="ผู้อำนวยการเขตธนบุรี",
        place=str(place + 1),
        username="president",
        square=square(address),
        address=address,
        good_until=today,
    )
    house_list = ListOnPaper("โรงเจ 1", "เขตธนบุรี", "๑/๒๕๕๘", str(houses), "พิมพ์เพื่อวัดเวลา", lanes)
    return {"letter": letter, "list": house_list}
