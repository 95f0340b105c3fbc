"""The senders that lists name in words become senders of the district."""

from django.db import migrations

FORWARDS = """
INSERT INTO households_sender (district_id, name)
SELECT DISTINCT district_id, sender FROM households_houselist WHERE sender <> '';
UPDATE households_houselist l SET sent_by_id = s.id
FROM households_sender s WHERE s.district_id = l.district_id AND s.name = l.sender;
"""

BACKWARDS = """
UPDATE households_houselist l SET sender = s.name FROM households_sender s WHERE s.id = l.sent_by_id;
UPDATE households_houselist SET sent_by_id = NULL;
DELETE FROM households_sender;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0009_senders")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
