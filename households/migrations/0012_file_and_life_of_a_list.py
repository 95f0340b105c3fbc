import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0011_sender_is_a_reference"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="fingerprint")),
                ("name", models.CharField(max_length=255, verbose_name="file name")),
                ("content", models.BinaryField(verbose_name="content")),
                ("emptied", models.JSONField(default=list, verbose_name="columns emptied")),
            ],
            options={
                "verbose_name": "file of a list",
                "verbose_name_plural": "files of lists",
            },
        ),
        migrations.AddField(
            model_name="houselist",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="households.houselist",
                verbose_name="corrects",
            ),
        ),
        migrations.AddField(
            model_name="houselist",
            name="notices",
            field=models.JSONField(default=list, verbose_name="notices"),
        ),
        migrations.AddField(
            model_name="houselist",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lists",
                to="households.listfile",
                verbose_name="file of a list",
            ),
        ),
        migrations.CreateModel(
            name="ListStep",
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
                        choices=[("asked_for", "asked for"), ("sent_back", "sent back for correction")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("letter", models.CharField(blank=True, max_length=200, verbose_name="letter")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="community",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.district",
                        verbose_name="district",
                    ),
                ),
                (
                    "house_list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="households.houselist",
                        verbose_name="house list",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a list",
                "verbose_name_plural": "steps of lists",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["community", "id"], name="steps_of_community")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "sent_back"), _negated=True),
                            ("house_list__isnull", False),
                            _connector="OR",
                        ),
                        name="list_sent_back_is_named",
                        violation_error_message="What is sent back is a list.",
                    )
                ],
            },
        ),
    ]
