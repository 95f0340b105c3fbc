"""An extract with community codes: what is seen is kept, compared, and taken at its word where a person says so."""

import datetime
import json

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.tests.factories import (
    CommunityFactory,
    DistrictFactory,
    PersonFactory,
    SubdistrictFactory,
    command_line,
)
from communities.thai_calendar import short_date
from households.keying import key, to_key
from households.models import HouseRegistration, KeyingEvent, Reconciliation, SeenCode
from households.reconciling import Finding, counts_of_findings, houses_found, is_later, take_extracts_word
from households.registrations import load
from households.tests.books import HEADER, csv_text, extract, house
from households.tests.factories import keying_event, tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JANUARY = datetime.date(2015, 1, 20)
CODE_HEADER = (*HEADER, "รหัสชุมชน")
HERE, THERE = "10150001", "10150002"


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def communities(district):
    subdistrict = SubdistrictFactory(district=district, code="101503")
    return {code: CommunityFactory.create(subdistrict=subdistrict, code=code) for code in (HERE, THERE)}


def code_of(number):
    return f"1015900{number:04d}"


def rows(*codes, **more):
    """A row a code: house 1, 2, 3 …, each with the community code that the extract shows for it."""
    return [[*house(code_of(number), str(number), **more), code] for number, code in enumerate(codes, start=1)]


def load_codes(district, *codes, on=None, header=CODE_HEADER, name="ทะเบียน.xlsx"):
    return load(
        source=extract(rows(*codes), header=header), file_name=name, district=district, by=command_line(), on=on
    )


@pytest.fixture
def register(district, communities):
    """Five houses: 1 to 4 tagged with the first community, 5 with none."""
    load(
        source=extract([row[:-1] for row in rows(*[""] * 5)]), file_name="t.xlsx", district=district, by=command_line()
    )
    for number in range(1, 5):
        tag_event(of(number), communities[HERE], on=JANUARY)
    return district


def of(number):
    return HouseRegistration.objects.get(house_code=code_of(number))


def found(district):
    return {
        finding.value: sorted(houses_found(district, finding).values_list("house_no", flat=True)) for finding in Finding
    }


# --- what is seen ---


def test_each_house_is_compared_and_each_list_has_its_number(register):
    told = load_codes(register, HERE, THERE, "", HERE, THERE).reconciled
    assert told.counts == {"agree": 2, "differ": 1, "missing": 1, "untagged": 1}
    assert found(register) == {"agree": ["1", "4"], "differ": ["2"], "missing": ["3"], "untagged": ["5"]}
    assert {finding.value: number for finding, number in counts_of_findings(register).items()} == told.counts
    row = Reconciliation.objects.get()
    assert (row.agree, row.differ, row.missing, row.untagged) == (2, 1, 1, 1)
    assert (row.file_name, row.loaded_by, row.taken_on) == ("ทะเบียน.xlsx", command_line(), timezone.localdate())


def test_a_code_seen_is_kept_only_where_it_is_another(register):
    load_codes(register, HERE, THERE, "", HERE, "", name="a.xlsx")
    assert SeenCode.objects.count() == 3
    told = load_codes(register, HERE, HERE, "", "", "", name="b.xlsx").reconciled
    assert told.seen == 2
    assert list(SeenCode.objects.order_by("house__house_no", "id").values_list("previous_code", "code")) == [
        ("", HERE), ("", THERE), (THERE, HERE), ("", HERE), (HERE, ""),
    ]  # fmt: skip
    assert of(2).central_code == HERE


def test_no_tag_and_no_keying_changes(register, communities):
    key({of(1).pk: communities[HERE].pk}, by=command_line())
    load_codes(register, "", THERE, THERE, "", HERE)
    tags = HouseRegistration.objects.order_by("house_no").values_list("community", "keyed_community")
    here = communities[HERE].pk
    assert list(tags) == [(here, here), (here, None), (here, None), (here, None), (None, None)]


def test_the_same_file_again_changes_nothing_and_says_so(register):
    first = load_codes(register, HERE, "", "", "", "", on=JANUARY)
    again = load_codes(register, HERE, "", "", "", "")
    assert (first.changed_nothing, again.changed_nothing) == (False, True)
    assert (again.reconciled.counts, again.reconciled.is_news) == (first.reconciled.counts, False)
    assert (Reconciliation.objects.count(), SeenCode.objects.count()) == (1, 1)


def test_the_same_file_after_more_was_tagged_is_another_comparison_of_that_day(register, communities):
    load_codes(register, HERE, "", "", "", HERE, on=JANUARY)
    tag_event(of(5), communities[HERE], on=timezone.localdate())
    assert load_codes(register, HERE, "", "", "", HERE).reconciled.agree == 2
    assert list(Reconciliation.objects.values_list("taken_on", "agree")) == [(JANUARY, 2), (JANUARY, 1)]


def test_a_load_without_the_column_changes_nothing_of_it(register):
    load_codes(register, HERE, THERE, "", "", "")
    result = load(
        source=extract([row[:-1] for row in rows(*[""] * 5)]), file_name="t.xlsx", district=register, by=command_line()
    )
    assert result.reconciled is None
    assert (Reconciliation.objects.count(), of(1).central_code) == (1, HERE)


def test_a_house_that_comes_with_a_code_is_compared_at_once(register):
    told = load_codes(register, HERE, HERE, HERE, HERE, "", THERE).reconciled
    assert (told.untagged, told.seen, of(6).central_code) == (1, 5, THERE)


def test_a_house_struck_off_is_in_no_list_and_its_code_is_kept(register):
    struck = [*house(code_of(1), "1", status="จำหน่าย"), HERE]
    source = extract([struck, *rows("", "", "", "", "")[1:]], header=CODE_HEADER)
    told = load(source=source, file_name="t.xlsx", district=register, by=command_line()).reconciled
    assert told.counts == {"agree": 0, "differ": 0, "missing": 3, "untagged": 0}
    assert of(1).central_code == HERE


def test_a_code_that_is_no_longer_in_force_differs(register, communities):
    load_codes(register, HERE, HERE, HERE, HERE, "")
    communities[HERE].codes.update(in_force_until=timezone.localdate())
    assert {len(houses) for houses in found(register).values()} == {0, 4}
    assert len(found(register)["differ"]) == 4


# --- how it is written ---


@pytest.mark.parametrize("heading", ["รหัสชุมชน", "เลขรหัสชุมชน", "รหัส ชุมชน", "Community code"])
def test_the_column_is_known_by_its_usual_names(register, heading):
    assert load_codes(register, HERE, header=(*HEADER, heading)).reconciled.agree == 1


def test_codes_are_read_as_they_are_typed(register):
    told = load_codes(register, " ๑๐๑๕๐๐๐๑ ", "1015-0001", 10150001, "10150001", "-", "00000000").reconciled
    assert told.counts == {"agree": 4, "differ": 0, "missing": 0, "untagged": 0}


def test_a_csv_with_the_column_is_read_alike(register):
    text = csv_text([CODE_HEADER, *rows(HERE, "", "", "", "")])
    told = load(source=text.encode(), file_name="t.csv", district=register, by=command_line()).reconciled
    assert told.agree == 1


@pytest.mark.parametrize("bad", ["ชุมชนโรงเจ", "101500011", "1015/0001"])
def test_a_text_that_is_no_code_is_refused_with_its_place_and_nothing_is_stored(register, bad):
    with pytest.raises(ValidationError) as refused:
        load_codes(register, HERE, bad, bad, "", "")
    assert refused.value.code == "not_a_community_code"
    sentence = refused.value.messages[0]
    assert "row 3, 4" in sentence
    assert "รหัสชุมชน" in sentence
    assert bad in sentence
    assert not Reconciliation.objects.exists()
    assert not SeenCode.objects.exists()


def test_the_column_twice_is_refused(register):
    with pytest.raises(ValidationError) as refused:
        load(
            source=extract([[*row, ""] for row in rows(HERE)], header=(*CODE_HEADER, "รหัสชุมชน")),
            file_name="t.xlsx",
            district=register,
            by=command_line(),
        )
    assert refused.value.code == "column_twice"


def test_many_houses_are_compared_with_as_many_statements_as_few(district, communities):
    def statements(count):
        with CaptureQueriesContext(connection) as queries:
            load_codes(district, *[HERE] * count, name=f"{count}.xlsx")
        return len(queries)

    assert statements(3) == statements(80)


def test_the_command_tells_the_numbers_only_where_there_were_codes(register, tmp_path, capsys):
    file = tmp_path / "codes.xlsx"
    file.write_bytes(extract(rows(HERE, THERE, "", "", HERE), header=CODE_HEADER))
    call_command("import_registrations", str(file))
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["reconciliation"] == {"agree": 1, "differ": 1, "missing": 2, "untagged": 1, "seen": 3}
    call_command("import_registrations", str(file))
    again = capsys.readouterr().out.splitlines()
    assert again[0].startswith("Nothing changed")
    assert json.loads(again[-1])["reconciliation"]["seen"] == 0
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(extract([row[:-1] for row in rows(*[""] * 5)]))
    call_command("import_registrations", str(plain))
    assert "reconciliation" not in json.loads(capsys.readouterr().out.splitlines()[-1])


# --- the extract's word ---


def numbers_to_key(district):
    return sorted(to_key(district).values_list("house_no", flat=True))


def take_word(*numbers):
    return take_extracts_word([of(number).pk for number in numbers], by=command_line())


def test_a_house_keyed_in_vain_is_to_key_again(register, communities):
    key({of(number).pk: communities[HERE].pk for number in (1, 2, 3, 4)}, by=command_line(), happened_on=JANUARY)
    load_codes(register, HERE, THERE, "", HERE, "")
    assert set(take_word(1, 2, 3, 4).houses) == {of(2).pk, of(3).pk}
    assert numbers_to_key(register) == ["2", "3"]
    assert [of(2).keyed_community, of(3).keyed_community] == [communities[THERE], None]
    event = KeyingEvent.objects.filter(house=of(3)).latest("id")
    assert (event.kind, event.reason) == ("taken_back", f"as the extract of {short_date(timezone.localdate())} shows")


def test_a_house_that_was_keyed_elsewhere_is_to_key_no_more(register):
    load_codes(register, HERE, HERE, "", "", "")
    assert numbers_to_key(register) == ["1", "2", "3", "4"]
    assert set(take_word(1, 2).houses) == {of(1).pk, of(2).pk}
    assert numbers_to_key(register) == ["3", "4"]


def test_a_code_there_of_a_house_in_no_community_here_is_to_be_taken_out(register):
    load_codes(register, "", "", "", "", THERE)
    take_word(5)
    assert numbers_to_key(register) == ["1", "2", "3", "4", "5"]


def test_a_house_keyed_after_the_extract_waits_for_the_next(register, communities):
    load_codes(register, "", "", "", "", "", on=JANUARY)
    key({of(1).pk: communities[HERE].pk}, by=command_line())
    taken = take_word(1)
    assert (len(taken.houses), taken.keyed_since) == (0, 1)
    assert of(1).keyed_community == communities[HERE]


def test_a_house_keyed_on_the_day_of_the_extract_before_it_was_loaded_is_taken_at_its_word(register, communities):
    key({of(1).pk: communities[HERE].pk, of(2).pk: communities[HERE].pk}, by=command_line())
    load_codes(register, "", HERE, "", "", "")
    key({of(3).pk: communities[HERE].pk}, by=command_line())
    taken = take_word(1, 2, 3)
    assert (set(taken.houses), taken.keyed_since) == ({of(1).pk}, 1)


def test_a_code_of_no_community_is_told(register):
    load_codes(register, "", "", "", "", "10159999")
    assert [house.house_no for house in take_word(5).unknown] == ["5"]


def test_without_an_extract_there_is_no_word(register):
    with pytest.raises(ValidationError) as refused:
        take_word(1)
    assert refused.value.code == "no_extract"


def test_the_doer_is_kept(register):
    officer = PersonFactory()
    load_codes(register, HERE, "", "", "", "")
    take_extracts_word([of(1).pk], by=officer)
    event = KeyingEvent.objects.get()
    assert (event.kind, event.recorded_by, bool(event.reason)) == ("keyed", officer, True)


def test_what_was_keyed_after_the_extract_is_later_however_the_servers_clock_goes(district, communities):
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        load_codes(district, HERE, on=JANUARY)
    extract_loaded = Reconciliation.objects.get()
    keyed = keying_event(HouseRegistration.objects.get(), communities[HERE], on=JANUARY)
    assert is_later(JANUARY, keyed.recorded_at, extract_loaded)
