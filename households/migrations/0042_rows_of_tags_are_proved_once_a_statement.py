"""The list rows of tag events as their houses, batches and communities: proved once a statement, and held afterwards."""

import django.db.models.deletion
from django.db import migrations, models

# As before (0037), and the rows; in fewer passes over the events.
WRITES = """
CREATE OR REPLACE FUNCTION tag_event_writes_community() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    batches bigint[] := ARRAY(SELECT DISTINCT batch_id FROM new_events);
    communities bigint[] := ARRAY(SELECT DISTINCT community_id FROM new_events WHERE community_id IS NOT NULL);
    records bigint[] := ARRAY(SELECT DISTINCT record_id FROM new_events WHERE record_id IS NOT NULL);
    districts bigint[];
    events bigint;
    written bigint;
BEGIN
    -- Held as a foreign key holds them, none of them goes away meanwhile.
    PERFORM 1 FROM households_taggingbatch WHERE id = ANY(batches) FOR KEY SHARE;
    PERFORM 1 FROM communities_community WHERE id = ANY(communities) FOR KEY SHARE;
    PERFORM 1 FROM households_housenumberrecord WHERE id = ANY(records) ORDER BY id FOR KEY SHARE;
    IF (SELECT count(*) FROM households_taggingbatch WHERE id = ANY(batches)) < cardinality(batches)
        OR (SELECT count(*) FROM communities_community WHERE id = ANY(communities)) < cardinality(communities)
        OR (SELECT count(*) FROM households_housenumberrecord WHERE id = ANY(records)) < cardinality(records)
    THEN
        RAISE EXCEPTION 'a tag event names a batch, a community and a row that are there'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    districts := ARRAY(SELECT DISTINCT district_id FROM households_taggingbatch WHERE id = ANY(batches));
    IF EXISTS (SELECT 1 FROM communities_community WHERE id = ANY(communities) AND district_id <> ALL(districts))
        OR cardinality(districts) > 1 AND EXISTS (
            SELECT 1 FROM new_events e
            JOIN households_taggingbatch b ON b.id = e.batch_id
            JOIN households_houseregistration h ON h.id = e.house_id
            LEFT JOIN communities_community c ON c.id = e.community_id
            WHERE b.district_id <> h.district_id OR c.district_id <> h.district_id
        )
    THEN
        RAISE EXCEPTION 'a house, its community and its batch lie in one district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT community_id, happened_on FROM new_events WHERE community_id IS NOT NULL) e
        WHERE NOT EXISTS (
            SELECT 1 FROM communities_communitycode k
            WHERE k.community_id = e.community_id AND k.in_force_from <= e.happened_on
              AND (k.in_force_until IS NULL OR k.in_force_until > e.happened_on)
        )
    ) THEN
        RAISE EXCEPTION 'a community without a code in force on that day is not tagged'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE households_houseregistration h SET community_id = e.community_id, outside = e.outside
    FROM new_events e
    WHERE h.id = e.house_id AND h.district_id = ANY(districts)
      AND h.community_id IS NOT DISTINCT FROM e.previous_community_id AND h.outside = e.previous_outside
      AND (h.state <> 'struck' OR (e.community_id IS NULL AND e.outside = ''));
    GET DIAGNOSTICS written = ROW_COUNT;
    SELECT count(*) INTO events FROM new_events;
    -- An event that moved no house is one too many: its house is not as it says, or it names a house twice.
    IF written <> events THEN
        PERFORM refuse_tag_events(
            array_agg(e.house_id), districts, bool_or(e.community_id IS NOT NULL OR e.outside <> '')
        ) FROM new_events e;
    END IF;
    RETURN NULL;
END $$;
"""

HOLD = """
CREATE FUNCTION tags_hold_households_housenumberrecord() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM households_tagevent WHERE record_id = OLD.id) THEN
        RAISE EXCEPTION 'tag events name this row of households_housenumberrecord'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER tags_hold_households_housenumberrecord BEFORE DELETE ON households_housenumberrecord
    FOR EACH ROW EXECUTE FUNCTION tags_hold_households_housenumberrecord();
CREATE TRIGGER tags_hold_key_of_households_housenumberrecord AFTER UPDATE OF id ON households_housenumberrecord
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION tags_hold_households_housenumberrecord();
"""
LET_GO = """
DROP TRIGGER tags_hold_key_of_households_housenumberrecord ON households_housenumberrecord;
DROP TRIGGER tags_hold_households_housenumberrecord ON households_housenumberrecord;
DROP FUNCTION tags_hold_households_housenumberrecord();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0041_houses_no_longer_in_the_register")]

    operations = [
        migrations.AlterField(
            model_name="tagevent",
            name="record",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tag_events",
                to="households.housenumberrecord",
                verbose_name="list row",
            ),
        ),
        migrations.RunSQL(WRITES, migrations.RunSQL.noop),
        migrations.RunSQL(HOLD, LET_GO),
    ]
