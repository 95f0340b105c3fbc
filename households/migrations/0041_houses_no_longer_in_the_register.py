"""The few houses that are not in the register any more are found without passing by all that are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0040_officers_of_a_district_tell_when_they_change")]

    operations = [
        migrations.AddIndex(
            model_name="houseregistration",
            index=models.Index(
                condition=models.Q(("state", "live"), _negated=True),
                fields=["district", "state", "lane_order", "number_order", "id"],
                name="house_not_live",
            ),
        ),
    ]
