"""A lane that comes, changes or goes is noted at its district, as its other places are."""

from django.db import migrations

NOTE = """
CREATE FUNCTION lanes_of_districts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Always in the same order, so that no two transactions wait for each other.
    PERFORM note_places_changed(district_id)
    FROM (SELECT DISTINCT district_id FROM changed_lanes ORDER BY district_id) AS changed;
    RETURN NULL;
END $$;
"""
FORGET = "DROP FUNCTION lanes_of_districts_changed();"
FOLLOW = """
CREATE TRIGGER {name} AFTER {deed} ON households_lane
    REFERENCING {rows} TABLE AS changed_lanes
    FOR EACH STATEMENT EXECUTE FUNCTION lanes_of_districts_changed();
"""
FOLLOWED = (
    ("new_lanes_are_noted", "INSERT", "NEW"),
    ("changed_lanes_are_noted", "UPDATE", "NEW"),
    ("lanes_gone_are_noted", "DELETE", "OLD"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_places_tell_when_they_change"),
        ("households", "0046_tags_keep_to_their_batch_and_searches_stay"),
    ]

    operations = [
        migrations.RunSQL(NOTE, FORGET),
        *(
            migrations.RunSQL(FOLLOW.format(name=name, deed=deed, rows=rows), f"DROP TRIGGER {name} ON households_lane")
            for name, deed, rows in FOLLOWED
        ),
    ]
