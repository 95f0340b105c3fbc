"""The lanes of a district, to be found by any part of their names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0021_houses_in_no_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lane_order", models.CharField(blank=True, db_collation="C", max_length=400)),
                ("trok", models.CharField(blank=True, max_length=120, verbose_name="trok")),
                ("soi", models.CharField(blank=True, max_length=120, verbose_name="soi")),
                ("road", models.CharField(blank=True, max_length=120, verbose_name="road")),
                ("trok_key", models.CharField(blank=True, db_collation="C", max_length=120)),
                ("soi_key", models.CharField(blank=True, db_collation="C", max_length=120)),
                ("road_key", models.CharField(blank=True, db_collation="C", max_length=120)),
            ],
            options={
                "verbose_name": "lane",
                "verbose_name_plural": "lanes",
            },
        ),
        migrations.AddField(
            model_name="lane",
            name="district",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.district",
                verbose_name="district",
            ),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(fields=("district", "lane_order"), name="lane_once_a_district"),
        ),
    ]
