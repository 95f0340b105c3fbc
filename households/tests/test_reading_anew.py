"""A file read anew: a person says which sheet is the list and which column is which, whatever was recognised."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists
from households.corrections import houses_of_gone_rows
from households.house_lists import keep_for_community, keep_lists
from households.list_life import State, lives_of, send_back, steps_of
from households.models import HouseList, RememberedColumns
from households.reading.list_sheets import Layout
from households.row_reasons import Outcome, Reason
from households.sent_files import Sent, look_into
from households.tagging import tag_matching
from households.tests.factories import HouseFactory
from households.tests.intake import SUBDISTRICT, book_file, outcomes, verdicts
from households.tests.test_tagging_races import at_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2015, 1, 16)
# What heads the numbers of last year's survey is the better word for a house number.
HEADER = ("ลำดับ", "บ้านเลขที่", "เลขที่ปัจจุบัน", "ซอย", "ถนน", "แขวง")
AS_SAID = {"house_no": 2, "soi": 3, "road": 4, "subdistrict": 5}
AS_RECOGNISED = {"house_no": 1, "soi": 3, "road": 4, "subdistrict": 5}


def row(old, number, community=None):
    return [1, old, number, "เทอดไท 5", "เทอดไท", SUBDISTRICT, *([community] if community else [])]


DATA = book_file({"บัญชี": [HEADER, row("1/1", "2/1"), row("1/2", "2/2"), row("1/3", "1/3")]})


@pytest.fixture
def community():
    return CommunityFactory.create()


def received(community, data=DATA, *, sender="", corrects=None):
    return house_lists.receive(
        data=data, file_name="list.xlsx", community=community, by=command_line(), received_on=DAY, sender=sender,
        corrects=corrects,
    )  # fmt: skip


def said(community, columns=None, data=DATA, *, row=1, place=0, sheet="", sender="", corrects=None):
    """What is kept of the file when a person names the columns of the sheet at that place."""
    contents = look_into(
        Sent(data, "list.xlsx", sender, "", DAY),
        district=community.district_id,
        sheet_name=sheet,
        said={place: Layout(columns or AS_SAID, row=row)},
    )
    return keep_for_community(contents, community, by=command_line(), corrects=corrects)


def numbers(house_list):
    return list(house_list.records.order_by("row").values_list("house_no", flat=True))


def test_a_person_names_other_columns_and_the_list_takes_the_place_of_the_first(community):
    first = received(community).lists[0]
    second = said(community)
    assert (numbers(first), numbers(second.lists[0])) == (["1/1", "1/2", "1/3"], ["2/1", "2/2", "1/3"])
    assert (second.is_new, second.lists[0].corrects) == (True, first)
    assert outcomes(first) == [Outcome.CLOSED] * 3
    assert first.records.first().decisions.get().reason == Reason.REPLACED


def test_what_was_decided_on_rows_that_say_the_same_is_kept_and_the_others_houses_are_named(community):
    house, other = HouseFactory(house_no="1/3"), HouseFactory(house_no="1/1")
    first = received(community).lists[0]
    tag_matching(first, by=command_line(), happened_on=DAY)
    second = said(community).lists[0]
    assert outcomes(second) == [Outcome.OPEN, Outcome.OPEN, Outcome.TAGGED]
    assert second.records.get(house_no="1/3").decisions.get().house == house
    assert list(houses_of_gone_rows(second)) == [other]


@pytest.mark.parametrize("columns", [AS_SAID, AS_RECOGNISED])
def test_the_same_columns_again_change_nothing(community, columns):
    received(community)
    latest = said(community, columns).lists[0]
    again = said(community, columns)
    assert (again.is_new, again.lists) == (False, [latest])
    assert HouseList.objects.count() == (2 if columns is AS_SAID else 1)


def test_another_first_row_is_another_reading(community):
    received(community)
    assert numbers(said(community, AS_RECOGNISED, row=2).lists[0]) == ["1/2", "1/3"]


def test_a_person_may_go_back_to_what_was_recognised(community):
    first = received(community).lists[0]
    second = said(community).lists[0]
    third = said(community, AS_RECOGNISED).lists[0]
    assert (third.corrects, second.corrects) == (second, first)
    assert numbers(third) == numbers(first)


def test_the_file_sent_again_without_a_word_is_the_list_as_it_was_read_last(community):
    received(community)
    latest = said(community).lists[0]
    again = received(community)
    assert (again.is_new, again.lists) == (False, [latest])


def test_a_guess_is_confirmed_by_a_person_and_its_rows_become_exact(community):
    for number in range(1, 5):
        HouseFactory(house_no=f"1/{number}")
    data = book_file({"บัญชี": [row(f"1/{number}", None) for number in range(1, 5)]})
    columns = {"house_no": 1, "soi": 3, "road": 4, "subdistrict": 5}
    guessed = received(community, data).lists[0]
    confirmed = said(community, columns, data, row=0).lists[0]
    assert {grade for grade, _reason in verdicts(guessed)} == {"likely"}
    assert verdicts(confirmed) == [("exact", "all_parts")] * 4
    assert confirmed.corrects == guessed


def test_what_a_person_said_wins_over_the_words_for_the_senders_next_file(community):
    received(community, sender="ฝ่ายพัฒนาชุมชน")
    said(community, sender="ฝ่ายพัฒนาชุมชน")
    assert RememberedColumns.objects.get().columns == AS_SAID
    other = book_file({"บัญชี": [["หนังสือนำส่ง"], HEADER, row("8/1", "9/1")]})
    assert numbers(received(community, other, sender="ฝ่ายพัฒนาชุมชน").lists[0]) == ["9/1"]
    elsewhere = CommunityFactory(subdistrict=community.subdistrict)
    assert numbers(received(elsewhere, other, sender="ผู้อื่น").lists[0]) == ["8/1"]


def test_the_header_of_the_next_page_does_not_undo_what_was_said(community):
    data = book_file({"บัญชี": [HEADER, row("1/1", "2/1"), HEADER, row("1/2", "2/2")]})
    assert numbers(said(community, data=data).lists[0]) == ["2/1", "2/2"]


class TestSheets:
    @pytest.fixture
    def data(self):
        return book_file({"สรุป": [HEADER, row("1/1", "1/1"), row("1/2", "1/2")], "เก่า": [HEADER, row("3/1", "3/2")]})

    def test_a_sheet_that_was_passed_over_is_a_list_beside_the_other(self, community, data):
        first = received(community, data).lists[0]
        second = said(community, AS_RECOGNISED, data, place=1, sheet="เก่า").lists[0]
        assert (numbers(second), second.corrects) == (["3/1"], None)
        assert first.records.undecided().count() == 2

    def test_or_takes_its_place(self, community, data):
        first = received(community, data).lists[0]
        second = said(community, AS_RECOGNISED, data, place=1, sheet="เก่า", corrects=first).lists[0]
        assert (second.sheet, second.corrects) == ("เก่า", first)
        assert not first.records.undecided().exists()

    def test_a_sheet_that_is_a_list_already_cannot_take_the_place_of_another(self, community, data):
        first = received(community, data).lists[0]
        said(community, AS_RECOGNISED, data, place=1, sheet="เก่า")
        with pytest.raises(ValidationError) as refusal:
            said(community, AS_SAID, data, place=1, sheet="เก่า", corrects=first)
        assert refusal.value.code == "read_as_another"
        assert HouseList.objects.count() == 2

    def test_each_communitys_part_of_the_sheet_is_read_anew(self):
        community = CommunityFactory.create(name="ชุมชนโรงเจ 1")
        neighbour = CommunityFactory.create(subdistrict=community.subdistrict, name="ชุมชนสวนพลู")
        header = (*HEADER, "ชุมชน")
        data = book_file({"บัญชี": [header, row("1/1", "2/1", "โรงเจ 1"), row("1/2", "2/2", "สวนพลู")]})
        first = [received(one, data).lists[0] for one in (community, neighbour)]
        contents = look_into(
            Sent(data, "list.xlsx", received_on=DAY), district=community.district_id, said={0: Layout(AS_SAID, row=1)}
        )
        own = {community.pk: community, neighbour.pk: neighbour}
        parts = {part.key: own[next(iter(part.named))] for part in contents.found.parts}
        second = keep_lists(contents, parts, by=command_line(), corrects=first[0]).lists
        assert [numbers(one) for one in second] == [["2/1"], ["2/2"]]
        assert [one.corrects for one in second] == first


class TestLife:
    def test_a_list_read_anew_is_received_not_corrected(self, community):
        received(community)
        second = said(community).lists[0]
        assert lives_of(community.district)[community.pk].state == State.RECEIVED
        assert [step.state for step in steps_of(second)] == [State.RECEIVED, State.RECEIVED]
        assert [bool(step.note) for step in steps_of(second)] == [False, True]

    def test_what_went_back_stays_with_its_sender_however_it_is_read(self, community):
        first = received(community).lists[0]
        send_back(first, by=command_line(), happened_on=DAY)
        said(community)
        assert lives_of(community.district)[community.pk].state == State.SENT_BACK

    def test_a_corrected_file_stays_one(self, community):
        first = received(community, book_file({"บัญชี": [HEADER, row("7/1", "7/2")]})).lists[0]
        received(community, corrects=first)
        said(community)
        assert lives_of(community.district)[community.pk].state == State.CORRECTED


def test_the_database_keeps_a_sheet_from_being_received_twice(community):
    first = received(community).lists[0]
    first.pk = None
    with pytest.raises(IntegrityError, match="list_received_once"), transaction.atomic():
        first.save()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_who_say_the_same_make_one_list(self):
        community = CommunityFactory.create()
        first = received(community).lists[0]
        made = at_once(lambda: said(community), lambda: said(community))
        assert sorted(one.is_new for one in made) == [False, True]
        assert HouseList.objects.get(corrects=first).records.count() == 3

    def test_who_say_different_things_make_one_list_after_the_other(self):
        community = CommunityFactory.create()
        first = received(community).lists[0]
        at_once(lambda: said(community), lambda: said(community, AS_RECOGNISED, row=2))
        second = HouseList.objects.get(corrects=first)
        third = HouseList.objects.get(corrects=second)
        assert not HouseList.objects.filter(corrects=third).exists()
        assert not second.records.undecided().exists()
        assert third.records.undecided().count() == third.records.count()
