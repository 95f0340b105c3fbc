from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0017_decisions_of_a_person_by_time"),
    ]

    operations = [
        migrations.AlterField(
            model_name="taggingbatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("list_exact", "exact rows of a list"),
                    ("likely_confirmed", "likely rows confirmed"),
                    ("row_decided", "row decided by a person"),
                    ("claim_decided", "claim decided"),
                    ("by_hand", "houses chosen by hand"),
                    ("withdrawn", "codes withdrawn"),
                    ("undone", "batch undone"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
