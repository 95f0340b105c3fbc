"""Thai on paper: the marks and line breaks of form TR.31 as PDF agree with Chromium's print of the same page."""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import appoint
from households.tests.factories import HouseFactory
from thonburi_registry.tests.office import sign_in
from thonburi_registry.tests.printed_lines import SCALE, as_browser_prints, as_pdf_prints, disagreement
from verification.paper_pdf import as_page, page_as_pdf
from verification.tests.case_factories import case_of
from verification.tr31 import fill_form31, form_on_paper, suggested

pytestmark = pytest.mark.django_db(transaction=True)

HARD = (
    "ที่ ปู่ น้ำ กี่ ฎุ ญู ฐู ป้ายชื่อ ปี่ ฟี้ ฝึ่ง ผี้ ปื้น พุ่ม กู้ ญี่ปุ่น ปั๊ม ปิ๋ว ฬี่ ฟั่น ป้ำ ซื้อ ฐี่ ญิ่ง ฝู่ ปุ้ย ฎี้ "
    "ที่ดินของปู่และป้าอยู่ริมน้ำ เมื่อกี่ปีก่อนมีป้ายชื่อผู้ใหญ่ติดที่ฝาบ้านชั้นบน ฎีกาและกฎหมายว่าด้วยญาติผู้ใหญ่ "
    "ฟ้าผ่าต้นตะเคียนล้มทับครัวทั้งหลังจนพื้นผุพังปลิวกระเด็นไปทั่วบริเวณที่ดินข้างเคียงซึ่งเป็นที่ตั้งของศาลเจ้าพ่อเสือ"
)
ENOUGH_LINES = 7
MOST_APART = 0.01
UNSHAPED = '<style>* { font-feature-settings: "mark" 0, "mkmk" 0, "ccmp" 0 !important; }</style></head>'
BROKEN_ELSEWHERE = "<style>.form31 .body { margin-right: 12mm; }</style></head>"
ARTEFACTS = Path(os.environ.get("TEST_ARTEFACTS", settings.BASE_DIR / ".artefacts"))


@pytest.fixture
def form():
    case = case_of(HouseFactory.create(house_no="12/3"), state="confirmed")
    officer = appoint(Role.OFFICER, case.district, username="officer")
    return fill_form31(case, by=officer, **{**suggested(case), "applicant_name": "ทองใบ ตัวอย่าง", "because": HARD})


def test_marks_and_line_breaks_are_the_browsers_and_the_check_sees_others(new_context, live_server, form):
    page = new_context(device_scale_factor=SCALE, viewport={"width": 700, "height": 1000}).new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("verification:form31_print", args=[form.case_id]))
    lines, browser = as_browser_prints(page, ".body")
    written = as_page("paper/form31.html", {"form": form_on_paper(form)})
    pdf = page_as_pdf(written)
    kept = ARTEFACTS / "form31.png"
    kept.parent.mkdir(exist_ok=True)
    pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().save(kept)

    assert len(lines) >= ENOUGH_LINES
    assert _worst(lines, browser, pdf) < MOST_APART
    # The check itself fails where marks lie elsewhere, or lines are broken elsewhere.
    assert _worst(lines, browser, page_as_pdf(written.replace("</head>", UNSHAPED))) > 3 * MOST_APART
    assert _worst(lines, browser, page_as_pdf(written.replace("</head>", BROKEN_ELSEWHERE))) > 3 * MOST_APART


def _worst(lines, browser, pdf: bytes) -> float:
    """The line of the two sheets that agrees least."""
    sheet = as_pdf_prints(pdf)
    return max(disagreement(line, browser, sheet) for line in lines)
