"""How many queries each page asks: written down here, reviewed like code, the same for 10 houses and for 10,000."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Community, District, Person, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint, command_line
from households import house_lists, keying, tagging
from households.made_city import fill_districts, renew_statistics
from households.models import HouseList, HouseRegistration
from households.tests.factories import HouseFactory

from .test_urls_by_role import DEEDS, HEAD, REACHED_BY

pytestmark = pytest.mark.django_db

FEW, MANY = 10, 10_000
_ON_THE_LIST_ONE_IN = {FEW: 1, MANY: 20}
PAGES = {
    "households:aliases": 10,
    "households:batch": 6,
    "households:batches": 4,
    "households:claims": 12,
    "households:district_bench": 17,
    "households:duplicates": 5,
    "households:home": 14,
    "households:home_to_look_at": 7,
    "households:house": 19,
    "households:houses": 3,
    "households:keying": 8,
    "households:keying_list": 6,
    "households:lanes": 9,
    "households:list": 18,  # one keeps how long it took
    "households:list_bench": 18,
    "households:list_receive": 5,
    "households:lists": 6,
    "households:lists_missing": 4,
    "households:quality": 6,
    "households:quality_lists": 5,
    "households:quality_rows": 5,
    "households:central_acts": 5,
    "households:reconciliation": 4,
    "households:register_changes": 6,
    "households:register_load": 3,
    "households:run": 10,
    "households:searches": 3,
    "households:strays": 6,
    "households:trust": 7,
    "households:work_progress": 16,
    "households:work_shared_out": 12,
    "reports:kpi": 7,
    "reports:kpi_month": 26,
}
# Deeds, forms, files and pages of one thing: what they ask is looked at in the tests of each.
ELSEWHERE = {
    "households:alias_confirm",
    "households:alias_refuse",
    "households:batch_run",
    "households:changes_right",
    "households:changes_tag",
    "households:changes_take_back",
    "households:claim",
    "households:houses_outside",
    "households:houses_tag",
    "households:houses_untag",
    "households:list_findings",
    "households:list_likely",
    "households:list_outcomes",
    "households:list_send_back",
    "households:reconciled_houses",
    "households:row",
    "households:search_keep",
    "households:trust_row",
    "households:work_annex",
    "households:work_done",
    "households:work_end",
    "households:work_hand_over",
    "reports:daily_plan",
    "reports:daily_plan_month",
    "reports:daily_plan_write",
    "reports:indicator",
    "reports:indicator_targets",
    "reports:indicators",
    "reports:kpi_houses",
    "reports:kpi_issue",
    "reports:kpi_summary",
    "reports:kpi_workbook",
}


@dataclasses.dataclass(frozen=True)
class Office:
    """A district with houses, communities, a list, tags and keyings, and its head."""

    district: District
    head: Person
    house: HouseRegistration
    house_list: HouseList


def office_of(code: str, houses: int) -> Office:
    """An office at work: half of its houses tagged, half of those keyed, a list with rows of every grade."""
    district = DistrictFactory(code=code)
    subdistrict = SubdistrictFactory(district=district, code=f"{code}01")
    fill_districts([district], houses=houses, by=command_line())
    head = appoint(Role.HEAD, district)
    first, second = (
        CommunityFactory.create(subdistrict=subdistrict, code=f"{code}000{nth}", name=f"ชุมชน {code} {nth}")
        for nth in (1, 2)
    )
    live = list(HouseRegistration.objects.filter(district=district, state="live").in_lane_order())
    tagged = live[: houses // 2]
    tagging.tag([house.pk for house in tagged], community=first, by=head, expected=len(tagged))
    keying.key({house.pk: first.pk for house in tagged[::2]}, by=head)
    twins = [
        # A code of their own: the factory's may be one of those that filled the district.
        HouseFactory(subdistrict=subdistrict, house_code=f"{code}800000{nth}", house_no="77/7", soi=f"เทอดไท {nth}")
        for nth in (5, 6, 7)
    ]
    house_list = received(second, [*live[:: _ON_THE_LIST_ONE_IN[houses]], *twins], by=head)
    tagging.tag_matching(house_list, by=head)
    return Office(district, head, tagged[0], house_list)


def received(community: Community, houses, *, by: Person) -> HouseList:
    """A list of these houses, every third one without sub-district and every third without its lane: some rows wait."""
    rows = []
    for nth, house in enumerate(houses):
        soi, subdistrict = house.soi if nth % 3 != 1 else "", house.subdistrict.name_th if nth % 3 else ""
        rows.append(f"{house.house_no},{soi},{house.road},{subdistrict}")
    content = "\n".join(["บ้านเลขที่,ซอย,ถนน,แขวง", *rows]).encode()
    [house_list] = house_lists.receive(data=content, file_name="list.csv", community=community, by=by).lists
    return house_list


@pytest.fixture
def offices():
    few, many = office_of("1015", FEW), office_of("1016", MANY)
    renew_statistics()
    return few, many


def address_of(office: Office, page: str) -> str:
    """The page as the office's head asks for it."""
    of = {
        "households:list": office.house_list.pk,
        "households:list_bench": office.house_list.pk,
        "households:house": office.house.pk,
        "households:batch": office.house.tag_events.earliest("pk").batch_id,
        "reports:kpi_month": f"{timezone.localdate():%Y-%m}",
    }
    return reverse(page, args=[of[page]] if page in of else [])


def queries_of(client, office: Office) -> dict[str, int]:
    """What each page asks, once the process has warmed up."""
    client.force_login(office.head)
    asked = {}
    for page in PAGES:
        address = address_of(office, page)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, page
        asked[page] = len(queries)
    return asked


def test_each_page_asks_what_is_written_here_however_many_houses_there_are(client, offices):
    few, many = (queries_of(client, office) for office in offices)
    assert few == PAGES
    assert many == PAGES


def test_every_page_stands_in_one_of_the_two_tables():
    pages = {
        name for name, roles in REACHED_BY.items() if HEAD in roles and name.startswith(("households:", "reports:"))
    }
    assert pages - DEEDS == PAGES.keys() | ELSEWHERE
    assert not PAGES.keys() & ELSEWHERE
