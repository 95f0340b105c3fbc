"""Photos by request: whole, in part, unchanged, and only to those who may see them."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification.tests.case_factories import case_of, photo_of
from verification.tests.factories import photo_to, pledged, president_of, review_of, verdict_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    return photo_of(case_of())


@pytest.fixture
def ask(photo):
    """Asks for the photo as an officer, with these headers."""
    client = Client()
    client.force_login(appoint(Role.OFFICER, photo.case.district))

    def asked(*, method="get", **headers):
        address = reverse("verification:case_photo", args=[photo.case_id, photo.pk])
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(address, headers=named)

    return asked


def content_of(photo):
    with photo.file.open() as file:
        return file.read()


def test_the_whole_photo_is_a_picture_and_nothing_else(ask, photo):
    answer = ask()
    assert (answer.status_code, answer.content) == (200, content_of(photo))
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")} == {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'inline; filename="photo.jpg"',
    }
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["Accept-Ranges"], answer["Cache-Control"]) == ("bytes", "private, no-cache")
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, -1),
        ("bytes=-5", -5, -1),
        ("bytes=0-999999", 0, -1),
        ("bytes=-999999", 0, -1),
        ("bytes=7-7", 7, 7),
        ("bytes= 3 - 4 ", 3, 4),
    ],
)
def test_a_part_is_handed_out(ask, photo, asked, first, last):
    content = content_of(photo)
    first, last = first % len(content), last % len(content)
    answer = ask(range=asked)
    assert (answer.status_code, answer.content) == (206, content[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
    assert answer["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_size(ask, photo, asked):
    answer = ask(range=asked)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{len(content_of(photo))}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-2",
        "bytes=0-1,4-5",
        "pages=1-2",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=--5",
        "x",
        "bytes=1" + "0" * 30 + "-",
    ],
)
def test_what_cannot_be_read_as_one_part_is_answered_with_the_whole(ask, photo, asked):
    answer = ask(range=asked)
    assert (answer.status_code, answer.content) == (200, content_of(photo))


def test_a_part_goes_only_with_the_file_it_was_begun_of(ask, photo):
    etag = ask()["ETag"]
    assert ask(range="bytes=0-1", if_range=etag).status_code == 206
    assert ask(range="bytes=0-1", if_range='"another"').status_code == 200
    assert ask(range="bytes=0-1", if_range="Wed, 11 Mar 2015 09:30:00 GMT").status_code == 200


def test_a_photo_that_the_browser_has_is_not_sent_again(ask):
    etag = ask()["ETag"]
    answer = ask(if_none_match=f'"other", W/{etag}')
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert answer["Cache-Control"] == "private, no-cache"
    assert ask(if_none_match='"other"').status_code == 200
    assert ask(if_match='"other"').status_code == 412


def test_the_head_alone_says_how_large_the_photo_is(ask, photo):
    answer = ask(method="head", range="bytes=0-1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(len(content_of(photo)))


def test_the_two_pictures_of_a_photo_are_told_apart(client, photo):
    client.force_login(appoint(Role.HEAD, photo.case.district))
    names = ("case_photo", "case_photo_small")
    answers = [client.get(reverse(f"verification:{name}", args=[photo.case_id, photo.pk])) for name in names]
    assert len({answer["ETag"] for answer in answers}) == 2


def test_nobody_else_learns_that_a_photo_is_there(ask, client, photo):
    etag = ask()["ETag"]
    community = CommunityFactory.create(subdistrict__district=photo.case.district)
    for person in (appoint(Role.OFFICER, DistrictFactory(code="1099")), appoint(Role.PRESIDENT, community)):
        client.force_login(person)
        address = reverse("verification:case_photo", args=[photo.case_id, photo.pk])
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 404
        assert client.head(address, headers={"Range": "bytes=0-1"}).status_code == 404


def test_a_photo_is_not_found_under_another_case(client, photo):
    client.force_login(appoint(Role.OFFICER, photo.case.district))
    other = case_of(HouseFactory.create(subdistrict=photo.case.house.subdistrict))
    assert client.get(reverse("verification:case_photo", args=[other.pk, photo.pk])).status_code == 404


def test_a_photo_that_the_store_has_lost_is_not_there(ask, photo):
    photo.file.storage.delete(photo.file.name)
    assert ask().status_code == 404
    assert ask(range="bytes=0-1").status_code == 404


def test_photos_of_reviews_and_of_answers_are_served_alike(client):
    community = CommunityFactory.create()
    review = review_of(community, [HouseFactory.create(subdistrict=community.subdistrict)])
    president = pledged(review, president_of(community))
    photo = photo_to(verdict_on(review.houses.get(), "demolished", by=president))
    for person, name, where in [
        (president, "review_photo", [review.pk, photo.pk]),
        (president, "review_photo_small", [review.pk, photo.pk]),
        (appoint(Role.OFFICER, community.district), "answer_photo", [photo.pk]),
        (appoint(Role.OFFICER, community.district), "answer_photo_small", [photo.pk]),
    ]:
        client.force_login(person)
        answer = client.get(reverse(f"verification:{name}", args=where), headers={"Range": "bytes=0-3"})
        assert (answer.status_code, answer.content) == (206, b"\xff\xd8\xff\xe0"), name
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox", name
