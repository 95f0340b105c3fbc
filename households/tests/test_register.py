"""What the office does to a registration: by two people, one of them a registrar, and once."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communities.models import Person, Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, PersonFactory, appoint, close_months
from households import register
from households.models import HouseRegistration, LifeEvent
from households.registrations import load
from households.tests.factories import HouseFactory, tag_event

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
HEADER = "เลขรหัสประจำบ้าน,บ้านเลขที่,หมู่ที่,ตรอก,ซอย,ถนน,รหัสแขวง,แขวง,สถานะ\n"


def registrar_of(district, **post) -> Person:
    """A head who is registrar of the district today."""
    fields = {"role": Role.HEAD, "district": district, "is_registrar": True, **post}
    return AppointmentFactory.create(person=PersonFactory.create(), **fields).person


@pytest.fixture
def house():
    return HouseFactory.create(house_no="12/3")


@pytest.fixture
def proposer(house):
    return appoint(Role.OFFICER, house.district)


@pytest.fixture
def registrar(house):
    return registrar_of(house.district)


def struck(house, proposer, by, **given) -> LifeEvent:
    """The house, struck off as demolished."""
    fields = {"ground": "demolished", "happened_on": TODAY(), "reference": "12/2569", **given}
    return register.strike_off(house, proposed_by=proposer, by=by, **fields)


def extract_saying(house, *, state="ปกติ", house_no=None) -> bytes:
    """The central register's extract of one house."""
    place = house.subdistrict
    cells = [house.house_code, house_no or house.house_no, "", "", house.soi, house.road]
    return (HEADER + ",".join([*cells, place.code, place.name_th, state]) + "\n").encode()


def loaded(house, **said):
    """What the extract did."""
    by = appoint(Role.OFFICER, house.district)
    return load(source=extract_saying(house, **said), file_name="extract.csv", district=house.district, by=by)


def test_striking_off_leaves_one_event_with_both_names_and_the_number_of_the_case(house, proposer, registrar):
    event = struck(house, proposer, registrar, happened_on=TODAY() - datetime.timedelta(days=40), reason="ไฟไหม้")

    house.refresh_from_db()
    assert house.state == "struck"
    assert house.awaits_central == "struck"
    assert (event.kind, event.ground, event.reference) == ("struck", "demolished", "12/2569")
    assert (event.proposed_by, event.recorded_by, event.reason) == (proposer, registrar, "ไฟไหม้")
    assert event.happened_on == TODAY() - datetime.timedelta(days=40)
    assert house.life_events.count() == 1


def test_a_house_of_a_closed_month_keeps_its_true_day_and_counts_in_the_first_open_one(house, proposer, registrar):
    month = datetime.date(2026, 9, 1)
    close_months(house.district, month, datetime.date(2026, 10, 1))

    event = struck(house, proposer, registrar, happened_on=datetime.date(2026, 9, 12))

    assert event.happened_on == datetime.date(2026, 9, 12)
    assert event.counted_on == datetime.date(2026, 11, 1)


def test_a_struck_house_keeps_its_community(house, proposer, registrar):
    community = CommunityFactory.create(subdistrict=house.subdistrict)
    tag_event(house, community, on=datetime.date(2026, 11, 2))

    struck(house, proposer, registrar)

    house.refresh_from_db()
    assert house.community == community


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ground": "central_register"}, "not_a_ground"),
        ({"ground": "number_corrected"}, "not_a_ground"),
        ({"ground": "merged"}, "no_other_house"),
        ({"happened_on": datetime.date(2999, 1, 1)}, "future_date"),
    ],
)
def test_a_strike_off_is_refused_with_a_sentence(house, proposer, registrar, given, code):
    with pytest.raises(ValidationError) as refusal:
        struck(house, proposer, registrar, **given)
    assert refusal.value.code == code
    house.refresh_from_db()
    assert house.state == "live"


def test_the_proposer_does_not_approve(house, registrar):
    with pytest.raises(ValidationError) as refusal:
        struck(house, registrar, registrar)
    assert refusal.value.code == "same_person"


@pytest.mark.parametrize(
    "post",
    [
        {"is_registrar": False},
        {"until": datetime.date(2026, 11, 1)},
        {"since": datetime.date(2999, 1, 1)},
    ],
)
def test_only_a_registrar_of_today_approves(house, proposer, post):
    with pytest.raises(ValidationError) as refusal:
        struck(house, proposer, registrar_of(house.district, **post))
    assert refusal.value.code == "not_registrar"


def test_an_acting_head_approves(house, proposer, registrar):
    assert struck(house, proposer, registrar_of(house.district, acting_for=registrar)).kind == "struck"


def test_a_house_is_struck_off_once_and_restored_by_another_event(house, proposer, registrar):
    struck(house, proposer, registrar)
    with pytest.raises(ValidationError) as refusal:
        struck(house, proposer, registrar)
    assert refusal.value.code == "struck_already"

    event = register.restore(
        house, happened_on=TODAY(), reference="13/2569", reason="รื้อผิดหลัง", proposed_by=proposer, by=registrar
    )

    house.refresh_from_db()
    assert (house.state, house.awaits_central, event.kind) == ("live", "", "restored")
    assert house.life_events.count() == 2


def test_a_restored_house_that_the_central_register_had_struck_off_waits_there(house, proposer, registrar):
    struck(house, proposer, registrar)
    assert loaded(house, state="จำหน่าย").waiting == 0

    register.restore(
        house, happened_on=TODAY(), reference="13/2569", reason="รื้อผิดหลัง", proposed_by=proposer, by=registrar
    )

    house.refresh_from_db()
    assert house.awaits_central == "live"
    again = loaded(house, state="จำหน่าย")
    house.refresh_from_db()
    assert (again.waiting, again.struck, house.state) == (1, 0, "live")


def test_a_merged_house_names_the_one_that_goes_on(house, proposer, registrar):
    other = HouseFactory.create(subdistrict=house.subdistrict)
    assert struck(house, proposer, registrar, ground="merged", into=other).after == {"into": other.house_code}


def test_a_number_is_corrected_with_what_it_was_and_is_found_by_the_new_one(house, proposer, registrar):
    event = register.correct_number(
        house,
        house_no="๑๒ / ๕",
        ground="number_corrected",
        happened_on=TODAY(),
        reference="14/2569",
        proposed_by=proposer,
        by=registrar,
    )

    house.refresh_from_db()
    assert (house.house_no, house.number_key, house.awaits_central) == ("12/5", "12/5", "number")
    assert (event.before, event.after) == ({"house_no": "12/3"}, {"house_no": "12/5"})


@pytest.mark.parametrize(("number", "code"), [("บ้าน", "number_unreadable"), ("12/3", "same_number")])
def test_a_number_that_is_none_or_the_same_is_refused(house, proposer, registrar, number, code):
    with pytest.raises(ValidationError) as refusal:
        register.correct_number(
            house,
            house_no=number,
            ground="renumbered",
            happened_on=TODAY(),
            reference="",
            proposed_by=proposer,
            by=registrar,
        )
    assert refusal.value.code == code


def test_a_split_names_the_new_registrations(house, proposer, registrar):
    parts = [HouseFactory.create(subdistrict=house.subdistrict) for _nth in range(2)]
    event = register.split(
        house, parts=parts, happened_on=TODAY(), reference="15/2569", proposed_by=proposer, by=registrar
    )
    assert event.after == {"into": ", ".join(sorted(part.house_code for part in parts))}
    with pytest.raises(ValidationError) as refusal:
        register.split(house, parts=[], happened_on=TODAY(), reference="", proposed_by=proposer, by=registrar)
    assert refusal.value.code == "no_other_house"


# --- the central register's next extract ---


def test_an_extract_that_does_not_know_the_strike_off_yet_does_not_undo_it(house, proposer, registrar):
    struck(house, proposer, registrar)

    first, again = loaded(house), loaded(house)

    house.refresh_from_db()
    assert (house.state, house.awaits_central) == ("struck", "struck")
    assert [(one.waiting, one.changed, one.struck) for one in (first, again)] == [(1, 0, 0), (1, 0, 0)]
    assert house.life_events.count() == 1


def test_an_extract_that_shows_the_strike_off_settles_it_without_a_second_event(house, proposer, registrar):
    struck(house, proposer, registrar)

    shown = loaded(house, state="จำหน่าย")

    house.refresh_from_db()
    assert (shown.waiting, shown.struck, house.awaits_central, house.state) == (0, 0, "", "struck")
    assert house.life_events.count() == 1


def test_after_that_an_extract_may_restore_the_house(house, proposer, registrar):
    struck(house, proposer, registrar)
    loaded(house, state="จำหน่าย")

    loaded(house)

    house.refresh_from_db()
    assert house.state == "live"
    assert house.life_events.latest("pk").ground == "central_register"


@pytest.mark.parametrize(
    ("shown", "stands", "awaits", "waiting"),
    [("12/3", "12/5", "number", 1), ("12/5", "12/5", "", 0), ("12/7", "12/7", "", 0)],
)
def test_a_corrected_number_stays_until_the_extract_shows_it_or_a_third_one(
    house, proposer, registrar, shown, stands, awaits, waiting
):
    register.correct_number(
        house,
        house_no="12/5",
        ground="number_corrected",
        happened_on=TODAY(),
        reference="",
        proposed_by=proposer,
        by=registrar,
    )

    found = loaded(house, house_no=shown)

    house.refresh_from_db()
    assert (house.house_no, house.awaits_central, found.waiting) == (stands, awaits, waiting)


def renumbered(house, number, proposer, by) -> LifeEvent:
    """The house under a new number."""
    given = {"ground": "renumbered", "happened_on": TODAY(), "reference": "13/2569"}
    return register.correct_number(house, house_no=number, proposed_by=proposer, by=by, **given)


def restored(house, proposer, by) -> LifeEvent:
    """The house back in the register."""
    given = {"happened_on": TODAY(), "reference": "14/2569", "reason": "ยังอยู่"}
    return register.restore(house, proposed_by=proposer, by=by, **given)


def test_a_house_restored_and_renumbered_awaits_both_until_the_extract_shows_each(house, proposer, registrar):
    struck(house, proposer, registrar)
    loaded(house, state="จำหน่าย")
    restored(house, proposer, registrar)
    renumbered(house, "12/5", proposer, registrar)
    for shown, awaits in [
        ({"state": "จำหน่าย", "house_no": "12/3"}, "live_number"),
        ({"state": "ปกติ", "house_no": "12/3"}, "number"),
        ({"state": "ปกติ", "house_no": "12/5"}, ""),
    ]:
        loaded(house, **shown)
        house.refresh_from_db()
        assert (house.state, house.house_no, house.awaits_central) == ("live", "12/5", awaits)


def test_a_number_corrected_twice_is_not_undone_by_the_first_one(house, proposer, registrar):
    renumbered(house, "12/5", proposer, registrar)
    renumbered(house, "12/7", proposer, registrar)
    for shown in ("12/3", "12/5"):
        assert loaded(house, house_no=shown).waiting == 1
        house.refresh_from_db()
        assert (house.house_no, house.awaits_central) == ("12/7", "number")


def test_a_renumbered_house_that_is_struck_off_and_restored_still_awaits_its_number(house, proposer, registrar):
    renumbered(house, "12/5", proposer, registrar)
    struck(house, proposer, registrar)
    house.refresh_from_db()
    assert house.awaits_central == "struck_number"
    restored(house, proposer, registrar)
    loaded(house, house_no="12/3")
    house.refresh_from_db()
    assert (house.state, house.house_no, house.awaits_central) == ("live", "12/5", "number")


# --- past the actions ---


def _written(house, **fields) -> LifeEvent:
    given = {"kind": "struck", "ground": "demolished", "happened_on": TODAY(), "counted_on": TODAY(), **fields}
    return LifeEvent(house=house, **given)


def test_the_database_refuses_one_person_nobody_and_no_registrar(house, proposer, registrar):
    for event, rule in [
        (_written(house, recorded_by=registrar, proposed_by=registrar), "office_acts_by_two_people"),
        (_written(house, recorded_by=registrar, proposed_by=None), "office_acts_by_two_people"),
        (_written(house, recorded_by=proposer, proposed_by=registrar), "a registrar of the district"),
        (_written(house, recorded_by=registrar, proposed_by=proposer, kind="restored"), "a ground that fits"),
    ]:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            LifeEvent.objects.bulk_create([event])
    house.refresh_from_db()
    assert house.state == "live"


def test_no_statement_beside_the_acts_strikes_a_house_off(house, proposer, registrar):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL office.loads_extract = 'off'")
    with pytest.raises(IntegrityError, match="changes by an act of the office"), transaction.atomic():
        HouseRegistration.objects.filter(pk=house.pk).update(state="struck")
    with pytest.raises(IntegrityError, match="changes by an act of the office"), transaction.atomic():
        HouseRegistration(pk=house.pk, state="vanished").save(update_fields=["state"])
    struck(house, proposer, registrar)
    house.refresh_from_db()
    assert house.state == "struck"


def test_an_extract_says_itself_that_it_is_loaded(house):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL office.loads_extract = 'off'")
    assert loaded(house, state="จำหน่าย").struck == 1


def test_a_registrar_of_another_district_is_none_here(house, proposer):
    elsewhere = CommunityFactory.create(subdistrict__district__code="1099", subdistrict__code="109901").district
    with pytest.raises(ValidationError) as refusal:
        struck(house, proposer, registrar_of(elsewhere))
    assert refusal.value.code == "not_registrar"


@pytest.mark.django_db(transaction=True)
def test_two_registrars_at_once_strike_a_house_off_once():
    house = HouseFactory.create(house_no="12/3")
    proposer = appoint(Role.OFFICER, house.district)
    registrars = [registrar_of(house.district) for _nth in range(2)]
    at_once = threading.Barrier(2)
    became: list[str] = []

    def approve(by: Person) -> None:
        try:
            at_once.wait()
            struck(HouseRegistration.objects.get(pk=house.pk), proposer, by)
            became.append("struck")
        except ValidationError as refusal:
            became.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(by,)) for by in registrars]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(became) == ["struck", "struck_already"]
    assert house.life_events.count() == 1
