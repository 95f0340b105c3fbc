"""The quality of lists per sender and community, and that every number leads to as many rows."""

import datetime
import re

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint, command_line
from households.models import HouseList, ListStep, Sender
from households.quality import days_until_corrected, quality_by, total_of
from households.row_reasons import Grade, Reason
from households.tests.factories import HouseFactory
from households.tests.intake import SUBDISTRICT, line, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def subdistrict():
    return SubdistrictFactory(code="101503", name_th=SUBDISTRICT)


@pytest.fixture
def community(subdistrict):
    for number in range(1, 7):
        HouseFactory(subdistrict=subdistrict, house_no=f"{number}/1")
    return CommunityFactory.create(subdistrict=subdistrict)


@pytest.fixture
def officer(subdistrict):
    return appoint(Role.OFFICER, subdistrict.district)


def sent(community, *rows, sender="", received_on=datetime.date(2015, 1, 16)):
    house_list = received(community, *rows)
    named = Sender.objects.get_or_create(district=community.district, name=sender)[0] if sender else None
    HouseList.objects.filter(pk=house_list.pk).update(sender=named, received_on=received_on)
    house_list.refresh_from_db()
    return house_list


def send_back(house_list, *, on):
    return ListStep.objects.create(
        district=house_list.district,
        community=house_list.community,
        house_list=house_list,
        kind=ListStep.Kind.SENT_BACK,
        happened_on=on,
        counted_on=on,
        recorded_by=command_line(),
    )


def by_sender(district):
    names = {sender.pk: sender.name for sender in Sender.objects.all()}
    return {names.get(one.group, ""): one for one in quality_by("sender", district)}


def test_rows_are_counted_by_grade_and_fault_for_each_sender(community):
    sent(community, line("1/1"), line("2/1"), line("3/1", subdistrict=None), sender="ฝ่ายพัฒนาชุมชน")
    sent(community, line("4/1"), line("77"), line("78"))
    found = by_sender(community.district)
    careful, unnamed = found["ฝ่ายพัฒนาชุมชน"], found[""]
    assert (careful.rows, careful.exact, careful.likely, careful.none) == (3, 2, 1, 0)
    assert [(fault.reason, fault.rows) for fault in careful.faults] == [(Reason.SUBDISTRICT_MISSING, 1)]
    assert (unnamed.rows, unnamed.exact, unnamed.none) == (3, 1, 2)
    assert [(fault.reason, fault.rows) for fault in unnamed.faults] == [(Reason.NOT_FOUND, 2)]
    assert total_of(found.values()) == {"lists": 2, "rows": 6, "exact": 3, "likely": 1, "several": 0, "none": 2}


def test_a_row_listed_twice_is_a_fault_though_it_is_exact(community):
    sent(community, line("1/1"), line("1/1"))
    (found,) = quality_by("community", community.district)
    assert (found.exact, [fault.reason for fault in found.faults]) == (2, [Reason.REPEATED])


def test_a_corrected_list_counts_once_and_the_days_to_return_are_told(community):
    first = sent(community, line("77"), line("78"), sender="ก")
    send_back(first, on=datetime.date(2015, 1, 20))
    send_back(first, on=datetime.date(2015, 1, 27))
    second = sent(community, line("1/1"), line("2/1"), sender="ก", received_on=datetime.date(2015, 1, 30))
    HouseList.objects.filter(pk=second.pk).update(corrects=first)
    (found,) = quality_by("sender", community.district)
    assert (found.lists, found.rows, found.exact, found.sent_back, found.days_to_return) == (1, 2, 2, 1, 10)


def test_a_list_that_did_not_come_back_has_no_days(community):
    send_back(sent(community, line("77")), on=datetime.date(2015, 1, 20))
    (found,) = quality_by("community", community.district)
    assert (found.sent_back, found.days_to_return) == (1, None)


def test_a_list_corrected_before_it_was_sent_back_took_no_days():
    assert days_until_corrected(datetime.date(2015, 1, 20), datetime.date(2015, 1, 18)) == 0


@pytest.mark.parametrize("by", ["sender", "community"])
def test_every_number_is_the_door_to_as_many_rows(client, community, officer, by):
    sent(community, line("1/1"), line("2/1"), line("3/1", subdistrict=None), line("77"), sender="ก")
    replaced = sent(community, line("79"), line("80"))
    send_back(replaced, on=datetime.date(2015, 1, 20))
    correction = sent(community, line("4/1"), line("78"))
    HouseList.objects.filter(pk=correction.pk).update(corrects=replaced)
    client.force_login(officer)
    page = client.get(reverse("households:quality"), {"by": by}).content.decode()
    doors = re.findall(r'<a href="([^"]*/quality/rows/[^"]*)">([\d,]+)</a>', page)
    assert len(doors) >= 5
    for address, number in doors:
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.context["total"] == len(answer.context["rows"]) == int(number), address
    for address, number in re.findall(r'<a href="([^"]*/quality/lists/[^"]*sent_back=1)">([\d,]+)</a>', page)[:1]:
        assert len(client.get(address.replace("&amp;", "&")).context["lists"]) == int(number)


def test_the_worst_stand_first_and_any_column_sorts(client, community, subdistrict, officer):
    other = CommunityFactory.create(subdistrict=subdistrict)
    sent(community, line("1/1"), line("77"))
    sent(other, line("2/1"), line("3/1"), line("4/1"))
    client.force_login(officer)

    def order(**query):
        lines = client.get(reverse("households:quality"), query).context["lines"]
        return [one.quality.group for one in lines]

    assert order() == [community.pk, other.pk]
    assert order(sort="rows") == [other.pk, community.pk]
    for sort in ("exact", "likely", "several", "none", "sent_back", "days", "nonsense"):
        assert len(order(sort=sort)) == 2


@pytest.mark.parametrize(
    "query", [{"community": "999999"}, {"community": "x"}, {"sender": "1"}, {"grade": "good"}, {"reason": "bad"}]
)
@pytest.mark.parametrize("name", ["households:quality_rows", "households:quality_lists"])
def test_what_is_not_there_is_not_found(client, community, officer, name, query):
    client.force_login(officer)
    assert client.get(reverse(name), query).status_code == 404


def test_long_results_come_a_page_at_a_time(client, community, officer, monkeypatch):
    monkeypatch.setattr("households.views.quality.ROWS_A_PAGE", 2)
    sent(community, *[line(str(number)) for number in range(70, 75)])
    client.force_login(officer)
    query, seen = "", []
    for _page in range(3):
        answer = client.get(reverse("households:quality_rows") + query)
        seen += [record.house_no for record in answer.context["rows"]]
        assert answer.context["total"] == 5
        query = answer.context["following"]
    assert seen == ["70", "71", "72", "73", "74"]
    assert query == ""


@pytest.mark.parametrize("lists", [1, 5])
@pytest.mark.parametrize("by", ["sender", "community"])
def test_the_page_asks_as_much_for_many_lists_as_for_few(
    client, community, subdistrict, officer, lists, by, django_assert_num_queries
):
    for number in range(lists):
        one = sent(CommunityFactory.create(subdistrict=subdistrict), line("1/1"), line("77"), sender=f"ผู้ส่ง {number}")
        send_back(one, on=datetime.date(2015, 1, 20))
    client.force_login(officer)
    client.get(reverse("households:quality"))
    with django_assert_num_queries(6):
        client.get(reverse("households:quality"), {"by": by})


def test_grades_of_a_group_add_up_to_its_rows(community):
    sent(community, line("1/1"), line("2/1", subdistrict=None), line("77"), line(None, soi="เทอดไท 5"))
    for by in ("sender", "community"):
        (found,) = quality_by(by, community.district)
        assert sum(getattr(found, grade) for grade in Grade) == found.rows
