"""What was true of a community, and who held a post, ends but is never deleted: tags and figures rest on it."""

from django.db import migrations

NEVER_DELETED = """
CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
MAY_BE_DELETED = """
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_never_deleted ON {table};
"""
TABLES = (
    "communities_communitycode",
    "communities_communityname",
    "communities_communitytyping",
    "communities_expectedhouses",
    "communities_appointment",
)


class Migration(migrations.Migration):
    dependencies = [("communities", "0006_places_tell_when_they_change")]

    operations = [
        migrations.RunSQL(NEVER_DELETED.format(table=table), MAY_BE_DELETED.format(table=table)) for table in TABLES
    ]
