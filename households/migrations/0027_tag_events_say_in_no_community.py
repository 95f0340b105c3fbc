"""A tag event writes `outside` as it writes the community, and neither changes otherwise."""

from django.db import migrations

WRITES = """
CREATE OR REPLACE FUNCTION tag_event_writes_community() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM new_events e
        JOIN households_houseregistration h ON h.id = e.house_id
        JOIN communities_community c ON c.id = e.community_id
        WHERE c.district_id <> h.district_id
    ) THEN
        RAISE EXCEPTION 'a house and its community lie in one district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM new_events e
        JOIN households_houseregistration h ON h.id = e.house_id
        WHERE {placed} AND h.state = 'struck'
    ) THEN
        RAISE EXCEPTION 'a house struck off is not tagged'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM new_events e
        WHERE e.community_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM communities_communitycode k
            WHERE k.community_id = e.community_id AND k.in_force_from <= e.happened_on
              AND (k.in_force_until IS NULL OR k.in_force_until > e.happened_on)
        )
    ) THEN
        RAISE EXCEPTION 'a community without a code in force on that day is not tagged'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM new_events e
        JOIN households_houseregistration h ON h.id = e.house_id
        WHERE {moved}
    ) THEN
        RAISE EXCEPTION 'a tag event names the community that the house had'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE households_houseregistration h SET {set} FROM new_events e WHERE h.id = e.house_id;
    RETURN NULL;
END $$;
"""
OF_COMMUNITIES = {
    "placed": "e.community_id IS NOT NULL",
    "moved": "e.previous_community_id IS DISTINCT FROM h.community_id",
    "set": "community_id = e.community_id",
}
OF_BOTH = {
    "placed": "(e.community_id IS NOT NULL OR e.outside <> '')",
    "moved": "e.previous_community_id IS DISTINCT FROM h.community_id OR e.previous_outside <> h.outside",
    "set": "community_id = e.community_id, outside = e.outside",
}

BY_EVENT_ALONE = """
CREATE TRIGGER outside_changes_by_tag_event BEFORE UPDATE OF outside ON households_houseregistration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.outside <> NEW.outside)
    EXECUTE FUNCTION community_changes_by_tag_event();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0026_saved_searches")]

    operations = [
        migrations.RunSQL(WRITES.format(**OF_BOTH), WRITES.format(**OF_COMMUNITIES)),
        migrations.RunSQL(BY_EVENT_ALONE, "DROP TRIGGER outside_changes_by_tag_event ON households_houseregistration"),
    ]
