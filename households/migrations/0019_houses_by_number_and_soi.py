from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_months_before_a_closed_one_are_closed"),
        ("households", "0018_claims_are_batches_of_their_own"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="houseregistration",
            name="house_by_number",
        ),
        migrations.AddIndex(
            model_name="houseregistration",
            index=models.Index(fields=["district", "number_key", "soi_key"], name="house_by_number"),
        ),
    ]
