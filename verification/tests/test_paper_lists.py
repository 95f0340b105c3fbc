"""A list on paper is keyed in by an officer: house after house, as the president's word in the officer's hand."""

import uuid

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification.models import CommunityReview, Verdict
from verification.paper_lists import receipt_of
from verification.tests.factories import president_of, review_of

pytestmark = pytest.mark.django_db
Kind, Source = Verdict.Kind, Verdict.Source
REFUSED = 409


@pytest.fixture
def review():
    community = CommunityFactory.create()
    houses = [
        HouseFactory(subdistrict=community.subdistrict, house_no=str(number), soi=soi, road="เทอดไท")
        for soi in ("เทอดไท 5", "เทอดไท 6")
        for number in (1, 2, 3)
    ]
    return review_of(community, houses)


@pytest.fixture
def president(review):
    return president_of(review.community)


@pytest.fixture
def officer(review, client):
    officer = appoint(Role.OFFICER, review.community.district)
    client.force_login(officer)
    return officer


def post(client, review, deed, **data):
    return client.post(
        reverse("verification:paper_list", args=[review.pk]), {"deed": deed, "key": uuid.uuid4(), **data}
    )


def kinds(review):
    return list(review.houses.order_by("place").values_list("verdict__kind", flat=True))


def test_house_after_house_is_keyed_in_the_order_of_the_list(client, review, president, officer):
    for number, kind in enumerate([Kind.RIGHT, Kind.DEMOLISHED, Kind.RIGHT], 1):
        answer = post(client, review, "say", number=number, kind=kind)
        assert answer.url.endswith(f"?number={number + 1}")
    assert kinds(review) == ["right", "demolished", "right", None, None, None]
    said = Verdict.objects.first()
    assert (said.given_by, said.given_as, said.keyed_by, said.source) == (president, "president", officer, Source.PAPER)


def test_the_rest_of_a_lane_is_right_at_one_key_and_refused_where_the_number_moved(client, review, president, officer):
    post(client, review, "say", number=1, kind=Kind.NOT_OURS)
    assert post(client, review, "rest", number=2, left=3).status_code == REFUSED
    assert post(client, review, "rest", number=2, left=2).status_code == 302
    assert kinds(review) == ["not_ours", "right", "right", None, None, None]
    assert set(Verdict.objects.filter(kind=Kind.RIGHT).values_list("source", "keyed_by")) == {("paper", officer.pk)}


def test_the_last_key_is_taken_back_and_its_house_comes_again(client, review, president, officer):
    post(client, review, "say", number=1, kind=Kind.RIGHT)
    post(client, review, "say", number=2, kind=Kind.DEMOLISHED)
    answer = post(client, review, "undo", verdict=Verdict.objects.last().pk)
    assert answer.url.endswith("?number=2")
    assert kinds(review)[:2] == ["right", None]


def test_a_key_pressed_twice_is_one_verdict(client, review, president, officer):
    key = uuid.uuid4()
    for _press in range(2):
        post(client, review, "say", number=1, kind=Kind.RIGHT, key=key)
    assert Verdict.objects.count() == 1


def test_a_house_written_below_the_list_is_added(client, review, president, officer):
    post(client, review, "missing", number=0, house_no="9/9", lane="เทอดไท 5")
    added = Verdict.objects.get()
    assert (added.kind, added.house_no, added.listed) == (Kind.MISSING, "9/9", None)


@pytest.mark.parametrize(
    ("deed", "data"),
    [
        ("say", {"number": 1}),
        ("say", {"number": 1, "kind": "missing"}),
        ("say", {"number": 1, "kind": "right", "key": "no key"}),
        ("missing", {"number": 1, "house_no": " "}),
        ("rest", {"number": 1, "left": "many"}),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(client, review, president, officer, deed, data):
    assert post(client, review, deed, **data).status_code == REFUSED
    assert not Verdict.objects.exists()


def test_without_a_president_nothing_is_keyed_and_the_page_says_why(client, review, officer):
    answer = post(client, review, "say", number=1, kind=Kind.RIGHT)
    assert answer.status_code == REFUSED
    assert not Verdict.objects.exists()


def test_the_list_goes_to_a_number_and_says_where_there_is_none(client, review, president, officer):
    url = reverse("verification:paper_list", args=[review.pk])
    assert client.get(url, {"number": 4}).context["listed"].place == 4
    for wrong in ("99", "x", "99999999999999999999"):
        answer = client.get(url, {"number": wrong})
        assert (answer.context["listed"].place, bool(answer.context["refusal"])) == (1, True)


def test_a_list_keyed_in_whole_leads_to_the_slip(client, review, president, officer):
    for number in (1, 4):
        post(client, review, "rest", number=number, left=3)
    page = client.get(reverse("verification:paper_list", args=[review.pk])).content.decode()
    assert reverse("verification:paper_slip", args=[review.pk]) in page


def test_the_slip_says_what_was_received(client, review, president, officer):
    post(client, review, "say", number=2, kind=Kind.WRONG_NUMBER, house_no="2/1", note="<b>ป้าย</b>")
    post(client, review, "rest", number=4, left=3)
    receipt = receipt_of(review)
    assert [number for _label, number in receipt.counts] == [3, 1]
    assert (len(receipt.doubtful), receipt.left) == (1, 2)
    page = client.get(reverse("verification:paper_slip", args=[review.pk])).content.decode()
    assert "&lt;b&gt;ป้าย" in page


def test_a_list_that_ended_is_keyed_in_late(client, review, president, officer):
    CommunityReview.objects.filter(pk=review.pk).update(
        state="lapsed", ended_by=officer, ended_at="2026-01-01T00:00:00Z"
    )
    post(client, review, "say", number=1, kind=Kind.RIGHT)
    assert Verdict.objects.get().late
    assert kinds(review)[0] is None


def test_another_district_and_a_president_find_nothing(client, review, president):
    for person in (president, appoint(Role.OFFICER, DistrictFactory(code="1099"))):
        client.force_login(person)
        for name in ("paper_list", "paper_slip"):
            assert client.get(reverse(f"verification:{name}", args=[review.pk])).status_code == 404


def test_the_page_asks_as_often_for_many_as_for_few(client, review, officer, django_assert_num_queries):
    url = reverse("verification:paper_list", args=[review.pk])
    client.get(url)
    big = review_of(
        CommunityFactory.create(subdistrict=review.community.subdistrict),
        [HouseFactory(subdistrict=review.community.subdistrict) for _each in range(40)],
        round=review.round,
    )
    with django_assert_num_queries(10):
        client.get(url)
    with django_assert_num_queries(10):
        client.get(reverse("verification:paper_list", args=[big.pk]))
