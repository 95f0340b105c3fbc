"""A check at the desk can be taken back; the same change of the register can then be looked at again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0029_keying_writes_what_it_says")]

    operations = [
        migrations.AddField(
            model_name="deskcheck",
            name="takes_back",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_back_by",
                to="households.deskcheck",
                verbose_name="takes back",
            ),
        ),
        migrations.AlterField(
            model_name="deskcheck",
            name="life_event",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="desk_checks",
                to="households.lifeevent",
                verbose_name="life event",
            ),
        ),
    ]
