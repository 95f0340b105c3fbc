"""An act of the office is approved by a registrar, fits the house as it stands, and writes the house's state."""

from django.db import migrations

ACTS_WRITE_THE_STATE = """
CREATE FUNCTION act_writes_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    house record;
BEGIN
    SELECT district_id, state, awaits_central INTO house FROM households_houseregistration WHERE id = NEW.house_id
        FOR NO KEY UPDATE;
    IF NOT is_registrar(NEW.recorded_by_id, house.district_id, (now() AT TIME ZONE 'Asia/Bangkok')::date) THEN
        RAISE EXCEPTION 'a registrar of the district approves an act of the office'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.kind, NEW.ground) NOT IN (
        ('struck', 'demolished'), ('struck', 'destroyed'), ('struck', 'duplicate'), ('struck', 'merged'),
        ('changed', 'number_corrected'), ('changed', 'renumbered'), ('split', 'split'), ('restored', 'struck_wrongly')
    ) THEN
        RAISE EXCEPTION 'an act of the office has a ground that fits it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.kind = 'restored' AND house.state <> 'struck' THEN
        RAISE EXCEPTION 'a house that is not struck off is not restored' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.kind = 'struck' AND house.state = 'struck' OR NEW.kind IN ('changed', 'split') AND house.state <> 'live' THEN
        RAISE EXCEPTION 'a house that is not in the register is not struck off, corrected or split'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE households_houseregistration SET
        state = CASE NEW.kind WHEN 'struck' THEN 'struck' WHEN 'restored' THEN 'live' ELSE state END,
        awaits_central = CASE NEW.kind
            WHEN 'struck' THEN 'struck'
            -- The central register never showed the strike-off: there is nothing to restore there.
            WHEN 'restored' THEN CASE house.awaits_central WHEN 'struck' THEN '' ELSE 'live' END
            WHEN 'changed' THEN 'number'
            ELSE awaits_central
        END
    WHERE id = NEW.house_id;
    RETURN NULL;
END $$;
CREATE TRIGGER act_writes_state AFTER INSERT ON households_lifeevent
    FOR EACH ROW WHEN (NEW.ground <> 'central_register') EXECUTE FUNCTION act_writes_state();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0049_acts_of_the_office"),
        ("communities", "0013_the_database_knows_registrars"),
    ]

    operations = [
        migrations.RunSQL(
            ACTS_WRITE_THE_STATE,
            "DROP TRIGGER act_writes_state ON households_lifeevent; DROP FUNCTION act_writes_state()",
        )
    ]
