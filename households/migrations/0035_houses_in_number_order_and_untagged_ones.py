"""Houses are found by their numbers in the order of those, and untagged ones without passing by all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0034_extracts_known_again_and_codes_to_take_out")]

    operations = [
        migrations.AddIndex(
            model_name="houseregistration",
            index=models.Index(fields=["district", "number_order", "lane_order", "id"], name="house_in_number_order"),
        ),
        migrations.AddIndex(
            model_name="houseregistration",
            index=models.Index(
                condition=models.Q(("community__isnull", True)),
                fields=["district", "lane_order", "number_order", "id"],
                name="house_untagged",
            ),
        ),
    ]
