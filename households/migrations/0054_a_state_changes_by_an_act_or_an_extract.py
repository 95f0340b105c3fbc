"""A house's state changes by an act of the office or by an extract: no statement beside them strikes a house off."""

from django.db import migrations

STATE_BY_ACT = """
CREATE FUNCTION state_changes_by_an_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the state of a house changes by an act of the office or by an extract of the central register'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- Whoever loads an extract says so for the transaction (households.register_comparison); acts write from their trigger.
CREATE TRIGGER state_changes_by_an_act AFTER UPDATE OF state ON households_houseregistration
    FOR EACH ROW WHEN (
        pg_trigger_depth() = 0 AND OLD.state IS DISTINCT FROM NEW.state
        AND current_setting('office.loads_extract', true) IS DISTINCT FROM 'on'
    )
    EXECUTE FUNCTION state_changes_by_an_act();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0053_state_and_number_await_the_central_register_apart")]

    operations = [
        migrations.RunSQL(
            STATE_BY_ACT,
            "DROP TRIGGER state_changes_by_an_act ON households_houseregistration;"
            "DROP FUNCTION state_changes_by_an_act()",
        )
    ]
