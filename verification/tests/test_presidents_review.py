"""What a president says, how often it arrives, and when it is refused."""

import datetime
import io
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from communities.models import Person, Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from verification import presidents_review as review_of_president
from verification.models import CommunityReview, Pledge, PledgeText, Verdict
from verification.presidents_review import Summary
from verification.tests.factories import pledged, president_of, review_of

pytestmark = pytest.mark.django_db
Kind = Verdict.Kind
SOI_5, SOI_6 = "เทอดไท 5", "เทอดไท 6"


@pytest.fixture
def review():
    """Three houses in soi 5, one in soi 6."""
    community = CommunityFactory.create()
    where = {"subdistrict": community.subdistrict}
    houses = [HouseFactory(soi=soi, **where) for soi in (SOI_5, SOI_5, SOI_5, SOI_6)]
    return review_of(community, houses)


@pytest.fixture
def president(review):
    return pledged(review, president_of(review.community))


@pytest.fixture
def say(review, president):
    """Says a kind of the nth house of the list."""

    def said(kind, nth=1, **more):
        words = {"key": uuid.uuid4(), "listed": review.houses.get(place=nth), "by": president} | more
        return review_of_president.give_verdict(review, kind=kind, **words)

    return said


def refusal(deed, *things, **words):
    with pytest.raises(ValidationError) as found:
        deed(*things, **words)
    return found.value.code


def standing(review):
    return list(review.houses.order_by("place").values_list("verdict__kind", flat=True))


def rest(review, by, number, soi=SOI_5, key=None):
    lane = review.houses.filter(house__soi=soi)[0].house.lane_order
    return review_of_president.confirm_rest(review, lane_order=lane, number=number, key=key or uuid.uuid4(), by=by)


def end(review, state="lapsed"):
    CommunityReview.objects.filter(pk=review.pk).update(
        state=state, ended_by=review.round.opened_by, ended_at=timezone.now()
    )


def photo(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    out.seek(0)
    return out


def test_a_pledge_names_the_wording_of_today_and_is_given_once(review):
    president = president_of(review.community)
    assert not review_of_president.has_pledged(review, president)
    PledgeText.objects.create(version=2, text="ข้อความใหม่")
    for _twice in range(2):
        assert review_of_president.pledge(review, by=president).wording.version == 2
    assert Pledge.objects.count() == 1
    assert review_of_president.has_pledged(review, president)


def test_without_a_pledge_nothing_is_said(review):
    president = president_of(review.community)
    words = {"key": uuid.uuid4(), "listed": review.houses.first(), "kind": "right", "by": president}
    assert refusal(review_of_president.give_verdict, review, **words) == "pledge_first"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD])
def test_the_office_says_nothing_itself(review, role):
    person = pledged(review, appoint(role, review.community.district))
    words = {"key": uuid.uuid4(), "listed": review.houses.first(), "kind": "right", "by": person}
    assert refusal(review_of_president.give_verdict, review, **words) == "not_the_president"
    assert refusal(review_of_president.pledge, review, by=person) == "not_the_president"


def test_another_president_and_a_former_one_say_nothing(review, president, say):
    other = pledged(review, president_of(CommunityFactory.create()))
    assert refusal(say, "right", by=other) == "not_the_president"
    president.appointments.update(until=timezone.localdate())
    assert refusal(say, "right", by=Person.objects.get(pk=president.pk)) == "not_the_president"


def test_a_delegates_word_is_kept_as_such(review, say):
    delegate = pledged(review, appoint(Role.DELEGATE, review.community))
    assert say("right", by=delegate).given_as == Role.DELEGATE


def test_pressed_twice_it_is_said_once(review, say):
    key = uuid.uuid4()
    first = say("demolished", key=key, note="รื้อ\r\nปีที่แล้ว")
    assert say("demolished", key=key, note="รื้อ\r\nปีที่แล้ว") == first
    assert first.note == "รื้อ\nปีที่แล้ว"
    assert Verdict.objects.count() == 1
    assert refusal(say, "right", key=key) == "key_used"


def test_a_new_word_takes_the_place_of_the_old_one(review, say):
    for kind in ("right", "unknown"):
        say(kind)
    assert standing(review) == ["unknown", None, None, None]


@pytest.mark.parametrize("kind", ["missing", "taken_back", "", "elsewhere"])
def test_only_the_five_answers_are_taken(say, kind):
    assert refusal(say, kind) == "not_a_verdict"


def test_a_house_of_another_list_is_refused(say):
    other = review_of(CommunityFactory.create(), [HouseFactory()])
    assert refusal(say, "right", listed=other.houses.get()) == "not_on_the_list"


def test_a_house_that_moved_meanwhile_is_told(review, say):
    house = review.houses.get(place=1).house
    assert not say("right").moved
    tag_event(house, CommunityFactory.create(subdistrict=review.community.subdistrict), on=timezone.localdate())
    assert say("demolished").moved
    assert standing(review)[0] == "demolished"


def test_after_the_end_a_word_is_kept_and_late(review, president, say):
    end(review)
    late = say("demolished")
    assert late.late
    assert standing(review)[0] is None
    missing = review_of_president.report_missing(
        review, key=uuid.uuid4(), house_no="9/9", lane=SOI_5, note="", by=president
    )
    assert missing.late
    assert rest(review, president, 3) == 3
    assert review_of_president.take_back(late, key=uuid.uuid4(), by=president).late


def test_a_clock_wrong_by_a_year_is_kept_beside_the_true_time(say):
    wrong = timezone.now() - datetime.timedelta(days=365)
    verdict = say("right", said_at=wrong)
    assert verdict.said_at == wrong
    assert verdict.recorded_at.date() != wrong.date()


def test_too_long_a_note_is_refused_not_cut(say):
    assert refusal(say, "unknown", note="ก" * 501) == "too_long"
    assert say("unknown", note="ก" * 500).note == "ก" * 500


def test_what_no_database_takes_is_left_out(say):
    assert say("wrong_number", note="a\0b", house_no="๑๒\0/๓").note == "ab"


def test_an_undone_word_leaves_the_house_undecided(review, president, say):
    verdict, key = say("right"), uuid.uuid4()
    for _twice in range(2):
        review_of_president.take_back(verdict, key=key, by=president)
    assert standing(review)[0] is None
    assert refusal(review_of_president.take_back, verdict, key=uuid.uuid4(), by=president) == "taken_back_already"


def test_only_what_stands_is_undone(review, president, say):
    first = say("right")
    say("unknown")
    assert refusal(review_of_president.take_back, first, key=uuid.uuid4(), by=president) == "changed_meanwhile"


def test_the_rest_of_a_soi_is_confirmed_with_its_number(review, president, say):
    say("demolished", 2)
    assert rest(review, president, 2) == 2
    assert standing(review) == ["right", "demolished", "right", None]
    assert set(review.verdicts.filter(kind="right").values_list("source", flat=True)) == {"rest"}


def test_the_rest_pressed_twice_is_confirmed_once(review, president):
    key = uuid.uuid4()
    assert [rest(review, president, 3, key=key) for _twice in range(2)] == [3, 3]
    assert review.verdicts.count() == 3


def test_a_number_that_moved_is_refused_with_both(review, president, say):
    say("right")
    with pytest.raises(ValidationError) as found:
        rest(review, president, 3)
    assert found.value.code == "number_moved"
    assert found.value.params == {"now": 2, "shown": 3}


def test_a_missing_house_needs_its_number_and_may_be_taken_back(review, president):
    words = {"lane": SOI_5, "note": "หลังบ้านเลขที่ 4", "by": president}
    assert (
        refusal(review_of_president.report_missing, review, key=uuid.uuid4(), house_no=" ", **words) == "number_needed"
    )
    missing = review_of_president.report_missing(review, key=uuid.uuid4(), house_no="4/1", **words)
    assert review_of_president.summary(review).added == 1
    review_of_president.take_back(missing, key=uuid.uuid4(), by=president)
    assert review_of_president.summary(review).added == 0


def test_paper_is_keyed_in_by_the_section_without_a_pledge(review):
    president, officer = president_of(review.community), appoint(Role.OFFICER, review.community.district)
    words = {"listed": review.houses.first(), "kind": "unknown", "source": Verdict.Source.PAPER, "by": president}
    verdict = review_of_president.give_verdict(review, key=uuid.uuid4(), keyed_by=officer, **words)
    assert (verdict.given_by, verdict.keyed_by) == (president, officer)
    stranger = appoint(Role.COMMUNITY_DEVELOPMENT, review.community.district)
    for other in (stranger, None):
        code = refusal(review_of_president.give_verdict, review, key=uuid.uuid4(), keyed_by=other, **words)
        assert code == "not_the_office"


def test_the_summary_counts_what_stands(review, president, say):
    say("right", 1)
    say("not_ours", 2)
    assert review_of_president.summary(review) == Summary(right=1, doubtful=1, added=0, undecided=2)


def test_the_signature_freezes_the_counts_and_is_given_once(review, president, say):
    say("right", 1)
    signed = review_of_president.sign_off(review, name=" นายบุญมี  ตัวอย่าง ", undecided=3, by=president)
    again = review_of_president.sign_off(review, name="นายบุญมี ตัวอย่าง", undecided=3, by=president)
    assert signed.certificate == again.certificate
    assert (signed.signed_name, signed.right, signed.undecided) == ("นายบุญมี ตัวอย่าง", 1, 3)
    assert len(signed.certificate) == 20


def test_the_signature_needs_a_name_the_true_number_and_an_open_review(review, president):
    sign = review_of_president.sign_off
    assert refusal(sign, review, name="  ", undecided=4, by=president) == "name_needed"
    assert refusal(sign, review, name="ก" * 151, undecided=4, by=president) == "too_long"
    assert refusal(sign, review, name="นายบุญมี", undecided=0, by=president) == "number_moved"
    end(review)
    assert refusal(sign, review, name="นายบุญมี", undecided=4, by=president) == "ended"


def test_a_photo_is_kept_once_and_no_more_than_ten(monkeypatch, president, say):
    verdict, key = say("demolished"), uuid.uuid4()
    attach = review_of_president.attach_photo
    first = attach(verdict, key=key, sent=photo(), by=president)
    assert attach(verdict, key=key, sent=photo(), by=president) == first
    assert (first.width, first.sent_by) == (40, president)
    assert refusal(attach, say("unknown", 2), key=key, sent=photo(), by=president) == "key_used"
    monkeypatch.setattr(review_of_president, "MOST_PHOTOS", 1)
    assert refusal(attach, verdict, key=uuid.uuid4(), sent=photo("blue"), by=president) == "too_many_photos"


def test_nobody_else_adds_a_photo_and_what_is_none_is_refused(review, president, say):
    verdict, attach = say("demolished"), review_of_president.attach_photo
    other = president_of(CommunityFactory.create())
    assert refusal(attach, verdict, key=uuid.uuid4(), sent=photo(), by=other) == "not_the_president"
    assert refusal(attach, verdict, key=uuid.uuid4(), sent=io.BytesIO(b""), by=president) == "empty"
    officer = appoint(Role.OFFICER, review.community.district)
    assert attach(verdict, key=uuid.uuid4(), sent=photo(), by=officer).sent_by == officer
