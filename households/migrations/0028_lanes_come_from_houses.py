"""Every lane in which a house stands has its row: those of the houses there are, and of all that come or move."""

from django.db import migrations

COLUMNS = "district_id, lane_order, trok, soi, road, trok_key, soi_key, road_key"

LANES_OF = f"""
INSERT INTO households_lane ({COLUMNS})
SELECT DISTINCT ON (district_id, lane_order) {COLUMNS} FROM {{houses}} ORDER BY district_id, lane_order
ON CONFLICT DO NOTHING
"""

FOLLOW_HOUSES = f"""
CREATE FUNCTION lanes_come_from_houses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {LANES_OF.format(houses="new_houses")};
    RETURN NULL;
END $$;
CREATE TRIGGER lanes_come_from_new_houses AFTER INSERT ON households_houseregistration
    REFERENCING NEW TABLE AS new_houses
    FOR EACH STATEMENT EXECUTE FUNCTION lanes_come_from_houses();
CREATE FUNCTION lane_comes_from_moved_house() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO households_lane ({COLUMNS})
    VALUES (NEW.district_id, NEW.lane_order, NEW.trok, NEW.soi, NEW.road, NEW.trok_key, NEW.soi_key, NEW.road_key)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER lane_comes_from_moved_house AFTER UPDATE OF lane_order ON households_houseregistration
    FOR EACH ROW WHEN (OLD.lane_order <> NEW.lane_order) EXECUTE FUNCTION lane_comes_from_moved_house();
"""

FORGET = """
DROP TRIGGER lane_comes_from_moved_house ON households_houseregistration;
DROP FUNCTION lane_comes_from_moved_house();
DROP TRIGGER lanes_come_from_new_houses ON households_houseregistration;
DROP FUNCTION lanes_come_from_houses();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0027_tag_events_say_in_no_community")]

    operations = [
        migrations.RunSQL(LANES_OF.format(houses="households_houseregistration"), migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW_HOUSES, FORGET),
    ]
