"""The reconciliation in the browser: four numbers, four lists of as many houses, each with its next step."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint, command_line
from households.keying import key, to_key
from households.models import HouseRegistration, KeyingEvent, Reconciliation
from households.reconciling import Finding
from households.registrations import load
from households.tagging import say_in_no_community
from households.tests.books import HEADER, extract, house
from households.tests.desk import queries_of, signed_in
from households.tests.factories import HouseFactory, seen_code, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JANUARY = datetime.date(2015, 1, 20)
OVERVIEW = reverse("households:reconciliation")
HERE, THERE = "10150007", "10150008"


def list_of(finding):
    return reverse("households:reconciled_houses", args=[finding])


def taken(desk, finding, **query):
    return desk.get(list_of(finding), {"format": "xlsx", "purpose": "ตรวจ", **query})


def code_of(number):
    return f"1015900{number:04d}"


def of(number):
    return HouseRegistration.objects.get(house_code=code_of(number))


def rows(*codes):
    return [
        [*house(code_of(number), str(number), subdistrict_code="101505", subdistrict="ตลาดพลู"), code]
        for number, code in enumerate(codes, start=1)
    ]


@pytest.fixture
def other(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code=THERE, name="ชุมชนสวนพลู")


@pytest.fixture
def reconciled(district, community, other, officer):
    """House 1 agrees; 2 differs; 3 is missing and was keyed; 4 is missing and was not; 5 has a code there alone."""
    load(
        source=extract([row[:-1] for row in rows(*[""] * 5)]), file_name="t.xlsx", district=district, by=command_line()
    )
    for number in (1, 2, 3, 4):
        tag_event(of(number), community, on=JANUARY)
    key({of(number).pk: community.pk for number in (1, 2, 3)}, by=officer, happened_on=JANUARY)
    load(
        source=extract(rows(HERE, THERE, "", "", THERE), header=(*HEADER, "รหัสชุมชน")),
        file_name="เดือนนี้.xlsx",
        district=district,
        by=officer,
    )


def numbers(houses):
    return sorted(one.house_no for one in houses)


def numbers_to_key(district):
    return numbers(to_key(district))


def test_each_number_opens_a_list_of_as_many_houses(desk, reconciled):
    counts = desk.get(OVERVIEW).context["counts"]
    assert {finding.value: number for finding, number in counts.items()} == {
        "agree": 1, "differ": 1, "missing": 2, "untagged": 1,
    }  # fmt: skip
    for finding, number in counts.items():
        page = desk.get(list_of(finding.value))
        assert (page.context["total"], len(page.context["page"].houses)) == (number, number)


def test_the_extracts_that_came_are_listed_with_what_they_told(desk, reconciled):
    page = desk.get(OVERVIEW).content.decode()
    assert "เดือนนี้.xlsx" in page
    assert list_of("missing") in page


def test_before_an_extract_came_there_is_nothing_to_compare(desk, community):
    tag_event(HouseFactory(subdistrict=community.subdistrict), community, on=JANUARY)
    assert "No extract with community codes yet" in desk.get(OVERVIEW).content.decode()
    assert desk.get(list_of("missing")).context["total"] == 0


def test_what_was_keyed_in_vain_goes_back_on_the_keying_list_in_one_act(desk, reconciled, district):
    assert numbers_to_key(district) == ["4"]
    answer = desk.post(list_of("missing"), {"matching": "2"}, follow=True)
    assert "1 house now stands as the extract shows it" in answer.content.decode()
    assert numbers_to_key(district) == ["3", "4"]


def test_a_house_that_differs_goes_back_with_the_code_that_stands_there(desk, reconciled, district, other):
    desk.post(list_of("differ"), {"house": [of(2).pk]})
    assert numbers_to_key(district) == ["2", "4"]
    assert of(2).keyed_community == other


def test_a_code_there_alone_is_put_on_the_list_to_be_taken_out(desk, reconciled, district):
    desk.post(list_of("untagged"), {"house": [of(5).pk]})
    assert numbers_to_key(district) == ["4", "5"]


def test_a_code_there_alone_leads_to_the_check_of_tagging_with_it(desk, reconciled):
    page = desk.get(list_of("untagged")).content.decode()
    assert f'form="tag-{of(5).pk}"' in page
    check = desk.post(reverse("households:houses_tag"), {"house": [f"{of(5).pk}:"], "community": THERE})
    assert (check.status_code, check.context["community"].label_code) == (200, THERE)
    assert of(5).community is None


def test_a_house_said_to_be_in_no_community_is_not_offered_a_tag(desk, reconciled, officer):
    say_in_no_community([of(5).pk], by=officer, expected=1, reason="not_a_dwelling")
    page = desk.get(list_of("untagged"))
    assert page.context["total"] == 1
    assert f"tag-{of(5).pk}" not in page.content.decode()


def test_all_of_a_list_that_moved_is_refused_with_both_numbers(desk, reconciled):
    answer = desk.post(list_of("missing"), {"matching": "3"}, follow=True)
    assert "showed 3 houses and now 2 match" in answer.content.decode()
    assert KeyingEvent.objects.count() == 3


def test_only_houses_that_stand_in_the_list_are_taken_at_the_extract_s_word(desk, reconciled):
    desk.post(list_of("missing"), {"house": [of(2).pk]})
    assert KeyingEvent.objects.count() == 3
    assert "Tick the houses first" in desk.post(list_of("missing"), {}, follow=True).content.decode()


def test_a_house_that_waits_to_be_keyed_already_is_said_to_stand_so(desk, reconciled):
    desk.post(list_of("missing"), {"house": [of(4).pk]})
    events = KeyingEvent.objects.count()
    answer = desk.post(list_of("missing"), {"house": [of(4).pk]}, follow=True)
    assert "already stand as the extract shows them" in answer.content.decode()
    assert KeyingEvent.objects.count() == events


def test_a_house_keyed_after_the_extract_waits_for_the_next(desk, reconciled, community, officer):
    earlier = Reconciliation.objects.latest("pk")
    earlier.pk, earlier.taken_on = None, timezone.localdate() - datetime.timedelta(days=3)
    earlier.save(force_insert=True)
    key({of(4).pk: community.pk}, by=officer)
    page = desk.get(list_of("missing")).content.decode()
    assert page.count("after the extract") == 1
    answer = desk.post(list_of("missing"), {"house": [of(4).pk]}, follow=True)
    assert "waits for the next one" in answer.content.decode()
    assert of(4).keyed_community == community


def test_a_director_sees_and_records_nothing(client, district, reconciled):
    director = signed_in(client, appoint(Role.DIRECTOR, district))
    assert director.get(list_of("missing")).context["total"] == 2
    assert director.post(list_of("missing"), {"matching": "2"}).status_code == 404
    assert KeyingEvent.objects.count() == 3


def test_another_district_s_lists_are_not_there(client, reconciled):
    stranger = signed_in(client, appoint(Role.OFFICER, DistrictFactory(code="1016")))
    assert stranger.get(OVERVIEW, {"district": "1015"}).status_code == 404
    assert stranger.get(list_of("missing")).context["total"] == 0
    assert taken(stranger, "missing", district="1015").status_code == 404
    assert stranger.post(list_of("missing"), {"house": [of(3).pk]}, follow=True).status_code == 200
    assert KeyingEvent.objects.count() == 3


def test_a_list_that_is_none_is_not_there(desk, reconciled):
    assert desk.get(list_of("others")).status_code == 404


def test_each_list_is_taken_as_a_stamped_file(desk, reconciled, officer):
    for finding in Finding:
        book = openpyxl.load_workbook(io.BytesIO(taken(desk, finding.value).getvalue()))
        cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
        assert str(officer) in cells[1][0]
        assert "ตรวจ" in cells[1][0]
        assert len(cells) - 6 == desk.get(list_of(finding.value)).context["total"]
    assert taken(desk, "missing", purpose="").status_code == 302


def test_the_register_page_shows_the_comparison(desk, reconciled):
    file = SimpleUploadedFile("again.xlsx", extract(rows("", THERE, "", "", ""), header=(*HEADER, "รหัสชุมชน")))
    page = desk.post(reverse("households:register_load"), {"file": file})
    assert page.context["result"].reconciled.counts == {"agree": 0, "differ": 1, "missing": 3, "untagged": 0}
    assert OVERVIEW in page.content.decode()


def test_pages_follow_each_other(desk, community, monkeypatch):
    monkeypatch.setattr("households.views.reconciliation.HOUSES_A_PAGE", 3)
    for number in range(1, 9):
        one = HouseFactory(subdistrict=community.subdistrict, house_no=f"{number}/1")
        tag_event(one, community, on=JANUARY)
        seen_code(one, HERE, on=JANUARY)
    met, address = [], list_of("agree")
    while address:
        page = desk.get(address).context["page"]
        met += [one.house_no for one in page.houses]
        address = f"{list_of('agree')}?after={page.next.pk}" if page.next else ""
    assert met == [f"{number}/1" for number in range(1, 9)]


@pytest.mark.parametrize("address", [OVERVIEW, *(list_of(finding.value) for finding in Finding)])
def test_a_page_asks_as_little_of_many_houses_as_of_few(desk, reconciled, community, subdistrict, address):
    few = queries_of(desk, address)
    for number in range(1, 40):
        tagged, untagged = HouseFactory.create_batch(2, subdistrict=subdistrict)
        tag_event(tagged, community, on=JANUARY)
        seen_code(tagged, (HERE, THERE, "")[number % 3] or "10159999", on=JANUARY)
        seen_code(untagged, THERE, on=JANUARY)
    assert queries_of(desk, address) == few
    assert few <= 12
