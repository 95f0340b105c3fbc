"""Loading a district's registrations, beside bare COPY and beside django-import-export, on the same workbook."""

from __future__ import annotations

import io
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

import python_calamine
import tablib
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from import_export import fields, resources
from import_export.widgets import CharWidget, ForeignKeyWidget

from benchmarks import register_file
from benchmarks.measuring import Table, count_queries, seconds
from benchmarks.scratch import migrated, scratch
from communities.models import District, Person, Subdistrict
from communities.reference_data import COMMAND_LINE
from communities.thai_text import sort_key
from households import addresses, house_numbers
from households.models import HouseRegistration, LifeEvent

_ROWS = 60_000
_CHANGED = 0.01
_RUNS = 5
_STATES = {"ปกติ": "live", "จำหน่าย": "struck"}


def main(share: float) -> bool:
    """Measure on that share of 60,000 houses; returns whether every limit held."""
    rows = register_file.houses(round(_ROWS * share))
    with tempfile.TemporaryDirectory() as folder, migrated():
        first, again = Path(folder, "register.xlsx"), Path(folder, "register-changed.xlsx")
        register_file.write(first, rows)
        register_file.write(again, register_file.with_changes(rows, _CHANGED))
        table = Table(f"Registrations: an .xlsx of {len(rows):,} houses")
        loading, queries = _beside_copy(table, first, len(rows))
        table.at_most("queries of import_registrations", queries, 20)
        _beside_import_export(table, first, again, len(rows), loading)
    return not table.broken


# --- beside COPY ---


def _beside_copy(table: Table, path: Path, rows: int) -> tuple[float, int]:
    """Runs take turns, so that what else the machine does meets all alike. Returns the median and the queries."""
    ours, like_register, bare, queries = [], [], [], 0
    for _run in range(_RUNS):
        ours.append(_in_scratch(lambda: _load(path), _forget_readings))
        like_register.append(_in_scratch(lambda: _copy_register(path), _make_table_like_register))
        bare.append(_in_scratch(lambda: _copy_bare(path), _make_bare_table))
    with scratch():
        queries = count_queries(lambda: _load(path)) + 1  # COPY passes by Django's wrapper
        assert HouseRegistration.objects.count() == rows
        assert LifeEvent.objects.filter(kind="registered").count() == rows
    loading = table.measured("import_registrations (checks, upsert, an event a house)", ours, rows)
    table.measured("calamine + COPY into one table with the register's indexes and keys", like_register, rows)
    table.measured("calamine + COPY into one table without index or key", bare, rows)
    table.at_most("times COPY into one table like the register", _ratio(ours, like_register), 2)
    table.told("times COPY into one bare table", _ratio(ours, bare))
    return loading, queries


def _ratio(ours: Sequence[float], peers: Sequence[float]) -> float:
    """The median over turns taken one after the other, which a busy machine slows alike."""
    return statistics.median(our / peer for our, peer in zip(ours, peers, strict=True))


def _in_scratch(work: Callable[[], object], prepare: Callable[[], object]) -> float:
    with scratch():
        prepare()
        return seconds(work)


def _load(path: Path) -> None:
    call_command("import_registrations", path, stdout=io.StringIO(), stderr=io.StringIO(), skip_checks=True)


def _forget_readings() -> None:
    """Every run reads its addresses as if for the first time."""
    for remembered in (house_numbers.parse, addresses._read, sort_key):
        remembered.cache_clear()


def _read(path: Path) -> list[list[str]]:
    rows = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    return cast(list[list[str]], rows[1:])


def _make_bare_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE peer ({', '.join(f'column{number} text' for number in range(9))})")


def _copy_bare(path: Path) -> None:
    lines = "\n".join("\t".join(row) for row in _read(path))
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY peer FROM STDIN", io.StringIO(lines))


def _make_table_like_register() -> None:
    """The register's columns, indexes, checks and foreign keys; the texts themselves stand in for the keys."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE peer (LIKE households_houseregistration INCLUDING ALL)")
        for column, place in (("district", "district"), ("subdistrict", "subdistrict"), ("community", "community")):
            cursor.execute(
                f"ALTER TABLE peer ADD FOREIGN KEY ({column}_id) REFERENCES communities_{place}"
                " DEFERRABLE INITIALLY DEFERRED"
            )


def _copy_register(path: Path) -> None:
    district = District.objects.get(code="1015").pk
    subdistricts = dict(Subdistrict.objects.values_list("code", "pk"))
    lines = "\n".join(
        f"{district}\t{subdistricts[place]}\t{code}\t{number}\t{moo}\t{trok}\t{soi}\t{road}\t{_STATES[status]}"
        f"\t{number}\t{number}\t{trok}\t{soi}\t{road}\t{road} {soi} {trok}"
        for code, number, moo, trok, soi, road, place, _name, status in _read(path)
    )
    columns = (
        "district_id, subdistrict_id, house_code, house_no, moo, trok, soi, road, state, "
        "number_key, number_order, trok_key, soi_key, road_key, lane_order"
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY peer ({columns}) FROM STDIN", io.StringIO(lines))


# --- beside django-import-export ---


_TEXT = CharWidget(coerce_to_string=True, allow_blank=True)


class _HouseResource(resources.ModelResource):
    """The same work as the package documents it, all else by default: the row, its keys, and an event for it."""

    house_code = fields.Field("house_code", "เลขรหัสประจำบ้าน", widget=_TEXT)
    house_no = fields.Field("house_no", "บ้านเลขที่", widget=_TEXT)
    moo = fields.Field("moo", "หมู่ที่", widget=_TEXT)
    trok = fields.Field("trok", "ตรอก", widget=_TEXT)
    soi = fields.Field("soi", "ซอย", widget=_TEXT)
    road = fields.Field("road", "ถนน", widget=_TEXT)
    subdistrict = fields.Field("subdistrict", "รหัสแขวง", widget=ForeignKeyWidget(Subdistrict, "code"))

    class Meta:
        model = HouseRegistration
        import_id_fields = ["house_code"]
        fields = ["house_code", "house_no", "moo", "trok", "soi", "road", "subdistrict"]

    def before_import(self, dataset: tablib.Dataset, **_more: object) -> None:
        self.district = District.objects.get(code="1015")
        self.doer = Person.objects.get(username=COMMAND_LINE)
        self.today = timezone.localdate()

    def before_save_instance(self, instance: HouseRegistration, row: Mapping[str, str], **_more: object) -> None:
        number = house_numbers.parse(instance.house_no)
        address = addresses.read_address(trok=instance.trok, soi=instance.soi, road=instance.road)
        instance.district, instance.state = self.district, _STATES[row["สถานะ"]]
        instance.number_key, instance.number_order = number.key, number.order
        instance.trok_key, instance.soi_key, instance.road_key = address.trok, address.soi, address.road
        instance.lane_order = addresses.lane_order(address)

    def after_save_instance(self, instance: HouseRegistration, row: Mapping[str, str], **_more: object) -> None:
        LifeEvent.objects.create(
            house=instance,
            kind=LifeEvent.Kind.REGISTERED,
            ground=LifeEvent.Ground.CENTRAL_REGISTER,
            after={"house_no": instance.house_no, "soi": instance.soi, "road": instance.road},
            happened_on=self.today,
            counted_on=self.today,
            recorded_by=self.doer,
        )


class _HouseResourceThatSkips(_HouseResource):
    """Its documented way to leave alone what has not changed."""

    class Meta(_HouseResource.Meta):
        skip_unchanged = True
        report_skipped = False


def _beside_import_export(table: Table, first: Path, again: Path, rows: int, loading: float) -> None:
    ours = [_in_scratch(lambda: _load(again), lambda: _load(first)) for _run in range(_RUNS)]
    with scratch():
        _forget_readings()
        theirs = seconds(lambda: _import(_HouseResource(), first))
        assert HouseRegistration.objects.count() == rows
        theirs_again = seconds(lambda: _import(_HouseResourceThatSkips(), again))
    table.measured("django-import-export, default, with keys and an event a house", [theirs], rows)
    table.at_least("times faster than django-import-export", theirs / loading, 30)
    loading_again = table.measured("import_registrations, again with 1 % changed", ours, rows)
    table.measured("django-import-export, again with 1 % changed, skip_unchanged", [theirs_again], rows)
    table.at_least("times faster than django-import-export", theirs_again / loading_again, 50)


def _import(resource: resources.ModelResource, path: Path) -> None:
    dataset = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    result = resource.import_data(dataset)
    assert not result.has_errors(), result.row_errors()[:1]
