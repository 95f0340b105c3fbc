"""What a case names as its act is of its own house and carries its number: a case cannot borrow another's."""

from django.db import migrations

OWN_ACT = """
CREATE FUNCTION case_names_its_own_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.life_event_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM households_lifeevent act
        WHERE act.id = NEW.life_event_id AND act.house_id = NEW.house_id AND act.ground <> 'central_register'
          AND act.reference = NEW.number || '/' || NEW.year_be
    ) THEN
        RAISE EXCEPTION 'a case names an act of the office on its own house, with its own number'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.batch_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM households_taggingbatch batch
        WHERE batch.id = NEW.batch_id AND batch.district_id = NEW.district_id
          AND (NEW.house_id IS NULL OR EXISTS (
              SELECT FROM households_tagevent tag WHERE tag.batch_id = batch.id AND tag.house_id = NEW.house_id
          ))
    ) THEN
        RAISE EXCEPTION 'a case names a batch that tagged its own house' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_names_its_own_act BEFORE UPDATE OF life_event_id, batch_id ON verification_case
    FOR EACH ROW EXECUTE FUNCTION case_names_its_own_act();
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0007_photos_of_verdicts_with_the_evidence")]

    operations = [
        migrations.RunSQL(
            OWN_ACT,
            "DROP TRIGGER case_names_its_own_act ON verification_case; DROP FUNCTION case_names_its_own_act()",
        )
    ]
