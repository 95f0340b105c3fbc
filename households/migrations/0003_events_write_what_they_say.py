"""A house's community changes by a tag event alone, a row's outcome by a decision alone."""

from django.db import migrations

TAG_EVENT_WRITES_COMMUNITY = """
CREATE FUNCTION tag_event_writes_community() RETURNS trigger LANGUAGE plpgsql AS $$
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
        WHERE e.community_id IS NOT NULL AND h.state = 'struck'
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
        WHERE e.previous_community_id IS DISTINCT FROM h.community_id
    ) THEN
        RAISE EXCEPTION 'a tag event names the community that the house had'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE households_houseregistration h SET community_id = e.community_id
    FROM new_events e WHERE h.id = e.house_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tag_event_writes_community AFTER INSERT ON households_tagevent
    REFERENCING NEW TABLE AS new_events
    FOR EACH STATEMENT EXECUTE FUNCTION tag_event_writes_community();
"""

COMMUNITY_BY_EVENT_ALONE = """
CREATE FUNCTION community_changes_by_tag_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the community of a house changes by a tag event'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER community_changes_by_tag_event BEFORE UPDATE OF community_id ON households_houseregistration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.community_id IS DISTINCT FROM NEW.community_id)
    EXECUTE FUNCTION community_changes_by_tag_event();
"""

DECISION_WRITES_OUTCOME = """
CREATE FUNCTION decision_writes_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE households_housenumberrecord r SET outcome = newest.outcome
    FROM (SELECT DISTINCT ON (record_id) record_id, outcome FROM new_decisions ORDER BY record_id, id DESC) newest
    WHERE r.id = newest.record_id;
    RETURN NULL;
END $$;
CREATE TRIGGER decision_writes_outcome AFTER INSERT ON households_rowdecision
    REFERENCING NEW TABLE AS new_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION decision_writes_outcome();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0002_facts_are_only_added")]

    operations = [
        migrations.RunSQL(
            TAG_EVENT_WRITES_COMMUNITY,
            "DROP TRIGGER tag_event_writes_community ON households_tagevent;DROP FUNCTION tag_event_writes_community()",
        ),
        migrations.RunSQL(
            COMMUNITY_BY_EVENT_ALONE,
            "DROP TRIGGER community_changes_by_tag_event ON households_houseregistration;"
            "DROP FUNCTION community_changes_by_tag_event()",
        ),
        migrations.RunSQL(
            DECISION_WRITES_OUTCOME,
            "DROP TRIGGER decision_writes_outcome ON households_rowdecision;DROP FUNCTION decision_writes_outcome()",
        ),
    ]
