"""The page of other names: what it shows, what an officer does there, and who may."""

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.aliases import confirm_alias
from households.models import Alias
from households.other_names import OtherName
from households.row_decisions import decide_row
from households.tests.factories import HouseFactory
from households.tests.intake import line, received

pytestmark = pytest.mark.django_db

NAME = OtherName("soi", "วัดกลาง", "เทอดไท 5")


@pytest.fixture
def community():
    return CommunityFactory.create(name="โรงเจ 1")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district, full_name="นางสาวสมใจ")


@pytest.fixture
def proposed(community, officer):
    """Two rows decided alike."""
    for number in ("12/3", "12/4"):
        [row] = received(community, line(number, soi="ซ.วัดกลาง")).records.all()
        decide_row(row, house=HouseFactory(house_no=number), by=officer)


def posted(district, **more):
    return {"district": district.code, "part": NAME.part, "written": NAME.written, "meant": NAME.meant, **more}


def page_of(client, person):
    client.force_login(person)
    answer = client.get(reverse("households:aliases"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_proposal_is_shown_with_the_rows_that_bear_it_out(client, officer, proposed):
    page = page_of(client, officer)
    assert "“วัดกลาง”" in page
    assert "“เทอดไท 5”" in page
    assert page.count("ซ.วัดกลาง") == 2
    assert "นางสาวสมใจ" in page
    assert "ใช้กับทุกบัญชี" in page


def test_who_may_not_tag_sees_the_names_and_no_buttons(client, community, proposed):
    page = page_of(client, appoint(Role.DIRECTOR, community.district))
    assert "“วัดกลาง”" in page
    assert reverse("households:alias_confirm") not in page


def test_an_officer_takes_a_name_into_use(client, officer, proposed, community):
    client.force_login(officer)
    answer = client.post(reverse("households:alias_confirm"), posted(community.district), follow=True)
    alias = Alias.objects.in_use().get(written="วัดกลาง")
    assert (alias.confirmed_by, alias.meant) == (officer, "เทอดไท 5")
    assert "ใช้ “วัดกลาง” แทน “เทอดไท 5” แล้ว" in answer.content.decode()


def test_a_refused_name_is_folded_away_and_can_be_used_after_all(client, officer, proposed, community):
    client.force_login(officer)
    client.post(reverse("households:alias_refuse"), posted(community.district))
    assert Alias.objects.get(written="วัดกลาง").was_refused
    assert "กลับมาใช้" in page_of(client, officer)
    client.post(reverse("households:alias_confirm"), posted(community.district))
    assert Alias.objects.in_use().filter(written="วัดกลาง").exists()


def test_a_proposal_that_no_longer_stands_changes_nothing(client, officer, community):
    client.force_login(officer)
    answer = client.post(reverse("households:alias_confirm"), posted(community.district), follow=True)
    assert "การตัดสินที่มีอยู่ไม่รองรับชื่อนี้แล้ว" in answer.content.decode()
    assert not Alias.objects.filter(written="วัดกลาง").exists()


@pytest.mark.parametrize("wrong", [{"part": "moo"}, {"sender": "99"}, {"written": ""}, {"district": "9999"}])
def test_what_no_page_of_ours_posts_is_not_there(client, officer, community, wrong):
    client.force_login(officer)
    assert client.post(reverse("households:alias_confirm"), posted(community.district) | wrong).status_code == 404


def test_a_name_is_withdrawn_with_a_reason_only(client, officer, proposed, community):
    alias = confirm_alias(community.district, name=NAME, by=officer)
    client.force_login(officer)
    address = reverse("households:alias_withdraw", args=[alias.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    alias.refresh_from_db()
    assert alias.withdrawn_at is None
    client.post(address, {"reason": "คนละซอย"})
    alias.refresh_from_db()
    assert (alias.withdrawn_by, alias.withdrawn_reason) == (officer, "คนละซอย")
    assert "คนละซอย" in page_of(client, officer)


def test_the_page_asks_as_often_with_many_names_as_with_one(
    client, officer, proposed, community, django_assert_max_num_queries
):
    client.force_login(officer)
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("households:aliases"))
    for nth in range(4):
        lane = f"เทอดไท {20 + nth}"
        for number in ("1", "2"):
            [row] = received(community, line(number, soi=f"วัด{'กขคง'[nth]}ใหม่")).records.all()
            decide_row(row, house=HouseFactory(house_no=number, soi=lane), by=officer)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("households:aliases"))
