"""Where each tag comes from, as the house's history and the batch tell it."""

import datetime

import pytest
from django.db.models import F
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households import tagging
from households.aliases import confirm_alias, withdraw_alias
from households.learned_names import learned
from households.matching import grade_anew
from households.models import HouseNumberRecord, RowDecision, Sender, TagEvent, TaggingBatch
from households.provenance import provenance_of, with_rows
from households.row_decisions import confirm_likely, decide_row
from households.row_reasons import Hint
from households.tests.factories import HouseFactory
from households.tests.intake import line, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory.create(name="โรงเจ 1")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district, full_name="นางสาวสมใจ")


def sent(community, *rows):
    """A list as the section sent it, by letter."""
    house_list = received(community, *rows, sheet="โรงเจ")
    house_list.sender = Sender.objects.get_or_create(district=community.district, name="ฝ่ายพัฒนาชุมชน")[0]
    house_list.letter = "กท ๕๕๐๔/๑๒"
    house_list.received_on = datetime.date(2015, 1, 16)
    house_list.save()
    return house_list


@pytest.fixture
def every_way(community, officer):
    """Houses tagged by list in all ways: exact, likely and confirmed, chosen, and by an alias that decisions taught."""
    for number in ("1", "2", "3", "4", "5"):
        HouseFactory(house_no=number)
    first = sent(community, line("1"), line("2", subdistrict=None))
    tagging.tag_matching(first, by=officer)
    likely = first.records.undecided().get()
    confirm_likely(first, chosen={likely.pk: likely.matches.get(rank=1).house_id}, by=officer)
    for number in ("3", "4"):
        [row] = sent(CommunityFactory(), line(number, soi="วัดกลาง")).records.all()
        decide_row(row, house=HouseFactory._meta.model.objects.get(house_no=number), by=officer)
    waiting = sent(CommunityFactory(), line("5", soi="วัดกลาง"))
    [proposal] = learned(community.district).proposals
    alias = confirm_alias(community.district, name=proposal.name, by=officer)
    grade_anew(waiting)
    tagging.tag_matching(waiting, by=officer)
    return alias


def test_every_tag_made_through_a_list_carries_its_provenance(every_way):
    kinds = TaggingBatch.Kind
    events = with_rows(
        TagEvent.objects.filter(batch__kind__in=[kinds.LIST_EXACT, kinds.LIKELY_CONFIRMED, kinds.ROW_DECIDED])
    )
    found = provenance_of(events)
    assert len(found) == events.count() == 5
    for event in events:
        comes_from = found[event.pk]
        assert comes_from.house_list.file_name == "list.xlsx"
        assert comes_from.house_list.sheet == "โรงเจ"
        assert str(comes_from.house_list.sender) == "ฝ่ายพัฒนาชุมชน"
        assert comes_from.house_list.letter
        assert comes_from.house_list == event.batch.house_list
        assert comes_from.decision.house_id == event.house_id
        assert comes_from.decision.recorded_by == event.batch.done_by
    reasons = sorted(one.decision.reason for one in found.values())
    assert reasons == ["all_parts", "by_alias", "chosen", "chosen", "confirmed"]


def test_no_tag_of_a_list_lacks_its_row_and_no_tagged_row_its_decision(every_way):
    of_lists = TagEvent.objects.filter(batch__house_list__isnull=False)
    assert of_lists.exists()
    assert not of_lists.filter(record=None).exists()
    assert not of_lists.exclude(record__house_list=F("batch__house_list")).exists()
    undecided = RowDecision.objects.filter(batch__isnull=True, outcome="tagged")
    assert not undecided.exists()


def test_the_name_by_which_a_row_was_matched_is_told_even_after_it_was_withdrawn(every_way, officer):
    withdraw_alias(every_way, by=officer, reason="คนละซอย")
    found = provenance_of(with_rows(TagEvent.objects.all()))
    assert [one.alias for one in found.values() if one.alias] == [every_way]


def test_the_questions_do_not_grow_with_the_tags(every_way, django_assert_num_queries):
    events = list(with_rows(TagEvent.objects.all()))
    with django_assert_num_queries(2):
        provenance_of(events)
    with django_assert_num_queries(0):
        provenance_of([])


def page_of(client, person, name, pk):
    client.force_login(person)
    answer = client.get(reverse(f"households:{name}", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_house_tells_file_sheet_row_sender_letter_day_officer_and_decision(client, every_way, officer):
    event = TagEvent.objects.get(batch__kind="likely_confirmed")
    page = page_of(client, officer, "house", event.house_id)
    for told in (
        "list.xlsx",
        "โรงเจ",
        "แถว 3",
        "ฝ่ายพัฒนาชุมชน",
        "กท ๕๕๐๔/๑๒",
        "16 ม.ค. 2558",
        "นางสาวสมใจ",
        "เจ้าหน้าที่ยืนยัน",
    ):
        assert told in page
    assert reverse("households:row", args=[event.record_id]) in page
    assert reverse("households:batch", args=[event.batch_id]) in page


def test_the_batch_tells_row_and_decision_of_each_house(client, every_way, officer):
    event = TagEvent.objects.get(record__reason="by_alias")
    page = page_of(client, officer, "batch", event.batch_id)
    for told in ("list.xlsx", "โรงเจ", "ฝ่ายพัฒนาชุมชน", "16 ม.ค. 2558", "“วัดกลาง” = “เทอดไท 5”"):
        assert told in page
    assert reverse("households:row", args=[event.record_id]) in page


def test_the_row_leads_back_to_house_and_batch(client, every_way, officer):
    event = TagEvent.objects.get(batch__kind="likely_confirmed")
    page = page_of(client, officer, "row", event.record_id)
    assert reverse("households:house", args=[event.house_id]) in page
    assert reverse("households:batch", args=[event.batch_id]) in page


def test_a_tag_given_by_hand_says_so(client, community, officer):
    house = HouseFactory()
    tagged = tagging.tag([house.pk], community=community, by=officer, expected=1)
    assert provenance_of(with_rows(tagged.batch.events.all())) == {}
    for name, pk in (("house", house.pk), ("batch", tagged.batch.pk)):
        assert "ไม่ได้มาจากบัญชี" in page_of(client, officer, name, pk)


def test_a_note_that_the_house_is_gone_is_a_hint_and_no_act(client, community, officer):
    house = HouseFactory(house_no="12/3")
    house_list = sent(community, line("12/3", note="รื้อแล้ว"))
    HouseNumberRecord.objects.filter(house_list=house_list).update(hint=Hint.DEMOLISHED, note="รื้อแล้ว")
    page = page_of(client, officer, "house", house.pk)
    assert "ให้ตรวจสอบ" in page
    assert "รื้อแล้ว" in page
    house.refresh_from_db()
    assert house.state == "live"


def test_a_hint_of_another_house_is_not_told_here(client, community, officer):
    house, other = HouseFactory(house_no="12/3"), HouseFactory(house_no="12/4")
    house_list = sent(community, line("12/4", note="รื้อแล้ว"))
    HouseNumberRecord.objects.filter(house_list=house_list).update(hint=Hint.DEMOLISHED)
    assert "ให้ตรวจสอบ" not in page_of(client, officer, "house", house.pk)
    assert "ให้ตรวจสอบ" in page_of(client, officer, "house", other.pk)
