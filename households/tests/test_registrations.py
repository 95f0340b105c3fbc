"""Loading the central register's extract: what it does to houses, their history and their communities."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone

from communities.models import ClosedMonth, Subdistrict
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, command_line
from households import register_comparison
from households.models import HouseRegistration, LifeEvent
from households.registrations import load
from households.tests.books import HEADER, csv_text, extract, house, houses, xlsx
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db
DAY = datetime.date(2015, 1, 20)


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


def load_rows(rows, district, *, on=DAY, **more):
    return load(source=extract(rows), file_name="ทะเบียน.xlsx", district=district, by=command_line(), on=on, **more)


def counts(result):
    return {name: getattr(result, name) for name in ("new", "changed", "unchanged", "struck", "vanished")}


def counted(**told):
    return {"new": 0, "changed": 0, "unchanged": 0, "struck": 0, "vanished": 0} | told


def refusal(source, district, **more):
    with pytest.raises(ValidationError) as refused:
        load(source=source, file_name="ทะเบียน.xlsx", district=district, by=command_line(), **more)
    assert not HouseRegistration.objects.exists()
    assert not LifeEvent.objects.exists()
    return refused.value


def events(code):
    return list(LifeEvent.objects.filter(house__house_code=code).values_list("kind", "before", "after"))


# --- what is stored ---


def test_a_house_is_stored_as_it_is_written_with_its_keys_beside(district):
    load_rows([house("1015-900001-0", " ๑๒/ ๕ ก.", moo=5, soi="ซ.เทอดไท 5", road="ถ.เทอดไท")], district)
    stored = HouseRegistration.objects.get()
    assert stored.house_code == "10159000010"
    assert [stored.house_no, stored.moo, stored.soi, stored.road] == ["๑๒/ ๕ ก.", "5", "ซ.เทอดไท 5", "ถ.เทอดไท"]
    assert [stored.number_key, stored.soi_key, stored.road_key] == ["12/5 ก", "เทอดไท 5", "เทอดไท"]
    assert stored.subdistrict.code == "101503"
    assert stored.state == "live"


def test_cells_of_numbers_and_signs_that_the_database_reads_otherwise_are_stored_as_they_are(district):
    load_rows([house(10159000010, 42, soi="a\\b\tc\nd", subdistrict_code=101503)], district)
    stored = HouseRegistration.objects.get()
    assert [stored.house_code, stored.house_no, stored.soi] == ["10159000010", "42", "a\\b\tc\nd"]


def test_every_new_house_is_told_as_registered_and_one_struck_off_before_as_both(district):
    rows = [house("10159000010", "1"), house("10159000028", "2", status="จำหน่าย")]
    assert counts(load_rows(rows, district, letter="กท 1/2558")) == counted(new=2)
    address = {
        "house_no": "1", "moo": "", "trok": "", "soi": "เทอดไท 5", "road": "เทอดไท", "subdistrict": "บางยี่เรือ",
    }  # fmt: skip
    assert events("10159000010") == [("registered", None, address)]
    assert [kind for kind, _before, _after in events("10159000028")] == ["registered", "struck"]
    event = LifeEvent.objects.filter(kind="struck").get()
    assert (event.happened_on, event.counted_on, event.recorded_by) == (DAY, DAY, command_line())
    assert (event.ground, event.reference, event.house.state) == ("central_register", "กท 1/2558", "struck")


def test_a_number_that_cannot_be_read_is_kept_matches_nothing_and_is_reported(district):
    result = load_rows([house("10159000010", "บ้านไม่มีเลขที่"), *houses(2)], district)
    stored = HouseRegistration.objects.get(house_code="10159000010")
    assert result.extract.unreadable_numbers == [1]
    assert stored.number_key.startswith("?")
    assert stored.number_order > max(
        HouseRegistration.objects.exclude(pk=stored.pk).values_list("number_order", flat=True)
    )


def test_a_lane_that_cannot_be_read_matches_nothing_and_is_reported(district):
    result = load_rows([house(soi='"')], district)
    stored = HouseRegistration.objects.get()
    assert result.extract.unclear_addresses == [1]
    assert (stored.soi, stored.soi_key) == ('"', '?"')


def test_house_codes_of_another_office_are_only_counted(district):
    assert load_rows([house("10169000010"), *houses(1)], district).extract.other_offices == 1


def test_a_sub_district_not_known_yet_is_recorded_by_its_name(district):
    load_rows([house(subdistrict_code="101599", subdistrict="แขวงใหม่")], district)
    assert Subdistrict.objects.get(code="101599").name_th == "แขวงใหม่"
    assert HouseRegistration.objects.get().subdistrict.code == "101599"


def test_a_csv_file_with_other_headings_further_down_is_read_alike(district):
    header = ["รหัสประจำบ้าน", "เลขที่บ้าน", "หมู่", "ตรอก", "ซอย", "ถนน", "รหัสแขวง", "แขวง", "สถานภาพ"]
    text = csv_text([["ทะเบียนบ้านเขตธนบุรี"], [], header, house(), [], [" "]])
    result = load(source=text.encode("cp874"), file_name="ทะเบียน.csv", district=district, by=command_line(), on=DAY)
    assert counts(result) == counted(new=1)


# --- the same again, and what has changed ---


def test_the_same_file_again_changes_nothing(district):
    rows = [*houses(5), house("10159000010", status="จำหน่าย")]
    load_rows(rows, district)
    told = LifeEvent.objects.count()
    again = load_rows(rows, district)
    assert counts(again) == counted(unchanged=6)
    assert again.changed_nothing
    assert LifeEvent.objects.count() == told


def test_a_changed_address_is_told_by_its_parts_alone(district):
    load_rows([house(house_no="1"), *houses(2)], district)
    result = load_rows([house(house_no="1/1", subdistrict_code="101505", subdistrict="ตลาดพลู"), *houses(2)], district)
    assert counts(result) == counted(changed=1, unchanged=2)
    assert events("10159000010")[1:] == [
        ("changed", {"house_no": "1", "subdistrict": "บางยี่เรือ"}, {"house_no": "1/1", "subdistrict": "ตลาดพลู"})
    ]
    stored = HouseRegistration.objects.get(house_code="10159000010")
    assert (stored.number_key, stored.subdistrict.code) == ("1/1", "101505")


def test_a_house_struck_off_since_counts_as_struck_alone(district):
    load_rows([house(house_no="1"), *houses(1)], district)
    result = load_rows([house(house_no="2", status="จำหน่าย"), *houses(1)], district)
    assert counts(result) == counted(struck=1, unchanged=1)
    assert [kind for kind, _before, _after in events("10159000010")] == ["registered", "changed", "struck"]


def test_a_house_no_longer_in_the_extract_vanishes_once_and_keeps_its_row(district):
    load_rows([house(), *houses(1)], district)
    assert counts(load_rows(houses(1), district)) == counted(vanished=1, unchanged=1)
    assert counts(load_rows(houses(1), district)) == counted(unchanged=1)
    assert HouseRegistration.objects.get(house_code="10159000010").state == "vanished"
    assert [kind for kind, _before, _after in events("10159000010")] == ["registered", "vanished"]


def test_a_house_struck_off_does_not_vanish(district):
    load_rows([house(status="จำหน่าย"), *houses(1)], district)
    assert counts(load_rows(houses(1), district)) == counted(unchanged=1)
    assert HouseRegistration.objects.get(house_code="10159000010").state == "struck"


@pytest.mark.parametrize("gone", [[house(status="จำหน่าย")], []])
def test_a_house_back_in_the_extract_is_restored_and_counts_as_changed(district, gone):
    load_rows([house(), *houses(1)], district)
    load_rows([*gone, *houses(1)], district)
    assert counts(load_rows([house(), *houses(1)], district)) == counted(changed=1, unchanged=1)
    assert HouseRegistration.objects.get(house_code="10159000010").state == "live"
    assert events("10159000010")[-1][0] == "restored"


def test_keys_made_by_an_older_reading_are_made_anew_without_a_word(district):
    load_rows([house()], district)
    HouseRegistration.objects.update(soi_key="as it was read last year")
    assert counts(load_rows([house()], district)) == counted(unchanged=1)
    assert HouseRegistration.objects.get().soi_key == "เทอดไท 5"
    assert len(events("10159000010")) == 1


def test_a_house_keeps_its_community_whatever_changes(district):
    load_rows([house(), *houses(1)], district)
    community = CommunityFactory(subdistrict=SubdistrictFactory(code="101503"))
    tag_event(HouseRegistration.objects.get(house_code="10159000010"), community, on=DAY)
    for rows in ([house(house_no="9")], [house(status="จำหน่าย")], [house()], []):
        load_rows([*rows, *houses(1)], district)
        assert HouseRegistration.objects.get(house_code="10159000010").community == community


def test_another_district_is_left_alone(district):
    other = HouseFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1018"), code="101801"))
    load_rows([house(other.house_code, house_no="77")], district)
    other.refresh_from_db()
    assert (other.house_no, other.state) != ("77", "vanished")
    assert HouseRegistration.objects.filter(house_code=other.house_code).count() == 2


def test_what_happened_in_a_closed_month_counts_on_the_first_open_day(district):
    ClosedMonth.objects.create(district=district, month=DAY.replace(day=1), closed_by=command_line())
    load_rows(houses(1), district)
    event = LifeEvent.objects.get()
    assert (event.happened_on, event.counted_on) == (DAY, datetime.date(2015, 2, 1))


# --- what is refused ---


@pytest.mark.parametrize("missing", HEADER)
def test_a_missing_column_is_named(district, missing):
    at = HEADER.index(missing)
    rows = [[*row[:at], *row[at + 1 :]] for row in [list(HEADER), *houses(3)]]
    refused = refusal(xlsx(rows), district)
    assert refused.code == "columns_missing"
    assert missing in refused.messages[0].replace(", ".join(HEADER), "")
    assert ", ".join(HEADER) in refused.messages[0]


def test_a_house_code_twice_is_named_with_its_rows(district):
    rows = [*houses(3), house("10150000001", "9"), house("1015-000000-1", "9")]
    refused = refusal(extract(rows), district)
    assert refused.code == "house_code_twice"
    assert "10150000001" in refused.messages[0]
    assert "3, 5, 6" in refused.messages[0]


def test_many_house_codes_twice_are_counted(district):
    refused = refusal(extract([*houses(20), *houses(20)]), district)
    assert "2, 22" in refused.messages[0]
    assert "19" in refused.messages[0]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (house("1015900001"), "not_a_house_code"),
        (house(None), "not_a_house_code"),
        (house("1-1017-00207-03-0"), "citizen_number"),
        (house(subdistrict_code="101801"), "other_district"),
        (house(subdistrict_code="1015"), "not_a_subdistrict_code"),
        (house(subdistrict_code="101588", subdistrict=None), "subdistrict_without_name"),
        (house(status="รื้อแล้ว"), "unknown_status"),
        (house(status=None), "unknown_status"),
        (house(soi="ก" * 121), "too_long"),
    ],
)
def test_a_cell_that_cannot_be_right_refuses_the_file_with_row_and_column(district, row, code):
    refused = refusal(extract([*houses(2), row]), district)
    assert refused.code == code
    assert "ทะเบียน.xlsx" in refused.messages[0]
    if code != "subdistrict_without_name":
        assert "4" in refused.messages[0]


def test_a_citizen_number_is_never_repeated(district):
    assert "0020703" not in refusal(extract([house("1101700207030")]), district).messages[0].replace("-", "")


def test_no_rows_is_refused(district):
    assert refusal(extract([]), district).code == "no_rows"
    assert refusal(xlsx([["x"]]), district).code == "no_header"


def test_a_day_in_the_future_is_refused(district):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert refusal(extract(houses(1)), district, on=tomorrow).code == "future_date"


def test_a_path_that_is_no_file_raises_os_error(district, tmp_path):
    with pytest.raises(FileNotFoundError):
        load(source=tmp_path / "none.xlsx", file_name="none.xlsx", district=district, by=command_line())


# --- all or nothing, one at a time, few statements ---


def test_a_crash_in_the_middle_leaves_nothing(district, monkeypatch):
    load_rows([house(), *houses(3)], district)
    before = list(HouseRegistration.objects.order_by("pk").values())
    monkeypatch.setattr(register_comparison, "_INSERT_NEW", "SELECT 1/0")
    rows = [
        house(house_no="2", status="จำหน่าย"),
        *houses(1, subdistrict_code="101577", subdistrict="ใหม่"),
        *houses(5, first=1),
    ]
    with pytest.raises(DatabaseError):
        load_rows(rows, district)
    assert list(HouseRegistration.objects.order_by("pk").values()) == before
    assert LifeEvent.objects.count() == 4
    assert not Subdistrict.objects.filter(code="101577").exists()


@pytest.mark.parametrize("count", [10, 2000])
def test_the_number_of_queries_is_the_same_at_any_size(district, django_assert_num_queries, count):
    doer = command_line()

    def load_it(rows):
        return counts(load(source=extract(rows), file_name="x.xlsx", district=district, by=doer, on=DAY))

    with django_assert_num_queries(13):
        assert load_it(houses(count)) == counted(new=count)
    with django_assert_num_queries(12):
        assert load_it(houses(count)) == counted(unchanged=count)
    half = count // 2
    rows = [*houses(half, soi="เทอดไท 7"), *houses(half, first=count)]
    with django_assert_num_queries(16):
        assert load_it(rows) == counted(changed=half, vanished=half, new=half)


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_make_each_house_once(district):
    results, waiting = [], threading.Barrier(2)
    source = extract(houses(300))

    def load_it():
        try:
            waiting.wait()
            results.append(load(source=source, file_name="x.xlsx", district=district, by=command_line(), on=DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=load_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.new for result in results) == [0, 300]
    assert sorted(result.unchanged for result in results) == [0, 300]
    assert HouseRegistration.objects.count() == LifeEvent.objects.count() == 300
