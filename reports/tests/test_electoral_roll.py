"""The electoral roll of houses: issued as at election day, frozen, with what changed since beside it."""

import datetime
import hashlib
import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from communities.models import ListAccess, Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, DistrictFactory, appoint
from households.register import correct_number
from households.tagging import tag, untag
from households.tests.desk import signed_in
from households.tests.factories import HouseFactory, act_of_the_office, tag_event
from reports.electoral_roll import Change, changes_since, issue_roll, proposed_roll
from reports.models import ElectoralRoll, RollHouse
from reports.tests.days import FEB, JAN, day
from reports.tests.factories import life_event
from reports.tests.test_whole_workbook import compare

pytestmark = pytest.mark.django_db

ELECTION = day(FEB, 15)
LETTER = {"letter_no": "กท ๕๕๐๒/๓๐๐", "letter_date": day(FEB, 20)}


@pytest.fixture
def community():
    return CommunityFactory(code="10150001", name="โรงเจ 1")


@pytest.fixture
def district(community):
    return community.district


@pytest.fixture
def head(district):
    return appoint(Role.HEAD, district)


@pytest.fixture
def houses(community):
    """Five houses tagged in January; the last one struck off before the election."""
    made = [HouseFactory(house_no=f"{number}/1") for number in range(1, 6)]
    for house in made:
        tag_event(house, community, on=day(JAN, 20))
    life_event(made[4], "struck", on=day(FEB, 1))
    return made


@pytest.fixture
def roll(community, houses, head):
    return issued(community, head)


def issued(community, by, *, on=ELECTION, **letter):
    return issue_roll(
        community=community, election_day=on, seen=proposed_roll(community, on).seen, by=by, **LETTER | letter
    )


def refused(call, *arguments, **named):
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        call(*arguments, **named)
    assert refusal.value.messages[0]
    return refusal.value.code


def test_a_roll_holds_the_houses_live_in_the_community_at_the_end_of_election_day(roll, community, houses):
    late = HouseFactory(house_no="9/9")
    tag_event(late, community, on=day(FEB, 16))
    assert [house.house_id for house in roll.houses.all()] == [house.pk for house in houses[:4]]
    assert (roll.house_count, roll.community_code, roll.community_name) == (4, "10150001", "โรงเจ 1")
    assert len(proposed_roll(community, day(FEB, 16)).houses) == 5


def test_its_workbook_counts_the_houses_by_a_formula_that_computes(roll, all_recalculated):
    workbook = bytes(roll.workbook)
    assert roll.workbook_sha256 == hashlib.sha256(workbook).hexdigest()
    assert compare(workbook, all_recalculated({"roll": workbook})["roll"]) == 1
    texts = [str(cell) for row in openpyxl.load_workbook(io.BytesIO(workbook)).active.values for cell in row if cell]
    assert any("โรงเจ 1" in text for text in texts)
    assert any("กท ๕๕๐๒/๓๐๐" in text for text in texts)
    assert {"1/1", "4/1"} <= set(texts)
    assert "5/1" not in texts


def test_an_issued_roll_stays_whatever_becomes_of_its_houses(roll, community, houses, head):
    kept = bytes(roll.workbook)
    untag([houses[0].pk], by=head, expected=1, reason="อยู่นอกชุมชน")
    act_of_the_office(houses[1], appoint(Role.OFFICER, community.district))
    found = ElectoralRoll.objects.get()
    assert bytes(found.workbook) == kept
    assert found.houses.count() == 4
    for change in (
        lambda: ElectoralRoll.objects.update(house_count=3),
        lambda: RollHouse.objects.update(house_no="9"),
        lambda: RollHouse.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_changed_since_stands_beside_it_each_with_its_true_day(roll, community, houses, head):
    officer = appoint(Role.OFFICER, community.district)
    registrar = AppointmentFactory(role=Role.DIRECTOR, district=community.district, is_registrar=True).person
    came = HouseFactory(house_no="7/7")
    today = timezone.localdate()
    assert changes_since(roll) == []
    untag([houses[0].pk], by=head, expected=1, reason="อยู่นอกชุมชน", happened_on=day(FEB, 20))
    act_of_the_office(houses[1], officer, happened_on=today)
    tag([came.pk], community=community, by=head, expected=1, happened_on=day(FEB, 21))
    correct_number(
        houses[2],
        house_no="33/3",
        ground="number_corrected",
        happened_on=today,
        reference="1/2569",
        proposed_by=officer,
        by=registrar,
    )
    life_event(houses[4], "restored", on=day(FEB, 22))
    found = {change.address.split()[0]: (change.change, change.happened_on) for change in changes_since(roll)}
    assert found == {
        "7/7": (Change.CAME, day(FEB, 21)),
        "5/1": (Change.RESTORED, day(FEB, 22)),
        "1/1": (Change.LEFT, day(FEB, 20)),
        "2/1": (Change.STRUCK, today),
        "33/3": (Change.ADDRESS, today),
    }
    [renumbered] = [change for change in changes_since(roll) if change.change == Change.ADDRESS]
    assert renumbered.before.startswith("3/1")


def test_a_roll_issued_later_still_has_the_addresses_of_election_day(community, houses, head):
    officer = appoint(Role.OFFICER, community.district)
    registrar = AppointmentFactory(role=Role.DIRECTOR, district=community.district, is_registrar=True).person
    correct_number(
        houses[2],
        house_no="33/3",
        ground="number_corrected",
        happened_on=timezone.localdate(),
        reference="1/2569",
        proposed_by=officer,
        by=registrar,
    )
    roll = issued(community, head)
    assert {house.house_no for house in roll.houses.all()} == {"1/1", "2/1", "3/1", "4/1"}


def test_changes_are_found_in_the_same_few_queries_however_many(roll, community, head, django_assert_num_queries):
    for number in range(20, 30):
        tag_event(HouseFactory(house_no=f"{number}/1"), community, on=day(FEB, 20))
    with django_assert_num_queries(5):  # one for the roll itself
        assert len(changes_since(ElectoralRoll.objects.select_related("district", "community").get())) == 10


def test_before_election_day_the_roll_shows_the_houses_as_they_stand(community, houses, head):
    soon = timezone.localdate() + datetime.timedelta(days=30)
    roll = issued(community, head, on=soon)
    assert roll.house_count == 4
    assert proposed_roll(community, soon).counted_to == timezone.localdate()


def test_what_cannot_be_issued_is_refused(community, houses, head, district):
    far = timezone.localdate() + datetime.timedelta(days=200)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    empty = CommunityFactory(code="10150002")
    nameless = CommunityFactory(code=None)
    for role in (Role.OFFICER, Role.DIRECTOR):
        assert refused(issued, community, appoint(role, district)) == "not_allowed"
    assert refused(issued, community, appoint(Role.HEAD, DistrictFactory(code="1016"))) == "not_allowed"
    assert refused(issued, community, head, letter_no=" ") == "letter_missing"
    assert refused(issued, community, head, letter_date=tomorrow) == "future_date"
    assert refused(issued, community, head, on=far) == "too_far_ahead"
    assert refused(issued, empty, head) == "no_houses"
    assert refused(issued, nameless, head) == "code_not_in_force"
    issued(community, head)
    assert refused(issued, community, head) == "issued_already"
    assert issued(community, head, letter_no="กท ๕๕๐๒/๓๐๑").pk


def test_houses_that_moved_since_the_look_are_not_issued(community, houses, head):
    seen = proposed_roll(community, ELECTION).seen
    tag_event(HouseFactory(house_no="8/8"), community, on=day(FEB, 14))
    facts = {"community": community, "election_day": ELECTION, **LETTER}
    assert refused(issue_roll, **facts, seen=seen, by=head) == "houses_moved"


# --- the pages ---


def test_the_head_issues_in_two_steps_and_takes_the_issued_file_out_for_a_purpose(client, community, houses, head):
    signed_in(client, head)
    said = {
        "community": community.pk,
        "election_day": "15 ก.พ. 2558",
        "letter_no": "กท ๕๕๐๒/๓๐๐",
        "letter_date": "20 ก.พ. 2558",
    }
    with translation.override("en"):
        look = client.post(reverse("rolls:roll_issue"), said)
        assert not ElectoralRoll.objects.exists()
        assert len(look.context["roll"].houses) == 4
        answer = client.post(reverse("rolls:roll_issue"), said | {"seen": look.context["roll"].seen})
    roll = ElectoralRoll.objects.get()
    assert answer.url == reverse("rolls:roll", args=[roll.pk])
    assert client.get(answer.url).status_code == 200
    export = reverse("rolls:roll_export", args=[roll.pk])
    assert client.post(export, {"form": "xlsx"}).status_code == 302  # it says for what, or it does not leave the office
    file = client.post(export, {"form": "xlsx", "purpose": "ส่งชุมชน"})
    assert file.content == bytes(roll.workbook)
    assert client.post(export, {"form": "pdf", "purpose": "ติดประกาศ"}).content.startswith(b"%PDF")
    said = list(ListAccess.objects.order_by("pk").values_list("deed", "houses", "purpose"))
    assert said == [("seen", 4, ""), ("exported", 4, "ส่งชุมชน"), ("printed", 4, "ติดประกาศ")]


def test_a_form_that_does_not_hold_is_shown_again_with_the_reason(client, community, houses, head):
    signed_in(client, head)
    answer = client.post(reverse("rolls:roll_issue"), {"community": community.pk, "election_day": "32 ก.พ. 2558"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"election_day", "letter_no", "letter_date"}
    assert not ElectoralRoll.objects.exists()


def test_a_page_of_houses_that_moved_shows_the_new_ones_and_issues_nothing(client, community, houses, head):
    signed_in(client, head)
    said = {"community": community.pk, "election_day": "2015-02-15", "letter_no": "๑", "letter_date": "2015-02-20"}
    answer = client.post(reverse("rolls:roll_issue"), said | {"seen": "other"})
    assert answer.context["moved"]
    assert not ElectoralRoll.objects.exists()


def test_the_rolls_of_one_community_are_found(client, roll, head):
    signed_in(client, head)
    other = CommunityFactory(code="10150002")
    assert len(client.get(reverse("rolls:rolls")).context["rolls"]) == 1
    assert not client.get(reverse("rolls:rolls"), {"community": other.pk}).context["rolls"]
    stranger = signed_in(client, appoint(Role.HEAD, DistrictFactory(code="1016")))
    assert stranger.get(reverse("rolls:roll", args=[roll.pk])).status_code == 404
