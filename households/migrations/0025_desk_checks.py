"""What an officer looked at and found right."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0024_assignments"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_on", models.DateField(verbose_name="happened on")),
                ("counted_on", models.DateField(verbose_name="counted on")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded at"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("stray", "stray looked at"), ("register_change", "change of the register looked at")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
            ],
            options={
                "verbose_name": "check at the desk",
                "verbose_name_plural": "checks at the desk",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="deskcheck",
            name="community",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="community",
            ),
        ),
        migrations.AddField(
            model_name="deskcheck",
            name="house",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="desk_checks",
                to="households.houseregistration",
                verbose_name="house registration",
            ),
        ),
        migrations.AddField(
            model_name="deskcheck",
            name="life_event",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="desk_check",
                to="households.lifeevent",
                verbose_name="life event",
            ),
        ),
        migrations.AddField(
            model_name="deskcheck",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddIndex(
            model_name="deskcheck",
            index=models.Index(fields=["house", "kind", "id"], name="checks_of_house"),
        ),
        migrations.AddConstraint(
            model_name="deskcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "stray"), ("life_event", None)),
                    models.Q(("kind", "register_change"), ("life_event__isnull", False)),
                    _connector="OR",
                ),
                name="check_of_a_change_names_it",
            ),
        ),
    ]
