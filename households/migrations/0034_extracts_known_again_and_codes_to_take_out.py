"""A reconciled extract is known again by its file, and houses whose code must be taken out are found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0033_ended_assignments_keep_their_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="reconciliation",
            name="fingerprint",
            field=models.CharField(default="", editable=False, max_length=64, verbose_name="fingerprint of the file"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="houseregistration",
            index=models.Index(
                condition=models.Q(("community__isnull", True), ("keyed_community__isnull", False)),
                fields=["keyed_community"],
                name="house_to_take_out",
            ),
        ),
    ]
