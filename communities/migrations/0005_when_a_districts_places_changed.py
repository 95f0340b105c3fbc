"""A district tells when its places changed last, so that whoever has read them knows without reading them again."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communities", "0004_months_before_a_closed_one_are_closed")]

    operations = [
        migrations.AddField(
            model_name="district",
            name="places_changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
    ]
