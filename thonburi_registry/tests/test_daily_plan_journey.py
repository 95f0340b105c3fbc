"""The Daily Plan entry in a real browser: written, approved, copied field by field, keyed in."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.models import District
from reports.daily_plan import newest_entry
from thonburi_registry.tests.office import faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_head_writes_approves_copies_and_keys_in_the_entry(page: Page, live_server, tmp_path):
    office = open_office(tmp_path)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    sign_in(page, live_server.url, "head")
    this_month = timezone.localdate().replace(day=1)
    # given: the clock says that nobody has written the entry
    page.goto(live_server.url + reverse("reports:daily_plan"))
    expect(page.locator(".plan-steps li.done")).to_have_count(0)
    assert faults_at_each_size(page) == []
    # when it is written as the figures suggest, and approved
    page.goto(live_server.url + reverse("reports:daily_plan_write", args=[this_month]))
    assert faults_at_each_size(page) == []
    page.fill("[name=obstacles]", "ไม่มี")
    with page.expect_navigation():
        page.click("main form button.first")
    with page.expect_navigation():
        page.click(".plan-step button.first")
    expect(page.locator(".plan-steps li.done")).to_have_count(2)
    # then each field can be taken to the city's screen, and all of them in its order
    field = page.locator("[data-copy]").filter(has_text="ปัญหาอุปสรรค")
    field.get_by_role("button", name=re.compile("คัดลอก")).click()
    expect(page.locator("[data-copied]")).to_have_text("คัดลอกแล้ว: ปัญหาอุปสรรค")
    assert page.evaluate("navigator.clipboard.readText()") == "ไม่มี"
    page.locator("[data-copy-all]").click()
    expect(page.locator("[data-copied]")).to_contain_text("คัดลอกทั้งหมด")
    lines = [line.split(":")[0] for line in page.evaluate("navigator.clipboard.readText()").splitlines() if ":" in line]
    assert lines[:3] == ["เดือน/ปีงบประมาณ", "ตัวชี้วัด", "เป้าหมาย (ร้อยละ)"]
    assert lines[-1] == "หนังสืออ้างอิง"
    assert faults_at_each_size(page) == []
    with page.expect_navigation():
        page.click(".plan-step button.first")
    assert newest_entry(District.objects.get(pk=office.district.pk), this_month).state == "submitted"
    expect(page.locator(".plan-steps li.done")).to_have_count(3)
