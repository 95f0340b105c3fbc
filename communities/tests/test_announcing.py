"""Recording announced communities: dated rows, the same list again, and what is refused."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.announcing import record_announced
from communities.models import Community, CommunityCode, CommunityName, CommunityTyping, ExpectedHouses
from communities.tests.factories import CommunityFactory, SubdistrictFactory, command_line

pytestmark = pytest.mark.django_db
HEADER = ["รหัสชุมชน", "ชื่อชุมชน", "รหัสแขวง", "แขวง", "ประเภท", "จำนวนบ้านที่คาด", "รายงานครั้งที่"]
DAY = datetime.date(2015, 1, 20)
LATER = datetime.date(2015, 3, 2)


def row(code="10150001", name="ชุมชนกุฎีขาว", *, subdistrict="101501", place="วัดกัลยาณ์", kind="เมือง", expected=344):
    return [code, name, subdistrict, place, kind, expected, 3]


def record(rows, *, on=DAY, **more):
    result = record_announced(
        sheets=[("ชุมชน", [HEADER, *rows])], file_name="ชุมชน.xlsx", by=command_line(), in_force_from=on, **more
    )
    return {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}


def counted(**told):
    return {"new": 0, "changed": 0, "unchanged": 0} | told


def refusal(rows, **more):
    before = [list(kind.objects.order_by("pk").values()) for kind in (Community, CommunityCode, CommunityName)]
    with pytest.raises(ValidationError) as refused:
        record(rows, **more)
    assert before == [list(kind.objects.order_by("pk").values()) for kind in (Community, CommunityCode, CommunityName)]
    return refused.value


def periods(kind, column):
    return list(kind.objects.order_by("in_force_from").values_list(column, "in_force_from", "in_force_until"))


# --- what is recorded ---


def test_a_community_is_recorded_with_all_that_is_true_of_it_from_the_day():
    assert record([row()], letter="กท 5502/6589") == counted(new=1)
    known = Community.objects.as_at(DAY).get()
    assert (known.code, known.name_th, known.type_name, known.expected) == ("10150001", "กุฎีขาว", "เมือง", 344)
    assert (known.district.code, known.subdistrict.code) == ("1015", "101501")
    code = CommunityCode.objects.get()
    assert (code.letter, code.in_force_from, code.in_force_until) == ("กท 5502/6589", DAY, None)
    assert Community.objects.as_at(DAY - datetime.timedelta(days=1)).get().code is None


def test_cells_as_spreadsheets_and_clerks_write_them_are_understood():
    record(
        [row(10150001, " ชุมชน กุฎีขาว", subdistrict=101501, expected="๑,๓๔๔"), row("1015-0002", "กุฎีจีน", expected=None)]
    )
    known = Community.objects.as_at(DAY).order_by("pk")
    assert [(one.code, one.name_th, one.expected) for one in known] == [
        ("10150001", "กุฎีขาว", 1344), ("10150002", "กุฎีจีน", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "kind", "rule"),
    [
        (datetime.date(2000, 1, 1), "เมือง", 2534),
        (DAY, "เมือง", 2555),
        (DAY, "ชุมชนเมือง", 2555),
        (DAY, "รูปแบบพิเศษ", 2564),
        (datetime.date(2022, 1, 1), "เมือง", 2564),
        (datetime.date(2022, 1, 1), "เคหะชุมชน", 2555),
    ],
)
def test_a_type_is_that_of_the_rule_of_the_day_else_of_the_newest_rule_that_has_it(day, kind, rule):
    record([row(kind=kind)], on=day)
    assert CommunityTyping.objects.get().community_type.rule_year_be == rule


def test_a_sub_district_of_another_district_is_recorded_by_its_name():
    record([row("10180001", subdistrict="101801", place="สมเด็จเจ้าพระยา")])
    community = Community.objects.get()
    assert (community.district.code, community.subdistrict.name_th) == ("1018", "สมเด็จเจ้าพระยา")


def test_a_community_that_waited_for_its_code_gets_it():
    waiting = CommunityFactory(subdistrict=SubdistrictFactory(code="101501"), name="กุฎีขาว", code=None, expected=344)
    assert record([row()]) == counted(changed=1)
    assert waiting.codes.get().code == "10150001"


# --- the same again, and what has changed ---


@pytest.mark.parametrize("again", [DAY, LATER, datetime.date(2022, 1, 1)])
def test_the_same_list_again_changes_nothing(again):
    rows = [row(), row("10150002", "กุฎีจีน")]
    record(rows)
    assert record(rows, on=again) == counted(unchanged=2)
    assert CommunityName.objects.count() == 2


def test_what_differs_later_closes_the_older_row_and_begins_a_new_one():
    record([row(), row("10150002", "กุฎีจีน")])
    assert record([row(name="กุฎีขาวใหม่", expected=350), row("10150002", "กุฎีจีน")], on=LATER) == counted(
        changed=1, unchanged=1
    )
    names = CommunityName.objects.filter(community__codes__code="10150001").order_by("in_force_from")
    assert list(names.values_list("name_th", "in_force_from", "in_force_until")) == [
        ("กุฎีขาว", DAY, LATER), ("กุฎีขาวใหม่", LATER, None),
    ]  # fmt: skip
    assert Community.objects.as_at(DAY).get(codes__code="10150001").expected == 344
    assert Community.objects.as_at(LATER).get(codes__code="10150001").expected == 350


def test_what_differs_on_the_same_day_is_a_correction():
    record([row()])
    assert record([row(expected=350)]) == counted(changed=1)
    assert periods(ExpectedHouses, "houses") == [(350, DAY, None)]


def test_a_community_moved_to_another_sub_district_changes():
    record([row()])
    assert record([row(subdistrict="101502", place="หิรัญรูจี")]) == counted(changed=1)
    assert Community.objects.get().subdistrict.code == "101502"


# --- what is refused ---


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (row("1015000123"), "not_a_community_code"),
        (row("A1"), "not_a_community_code"),
        (row(None), "not_a_community_code"),
        (row("10150002", "ชุมชน"), "no_name"),
        (row("10150002", "ก" * 200), "too_long"),
        (row("10150002", "กุฎีจีน", subdistrict="1015"), "not_a_subdistrict_code"),
        (row("10150002", "กุฎีจีน", subdistrict="999901"), "unknown_district"),
        (row("10150002", "กุฎีจีน", kind="กลางคืน"), "unknown_type"),
        (row("10150002", "กุฎีจีน", expected="มาก"), "not_a_number"),
        (row("10150002", "กุฎีจีน", expected=-1), "not_a_number"),
        (row("10150001", "กุฎีจีน"), "code_twice"),
    ],
)
def test_a_cell_that_cannot_be_right_refuses_the_list_with_row_and_column(bad, code):
    refused = refusal([row(), bad])
    assert refused.code == code
    assert "ชุมชน.xlsx" in refused.messages[0]
    assert "3" in refused.messages[0]


def test_a_new_sub_district_needs_a_name_of_its_own():
    assert refusal([row(subdistrict="101599", place=None)]).code == "subdistrict_without_name"
    assert refusal([row(subdistrict="101599", place="บุคคโล")]).code == "subdistrict_without_name"


def test_a_code_or_a_name_of_another_community_is_refused():
    record([row(), row("10150002", "กุฎีจีน")])
    assert refusal([row("10150002", "กุฎีขาว")]).code == "code_of_another"
    assert refusal([row("10150003", "กุฎีขาว")]).code == "name_of_another"
    assert refusal([row(subdistrict="101801", place="สมเด็จเจ้าพระยา")]).code == "code_of_another"


def test_a_code_that_is_no_longer_or_not_yet_in_force_is_refused():
    record([row()])
    assert refusal([row()], on=datetime.date(2014, 1, 1)).code == "code_of_another"
    CommunityCode.objects.update(in_force_until=LATER)
    assert refusal([row()], on=LATER).code == "code_of_another"


def test_a_day_before_a_later_change_is_refused():
    record([row()])
    record([row(expected=350)], on=LATER)
    assert refusal([row(expected=400)], on=datetime.date(2015, 2, 1)).code == "later_fact"


def test_a_day_in_the_future_is_refused():
    assert refusal([row()], on=timezone.localdate() + datetime.timedelta(days=1)).code == "future_date"


def test_a_list_without_rows_is_refused():
    assert refusal([]).code == "no_rows"
    assert refusal([[None, " "]]).code == "no_rows"


# --- few statements ---


@pytest.mark.parametrize("count", [10, 300])
def test_the_number_of_queries_is_the_same_at_any_size(django_assert_num_queries, count):
    rows = [row(str(10150000 + n), f"ตัวอย่าง {n}", expected=n) for n in range(count)]
    with django_assert_num_queries(13):
        record(rows)
    with django_assert_num_queries(12):
        assert record(rows) == counted(unchanged=count)
    with django_assert_num_queries(14):
        assert record([[*one[:5], one[5] + 1, 3] for one in rows], on=LATER) == counted(changed=count)
