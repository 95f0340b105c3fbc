"""Rounds are opened, put off, reminded of and closed by the office; the lists stay as they were handed out."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.models import HouseRegistration
from households.tests.factories import HouseFactory, tag_event
from verification.models import Reminder, Verdict
from verification.presidents_review import sign_off
from verification.reminder_mail import Postman, opening_words, words_to
from verification.round_progress import candidates_of, lines_of, rounds_of, totals_of
from verification.rounds import close_round, due_reviews, extend_round, open_round, remind
from verification.tests.factories import pledged, president_of, review_of, verdict_on

pytestmark = pytest.mark.django_db
Kind, Way = Verdict.Kind, Reminder.Way
TAGGED_ON = datetime.date(2015, 1, 20)


def today():
    return timezone.localdate()


def in_days(days):
    return today() + datetime.timedelta(days=days)


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


def community_with(district, houses, **facts):
    """A community with so many tagged houses, created against the order of their numbers."""
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(district=district), **facts)
    for number in range(houses, 0, -1):
        house = HouseFactory(subdistrict=community.subdistrict, house_no=f"{number}")
        tag_event(house, community, on=TAGGED_ON)
    return community


def opened(district, communities, by, **changed):
    papers = {
        "announcement_number": "๑/๒๕๕๘",
        "announcement_date": today(),
        "letter_number": "กท ๕๕๐๒/๖๑๒",
        "letter_date": today(),
        "deadline": in_days(30),
        "appeal_days": 15,
    }
    return open_round(district, communities=communities, by=by, **papers | changed)


def code_of(deed):
    with pytest.raises(ValidationError) as refusal:
        deed()
    return refusal.value.code


# --- opening ---


def test_the_lists_are_the_live_tagged_houses_in_lane_order(district, head):
    community = community_with(district, 12)
    gone = HouseRegistration.objects.get(community=community, house_no="3")
    HouseRegistration.objects.filter(pk=gone.pk).update(state="vanished")
    HouseFactory(subdistrict=community.subdistrict)
    [review] = opened(district, [community], head).reviews.all()
    numbers = list(review.houses.order_by("place").values_list("place", "house__house_no"))
    assert numbers == list(enumerate(("1", "2", "4", "5", "6", "7", "8", "9", "10", "11", "12"), 1))


def test_the_letters_are_numbered_in_the_order_of_the_codes(district, head):
    second, first = community_with(district, 1, code="10150009"), community_with(district, 1, code="10150002")
    round = opened(district, [second, first], head)
    assert list(round.reviews.order_by("place").values_list("community", flat=True)) == [first.pk, second.pk]


def test_rounds_are_numbered_within_the_year_of_their_letter(district, head):
    rounds = [opened(district, [community_with(district, 1)], head) for _each in range(2)]
    assert [str(round) for round in rounds] == [f"1/{today().year + 543}", f"2/{today().year + 543}"]


def test_a_house_tagged_after_the_opening_is_not_on_the_list(district, head):
    community = community_with(district, 2)
    round = opened(district, [community], head)
    tag_event(HouseFactory(subdistrict=community.subdistrict), community, on=TAGGED_ON)
    assert round.reviews.get().houses.count() == 2


def test_opening_asks_the_same_number_of_queries_for_many_houses_and_communities(district):
    def asked(communities):
        head = appoint(Role.HEAD, district)
        with CaptureQueriesContext(connection) as queries:
            opened(district, communities, head)
        return len(queries)

    assert asked([community_with(district, 1)]) == asked([community_with(district, 9) for _each in range(4)])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"letter_number": "  "}, "letter_needed"),
        ({"letter_number": "ก" * 61}, "too_long"),
        ({"deadline": datetime.date(2015, 1, 1)}, "deadline_before_letter"),
        ({"deadline": datetime.date(2015, 1, 20), "letter_date": datetime.date(2015, 1, 1)}, "deadline_past"),
        ({"appeal_days": 0}, "appeal_days"),
    ],
)
def test_a_round_that_cannot_be_is_refused(district, head, changed, code):
    community = community_with(district, 1)
    assert code_of(lambda: opened(district, [community], head, **changed)) == code


def test_only_the_head_of_the_district_opens_a_round(district):
    community = community_with(district, 1)
    for person in (appoint(Role.OFFICER, district), appoint(Role.HEAD, DistrictFactory(code="1016"))):
        assert code_of(lambda person=person: opened(district, [community], person)) == "not_the_head"


def test_communities_that_cannot_be_asked_are_named(district, head):
    fine, empty = community_with(district, 1), community_with(district, 0, name="สวนพลู")
    with pytest.raises(ValidationError, match="สวนพลู") as refusal:
        opened(district, [fine, empty], head)
    assert refusal.value.code == "no_houses"
    opened(district, [fine], head)
    assert code_of(lambda: opened(district, [fine], head)) == "under_review"
    assert code_of(lambda: opened(district, [], head)) == "no_communities"
    elsewhere = community_with(DistrictFactory(code="1016"), 1)
    assert code_of(lambda: opened(district, [elsewhere], head)) == "other_district"


def test_the_form_shows_who_can_be_asked_and_why_others_cannot(district, head):
    taken, empty, fine = (community_with(district, houses) for houses in (2, 0, 3))
    president = president_of(fine)
    round = opened(district, [taken], head)
    named = {community.pk: community for community in (taken, empty, fine)}
    candidates = candidates_of(district, named)
    assert [(one.houses, one.elsewhere, one.can_be_asked) for one in candidates] == [
        (2, round, False),
        (0, None, False),
        (3, None, True),
    ]
    assert [one.speakers.president for one in candidates] == [None, None, president]


# --- putting off and closing ---


def test_a_deadline_is_put_off_and_the_old_one_is_kept(district, head):
    round = opened(district, [community_with(district, 1)], head)
    extension = extend_round(round, deadline=in_days(45), reason="น้ำท่วม", by=head)
    round.refresh_from_db()
    assert (extension.previous_deadline, round.deadline) == (in_days(30), in_days(45))


@pytest.mark.parametrize(
    ("days", "reason", "code"), [(30, "น้ำท่วม", "not_later"), (31, " ", "reason_needed"), (31, "ก" * 301, "too_long")]
)
def test_an_extension_that_cannot_be_is_refused(district, head, days, reason, code):
    round = opened(district, [community_with(district, 1)], head)
    assert code_of(lambda: extend_round(round, deadline=in_days(days), reason=reason, by=head)) == code


def test_an_officer_neither_extends_nor_closes(district, head):
    round, officer = opened(district, [community_with(district, 1)], head), appoint(Role.OFFICER, district)
    assert code_of(lambda: extend_round(round, deadline=in_days(40), reason="x", by=officer)) == "not_the_head"
    assert code_of(lambda: close_round(round, by=officer)) == "not_the_head"


def test_closing_lapses_what_is_not_signed_and_leaves_what_is(district, head):
    signed, unsigned = community_with(district, 2), community_with(district, 2)
    round = opened(district, [signed, unsigned], head)
    review = round.reviews.get(community=signed)
    sign_off(review, name="บุญมี", undecided=2, by=pledged(review, president_of(signed)))
    assert code_of(lambda: close_round(round, by=head, shown=2)) == "number_moved"
    close_round(round, by=head, shown=1)
    assert set(round.reviews.values_list("community", "state")) == {(signed.pk, "signed"), (unsigned.pk, "lapsed")}
    assert code_of(lambda: close_round(round, by=head)) == "closed"
    assert code_of(lambda: extend_round(round, deadline=in_days(40), reason="x", by=head)) == "closed"


def test_after_a_round_is_closed_its_communities_can_be_asked_again(district, head):
    community = community_with(district, 1)
    close_round(opened(district, [community], head), by=head)
    assert opened(district, [community], head).number == 2


# --- how far it is ---


def test_the_line_of_a_community_counts_what_stands(district, head):
    community = community_with(district, 4)
    review = opened(district, [community], head).reviews.get()
    president, listed = president_of(community), list(review.houses.order_by("place"))
    verdict_on(listed[0], Kind.DEMOLISHED, by=president)
    verdict_on(listed[0], Kind.RIGHT, by=president)
    verdict_on(listed[1], Kind.NOT_OURS, by=president)
    Verdict.objects.create(
        key="9f3c2f0e-6c0e-4b8e-9f6e-1f1f6d0c0a01",
        review=review,
        kind=Kind.MISSING,
        house_no="99",
        source="phone",
        given_by=president,
        given_as=Role.PRESIDENT,
        keyed_by=president,
    )
    [line] = lines_of(review.round)
    assert (line.listed, line.right, line.doubtful, line.added, line.undecided) == (4, 1, 1, 1, 2)
    assert (line.president, line.speakers.has_come) == (president, False)
    whole = totals_of(review.round, [line])
    assert (whole.right, whole.doubtful, whole.added, whole.on_bar) == (1, 1, 1, 5)
    [total] = rounds_of(district)
    assert (total.communities, total.signed, total.listed, total.decided, total.days_left) == (1, 0, 4, 2, 30)


def test_a_round_of_many_communities_asks_no_more_queries_than_one_of_one(district, head):
    def asked(round):
        with CaptureQueriesContext(connection) as queries:
            lines_of(round)
        return len(queries)

    few = opened(district, [community_with(district, 1)], head)
    several = [community_with(district, 2) for _each in range(5)]
    for community in several:
        president_of(community)
    many = opened(district, several, head)
    for review in many.reviews.all():
        remind(review, way=Way.PAPER, text="เตือน", by=head)
    assert asked(few) == asked(many) == 7


# --- reminding ---


@pytest.fixture
def round(district, head):
    communities = [community_with(district, 2, name=f"ชุมชน {number}") for number in (1, 2, 3)]
    for number, community in enumerate(communities, 1):
        president_of(community, full_name=f"นายบุญมี {number}", email=f"president{number}@example.org")
    return opened(district, communities, head)


class OneAddressRefused(EmailBackend):
    """A mail server that knows no second president."""

    def send_messages(self, messages):
        if any("president2@example.org" in message.to for message in messages):
            raise OSError("550 5.1.1 no such user")
        return super().send_messages(messages)


class ServerOutOfReach(EmailBackend):
    """A mail server that does not answer."""

    asked = 0

    def open(self):
        type(self).asked += 1
        raise ConnectionRefusedError(111, "Connection refused")


def test_who_has_not_signed_is_due_until_the_round_is_closed(round, head):
    first = round.reviews.order_by("place").first()
    sign_off(first, name="บุญมี", undecided=2, by=pledged(first, lines_of(round)[0].president))
    assert [line.community.name_th for line in due_reviews(round)] == ["ชุมชน 2", "ชุมชน 3"]
    assert due_reviews(close_round(round, by=head)) == []


def test_one_failing_address_stops_no_other_and_each_is_logged(round, head, settings):
    settings.EMAIL_BACKEND = f"{__name__}.OneAddressRefused"
    postman = Postman()
    for line in due_reviews(round):
        text = words_to(line, words=opening_words(), address="https://registry.example.org/review/")
        remind(line.review, way=Way.EMAIL, address=line.address, text=text, by=head, postman=postman)
    assert [message.to for message in mail.outbox] == [["president1@example.org"], ["president3@example.org"]]
    failures = {reminder.address: reminder.failure for reminder in Reminder.objects.all()}
    assert failures == {
        "president1@example.org": "",
        "president2@example.org": "550 5.1.1 no such user",
        "president3@example.org": "",
    }
    assert [line.delivered for line in lines_of(round)] == [1, 0, 1]


def test_a_server_out_of_reach_is_asked_once_and_every_failure_is_logged(round, head, settings):
    settings.EMAIL_BACKEND = f"{__name__}.ServerOutOfReach"
    ServerOutOfReach.asked = 0
    postman = Postman()
    for line in due_reviews(round):
        remind(line.review, way=Way.EMAIL, address=line.address, text="เตือน", by=head, postman=postman)
    assert ServerOutOfReach.asked == 1
    assert Reminder.objects.filter(failure__contains="Connection refused").count() == 3


def test_a_reminder_by_email_is_in_thai_and_says_how_far_the_list_is(round, head):
    line = due_reviews(round)[0]
    text = words_to(line, words=opening_words(), address="https://registry.example.org/review/")
    assert "นายบุญมี 1" in text
    assert "ยังไม่ได้ตรวจ 2 หลัง จาก 2 หลัง" in text
    assert "https://registry.example.org/review/" in text
    remind(line.review, way=Way.EMAIL, address=line.address, text=text, by=head)
    assert mail.outbox[0].subject == "ขอให้ตรวจบ้านในชุมชนของท่าน"


def test_a_line_break_in_an_address_sends_nothing_and_is_logged(round, head):
    line = due_reviews(round)[0]
    sent = remind(line.review, way=Way.EMAIL, address="a@example.org\nBcc: b@example.org", text="เตือน", by=head)
    assert sent.failure
    assert mail.outbox == []


def test_pressed_twice_a_reminder_goes_out_once(round, head):
    review = round.reviews.first()
    remind(review, way=Way.PAPER, text="เตือน", by=head, shown=0)
    again = lambda: remind(review, way=Way.PAPER, text="เตือน", by=head, shown=0)  # noqa: E731
    assert code_of(again) == "reminded_meanwhile"


def test_a_reminder_that_cannot_be_is_refused(round, head, district):
    review = round.reviews.first()
    stranger = appoint(Role.HEAD, DistrictFactory(code="1016"))
    assert code_of(lambda: remind(review, way=Way.PAPER, text="x", by=stranger)) == "not_the_office"
    assert code_of(lambda: remind(review, way=Way.PAPER, text=" ", by=head)) == "text_needed"
    assert code_of(lambda: remind(review, way=Way.EMAIL, address="", text="x", by=head)) == "no_address"
    close_round(round, by=head)
    assert code_of(lambda: remind(review, way=Way.PAPER, text="x", by=head)) == "closed"


def test_nobody_is_reminded_of_a_signed_list(round, head):
    review = review_of(community_with(round.district, 1), round=round)
    sign_off(review, name="บุญมี", undecided=0, by=pledged(review, president_of(review.community)))
    assert code_of(lambda: remind(review, way=Way.PAPER, text="x", by=head)) == "ended"
