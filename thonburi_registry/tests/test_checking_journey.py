"""Checking the machine's tags in a real browser: a sample drawn, judged by keys and by touch, taken back, counted."""

import pytest
from django.urls import reverse

from communities.models import Person
from households import house_lists, tagging
from households.models import Sample, SampledRow
from thonburi_registry.tests.office import PHONE, faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

Finding = SampledRow.Finding


@pytest.fixture
def office(tmp_path):
    """Eight exact rows of the office's list, tagged by the machine."""
    office = open_office(tmp_path)
    officer = Person.objects.get(username="officer")
    received = house_lists.receive(
        data=office.list_file.read_bytes(), file_name=office.list_file.name, community=office.community, by=officer
    )
    tagging.tag_matching(received.lists[0], by=officer)
    return office


@pytest.fixture
def desk(page, live_server, office):
    """The officer's browser on the page of accuracy."""
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:trust"))
    return page


def draw(page):
    with page.expect_navigation():
        page.click("main form button.first")
    return Sample.objects.get()


def press(page, key):
    with page.expect_navigation():
        page.keyboard.press(key)


def findings(sample):
    return list(sample.rows.order_by("place").values_list("finding", flat=True))


def test_a_sample_is_checked_by_keys_and_a_slip_is_taken_back(desk):
    sample = draw(desk)
    press(desk, "1")
    press(desk, "2")
    press(desk, "u")  # that was a slip
    press(desk, "1")
    for _row in range(5):
        press(desk, "1")
    press(desk, "3")
    assert findings(sample) == [Finding.RIGHT] * 7 + [Finding.UNCLEAR]
    assert desk.url.startswith(desk.url.partition("/trust/")[0] + reverse("households:trust"))
    assert "7 จาก 8" in desk.inner_text("main")


def test_a_sample_is_checked_by_touch_and_a_wrong_one_leads_to_its_house(desk):
    sample = draw(desk)
    desk.set_viewport_size(PHONE)
    for place in range(1, 9):
        if place == 3:
            desk.click("details summary >> nth=-1")
            desk.fill("textarea[name=note]", "เป็นบ้านในซอยถัดไป")
        with desk.expect_navigation():
            desk.click(f"button[value={'wrong' if place == 3 else 'right'}]")
    wrong = sample.rows.get(finding=Finding.WRONG)
    assert (wrong.place, wrong.note) == (3, "เป็นบ้านในซอยถัดไป")
    with desk.expect_navigation():
        desk.click(f"a[href='{reverse('households:house', args=[wrong.house_id])}']")
    assert desk.url.endswith(reverse("households:house", args=[wrong.house_id]))


def test_the_pages_of_a_sample_under_way_are_accessible_and_fit_the_screen(desk, live_server):
    sample = draw(desk)
    assert faults_at_each_size(desk) == []
    press(desk, "2")
    press(desk, "u")
    assert faults_at_each_size(desk) == []
    desk.goto(live_server.url + reverse("households:trust"))
    assert sample.rows.filter(finding=Finding.WRONG).exists()
    assert faults_at_each_size(desk) == []
    for name in ("households:quality_rows", "households:quality_lists"):
        desk.goto(live_server.url + reverse(name))
        assert faults_at_each_size(desk) == []
