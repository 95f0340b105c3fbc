"""Life events, tag events and row decisions are appended only and never count in a closed month."""

from django.db import migrations

TABLES = {
    "households_lifeevent": "SELECT n.counted_on, h.district_id FROM new_facts n "
    "JOIN households_houseregistration h ON h.id = n.house_id",
    "households_tagevent": "SELECT n.counted_on, h.district_id FROM new_facts n "
    "JOIN households_houseregistration h ON h.id = n.house_id",
    "households_rowdecision": "SELECT n.counted_on, l.district_id FROM new_facts n "
    "JOIN households_housenumberrecord r ON r.id = n.record_id "
    "JOIN households_houselist l ON l.id = r.house_list_id",
}

APPEND_ONLY = """
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

COUNTS_IN_OPEN_MONTHS = """
CREATE FUNCTION {table}_counts_in_open_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM ({facts}) fact
        JOIN communities_closedmonth m
          ON m.district_id = fact.district_id AND m.month = date_trunc('month', fact.counted_on)::date
    ) THEN
        RAISE EXCEPTION 'the month in which a fact of % would count is closed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_counts_in_open_months AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_counts_in_open_months();
"""

UNDO = """
DROP TRIGGER {table}_counts_in_open_months ON {table};
DROP FUNCTION {table}_counts_in_open_months();
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_append_only ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0001_initial"),
        ("communities", "0002_closed_months_and_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY.format(table=table) + COUNTS_IN_OPEN_MONTHS.format(table=table, facts=facts),
            UNDO.format(table=table),
        )
        for table, facts in TABLES.items()
    ]
