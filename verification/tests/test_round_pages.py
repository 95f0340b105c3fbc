"""Rounds and delegates in the browser: first use, opening, how far it is, putting off, closing, reminding, naming."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from communities.models import Appointment, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.tests.desk import signed_in
from households.tests.factories import HouseFactory, tag_event
from verification.delegates import accept_delegate, name_delegate
from verification.models import CommunityReview, DelegateNaming, ListedHouse, Reminder, ReviewRound, Verdict
from verification.rounds import close_round, open_round
from verification.tests.factories import pledged, president_of, verdict_on

pytestmark = pytest.mark.django_db

REFUSED = 422
PAPERS = {
    "announcement_number": "๑/๒๕๖๙",
    "letter_number": "กท ๕๕๐๒/๖๑๒",
    "appeal_days": "15",
}


def today():
    return timezone.localdate()


def in_days(days):
    return today() + datetime.timedelta(days=days)


def written(day):
    return f"{day.day}/{day.month}/{day.year + 543}"


def papers(**changed):
    dates = {"announcement_date": written(today()), "letter_date": written(today()), "deadline": written(in_days(30))}
    return PAPERS | dates | changed


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


@pytest.fixture
def desk(client, head):
    return signed_in(client, head)


def community_with(district, houses, **facts):
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(district=district), **facts)
    for _each in range(houses):
        tag_event(HouseFactory(subdistrict=community.subdistrict), community, on=datetime.date(2015, 1, 20))
    return community


def opened(communities, by):
    return open_round(
        communities[0].district,
        communities=communities,
        announcement_number="",
        announcement_date=today(),
        letter_number="กท ๕๕๐๒/๖๑๒",
        letter_date=today(),
        deadline=in_days(30),
        appeal_days=15,
        by=by,
    )


@pytest.fixture
def three(district):
    """Three communities with houses; the first two have presidents, the first one's with an e-mail address."""
    communities = [community_with(district, 2, name=f"ชุมชน {number}") for number in (1, 2, 3)]
    president_of(communities[0], full_name="นายบุญมี", email="boonmee@example.org")
    president_of(communities[1], full_name="นางทองใบ")
    return communities


@pytest.fixture
def round(three, head):
    return opened(three, head)


def page(client, name, *arguments):
    answer = client.get(reverse(f"verification:{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, name, *arguments, **data):
    return client.post(reverse(f"verification:{name}", args=arguments), data, follow=True)


# --- first use and opening ---


def test_before_the_first_round_the_head_is_offered_it_and_an_officer_is_told_what_it_is(client, desk, district):
    assert "Open the first round…" in page(desk, "rounds")
    officers = page(signed_in(client, appoint(Role.OFFICER, district)), "rounds")
    assert "No round yet" in officers
    assert "Open the first round…" not in officers


def test_a_district_without_communities_says_so(desk):
    assert "No communities yet" in page(desk, "round_open")


def test_a_round_is_opened_for_the_ticked_communities(desk, three):
    answer = post(desk, "round_open", **papers(), community=[three[0].pk, three[2].pk])
    round = ReviewRound.objects.get()
    assert set(round.reviews.values_list("community", flat=True)) == {three[0].pk, three[2].pk}
    assert (round.deadline, round.appeal_days, ListedHouse.objects.count()) == (in_days(30), 15, 4)
    assert "2 communities are asked" in answer.content.decode()


def test_those_who_cannot_be_asked_are_shown_with_the_reason_and_without_a_box(desk, three, head, district):
    empty = community_with(district, 0, name="สวนพลู")
    opened([three[0]], head)
    shown = page(desk, "round_open")
    assert "2 communities cannot be asked now" in shown
    assert f"under review in round 1/{today().year + 543}" in shown
    assert "no house tagged yet" in shown
    assert "no president in post" in shown
    for community, has_box in ((three[0], False), (empty, False), (three[1], True), (three[2], True)):
        assert (f'name="community" value="{community.pk}"' in shown) == has_box


def test_whoever_has_a_president_is_ticked_at_first(desk, three):
    assert page(desk, "round_open").count(" checked") == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"letter_number": ""}, "Number of the letter"),
        ({"deadline": "วันพรุ่งนี้"}, "is no date"),
        ({"deadline": "1/1/2558"}, "must not lie before"),
        ({"appeal_days": "0"}, "Days for an appeal"),
        ({"community": []}, "Tick the communities first."),
        ({"announcement_number": "<script>alert(1)</script>", "letter_number": ""}, "&lt;script&gt;"),
    ],
)
def test_a_refused_round_keeps_what_was_filled_in(desk, three, changed, says):
    answer = post(desk, "round_open", **papers(community=[three[1].pk]) | changed)
    assert answer.status_code == REFUSED
    shown = answer.content.decode()
    assert says in shown
    assert "<script>alert" not in shown
    assert not ReviewRound.objects.exists()
    if changed.get("community") != []:
        assert shown.count(" checked") == 1


def test_a_community_taken_by_another_round_meanwhile_is_named(desk, three, head):
    opened([three[0]], head)
    answer = post(desk, "round_open", **papers(), community=[three[0].pk, three[1].pk])
    assert answer.status_code == REFUSED
    assert "Another round is still open for: ชุมชน 1." in answer.content.decode()


# --- how far it is ---


def test_the_rounds_page_shows_progress_president_signature_and_reminders(desk, round, three, head):
    review = round.reviews.get(community=three[0])
    president = pledged(review, Appointment.objects.get(community=three[0]).person)
    verdict_on(review.houses.first(), Verdict.Kind.RIGHT, by=president)
    shown = page(desk, "round", round.pk)
    assert "1 right, 0 doubtful, 0 added, 1 undecided" in shown
    assert "นายบุญมี" in shown
    assert "not signed in yet" in shown
    assert "30 days left" in shown
    assert "Nobody can answer for these communities" in shown


def test_an_officer_sees_the_round_and_can_neither_open_extend_nor_close(client, round, district):
    officer = signed_in(client, appoint(Role.OFFICER, district))
    shown = page(officer, "round", round.pk)
    assert "Close…" not in shown
    assert "Put the deadline off…" not in shown
    for name, arguments in (("round_open", []), ("round_extend", [round.pk]), ("round_close", [round.pk])):
        assert officer.get(reverse(f"verification:{name}", args=arguments)).status_code == 404


def test_the_round_of_another_district_is_not_there(client, round):
    stranger = signed_in(client, appoint(Role.HEAD, DistrictFactory(code="1016")))
    for name in ("round", "round_extend", "round_close", "reminders_due", "reminders_sent"):
        assert stranger.get(reverse(f"verification:{name}", args=[round.pk])).status_code == 404


PINNED = {
    "rounds": 5,
    "round_open": 6,
    "round": 11,
    "round_close": 10,
    "reminders_due": 10,
    "reminders_sent": 5,
    "delegates": 5,
}


def test_each_page_asks_what_is_written_here_however_many_communities_there_are(desk, head, district):
    def asked(round):
        counts = {}
        for name in PINNED:
            arguments = [] if name in ("rounds", "round_open", "delegates") else [round.pk]
            with CaptureQueriesContext(connection) as queries:
                page(desk, name, *arguments)
            counts[name] = len(queries)
        return counts

    def round_of(number):
        communities = [community_with(district, 2) for _each in range(number)]
        for community in communities:
            name_delegate(community, full_name="นายตัวแทน", by=president_of(community))
        round = opened(communities, head)
        for review in round.reviews.all():
            Reminder.objects.create(review=review, way="paper", text="เตือน", sent_by=head)
        return round

    few = round_of(1)
    page(desk, "rounds")
    of_few = asked(few)
    assert of_few == asked(round_of(6)) == PINNED


# --- putting off and closing ---


def test_a_deadline_is_put_off_by_letter_and_stands_on_the_page(desk, round):
    shown = post(desk, "round_extend", round.pk, deadline=written(in_days(45)), reason="น้ำท่วม").content.decode()
    assert "The deadline has been put off." in shown
    assert "น้ำท่วม" in shown
    assert "45 days left" in shown


def test_a_deadline_that_is_not_later_is_refused(desk, round):
    answer = post(desk, "round_extend", round.pk, deadline=written(in_days(30)), reason="น้ำท่วม")
    assert answer.status_code == REFUSED
    assert "must lie after the present one" in answer.content.decode()


def test_closing_shows_first_what_it_ends(desk, round):
    shown = page(desk, "round_close", round.pk)
    assert "3 communities have not signed" in shown
    assert "has not passed yet" in shown
    moved = post(desk, "round_close", round.pk, unsigned="2").content.decode()
    assert "3 communities have not signed by now, not 2" in moved
    assert "The round is closed." in post(desk, "round_close", round.pk, unsigned="3").content.decode()
    assert set(CommunityReview.objects.values_list("state", flat=True)) == {"lapsed"}


def test_a_closed_round_offers_nothing_more_to_change(desk, round, head):
    close_round(round, by=head)
    shown = page(desk, "round", round.pk)
    for step in ("Remind…", "Close…", "Put the deadline off…", "List on paper"):
        assert step not in shown
    assert "The round has been closed." in page(desk, "reminders_due", round.pk)


# --- reminding ---


def ticked(round, *communities, shown=0):
    return [f"{round.reviews.get(community=community).pk}:{shown}" for community in communities]


def test_the_due_list_names_who_is_to_remind_and_who_has_no_address(desk, round):
    shown = page(desk, "reminders_due", round.pk)
    assert "boonmee@example.org" in shown
    assert "2 presidents have no e-mail address" in shown
    assert "data-print" in shown


def test_presidents_are_reminded_by_email_and_those_without_address_are_told(desk, round, three):
    answer = post(desk, "reminders_due", round.pk, way="email", words="ขอความร่วมมือ", review=ticked(round, *three))
    shown = answer.content.decode()
    assert [message.to for message in mail.outbox] == [["boonmee@example.org"]]
    assert "ขอความร่วมมือ" in mail.outbox[0].body
    assert "http://testserver/review/" in mail.outbox[0].body
    assert "1 e-mail was sent." in shown
    assert "There is no e-mail address to send it to. ชุมชน 2, ชุมชน 3" in shown
    log = page(desk, "reminders_sent", round.pk)
    assert "boonmee@example.org" in log
    assert "ขอความร่วมมือ" in log


@override_settings(EMAIL_BACKEND="verification.tests.test_rounds.ServerOutOfReach")
def test_a_failure_is_told_and_logged(desk, round, three):
    answer = post(desk, "reminders_due", round.pk, way="email", words="เตือน", review=ticked(round, three[0]))
    assert "Not sent: [Errno 111] Connection refused ชุมชน 1" in answer.content.decode()
    assert "Connection refused" in page(desk, "reminders_sent", round.pk)


def test_sent_twice_from_one_page_a_reminder_goes_out_once(desk, round, three):
    for _press in range(2):
        answer = post(desk, "reminders_due", round.pk, way="email", words="เตือน", review=ticked(round, three[0]))
    assert len(mail.outbox) == 1
    assert "A reminder went out meanwhile. ชุมชน 1" in answer.content.decode()


def test_reminders_on_paper_are_recorded(desk, round, three):
    answer = post(desk, "reminders_due", round.pk, way="paper", words="เตือน", review=ticked(round, *three))
    assert "3 reminders on paper were recorded." in answer.content.decode()
    assert Reminder.objects.filter(way="paper").count() == 3


@pytest.mark.parametrize("posted", [{}, {"review": "x:y"}, {"review": "99999999999999999999:0"}, {"review": "\0"}])
def test_nothing_ticked_reminds_nobody(desk, round, posted):
    answer = post(desk, "reminders_due", round.pk, way="email", words="เตือน", **posted)
    assert "Tick the communities first." in answer.content.decode()


def test_before_the_first_reminder_the_log_leads_to_the_due_list(desk, round):
    assert reverse("verification:reminders_due", args=[round.pk]) in page(desk, "reminders_sent", round.pk)


# --- delegates ---


@pytest.fixture
def president(three):
    return Appointment.objects.get(community=three[0]).person


def test_the_president_names_a_delegate_and_reads_the_answer(client, round, three, president, district):
    review = round.reviews.get(community=three[0])
    phone = signed_in(client, president)
    assert "Name this person" in page(phone, "review_delegate", review.pk)
    shown = post(phone, "review_delegate", review.pk, full_name="นางสาวมาลี <b>", reason="ป่วย").content.decode()
    assert "นางสาวมาลี &lt;b&gt;" in shown
    assert "waits for the district office" in shown
    assert "Name this person" not in shown

    officer = signed_in(client, appoint(Role.OFFICER, district))
    assert "ชุมชน 1" in page(officer, "delegates")
    naming = DelegateNaming.objects.get()
    assert "Say why" in post(officer, "delegate_refuse", naming.pk, reason="").content.decode()
    post(officer, "delegate_refuse", naming.pk, reason="ไม่ใช่คนในชุมชน")
    assert "ไม่ใช่คนในชุมชน" in page(signed_in(client, president), "review_delegate", review.pk)


def test_the_office_accepts_a_delegate_whom_the_president_can_let_go_again(client, round, three, president, district):
    naming = name_delegate(three[0], full_name="นางสาวมาลี", by=president)
    officer = signed_in(client, appoint(Role.OFFICER, district))
    shown = post(officer, "delegate_accept", naming.pk).content.decode()
    assert f"นางสาวมาลี is delegate now, with the user name delegate{naming.pk}" in shown
    assert "delegate: นางสาวมาลี" in " ".join(page(officer, "round", round.pk).split())
    phone = signed_in(client, president)
    post(phone, "delegate_end", naming.pk)
    post_held = Appointment.objects.get(role=Role.DELEGATE)
    assert post_held.until == in_days(1)


def test_a_delegate_names_nobody_and_another_presidents_page_is_not_there(client, round, three, president, district):
    review = round.reviews.get(community=three[0])
    naming = name_delegate(three[0], full_name="นางสาวมาลี", by=president)
    delegate = accept_delegate(naming, by=appoint(Role.OFFICER, district)).person
    other = Appointment.objects.get(community=three[1]).person
    for person in (delegate, other):
        phone = signed_in(client, person)
        assert phone.get(reverse("verification:review_delegate", args=[review.pk])).status_code == 404
        assert phone.post(reverse("verification:delegate_end", args=[naming.pk])).status_code == 404


def test_the_way_to_name_a_delegate_is_on_the_presidents_page_alone(client, round, three, president, district):
    review = round.reviews.get(community=three[0])
    naming = name_delegate(three[0], full_name="นางสาวมาลี", by=president)
    delegate = accept_delegate(naming, by=appoint(Role.OFFICER, district)).person
    way = reverse("verification:review_delegate", args=[review.pk])
    for person, is_there in ((president, True), (delegate, False)):
        assert (way in page(signed_in(client, pledged(review, person)), "review", review.pk)) == is_there


def test_with_no_delegate_the_page_says_where_they_come_from(desk):
    assert "No delegate waits for an answer" in page(desk, "delegates")
