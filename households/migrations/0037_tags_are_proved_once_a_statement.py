"""Everything that a tag event must not get wrong, proved for all events of a statement together, and held afterwards."""

from django.db import migrations

# One pass over the houses proves four things at once: that each is there, lies in the batch's district, may be placed,
# and stood as its event says. Each house is found by its id: a planner that guesses would read the whole register.
WRITES = """
CREATE OR REPLACE FUNCTION tag_event_writes_community() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    districts bigint[];
    written bigint;
BEGIN
    -- Batches and communities are few. Held as a foreign key holds them, none of them goes away meanwhile.
    PERFORM 1 FROM households_taggingbatch b
    WHERE b.id IN (SELECT DISTINCT e.batch_id FROM new_events e) FOR KEY SHARE;
    PERFORM 1 FROM communities_community c
    WHERE c.id IN (SELECT DISTINCT e.community_id FROM new_events e) FOR KEY SHARE;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT batch_id, community_id FROM new_events) e
        LEFT JOIN households_taggingbatch b ON b.id = e.batch_id
        LEFT JOIN communities_community c ON c.id = e.community_id
        WHERE b.id IS NULL OR (e.community_id IS NOT NULL AND c.id IS NULL)
    ) THEN
        RAISE EXCEPTION 'a tag event names a batch and a community that are there'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT batch_id, community_id FROM new_events) e
        JOIN households_taggingbatch b ON b.id = e.batch_id
        JOIN communities_community c ON c.id = e.community_id
        WHERE c.district_id <> b.district_id
    ) THEN
        RAISE EXCEPTION 'a house and its community lie in one district'
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
    SELECT array_agg(DISTINCT b.district_id) INTO districts FROM households_taggingbatch b
    WHERE b.id IN (SELECT DISTINCT e.batch_id FROM new_events e);
    IF cardinality(districts) > 1 AND EXISTS (
        SELECT 1 FROM new_events e
        JOIN households_taggingbatch b ON b.id = e.batch_id
        JOIN households_houseregistration h ON h.id = e.house_id
        WHERE h.district_id <> b.district_id
    ) THEN
        RAISE EXCEPTION 'a house and its batch lie in one district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE households_houseregistration h SET community_id = e.community_id, outside = e.outside
    FROM new_events e
    WHERE h.id = e.house_id AND h.district_id = ANY(districts)
      AND h.community_id IS NOT DISTINCT FROM e.previous_community_id AND h.outside = e.previous_outside
      AND (h.state <> 'struck' OR (e.community_id IS NULL AND e.outside = ''));
    GET DIAGNOSTICS written = ROW_COUNT;
    -- An event that moved no house is one too many: its house is not as it says, or it names a house twice.
    IF written <> (SELECT count(*) FROM new_events) THEN
        PERFORM refuse_tag_events(array_agg(e.house_id), districts, bool_or(e.community_id IS NOT NULL OR e.outside <> ''))
        FROM new_events e;
    END IF;
    RETURN NULL;
END $$;
"""

# Says which of the four it was; of several the first.
REFUSES = """
CREATE FUNCTION refuse_tag_events(houses bigint[], districts bigint[], placed boolean) RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM unnest(houses) AS named(house)
        LEFT JOIN households_houseregistration h ON h.id = named.house WHERE h.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a tag event names a house that is there' USING ERRCODE = 'foreign_key_violation';
    ELSIF EXISTS (
        SELECT 1 FROM households_houseregistration WHERE id = ANY(houses) AND district_id <> ALL(districts)
    ) THEN
        RAISE EXCEPTION 'a house and its community lie in one district'
            USING ERRCODE = 'integrity_constraint_violation';
    ELSIF placed AND EXISTS (
        SELECT 1 FROM households_houseregistration WHERE id = ANY(houses) AND state = 'struck'
    ) THEN
        RAISE EXCEPTION 'a house struck off is not tagged' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RAISE EXCEPTION 'a tag event names the community that the house had, and each house once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

# The house lies in its batch's district (above), so the batch tells the district for all of its events.
COUNTS_IN_OPEN_MONTHS = """
CREATE OR REPLACE FUNCTION households_tagevent_counts_in_open_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (
            SELECT DISTINCT n.counted_on, b.district_id FROM new_facts n
            JOIN households_taggingbatch b ON b.id = n.batch_id
        ) fact
        JOIN communities_closedmonth m
          ON m.district_id = fact.district_id AND m.month >= date_trunc('month', fact.counted_on)::date
    ) THEN
        RAISE EXCEPTION 'the month in which a fact of % would count is closed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# A trigger before an update would lock each row once more; one behind it looks only at those that changed.
BY_EVENT_ALONE = """
DROP TRIGGER community_changes_by_tag_event ON households_houseregistration;
DROP TRIGGER outside_changes_by_tag_event ON households_houseregistration;
CREATE TRIGGER community_changes_by_tag_event AFTER UPDATE OF community_id, outside ON households_houseregistration
    FOR EACH ROW WHEN (
        pg_trigger_depth() = 0
        AND (OLD.community_id IS DISTINCT FROM NEW.community_id OR OLD.outside <> NEW.outside)
    ) EXECUTE FUNCTION community_changes_by_tag_event();
CREATE TRIGGER house_comes_untagged AFTER INSERT ON households_houseregistration
    FOR EACH ROW WHEN (NEW.community_id IS NOT NULL OR NEW.outside <> '')
    EXECUTE FUNCTION community_changes_by_tag_event();
"""
BY_EVENT_ALONE_BEFORE = """
DROP TRIGGER house_comes_untagged ON households_houseregistration;
DROP TRIGGER community_changes_by_tag_event ON households_houseregistration;
CREATE TRIGGER outside_changes_by_tag_event BEFORE UPDATE OF outside ON households_houseregistration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.outside <> NEW.outside)
    EXECUTE FUNCTION community_changes_by_tag_event();
CREATE TRIGGER community_changes_by_tag_event BEFORE UPDATE OF community_id ON households_houseregistration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.community_id IS DISTINCT FROM NEW.community_id)
    EXECUTE FUNCTION community_changes_by_tag_event();
"""

NAMED_BY = {
    "households_houseregistration": "house_id = OLD.id",
    "households_taggingbatch": "batch_id = OLD.id",
    "communities_community": "community_id = OLD.id OR previous_community_id = OLD.id",
}
HOLD = """
CREATE FUNCTION tags_hold_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM households_tagevent WHERE {named}) THEN
        RAISE EXCEPTION 'tag events name this row of {table}' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER tags_hold_{table} BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tags_hold_{table}();
CREATE TRIGGER tags_hold_key_of_{table} AFTER UPDATE OF id ON {table}
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION tags_hold_{table}();
"""
LET_GO = """
DROP TRIGGER tags_hold_key_of_{table} ON {table};
DROP TRIGGER tags_hold_{table} ON {table};
DROP FUNCTION tags_hold_{table}();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0036_tags_are_held_by_their_trigger")]

    operations = [
        migrations.RunSQL(REFUSES, "DROP FUNCTION refuse_tag_events(bigint[], bigint[], boolean)"),
        migrations.RunSQL(WRITES, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS_IN_OPEN_MONTHS, migrations.RunSQL.noop),
        migrations.RunSQL(BY_EVENT_ALONE, BY_EVENT_ALONE_BEFORE),
        *(
            migrations.RunSQL(HOLD.format(table=table, named=named), LET_GO.format(table=table))
            for table, named in NAMED_BY.items()
        ),
    ]
