"""A small office for the journeys: two communities, their houses, their people, a list as a clerk typed it, and the
way in."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
from pathlib import Path

import openpyxl
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, ViewportSize, expect

from communities.models import Community, District, Person, Role, Subdistrict
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.models import HouseRegistration
from households.row_decisions import decide_row
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, received

PASSWORD = "รหัสผ่าน-ทดสอบ"
LONG_NAME = "สวนมะลิร่วมใจสามัคคีพัฒนาเพื่อความมั่นคงของที่อยู่อาศัย"
JANUARY = datetime.date(2015, 1, 20)

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
# Only what it finds amiss comes back: the list of all that is in order takes the browser longer to send than to make.
VIOLATIONS = 'axe.run({resultTypes: ["violations"]}).then(({violations}) => violations)'
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclasses.dataclass
class Office:
    """The district, its two communities and the list of the first one."""

    district: District
    subdistrict: Subdistrict
    community: Community
    neighbour: Community
    list_file: Path


def open_office(folder: Path) -> Office:
    """Houses 1 to 12 of soi เทอดไท 5 and the same numbers in soi 6; house 12 belongs to the neighbour."""
    district = DistrictFactory(code="1015")
    subdistrict = SubdistrictFactory(district=district, code="101505")
    community = CommunityFactory.create(subdistrict=subdistrict, code="10150011", name=LONG_NAME, expected=12)
    neighbour = CommunityFactory.create(subdistrict=subdistrict, code="10150012", name="สวนพลู", expected=4)
    houses = {
        soi: [HouseFactory(subdistrict=subdistrict, house_no=f"{n}/1", soi=soi, road="เทอดไท") for n in range(1, 13)]
        for soi in ("เทอดไท 5", "เทอดไท 6")
    }
    # Twice in the register: the rows around row 10 tell its soi, and still not which house it means.
    HouseFactory(subdistrict=subdistrict, house_no="10/1", soi="เทอดไท 5", road="เทอดไท")
    tag_event(houses["เทอดไท 5"][11], neighbour, on=JANUARY)
    for role in (Role.OFFICER, Role.HEAD, Role.COMMUNITY_DEVELOPMENT, Role.ADMINISTRATOR):
        appoint(role, district, username=str(role))
    appoint(Role.PRESIDENT, community, username="president")
    return Office(district, subdistrict, community, neighbour, _typed_list(folder))


def sign_in(page: Page, site: str, username: str) -> None:
    """Give the browser the session of a person of the office; the sign-in page itself has journeys of its own."""
    client = Client()
    client.force_login(Person.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


def give_password(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill the sign-in page in and send it; the page that follows has come when this returns."""
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.click("main button.first")
    expect(page).not_to_have_url(re.compile("sign-in"))


def faults(page: Page) -> list[str]:
    """What bars people who hear or enlarge the page as it stands, and whether it is wider than the screen."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(VIOLATIONS)
    found = [f"{width}: {fault['id']}: {node['html'][:200]}" for fault in violations for node in fault["nodes"][:3]]
    return found + ([f"{width}: wider than the screen"] if page.evaluate(WIDER) else [])


def faults_at_each_size(page: Page) -> list[str]:
    """The faults of the page on the phone and at the desk."""
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found += faults(page)
    return found


def until_reasons_are_asked(page: Page) -> None:
    """Wait until the keyboard stands on a reason. (A waiting expression would be evaluated, which the page forbids.)"""
    expect(page.locator("[name=reason]:focus")).to_have_count(1)


def teach_a_name(office: Office) -> None:
    """Two rows of the neighbour decided alike, so that another name of soi เทอดไท 5 is proposed."""
    by = Person.objects.get(username="officer")
    for number in ("31/1", "31/2"):
        HouseFactory(subdistrict=office.subdistrict, house_no=number, soi="เทอดไท 5", road="เทอดไท")
        house = HouseRegistration.objects.get(house_no=number)
        [row] = received(office.neighbour, line(number, soi="ซ.วัดกลาง", subdistrict="ตลาดพลู")).records.all()
        decide_row(row, house=house, by=by)


def _typed_list(folder: Path) -> Path:
    """Exact: 1/1 to 8/1; likely: 9/1 without a sub-district; several: 10/1 without a soi; none: 99; claimed: 12/1."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["บัญชีข้อมูลเลขที่บ้าน"])
    sheet.append(["ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง"])
    for number in range(1, 9):
        sheet.append([number, f"{number}/1", "ซ.เทอดไท 5", "เทอดไท", "ตลาดพลู"])
    sheet.append([9, "9/1", "เทอดไท 5", "เทอดไท", None])
    sheet.append([10, "10/1", None, "เทอดไท", "ตลาดพลู"])
    sheet.append([11, "99", "เทอดไท 5", "เทอดไท", "ตลาดพลู"])
    sheet.append([12, "๑๒/๑", "เทอดไท ๕", "เทอดไท", "ตลาดพลู"])
    sheet.append([None, "รวม 12 หลัง"])
    file = folder / "บัญชีบ้าน.xlsx"
    content = io.BytesIO()
    book.save(content)
    file.write_bytes(content.getvalue())
    return file
