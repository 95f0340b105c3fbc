"""The president's pages without JavaScript: pledge, list, answers house by house, signature, what comes after."""

import datetime
import gzip
import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, appoint
from households.models import HouseRegistration
from households.tests.factories import HouseFactory, tag_event
from verification import urls
from verification.models import Answer, CommunityReview, Verdict, VerdictPhoto
from verification.presidents_review import sign_off
from verification.review_access import reviews_open_to
from verification.tests.factories import photo_to, pledged, president_of, review_of, signed, verdict_on

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>\"'"


@pytest.fixture
def review():
    """Houses 1 to 3 in soi 5, house 4 in soi 6, not in the order of the roads."""
    community = CommunityFactory.create(name="ชุมชนโรงเจ 1")
    places = [("41/1", "เทอดไท 5"), ("41/2", "เทอดไท 5"), ("7", "เทอดไท 5"), ("8", "เทอดไท 6")]
    return review_of(
        community, [HouseFactory(house_no=no, soi=soi, subdistrict=community.subdistrict) for no, soi in places]
    )


@pytest.fixture
def president(review):
    return pledged(review, president_of(review.community))


@pytest.fixture
def phone(client, president):
    client.force_login(president)
    return client


def page_of(review, name="review", *more):
    return reverse(f"verification:{name}", args=[review.pk, *more])


def listed(review, place=1):
    return review.houses.get(place=place)


def say(phone, review, kind, place=1, **more):
    words = {"listed": listed(review, place).pk, "key": uuid.uuid4(), "kind": kind} | more
    return phone.post(page_of(review, "review_say"), words)


def text_of(answer):
    content = answer.content
    return (gzip.decompress(content) if answer.get("Content-Encoding") == "gzip" else content).decode()


def a_photo(name="a.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def end(review, **fields):
    CommunityReview.objects.filter(pk=review.pk).update(
        **{"state": "lapsed", "ended_by": review.round.opened_by, "ended_at": timezone.now(), **fields}
    )


def close(review, *, days_ago):
    end(review)
    type(review.round).objects.filter(pk=review.round_id).update(
        closed_at=timezone.now() - datetime.timedelta(days=days_ago), closed_by=review.round.opened_by
    )


# --- the pledge and the list ---


def test_before_the_pledge_no_page_shows_the_list(client, review):
    client.force_login(president_of(review.community))
    for name in ("review", "review_sign"):
        assert client.get(page_of(review, name)).url == page_of(review, "review_pledge")
    assert say(client, review, "right").url == page_of(review, "review_pledge")
    assert not Verdict.objects.exists()
    pledge = client.get(page_of(review, "review_pledge"))
    assert "41/1" not in text_of(pledge)
    assert "ไม่เปิดเผย" in text_of(pledge)
    listed_page = client.post(page_of(review, "review_pledge"), follow=True)
    assert "41/1" in text_of(listed_page)


def test_seeing_the_list_is_recorded_once_a_session(phone, review, president):
    for _twice in range(2):
        phone.get(page_of(review))
    seen = ListAccess.objects.get()
    assert (seen.person, seen.deed, seen.community, seen.houses) == (president, "seen", review.community, 4)


def test_neither_codes_nor_ids_of_houses_are_on_the_page(phone, review):
    text = text_of(phone.get(page_of(review)))
    for house in HouseRegistration.objects.all():
        assert house.house_code not in text
        assert f"/houses/{house.pk}" not in text
    assert review.community.codes.get().code not in text


def test_the_list_is_soi_by_soi_with_progress_and_the_place_to_go_on(phone, review):
    say(phone, review, "right", 1)
    page = phone.get(page_of(review))
    lanes = page.context["lanes"]
    assert [[house.house.house_no for house in lane.houses] for lane in lanes] == [["41/1", "41/2", "7"], ["8"]]
    assert [(lane.decided, lane.left) for lane in lanes] == [(1, 2), (0, 1)]
    assert f'href="#house-{listed(review, 2).pk}"' in text_of(page)


@pytest.mark.parametrize(("typed", "found"), [("41", ["41/1", "41/2"]), ("๔๑/๒", ["41/2"]), ("9", []), ("\0", None)])
def test_a_number_is_looked_for_by_its_beginning_in_any_digits(phone, review, typed, found):
    page = phone.get(page_of(review), {"number": typed})
    numbers = [house.house.house_no for lane in page.context["lanes"] for house in lane.houses]
    assert numbers == (["41/1", "41/2", "7", "8"] if found is None else found)
    assert page.context["summary"].listed == 4


# --- house by house ---


def test_a_tap_is_kept_and_comes_back_to_its_house(phone, review, president):
    answer = say(phone, review, "demolished", 2)
    assert answer.url == f"{page_of(review)}#house-{listed(review, 2).pk}"
    verdict = Verdict.objects.get()
    assert (verdict.kind, verdict.given_by, verdict.keyed_by, verdict.source) == (
        "demolished",
        president,
        president,
        "phone",
    )
    assert 'data-verdict="demolished"' in text_of(phone.get(page_of(review)))


def test_what_a_delegate_said_is_shown_with_the_name(phone, review):
    delegate = pledged(review, appoint(Role.DELEGATE, review.community, full_name="นางผู้ช่วย ตัวอย่าง"))
    verdict_on(listed(review), "right", by=delegate, given_as=Role.DELEGATE)
    assert "นางผู้ช่วย ตัวอย่าง" in text_of(phone.get(page_of(review)))


def test_a_double_tap_is_one_verdict(phone, review):
    key = uuid.uuid4()
    for _twice in range(2):
        say(phone, review, "right", key=key)
    assert Verdict.objects.count() == 1


def test_a_note_and_photos_are_kept_once(phone, review):
    key = uuid.uuid4()
    for _twice in range(2):
        say(phone, review, "wrong_number", key=key, house_no="๔๑/๙", note="ป้ายใหม่", photo=[a_photo(), a_photo()])
    verdict = Verdict.objects.get()
    assert (verdict.house_no, verdict.note, verdict.photos.count()) == ("๔๑/๙", "ป้ายใหม่", 2)
    text = text_of(phone.get(page_of(review)))
    photo = verdict.photos.first()
    for name in ("review_photo", "review_photo_small"):
        address = page_of(review, name, photo.pk)
        assert address in text
        shown = phone.get(address)
        assert shown["Content-Type"] == "image/jpeg"
        assert shown.content.startswith(b"\xff\xd8")


def test_a_file_that_is_no_photo_is_told_and_keeps_the_verdict(phone, review):
    bad = SimpleUploadedFile("รูป<b>.jpg", b"%PDF-1.7", "image/jpeg")
    page = phone.get(say(phone, review, "unknown", photo=[bad, a_photo()]).url)
    assert "รูป&lt;b&gt;.jpg" in text_of(page)
    assert Verdict.objects.get().photos.count() == 1


def test_undo_leaves_the_house_undecided(phone, review):
    say(phone, review, "right")
    verdict = Verdict.objects.get()
    answer = phone.post(page_of(review, "review_take_back"), {"take_back": verdict.key, "key": uuid.uuid4()})
    assert answer.url.endswith(f"#house-{listed(review).pk}")
    assert listed(review).verdict is None


def test_the_rest_of_a_soi_is_confirmed_and_leads_to_the_next(phone, review):
    lane = listed(review).house.lane_order
    words = {"lane_order": lane, "number": 3, "key": uuid.uuid4()}
    assert phone.post(page_of(review, "review_rest"), words).url.endswith(f"#house-{listed(review, 4).pk}")
    assert review.houses.filter(verdict__kind="right").count() == 3
    last = {"lane_order": listed(review, 4).house.lane_order, "number": 1, "key": uuid.uuid4()}
    assert phone.post(page_of(review, "review_rest"), last).url.endswith("#finish")


def test_a_rest_that_is_fewer_by_now_is_refused_and_says_both_numbers(phone, review):
    say(phone, review, "right")
    words = {"lane_order": listed(review).house.lane_order, "number": 3, "key": uuid.uuid4()}
    text = text_of(phone.post(page_of(review, "review_rest"), words, follow=True))
    assert "2" in re.search(r'class="notice error">\s*<span>([^<]+)', text)[1]
    assert review.houses.filter(verdict=None).count() == 3


def test_a_missing_house_is_added_shown_and_taken_back(phone, review):
    words = {"house_no": "41/9", "lane": "ซอยเทอดไท 5", "lane_other": "", "note": "หลังวัด", "photo": a_photo()}
    assert phone.post(page_of(review, "review_missing"), words | {"key": uuid.uuid4()}).url.endswith("#added")
    missing = Verdict.objects.get()
    assert (missing.kind, missing.lane, missing.photos.count()) == ("missing", "ซอยเทอดไท 5", 1)
    assert "หลังวัด" in text_of(phone.get(page_of(review)))
    phone.post(page_of(review, "review_take_back"), {"take_back": missing.key, "key": uuid.uuid4()})
    assert phone.get(page_of(review)).context["summary"].added == 0


def test_a_missing_house_without_a_number_is_refused(phone, review):
    phone.post(page_of(review, "review_missing"), {"house_no": " ", "lane_other": "ซอยใหม่"})
    assert not Verdict.objects.exists()


def test_a_house_that_moved_meanwhile_is_kept_and_told(phone, review):
    other = CommunityFactory.create(subdistrict=review.community.subdistrict)
    tag_event(listed(review).house, other, on=timezone.localdate())
    text = text_of(phone.get(say(phone, review, "right").url))
    assert Verdict.objects.get().moved
    assert "ชุมชนอื่น" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("review_say", {"kind": "unknown", "note": SCRIPT, "house_no": SCRIPT[:40]}),
        ("review_missing", {"house_no": SCRIPT[:40], "lane_other": SCRIPT, "note": SCRIPT}),
    ],
)
def test_no_text_becomes_a_script(phone, review, president, name, words):
    phone.post(page_of(review, name), {"listed": listed(review).pk} | words)
    assert Verdict.objects.count() == 1
    assert "<script>alert" not in text_of(phone.get(page_of(review), {"number": SCRIPT}))
    assert "<script>alert" not in text_of(phone.get(page_of(review)))
    assert "<script>alert" not in text_of(
        phone.post(page_of(review, "review_sign"), {"name": SCRIPT, "undecided": "9"})
    )
    sign_off(review, name=SCRIPT, undecided=review.houses.filter(verdict=None).count(), by=president)
    assert "<script>alert" not in text_of(phone.get(page_of(review)))


def test_a_house_has_its_note_and_photos_without_a_script(phone, review):
    text = text_of(phone.get(page_of(review)))
    drawers = re.findall(r"<noscript><details data-more>.*?</details>", text, re.DOTALL)
    assert len(drawers) == 4
    assert all(f'name="{field}"' in drawers[0] for field in ("note", "house_no", "photo"))
    say(phone, review, "demolished", note="รื้อปีที่แล้ว")
    text = text_of(phone.get(page_of(review)))
    assert ">รื้อปีที่แล้ว</textarea>" in text
    assert text.count("<noscript><details") == 3


def test_a_house_and_a_verdict_of_another_review_are_not_there(phone, review):
    other = review_of(CommunityFactory.create(), [HouseFactory()])
    theirs = verdict_on(other.houses.get(), "right", by=president_of(other.community))
    assert say(phone, review, "right", listed=other.houses.get().pk).status_code == 404
    assert phone.post(page_of(review, "review_take_back"), {"take_back": theirs.key}).status_code == 404
    assert phone.get(page_of(review, "review_photo", photo_to(theirs).pk)).status_code == 404


# --- the end ---


def test_the_signature_shows_what_is_undecided_and_ends_the_review(phone, review):
    say(phone, review, "right")
    page = phone.get(page_of(review, "review_sign"))
    assert [lane.left for lane in page.context["sheet"].lanes_left] == [2, 1]
    stale = phone.post(page_of(review, "review_sign"), {"name": "นายบุญมี", "undecided": "4"})
    assert stale.context["problem"]
    for _twice in range(2):
        done = phone.post(page_of(review, "review_sign"), {"name": "นายบุญมี", "undecided": "3"})
        assert done.url == page_of(review)
    review.refresh_from_db()
    assert (review.state, review.signed_name, review.undecided) == ("signed", "นายบุญมี", 3)


def test_after_the_signature_the_answers_are_read_and_the_list_is_not(phone, review, president):
    verdict = verdict_on(listed(review, 2), "demolished", by=president)
    sign_off(review, name="นายบุญมี", undecided=3, by=president)
    officer = appoint(Role.OFFICER, review.community.district)
    Answer.objects.create(
        verdict=verdict, outcome="refused", reason="ยังมีผู้อาศัย", answered_by=officer, appeal_until=timezone.localdate()
    )
    text = text_of(phone.get(page_of(review)))
    assert "41/2" in text
    assert "ยังมีผู้อาศัย" in text
    assert "41/1" not in text


def test_what_comes_after_the_end_is_kept_as_late_and_said(phone, review):
    end(review)
    text = text_of(phone.get(say(phone, review, "demolished").url))
    assert Verdict.objects.get().late
    assert "notice warning" in text


def test_a_closed_round_is_read_until_the_last_day_of_appeals(phone, review, president):
    days = review.round.appeal_days
    close(review, days_ago=days)
    assert phone.get(page_of(review)).status_code == 200


def test_after_the_last_day_of_appeals_the_review_is_gone_until_a_late_answer(phone, review, president):
    verdict = verdict_on(listed(review), "demolished", by=president)
    close(review, days_ago=review.round.appeal_days + 1)
    assert phone.get(page_of(review)).status_code == 404
    officer = appoint(Role.OFFICER, review.community.district)
    Answer.objects.create(verdict=verdict, outcome="accepted", answered_by=officer, appeal_until=timezone.localdate())
    assert phone.get(page_of(review)).status_code == 200


def test_with_the_post_the_review_is_gone_at_once(phone, review, president):
    president.appointments.update(until=timezone.localdate())
    assert phone.get(page_of(review)).status_code == 404


# --- apart, and large ---


def _addresses(review, photo):
    """Every address of the verification pages that names one thing, as if it were of this review."""
    for entry in urls.urlpatterns:
        if "<int:pk>" in str(entry.pattern):
            things = {name: photo.pk if name == "photo" else review.pk for name in entry.pattern.converters}
            yield reverse(f"verification:{entry.name}", kwargs=things)


def test_the_reviews_of_all_other_presidents_are_not_there(phone, review):
    others = []
    for _other in range(43):
        community = CommunityFactory.create(subdistrict=review.community.subdistrict, expected=None)
        theirs = review_of(community, [HouseFactory(subdistrict=community.subdistrict)], round=review.round)
        verdict = verdict_on(theirs.houses.get(), "demolished", by=president_of(community))
        # Signed, so that there is a certificate to look for.
        others.append((signed(theirs), VerdictPhoto.objects.first() or photo_to(verdict)))
    found = {}
    for theirs, photo in others:
        for address in _addresses(theirs, photo):
            # What only the office has is not there for presidents at all, whichever the method.
            methods = (phone.get, phone.post) if address.startswith("/review/") else (phone.get,)
            answers = {ask(address).status_code for ask in methods}
            if not answers <= {404, 405} or (answers == {405} and "/review/" in address):
                found[address] = answers
    assert found == {}
    assert list(reviews_open_to(phone.get(page_of(review)).context["user"])) == [review]


def _many(community, houses):
    built = HouseFactory.build_batch(houses, subdistrict=community.subdistrict, soi="เทอดไท 5")
    for nth, house in enumerate(built):
        house.district = community.district
        house.soi = f"เทอดไท {nth % 15}"
        house.lane_order = f"{nth % 15:02}"
    return HouseRegistration.objects.bulk_create(built)


def _asked(phone, review):
    phone.get(page_of(review))
    with CaptureQueriesContext(connection) as queries:
        answer = phone.get(page_of(review), HTTP_ACCEPT_ENCODING="gzip")
    return len(queries), answer


def test_the_list_asks_as_often_for_1000_houses_as_for_10_and_stays_small_on_the_wire(client, review):
    sizes, asked = {10: 0, 358: 0, 1000: 0}, set()
    for size in sizes:
        community = CommunityFactory.create(subdistrict=review.community.subdistrict)
        large = review_of(community, _many(community, size), round=review.round)
        president = pledged(large, president_of(community))
        Verdict.objects.bulk_create(
            Verdict(
                key=uuid.uuid4(),
                review=large,
                listed=one,
                kind="right",
                source="phone",
                given_by=president,
                given_as="president",
                keyed_by=president,
            )
            for one in large.houses.all()[: size // 3]
        )
        client.force_login(president)
        queries, answer = _asked(client, large)
        asked.add(queries)
        sizes[size] = len(answer.content)
    assert asked == {10}  # one of them keeps how long it took
    assert sizes[358] < 60_000
    assert sizes[1000] < 120_000
