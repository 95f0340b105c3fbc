"""Batches are found by district page by page, and those of a walk house by house together."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_months_before_a_closed_one_are_closed"),
        ("households", "0038_a_list_is_graded_by_words_on_houses_outside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="taggingbatch",
            name="district",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.district",
                verbose_name="district",
            ),
        ),
        migrations.AddIndex(
            model_name="taggingbatch",
            index=models.Index(fields=["district", "id"], name="batches_of_district"),
        ),
        migrations.AddIndex(
            model_name="taggingbatch",
            index=models.Index(
                condition=models.Q(("kind", "house_by_house")),
                fields=["done_by", "community", "happened_on", "id"],
                name="batches_of_a_run",
            ),
        ),
    ]
