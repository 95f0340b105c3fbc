"""A fact counted before an issued month would change its cumulative figures, so no earlier month is open either."""

from django.db import migrations

AFTER_THE_LAST_CLOSED_MONTH = """
CREATE OR REPLACE FUNCTION first_open_day(of_district bigint, day date) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT GREATEST(day, (max(month) + interval '1 month')::date)
    FROM communities_closedmonth WHERE district_id = of_district
$$;
"""

AFTER_THE_CLOSED_MONTHS_IN_A_ROW = """
CREATE OR REPLACE FUNCTION first_open_day(of_district bigint, day date) RETURNS date LANGUAGE plpgsql STABLE AS $$
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


class Migration(migrations.Migration):
    dependencies = [("communities", "0003_nobody_is_superuser")]

    operations = [migrations.RunSQL(AFTER_THE_LAST_CLOSED_MONTH, AFTER_THE_CLOSED_MONTHS_IN_A_ROW)]
