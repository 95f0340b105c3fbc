"""Database functions that keep facts as they were: no change of a recorded fact, none counted in a closed month."""

from django.db import migrations

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are facts: they are added to, never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

FIRST_OPEN_DAY = """
CREATE FUNCTION first_open_day(of_district bigint, day date) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    open_day date := day;
BEGIN
    WHILE EXISTS (
        SELECT 1 FROM communities_closedmonth
        WHERE district_id = of_district AND month = date_trunc('month', open_day)::date
    ) LOOP
        open_day := (date_trunc('month', open_day) + interval '1 month')::date;
    END LOOP;
    RETURN open_day;
END $$;
"""

KEEP_CLOSED_MONTHS = """
CREATE TRIGGER closed_month_stays_closed BEFORE UPDATE OR DELETE ON communities_closedmonth
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(FIRST_OPEN_DAY, "DROP FUNCTION first_open_day(bigint, date)"),
        migrations.RunSQL(KEEP_CLOSED_MONTHS, "DROP TRIGGER closed_month_stays_closed ON communities_closedmonth"),
    ]
