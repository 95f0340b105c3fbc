from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0019_houses_by_number_and_soi")]

    operations = [
        migrations.RemoveConstraint(model_name="houselist", name="list_received_once"),
        migrations.AddConstraint(
            model_name="houselist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)),
                fields=("community", "fingerprint", "sheet"),
                name="list_received_once",
                violation_error_message="This very file has been received for the community already.",
            ),
        ),
    ]
