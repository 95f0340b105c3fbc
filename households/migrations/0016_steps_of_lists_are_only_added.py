"""Steps of lists are appended only and never count in a closed month, as all dated facts."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER households_liststep_is_append_only BEFORE UPDATE OR DELETE ON households_liststep
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER households_liststep_is_never_emptied BEFORE TRUNCATE ON households_liststep
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION households_liststep_counts_in_open_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM new_facts n
        JOIN communities_closedmonth m
          ON m.district_id = n.district_id AND m.month >= date_trunc('month', n.counted_on)::date
    ) THEN
        RAISE EXCEPTION 'the month in which a fact of % would count is closed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER households_liststep_counts_in_open_months AFTER INSERT ON households_liststep
    REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT EXECUTE FUNCTION households_liststep_counts_in_open_months();
"""

BACKWARDS = """
DROP TRIGGER households_liststep_counts_in_open_months ON households_liststep;
DROP FUNCTION households_liststep_counts_in_open_months();
DROP TRIGGER households_liststep_is_never_emptied ON households_liststep;
DROP TRIGGER households_liststep_is_append_only ON households_liststep;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0015_samples")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
