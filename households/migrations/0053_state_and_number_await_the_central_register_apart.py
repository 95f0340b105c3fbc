"""A house may await the central register for its state and for its number; what is taken back has a reason."""

from django.db import migrations, models

BEFORE = """CASE NEW.kind
            WHEN 'struck' THEN 'struck'
            -- The central register never showed the strike-off: there is nothing to restore there.
            WHEN 'restored' THEN CASE house.awaits_central WHEN 'struck' THEN '' ELSE 'live' END
            WHEN 'changed' THEN 'number'
            ELSE awaits_central
        END"""
# What the central register never showed needs nothing there when it is reversed.
APART = """concat_ws('_',
            CASE NEW.kind
                WHEN 'struck' THEN CASE WHEN house.awaits_central ~ '^live' THEN NULL ELSE 'struck' END
                WHEN 'restored' THEN CASE WHEN house.awaits_central ~ '^struck' THEN NULL ELSE 'live' END
                ELSE substring(house.awaits_central FROM '^(struck|live)')
            END,
            CASE WHEN NEW.kind = 'changed' OR house.awaits_central ~ 'number$' THEN 'number' END
        )"""
ACTS_WRITE_THE_STATE = """
CREATE OR REPLACE FUNCTION act_writes_state() RETURNS trigger LANGUAGE plpgsql AS $$
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
        awaits_central = {awaits}
    WHERE id = NEW.house_id;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0052_acts_carried_out_stay_as_they_were_said")]

    operations = [
        migrations.AlterField(
            model_name="houseregistration",
            name="awaits_central",
            field=models.CharField(
                blank=True,
                choices=[
                    ("struck", "strike off in the central register"),
                    ("live", "restore in the central register"),
                    ("number", "change the house number in the central register"),
                    ("struck_number", "change the house number and strike off in the central register"),
                    ("live_number", "restore and change the house number in the central register"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=20,
                verbose_name="to be done in the central register",
            ),
        ),
        migrations.RunSQL(ACTS_WRITE_THE_STATE.format(awaits=APART), ACTS_WRITE_THE_STATE.format(awaits=BEFORE)),
        migrations.AddField(
            model_name="actkeying",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=1000, verbose_name="reason"),
        ),
        migrations.AddConstraint(
            model_name="actkeying",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "done"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="act_taken_back_with_a_reason",
                violation_error_message="Give the reason for taking it back.",
            ),
        ),
    ]
