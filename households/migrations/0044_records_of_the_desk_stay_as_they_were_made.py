"""Batches and reconciled extracts stay as they were recorded, assignments only end, and facts keep to one district.

What pages say of a batch, an order or an extract is what was recorded when it came about, whoever writes to the tables.
"""

from django.db import migrations

ONLY_ADDED = """
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
NOT_ONLY_ADDED = """
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_append_only ON {table};
"""
ADDED_ONLY = ("households_taggingbatch", "households_reconciliation")

# An assignment ends, and its ending is taken back; who got what by which order is written once.
ENDS_ONLY = """
CREATE TRIGGER households_assignment_is_never_deleted BEFORE DELETE ON households_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER households_assignment_is_never_emptied BEFORE TRUNCATE ON households_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER households_assignment_only_ends BEFORE UPDATE ON households_assignment
    FOR EACH ROW WHEN (
        (OLD.id, OLD.community_id, OLD.officer_id, OLD.stands_in_for_id, OLD.since, OLD.order_number, OLD.order_date,
         OLD.recorded_by_id, OLD.recorded_at)
        IS DISTINCT FROM
        (NEW.id, NEW.community_id, NEW.officer_id, NEW.stands_in_for_id, NEW.since, NEW.order_number, NEW.order_date,
         NEW.recorded_by_id, NEW.recorded_at)
    ) EXECUTE FUNCTION refuse_change();
"""
NOT_ENDS_ONLY = """
DROP TRIGGER households_assignment_only_ends ON households_assignment;
DROP TRIGGER households_assignment_is_never_emptied ON households_assignment;
DROP TRIGGER households_assignment_is_never_deleted ON households_assignment;
"""

# Two facts of one house in one statement name the same "before": one of them would be lost.
ONE_HOUSE_ONE_FACT = """
CREATE FUNCTION {table}_names_a_house_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT house_id) <> count(*) FROM new_facts) THEN
        RAISE EXCEPTION 'a statement of % names each house once', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM new_facts n JOIN households_houseregistration h ON h.id = n.house_id
        JOIN {other} o ON o.id = n.{column} WHERE o.district_id <> h.district_id
    ) THEN
        RAISE EXCEPTION 'a fact of % and its house lie in one district', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_names_a_house_once AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_names_a_house_once();
"""
NOT_ONE_HOUSE_ONE_FACT = """
DROP TRIGGER {table}_names_a_house_once ON {table};
DROP FUNCTION {table}_names_a_house_once();
"""
FACTS = (
    {"table": "households_keyingevent", "other": "communities_community", "column": "community_id"},
    {"table": "households_seencode", "other": "households_reconciliation", "column": "reconciliation_id"},
)

COMES_BARE = """
CREATE TRIGGER house_comes_unkeyed AFTER INSERT ON households_houseregistration
    FOR EACH ROW WHEN (NEW.keyed_community_id IS NOT NULL)
    EXECUTE FUNCTION keyed_community_id_changes_by_a_fact();
CREATE TRIGGER house_comes_unseen AFTER INSERT ON households_houseregistration
    FOR EACH ROW WHEN (NEW.central_code <> '')
    EXECUTE FUNCTION central_code_changes_by_a_fact();
"""
NOT_COMES_BARE = """
DROP TRIGGER house_comes_unseen ON households_houseregistration;
DROP TRIGGER house_comes_unkeyed ON households_houseregistration;
"""

# A house's code names its district, a community's too: neither moves to another.
STAYS_IN_ITS_DISTRICT = """
CREATE FUNCTION refuse_another_district() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % stays in its district', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER house_stays_in_its_district AFTER UPDATE OF district_id ON households_houseregistration
    FOR EACH ROW WHEN (OLD.district_id <> NEW.district_id) EXECUTE FUNCTION refuse_another_district();
CREATE TRIGGER community_stays_in_its_district AFTER UPDATE OF district_id ON communities_community
    FOR EACH ROW WHEN (OLD.district_id <> NEW.district_id) EXECUTE FUNCTION refuse_another_district();
"""
NOT_STAYS_IN_ITS_DISTRICT = """
DROP TRIGGER community_stays_in_its_district ON communities_community;
DROP TRIGGER house_stays_in_its_district ON households_houseregistration;
DROP FUNCTION refuse_another_district();
"""

CHECK_OF_ONE_HOUSE = """
CREATE FUNCTION desk_check_takes_back_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM households_deskcheck slip
        WHERE slip.id = NEW.takes_back_id AND (slip.house_id, slip.kind) IS DISTINCT FROM (NEW.house_id, NEW.kind)
    ) THEN
        RAISE EXCEPTION 'a check takes back one of the same house and kind'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER desk_check_takes_back_its_own AFTER INSERT ON households_deskcheck
    FOR EACH ROW WHEN (NEW.takes_back_id IS NOT NULL) EXECUTE FUNCTION desk_check_takes_back_its_own();
"""
NOT_CHECK_OF_ONE_HOUSE = """
DROP TRIGGER desk_check_takes_back_its_own ON households_deskcheck;
DROP FUNCTION desk_check_takes_back_its_own();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_places_tell_when_they_change"),
        ("households", "0043_rules_of_houses_look_behind_the_update"),
    ]

    operations = [
        *(
            migrations.RunSQL(ONLY_ADDED.format(table=table), NOT_ONLY_ADDED.format(table=table))
            for table in ADDED_ONLY
        ),
        migrations.RunSQL(ENDS_ONLY, NOT_ENDS_ONLY),
        *(
            migrations.RunSQL(ONE_HOUSE_ONE_FACT.format(**fact), NOT_ONE_HOUSE_ONE_FACT.format(**fact))
            for fact in FACTS
        ),
        migrations.RunSQL(COMES_BARE, NOT_COMES_BARE),
        migrations.RunSQL(STAYS_IN_ITS_DISTRICT, NOT_STAYS_IN_ITS_DISTRICT),
        migrations.RunSQL(CHECK_OF_ONE_HOUSE, NOT_CHECK_OF_ONE_HOUSE),
    ]
