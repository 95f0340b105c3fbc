"""The record of who saw, printed or exported lists: for the head and the director, of their own district."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.access_log import record_access
from communities.lists_seen import ACCESSES_A_PAGE
from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from communities.thai_calendar import short_date

pytestmark = pytest.mark.django_db
Deed = ListAccess.Deed


@pytest.fixture
def community():
    return CommunityFactory.create()


@pytest.fixture
def district(community):
    return community.district


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district, full_name="นายสมชาย รักงาน")


def seen(person, district, *, times=1, deed=Deed.SEEN, what="บัญชีบ้าน", community=None):
    return [
        record_access(
            person, deed=deed, what=what, district=district, community=community, houses=358, purpose="ส่งประธาน"
        )
        for _each in range(times)
    ]


def page(client, reader, **query):
    client.force_login(reader)
    return client.get(reverse("communities:lists_seen"), query)


def shown(answer):
    return [access for access, _community in answer.context["lines"]]


def test_the_head_reads_who_did_what_with_which_list_and_why(client, head, officer, district, community):
    seen(officer, district, deed=Deed.PRINTED, what="<b>หนังสือ", community=community)
    text = page(client, head).content.decode()
    for part in ("นายสมชาย รักงาน", "&lt;b&gt;หนังสือ", "358", "ส่งประธาน", "ชุมชนตัวอย่าง"):
        assert part in text


def test_another_districts_record_is_not_there(client, head, officer):
    seen(officer, DistrictFactory(code="1099"), what="เขตอื่น")
    assert "เขตอื่น" not in page(client, head).content.decode()
    assert page(client, head, district="1099").status_code == 404


def test_filters_narrow_the_record_by_person_deed_community_and_day(client, head, officer, district, community):
    [mine] = seen(officer, district, deed=Deed.EXPORTED, community=community)
    [other] = seen(head, district)
    today = timezone.localdate()
    yesterday, tomorrow = (short_date(today + datetime.timedelta(days=days)) for days in (-1, 1))

    def found(**query):
        return shown(page(client, head, **query))

    assert found() == [other, mine]
    for query in ({"person": officer.pk}, {"deed": "exported"}, {"community": community.pk}):
        assert found(**query) == [mine]
    assert found(since=short_date(today), until=short_date(today)) == [other, mine]
    assert found(until=yesterday) == found(since=tomorrow) == []


def test_pages_follow_one_another_without_a_gap_and_keep_the_filters(client, head, officer, district):
    rows = seen(officer, district, times=ACCESSES_A_PAGE + 3, deed=Deed.PRINTED)
    first = page(client, head, deed="printed")
    assert shown(first) == rows[:2:-1]
    older = client.get(first.context["older"])
    assert shown(older) == rows[2::-1]
    assert "deed=printed" in first.context["older"]
    assert (older.context["older"], bool(older.context["newest"])) == ("", True)


@pytest.mark.parametrize(
    ("query", "is_said"),
    [
        ({"deed": "burnt"}, True),
        ({"community": "1e9"}, True),
        ({"person": "1"}, True),
        ({"since": "เมื่อวาน"}, True),
        ({"until": "9" * 99}, True),
        ({"since": "2558-02-06", "until": "2558-02-05"}, True),
        ({"before": "-1"}, False),
        ({"before": "9" * 30}, False),
    ],
)
def test_what_cannot_be_read_is_said_and_hides_the_rows_lest_others_pass_for_them(
    client, head, officer, district, query, is_said
):
    seen(officer, district)
    answer = page(client, head, **query)
    assert (answer.status_code, len(shown(answer))) == (200, 0 if is_said else 1)
    assert ('class="error"' in answer.content.decode()) == is_said


def test_the_page_takes_the_same_queries_at_any_size(client, head, officer, district, community):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert shown(page(client, head))
        return len(asked)

    seen(officer, district, community=community)
    queries()
    few = queries()
    ListAccess.objects.bulk_create(
        ListAccess(district=district, community=community, person=officer, deed="seen", what="บัญชี", houses=1)
        for _each in range(300)
    )
    assert queries() == few


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COMMUNITY_DEVELOPMENT, Role.ADMINISTRATOR])
def test_whoever_does_not_see_everyones_work_does_not_read_it(client, district, role):
    assert page(client, appoint(role, district)).status_code == 404
