"""The record of who saw which list is only added to; a sign-in key stays, and is spent or revoked once."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER communities_listaccess_is_append_only BEFORE UPDATE OR DELETE ON communities_listaccess
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_signinkey_stays BEFORE DELETE ON communities_signinkey
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_signinkey_ends_once BEFORE UPDATE ON communities_signinkey
    FOR EACH ROW WHEN (OLD.spent_at IS NOT NULL OR OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""

BACK = """
DROP TRIGGER communities_listaccess_is_append_only ON communities_listaccess;
DROP TRIGGER communities_signinkey_stays ON communities_signinkey;
DROP TRIGGER communities_signinkey_ends_once ON communities_signinkey;
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0008_presidents_delegates_keys_and_who_saw_what")]

    operations = [migrations.RunSQL(TRIGGERS, BACK)]
