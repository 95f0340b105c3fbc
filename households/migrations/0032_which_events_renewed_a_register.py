"""The events of every load but a district's first renewed its register: all of the first have one time."""

from django.db import migrations

# Append-only tables refuse this elsewhere; a column that begins is filled once, by the migration after its own.
FILL = """
ALTER TABLE households_lifeevent DISABLE TRIGGER households_lifeevent_is_append_only;
UPDATE households_lifeevent e SET renewed_in_id = h.district_id
FROM households_houseregistration h,
     (SELECT h.district_id, min(e.recorded_at) AS first
      FROM households_lifeevent e JOIN households_houseregistration h ON h.id = e.house_id
      WHERE e.ground = 'central_register' GROUP BY h.district_id) begun
WHERE h.id = e.house_id AND begun.district_id = h.district_id
  AND e.ground = 'central_register' AND e.recorded_at > begun.first;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE households_lifeevent ENABLE TRIGGER households_lifeevent_is_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0031_changes_of_a_known_register")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
