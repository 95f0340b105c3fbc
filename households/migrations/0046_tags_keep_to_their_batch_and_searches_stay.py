"""A batch for a community tags with no other, and a saved search is taken off the list, never deleted."""

from django.db import migrations

# Beside the trigger that writes the community and behind it: of an event that is wrong twice, that one tells first.
OF_ITS_BATCH = """
CREATE FUNCTION tag_events_keep_to_their_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT batch_id, community_id FROM new_events) e
        JOIN households_taggingbatch b ON b.id = e.batch_id
        WHERE b.community_id IS NOT NULL AND e.community_id IS DISTINCT FROM b.community_id
    ) THEN
        RAISE EXCEPTION 'a tag event of a batch for a community names that community'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tag_events_keep_to_their_batch AFTER INSERT ON households_tagevent
    REFERENCING NEW TABLE AS new_events
    FOR EACH STATEMENT EXECUTE FUNCTION tag_events_keep_to_their_batch();
"""
NOT_OF_ITS_BATCH = """
DROP TRIGGER tag_events_keep_to_their_batch ON households_tagevent;
DROP FUNCTION tag_events_keep_to_their_batch();
"""

NEVER_DELETED = """
CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
MAY_BE_DELETED = """
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_never_deleted ON {table};
"""
TABLE = "households_savedsearch"


class Migration(migrations.Migration):
    dependencies = [("households", "0045_facts_count_from_their_day_and_say_what_is_known")]

    operations = [
        migrations.RunSQL(OF_ITS_BATCH, NOT_OF_ITS_BATCH),
        migrations.RunSQL(NEVER_DELETED.format(table=TABLE), MAY_BE_DELETED.format(table=TABLE)),
    ]
