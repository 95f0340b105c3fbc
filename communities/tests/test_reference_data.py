"""The reference data is recorded after every migration, forwards or backwards."""

import pytest
from django.core.management import call_command
from django.db import connection

from communities.reference_data import record_reference_data

pytestmark = pytest.mark.django_db


def told(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_a_database_taken_back_to_its_first_tables_holds_the_reference_data():
    call_command("migrate", "communities", "0004", verbosity=0)
    columns = told("SELECT column_name FROM information_schema.columns WHERE table_name = 'communities_district'")
    assert ("places_changed_at",) not in columns
    assert told("SELECT count(*) FROM communities_district") == [(50,)]


def test_what_is_there_already_stays_as_it_is():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE communities_district SET name_en = 'Thonburi' WHERE code = '1015'")
    record_reference_data()
    assert told("SELECT name_en FROM communities_district WHERE code = '1015'") == [("Thonburi",)]
    assert told("SELECT count(*) FROM communities_district") == [(50,)]
