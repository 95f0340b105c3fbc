"""The register's enemy: extracts whose community codes stand there in every odd form."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, command_line
from households.models import HouseRegistration, LifeEvent, Reconciliation, SeenCode
from households.registrations import load
from households.tests.books import HEADER, csv_text, extract, house
from households.tests.factories import tag_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JANUARY = datetime.date(2015, 1, 20)
HERE, THERE, ENDED = "10150001", "10150002", "10150003"


@pytest.fixture
def community():
    district = DistrictFactory(code="1015")
    subdistrict = SubdistrictFactory(district=district, code="101503")
    community = CommunityFactory.create(subdistrict=subdistrict, code=HERE)
    CommunityFactory.create(subdistrict=subdistrict, code=THERE)
    gone = CommunityFactory.create(subdistrict=subdistrict, code=ENDED)
    gone.codes.update(in_force_until=JANUARY)
    return community


@pytest.fixture
def district(community):
    """Houses 1 and 2, both tagged with the first community."""
    load_codes(community.district, None, None, header=HEADER)
    for one in HouseRegistration.objects.all():
        tag_event(one, community, on=JANUARY)
    return community.district


def rows(*codes):
    return [[*house(f"1015900{n:04d}", str(n)), code] for n, code in enumerate(codes, start=1)]


def load_codes(district, *codes, header=(*HEADER, "รหัสชุมชน"), data=None, name="ทะเบียน.xlsx", on=None):
    told = [row[: len(header)] for row in rows(*codes)]
    return load(
        source=data or extract(told, header=header), file_name=name, district=district, by=command_line(), on=on
    )


def seen():
    return list(HouseRegistration.objects.order_by("house_no").values_list("central_code", flat=True))


def facts():
    return LifeEvent.objects.count(), SeenCode.objects.count(), Reconciliation.objects.count()


@pytest.mark.parametrize(
    "cell",
    [
        10150001,
        10150001.0,
        " 10150001 ",
        "1015 0001",
        "1015-0001",
        "๑๐๑๕๐๐๐๑",
        "10150001\n",
        "\u200b10150001",
    ],
)
def test_a_code_is_read_however_it_is_written(district, cell):
    load_codes(district, cell, HERE)
    assert seen() == [HERE, HERE]


@pytest.mark.parametrize("cell", [None, "", " ", "-", "–", "0", 0, "00000000", "- "])
def test_what_means_no_code(district, cell):
    assert load_codes(district, cell, HERE).reconciled.counts == {"agree": 1, "differ": 0, "missing": 1, "untagged": 0}
    assert seen() == ["", HERE]


@pytest.mark.parametrize(
    "cell",
    [
        "#N/A", "#REF!", "=VLOOKUP(A2,B:C,2,0)", datetime.date(2015, 2, 6), datetime.time(8, 30),
        True, 10150001.5, -10150001, "101500010", "ไม่มี", "ชุมชนโรงเจ", "1015000A", 1e30,
    ],
)  # fmt: skip
def test_what_is_no_code_refuses_the_file_and_nothing_is_stored(district, cell):
    before = facts(), seen()
    with pytest.raises(ValidationError) as refusal:
        load_codes(district, cell, HERE)
    assert refusal.value.code in ("not_a_community_code", "formula_without_value", "error_value")
    [sentence] = refusal.value.messages
    assert "ทะเบียน.xlsx" in sentence
    assert "2" in sentence
    assert (facts(), seen()) == before


@pytest.mark.parametrize("cell", ["#N/A", "=A2"])
@pytest.mark.parametrize("column", ["ซอย", "ถนน", "หมู่ที่"])
def test_an_address_that_a_formula_failed_to_give_is_not_read_as_empty(district, column, cell):
    [row, other] = rows(HERE, HERE)
    row[HEADER.index(column)] = cell
    before = facts()
    with pytest.raises(ValidationError):
        load_codes(district, data=extract([row, other], header=(*HEADER, "รหัสชุมชน")))
    assert facts() == before


@pytest.mark.parametrize("code", ["1015001", "10160001", ENDED, "99999999"])
def test_a_code_that_is_no_community_s_here_differs(district, code):
    assert load_codes(district, code, HERE).reconciled.counts == {"agree": 1, "differ": 1, "missing": 0, "untagged": 0}


@pytest.mark.parametrize(
    "heading", ["รหัสชุมชน", "รหัส ชุมชน", "รหัสชุมชน ", "เลขรหัสชุมชน", "Community Code", "community_code", "รหัส\nชุมชน"]
)
def test_the_column_is_known_by_its_headings(district, heading):
    assert load_codes(district, HERE, HERE, header=(*HEADER, heading)).reconciled.counts["agree"] == 2


@pytest.mark.parametrize("second", ["รหัสชุมชน", "community code"])
def test_two_columns_of_codes_are_refused(district, second):
    before = facts()
    told = [[*row, THERE] for row in rows(HERE, HERE)]
    with pytest.raises(ValidationError) as refusal:
        load_codes(district, data=extract(told, header=(*HEADER, "รหัสชุมชน", second)))
    assert refusal.value.code == "column_twice"
    assert facts() == before


def test_an_extract_without_the_column_leaves_the_codes_as_the_one_before_showed_them(district):
    load_codes(district, HERE, THERE)
    assert load_codes(district, None, None, header=HEADER).reconciled is None
    assert seen() == [HERE, THERE]


def test_an_empty_column_takes_every_code_out(district):
    load_codes(district, HERE, THERE)
    told = load_codes(district, "", "").reconciled
    assert (told.missing, told.seen, seen()) == (2, 2, ["", ""])


@pytest.mark.parametrize("on", [JANUARY, None])
def test_an_older_extract_after_a_newer_one_is_refused_and_nothing_is_stored(district, on):
    """Also when the same file is loaded again on another day: it is still the extract of its first day."""
    older = extract(rows(HERE, ""), header=(*HEADER, "รหัสชุมชน"))
    load_codes(district, data=older, on=JANUARY)
    load_codes(district, HERE, THERE, on=JANUARY + datetime.timedelta(days=10))
    before = facts()
    with pytest.raises(ValidationError) as refused:
        load_codes(district, data=older, on=on)
    assert refused.value.code == "older_extract"
    assert (seen(), facts()) == ([HERE, THERE], before)


def test_the_file_of_the_same_day_may_put_a_wrong_one_right(district):
    right = extract(rows(HERE, ""), header=(*HEADER, "รหัสชุมชน"))
    load_codes(district, data=right, on=JANUARY)
    load_codes(district, "", "", on=JANUARY)
    load_codes(district, data=right, on=JANUARY)
    assert seen() == [HERE, ""]


def test_houses_struck_and_gone_are_compared_no_more_and_again_when_they_return(district):
    load_codes(district, HERE, HERE)
    first, _gone = rows(HERE, HERE)
    first[HEADER.index("สถานะ")] = "จำหน่าย"
    header = (*HEADER, "รหัสชุมชน")
    told = load_codes(district, data=extract([first], header=header))
    assert told.reconciled.counts == {"agree": 0, "differ": 0, "missing": 0, "untagged": 0}
    assert (told.struck, told.vanished) == (1, 1)
    assert load_codes(district, HERE, THERE).reconciled.counts == {"agree": 1, "differ": 1, "missing": 0, "untagged": 0}


def test_the_command_line_tells_the_counts_and_refuses_without_storing(district, tmp_path, capsys):
    path = tmp_path / "ทะเบียน.csv"
    path.write_text(csv_text([(*HEADER, "รหัสชุมชน"), *rows("๑๐๑๕-๐๐๐๑", "")]))
    call_command("import_registrations", str(path))
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["reconciliation"] == {"agree": 1, "differ": 0, "missing": 1, "untagged": 0, "seen": 1}
