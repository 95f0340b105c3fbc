"""Samples of the machine's tags: how they are drawn, checked by hand, and what they prove."""

import datetime
import io
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint, command_line
from households import tagging, trust
from households.models import HouseRegistration, Sample, SampledRow
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import SUBDISTRICT, line, list_file, received
from households.undoing import undo_batch

pytestmark = pytest.mark.django_db
Finding = SampledRow.Finding
HOUSES = 12


@pytest.fixture
def community():
    return CommunityFactory.create(subdistrict=SubdistrictFactory(code="101503", name_th=SUBDISTRICT))


@pytest.fixture
def house_list(community):
    """Twelve exact rows tagged by the machine, and a likely one that waits."""
    for number in range(1, HOUSES + 2):
        HouseFactory(subdistrict=community.subdistrict, house_no=f"{number}/1")
    rows = [line(f"{number}/1") for number in range(1, HOUSES + 1)]
    house_list = received(community, *rows, line(f"{HOUSES + 1}/1", subdistrict=None))
    tagging.tag_matching(house_list, by=command_line())
    return house_list


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


def draw(community, size=5):
    return trust.draw_sample(district=community.district, size=size, by=command_line())


def find(sample, *findings):
    for finding in findings:
        trust.record_finding(trust.row_to_check(sample), finding=finding, by=command_line())


# --- drawing ---


def test_a_sample_holds_tags_of_the_machine_each_once_in_a_drawn_order(community, house_list):
    sample = draw(community, size=HOUSES)
    rows = list(sample.rows.select_related("record", "house"))
    assert [row.place for row in rows] == list(range(1, HOUSES + 1))
    assert {row.record.house_no for row in rows} == {f"{number}/1" for number in range(1, HOUSES + 1)}
    assert all(row.record.house_no == row.house.house_no for row in rows)
    assert sample.drawn_from == HOUSES


def test_the_order_is_drawn_by_lot(community, house_list):
    rows = draw(community, size=HOUSES).rows.values_list("record__row", flat=True)
    assert sorted(rows) == sorted(house_list.records.filter(outcome="tagged").values_list("row", flat=True))
    shuffled = {tuple(rows)}
    for _again in range(3):
        SampledRow.objects.all().delete()
        shuffled.add(tuple(draw(community, size=HOUSES).rows.values_list("record__row", flat=True)))
    assert len(shuffled) > 1


def test_what_a_person_tagged_or_changed_since_is_not_drawn(community, house_list):
    neighbour = CommunityFactory.create(subdistrict=community.subdistrict)
    moved = HouseRegistration.objects.get(house_no="1/1")
    tag_event(moved, neighbour, on=timezone.localdate())
    by_hand = HouseFactory(subdistrict=community.subdistrict, house_no="50")
    tagging.tag([by_hand.pk], community=community, by=command_line(), expected=1)
    drawn = set(draw(community, size=100).rows.values_list("house", flat=True))
    assert len(drawn) == HOUSES - 1
    assert drawn.isdisjoint({moved.pk, by_hand.pk})


def test_tags_of_an_undone_batch_are_not_drawn(community, house_list):
    undo_batch(house_list.batches.get(), by=command_line())
    with pytest.raises(ValidationError) as refused:
        draw(community)
    assert refused.value.code == "nothing_to_draw"


def test_no_second_sample_while_one_is_unfinished_and_no_row_twice(community, house_list):
    first = draw(community, size=4)
    with pytest.raises(ValidationError) as refused:
        draw(community)
    assert refused.value.code == "sample_unfinished"
    find(first, *[Finding.RIGHT] * 4)
    second = draw(community, size=100)
    assert second.rows.count() == HOUSES - 4
    find(second, *[Finding.RIGHT] * (HOUSES - 4))
    with pytest.raises(ValidationError) as refused:
        draw(community)
    assert refused.value.code == "nothing_to_draw"


@pytest.mark.parametrize("size", [0, trust.MOST_ROWS + 1])
def test_a_sample_has_a_sensible_size(community, house_list, size):
    with pytest.raises(ValidationError) as refused:
        draw(community, size=size)
    assert refused.value.code == "sample_size"


# --- findings and figures ---


def test_nothing_checked_proves_nothing_and_says_so(community, house_list):
    draw(community)
    precision = trust.precision_of(community.district)
    assert precision.proof.of == 0
    assert "%" not in trust.sentence_of(precision)


def test_figures_accumulate_and_unclear_rows_never_help(community, house_list):
    find(draw(community, size=5), *[Finding.RIGHT] * 5)
    find(draw(community, size=5), Finding.RIGHT, Finding.WRONG, Finding.UNCLEAR, Finding.RIGHT, Finding.RIGHT)
    precision = trust.precision_of(community.district)
    assert (precision.proof.right, precision.proof.of, precision.wrong, precision.unclear) == (8, 10, 1, 1)
    assert float(precision.at_least) == pytest.approx(49.3, abs=0.05)
    sentence = trust.sentence_of(precision)
    assert all(figure in sentence for figure in ("8", "10", "49.3"))


def test_a_later_look_replaces_an_earlier_finding(community, house_list):
    row = trust.row_to_check(draw(community))
    trust.record_finding(row, finding=Finding.WRONG, by=command_line(), note=" อยู่ซอยอื่น ")
    again = trust.record_finding(row, finding=Finding.RIGHT, by=command_line())
    assert (again.finding, again.note) == (Finding.RIGHT, "")
    assert trust.precision_of(community.district).proof.right == 1


def test_only_findings_are_recorded(community, house_list):
    row = trust.row_to_check(draw(community))
    with pytest.raises(ValidationError) as refused:
        trust.record_finding(row, finding="perhaps", by=command_line())
    assert refused.value.code == "not_a_finding"


def test_each_month_of_checking_has_its_own_figures(community, house_list):
    with time_machine.travel(datetime.datetime(2026, 3, 31, 16, 59, tzinfo=datetime.UTC)):  # 23:59 in Bangkok
        find(draw(community, size=3), *[Finding.RIGHT] * 3)
    with time_machine.travel(datetime.datetime(2026, 3, 31, 17, 1, tzinfo=datetime.UTC)):  # April in Bangkok
        find(draw(community, size=2), Finding.RIGHT, Finding.WRONG)
    months = trust.precision_by_month(community.district)
    assert {month: (found.proof.right, found.proof.of) for month, found in months.items()} == {
        datetime.date(2026, 4, 1): (1, 2),
        datetime.date(2026, 3, 1): (3, 3),
    }
    whole = trust.precision_of(community.district)
    assert (whole.since, whole.until) == (datetime.date(2026, 3, 31), datetime.date(2026, 4, 1))


def test_another_districts_findings_do_not_count(community, house_list):
    find(draw(community, size=3), *[Finding.RIGHT] * 3)
    elsewhere = SubdistrictFactory(code="101601", district__code="1016").district
    assert trust.precision_of(elsewhere).proof.of == 0


# --- pages ---


def test_an_officer_checks_a_sample_row_by_row(client, community, house_list, officer):
    client.force_login(officer)
    answer = client.post(reverse("households:trust_draw"), {"size": "50"}, follow=True)
    sample = Sample.objects.get()
    for place in range(1, HOUSES + 1):
        row = answer.context["row"]
        assert row.place == place
        page = answer.content.decode()
        assert row.record.house_no in page
        assert row.house.road in page
        finding = Finding.WRONG if place == 1 else Finding.RIGHT
        address = reverse("households:trust_row", args=[row.pk])
        answer = client.post(address, {"finding": finding, "note": ""}, follow=True)
    assert not sample.rows.filter(finding="").exists()
    assert answer.templates[0].name == "households/trust.html"
    page = answer.content.decode()
    wrong = sample.rows.get(finding=Finding.WRONG)
    assert reverse("households:house", args=[wrong.house_id]) in page
    assert trust.precision_of(community.district).at_least in page


def test_the_row_stands_as_typed_amid_its_neighbours_beside_the_house(client, community, house_list, officer):
    client.force_login(officer)
    row = trust.row_to_check(draw(community))
    page = client.get(reverse("households:trust_row", args=[row.pk])).context["around"]
    assert row.record in [line.record for line in page.lines]
    assert len(page.lines) > 1


def test_the_row_before_can_be_looked_at_and_judged_again(client, community, house_list, officer):
    client.force_login(officer)
    first, second = draw(community, size=2).rows.all()
    trust.record_finding(first, finding=Finding.RIGHT, by=officer)
    page = client.get(reverse("households:trust_row", args=[second.pk])).content.decode()
    before = reverse("households:trust_row", args=[first.pk])
    assert re.search(rf'href="{before}" data-key="u"', page)
    page = client.get(before).content.decode()
    assert re.search(r'value="right"[^>]*aria-pressed="true"', page)
    client.post(before, {"finding": "wrong"})
    first.refresh_from_db()
    assert first.finding == Finding.WRONG


def test_whoever_may_not_tag_sees_and_does_not_check(client, community, house_list):
    director = appoint(Role.DIRECTOR, community.district)
    row = trust.row_to_check(draw(community))
    client.force_login(director)
    address = reverse("households:trust_row", args=[row.pk])
    assert 'name="finding"' not in client.get(address).content.decode()
    assert client.post(address, {"finding": "right"}).status_code == 404
    assert client.post(reverse("households:trust_draw"), {"size": "50"}).status_code == 404
    row.refresh_from_db()
    assert row.finding == ""


def test_a_second_drawing_is_refused_on_the_page(client, community, house_list, officer):
    client.force_login(officer)
    draw(community)
    answer = client.post(reverse("households:trust_draw"), {"size": "50"})
    assert answer.status_code == 409
    assert Sample.objects.count() == 1
    assert client.post(reverse("households:trust_draw"), {"size": "7"}).status_code == 422


def test_a_finding_that_is_none_stores_nothing(client, community, house_list, officer):
    client.force_login(officer)
    row = trust.row_to_check(draw(community))
    assert client.post(reverse("households:trust_row", args=[row.pk]), {"finding": "x"}).status_code == 422
    row.refresh_from_db()
    assert row.finding == ""


@pytest.mark.parametrize("checked", [2, 8])
def test_the_page_asks_as_much_for_many_checks_as_for_few(
    client, community, house_list, officer, checked, django_assert_num_queries
):
    find(draw(community, size=10), *[Finding.WRONG] * checked)
    client.force_login(officer)
    client.get(reverse("households:trust"))
    with django_assert_num_queries(9):
        client.get(reverse("households:trust"))


# --- where the figures are told ---


def test_a_lists_page_tells_the_figures_or_that_there_are_none(client, community, house_list, officer):
    client.force_login(officer)
    address = reverse("households:list", args=[house_list.pk])
    bound = "77.9"  # 12 of 12
    assert bound not in client.get(address).content.decode()
    find(draw(community, size=HOUSES), *[Finding.RIGHT] * HOUSES)
    assert bound in client.get(address).content.decode()


def test_an_imports_report_tells_the_figures(community, house_list, tmp_path):
    file = tmp_path / "more.xlsx"
    file.write_bytes(list_file(line("1/1"), line("2/1")))

    def told():
        said = io.StringIO()
        code = community.codes.get().code
        call_command("import_house_list", file, community=code, dry_run=True, stdout=said, stderr=io.StringIO())
        return said.getvalue().splitlines()[:-1]

    assert str(trust.sentence_of(trust.NOTHING_CHECKED)) in told()
    find(draw(community, size=HOUSES), *[Finding.RIGHT] * HOUSES)
    assert any("77.9" in sentence for sentence in told())


def test_where_the_machine_tagged_nothing_no_draw_is_offered(client, officer):
    client.force_login(officer)
    page = client.get(reverse("households:trust")).content.decode()
    assert "ยังไม่มีรายการให้สุ่ม" in page
    assert reverse("households:trust_draw") not in page
