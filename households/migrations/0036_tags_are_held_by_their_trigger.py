"""Tag events and the communities of houses without foreign keys row by row, nor indexes that others begin with.

What the keys proved, the triggers of the next migration prove once a statement.
"""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_months_before_a_closed_one_are_closed"),
        ("households", "0035_houses_in_number_order_and_untagged_ones"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="tagevent", name="tags_of_community"),
        migrations.AlterField(
            model_name="houseregistration",
            name="community",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="community",
            ),
        ),
        migrations.AlterField(
            model_name="houseregistration",
            name="district",
            field=models.ForeignKey(
                db_index=False,
                on_delete=PROTECT,
                related_name="+",
                to="communities.district",
                verbose_name="district",
            ),
        ),
        migrations.AlterField(
            model_name="tagevent",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=PROTECT,
                related_name="events",
                to="households.taggingbatch",
                verbose_name="tagging batch",
            ),
        ),
        migrations.AlterField(
            model_name="tagevent",
            name="community",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="community",
            ),
        ),
        migrations.AlterField(
            model_name="tagevent",
            name="house",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=PROTECT,
                related_name="tag_events",
                to="households.houseregistration",
                verbose_name="house registration",
            ),
        ),
        migrations.AlterField(
            model_name="tagevent",
            name="previous_community",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="previous community",
            ),
        ),
        migrations.AlterField(
            model_name="tagevent",
            name="record",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="tag_events",
                to="households.housenumberrecord",
                verbose_name="list row",
            ),
        ),
        migrations.AddIndex(
            model_name="tagevent",
            index=models.Index(condition=models.Q(("record__isnull", False)), fields=["record"], name="tags_of_row"),
        ),
    ]
