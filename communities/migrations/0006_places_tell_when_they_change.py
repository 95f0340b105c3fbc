"""Every change of a sub-district, a community or what is true of one is noted at its district."""

from django.db import migrations

# The clock, not the transaction's beginning: no two changes bear the same moment.
NOTE = """
CREATE FUNCTION note_places_changed(of_district bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE communities_district SET places_changed_at = clock_timestamp() WHERE id = of_district;
$$;
CREATE FUNCTION place_of_district_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_places_changed(OLD.district_id);
    PERFORM note_places_changed(NEW.district_id);
    RETURN NULL;
END $$;
CREATE FUNCTION fact_of_community_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_places_changed(district_id) FROM communities_community
    WHERE id IN (OLD.community_id, NEW.community_id);
    RETURN NULL;
END $$;
"""
FORGET = """
DROP FUNCTION fact_of_community_changed();
DROP FUNCTION place_of_district_changed();
DROP FUNCTION note_places_changed(bigint);
"""
FOLLOW = """
CREATE TRIGGER {table}_is_noted AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}();
"""
FOLLOWED = {
    "communities_subdistrict": "place_of_district_changed",
    "communities_community": "place_of_district_changed",
    "communities_communitycode": "fact_of_community_changed",
    "communities_communityname": "fact_of_community_changed",
    "communities_communitytyping": "fact_of_community_changed",
    "communities_expectedhouses": "fact_of_community_changed",
}


class Migration(migrations.Migration):
    dependencies = [("communities", "0005_when_a_districts_places_changed")]

    operations = [
        migrations.RunSQL(NOTE, FORGET),
        *(
            migrations.RunSQL(
                FOLLOW.format(table=table, function=function), f"DROP TRIGGER {table}_is_noted ON {table}"
            )
            for table, function in FOLLOWED.items()
        ),
    ]
