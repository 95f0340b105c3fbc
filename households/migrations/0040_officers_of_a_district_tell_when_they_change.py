"""Who works on a community belongs to what a district says of its places: a change of it is noted there too."""

from django.db import migrations

FOLLOW = """
CREATE TRIGGER households_assignment_is_noted AFTER INSERT OR UPDATE OR DELETE ON households_assignment
    FOR EACH ROW EXECUTE FUNCTION fact_of_community_changed();
CREATE FUNCTION name_of_officer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_places_changed(id) FROM communities_district WHERE id IN (
        SELECT c.district_id FROM households_assignment a JOIN communities_community c ON c.id = a.community_id
        WHERE a.officer_id = NEW.id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER name_of_officer_is_noted AFTER UPDATE OF full_name ON communities_person
    FOR EACH ROW WHEN (OLD.full_name <> NEW.full_name) EXECUTE FUNCTION name_of_officer_changed();
"""
FORGET = """
DROP TRIGGER name_of_officer_is_noted ON communities_person;
DROP FUNCTION name_of_officer_changed();
DROP TRIGGER households_assignment_is_noted ON households_assignment;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_places_tell_when_they_change"),
        ("households", "0039_batches_by_district_and_by_run"),
    ]

    operations = [migrations.RunSQL(FOLLOW, FORGET)]
