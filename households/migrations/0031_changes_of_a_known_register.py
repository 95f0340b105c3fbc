"""What a later extract told of a register that was known, by district."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_months_before_a_closed_one_are_closed"),
        ("households", "0030_desk_checks_can_be_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="lifeevent",
            name="renewed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.district",
                verbose_name="district whose register was renewed",
            ),
        ),
        migrations.AddIndex(
            model_name="lifeevent",
            index=models.Index(
                condition=models.Q(("renewed_in__isnull", False)),
                fields=["renewed_in", "id"],
                name="renewals_of_register",
            ),
        ),
    ]
