"""No rule of a house stands before its update: any that does locks each row once more, whatever columns change."""

from django.db import migrations

BY_A_FACT_ALONE = """
DROP TRIGGER {column}_changes_by_a_fact ON households_houseregistration;
CREATE TRIGGER {column}_changes_by_a_fact {moment} UPDATE OF {column} ON households_houseregistration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.{column} IS DISTINCT FROM NEW.{column})
    EXECUTE FUNCTION {column}_changes_by_a_fact();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0042_rows_of_tags_are_proved_once_a_statement")]

    operations = [
        migrations.RunSQL(
            BY_A_FACT_ALONE.format(column=column, moment="AFTER"),
            BY_A_FACT_ALONE.format(column=column, moment="BEFORE"),
        )
        for column in ("keyed_community_id", "central_code")
    ]
