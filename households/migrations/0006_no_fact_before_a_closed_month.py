"""No fact counts in a closed month or before one: either would change figures that a letter states."""

from django.db import migrations

FACTS = {
    "households_lifeevent": "SELECT n.counted_on, h.district_id FROM new_facts n "
    "JOIN households_houseregistration h ON h.id = n.house_id",
    "households_tagevent": "SELECT n.counted_on, h.district_id FROM new_facts n "
    "JOIN households_houseregistration h ON h.id = n.house_id",
    "households_rowdecision": "SELECT n.counted_on, l.district_id FROM new_facts n "
    "JOIN households_housenumberrecord r ON r.id = n.record_id "
    "JOIN households_houselist l ON l.id = r.house_list_id",
}

COUNTS_IN_OPEN_MONTHS = """
CREATE OR REPLACE FUNCTION {table}_counts_in_open_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM ({facts}) fact
        JOIN communities_closedmonth m
          ON m.district_id = fact.district_id AND m.month {comparison} date_trunc('month', fact.counted_on)::date
    ) THEN
        RAISE EXCEPTION 'the month in which a fact of % would count is closed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0005_a_tag_event_changes_something"),
        ("communities", "0004_months_before_a_closed_one_are_closed"),
    ]

    operations = [
        migrations.RunSQL(
            COUNTS_IN_OPEN_MONTHS.format(table=table, facts=facts, comparison=">="),
            COUNTS_IN_OPEN_MONTHS.format(table=table, facts=facts, comparison="="),
        )
        for table, facts in FACTS.items()
    ]
