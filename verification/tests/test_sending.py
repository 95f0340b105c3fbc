"""What a phone sends when it has a signal again: once, in order, and answered word by word."""

import io
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from communities.tests.factories import CommunityFactory
from households.tests.factories import HouseFactory, tag_event
from verification.models import CommunityReview, Verdict, VerdictPhoto
from verification.phone_owner import person_sign, visit_sign
from verification.sending import MOST_BYTES, MOST_WORDS
from verification.tests.factories import pledged, president_of, review_of

pytestmark = pytest.mark.django_db
Kind = Verdict.Kind


@pytest.fixture
def review():
    """Three houses of one soi."""
    community = CommunityFactory.create()
    return review_of(community, [HouseFactory(soi="เทอดไท 5", subdistrict=community.subdistrict) for _nth in range(3)])


@pytest.fixture
def president(review):
    return pledged(review, president_of(review.community))


@pytest.fixture
def send(client, review, president):
    """Posts words, as the phone of the president does, and returns the answer."""
    client.force_login(president)

    def posted(*words, of=president, to=review, body=None):
        return client.post(
            reverse("verification:review_send", args=[to.pk]),
            json.dumps({"words": words}) if body is None else body,
            content_type="application/json",
            headers={"Review-Person": person_sign(of)},
        )

    return posted


@pytest.fixture
def send_photo(client, review, president):
    """Posts a photo to the verdict of that key."""
    client.force_login(president)

    def posted(of, content, key=None):
        return client.post(
            reverse("verification:review_send", args=[review.pk]),
            {"key": key or new_key(), "of": of, "photo": io.BytesIO(content)},
            headers={"Review-Person": person_sign(president)},
        )

    return posted


def new_key():
    return str(uuid.uuid4())


def on(review, nth, kind=Kind.RIGHT, **more):
    return {"key": new_key(), "deed": "verdict", "listed": review.houses.get(place=nth).pk, "kind": str(kind), **more}


def states(answer):
    assert answer.status_code == 200
    return [receipt["state"] for receipt in answer.json()["answers"]]


def codes(answer):
    return [receipt.get("code") for receipt in answer.json()["answers"]]


def standing(review):
    return list(review.houses.order_by("place").values_list("verdict__kind", flat=True))


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


def test_words_are_kept_in_their_order_and_each_is_answered(send, review):
    words = [on(review, 1), on(review, 2, Kind.DEMOLISHED, note="รื้อปีที่แล้ว"), on(review, 1, Kind.NOT_OURS)]
    answer = send(*words)
    assert states(answer) == ["saved"] * 3
    assert [receipt["key"] for receipt in answer.json()["answers"]] == [word["key"] for word in words]
    assert standing(review) == ["not_ours", "demolished", None]


def test_what_is_sent_twice_is_kept_once_and_answered_alike(send, review):
    words = [on(review, 1), on(review, 2, Kind.UNKNOWN)]
    first = send(*words)
    assert states(send(*words)) == states(first)
    assert Verdict.objects.count() == 2


def test_a_refused_word_says_why_and_does_not_hinder_the_others(send, review):
    elsewhere = review_of(CommunityFactory.create(), [HouseFactory()])
    answer = send(on(review, 1, "burnt"), on(elsewhere, 1), on(review, 1, note="ก" * 501), "?", {}, on(review, 2))
    assert states(answer) == ["refused"] * 5 + ["saved"]
    assert codes(answer) == ["not_a_verdict", "not_on_the_list", "too_long", "unreadable", "unreadable", None]
    assert all(receipt["sentence"] for receipt in answer.json()["answers"][:5])


def test_a_verdict_is_taken_back_by_its_key(send, review):
    word = on(review, 1, Kind.DEMOLISHED)
    undo = {"key": new_key(), "deed": "undo", "takes": word["key"], "listed": word["listed"]}
    assert states(send(word, undo)) == ["saved", "saved"]
    assert states(send(undo)) == ["saved"]
    assert standing(review) == [None, None, None]


def test_one_house_of_a_confirmed_rest_is_taken_back(send, review):
    lane = review.houses.get(place=1).house.lane_order
    rest = {"key": new_key(), "deed": "rest", "lane_order": lane, "number": 3}
    undo = {"key": new_key(), "deed": "undo", "takes": rest["key"], "listed": review.houses.get(place=2).pk}
    assert states(send(rest, undo)) == ["saved", "saved"]
    assert states(send(rest)) == ["saved"]
    assert standing(review) == ["right", None, "right"]


def test_the_rest_is_refused_where_another_phone_was_there_meanwhile(send, review):
    lane = review.houses.get(place=1).house.lane_order
    answer = send(on(review, 1), {"key": new_key(), "deed": "rest", "lane_order": lane, "number": 3})
    assert codes(answer) == [None, "number_moved"]
    assert standing(review) == ["right", None, None]


def test_a_missing_house_is_reported(send, review):
    word = {"key": new_key(), "deed": "missing", "house_no": "12/3", "lane": "เทอดไท 5", "note": "<script>"}
    assert states(send(word)) == ["saved"]
    assert Verdict.objects.get().note == "<script>"
    assert codes(send({**word, "key": new_key(), "house_no": " "})) == ["number_needed"]


def test_what_comes_after_the_end_is_kept_as_late(send, review):
    CommunityReview.objects.filter(pk=review.pk).update(
        state="lapsed", ended_by=review.round.opened_by, ended_at=timezone.now()
    )
    lane = review.houses.get(place=1).house.lane_order
    answer = send(on(review, 1), {"key": new_key(), "deed": "rest", "lane_order": lane, "number": 3})
    assert states(answer) == ["late", "late"]
    assert answer.json()["answers"][0]["sentence"]
    assert standing(review) == [None, None, None]


def test_a_house_that_moved_is_kept_and_told(send, review):
    other = CommunityFactory.create(subdistrict=review.community.subdistrict)
    tag_event(review.houses.get(place=1).house, other, on=timezone.localdate())
    assert states(send(on(review, 1))) == ["moved"]
    assert standing(review) == ["right", None, None]


@pytest.mark.parametrize("clock", ["2027-11-24T10:00:00.000Z", "2011-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "soon"])
def test_a_wrong_clock_does_no_harm(send, review, clock):
    assert states(send(on(review, 1, said_at=clock), on(review, 2, said_at=clock))) == ["saved", "saved"]
    said_at = Verdict.objects.first().said_at
    assert said_at is None or said_at.year in (2011, 2027)
    assert (timezone.now() - Verdict.objects.first().recorded_at).total_seconds() < 60


WRONG = [None, 7, [], {"a": 1}, "\0", "9" * 30, -1, True, "x" * 5000]


@pytest.mark.parametrize("field", ["key", "deed", "listed", "kind", "takes", "lane_order", "number", "note", "said_at"])
def test_no_value_of_a_word_breaks_the_others(send, review, field):
    lane = review.houses.get(place=1).house.lane_order
    words = [on(review, 1), {"deed": "undo", "takes": new_key()}, {"deed": "rest", "lane_order": lane, "number": 1}]
    broken = [{"key": new_key(), **word, field: wrong} for word in words for wrong in WRONG]
    assert states(send(*broken, on(review, 3)))[-1] == "saved"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"words": 1}', "[" * 5000, json.dumps({"words": [{}] * (MOST_WORDS + 1)})]
)
def test_what_is_no_message_is_refused_in_a_sentence(send, body):
    answer = send(body=body)
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_a_message_that_is_too_large_is_refused_before_it_is_read(send):
    answer = send(body="x" * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["sentence"]


def test_a_photo_joins_its_verdict_once(send, send_photo, review):
    word, key = on(review, 1, Kind.DEMOLISHED), new_key()
    send(word)
    assert states(send_photo(word["key"], jpeg(), key)) == ["saved"]
    assert states(send_photo(word["key"], jpeg(), key)) == ["saved"]
    assert VerdictPhoto.objects.get().verdict.key == uuid.UUID(word["key"])


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"%PDF-1.7", "not_a_photo")])
def test_a_file_that_is_no_photo_is_refused(send, send_photo, review, content, code):
    word = on(review, 1, Kind.DEMOLISHED)
    send(word)
    assert codes(send_photo(word["key"], content)) == [code]


def test_a_photo_of_a_verdict_that_was_refused_is_refused(send_photo):
    assert codes(send_photo(new_key(), jpeg())) == ["nothing_to_join"]


def test_a_page_of_another_person_sends_nothing(client, send, review, president):
    client.force_login(pledged(review, president_of(review.community)))
    answer = send(on(review, 1), of=president)
    assert answer.status_code == 409
    assert not Verdict.objects.exists()


def test_another_community_is_not_there(send, review):
    other = review_of(CommunityFactory.create(), [HouseFactory()])
    assert send(on(other, 1), to=other).status_code == 404


def test_the_worker_stands_at_the_root_for_everybody_and_holds_no_data(client):
    answer = client.get(reverse("verification:review_worker"))
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"reviewStore" in answer.content


def test_the_signs_of_a_phone_tell_people_and_visits_apart(client, rf, president, review):
    signs, visits = set(), set()
    for person in (president, president, president_of(review.community)):
        client.logout()
        client.force_login(person)
        request = rf.get("/")
        request.user, request.session = person, client.session
        visits.add(visit_sign(request))
        signs.add(client.get(reverse("verification:review_whose")).json()["person"])
    assert (len(signs), len(visits)) == (2, 3)
