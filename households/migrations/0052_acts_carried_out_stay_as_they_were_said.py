"""What officers said of acts carried out in the central register is only added to."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("households", "0051_acts_carried_out_in_the_central_register")]

    operations = [
        migrations.RunSQL(
            """
CREATE TRIGGER households_actkeying_is_append_only BEFORE UPDATE OR DELETE ON households_actkeying
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
""",
            "DROP TRIGGER households_actkeying_is_append_only ON households_actkeying",
        )
    ]
