"""Keyings and codes seen are only added, never count in a closed month, and alone write what houses show of them."""

from django.db import migrations

ONLY_ADDED = """
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION {table}_counts_in_open_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM new_facts n
        JOIN households_houseregistration h ON h.id = n.house_id
        JOIN communities_closedmonth m
          ON m.district_id = h.district_id AND m.month >= date_trunc('month', n.counted_on)::date
    ) THEN
        RAISE EXCEPTION 'the month in which a fact of % would count is closed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_counts_in_open_months AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_counts_in_open_months();
"""
NOT_ONLY_ADDED = """
DROP TRIGGER {table}_counts_in_open_months ON {table};
DROP FUNCTION {table}_counts_in_open_months();
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_append_only ON {table};
"""
ADDED_ONLY = ("households_keyingevent", "households_seencode", "households_deskcheck")

WRITES = """
CREATE FUNCTION {table}_writes_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM new_facts n
        JOIN households_houseregistration h ON h.id = n.house_id
        WHERE n.{before} IS DISTINCT FROM h.{column}
    ) THEN
        RAISE EXCEPTION 'a fact of % names what stood there before', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE households_houseregistration h SET {column} = n.{after} FROM new_facts n WHERE h.id = n.house_id;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_writes_{column} AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_facts
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_writes_{column}();
CREATE FUNCTION {column}_changes_by_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the {column} of a house changes by a fact of {table}'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {column}_changes_by_a_fact BEFORE UPDATE OF {column} ON households_houseregistration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.{column} IS DISTINCT FROM NEW.{column})
    EXECUTE FUNCTION {column}_changes_by_a_fact();
"""
NO_LONGER_WRITES = """
DROP TRIGGER {column}_changes_by_a_fact ON households_houseregistration;
DROP FUNCTION {column}_changes_by_a_fact();
DROP TRIGGER {table}_writes_{column} ON {table};
DROP FUNCTION {table}_writes_{column}();
"""
WRITERS = (
    {
        "table": "households_keyingevent",
        "column": "keyed_community_id",
        "before": "previous_community_id",
        "after": "community_id",
    },
    {"table": "households_seencode", "column": "central_code", "before": "previous_code", "after": "code"},
)


class Migration(migrations.Migration):
    dependencies = [("households", "0028_lanes_come_from_houses")]

    operations = [
        *(
            migrations.RunSQL(ONLY_ADDED.format(table=table), NOT_ONLY_ADDED.format(table=table))
            for table in ADDED_ONLY
        ),
        *(migrations.RunSQL(WRITES.format(**writer), NO_LONGER_WRITES.format(**writer)) for writer in WRITERS),
    ]
